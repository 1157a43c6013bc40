/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ports/driving/daemon.h - the two long-running jobs: the engine on a cluster, and the sandbox. Implemented by main.
 */
#ifndef PORTS_DRIVING_DAEMON_H
#define PORTS_DRIVING_DAEMON_H

#include "base/run.h"

struct engine_settings {
    int64_t concurrent;
    struct str storage_path; /* artifacts and mirrors; "": the data folder's, or a temporary one */
    struct str storage_addr; /* where artifacts are served; "": not served */
    struct str metrics_addr; /* /metrics, /healthz, /readyz; "": not served */
    struct str log_level;    /* debug, info, error */
    bool allow_file_urls;
    bool no_cross_namespace_refs;
    bool no_remote_bases;
    struct str default_service_account; /* "": none */
    struct str controllers;             /* comma-separated: source, kustomize; "": all */
    struct str watch_label_selector;    /* of Flux objects; "": all */
    struct str
        watch_configs_label_selector; /* of ConfigMaps and Secrets that wake their readers; "": not watched */
    struct str default_kubeconfig_service_account; /* "": none */
    bool insecure_kubeconfig_exec;                 /* kubeconfigs of Secrets may name programs */
    bool insecure_kubeconfig_tls; /* kubeconfigs of Secrets may skip the check of certificates */
    bool render_in_process;       /* builds in our own process instead of confined workers */
    const struct str *override_managers; /* field managers whose fields are taken over */
    size_t override_manager_count;
    int64_t requeue_dependency_ns;
    int64_t kill_after_writes; /* tests: SIGKILL to itself at that write to the cluster; 0: never */
};

struct sandbox_settings {
    struct str data;            /* folder of the store, certificates, artifacts */
    struct str listen;          /* 127.0.0.1:PORT; port 0 takes a free one */
    struct str kubeconfig;      /* written */
    bool no_engine;             /* the API server alone: no engine and no workload simulator */
    int64_t simulator_delay_ns; /* until a workload is healthy */
    struct engine_settings engine;
};

struct run_settings {
    struct str kubeconfig;
    struct str context;
    bool install_crds;
    struct engine_settings engine;
};

/* Each runs until SIGINT or SIGTERM, which end it in good order with success. */
struct daemon_ops {
    struct err *(*sandbox)(void *self, struct run *r, const struct sandbox_settings *settings);
    struct err *(*run)(void *self, struct run *r, const struct run_settings *settings);
};

struct daemon {
    const struct daemon_ops *ops; /* no entry is NULL */
    void *self;
};

#endif
