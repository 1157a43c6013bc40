/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kube/kstatus_rules.h"

#include "base/buf.h"
#include "core/kube/conditions.h"

enum { SCHEDULE_WINDOW_S = 15 };

#define COUNT(object, path, otherwise) ((long long)val_at_int((object), (path), (otherwise)))

/* "Replicas: 1/3" while have < want; the rules below are lists of these. */
static bool is_short(struct arena *a, const char *what, long long have, long long want,
                     struct kstatus *ret)
{
    if (have >= want)
        return false;
    *ret = kstatus_make(a, KSTATUS_IN_PROGRESS, "%s: %lld/%lld", what, have, want);
    return true;
}

static bool has_extra(struct arena *a, long long have, long long want, struct kstatus *ret)
{
    if (have <= want)
        return false;
    *ret = kstatus_make(a, KSTATUS_IN_PROGRESS, "Pending termination: %lld", have - want);
    return true;
}

static struct kstatus partition_rollout(struct arena *a, const struct val *o, long long want,
                                        long long partition)
{
    long long updated = COUNT(o, "status.updatedReplicas", 0);
    struct kstatus s;

    if (is_short(a, "updated", updated, want - partition, &s))
        return s;
    return kstatus_make(a, KSTATUS_CURRENT, "Partition rollout complete. updated: %lld", updated);
}

struct kstatus kstatus_stateful_set(struct arena *a, const struct val *o, struct wall_time now)
{
    long long want = COUNT(o, "spec.replicas", 1), have = COUNT(o, "status.replicas", 0);
    long long partition = COUNT(o, "spec.updateStrategy.rollingUpdate.partition", -1);
    struct kstatus s;

    (void)now;
    if (str_is(val_at_str(o, "spec.updateStrategy.type"), "OnDelete"))
        return (struct kstatus){ KSTATUS_CURRENT,
                                 STR("StatefulSet is using the ondelete update strategy") };
    if (is_short(a, "Replicas", have, want, &s) ||
        is_short(a, "Ready", COUNT(o, "status.readyReplicas", 0), want, &s) ||
        has_extra(a, have, want, &s))
        return s;
    if (partition != -1)
        return partition_rollout(a, o, want, partition);
    if (is_short(a, "current", COUNT(o, "status.currentReplicas", 0), want, &s))
        return s;
    if (!str_eq(val_at_str(o, "status.currentRevision"), val_at_str(o, "status.updateRevision")))
        return (struct kstatus){ KSTATUS_IN_PROGRESS,
                                 STR("Waiting for updated revision to match current") };
    return kstatus_make(a, KSTATUS_CURRENT, "All replicas scheduled as expected. Replicas: %lld",
                        have);
}

static bool condition_is_true(const struct val *o, const char *type)
{
    return str_is(val_get_str(condition_get(o, str_from_cstr(type)), "status"), "True");
}

/* A Deployment without a progress deadline (or with the greatest one) never reports progress. */
static bool deployment_progressed(const struct val *o)
{
    const struct val *progressing = condition_get(o, STR("Progressing"));

    return val_at_int(o, "spec.progressDeadlineSeconds", INT32_MAX) == INT32_MAX ||
           (str_is(val_get_str(progressing, "status"), "True") &&
            str_is(val_get_str(progressing, "reason"), "NewReplicaSetAvailable"));
}

struct kstatus kstatus_deployment(struct arena *a, const struct val *o, struct wall_time now)
{
    long long want = COUNT(o, "spec.replicas", 1), have = COUNT(o, "status.replicas", 0);
    long long updated = COUNT(o, "status.updatedReplicas", 0);
    struct kstatus s;

    (void)now;
    if (str_is(val_get_str(condition_get(o, STR("Progressing")), "reason"),
               "ProgressDeadlineExceeded"))
        return (struct kstatus){ KSTATUS_FAILED, STR("Progress deadline exceeded") };
    if (is_short(a, "Replicas", have, want, &s) || is_short(a, "Updated", updated, want, &s) ||
        has_extra(a, have, want, &s) ||
        is_short(a, "Available", COUNT(o, "status.availableReplicas", 0), updated, &s) ||
        is_short(a, "Ready", COUNT(o, "status.readyReplicas", 0), want, &s))
        return s;
    if (!deployment_progressed(o))
        return (struct kstatus){ KSTATUS_IN_PROGRESS, STR("ReplicaSet not Available") };
    if (!condition_is_true(o, "Available"))
        return (struct kstatus){ KSTATUS_IN_PROGRESS, STR("Deployment not Available") };
    return kstatus_make(a, KSTATUS_CURRENT, "Deployment is available. Replicas: %lld", have);
}

