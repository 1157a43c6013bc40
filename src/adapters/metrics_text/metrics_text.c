/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/metrics_text/metrics_text.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/table.h"

enum { LABELS_MAX = 10, BUCKETS_MAX = 40 };

enum metric_type { COUNTER, GAUGE, HISTOGRAM };

/* The one table of metrics. */
static const struct {
    const char *name;
    enum metric_type type;
    const char *help;
    const char *labels[LABELS_MAX];
} table[METRIC_COUNT] = {
    [METRIC_RECONCILE_DURATION] = { "gotk_reconcile_duration_seconds",
                                    HISTOGRAM,
                                    "The duration in seconds of a GitOps Toolkit resource reconciliation.",
                                    { "kind", "name", "namespace" } },
    [METRIC_RECONCILE_TOTAL] = { "controller_runtime_reconcile_total",
                                 COUNTER,
                                 "Total number of reconciliations per controller",
                                 { "controller", "result" } },
    [METRIC_RECONCILE_ERRORS] = { "controller_runtime_reconcile_errors_total",
                                  COUNTER,
                                  "Total number of reconciliation errors per controller",
                                  { "controller" } },
    [METRIC_ACTIVE_WORKERS] = { "controller_runtime_active_workers",
                                GAUGE,
                                "Number of currently used workers per controller",
                                { "controller" } },
    [METRIC_MAX_CONCURRENT] = { "controller_runtime_max_concurrent_reconciles",
                                GAUGE,
                                "Maximum number of concurrent reconciles per controller",
                                { "controller" } },
    [METRIC_RECONCILE_TIME] = { "controller_runtime_reconcile_time_seconds",
                                HISTOGRAM,
                                "Length of time per reconciliation per controller",
                                { "controller" } },
    [METRIC_QUEUE_ADDS] = { "workqueue_adds_total",
                            COUNTER,
                            "Total number of adds handled by workqueue",
                            { "name", "controller" } },
    [METRIC_QUEUE_DEPTH] = { "workqueue_depth",
                             GAUGE,
                             "Current depth of workqueue",
                             { "name", "controller" } },
    [METRIC_QUEUE_WAIT] = { "workqueue_queue_duration_seconds",
                            HISTOGRAM,
                            "How long in seconds an item stays in workqueue before being requested",
                            { "name", "controller" } },
    [METRIC_QUEUE_WORK] = { "workqueue_work_duration_seconds",
                            HISTOGRAM,
                            "How long in seconds processing an item from workqueue takes.",
                            { "name", "controller" } },
    [METRIC_QUEUE_RETRIES] = { "workqueue_retries_total",
                               COUNTER,
                               "Total number of items added to the workqueue after a failure",
                               { "name", "controller" } },
    [METRIC_RESOURCE_INFO] = { "gotk_resource_info",
                               GAUGE,
                               "The current status of a Flux resource.",
                               { "customresource_group", "customresource_kind",
                                 "customresource_version", "name", "exported_namespace", "ready",
                                 "suspended", "revision", "source_name", "url" } },
    [METRIC_REST_REQUESTS] = { "rest_client_requests_total",
                               COUNTER,
                               "Number of HTTP requests, partitioned by status code, method, and host.",
                               { "code", "host", "method" } },
    [METRIC_REST_DURATION] = { "rest_client_request_duration_seconds",
                               HISTOGRAM,
                               "Request latency in seconds. Broken down by verb, and host.",
                               { "verb", "host" } },
    [METRIC_DEPLOY_TIME] = { "weir_commit_to_deploy_seconds",
                             HISTOGRAM,
                             "Time from a commit until all that a Kustomization applied of it is healthy.",
                             { "environment" } },
    [METRIC_DRIFT_FOUND] = { "weir_drift_detected_total",
                             COUNTER,
                             "How often somebody else changed what was applied.",
                             { "kind", "name", "namespace" } },
    [METRIC_DRIFT_CORRECTED] = { "weir_drift_corrected_total",
                                 COUNTER,
                                 "How often that was put right.",
                                 { "kind", "name", "namespace" } },
    [METRIC_PRUNE_PENDING] = { "weir_prune_pending",
                               GAUGE,
                               "Objects that should be gone and whose deletion was refused.",
                               { "kind", "name", "namespace" } },
    [METRIC_QUARANTINED] = { "weir_quarantined",
                             GAUGE,
                             "Objects that are left alone because their reconciliation crashed the process.",
                             { "kind", "name", "namespace" } },
    [METRIC_LAST_SUCCESS] = { "weir_last_success_timestamp_seconds",
                              GAUGE,
                              "When an object last reconciled in full.",
                              { "kind", "name", "namespace" } },
};

#define BOUND(x) { x, #x }
struct bound {
    double value;
    const char *text;
};

