/* SPDX-License-Identifier: Apache-2.0 */
#include "app/reconcile/kustomization.h"

#include "app/reconcile/attempt.h"
#include "app/reconcile/health.h"
#include "base/buf.h"
#include "core/kube/inventory.h"

static int64_t duration_at(const struct val *object, const char *path, int64_t otherwise)
{
    int64_t ns;

    return duration_parse(val_at_str(object, path), &ns) && ns > 0 ? ns : otherwise;
}

int64_t kustomization_interval_ns(const struct val *object)
{
    return duration_at(object, "spec.interval", 60 * NS_PER_S);
}

int64_t kustomization_retry_ns(const struct val *object)
{
    return duration_at(object, "spec.retryInterval", kustomization_interval_ns(object));
}

int64_t kustomization_timeout_ns(const struct val *object)
{
    int64_t otherwise = kustomization_interval_ns(object) - 30 * NS_PER_S;

    return duration_at(object, "spec.timeout",
                       otherwise < 30 * NS_PER_S ? 30 * NS_PER_S : otherwise);
}

void attempt_begin(struct attempt *t, const struct reconcile_ports *ports, struct run *run,
                   const struct val *object)
{
    *t = (struct attempt){
        .ports = ports, .run = run, .object = object, .started = clock_mono(&ports->clock)
    };
    report_begin(&t->report, ports, run, object, STR("kustomize-controller"),
                 STR("gotk-kustomize-controller"));
    t->owner = (struct owner){ STR("kustomize.toolkit.fluxcd.io"),
                               val_at_str(object, "metadata.name"),
                               val_at_str(object, "metadata.namespace") };
}

int64_t attempt_duration(const struct attempt *t)
{
    return mono_diff_ns(clock_mono(&t->ports->clock), t->started);
}

static void remember(struct attempt *t, const char *status)
{
    struct history_entry entry = {
        .digest = t->digest,
        .status = str_from_cstr(status),
        .revision = t->revision,
        .at = clock_wall(&t->ports->clock),
        .duration_ns = attempt_duration(t),
    };

    if (t->digest.len > 0)
        report_set(
            &t->report, "history",
            history_upsert(t->run->arena, val_get(t->report.status, STR("history")), &entry));
}

void attempt_fail(struct attempt *t, const char *reason, struct str message, struct outcome *ret)
{
    struct str before = val_get_str(condition_get(t->object, STR("Ready")), "message");
    struct err *e;

    /* A server may quote what it was sent. */
    message = substitution_mask(&t->variables, t->run->arena, message);
    *ret = (struct outcome){ .kind = OUTCOME_RETRY,
                             .requeue_ns = kustomization_retry_ns(t->object),
                             .revision = t->revision };
    if (t->revision.len > 0)
        report_set(&t->report, "lastAttemptedRevision", val_string(t->run->arena, t->revision));
    if (t->applied)
        remember(t, reason);
    report_failed(&t->report, reason, message);
    e = report_write(&t->report);
    if (!e && !str_eq(before, message))
        report_event(&t->report, EVENT_ERROR, reason, message, t->revision);
}

static void stall(struct attempt *t, const char *reason, struct str message, struct outcome *ret)
{
    *ret = (struct outcome){ .kind = OUTCOME_STALLED };
    report_stalled(&t->report, reason, message);
    if (report_write(&t->report) == NULL)
        report_event(&t->report, EVENT_ERROR, reason, message, STR(""));
}

/* A source or dependency that is not ready is a state, not a failure: said once, woken by an event. */
static void blocked(struct attempt *t, const struct gate *gate, struct outcome *ret)
{
    struct str before = val_get_str(condition_get(t->object, STR("Ready")), "message");

    if (gate->kind == GATE_DENIED) {
        stall(t, gate->reason, gate->message, ret);
        return;
    }
    *ret = (struct outcome){ .kind = OUTCOME_RETRY,
                             .requeue_ns = t->ports->options.requeue_dependency_ns };
    if (gate->kind == GATE_SOURCE_MISSING)
        ret->requeue_ns = kustomization_retry_ns(t->object);
    report_failed(&t->report, gate->reason, gate->message);
    if (report_write(&t->report) == NULL && gate->kind == GATE_DEPENDENCY &&
        !str_eq(before, gate->message))
        report_event(&t->report, EVENT_INFO, gate->reason,
                     STR("Dependencies do not meet ready condition, retrying in 30s"),
                     val_at_str(gate->source, "status.artifact.revision"));
}

