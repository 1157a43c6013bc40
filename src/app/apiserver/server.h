/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/apiserver/server.h - the embedded Kubernetes API server: verbs, watches and the controllers it cannot do without.
 *
 * Decisions are core/apiserver's; here stand the verbs that read, ask and commit, the hub that feeds watches, and one
 * thread for garbage collection, namespaces, definitions and role aggregation. Serves through
 * ports/driving/api_server.h. Source of truth: k8s.io/apiserver pkg/endpoints and pkg/registry/generic (1.35).
 */
#ifndef APP_APISERVER_SERVER_H
#define APP_APISERVER_SERVER_H

#include "ports/driven/clock.h"
#include "ports/driven/log.h"
#include "ports/driven/object_store.h"
#include "ports/driven/random.h"
#include "ports/driving/api_server.h"

struct apiserver;

struct apiserver_options {
    struct object_store store; /* its subscription is taken */
    struct clock clock;
    struct random_source random;
    struct log log;
    struct str address; /* host:port that clients reach, for /api and the Service "kubernetes" */
    bool simulate;      /* gives workloads the status of a healthy cluster */
    int64_t simulate_delay_ns; /* from a workload's change to its being ready */
};

/*
 * Reads what is stored, makes what a new cluster has, starts the threads. Errors of the store go into `a`.
 */
MUST_CHECK struct err *apiserver_new(struct arena *a, const struct apiserver_options *options,
                                     struct apiserver **ret);

struct api_server apiserver_port(struct apiserver *s);

/* Ends every watch, then the threads. No call may be under way. NULL is fine. */
void apiserver_free(struct apiserver *s);

#endif