/* Flux' bounds for durations, from 10 ms to half an hour, each 3.8 times the one before (fluxcd/pkg runtime/metrics). */
static const struct bound duration_bounds[] = {
    BOUND(0.01),
    BOUND(0.038363583488692544),
    BOUND(0.1471764538093883),
    BOUND(0.5646216173286169),
    BOUND(2.1660908555907006),
    BOUND(8.309900738254731),
    BOUND(31.87975707547831),
    BOUND(122.3021722164349),
    BOUND(469.1949594673653),
    BOUND(1799.9999999999982),
};

/* controller-runtime's, of controllers and of queues. */
static const struct bound time_bounds[] = {
    BOUND(0.005), BOUND(0.01), BOUND(0.025), BOUND(0.05), BOUND(0.1),  BOUND(0.15), BOUND(0.2),
    BOUND(0.25),  BOUND(0.3),  BOUND(0.35),  BOUND(0.4),  BOUND(0.45), BOUND(0.5),  BOUND(0.6),
    BOUND(0.7),   BOUND(0.8),  BOUND(0.9),   BOUND(1),    BOUND(1.25), BOUND(1.5),  BOUND(1.75),
    BOUND(2),     BOUND(2.5),  BOUND(3),     BOUND(3.5),  BOUND(4),    BOUND(4.5),  BOUND(5),
    BOUND(6),     BOUND(7),    BOUND(8),     BOUND(9),    BOUND(10),   BOUND(15),   BOUND(20),
    BOUND(25),    BOUND(30),   BOUND(40),    BOUND(50),   BOUND(60)
};
static const struct bound queue_bounds[] = { BOUND(1e-08),
                                             BOUND(1e-07),
                                             BOUND(1e-06),
                                             BOUND(9.999999999999999e-06),
                                             BOUND(9.999999999999999e-05),
                                             BOUND(0.001),
                                             BOUND(0.01),
                                             BOUND(0.1),
                                             BOUND(1),
                                             BOUND(10),
                                             BOUND(100),
                                             BOUND(1000) };

/* client-go's, of requests. */
static const struct bound request_bounds[] = { BOUND(0.005), BOUND(0.025), BOUND(0.1), BOUND(0.25),
                                               BOUND(0.5),   BOUND(1),     BOUND(2),   BOUND(4),
                                               BOUND(8),     BOUND(15),    BOUND(30),  BOUND(60) };

/* From a commit to what runs: a second to a day. */
static const struct bound deploy_bounds[] = { BOUND(1),    BOUND(2),     BOUND(5),    BOUND(10),
                                              BOUND(20),   BOUND(30),    BOUND(60),   BOUND(120),
                                              BOUND(300),  BOUND(600),   BOUND(900),  BOUND(1800),
                                              BOUND(3600), BOUND(14400), BOUND(86400) };

/* By metric; those that are no histograms have none. */
static const struct {
    const struct bound *items;
    size_t count;
} bounds[METRIC_COUNT] = {
#define BOUNDS(list) { list, sizeof(list) / sizeof(list)[0] }
    [METRIC_RECONCILE_DURATION] = BOUNDS(duration_bounds),
    [METRIC_RECONCILE_TIME] = BOUNDS(time_bounds),
    [METRIC_QUEUE_WAIT] = BOUNDS(queue_bounds),
    [METRIC_QUEUE_WORK] = BOUNDS(queue_bounds),
    [METRIC_REST_DURATION] = BOUNDS(request_bounds),
    [METRIC_DEPLOY_TIME] = BOUNDS(deploy_bounds),
};

struct series {
    enum metric metric;
    struct str labels; /* {a="x",b="y"}, the table's key behind the metric's number */
    double value;
    uint64_t count;
    uint64_t buckets[BUCKETS_MAX];
};

struct metrics_text {
    pthread_mutex_t lock; /* guards all below */
    struct heap heap;
    struct table series;
};

struct metrics_text *metrics_text_new(void)
{
    struct metrics_text *m = calloc(1, sizeof *m);

    if (!m)
        abort();
    (void)pthread_mutex_init(&m->lock, NULL);
    m->heap.owner = "metrics";
    table_init(&m->series, &m->heap);
    return m;
}

void metrics_text_free(struct metrics_text *m)
{
    struct series *s;
    size_t at = 0;

    if (!m)
        return;
    while ((s = table_next(&m->series, &at)) != NULL) {
        heap_str_free(&m->heap, s->labels);
        heap_free(&m->heap, s, sizeof *s);
    }
    table_done(&m->series);
    (void)pthread_mutex_destroy(&m->lock);
    free(m);
}

static void put_escaped(struct buf *out, struct str value)
{
    for (size_t i = 0; i < value.len; i++) {
        char c = value.ptr[i];

        if (c == '"' || c == '\\')
            buf_put_byte(out, '\\');
        if (c == '\n')
            buf_lit(out, "\\n");
        else
            buf_put_byte(out, c);
    }
}

static struct str label_text(struct arena *a, enum metric metric, const struct str *labels)
{
    struct buf out;

