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
    int64_t floor = 30 * NS_PER_S;
    int64_t timeout = duration_at(object, "spec.timeout",
                                  kustomization_interval_ns(object) - floor);

    return timeout < floor ? floor : timeout;
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

struct str attempt_progress(const struct attempt *t)
{
    static const char *const doing[] = {
        [ATTEMPT_FETCHING] = "Fetching manifests",
        [ATTEMPT_BUILDING] = "Building manifests",
        [ATTEMPT_APPLYING] = "Detecting drift",
        [ATTEMPT_CHECKING] = "Running health checks",
    };

    return str_printf(t->run->arena, "%s for revision %.*s with a timeout of %.*s", doing[t->stage],
                      STR_ARG(t->revision),
                      STR_ARG(duration_format(t->run->arena, kustomization_timeout_ns(t->object))));
}

/* Events name more than conditions where Flux' do: `told`. */
static void fail_telling(struct attempt *t, const char *reason, struct str message,
                         const char *told, struct outcome *ret)
{
    struct str before = val_get_str(condition_get(t->object, STR("Ready")), "message");
    struct err *e;

    /* A server may quote what it was sent. */
    message = substitution_mask(&t->variables, t->run->arena, message);
    *ret = (struct outcome){ .kind = OUTCOME_RETRY,
                             .requeue_ns = kustomization_retry_ns(t->object),
                             .revision = t->revision,
                             .prune_pending = ret->prune_pending };
    if (t->stage != ATTEMPT_FETCHING)
        report_set(&t->report, "lastAttemptedRevision", val_string(t->run->arena, t->revision));
    if (t->stage >= ATTEMPT_APPLYING)
        remember(t, reason);
    report_failed(&t->report, reason, message, attempt_progress(t));
    e = report_write(&t->report);
    if (!e && !str_eq(before, message))
        report_event(&t->report, EVENT_ERROR, reason,
                     str_concat(t->run->arena, str_from_cstr(told), message), t->revision);
}

void attempt_fail(struct attempt *t, const char *reason, struct str message, struct outcome *ret)
{
    fail_telling(t, reason, message, "", ret);
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
    struct arena *a = t->run->arena;
    struct str before = val_get_str(condition_get(t->object, STR("Ready")), "message");
    struct str pause = duration_format(a, t->ports->options.requeue_dependency_ns);
    struct str message = gate->message;

    if (gate->kind == GATE_DENIED) {
        stall(t, gate->reason, gate->message, ret);
        return;
    }
    *ret = (struct outcome){ .kind = OUTCOME_RETRY,
                             .requeue_ns = t->ports->options.requeue_dependency_ns };
    if (gate->kind == GATE_SOURCE_MISSING)
        ret->requeue_ns = kustomization_retry_ns(t->object);
    if (gate->kind == GATE_NO_ARTIFACT)
        message = str_printf(a, "%.*s, retrying in %.*s", STR_ARG(message), STR_ARG(pause));
    report_failed(&t->report, gate->reason, message, STR(""));
    if (report_write(&t->report) == NULL && gate->kind == GATE_DEPENDENCY &&
        !str_eq(before, message))
        report_event(&t->report, EVENT_INFO, gate->reason,
                     str_printf(a, "Dependencies do not meet ready condition, retrying in %.*s",
                                STR_ARG(pause)),
                     val_at_str(gate->source, "status.artifact.revision"));
}

