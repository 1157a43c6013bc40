/* SPDX-License-Identifier: Apache-2.0 */
/* apps and batch. */
#include "core/apiserver/int_or_percent.h"
#include "core/apiserver/schedule.h"
#include "core/apiserver/selector.h"
#include "core/apiserver/validate.h"

static bool is_kind(const struct api_resource *r, const char *kind)
{
    return str_eq(r->gvk.kind, str_from_cstr(kind));
}

static void check_numbers(const struct check *c, struct str field, const struct val *v,
                          const char *names)
{
    struct str name;

    for (struct str rest = str_from_cstr(names); str_cut(&rest, ',', &name);)
        (void)check_non_negative(
            c, str_printf(c->arena, "%.*s.%.*s", STR_ARG(field), STR_ARG(name)), val_get(v, name));
}

/* ---- selector and template ---- */

static void check_template_labels(const struct check *c, const struct val *spec)
{
    const struct val *selector = val_get(spec, STR("selector"));
    const struct val *labels = val_at(spec, "template.metadata.labels");
    struct selector parsed;

    if (val_is(selector, VAL_MAP) && (label_selector_of(c->arena, selector, &parsed) ||
                                      selector_matches_labels(&parsed, labels)))
        return;
    check_invalid(c, STR("spec.template.metadata.labels"), labels ? labels : &val_null,
                  "`selector` does not match template `labels`");
}

static void check_selector(const struct check *c, const struct val *spec, const char *kind)
{
    const struct val *selector = val_get(spec, STR("selector"));
    bool given = val_is(selector, VAL_MAP);
    bool empty = given && !val_count(val_get(selector, STR("matchLabels"))) &&
                 !val_count(val_get(selector, STR("matchExpressions")));
    bool daemon_set = str_is(str_from_cstr(kind), "daemonset");

    if (given)
        (void)check_label_selector(c, STR("spec.selector"), selector);
    else if (!daemon_set)
        check_required(c, STR("spec.selector"), "");
    if (empty)
        check_invalid(
            c, STR("spec.selector"), selector,
            str_cstr(c->arena, str_printf(c->arena, "empty selector is invalid for %s", kind)));
    else
        check_template_labels(c, spec);
}

static void check_always(const struct check *c, const struct val *spec, const char *kind)
{
    const struct val *policy = val_at(spec, "template.spec.restartPolicy");

    if (!str_is(val_str(policy), "Always"))
        check_not_supported(c, STR("spec.template.spec.restartPolicy"), policy, "Always");
    if (val_at(spec, "template.spec.activeDeadlineSeconds"))
        check_forbidden(
            c, STR("spec.template.spec.activeDeadlineSeconds"),
            str_cstr(c->arena,
                     str_printf(c->arena, "activeDeadlineSeconds in %s is not Supported", kind)));
}

/* ---- update strategies ---- */

static void deployment_strategy(const struct check *c, const struct val *strategy)
{
    struct str type = val_get_str(strategy, "type");
    const struct val *rolling = val_get(strategy, STR("rollingUpdate"));
    const struct val *down = val_get(rolling, STR("maxUnavailable"));
    const struct val *up = val_get(rolling, STR("maxSurge"));
    struct str at = STR("spec.strategy.rollingUpdate");

    if (str_is(type, "Recreate")) {
        if (rolling)
            check_forbidden(c, at, "may not be specified when strategy `type` is 'Recreate'");
        return;
    }
    if (!str_is(type, "RollingUpdate")) {
        check_not_supported(c, STR("spec.strategy"), strategy, "Recreate,RollingUpdate");
        return;
    }
    if (!rolling)
        return;
    check_int_or_percent(c, at_field(c, at, "maxUnavailable"), down);
    check_int_or_percent(c, at_field(c, at, "maxSurge"), up);
    if (!int_or_percent_value(down) && !int_or_percent_value(up))
        check_invalid(c, at_field(c, at, "maxUnavailable"), down,
                      "may not be 0 when `maxSurge` is 0");
    check_percent_max(c, at_field(c, at, "maxUnavailable"), down);
}

