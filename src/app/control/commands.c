/* SPDX-License-Identifier: Apache-2.0 */
#include "app/control/commands.h"

#include "app/control/command.h"
#include "app/control/readiness.h"
#include "app/reconcile/gate.h"
#include "core/api/flux_kinds.h"
#include "core/kube/conditions.h"
#include "core/kube/kstatus.h"

#define FIELD_MANAGER STR("flux")

static void say(const struct progress *p, enum progress_kind kind, struct str text)
{
    p->say(p->self, kind, text);
}

static struct err *read_object(struct control_commands *c, struct run *r, const struct obj_ref *ref,
                               const struct val **ret)
{
    struct err *e = cluster_get_one(&c->cluster, r, ref, ret);

    if (!e && !*ret)
        e = err_new(r->arena, ERR_NOT_FOUND, "%.*s object '%.*s' not found in %.*s namespace",
                    STR_ARG(ref->kind), STR_ARG(ref->name), STR_ARG(ref->ns));
    return e;
}

static struct err *annotate(struct control_commands *c, struct run *r,
                            const struct reconcile_request *req, const struct progress *p)
{
    struct arena *a = r->arena;
    struct wall_time now = clock_wall(&c->clock);
    struct str token = str_printf(a, "%.*s.%09lldZ",
                                  STR_ARG(str_trim_suffix(wall_time_format(a, now), STR("Z"))),
                                  (long long)(now.ns % NS_PER_S));
    const struct val *annotations = val_with(a, NULL, STR("reconcile.fluxcd.io/requestedAt"),
                                             val_string(a, token)),
                     *ignored;
    struct cluster_patch patch = { .ref = req->ref,
                                   .type = CLUSTER_PATCH_MERGE,
                                   .field_manager = FIELD_MANAGER };
    struct err *e;

    if (req->force)
        annotations = val_with(a, annotations, STR("reconcile.fluxcd.io/forceAt"),
                               val_string(a, token));
    say(p, PROGRESS_ACTION,
        str_printf(a, "annotating %.*s %.*s in %.*s namespace", STR_ARG(req->ref.kind),
                   STR_ARG(req->ref.name), STR_ARG(req->ref.ns)));
    patch.patch = val_map_of(a, "metadata", val_map_of(a, "annotations", annotations, NULL), NULL);
    if (TRY(&e, cluster_patch_one(&c->cluster, r, &patch, &ignored)))
        return e;
    say(p, PROGRESS_SUCCESS, str_printf(a, "%.*s annotated", STR_ARG(req->ref.kind)));
    return NULL;
}

/* Until the request is handled and the object has come to rest. */
static struct err *wait_handled(struct control_commands *c, struct run *r,
                                const struct obj_ref *ref, struct str before,
                                const struct val **ret)
{
    for (;;) {
        struct kstatus status;
        struct err *e = read_object(c, r, ref, ret);

        if (e)
            return e;
        status = kstatus_of(r->arena, *ret, clock_wall(&c->clock));
        if (!str_eq(val_at_str(*ret, "status.lastHandledReconcileAt"), before)) {
            if (status.code == KSTATUS_CURRENT || condition_is(*ret, "Ready", "False"))
                return NULL;
            if (status.code == KSTATUS_FAILED || status.code == KSTATUS_TERMINATING)
                return err_new(r->arena, ERR_INVALID, "%.*s", STR_ARG(status.message));
        }
        if (clock_mono(&c->clock).ns >= r->deadline.ns)
            return err_new(r->arena, ERR_TIMEOUT,
                           "timed out waiting for %.*s '%.*s' to be reconciled: raise --timeout",
                           STR_ARG(ref->kind), STR_ARG(ref->name));
        readiness_pause(&c->clock);
    }
}

static struct err *report_ready(struct run *r, const struct val *object, const struct progress *p)
{
    const struct val *ready = condition_get(object, STR("Ready"));
    struct str kind = val_get_str(object, "kind"), message = val_get_str(ready, "message");

    if (!ready)
        return err_new(r->arena, ERR_INVALID, "status can't be determined");
    if (!str_is(val_get_str(ready, "status"), "True"))
        return err_new(r->arena, ERR_INVALID, "%.*s reconciliation failed: '%.*s'", STR_ARG(kind),
                       STR_ARG(message));
    if (str_is(kind, "Kustomization"))
        message = str_printf(r->arena, "applied revision %.*s",
                             STR_ARG(val_at_str(object, "status.lastAppliedRevision")));
    else
        message = str_printf(r->arena, "fetched revision %.*s",
                             STR_ARG(val_at_str(object, "status.artifact.revision")));
    say(p, PROGRESS_SUCCESS, message);
    return NULL;
}

static struct err *reconcile_one(struct control_commands *c, struct run *r,
                                 const struct reconcile_request *req, const struct progress *p)
{
    const struct val *object;
    struct str before;
    struct err *e;

    if (TRY(&e, read_object(c, r, &req->ref, &object)))
        return e;
    if (val_at_bool(object, "spec.suspend", false))
        return err_new(r->arena, ERR_INVALID, "resource is suspended");
    before = val_at_str(object, "status.lastHandledReconcileAt");
    if (TRY(&e, annotate(c, r, req, p)))
        return e;
    say(p, PROGRESS_WAITING,
        str_printf(r->arena, "waiting for %.*s reconciliation", STR_ARG(req->ref.kind)));
    if (TRY(&e, wait_handled(c, r, &req->ref, before, &object)))
        return e;
    return report_ready(r, object, p);
}

