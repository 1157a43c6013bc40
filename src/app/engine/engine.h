/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/engine/engine.h - the engine: watches feed one graph, the graph decides, workers do.
 *
 * One thread owns queue, graph and observed state; workers run reconciles as blocking calls with deadlines; nothing is
 * polled that can be watched, and no worker waits for the cluster (DESIGN 3, 4.9). The object is made and freed by main.
 */
#ifndef APP_ENGINE_ENGINE_H
#define APP_ENGINE_ENGINE_H

#include "app/reconcile/ports.h"
#include "core/kustomize/label_selector.h"

struct engine;

struct engine_options {
    size_t workers; /* --concurrent; 0: 16 */
    int64_t
        verify_ns; /* a full dry run of what seems unchanged, at most this rarely; 0: one hour */
    struct str config_selector; /* --watch-configs-label-selector; "": not watched */
    const struct kust_labels *
        selector; /* --watch-label-selector: only those are worked on; NULL: all. Both outlive the engine */
    bool no_sources;        /* --controllers without source: theirs are only looked at */
    bool no_kustomizations; /* --controllers without kustomize: theirs are not even watched */
};

/* ports are copied. Never NULL. */
struct engine *engine_new(const struct reconcile_ports *ports,
                          const struct engine_options *options);

/* Starts the threads. ERR_IO: no thread could be made. */
MUST_CHECK struct err *engine_start(struct engine *e, struct arena *a);

/* Cancels what runs, and waits for the threads. */
void engine_stop(struct engine *e);
void engine_free(struct engine *e);

/* The Flux kinds are listed and watched. Any thread. */
bool engine_is_ready(const struct engine *e);

/* Applies the CustomResourceDefinitions of every kind weir serves; `allow_file_urls` widens GitRepository's URL pattern. */
MUST_CHECK struct err *engine_install_crds(const struct reconcile_ports *ports, struct run *run);

#endif