static void daemon_set_strategy(const struct check *c, const struct val *strategy)
{
    struct str type = val_get_str(strategy, "type");
    const struct val *rolling = val_get(strategy, STR("rollingUpdate"));
    const struct val *down = val_get(rolling, STR("maxUnavailable"));
    const struct val *up = val_get(rolling, STR("maxSurge"));
    struct str at = STR("spec.updateStrategy.rollingUpdate");

    if (str_is(type, "OnDelete"))
        return;
    if (!str_is(type, "RollingUpdate")) {
        check_not_supported(c, STR("spec.updateStrategy"), strategy, "RollingUpdate,OnDelete");
        return;
    }
    check_int_or_percent(c, at_field(c, at, "maxUnavailable"), down);
    check_int_or_percent(c, at_field(c, at, "maxSurge"), up);
    check_percent_max(c, at_field(c, at, "maxUnavailable"), down);
    check_percent_max(c, at_field(c, at, "maxSurge"), up);
    if (int_or_percent_value(down) && int_or_percent_value(up))
        check_invalid(c, at_field(c, at, "maxSurge"), up,
                      "may not be set when maxUnavailable is non-zero");
    else if (!int_or_percent_value(down) && !int_or_percent_value(up))
        check_required(c, at_field(c, at, "maxUnavailable"), "cannot be 0 when maxSurge is 0");
}

static void stateful_set_strategy(const struct check *c, const struct val *spec)
{
    struct str policy = val_get_str(spec, "podManagementPolicy");
    struct str type = val_at_str(spec, "updateStrategy.type");
    const struct val *rolling = val_at(spec, "updateStrategy.rollingUpdate");

    if (!str_is(policy, "OrderedReady") && !str_is(policy, "Parallel"))
        check_invalid_text(c, STR("spec.podManagementPolicy"), policy,
                           STR("must be 'OrderedReady' or 'Parallel'"));
    if (str_is(type, "OnDelete") && rolling)
        check_invalid(c, STR("spec.updateStrategy.rollingUpdate"), rolling,
                      "only allowed for updateStrategy 'RollingUpdate'");
    else if (str_is(type, "RollingUpdate"))
        (void)check_non_negative(c, STR("spec.updateStrategy.rollingUpdate.partition"),
                                 val_get(rolling, STR("partition")));
    else if (!str_is(type, "OnDelete"))
        check_invalid(c, STR("spec.updateStrategy"), val_get(spec, STR("updateStrategy")),
                      "must be 'RollingUpdate' or 'OnDelete'");
}

/* ---- kinds ---- */

static void check_deployment(const struct check *c, const struct val *spec)
{
    const struct val *deadline = val_get(spec, STR("progressDeadlineSeconds"));
    int64_t ready = val_at_int(spec, "minReadySeconds", 0);

    check_numbers(c, STR("spec"), spec, "replicas");
    check_selector(c, spec, "deployment");
    validate_pod_template(c, STR("spec.template"), val_get(spec, STR("template")));
    check_always(c, spec, "ReplicaSet");
    deployment_strategy(c, val_get(spec, STR("strategy")));
    check_numbers(c, STR("spec"), spec, "minReadySeconds,revisionHistoryLimit");
    check_numbers(c, STR("spec"), spec, "progressDeadlineSeconds");
    if (deadline && val_at_int(spec, "progressDeadlineSeconds", 0) <= ready)
        check_invalid(c, STR("spec.progressDeadlineSeconds"), deadline,
                      "must be greater than minReadySeconds");
}

