/* SPDX-License-Identifier: Apache-2.0 */
#include "app/apiserver/namespaces.h"

#include "app/apiserver/internal.h"
#include "app/apiserver/storage.h"
#include "base/vec.h"

#define AGENT "kube-controller-manager"

struct count {
    struct str what; /* "configmaps." or a finalizer */
    size_t count;
};

struct remains {
    VEC(struct count) resources;
    VEC(struct count) finalizers;
    bool failed;
};

bool namespace_is_terminating(const struct val *ns)
{
    return val_at(ns, "metadata.deletionTimestamp") != NULL;
}

static void count_finalizers(struct arena *a, struct remains *left, const struct val *object)
{
    const struct val *finalizers = val_at(object, "metadata.finalizers");

    for (size_t i = 0; i < val_count(finalizers); i++) {
        struct str name = val_str(val_item(finalizers, i));
        struct count *c = NULL;

        for (size_t k = 0; k < left->finalizers.count && !c; k++)
            if (str_eq(left->finalizers.items[k].what, name))
                c = &left->finalizers.items[k];
        if (!c) {
            c = VEC_PUSH(a, &left->finalizers);
            c->what = name;
        }
        c->count++;
    }
}

/* Deletes the objects of one resource; what is still there afterwards is counted. */
static void empty_resource(struct apiserver *s, struct run *r, const struct api_resource *res,
                           struct str ns, struct remains *left)
{
    struct storage_objects all = { 0 };
    struct count *c;

    if (storage_list(s, r, res, ns, &all)) {
        left->failed = true;
        return;
    }
    for (size_t i = 0; i < all.count; i++) {
        struct internal_request q = {
            .method = "DELETE",
            .path = internal_path(r->arena, res, ns, val_at_str(all.items[i], "metadata.name"),
                                  NULL),
            .query = STR("propagationPolicy=Background"),
            .agent = AGENT,
        };

        if (!val_at(all.items[i], "metadata.deletionTimestamp") &&
            internal_serve(s, r, &q, NULL) >= 500)
            left->failed = true;
    }
    if (!all.count)
        return;
    if (storage_list(s, r, res, ns, &all)) {
        left->failed = true;
        return;
    }
    for (size_t i = 0; i < all.count; i++)
        count_finalizers(r->arena, left, all.items[i]);
    if (!all.count)
        return;
    c = VEC_PUSH(r->arena, &left->resources);
    c->what = str_printf(r->arena, "%.*s.%.*s", STR_ARG(res->plural), STR_ARG(res->gvk.group));
    c->count = all.count;
}

/* Each kind once, in the version it is stored in. */
static bool holds_objects(const struct api_resource *res)
{
    return res->namespaced && !(res->traits & API_VIRTUAL) && (res->verbs & API_DELETE) &&
           (res->verbs & API_LIST) && str_eq(res->gvk.group, res->storage_group) &&
           str_eq(res->gvk.version, res->storage_version);
}

/* ---- conditions ---- */

static struct str list_counts(struct arena *a, const char *intro, const char *joint,
                              const struct count *items, size_t count)
{
    struct str *parts = ARENA_ARRAY(a, count + 1, struct str);

    for (size_t i = 0; i < count; i++)
        parts[i] = str_printf(a, "%.*s %s %zu resource instances", STR_ARG(items[i].what), joint,
                              items[i].count);
    for (size_t i = 1; i < count; i++) /* few: sorted by insertion */
        for (size_t k = i; k > 0 && str_cmp(parts[k], parts[k - 1]) < 0; k--) {
            struct str swap = parts[k];

            parts[k] = parts[k - 1];
            parts[k - 1] = swap;
        }
    return str_printf(a, "%s%.*s", intro, STR_ARG(str_join(a, parts, count, STR(", "))));
}

/* Conditions being written over old ones, whose times are kept where nothing changes. */
struct condition_list {
    struct arena *a;
    const struct val *old;
    struct wall_time now;
    struct seq_builder items;
};

static void add_condition(struct condition_list *l, const char *type, bool is, const char *reason,
                          struct str message)
{
    struct arena *a = l->a;
    const struct val *status = val_cstring(a, is ? "True" : "False");
    const struct val *since = val_string(a, wall_time_format(a, l->now));

    for (size_t i = 0; i < val_count(l->old); i++) {
        const struct val *c = val_item(l->old, i);

        if (str_eq(val_get_str(c, "type"), str_from_cstr(type)) &&
            str_eq(val_get_str(c, "status"), val_str(status)) &&
            str_eq(val_get_str(c, "message"), message) &&
            str_eq(val_get_str(c, "reason"), str_from_cstr(reason))) {
            seq_builder_add(&l->items, c);
            return;
        }
    }
    seq_builder_add(&l->items,
                    val_map_of(a, "type", val_cstring(a, type), "status", status,
                               "lastTransitionTime", since, "reason", val_cstring(a, reason),
                               "message", val_string(a, message), NULL));
}

