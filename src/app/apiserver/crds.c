/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Definitions: right after one is written its names are settled, its status is written and its resources are served, all
 * before the writer gets the answer; so what follows in the same manifest finds its kind. Deletion is the
 * keeper's (namespaces.c has the like for namespaces).
 */
#include "app/apiserver/crds.h"

#include "app/apiserver/hub.h"
#include "app/apiserver/internal.h"
#include "app/apiserver/verbs.h"
#include "base/vec.h"

enum { SETTLE_ATTEMPTS = 5 };

const struct api_resource *crd_resource(struct apiserver *s, struct arena *a)
{
    return registry_find(s->registry, a, STR("apiextensions.k8s.io"), STR("v1"),
                         STR("customresourcedefinitions"));
}

static void log_failure(struct apiserver *s, struct arena *a, struct str name, const struct err *e)
{
    struct log_fields fields = { .kind = STR("CustomResourceDefinition"), .name = name };

    fields.error = err_line(a, e);
    log_write(&s->log, LOG_ERROR, STR("could not serve a custom resource definition"), &fields);
}

static struct str crd_store_key(struct arena *a, const struct val *crd)
{
    return str_printf(a, "%.*s/%.*s", STR_ARG(val_at_str(crd, "spec.group")),
                      STR_ARG(val_at_str(crd, "spec.names.plural")));
}

void crd_serve(struct apiserver *s, struct arena *a, const struct val *crd)
{
    bool changed = false;
    struct err *e = registry_set(s->registry, a, crd, &changed);

    if (e)
        log_failure(s, a, val_at_str(crd, "metadata.name"), e);
    if (changed)
        hub_end_resource(s->hub, crd_store_key(a, crd));
}

void crd_withdraw(struct apiserver *s, struct arena *a, struct str name)
{
    size_t dot = str_find_byte(name, '.', 0);

    if (registry_remove(s->registry, name) && dot != SIZE_MAX)
        hub_end_resource(s->hub, str_printf(a, "%.*s/%.*s", STR_ARG(str_skip(name, dot + 1)),
                                            STR_ARG(str_slice(name, 0, dot))));
}

/* The other definitions of a group: only with them can names clash. */
struct siblings {
    struct arena *a;
    const struct api_resource *resource;
    struct str name;
    struct str group;
    VEC(const struct val *) items;
};

static void add_sibling(void *ctx, struct arena *page, const struct store_row *row)
{
    struct siblings *s = ctx;
    const struct val *crd = NULL;
    size_t dot = str_find_byte(row->key.name, '.', 0);

    (void)page;
    /* Names are "plural.group", so most need not be parsed; definitions are large. */
    if (dot == SIZE_MAX || !str_eq(str_skip(row->key.name, dot + 1), s->group) ||
        str_eq(row->key.name, s->name) ||
        storage_decode(s->a, s->resource, str_dup(s->a, row->value), row->revision, &crd))
        return;
    *VEC_PUSH(s->a, &s->items) = crd;
}

/* One attempt; ERR_CONFLICT when the definition changed meanwhile. */
static struct err *settle_once(struct apiserver *s, struct run *r, struct str name)
{
    const struct api_resource *res = crd_resource(s, r->arena);
    const struct val *crd = NULL;
    const struct val *settled;
    struct siblings others = { .a = r->arena, .resource = res, .name = name };
    int64_t revision;
    struct err *e;

    if (TRY(&e, storage_get(s, r, res, STR(""), name, &crd)))
        return e;
    revision = storage_revision(crd);
    if (!crd) {
        crd_withdraw(s, r->arena, name);
        return NULL;
    }
    others.group = val_at_str(crd, "spec.group");
    storage_each(s, api_resource_store_key(r->arena, res), add_sibling, &others);
    settled = crd_with_status(r->arena, crd, others.items.items, others.items.count,
                              clock_wall(&s->clock));
    if (!val_eq(val_get(settled, STR("status")), val_get(crd, STR("status")))) {
        struct storage_write w = {
            .resource = res, .name = name, .object = settled, .expected = revision
        };

        if (TRY(&e, storage_commit(s, r, &w, &revision)))
            return e;
    }
    crd_serve(s, r->arena, storage_with_revision(r->arena, settled, revision));
    return NULL;
}