static void finish_event(struct attempt *t)
{
    struct arena *a = t->run->arena;
    struct str message = str_printf(
        a, "Reconciliation finished in %.*s, next run in %.*s",
        STR_ARG(duration_format(a, attempt_duration(t))),
        STR_ARG(duration_format(a, kustomization_interval_ns(t->object))));
    struct log_fields fields = { .controller = STR("kustomization"),
                                 .kind = STR("Kustomization"),
                                 .ns = t->owner.ns,
                                 .name = t->owner.name,
                                 .revision = t->revision,
                                 .duration_ms = attempt_duration(t) / NS_PER_MS };

    log_write(&t->ports->log, LOG_INFO, message, &fields);
    report_event(&t->report, EVENT_INFO, "ReconciliationSucceeded", message, t->revision);
}

/* Ready=True for the revision. The event is for news only: a new revision, a change, or a recovery. */
static void conclude_ready(struct attempt *t, bool drifted, struct outcome *ret)
{
    struct arena *a = t->run->arena;
    bool news = drifted || !condition_is(t->object, "Ready", "True") ||
                !str_eq(val_at_str(t->object, "status.lastAppliedRevision"), t->revision) ||
                !val_eq(val_at(t->object, "status.lastHandledReconcileAt"),
                        val_get(val_at(t->object, "metadata.annotations"),
                                STR("reconcile.fluxcd.io/requestedAt")));

    ret->kind = OUTCOME_DONE;
    ret->requeue_ns = 0;
    if (news)
        remember(t, "ReconciliationSucceeded");
    report_set(&t->report, "lastAppliedRevision", val_string(a, t->revision));
    report_set(&t->report, "lastAttemptedRevision", val_string(a, t->revision));
    report_ready(&t->report, "ReconciliationSucceeded",
                 str_printf(a, "Applied revision: %.*s", STR_ARG(t->revision)));
    if (report_write(&t->report)) {
        ret->kind = OUTCOME_RETRY;
        ret->requeue_ns = NS_PER_S;
    } else if (news) {
        finish_event(t);
    }
}

static struct obj_refs refs_of(struct arena *a, const struct apply_result *result)
{
    struct obj_refs refs = { .items = ARENA_ARRAY(a, result->count, struct obj_ref),
                             .count = result->count };

    for (size_t i = 0; i < result->count; i++)
        refs.items[i] = result->items[i].ref;
    refs.cap = refs.count;
    return refs;
}

/* Old and new, on record before the first write: a crash in between must not orphan what was created. */
static struct err *record_intent(struct attempt *t, const struct obj_refs *before,
                                 const struct obj_refs *desired)
{
    struct arena *a = t->run->arena;
    struct obj_refs fresh = inventory_difference(a, desired, before);
    struct obj_refs both;

    if (fresh.count == 0)
        return NULL;
    both = inventory_union(a, before, &fresh);
    report_set(&t->report, "inventory", inventory_format(a, &both));
    report_set(&t->report, "lastAttemptedRevision", val_string(a, t->revision));
    report_progressing(
        &t->report, STR("Reconciliation in progress"),
        str_printf(a, "Detecting drift for revision %.*s with a timeout of %.*s",
                   STR_ARG(t->revision),
                   STR_ARG(duration_format(a, kustomization_timeout_ns(t->object)))));
    return report_write(&t->report);
}

static struct obj_refs desired_refs(struct attempt *t)
{
    struct obj_refs refs = { .items = ARENA_ARRAY(t->run->arena, t->count, struct obj_ref) };

    for (size_t i = 0; i < t->count; i++)
        refs.items[refs.count++] = obj_ref_of(t->objects[i]);
    refs.cap = refs.count;
    return refs;
}

