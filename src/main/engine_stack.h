/* SPDX-License-Identifier: Apache-2.0 */
/* main/engine_stack.h - the engine with its adapters, and what a long-running process needs; shared by run and sandbox. */
#ifndef MAIN_ENGINE_STACK_H
#define MAIN_ENGINE_STACK_H

#include "adapters/fault/fault_cluster.h"
#include "adapters/kube_http/kube_http.h"
#include "app/engine/engine.h"
#include "ports/driven/clusters.h"
#include "ports/driven/git.h"
#include "ports/driven/log.h"
#include "ports/driven/process.h"
#include "ports/driving/daemon.h"

struct event_base;

struct address {
    struct str host;
    uint16_t port;
};

/* HOST:PORT. ERR_INVALID. */
MUST_CHECK struct err *address_parse(struct arena *a, struct str text, struct address *ret);

/* The engine and what it stands on; shared by run and sandbox. */
struct engine_stack {
    struct clock clock;
    struct log log;
    struct process process;
    struct git_cli *git;
    struct artifact_files *artifacts;
    struct metrics_text *metrics;
    struct ledger_file *ledger;
    struct render_process *workers; /* NULL: builds run in our process */
    struct fault_cluster fault;
    const char *proxy_env[9];   /* NAME=value, NULL-terminated */
    struct http_plain *http[2]; /* artifacts, metrics */
    struct engine *engine;
    const char *artifact_root;
};

struct engine_plan {
    const struct engine_settings *settings;
    struct cluster cluster;
    struct clusters clusters;
    struct event_base *base; /* for the plain listeners */
    struct str storage;      /* folder */
    bool install_crds;
    /* What fetches are made with instead of `inner`, the git program; NULL: that. */
    struct git (*decorate_git)(void *self, const struct git *inner);
    void *self;
    bool keep_encrypted; /* reconcile_options */
    bool is_sandbox; /* one user, so builds may run in our process where no worker can be started */
};

/* The first step: from here on what the stack's clients do can be counted. */
void engine_stack_measure(struct engine_stack *s);
/* What clients of other clusters may do. */
struct kube_http_options engine_remote_options(struct engine_stack *s,
                                               const struct engine_settings *settings);
/* Builds the adapters and starts the engine. On an error stop and close it all the same. */
MUST_CHECK struct err *engine_stack_open(struct engine_stack *s, struct run *r,
                                         const struct engine_plan *plan);
void engine_stack_stop(struct engine_stack *s);
void engine_stack_close(struct engine_stack *s);

void process_prepare(void);
void process_wait_for_signal(void);
enum log_level log_level_of(struct str name);

struct err *engine_run(void *self, struct run *r, const struct run_settings *settings);

#endif