static const struct val *conditions(struct arena *a, const struct val *old,
                                    const struct remains *left, struct wall_time now)
{
    struct condition_list l = { .a = a, .old = old, .now = now };
    bool content = left->resources.count > 0;
    bool held = left->finalizers.count > 0;
    struct str what = STR("All content successfully removed");
    struct str who = STR("All content-preserving finalizers finished");

    seq_builder_init(&l.items, a);
    if (content)
        what = list_counts(a, "Some resources are remaining: ", "has", left->resources.items,
                           left->resources.count);
    if (held)
        who = list_counts(a, "Some content in the namespace has finalizers remaining: ", "in",
                          left->finalizers.items, left->finalizers.count);
    add_condition(&l, "NamespaceDeletionDiscoveryFailure", false, "ResourcesDiscovered",
                  STR("All resources successfully discovered"));
    add_condition(&l, "NamespaceDeletionGroupVersionParsingFailure", false, "ParsedGroupVersions",
                  STR("All legacy kube types successfully parsed"));
    add_condition(&l, "NamespaceDeletionContentFailure", false, "ContentDeleted",
                  STR("All content successfully deleted, may be waiting on finalization"));
    add_condition(&l, "NamespaceContentRemaining", content,
                  content ? "SomeResourcesRemain" : "ContentRemoved", what);
    add_condition(&l, "NamespaceFinalizersRemaining", held,
                  held ? "SomeFinalizersRemain" : "ContentHasNoFinalizers", who);
    return seq_builder_done(&l.items, NULL);
}

static void write_conditions(struct apiserver *s, struct run *r, const struct val *ns,
                             const struct remains *left)
{
    struct arena *a = r->arena;
    struct internal_request q = { .method = "PATCH",
                                  .content_type = "application/merge-patch+json",
                                  .agent = AGENT };
    const struct val *old = val_at(ns, "status.conditions");
    const struct val *now = conditions(a, old, left, clock_wall(&s->clock));

    if (val_eq(old, now))
        return;
    q.path = str_printf(a, "/api/v1/namespaces/%.*s/status",
                        STR_ARG(val_at_str(ns, "metadata.name")));
    q.body = val_map_of(a, "status", val_map_of(a, "conditions", now, NULL), NULL);
    (void)internal_serve(s, r, &q, NULL);
}

/* Takes "kubernetes" out of spec.finalizers; without others the namespace goes. */
static bool finalize(struct apiserver *s, struct run *r, const struct val *ns)
{
    struct arena *a = r->arena;
    const struct val *old = val_at(ns, "spec.finalizers");
    struct internal_request q = { .method = "PUT", .agent = AGENT };
    struct seq_builder rest;
    int status;

    seq_builder_init(&rest, a);
    for (size_t i = 0; i < val_count(old); i++)
        if (!str_is(val_str(val_item(old, i)), "kubernetes"))
            seq_builder_add(&rest, val_item(old, i));
    q.path = str_printf(a, "/api/v1/namespaces/%.*s/finalize",
                        STR_ARG(val_at_str(ns, "metadata.name")));
    q.body = val_without_at(a, ns, "metadata.resourceVersion");
    q.body = val_with_at(a, q.body, "spec.finalizers", seq_builder_done(&rest, NULL));
    status = internal_serve(s, r, &q, NULL);
    return status < 300 || status == 404;
}

bool namespace_finish_deletion(struct apiserver *s, struct run *r, struct str name)
{
    const struct api_resource *res = registry_find(s->registry, r->arena, STR(""), STR("v1"),
                                                   STR("namespaces"));
    struct served_resources all = registry_all(s->registry, r->arena);
    struct remains left = { 0 };
    const struct val *ns = NULL;

    if (storage_get(s, r, res, STR(""), name, &ns))
        return false;
    if (!ns || !namespace_is_terminating(ns))
        return true;
    for (size_t i = 0; i < all.count; i++)
        if (holds_objects(all.items[i]))
            empty_resource(s, r, all.items[i], name, &left);
    write_conditions(s, r, ns, &left);
    if (left.resources.count || left.failed)
        return false;
    /* Read again: the status has just changed it. */
    return !storage_get(s, r, res, STR(""), name, &ns) && (!ns || finalize(s, r, ns));
}
