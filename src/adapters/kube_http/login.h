/* SPDX-License-Identifier: Apache-2.0 */
/*
 * adapters/kube_http/login.h - private to the adapter: who we are for the next request.
 *
 * A token file changes while we run, a credential plugin's answer ends: both are looked at before each request, and read
 * again when they are due. Thread-safe.
 */
#ifndef ADAPTERS_KUBE_HTTP_LOGIN_H
#define ADAPTERS_KUBE_HTTP_LOGIN_H

#include <pthread.h>

#include "adapters/kube_http/kubeconfig.h"
#include "ports/driven/process.h"

struct login {
    const struct kubeconfig *config; /* borrowed */
    const struct process *process;   /* NULL where there is no plugin */
    pthread_mutex_t lock;            /* guards all below */
    struct arena *arena;             /* of the present credential; NULL: it is the kubeconfig's */
    struct exec_credential present;
    int64_t read_ns;     /* monotonic; when it was read, or last tried to */
    bool stale;          /* the server refused it */
    struct err *failure; /* of the plugin's last run; in failure_arena */
    struct arena *failure_arena;
};

void login_init(struct login *l, const struct kubeconfig *config, const struct process *process);
void login_done(struct login *l);

/* What a request says; in the run's arena. */
struct identity {
    struct str authorization; /* the header's value; "": none */
    struct str cert_pem;
    struct secret key_pem;
};

/* ERR_UNAUTHORIZED: the plugin gave nothing; it is not asked again within two seconds. */
MUST_CHECK struct err *login_identity(struct login *l, struct run *r, struct identity *ret);

/* The server answered 401: a plugin is asked again. */
void login_refused(struct login *l);

/* From here on this token. */
void login_set_token(struct login *l, struct secret token);

#endif