static void check_stateful_set(const struct check *c, const struct val *spec,
                               const struct val *live)
{
    static const struct str free_fields[] = {
        STR_INIT("replicas"),
        STR_INIT("template"),
        STR_INIT("updateStrategy"),
        STR_INIT("minReadySeconds"),
        STR_INIT("ordinals"),
        STR_INIT("revisionHistoryLimit"),
        STR_INIT("persistentVolumeClaimRetentionPolicy"),
    };
    const struct val *now = spec;
    const struct val *old = val_get(live, STR("spec"));
    struct str service = val_get_str(spec, "serviceName");

    stateful_set_strategy(c, spec);
    check_numbers(c, STR("spec"), spec, "replicas,minReadySeconds");
    if (!live && service.len)
        (void)check_dns_label(c, STR("spec.serviceName"), service);
    check_selector(c, spec, "statefulset");
    validate_pod_template(c, STR("spec.template"), val_get(spec, STR("template")));
    check_always(c, spec, "StatefulSet");
    if (!live)
        return;
    for (size_t i = 0; i < sizeof free_fields / sizeof free_fields[0]; i++) {
        now = val_without(c->arena, now, free_fields[i]);
        old = val_without(c->arena, old, free_fields[i]);
    }
    if (!val_eq(now, old))
        check_forbidden(
            c, STR("spec"),
            "updates to statefulset spec for fields other than 'replicas', 'ordinals', "
            "'template', 'updateStrategy', 'revisionHistoryLimit', "
            "'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden");
}

static void check_daemon_set(const struct check *c, const struct val *spec, const struct val *live)
{
    if (live)
        (void)check_immutable(c, STR("spec.selector"), val_get(spec, STR("selector")),
                              val_at(live, "spec.selector"));
    check_selector(c, spec, "daemonset");
    validate_pod_template(c, STR("spec.template"), val_get(spec, STR("template")));
    check_always(c, spec, "DaemonSet");
    check_numbers(c, STR("spec"), spec, "minReadySeconds");
    daemon_set_strategy(c, val_get(spec, STR("updateStrategy")));
    check_numbers(c, STR("spec"), spec, "revisionHistoryLimit");
}

static void check_job_spec(const struct check *c, struct str field, const struct val *spec)
{
    struct str template = at_field(c, field, "template");
    struct str policy = val_at_str(spec, "template.spec.restartPolicy");
    struct str at = at_field(c, at_field(c, template, "spec"), "restartPolicy");
    struct str mode = val_get_str(spec, "completionMode");

    check_numbers(c, field, spec,
                  "parallelism,completions,activeDeadlineSeconds,backoffLimit,"
                  "ttlSecondsAfterFinished,backoffLimitPerIndex,maxFailedIndexes");
    if (mode.len)
        (void)check_one_of(c, at_field(c, field, "completionMode"),
                           val_get(spec, STR("completionMode")), "NonIndexed,Indexed");
    if (str_is(mode, "Indexed") && !val_get(spec, STR("completions")))
        check_required(c, at_field(c, field, "completions"), "when completion mode is Indexed");
    if (val_get(spec, STR("backoffLimitPerIndex")) && !str_is(mode, "Indexed"))
        check_invalid(c, at_field(c, field, "backoffLimitPerIndex"),
                      val_get(spec, STR("backoffLimitPerIndex")),
                      "requires indexed completion mode");
    validate_pod_template(c, template, val_get(spec, STR("template")));
    if (!policy.len || str_is(policy, "Always"))
        check_required(c, at, "valid values: \"OnFailure\", \"Never\"");
    else if (!str_is(policy, "OnFailure") && !str_is(policy, "Never"))
        check_not_supported(c, at, val_at(spec, "template.spec.restartPolicy"), "OnFailure,Never");
}

static void check_job_update(const struct check *c, const struct val *spec, const struct val *old)
{
    static const char *const fixed[] = { "selector",         "completionMode",
                                         "podFailurePolicy", "backoffLimitPerIndex",
                                         "managedBy",        "successPolicy" };
    bool suspended = val_at_bool(old, "suspend", false);

    if (!str_is(val_get_str(spec, "completionMode"), "Indexed"))
        (void)check_immutable(c, STR("spec.completions"), val_get(spec, STR("completions")),
                              val_get(old, STR("completions")));
    if (!suspended)
        (void)check_immutable(c, STR("spec.template"), val_get(spec, STR("template")),
                              val_get(old, STR("template")));
    for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++)
        (void)check_immutable(c, at_field(c, STR("spec"), fixed[i]),
                              val_get(spec, str_from_cstr(fixed[i])),
                              val_get(old, str_from_cstr(fixed[i])));
}

