/* SPDX-License-Identifier: Apache-2.0 */
#include "app/control/queries.h"

#include "app/control/query.h"
#include "app/control/watching.h"
#include "core/kube/inventory.h"
#include "core/kube/kstatus.h"
#include "core/kube/status_selector.h"

/* Items of a list come without kind and version, which printing wants. */
const struct val *query_complete(struct arena *a, const struct val *object, const struct gvk *gvk)
{
    struct map_builder b;

    if (val_get(object, STR("kind")))
        return object;
    map_builder_init(&b, a);
    map_builder_set(&b, STR("apiVersion"),
                    val_string(a, api_version_format(a, gvk->group, gvk->version)));
    map_builder_set(&b, STR("kind"), val_string(a, gvk->kind));
    for (uint32_t i = 0; i < object->count; i++)
        map_builder_set(&b, object->fields[i].key, object->fields[i].value);
    return map_builder_done(&b, NULL);
}

/* What of a kind is wanted. */
struct selection {
    const struct objects_query *query;
    struct status_selector status;
    const struct observer *observer; /* NULL: one look */
};

static bool is_named(const struct selection *s, const struct val *object)
{
    return s->query->name.len == 0 || str_eq(val_at_str(object, "metadata.name"), s->query->name);
}

static void select_objects(const struct selection *s, struct arena *a,
                           const struct cluster_list *list, struct objects *ret)
{
    struct found found = VEC_INIT;

    *ret = (struct objects){ .count = 0 };
    for (size_t i = 0; i < list->count; i++) {
        if (!is_named(s, list->items[i]))
            continue;
        ret->unfiltered++;
        if (status_selector_matches(&s->status, list->items[i]))
            *VEC_PUSH(a, &found) = query_complete(a, list->items[i], &s->query->gvk);
    }
    ret->items = found.items;
    ret->count = found.count;
}

static struct cluster_selector selector_of(const struct objects_query *query)
{
    return (struct cluster_selector){ .gvk = query->gvk,
                                      .ns = query->ns,
                                      .label_selector = query->label_selector };
}

static struct err *objects(void *self, struct run *r, const struct objects_query *query,
                           struct objects *ret)
{
    struct control_queries *q = self;
    struct cluster_selector sel = selector_of(query);
    struct selection s = { .query = query };
    struct cluster_list list;
    struct err *e;

    if (TRY(&e, status_selector_parse(r->arena, query->status_selector, &s.status)) ||
        TRY(&e, cluster_list_all(&q->cluster, r, &sel, &list)))
        return e;
    select_objects(&s, r->arena, &list, ret);
    return NULL;
}

static void objects_listed(void *self, struct run *r, const struct cluster_list *list)
{
    const struct selection *s = self;
    struct objects objects;

    select_objects(s, r->arena, list, &objects);
    s->observer->listed(s->observer->self, &objects);
}

static void object_changed(void *self, struct run *r, const struct val *object, bool gone)
{
    const struct selection *s = self;

    if (is_named(s, object) && status_selector_matches(&s->status, object))
        s->observer->changed(s->observer->self, query_complete(r->arena, object, &s->query->gvk),
                             gone);
}

static struct err *observe_objects(void *self, struct run *r, const struct objects_query *query,
                                   const struct observer *observer)
{
    struct control_queries *q = self;
    struct cluster_selector sel = selector_of(query);
    struct selection s = { .query = query, .observer = observer };
    struct watching watching = { .listed = objects_listed, .changed = object_changed, .self = &s };
    struct err *e = status_selector_parse(r->arena, query->status_selector, &s.status);

    return e ? e : watching_run(&q->cluster, &q->clock, r, &sel, &watching);
}

static bool is_kustomization(const struct obj_ref *ref)
{
    return str_is(ref->kind, "Kustomization") && str_is(ref->group, "kustomize.toolkit.fluxcd.io");
}

static struct err *grow_tree(struct control_queries *q, struct run *r,
                             const struct val *kustomization, unsigned depth,
                             struct tree_node *node);

static struct err *fill_child(struct control_queries *q, struct run *r, const struct val *live,
                              unsigned depth, struct tree_node *child)
{
    struct kstatus status = kstatus_of(r->arena, live, clock_wall(&q->clock));

    child->status = str_from_cstr(kstatus_name(status.code));
    child->message = status.message;
    if (live && is_kustomization(&child->ref))
        return grow_tree(q, r, live, depth + 1, child);
    return NULL;
}

static struct err *grow_tree(struct control_queries *q, struct run *r,
                             const struct val *kustomization, unsigned depth,
                             struct tree_node *node)
{
    struct obj_ref self = obj_ref_of(kustomization);
    struct cluster_result *live;
    struct tree_node *children;
    struct obj_refs refs;
    struct err *e;

    if (depth > 16)
        return err_new(r->arena, ERR_INVALID,
                       "Kustomizations that apply each other, deeper than 16 levels");
    if (TRY(&e, inventory_parse(r->arena, val_at(kustomization, "status.inventory"), &refs)))
        return e;
    children = ARENA_ARRAY(r->arena, refs.count, struct tree_node);
    live = ARENA_ARRAY(r->arena, refs.count, struct cluster_result);
    if (TRY(&e, cluster_get_set(&q->cluster, r, refs.items, refs.count, live)))
        return e;
    node->children = children;
    for (size_t i = 0; i < refs.count; i++) {
        struct tree_node *child = &children[node->child_count];

        if (obj_ref_eq(&refs.items[i], &self))
            continue;
        node->child_count++;
        child->ref = refs.items[i];
        if (TRY(&e, fill_child(q, r, live[i].err ? NULL : live[i].object, depth, child)))
            return e;
    }
    return NULL;
}

static struct err *tree(void *self, struct run *r, const struct obj_ref *ref, struct tree_node *ret)
{
    struct control_queries *q = self;
    const struct val *object;
    struct err *e;

    if (TRY(&e, cluster_get_one(&q->cluster, r, ref, &object)))
        return e;
    if (!object)
        return err_new(r->arena, ERR_NOT_FOUND,
                       "kustomizations.kustomize.toolkit.fluxcd.io \"%.*s\" not found",
                       STR_ARG(ref->name));
    *ret = (struct tree_node){ .ref = *ref };
    return grow_tree(q, r, object, 0, ret);
}

struct queries control_queries_port(struct control_queries *q)
{
    static const struct queries_ops ops = {
        .objects = objects,
        .tree = tree,
        .events = query_events,
        .observe_objects = observe_objects,
        .observe_events = query_observe_events,
        .trace = query_trace,
        .count = query_count,
        .check = query_check,
        .build = query_build,
        .diff = query_diff,
    };

    return (struct queries){ .ops = &ops, .self = q };
}