static struct err *reconcile(void *self, struct run *r, const struct reconcile_request *req,
                             const struct progress *p)
{
    struct control_commands *c = self;
    struct reconcile_request source = { .with_source = false };
    const struct val *object;
    struct err *e;

    if (req->with_source) {
        if (TRY(&e, read_object(c, r, &req->ref, &object)))
            return e;
        if (val_at_bool(object, "spec.suspend", false))
            return err_new(r->arena, ERR_INVALID, "resource is suspended");
        source.ref = gate_source_ref(object);
        if (TRY(&e, reconcile_one(c, r, &source, p)))
            return e;
    }
    return reconcile_one(c, r, req, p);
}

static struct str human_kind(struct str kind)
{
    const struct flux_kind *known = flux_kind_find(kind);

    return known ? str_from_cstr(known->human) : kind;
}

static struct err *set_suspended(struct control_commands *c, struct run *r,
                                 const struct suspend_request *req, const struct val *object,
                                 const struct progress *p)
{
    struct arena *a = r->arena;
    struct obj_ref ref = obj_ref_of(object);
    struct str kind = human_kind(req->gvk.kind);
    struct cluster_patch patch = { .type = CLUSTER_PATCH_MERGE, .field_manager = FIELD_MANAGER };
    const struct val *after;
    struct err *e;

    ref.group = req->gvk.group;
    ref.version = req->gvk.version;
    ref.kind = req->gvk.kind;
    patch.ref = ref;
    say(p, PROGRESS_ACTION,
        str_printf(a, "%s %.*s %.*s in %.*s namespace", req->resume ? "resuming" : "suspending",
                   STR_ARG(kind), STR_ARG(ref.name), STR_ARG(ref.ns)));
    patch.patch = val_map_of(
        a, "spec", val_map_of(a, "suspend", req->resume ? &val_null : &val_true, NULL), NULL);
    if (TRY(&e, cluster_patch_one(&c->cluster, r, &patch, &after)))
        return e;
    say(p, PROGRESS_SUCCESS,
        str_printf(a, "%.*s %s", STR_ARG(kind), req->resume ? "resumed" : "suspended"));
    return NULL;
}

/* After a resume: until the object is ready as it stands, or has failed. */
static struct err *wait_resumed(struct control_commands *c, struct run *r,
                                const struct obj_ref *ref, const struct progress *p)
{
    const struct val *object;
    struct err *e;

    say(p, PROGRESS_WAITING,
        str_printf(r->arena, "waiting for %.*s reconciliation", STR_ARG(ref->kind)));
    if (TRY(&e, readiness_wait(&c->cluster, &c->clock, r, ref, &object)))
        return e;
    say(p, PROGRESS_SUCCESS,
        str_printf(r->arena, "%.*s %.*s reconciliation completed", STR_ARG(ref->kind),
                   STR_ARG(ref->name)));
    return report_ready(r, object, p);
}

/* Each is waited for, whatever becomes of the others. */
static struct err *wait_all_resumed(struct control_commands *c, struct run *r,
                                    const struct suspend_request *req,
                                    const struct cluster_list *list, const struct progress *p)
{
    size_t failed = 0;

    for (size_t i = 0; i < list->count; i++) {
        struct obj_ref ref = { req->gvk.group, req->gvk.version, req->gvk.kind, req->ns,
                               val_at_str(list->items[i], "metadata.name") };
        struct err *e = wait_resumed(c, r, &ref, p);

        if (!e)
            continue;
        failed++;
        say(p, PROGRESS_FAILURE,
            str_printf(r->arena, "%.*s %.*s: %.*s", STR_ARG(ref.kind), STR_ARG(ref.name),
                       STR_ARG(err_line(r->arena, e))));
    }
    if (failed == 0)
        return NULL;
    return err_new(r->arena, ERR_INVALID, "reconciliation failed for %zu %.*s(s)", failed,
                   STR_ARG(req->gvk.kind));
}

/* All of the namespace: first each is set, then each is waited for. */
static struct err *suspend_all(struct control_commands *c, struct run *r,
                               const struct suspend_request *req, const struct progress *p)
{
    struct cluster_selector sel = { .gvk = req->gvk, .ns = req->ns };
    struct cluster_list list;
    struct err *e;

    if (TRY(&e, cluster_list_all(&c->cluster, r, &sel, &list)))
        return e;
    if (list.count == 0)
        return err_new(r->arena, ERR_NOT_FOUND, "no %.*s objects found in %.*s namespace",
                       STR_ARG(req->gvk.kind), STR_ARG(req->ns));
    for (size_t i = 0; i < list.count; i++)
        if (TRY(&e, set_suspended(c, r, req, list.items[i], p)))
            return e;
    return req->resume && req->wait ? wait_all_resumed(c, r, req, &list, p) : NULL;
}

static struct err *suspend_named(struct control_commands *c, struct run *r,
                                 const struct suspend_request *req, struct str name,
                                 const struct progress *p)
{
    struct obj_ref ref = { req->gvk.group, req->gvk.version, req->gvk.kind, req->ns, name };
    const struct val *object;
    struct err *e;

    if (TRY(&e, read_object(c, r, &ref, &object)) || TRY(&e, set_suspended(c, r, req, object, p)))
        return e;
    return req->resume && req->wait ? wait_resumed(c, r, &ref, p) : NULL;
}

static struct err *suspend(void *self, struct run *r, const struct suspend_request *req,
                           const struct progress *p)
{
    struct control_commands *c = self;
    struct err *e;

    for (size_t i = 0; i < req->name_count; i++)
        if (TRY(&e, suspend_named(c, r, req, req->names[i], p)))
            return e;
    return req->all ? suspend_all(c, r, req, p) : NULL;
}

struct commands control_commands_port(struct control_commands *c)
{
    static const struct commands_ops ops = {
        .reconcile = reconcile, .suspend = suspend, .put = command_put, .remove = command_remove
    };

    return (struct commands){ .ops = &ops, .self = c };
}
