/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/reconcile/ports.h - what the reconcile use-cases are given. Borrowed; outlives every run.
 */
#ifndef APP_RECONCILE_PORTS_H
#define APP_RECONCILE_PORTS_H

#include "core/kube/takeover.h"
#include "ports/driven/artifact_store.h"
#include "ports/driven/clock.h"
#include "ports/driven/cluster.h"
#include "ports/driven/clusters.h"
#include "ports/driven/git.h"
#include "ports/driven/http.h"
#include "ports/driven/ledger.h"
#include "ports/driven/log.h"
#include "ports/driven/metrics.h"
#include "ports/driven/random.h"
#include "ports/driven/renderer.h"

struct reconcile_options {
    bool allow_file_urls;                          /* GitRepository of file:// */
    bool no_cross_namespace_refs;                  /* Flux' --no-cross-namespace-refs */
    bool no_remote_bases;                          /* Flux' --no-remote-bases */
    struct str default_service_account;            /* Flux' --default-service-account; "": none */
    struct str default_kubeconfig_service_account; /* Flux' flag of that name; "": none */
    struct takeover takeover;                      /* our manager, and Flux' --override-manager */
    int64_t requeue_dependency_ns;                 /* Flux' --requeue-dependency */
    bool
        keep_encrypted; /* nothing is decrypted: what SOPS encrypted is applied with its values masked */
    bool
        fetch_artifacts; /* sources are another process': their artifacts come from status.artifact.url */
    int64_t artifact_ttl_ns; /* superseded artifacts are kept that long */
};

struct reconcile_ports {
    struct cluster cluster;
    struct clusters clusters; /* what is applied as another user, or elsewhere */
    struct git git;
    struct http http;
    struct artifact_store artifacts;
    struct renderer renderer;
    struct clock clock;
    struct random_source random;
    struct log log;
    struct metrics metrics;
    struct ledger ledger;
    struct reconcile_options options;
};

#endif
