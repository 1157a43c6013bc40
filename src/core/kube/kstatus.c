/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kube/kstatus.h"

#include <stdarg.h>

#include "core/kube/conditions.h"
#include "core/kube/kstatus_rules.h"

struct kstatus kstatus_make(struct arena *a, enum kstatus_code code, const char *format, ...)
{
    va_list args;
    const struct err *text;

    va_start(args, format);
    text = err_newv(a, ERR_INTERNAL, format, args); /* the one formatter that takes a va_list */
    va_end(args);
    return (struct kstatus){ .code = code, .message = text->msg };
}

static struct kstatus always_ready(struct arena *a, const struct val *object, struct wall_time now)
{
    (void)a;
    (void)object;
    (void)now;
    return (struct kstatus){ KSTATUS_CURRENT, STR("Resource is always ready") };
}

static struct kstatus by_ready_condition(const struct val *object)
{
    const struct val *ready = condition_get(object, STR("Ready"));
    struct str status = val_get_str(ready, "status");

    if (ready && !str_is(status, "True") && (str_is(status, "False") || str_is(status, "Unknown")))
        return (struct kstatus){ KSTATUS_IN_PROGRESS, val_get_str(ready, "message") };
    if (ready && str_is(status, "True"))
        return (struct kstatus){ KSTATUS_CURRENT, STR("Resource is Ready") };
    return (struct kstatus){ KSTATUS_CURRENT, STR("Resource is current") };
}

static const struct {
    struct str group;
    struct str kind;
    kstatus_rule *rule;
} rules[] = {
    { STR_INIT(""), STR_INIT("Service"), kstatus_service },
    { STR_INIT(""), STR_INIT("Pod"), kstatus_pod },
    { STR_INIT(""), STR_INIT("Secret"), always_ready },
    { STR_INIT(""), STR_INIT("ConfigMap"), always_ready },
    { STR_INIT(""), STR_INIT("PersistentVolumeClaim"), kstatus_claim },
    { STR_INIT("apps"), STR_INIT("StatefulSet"), kstatus_stateful_set },
    { STR_INIT("apps"), STR_INIT("DaemonSet"), kstatus_daemon_set },
    { STR_INIT("apps"), STR_INIT("Deployment"), kstatus_deployment },
    { STR_INIT("apps"), STR_INIT("ReplicaSet"), kstatus_replica_set },
    { STR_INIT("policy"), STR_INIT("PodDisruptionBudget"), kstatus_budget },
    { STR_INIT("batch"), STR_INIT("CronJob"), always_ready },
    { STR_INIT("batch"), STR_INIT("Job"), kstatus_job },
    { STR_INIT("apiextensions.k8s.io"), STR_INIT("CustomResourceDefinition"), kstatus_crd },
};

/* Workloads once lived in "extensions". */
static kstatus_rule *rule_for(const struct obj_ref *ref)
{
    struct str group = str_is(ref->group, "extensions") ? STR("apps") : ref->group;

    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
        if (str_eq(rules[i].group, group) && str_eq(rules[i].kind, ref->kind))
            return rules[i].rule;
    return NULL;
}

/* What holds for every kind; false when it decides nothing. */
static bool generic_checks(struct arena *a, const struct val *object, struct kstatus *ret)
{
    const struct val *conditions = val_at(object, "status.conditions");
    int64_t generation, observed;

    if (val_at_str(object, "metadata.deletionTimestamp").len > 0) {
        *ret = (struct kstatus){ KSTATUS_TERMINATING, STR("Resource scheduled for deletion") };
        return true;
    }
    if (val_to_int64(val_at(object, "metadata.generation"), &generation) &&
        val_to_int64(val_at(object, "status.observedGeneration"), &observed) &&
        generation != observed) {
        *ret = kstatus_make(a, KSTATUS_IN_PROGRESS,
                            "%.*s generation is %lld, but latest observed generation is %lld",
                            STR_ARG(val_get_str(object, "kind")), (long long)generation,
                            (long long)observed);
        return true;
    }
    for (size_t i = 0; i < val_count(conditions); i++) {
        const struct val *c = val_item(conditions, i);
        bool reconciling = str_is(val_get_str(c, "type"), "Reconciling");
        bool stalled = str_is(val_get_str(c, "type"), "Stalled");

        if (!(reconciling || stalled) || !str_is(val_get_str(c, "status"), "True"))
            continue;
        *ret = (struct kstatus){ stalled ? KSTATUS_FAILED : KSTATUS_IN_PROGRESS,
                                 val_get_str(c, "message") };
        return true;
    }
    return false;
}

