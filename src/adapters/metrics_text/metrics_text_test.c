/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/metrics_text/metrics_text.h"

#include "base/arena.h"
#include "base/buf.h"
#include "tests/harness.h"

static struct str printed(struct arena *a, struct metrics_text *m)
{
    struct buf b;
    buf_init(&b, a, 0);
    metrics_text_print(m, &b);
    return buf_str(&b);
}

/* Prometheus' text format 0.0.4. */
TEST(series_print_with_their_labels)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct metrics_text *m = metrics_text_new();
    struct metrics port = metrics_text_port(m);
    struct str total[] = { STR("kust\"om\\ize\n"), STR("success") };
    CHECK_STR(printed(a, m), "");
    port.ops->add(port.self, METRIC_RECONCILE_TOTAL, total, 1234567);
    port.ops->add(port.self, METRIC_RECONCILE_TOTAL, total, 1);
    CHECK_STR(
        printed(a, m),
        "# HELP controller_runtime_reconcile_total Total number of reconciliations per controller\n"
        "# TYPE controller_runtime_reconcile_total counter\n"
        "controller_runtime_reconcile_total{controller=\"kust\\\"om\\\\ize\\n\",result=\"success\"} 1234568\n");
    metrics_text_free(m);
}

TEST(a_histogram_counts_upwards)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct metrics_text *m = metrics_text_new();
    struct metrics port = metrics_text_port(m);
    struct str labels[] = { STR("Kustomization"), STR("apps"), STR("ns") }, text;
    port.ops->observe(port.self, METRIC_RECONCILE_DURATION, labels, 0.01);
    port.ops->observe(port.self, METRIC_RECONCILE_DURATION, labels, 3);
    port.ops->observe(port.self, METRIC_RECONCILE_DURATION, labels, 9999);
    text = printed(a, m);
    CHECK_HAS(text, "# TYPE gotk_reconcile_duration_seconds histogram\n");
    CHECK_HAS(text, "namespace=\"ns\",le=\"0.01\"} 1\n");
    CHECK_HAS(text, "namespace=\"ns\",le=\"2.1660908555907006\"} 1\n");
    CHECK_HAS(text, "namespace=\"ns\",le=\"8.309900738254731\"} 2\n");
    CHECK_HAS(text, "namespace=\"ns\",le=\"+Inf\"} 3\n");
    CHECK_HAS(
        text,
        "gotk_reconcile_duration_seconds_sum{kind=\"Kustomization\",name=\"apps\",namespace=\"ns\"} 10002.01\n");
    CHECK_HAS(
        text,
        "gotk_reconcile_duration_seconds_count{kind=\"Kustomization\",name=\"apps\",namespace=\"ns\"} 3\n");
    port.ops->remove(port.self, METRIC_RECONCILE_DURATION, labels);
    port.ops->remove(port.self, METRIC_RECONCILE_DURATION, labels);
    CHECK_STR(printed(a, m), "");
    metrics_text_free(m);
}

TEST(a_gauge_is_what_was_set_last)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct metrics_text *m = metrics_text_new();
    struct metrics port = metrics_text_port(m);
    struct str labels[] = { STR("kustomization") };
    port.ops->set(port.self, METRIC_ACTIVE_WORKERS, labels, 4);
    port.ops->set(port.self, METRIC_ACTIVE_WORKERS, labels, 0.5);
    CHECK_HAS(printed(a, m),
              "controller_runtime_active_workers{controller=\"kustomization\"} 0.5\n");
    metrics_text_free(m);
}

TEST(an_empty_label_is_left_out)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct metrics_text *m = metrics_text_new();
    struct metrics port = metrics_text_port(m);
    struct str labels[] = { STR("g"),    STR("K"), STR("v1"), STR("n"), STR("ns"),
                            STR("True"), STR(""),  STR(""),   STR("s"), STR("") };
    port.ops->set(port.self, METRIC_RESOURCE_INFO, labels, 1);
    CHECK_HAS(printed(a, m), "exported_namespace=\"ns\",ready=\"True\",source_name=\"s\"} 1\n");
    port.ops->remove(port.self, METRIC_RESOURCE_INFO, labels);
    CHECK_STR(printed(a, m), "");
    metrics_text_free(m);
}

TEST(a_histogram_may_have_no_labels_at_all)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct metrics_text *m = metrics_text_new();
    struct metrics port = metrics_text_port(m);
    struct str nowhere = STR("");
    port.ops->observe(port.self, METRIC_DEPLOY_TIME, &nowhere, 3);
    CHECK_HAS(printed(a, m), "weir_commit_to_deploy_seconds_bucket{le=\"2\"} 0\n");
    CHECK_HAS(printed(a, m), "weir_commit_to_deploy_seconds_bucket{le=\"+Inf\"} 1\n");
    metrics_text_free(m);
}
