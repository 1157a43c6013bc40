/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ports/driven/metrics.h - counters, gauges and histograms by name and label values.
 * Thread-safe, never blocks for I/O. Implementation: adapters/metrics_text, which also prints them.
 */
#ifndef PORTS_DRIVEN_METRICS_H
#define PORTS_DRIVEN_METRICS_H

#include "base/str.h"

/* Every metric there is: name, type, help and label names stand in one table in adapters/metrics_text. */
enum metric {
    METRIC_RECONCILE_DURATION, /* gotk_reconcile_duration_seconds{kind,name,namespace} */
    METRIC_RECONCILE_TOTAL,    /* controller_runtime_reconcile_total{controller,result} */
    METRIC_RECONCILE_ERRORS,   /* controller_runtime_reconcile_errors_total{controller} */
    METRIC_ACTIVE_WORKERS,     /* controller_runtime_active_workers{controller} */
    METRIC_MAX_CONCURRENT,     /* controller_runtime_max_concurrent_reconciles{controller} */
    METRIC_RECONCILE_TIME,     /* controller_runtime_reconcile_time_seconds{controller} */
    METRIC_QUEUE_ADDS,         /* workqueue_adds_total{name,controller}, as all of workqueue_* */
    METRIC_QUEUE_DEPTH,        /* workqueue_depth: waiting for a worker */
    METRIC_QUEUE_WAIT,         /* workqueue_queue_duration_seconds */
    METRIC_QUEUE_WORK,         /* workqueue_work_duration_seconds */
    METRIC_QUEUE_RETRIES,      /* workqueue_retries_total */
    METRIC_RESOURCE_INFO,      /* gotk_resource_info{...}: 1 for each object */
    METRIC_REST_REQUESTS,      /* rest_client_requests_total{code,host,method} */
    METRIC_REST_DURATION,      /* rest_client_request_duration_seconds{verb,host} */
    METRIC_DEPLOY_TIME,     /* weir_commit_to_deploy_seconds{environment}: commit to all healthy */
    METRIC_DRIFT_FOUND,     /* weir_drift_detected_total{kind,name,namespace}, as all below */
    METRIC_DRIFT_CORRECTED, /* weir_drift_corrected_total */
    METRIC_PRUNE_PENDING,   /* weir_prune_pending: objects whose deletion was refused */
    METRIC_LAST_SUCCESS,    /* weir_last_success_timestamp_seconds */
    METRIC_QUARANTINED,     /* weir_quarantined: 1 */
    METRIC_COUNT,
};

struct metrics_ops {
    void (*add)(void *self, enum metric metric, const struct str *labels, double amount);
    void (*set)(void *self, enum metric metric, const struct str *labels, double value);
    void (*observe)(void *self, enum metric metric, const struct str *labels, double value);
    void (*remove)(void *self, enum metric metric,
                   const struct str *labels); /* the object is gone */
};

/* `labels`: as many values as the metric has label names, in the order of the table. */
struct metrics {
    const struct metrics_ops *ops;
    void *self;
};

#endif