    buf_init(&out, a, 0);
    for (size_t i = 0; i < LABELS_MAX && table[metric].labels[i]; i++) {
        if (labels[i].len == 0) /* to Prometheus that is the same as none */
            continue;
        buf_printf(&out, "%s%s=\"", out.len ? "," : "", table[metric].labels[i]);
        put_escaped(&out, labels[i]);
        buf_put_byte(&out, '"');
    }
    return buf_str(&out);
}

static struct str series_key(struct arena *a, enum metric metric, struct str labels)
{
    return str_printf(a, "%02d%.*s", (int)metric, STR_ARG(labels));
}

static struct series *series_of(struct metrics_text *m, struct arena *a, enum metric metric,
                                const struct str *labels)
{
    struct str text = label_text(a, metric, labels), key = series_key(a, metric, text);
    struct series *s = table_get(&m->series, key);

    if (s)
        return s;
    s = heap_alloc(&m->heap, sizeof *s);
    s->metric = metric;
    s->labels = heap_str(&m->heap, text);
    table_put(&m->series, key, s);
    return s;
}

static void change(struct metrics_text *m, enum metric metric, const struct str *labels, double x,
                   void (*fn)(struct series *s, double x))
{
    ARENA_AUTO struct arena *a = arena_new(0);

    (void)pthread_mutex_lock(&m->lock);
    fn(series_of(m, a, metric, labels), x);
    (void)pthread_mutex_unlock(&m->lock);
}

static void add_to(struct series *s, double x)
{
    s->value += x;
}

static void set_to(struct series *s, double x)
{
    s->value = x;
}

static void observe_in(struct series *s, double x)
{
    s->value += x;
    s->count++;
    for (size_t i = 0; i < bounds[s->metric].count; i++)
        s->buckets[i] += x <= bounds[s->metric].items[i].value;
}

static void add(void *self, enum metric metric, const struct str *labels, double amount)
{
    change(self, metric, labels, amount, add_to);
}

static void set(void *self, enum metric metric, const struct str *labels, double value)
{
    change(self, metric, labels, value, set_to);
}

static void observe(void *self, enum metric metric, const struct str *labels, double value)
{
    change(self, metric, labels, value, observe_in);
}

static void remove_series(void *self, enum metric metric, const struct str *labels)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct metrics_text *m = self;
    struct series *s;

    (void)pthread_mutex_lock(&m->lock);
    s = table_remove(&m->series, series_key(a, metric, label_text(a, metric, labels)));
    if (s) {
        heap_str_free(&m->heap, s->labels);
        heap_free(&m->heap, s, sizeof *s);
    }
    (void)pthread_mutex_unlock(&m->lock);
}

struct metrics metrics_text_port(struct metrics_text *m)
{
    static const struct metrics_ops ops = {
        .add = add, .set = set, .observe = observe, .remove = remove_series
    };

    return (struct metrics){ .ops = &ops, .self = m };
}

static void print_histogram(struct buf *out, const struct series *s)
{
    const char *name = table[s->metric].name, *comma = s->labels.len ? "," : "";

    for (size_t i = 0; i < bounds[s->metric].count; i++)
        buf_printf(out, "%s_bucket{%.*s%sle=\"%s\"} %llu\n", name, STR_ARG(s->labels), comma,
                   bounds[s->metric].items[i].text, (unsigned long long)s->buckets[i]);
    buf_printf(out, "%s_bucket{%.*s%sle=\"+Inf\"} %llu\n", name, STR_ARG(s->labels), comma,
               (unsigned long long)s->count);
    buf_printf(out, "%s_sum{%.*s} %.16g\n", name, STR_ARG(s->labels), s->value);
    buf_printf(out, "%s_count{%.*s} %llu\n", name, STR_ARG(s->labels),
               (unsigned long long)s->count);
}

static void print_metric(struct metrics_text *m, enum metric metric, struct buf *out)
{
    static const char *const types[] = {
        [COUNTER] = "counter", [GAUGE] = "gauge", [HISTOGRAM] = "histogram"
    };
    const struct series *s;
    bool any = false;

    for (size_t at = 0; (s = table_next(&m->series, &at)) != NULL;) {
        if (s->metric != metric)
            continue;
        if (!any)
            buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", table[metric].name, table[metric].help,
                       table[metric].name, types[table[metric].type]);
        any = true;
        if (table[metric].type == HISTOGRAM)
            print_histogram(out, s);
        else
            buf_printf(out, "%s{%.*s} %.16g\n", table[metric].name, STR_ARG(s->labels), s->value);
    }
}

void metrics_text_print(struct metrics_text *m, struct buf *out)
{
    (void)pthread_mutex_lock(&m->lock);
    for (int metric = 0; metric < METRIC_COUNT; metric++)
        print_metric(m, (enum metric)metric, out);
    (void)pthread_mutex_unlock(&m->lock);
}