static void check_cron_job(const struct check *c, const struct val *object, const struct val *spec)
{
    struct str name = val_at_str(object, "metadata.name");
    struct str schedule = val_get_str(spec, "schedule");

    if (!schedule.len)
        check_required(c, STR("spec.schedule"), "");
    else
        check_schedule(c, STR("spec.schedule"), schedule);
    check_numbers(c, STR("spec"), spec, "startingDeadlineSeconds");
    check_time_zone(c, STR("spec.timeZone"), val_get(spec, STR("timeZone")));
    (void)check_one_of(c, STR("spec.concurrencyPolicy"), val_get(spec, STR("concurrencyPolicy")),
                       "Allow,Forbid,Replace");
    check_job_spec(c, STR("spec.jobTemplate.spec"), val_at(spec, "jobTemplate.spec"));
    check_numbers(c, STR("spec"), spec, "successfulJobsHistoryLimit,failedJobsHistoryLimit");
    if (name.len > 52)
        check_invalid_text(c, STR("metadata.name"), name,
                           STR("must be no more than 52 characters"));
}

static void check_revision(const struct check *c, const struct val *revision)
{
    if (!val_get(revision, STR("data")) || val_is(val_get(revision, STR("data")), VAL_NULL))
        check_required(c, STR("data"), "data is mandatory");
    (void)check_non_negative(c, STR("revision"), val_get(revision, STR("revision")));
}

void validate_workload(const struct check *c, const struct api_resource *r,
                       const struct val *object, const struct val *live)
{
    const struct val *spec = val_get(object, STR("spec"));

    if (is_kind(r, "Deployment") || is_kind(r, "ReplicaSet")) {
        if (is_kind(r, "Deployment")) {
            check_deployment(c, spec);
        } else {
            check_numbers(c, STR("spec"), spec, "replicas,minReadySeconds");
            check_selector(c, spec, "deployment");
            validate_pod_template(c, STR("spec.template"), val_get(spec, STR("template")));
            check_always(c, spec, "ReplicaSet");
        }
        if (live)
            (void)check_immutable(c, STR("spec.selector"), val_get(spec, STR("selector")),
                                  val_at(live, "spec.selector"));
    } else if (is_kind(r, "StatefulSet")) {
        check_stateful_set(c, spec, live);
    } else if (is_kind(r, "DaemonSet")) {
        check_daemon_set(c, spec, live);
    } else if (is_kind(r, "Job")) {
        if (!live && val_at_bool(spec, "manualSelector", false))
            check_template_labels(c, spec);
        check_job_spec(c, STR("spec"), spec);
        if (live)
            check_job_update(c, spec, val_get(live, STR("spec")));
    } else if (is_kind(r, "ControllerRevision")) {
        check_revision(c, object);
    } else if (is_kind(r, "CronJob")) {
        check_cron_job(c, object, spec);
    }
}

/* ---- status ---- */

static void check_not_above(const struct check *c, const struct val *status, const char *name,
                            int64_t max, const char *words)
{
    int64_t have = val_at_int(status, name, 0);

    if (have > max)
        check_invalid(c, at_field(c, STR("status"), name), val_int(c->arena, have), words);
}

void validate_workload_status(const struct check *c, const struct api_resource *r,
                              const struct val *object, const struct val *live)
{
    static const char *const counts[] = { "updatedReplicas", "readyReplicas", "availableReplicas" };
    const struct val *status = val_get(object, STR("status"));
    int64_t replicas = val_at_int(status, "replicas", 0);
    int64_t ready = val_at_int(status, "readyReplicas", 0);

    (void)live;
    if (!is_kind(r, "Deployment") && !is_kind(r, "ReplicaSet") && !is_kind(r, "StatefulSet"))
        return;
    check_numbers(c, STR("status"), status,
                  "observedGeneration,replicas,updatedReplicas,readyReplicas,availableReplicas,"
                  "unavailableReplicas,collisionCount");
    for (size_t i = is_kind(r, "Deployment") ? 0 : 1; i < 3; i++)
        check_not_above(c, status, counts[i], replicas, "cannot be greater than status.replicas");
    check_not_above(c, status, "availableReplicas", ready,
                    is_kind(r, "StatefulSet") ? "cannot be greater than status.readyReplicas"
                                              : "cannot be greater than readyReplicas");
}