/* After a failed apply everything that may exist stays on record. */
static void keep_everything(struct attempt *t, const struct obj_refs *before,
                            const struct obj_refs *desired)
{
    struct obj_refs all = inventory_union(t->run->arena, before, desired);

    report_set(&t->report, "inventory", inventory_format(t->run->arena, &all));
}

static bool prune_stage(struct attempt *t, const struct obj_refs *before,
                        const struct obj_refs *after, struct outcome *ret)
{
    struct arena *a = t->run->arena;
    struct obj_refs candidates = prune_candidates(a, before, after), kept = *after;
    struct prune_result result = { 0 };
    struct err *e = NULL;

    if (val_at_bool(t->object, "spec.prune", false) && candidates.count > 0) {
        e = prune_run(&t->cluster, t->run, &candidates, &t->owner, &result);
        kept = inventory_union(a, after, &result.survivors);
    }
    report_set(&t->report, "inventory", inventory_format(a, &kept));
    if (result.deleted.count > 0)
        report_event(&t->report, EVENT_INFO, "Progressing", prune_change_log(a, &result),
                     t->revision);
    if (!e)
        return true;
    attempt_fail(t, "PruneFailed", err_line(a, e), ret);
    return false;
}

static void wait_for_health(struct attempt *t, struct outcome *ret)
{
    struct arena *a = t->run->arena;
    struct str message = str_printf(
        a, "Running health checks for revision %.*s with a timeout of %.*s", STR_ARG(t->revision),
        STR_ARG(duration_format(a, kustomization_timeout_ns(t->object))));

    report_progressing(&t->report, STR("Reconciliation in progress"), message);
    report_condition(&t->report, "Healthy", "Unknown", "Progressing", message);
    report_set(&t->report, "lastAttemptedRevision", val_string(a, t->revision));
    ret->kind = OUTCOME_WAIT_HEALTH;
    if (report_write(&t->report)) {
        ret->kind = OUTCOME_RETRY;
        ret->requeue_ns = NS_PER_S;
    }
}

static void health_stage(struct attempt *t, bool drifted, struct outcome *ret)
{
    bool was_waiting = condition_is(t->object, "Healthy", "Unknown");

    if (!health_is_checked(t->object)) {
        report_no_condition(&t->report, "Healthy");
        conclude_ready(t, drifted, ret);
    } else if (!health_all_current(ret)) {
        wait_for_health(t, ret);
    } else {
        if (!condition_is(t->object, "Healthy", "True") || was_waiting)
            report_condition(
                &t->report, "Healthy", "True", "Succeeded",
                str_printf(t->run->arena, "Health check passed in %.*s",
                           STR_ARG(duration_format(t->run->arena, attempt_duration(t)))));
        conclude_ready(t, drifted, ret);
    }
}

static void after_apply(struct attempt *t, const struct apply_result *result,
                        const struct obj_refs *before, struct outcome *ret)
{
    struct obj_refs after = refs_of(t->run->arena, result);
    struct str changes = apply_change_log(t->run->arena, result);

    ret->drift_corrected = changes.len > 0;
    ret->revision = t->revision;
    ret->digest = t->digest;
    health_gather(t, result, ret);
    if (changes.len > 0)
        report_event(&t->report, EVENT_INFO, "Progressing", changes, t->revision);
    if (prune_stage(t, before, &after, ret))
        health_stage(t, changes.len > 0, ret);
}