void crd_settle(struct apiserver *s, struct run *r, struct str name)
{
    struct err *e = NULL;

    pthread_mutex_lock(&s->crd_lock);
    for (int i = 0; i < SETTLE_ATTEMPTS; i++) {
        e = settle_once(s, r, name);
        if (!e || e->code != ERR_CONFLICT)
            break;
    }
    pthread_mutex_unlock(&s->crd_lock);
    if (e)
        log_failure(s, r->arena, name, e);
}

struct err *crd_load_all(struct apiserver *s, struct run *r)
{
    struct storage_objects all = { 0 };
    struct err *e;

    if (TRY(&e, storage_list(s, r, crd_resource(s, r->arena), STR(""), &all)))
        return e;
    for (size_t i = 0; i < all.count; i++)
        crd_serve(s, r->arena, all.items[i]);
    return NULL;
}

/* ---- deletion ---- */

bool crd_is_terminating(const struct val *crd)
{
    return val_at(crd, "metadata.deletionTimestamp") != NULL;
}

static bool delete_instances(struct apiserver *s, struct run *r, const struct val *crd)
{
    const struct api_resource *res = registry_find_stored(s->registry, r->arena,
                                                          crd_store_key(r->arena, crd));
    struct storage_objects all = { 0 };
    bool left = false;

    if (!res) /* never established: nothing was ever stored */
        return true;
    if (storage_list(s, r, res, STR(""), &all))
        return false;
    for (size_t i = 0; i < all.count; i++) {
        struct internal_request q = {
            .method = "DELETE",
            .path = internal_path(r->arena, res, val_at_str(all.items[i], "metadata.namespace"),
                                  val_at_str(all.items[i], "metadata.name"), NULL),
            .agent = "kube-apiserver",
        };
        const struct val *answer = NULL;
        int status = val_at(all.items[i], "metadata.deletionTimestamp")
                         ? 200
                         : internal_serve(s, r, &q, &answer);

        /* An object that comes back has finalizers. */
        if (status != 404 && !str_is(val_get_str(answer, "kind"), "Status"))
            left = true;
    }
    return !left;
}

static const struct val *without_cleanup(struct arena *a, const struct val *finalizers)
{
    struct seq_builder b;

    seq_builder_init(&b, a);
    for (size_t i = 0; i < val_count(finalizers); i++)
        if (!str_eq(val_str(val_item(finalizers, i)), CRD_CLEANUP_FINALIZER))
            seq_builder_add(&b, val_item(finalizers, i));
    return seq_builder_done(&b, NULL);
}

bool crd_finish_deletion(struct apiserver *s, struct run *r, struct str name)
{
    const struct api_resource *res = crd_resource(s, r->arena);
    const struct val *crd = NULL;
    const struct val *finalizers;
    struct internal_request q = { .method = "PATCH",
                                  .content_type = "application/merge-patch+json",
                                  .agent = "kube-apiserver" };
    int status;

    if (storage_get(s, r, res, STR(""), name, &crd) || !crd || !crd_is_terminating(crd))
        return true;
    if (!delete_instances(s, r, crd))
        return false;
    finalizers = without_cleanup(r->arena, val_at(crd, "metadata.finalizers"));
    q.path = internal_path(r->arena, res, STR(""), name, NULL);
    q.body = val_map_of(r->arena, "metadata",
                        val_map_of(r->arena, "finalizers", finalizers, "resourceVersion",
                                   val_at(crd, "metadata.resourceVersion"), NULL),
                        NULL);
    status = internal_serve(s, r, &q, NULL);
    return status == 200 || status == 404;
}
