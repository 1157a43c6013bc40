/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kube/kstatus.h"

#include "base/arena.h"
#include "tests/harness.h"
#include "value/yaml.h"

static const struct val *from_yaml(struct arena *a, const char *text)
{
    const struct val *v = &val_null;
    CHECK(yaml_read(a, str_from_cstr(text), STR("test"), YAML_SIGS, &v) == NULL);
    return v;
}

#define DEPLOYMENT "apiVersion: apps/v1\nkind: Deployment\nmetadata: {generation: 2}\n"
#define FULL \
    "status:\n  observedGeneration: 2\n  replicas: 3\n  updatedReplicas: 3\n  availableReplicas: 3\n  readyReplicas: 3\n"

/* Messages: kstatus of fluxcd/cli-utils 1.2.3. */
TEST(health_follows_kind_and_status)
{
    static const struct {
        const char *name, *yaml;
        enum kstatus_code code;
        const char *message;
    } cases[] = {
        { "being deleted", "kind: X\nmetadata: {deletionTimestamp: \"2026-01-01T00:00:00Z\"}\n",
          KSTATUS_TERMINATING, "Resource scheduled for deletion" },
        { "an old status", DEPLOYMENT "status: {observedGeneration: 1}\n", KSTATUS_IN_PROGRESS,
          "Deployment generation is 2, but latest observed generation is 1" },
        { "stalled",
          "kind: X\nstatus: {conditions: [{type: Stalled, status: \"True\", message: broken}]}\n",
          KSTATUS_FAILED, "broken" },
        { "reconciling",
          "kind: X\nstatus: {conditions: [{type: Reconciling, status: \"True\", message: on it}]}\n",
          KSTATUS_IN_PROGRESS, "on it" },
        { "not ready",
          "kind: X\nstatus: {conditions: [{type: Ready, status: \"False\", message: wait}]}\n",
          KSTATUS_IN_PROGRESS, "wait" },
        { "ready", "kind: X\nstatus: {conditions: [{type: Ready, status: \"True\"}]}\n",
          KSTATUS_CURRENT, "Resource is Ready" },
        { "no status at all", "kind: X\n", KSTATUS_CURRENT, "Resource is current" },
        { "always ready", "apiVersion: v1\nkind: ConfigMap\n", KSTATUS_CURRENT,
          "Resource is always ready" },
        { "replicas missing",
          DEPLOYMENT "spec: {replicas: 3}\nstatus: {observedGeneration: 2, replicas: 1}\n",
          KSTATUS_IN_PROGRESS, "Replicas: 1/3" },
        { "too many replicas", DEPLOYMENT "spec: {replicas: 2}\n" FULL, KSTATUS_IN_PROGRESS,
          "Pending termination: 1" },
        { "not available", DEPLOYMENT "spec: {replicas: 3}\n" FULL, KSTATUS_IN_PROGRESS,
          "Deployment not Available" },
        { "available",
          DEPLOYMENT "spec: {replicas: 3}\n" FULL
                     "  conditions: [{type: Available, status: \"True\"}]\n",
          KSTATUS_CURRENT, "Deployment is available. Replicas: 3" },
        { "over its deadline",
          DEPLOYMENT
          "status: {observedGeneration: 2, conditions: [{type: Progressing, reason: ProgressDeadlineExceeded}]}\n",
          KSTATUS_FAILED, "Progress deadline exceeded" },
        { "job failed",
          "apiVersion: batch/v1\nkind: Job\nspec: {completions: 2}\nstatus: {failed: 1, conditions: [{type: Failed, status: \"True\"}]}\n",
          KSTATUS_FAILED, "Job Failed. failed: 1/2" },
        { "claim bound", "apiVersion: v1\nkind: PersistentVolumeClaim\nstatus: {phase: Bound}\n",
          KSTATUS_CURRENT, "PVC is Bound" },
        { "pod in a crash loop",
          "apiVersion: v1\nkind: Pod\nstatus:\n  phase: Running\n  containerStatuses:\n  - {name: web, state: {waiting: {reason: CrashLoopBackOff}}}\n",
          KSTATUS_FAILED, "Containers in CrashLoop state: web" },
        { "pod long unscheduled",
          "apiVersion: v1\nkind: Pod\nmetadata: {creationTimestamp: \"1970-01-01T00:00:00Z\"}\nstatus:\n  phase: Pending\n  conditions: [{type: PodScheduled, status: \"False\", reason: Unschedulable}]\n",
          KSTATUS_FAILED, "Pod could not be scheduled" },
        { "pod just unscheduled",
          "apiVersion: v1\nkind: Pod\nmetadata: {creationTimestamp: \"1970-01-01T00:01:30Z\"}\nstatus:\n  phase: Pending\n  conditions: [{type: PodScheduled, status: \"False\", reason: Unschedulable}]\n",
          KSTATUS_IN_PROGRESS, "Pod has not been scheduled" },
        { "CRD established",
          "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nstatus: {conditions: [{type: Established, status: \"True\"}]}\n",
          KSTATUS_CURRENT, "CRD is established" },
        { "malformed", "kind: X\nstatus: 7\n", KSTATUS_UNKNOWN,
          "the health cannot be told: status is no object" },
    };
    const struct wall_time now = { 100 * INT64_C(1000000000) };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);
        struct kstatus s = kstatus_of(a, from_yaml(a, cases[i].yaml), now);
        test_label(cases[i].name);
        CHECK_STR(kstatus_name(s.code), kstatus_name(cases[i].code));
        CHECK_STR(s.message, cases[i].message);
    }
}

TEST(what_is_not_there_is_not_found)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    CHECK_INT(kstatus_of(a, NULL, (struct wall_time){ 0 }).code, KSTATUS_NOT_FOUND);
}