static void apply_stage(struct attempt *t, struct outcome *ret)
{
    struct arena *a = t->run->arena;
    struct apply_request req = {
        .cluster = t->cluster,
        .objects = t->objects,
        .count = t->count,
        .owner = t->owner,
        .field_manager = STR(KUSTOMIZE_FIELD_MANAGER),
        .force = val_at_bool(t->object, "spec.force", false),
    };
    struct obj_refs before, desired = desired_refs(t);
    struct apply_result result;
    struct err *e;

    if (TRY(&e, inventory_parse(a, val_at(t->object, "status.inventory"), &before)) ||
        TRY(&e, drift_rules_parse(a, val_at(t->object, "spec.ignore"), &req.ignore)) ||
        TRY(&e, record_intent(t, &before, &desired))) {
        attempt_fail(t, "ReconciliationFailed", err_line(a, e), ret);
        return;
    }
    t->applied = true;
    if (TRY(&e, apply_run(t->ports, t->run, &req, &result))) {
        struct str changes = apply_change_log(a, &result);

        keep_everything(t, &before, &desired);
        attempt_fail(t, "ReconciliationFailed",
                     str_printf(a, "%.*s\n%.*s%s", STR_ARG(err_line(a, e)), STR_ARG(changes),
                                changes.len ? "\n" : ""),
                     ret);
    } else if (result.waiting) {
        keep_everything(t, &before, &desired);
        *ret = (struct outcome){ .kind = OUTCOME_WAIT_STAGE,
                                 .requeue_ns = 500 * NS_PER_MS,
                                 .revision = t->revision };
        if (report_write(&t->report))
            ret->kind = OUTCOME_RETRY;
    } else {
        after_apply(t, &result, &before, ret);
    }
}

static void reconcile(struct attempt *t, const struct kustomization_input *in, struct outcome *ret)
{
    const char *reason = "BuildFailed";
    struct err *e;

    t->revision = val_at_str(in->gate.source, "status.artifact.revision");
    if (in->supersedes.len > 0)
        report_event(
            &t->report, EVENT_INFO, "HealthCheckCanceled",
            str_printf(t->run->arena,
                       "Health checks canceled due to new reconciliation triggered by %.*s",
                       STR_ARG(in->supersedes)),
            val_at_str(t->object, "status.lastAttemptedRevision"));
    if (TRY(&e, target_open(t->ports, t->run, t->object, &t->cluster)))
        attempt_fail(t, "ReconciliationFailed", err_line(t->run->arena, e), ret);
    else if (TRY(&e, attempt_build(t, in->gate.source, &reason)))
        attempt_fail(t, reason, err_line(t->run->arena, e), ret);
    else
        apply_stage(t, ret);
}

void kustomization_reconcile(const struct reconcile_ports *ports, struct run *run,
                             const struct kustomization_input *in, struct outcome *ret)
{
    struct attempt t;

    *ret = (struct outcome){ .kind = OUTCOME_AGAIN };
    attempt_begin(&t, ports, run, in->object);
    if (val_at_str(in->object, "metadata.deletionTimestamp").len > 0) {
        attempt_finalize(&t, ret);
    } else if (!has_finalizer(in->object)) {
        if (report_finalizer(&t.report, true)) {
            ret->kind = OUTCOME_RETRY;
            ret->requeue_ns = NS_PER_S;
        }
    } else if (val_at_bool(in->object, "spec.suspend", false)) {
        ret->kind = OUTCOME_DONE;
    } else if (in->gate.kind != GATE_OPEN) {
        blocked(&t, &in->gate, ret);
    } else {
        reconcile(&t, in, ret);
    }
}

void kustomization_conclude(const struct reconcile_ports *ports, struct run *run,
                            const struct kustomization_health *in, struct outcome *ret)
{
    struct str waited = duration_format(run->arena, in->waited_ns);
    struct attempt t;

    attempt_begin(&t, ports, run, in->object);
    *ret = (struct outcome){ .revision = in->revision };
    t.revision = in->revision;
    t.started = mono_add_ns(t.started, -in->waited_ns);
    t.digest = in->digest;
    t.applied = true;
    if (in->failure.len > 0) {
        struct str message = str_printf(run->arena, "health check failed after %.*s: %.*s",
                                        STR_ARG(waited), STR_ARG(in->failure));

        report_condition(&t.report, "Healthy", "False", "HealthCheckFailed", in->failure);
        attempt_fail(&t, "HealthCheckFailed", message, ret);
        return;
    }
    report_condition(&t.report, "Healthy", "True", "Succeeded",
                     str_printf(run->arena, "Health check passed in %.*s", STR_ARG(waited)));
    conclude_ready(&t, in->drifted, ret);
}