struct kstatus kstatus_replica_set(struct arena *a, const struct val *o, struct wall_time now)
{
    long long want = COUNT(o, "spec.replicas", 1), have = COUNT(o, "status.replicas", 0);
    struct kstatus s;

    (void)now;
    if (condition_is_true(o, "ReplicaFailure"))
        return (struct kstatus){ KSTATUS_IN_PROGRESS,
                                 STR("Replica Failure condition. Check Pods") };
    if (is_short(a, "Labelled", COUNT(o, "status.fullyLabeledReplicas", 0), want, &s) ||
        is_short(a, "Available", COUNT(o, "status.availableReplicas", 0), want, &s) ||
        is_short(a, "Ready", COUNT(o, "status.readyReplicas", 0), want, &s) ||
        has_extra(a, have, want, &s))
        return s;
    return kstatus_make(a, KSTATUS_CURRENT, "ReplicaSet is available. Replicas: %lld", have);
}

struct kstatus kstatus_daemon_set(struct arena *a, const struct val *o, struct wall_time now)
{
    long long want = COUNT(o, "status.desiredNumberScheduled", -1);
    int64_t generation;
    struct kstatus s;

    (void)now;
    if (!val_to_int64(val_at(o, "metadata.generation"), &generation))
        return (struct kstatus){ KSTATUS_IN_PROGRESS,
                                 STR("DaemonSet metadata.generation not found") };
    if (!val_to_int64(val_at(o, "status.observedGeneration"), &generation))
        return (struct kstatus){ KSTATUS_IN_PROGRESS,
                                 STR("DaemonSet status.observedGeneration not found") };
    if (want == -1)
        return (struct kstatus){ KSTATUS_IN_PROGRESS,
                                 STR("Missing .status.desiredNumberScheduled") };
    if (is_short(a, "Current", COUNT(o, "status.currentNumberScheduled", 0), want, &s) ||
        is_short(a, "Updated", COUNT(o, "status.updatedNumberScheduled", 0), want, &s) ||
        is_short(a, "Available", COUNT(o, "status.numberAvailable", 0), want, &s) ||
        is_short(a, "Ready", COUNT(o, "status.numberReady", 0), want, &s))
        return s;
    return kstatus_make(a, KSTATUS_CURRENT, "All replicas scheduled as expected. Replicas: %lld",
                        want);
}

static struct str crash_looping(struct arena *a, const struct val *o)
{
    const struct val *containers = val_at(o, "status.containerStatuses");
    struct buf names;

    buf_init(&names, a, 0);
    for (size_t i = 0; i < val_count(containers); i++) {
        const struct val *c = val_item(containers, i);

        if (!str_is(val_at_str(c, "state.waiting.reason"), "CrashLoopBackOff"))
            continue;
        if (names.len > 0)
            buf_put_byte(&names, ',');
        buf_put(&names, val_get_str(c, "name"));
    }
    return buf_str(&names);
}

static struct kstatus pod_running(struct arena *a, const struct val *o)
{
    struct str loops;

    if (condition_is_true(o, "Ready"))
        return (struct kstatus){ KSTATUS_CURRENT, STR("Pod is Ready") };
    loops = crash_looping(a, o);
    if (loops.len > 0)
        return kstatus_make(a, KSTATUS_FAILED, "Containers in CrashLoop state: %.*s",
                            STR_ARG(loops));
    return (struct kstatus){ KSTATUS_IN_PROGRESS, STR("Pod is running but is not Ready") };
}

static struct kstatus pod_pending(const struct val *o, struct wall_time now)
{
    const struct val *scheduled = condition_get(o, STR("PodScheduled"));
    struct wall_time created = { 0 };

    if (!str_is(val_get_str(scheduled, "status"), "False") ||
        !str_is(val_get_str(scheduled, "reason"), "Unschedulable"))
        return (struct kstatus){ KSTATUS_IN_PROGRESS, STR("Pod is in the Pending phase") };
    (void)wall_time_parse(val_at_str(o, "metadata.creationTimestamp"), &created);
    if (now.ns - SCHEDULE_WINDOW_S * NS_PER_S < created.ns)
        return (struct kstatus){ KSTATUS_IN_PROGRESS, STR("Pod has not been scheduled") };
    return (struct kstatus){ KSTATUS_FAILED, STR("Pod could not be scheduled") };
}