static void finish_event(struct attempt *t)
{
    struct arena *a = t->run->arena;
    struct str took = duration_format(a, attempt_duration(t));
    struct str pause = duration_format(a, kustomization_interval_ns(t->object));
    struct str message = str_printf(a, "Reconciliation finished in %.*s, next run in %.*s",
                                    STR_ARG(took), STR_ARG(pause));
    struct log_fields fields = { .controller = STR("kustomization"),
                                 .kind = STR("Kustomization"),
                                 .ns = t->owner.ns,
                                 .name = t->owner.name,
                                 .revision = t->revision,
                                 .duration_ms = attempt_duration(t) / NS_PER_MS };

    log_write(&t->ports->log, LOG_INFO, message, &fields);
    report_event(&t->report, EVENT_DONE, "ReconciliationSucceeded", message, t->revision);
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
static struct err *record_intent(void *self)
{
    struct attempt *t = self;
    struct arena *a = t->run->arena;
    struct obj_refs fresh = inventory_difference(a, &t->desired, &t->before);
    struct obj_refs both;

    if (fresh.count == 0)
        return NULL;
    both = inventory_union(a, &t->before, &fresh);
    report_set(&t->report, "inventory", inventory_format(a, &both));
    report_set(&t->report, "lastAttemptedRevision", val_string(a, t->revision));
    report_progressing(&t->report, STR("Reconciliation in progress"), attempt_progress(t));
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

/* After an apply that wrote and did not end, everything that may exist stays on record. */
static void keep_everything(struct attempt *t, const struct apply_result *result)
{
    struct obj_refs all = inventory_union(t->run->arena, &t->before, &t->desired);

    if (result->wrote)
        report_set(&t->report, "inventory", inventory_format(t->run->arena, &all));
}

static bool prune_stage(struct attempt *t, const struct obj_refs *after, struct outcome *ret)
{
    struct arena *a = t->run->arena;
    struct obj_refs candidates = prune_candidates(a, &t->before, after), kept = *after;
    struct prune_result result = { 0 };
    struct err *e = NULL;

    if (val_at_bool(t->object, "spec.prune", false) && candidates.count > 0) {
        e = prune_run(&t->cluster, t->run, &candidates, &t->owner, &result);
        kept = inventory_union(a, after, &result.survivors);
        ret->prune_pending = result.survivors.count;
    }
    report_set(&t->report, "inventory", inventory_format(a, &kept));
    if (result.settled.count > 0)
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
    struct str message;

    t->stage = ATTEMPT_CHECKING;
    message = attempt_progress(t);
    report_progressing(&t->report, STR("Reconciliation in progress"), message);
    report_condition(&t->report, "Healthy", "Unknown", "Progressing", message);
    report_set(&t->report, "lastAttemptedRevision", val_string(a, t->revision));
    ret->kind = OUTCOME_WAIT_HEALTH;
    if (report_write(&t->report)) {
        ret->kind = OUTCOME_RETRY;
        ret->requeue_ns = NS_PER_S;
    }
}

/* Healthy=True. The event is for a recovery, and for a new revision that changed something. */
static void conclude_healthy(struct attempt *t, bool was_healthy, bool drifted, struct str message)
{
    bool is_new = !str_eq(val_at_str(t->object, "status.lastAppliedRevision"), t->revision);

    if (!was_healthy || (is_new && drifted))
        report_event(&t->report, EVENT_INFO, "Progressing", message, t->revision);
    report_condition(&t->report, "Healthy", "True", "Succeeded", message);
}

static void health_stage(struct attempt *t, bool drifted, struct outcome *ret)
{
    bool was_healthy = condition_is(t->object, "Healthy", "True");

    if (!health_is_checked(t->object)) {
        report_no_condition(&t->report, "Healthy");
        conclude_ready(t, drifted, ret);
    } else if (!health_all_current(ret)) {
        ret->was_healthy = was_healthy;
        wait_for_health(t, ret);
    } else {
        if (!was_healthy || drifted)
            conclude_healthy(t, was_healthy, drifted,
                             str_concat(t->run->arena, STR("Health check passed in "),
                                        duration_format(t->run->arena, attempt_duration(t))));
        conclude_ready(t, drifted, ret);
    }
}

/* One event tells of all stages, in whichever run each was applied. */
static struct str all_changes(struct attempt *t, const struct apply_result *result)
{
    struct str changes = apply_change_log(t->run->arena, result);

    if (t->carried.len == 0 || changes.len == 0)
        return t->carried.len ? t->carried : changes;
    return str_printf(t->run->arena, "%.*s\n%.*s", STR_ARG(t->carried), STR_ARG(changes));
}

static void after_apply(struct attempt *t, const struct apply_result *result, struct outcome *ret)
{
    struct obj_refs after = refs_of(t->run->arena, result);
    struct str changes = all_changes(t, result);

    ret->drift_corrected = changes.len > 0;
    ret->revision = t->revision;
    ret->digest = t->digest;
    health_gather(t, result, ret);
    if (changes.len > 0)
        report_event(&t->report, EVENT_INFO, "Progressing", changes, t->revision);
    if (prune_stage(t, &after, ret))
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
        .before_write = record_intent,
        .self = t,
    };
    struct apply_result result;
    struct err *e;

    t->desired = desired_refs(t);
    if (TRY(&e, inventory_parse(a, val_at(t->object, "status.inventory"), &t->before)) ||
        TRY(&e, drift_rules_parse(a, val_at(t->object, "spec.ignore"), &req.ignore))) {
        attempt_fail(t, "ReconciliationFailed", err_line(a, e), ret);
    } else if (TRY(&e, apply_run(t->ports, t->run, &req, &result))) {
        struct str changes = all_changes(t, &result);

        keep_everything(t, &result);
        attempt_fail(t, "ReconciliationFailed",
                     str_printf(a, "%.*s\n%.*s%s", STR_ARG(err_line(a, e)), STR_ARG(changes),
                                changes.len ? "\n" : ""),
                     ret);
    } else if (result.waiting) {
        keep_everything(t, &result);
        *ret = (struct outcome){ .kind = OUTCOME_WAIT_STAGE,
                                 .requeue_ns = 500 * NS_PER_MS,
                                 .revision = t->revision,
                                 .changes = all_changes(t, &result) };
        if (report_write(&t->report))
            ret->kind = OUTCOME_RETRY;
    } else {
        after_apply(t, &result, ret);
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
    t->carried = in->carried;
    if (TRY(&e, target_open(t->ports, t->run, t->object, &t->cluster))) {
        t->stage = ATTEMPT_BUILDING;
        fail_telling(t, "ReconciliationFailed", err_line(t->run->arena, e),
                     "failed to build kube client: ", ret);
    } else if (TRY(&e, attempt_build(t, in->gate.source, &reason))) {
        attempt_fail(t, reason, err_line(t->run->arena, e), ret);
    } else {
        apply_stage(t, ret);
    }
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
        report_observed(&t.report);
        ret->kind = report_write(&t.report) ? OUTCOME_RETRY : OUTCOME_DONE;
        ret->requeue_ns = ret->kind == OUTCOME_RETRY ? NS_PER_S : 0;
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
    t.stage = ATTEMPT_CHECKING;
    if (in->failure.len > 0) {
        struct str message = str_printf(run->arena, "health check failed after %.*s: %.*s",
                                        STR_ARG(waited), STR_ARG(in->failure));

        report_condition(&t.report, "Healthy", "False", "HealthCheckFailed", in->failure);
        attempt_fail(&t, "HealthCheckFailed", message, ret);
        return;
    }
    conclude_healthy(&t, in->was_healthy, in->drifted,
                     str_printf(run->arena, "Health check passed in %.*s", STR_ARG(waited)));
    conclude_ready(&t, in->drifted, ret);
}