/* The one field of a type that no object may have; "" when there is none. */
static const char *malformed(const struct val *object)
{
    const struct val *metadata = val_get(object, STR("metadata")),
                     *status = val_get(object, STR("status"));
    const struct val *deleted = val_get(metadata, STR("deletionTimestamp")), *conditions;
    const struct val *generation = val_get(metadata, STR("generation"));

    if (!val_is(object, VAL_MAP) || val_get_str(object, "kind").len == 0)
        return "it has no kind";
    if (deleted && deleted->kind != VAL_STRING)
        return "metadata.deletionTimestamp is no string";
    if (generation && generation->kind != VAL_INT)
        return "metadata.generation is no integer";
    if (status && status->kind != VAL_MAP && status->kind != VAL_NULL)
        return "status is no object";
    conditions = val_get(status, STR("conditions"));
    if (conditions && conditions->kind != VAL_SEQ && conditions->kind != VAL_NULL)
        return "status.conditions is no list";
    for (size_t i = 0; i < val_count(conditions); i++) {
        const struct val *c = val_item(conditions, i), *type = val_get(c, STR("type"));

        if (c->kind != VAL_NULL && (c->kind != VAL_MAP || (type && type->kind != VAL_STRING)))
            return "status.conditions holds something that is no condition";
    }
    return "";
}

struct kstatus kstatus_of(struct arena *a, const struct val *object, struct wall_time now)
{
    struct kstatus status;
    struct obj_ref ref;
    kstatus_rule *rule;

    if (!object)
        return (struct kstatus){ KSTATUS_NOT_FOUND, STR("Resource not found") };
    if (malformed(object)[0])
        return kstatus_make(a, KSTATUS_UNKNOWN, "the health cannot be told: %s", malformed(object));
    if (generic_checks(a, object, &status))
        return status;
    ref = obj_ref_of(object);
    rule = rule_for(&ref);
    return rule ? rule(a, object, now) : by_ready_condition(object);
}

const char *kstatus_name(enum kstatus_code code)
{
    static const char *const names[] = {
        [KSTATUS_IN_PROGRESS] = "InProgress", [KSTATUS_FAILED] = "Failed",
        [KSTATUS_CURRENT] = "Current",        [KSTATUS_TERMINATING] = "Terminating",
        [KSTATUS_NOT_FOUND] = "NotFound",     [KSTATUS_UNKNOWN] = "Unknown",
    };

    return names[code];
}

static bool has_completed(const struct val *job)
{
    const struct val *conditions = val_at(job, "status.conditions");

    for (size_t i = 0; i < val_count(conditions); i++)
        if (str_is(val_get_str(val_item(conditions, i), "type"), "Complete") &&
            str_is(val_get_str(val_item(conditions, i), "status"), "True"))
            return true;
    return false;
}

struct kstatus kstatus_of_waited(struct arena *a, const struct val *object, struct wall_time now)
{
    struct kstatus s = kstatus_of(a, object, now);
    struct obj_ref ref;

    if (!object)
        return s;
    ref = obj_ref_of(object);
    if (!str_is(ref.kind, "Job") || !str_is(ref.group, "batch"))
        return s;
    if (val_at_bool(object, "spec.suspend", false))
        return (struct kstatus){ KSTATUS_CURRENT, STR("Job is suspended") };
    if (s.code == KSTATUS_CURRENT && !has_completed(object))
        s.code = KSTATUS_IN_PROGRESS;
    return s;
}
