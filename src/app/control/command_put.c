/* SPDX-License-Identifier: Apache-2.0 */
/* Creating, changing and deleting single objects, as the flux CLI does it. */
#include "app/control/command.h"
#include "app/control/readiness.h"
#include "core/api/flux_kinds.h"
#include "core/kube/conditions.h"

#define FIELD_MANAGER STR("flux")

static void say(const struct progress *p, enum progress_kind kind, struct str text)
{
    p->say(p->self, kind, text);
}

static bool is_flux(const struct obj_ref *ref)
{
    return str_has_suffix(ref->group, STR(".toolkit.fluxcd.io"));
}

/* Labels and spec as given, whatever stood there; the rest stays. */
static const struct val *replacing(struct arena *a, const struct val *live,
                                   const struct val *object)
{
    const struct val *labels = val_at(object, "metadata.labels");
    const struct val *operations[2];
    size_t count = 0;

    operations[count++] = val_map_of(a, "op", val_cstring(a, "replace"), "path",
                                     val_cstring(a, "/spec"), "value", val_get(object, STR("spec")),
                                     NULL);
    if (labels || val_at(live, "metadata.labels"))
        operations[count++] = val_map_of(a, "op", val_cstring(a, "add"), "path",
                                         val_cstring(a, "/metadata/labels"), "value",
                                         labels ? labels : &val_empty_map, NULL);
    return val_seq(a, operations, count);
}

/* What is given is added to what is there. */
static const struct val *adding(struct arena *a, const struct val *object)
{
    return val_map_of(a, "metadata",
                      val_map_of(a, "labels", val_at(object, "metadata.labels"), "annotations",
                                 val_at(object, "metadata.annotations"), NULL),
                      "stringData", val_get(object, STR("stringData")), NULL);
}

static bool holds(const struct val *live, const struct val *object, const char *path)
{
    const struct val *wanted = val_at(object, path), *there = val_at(live, path);

    return !wanted || (there && val_eq(wanted, there));
}

/* A RoleBinding's role cannot be changed: another one takes its place. */
static struct err *replace_binding(struct control_commands *c, struct run *r,
                                   const struct obj_ref *ref, const struct val *live,
                                   const struct val *object)
{
    struct cluster_delete del = { .ref = *ref, .uid = val_at_str(live, "metadata.uid") };
    struct cluster_result gone = { 0 };
    const struct val *ignored;
    struct err *e;

    if (holds(live, object, "subjects") && holds(live, object, "roleRef") &&
        holds(live, object, "metadata.labels"))
        return NULL;
    if (TRY(&e, cluster_delete_set(&c->cluster, r, &del, 1, &gone)))
        return e;
    return gone.err ? gone.err : cluster_create(&c->cluster, r, object, FIELD_MANAGER, &ignored);
}

static struct err *change(struct control_commands *c, struct run *r, const struct obj_ref *ref,
                          const struct val *live, const struct val *object)
{
    bool flux = is_flux(ref);
    struct cluster_patch patch = { .ref = *ref,
                                   .type = flux ? CLUSTER_PATCH_JSON : CLUSTER_PATCH_MERGE,
                                   .field_manager = FIELD_MANAGER };
    const struct val *ignored;

    if (str_is(ref->kind, "RoleBinding"))
        return replace_binding(c, r, ref, live, object);
    patch.patch = flux ? replacing(r->arena, live, object) : adding(r->arena, object);
    return cluster_patch_one(&c->cluster, r, &patch, &ignored);
}

static struct err *wait_ready(struct control_commands *c, struct run *r, const struct obj_ref *ref,
                              struct str human, const struct progress *p)
{
    bool kustomization = str_is(ref->kind, "Kustomization");
    const struct val *object, *ready;
    struct err *e;

    say(p, PROGRESS_WAITING,
        str_printf(r->arena, "waiting for %.*s reconciliation", STR_ARG(human)));
    if (TRY(&e, readiness_wait(&c->cluster, &c->clock, r, ref, &object)))
        return e;
    ready = condition_get(object, STR("Ready"));
    if (!condition_is(object, "Ready", "True"))
        return err_new(r->arena, ERR_INVALID, "%.*s reconciliation failed: %.*s", STR_ARG(human),
                       STR_ARG(val_get_str(ready, "message")));
    say(p, PROGRESS_SUCCESS,
        kustomization
            ? str_printf(r->arena, "%.*s %.*s is ready", STR_ARG(human), STR_ARG(ref->name))
            : str_printf(r->arena, "%.*s reconciliation completed", STR_ARG(human)));
    say(p, PROGRESS_SUCCESS,
        kustomization ? str_printf(r->arena, "applied revision %.*s",
                                   STR_ARG(val_at_str(object, "status.lastAppliedRevision")))
                      : str_printf(r->arena, "fetched revision: %.*s",
                                   STR_ARG(val_at_str(object, "status.artifact.revision"))));
    return NULL;
}

struct err *command_put(void *self, struct run *r, const struct put_request *req,
                        const struct progress *p)
{
    struct control_commands *c = self;
    struct obj_ref ref = obj_ref_of(req->object);
    const struct val *live = NULL, *ignored;
    struct err *e;

    if (TRY(&e, cluster_get_one(&c->cluster, r, &ref, &live)))
        return e;
    if (live)
        e = change(c, r, &ref, live, req->object);
    else
        e = cluster_create(&c->cluster, r, req->object, FIELD_MANAGER, &ignored);
    if (e || req->human.len == 0)
        return e;
    say(p, PROGRESS_SUCCESS,
        str_printf(r->arena, "%.*s %s", STR_ARG(req->human), live ? "updated" : "created"));
    return wait_ready(c, r, &ref, req->human, p);
}

struct err *command_remove(void *self, struct run *r, const struct obj_ref *ref,
                           const struct progress *p)
{
    struct control_commands *c = self;
    const struct flux_kind *kind = flux_kind_find(ref->kind);
    struct str human = kind ? str_from_cstr(kind->human) : ref->kind;
    struct cluster_delete del = { .ref = *ref };
    struct cluster_result gone = { 0 };
    const struct val *live = NULL;
    struct err *e;

    if (TRY(&e, cluster_get_one(&c->cluster, r, ref, &live)))
        return e;
    if (!live)
        return err_new(r->arena, ERR_NOT_FOUND, "%.*s object '%.*s' not found in %.*s namespace",
                       STR_ARG(ref->kind), STR_ARG(ref->name), STR_ARG(ref->ns));
    say(p, PROGRESS_ACTION,
        str_printf(r->arena, "deleting %.*s %.*s in %.*s namespace", STR_ARG(human),
                   STR_ARG(ref->name), STR_ARG(ref->ns)));
    del.uid = val_at_str(live, "metadata.uid");
    if (TRY(&e, cluster_delete_set(&c->cluster, r, &del, 1, &gone)))
        return e;
    if (gone.err)
        return gone.err;
    say(p, PROGRESS_SUCCESS, str_printf(r->arena, "%.*s deleted", STR_ARG(human)));
    return NULL;
}