struct kstatus kstatus_pod(struct arena *a, const struct val *o, struct wall_time now)
{
    struct str phase = val_at_str(o, "status.phase");

    if (str_is(phase, "Succeeded"))
        return (struct kstatus){ KSTATUS_CURRENT, STR("Pod has completed successfully") };
    if (str_is(phase, "Failed"))
        return (struct kstatus){ KSTATUS_CURRENT, STR("Pod has completed, but not successfully") };
    if (str_is(phase, "Running"))
        return pod_running(a, o);
    if (str_is(phase, "Pending"))
        return pod_pending(o, now);
    if (phase.len == 0)
        return (struct kstatus){ KSTATUS_IN_PROGRESS, STR("Pod phase not available") };
    return kstatus_make(a, KSTATUS_UNKNOWN, "unknown phase %.*s", STR_ARG(phase));
}

struct kstatus kstatus_job(struct arena *a, const struct val *o, struct wall_time now)
{
    const struct val *conditions = val_at(o, "status.conditions");
    long long completions = COUNT(o, "spec.completions", COUNT(o, "spec.parallelism", 1));
    long long succeeded = COUNT(o, "status.succeeded", 0), failed = COUNT(o, "status.failed", 0);

    (void)now;
    for (size_t i = 0; i < val_count(conditions); i++) {
        const struct val *c = val_item(conditions, i);

        if (!str_is(val_get_str(c, "status"), "True"))
            continue;
        if (str_is(val_get_str(c, "type"), "Complete"))
            return kstatus_make(a, KSTATUS_CURRENT, "Job Completed. succeeded: %lld/%lld",
                                succeeded, completions);
        if (str_is(val_get_str(c, "type"), "Failed"))
            return kstatus_make(a, KSTATUS_FAILED, "Job Failed. failed: %lld/%lld", failed,
                                completions);
    }
    if (val_at_str(o, "status.startTime").len == 0)
        return (struct kstatus){ KSTATUS_IN_PROGRESS, STR("Job not started") };
    return kstatus_make(a, KSTATUS_CURRENT,
                        "Job in progress. success:%lld, active: %lld, failed: %lld", succeeded,
                        COUNT(o, "status.active", 0), failed);
}

struct kstatus kstatus_claim(struct arena *a, const struct val *o, struct wall_time now)
{
    struct str phase = val_is(val_at(o, "status.phase"), VAL_STRING) ? val_at_str(o, "status.phase")
                                                                     : STR("unknown");

    (void)now;
    if (str_is(phase, "Bound"))
        return (struct kstatus){ KSTATUS_CURRENT, STR("PVC is Bound") };
    return kstatus_make(a, KSTATUS_IN_PROGRESS, "PVC is not Bound. phase: %.*s", STR_ARG(phase));
}

struct kstatus kstatus_service(struct arena *a, const struct val *o, struct wall_time now)
{
    (void)a;
    (void)now;
    if (str_is(val_at_str(o, "spec.type"), "LoadBalancer") &&
        val_at_str(o, "spec.clusterIP").len == 0)
        return (struct kstatus){ KSTATUS_IN_PROGRESS,
                                 STR("ClusterIP not set. Service type: LoadBalancer") };
    return (struct kstatus){ KSTATUS_CURRENT, STR("Service is ready") };
}

struct kstatus kstatus_budget(struct arena *a, const struct val *o, struct wall_time now)
{
    (void)a;
    (void)o;
    (void)now;
    return (struct kstatus){ KSTATUS_CURRENT, STR("AllowedDisruptions has been computed.") };
}

struct kstatus kstatus_crd(struct arena *a, const struct val *o, struct wall_time now)
{
    const struct val *conditions = val_at(o, "status.conditions");

    (void)a;
    (void)now;
    for (size_t i = 0; i < val_count(conditions); i++) {
        const struct val *c = val_item(conditions, i);
        bool is_false = str_is(val_get_str(c, "status"), "False");
        bool established = str_is(val_get_str(c, "type"), "Established");

        if ((str_is(val_get_str(c, "type"), "NamesAccepted") && is_false) ||
            (established && is_false && !str_is(val_get_str(c, "reason"), "Installing")))
            return (struct kstatus){ KSTATUS_FAILED, val_get_str(c, "message") };
        if (established && str_is(val_get_str(c, "status"), "True"))
            return (struct kstatus){ KSTATUS_CURRENT, STR("CRD is established") };
    }
    return (struct kstatus){ KSTATUS_IN_PROGRESS, STR("Install in progress") };
}
