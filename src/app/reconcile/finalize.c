/* SPDX-License-Identifier: Apache-2.0 */
/* The end of a Kustomization: spec.deletionPolicy says what becomes of what it applied. */
#include "app/reconcile/attempt.h"
#include "app/reconcile/kustomization.h"
#include "base/buf.h"
#include "base/vec.h"
#include "core/kube/inventory.h"

static bool should_delete(const struct val *object)
{
    struct str policy = val_at_str(object, "spec.deletionPolicy");

    if (val_at_bool(object, "spec.suspend", false))
        return false;
    if (str_is(policy, "Delete") || str_is(policy, "WaitForTermination"))
        return true;
    return !str_is(policy, "Orphan") && val_at_bool(object, "spec.prune", false);
}

static bool waits(const struct val *object)
{
    return str_is(val_at_str(object, "spec.deletionPolicy"), "WaitForTermination");
}

/* Events of the end carry the reason that Ready has, as Flux' do. */
static const char *ready_reason(struct attempt *t)
{
    struct str reason = val_get_str(condition_get(t->object, STR("Ready")), "reason");

    return reason.len ? str_cstr(t->run->arena, reason) : "info";
}

/* Of `refs` those that are there and end, or with `ending` false those that are there and do not. */
static struct err *pick(struct attempt *t, const struct obj_refs *refs, bool ending,
                        struct obj_refs *ret)
{
    struct cluster_result *found = ARENA_ARRAY(t->run->arena, refs->count, struct cluster_result);
    struct err *e;

    *ret = (struct obj_refs){ .count = 0 };
    if (TRY(&e, cluster_get_set(&t->cluster, t->run, refs->items, refs->count, found)))
        return e;
    for (size_t i = 0; i < refs->count; i++) {
        bool ends = val_at_str(found[i].object, "metadata.deletionTimestamp").len > 0;

        /* What cannot be read may still be there. */
        if (found[i].err && found[i].err->code != ERR_NOT_FOUND)
            return found[i].err;
        if (found[i].object && ends == ending)
            *VEC_PUSH(t->run->arena, ret) = refs->items[i];
    }
    return NULL;
}

/* What was asked to go and is still there, until spec.timeout is over: then it is told, and left. */
static struct err *wait_for_end(struct attempt *t, const struct obj_refs *candidates,
                                bool *ret_waiting)
{
    struct wall_time since = { 0 };
    struct obj_refs left;
    int64_t waited;
    struct err *e;

    *ret_waiting = false;
    if (!waits(t->object))
        return NULL;
    if (TRY(&e, pick(t, candidates, true, &left)) || left.count == 0)
        return e;
    (void)wall_time_parse(val_at_str(t->object, "metadata.deletionTimestamp"), &since);
    waited = clock_wall(&t->ports->clock).ns - since.ns;
    *ret_waiting = waited < kustomization_timeout_ns(t->object);
    if (!*ret_waiting) {
        report_event(&t->report, EVENT_ERROR, ready_reason(t),
                     STR("failed to wait for resources termination"),
                     val_at_str(t->object, "status.lastAppliedRevision"));
        log_write(&t->ports->log, LOG_ERROR, STR("failed to wait for resources termination"),
                  &(struct log_fields){ .controller = STR("kustomization"),
                                        .kind = STR("Kustomization"),
                                        .ns = t->owner.ns,
                                        .name = t->owner.name,
                                        .error = obj_ref_format(t->run->arena, &left.items[0]) });
    }
    return NULL;
}

/* Deletes what is in the inventory. An account that is gone can delete nothing: what it held is told, and stays. */
static struct err *delete_all(struct attempt *t, const struct obj_refs *inventory,
                              bool *ret_waiting)
{
    struct arena *a = t->run->arena;
    struct str revision = val_at_str(t->object, "status.lastAppliedRevision");
    struct obj_refs none = { 0 }, candidates = prune_candidates(a, inventory, &none);
    struct obj_refs asked = candidates;
    struct prune_result result = { 0 };
    struct err *e;

    if (!target_has_account(t->ports, t->run, t->object)) {
        struct buf list;

        buf_init(&list, a, 0);
        for (size_t i = 0; i < candidates.count; i++)
            buf_printf(&list, "\n%.*s", STR_ARG(obj_ref_format(a, &candidates.items[i])));
        report_event(&t->report, EVENT_ERROR, ready_reason(t),
                     str_printf(a, "unable to prune objects: %.*s", STR_ARG(buf_str(&list))),
                     revision);
        return NULL;
    }
    if (TRY(&e, target_open(t->ports, t->run, t->object, &t->cluster)))
        return e;
    /* A run that only waits asks nothing twice. */
    if (waits(t->object) && TRY(&e, pick(t, &candidates, false, &asked)))
        return e;
    e = prune_run(&t->cluster, t->run, &asked, &t->owner, &result);
    if (result.settled.count > 0)
        report_event(&t->report, EVENT_INFO, ready_reason(t), prune_change_log(a, &result),
                     revision);
    return e ? e : wait_for_end(t, &candidates, ret_waiting);
}

void attempt_finalize(struct attempt *t, struct outcome *ret)
{
    struct obj_refs inventory;
    bool waiting = false;
    struct err *e;

    *ret = (struct outcome){ .kind = OUTCOME_GONE };
    e = inventory_parse(t->run->arena, val_at(t->object, "status.inventory"), &inventory);
    if (!e && should_delete(t->object) && TRY(&e, delete_all(t, &inventory, &waiting)))
        report_event(&t->report, EVENT_ERROR, ready_reason(t),
                     STR("pruning for deleted resource failed"),
                     val_at_str(t->object, "status.lastAppliedRevision"));
    if (waiting) {
        *ret = (struct outcome){ .kind = OUTCOME_WAIT_STAGE, .requeue_ns = NS_PER_S };
        return;
    }
    if (!e)
        e = report_finalizer(&t->report, false);
    if (e && e->code != ERR_NOT_FOUND) {
        ret->kind = OUTCOME_RETRY;
        ret->requeue_ns = 5 * NS_PER_S;
    }
}
