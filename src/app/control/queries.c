/* SPDX-License-Identifier: Apache-2.0 */
#include "app/control/queries.h"

#include "app/reconcile/gate.h"
#include "base/vec.h"
#include "core/kube/inventory.h"
#include "core/kube/kstatus.h"

struct found {
    const struct val **items;
    size_t count;
    size_t cap;
};

/* List items come without kind and version, which printing wants. */
static const struct val *complete(struct arena *a, const struct val *object, const struct gvk *gvk)
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

static struct err *objects(void *self, struct run *r, const struct objects_query *query,
                           struct objects *ret)
{
    struct control_queries *q = self;
    struct cluster_selector sel = { .gvk = query->gvk,
                                    .ns = query->ns,
                                    .label_selector = query->label_selector };
    struct cluster_list list;
    struct found found = VEC_INIT;
    struct err *e;

    if (TRY(&e, cluster_list_all(&q->cluster, r, &sel, &list)))
        return e;
    for (size_t i = 0; i < list.count; i++)
        if (query->name.len == 0 || str_eq(val_at_str(list.items[i], "metadata.name"), query->name))
            *VEC_PUSH(r->arena, &found) = complete(r->arena, list.items[i], &query->gvk);
    *ret = (struct objects){ .items = found.items, .count = found.count };
    return NULL;
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

static bool type_is_wanted(struct str types, struct str type)
{
    struct str each;

    if (types.len == 0)
        return true;
    while (str_cut(&types, ',', &each))
        if (str_eq_nocase(each, type))
            return true;
    return false;
}

static struct str last_seen(const struct val *event)
{
    struct str at = val_get_str(event, "lastTimestamp");

    return at.len ? at : val_get_str(event, "eventTime");
}

static bool is_flux_event(const struct val *event)
{
    return str_contains(val_at_str(event, "involvedObject.apiVersion"), STR("toolkit.fluxcd.io"));
}

/* Oldest first; events arrive nearly sorted. */
static void insert_by_time(struct arena *a, struct found *found, const struct val *event)
{
    size_t at = found->count;

    *VEC_PUSH(a, found) = event;
    while (at > 0 && str_cmp(last_seen(found->items[at - 1]), last_seen(event)) > 0) {
        found->items[at] = found->items[at - 1];
        at--;
    }
    found->items[at] = event;
}

/* The source of a Kustomization that events are asked for: its events tell the other half of the story. */
static struct err *find_source(struct control_queries *q, struct run *r,
                               const struct events_query *query, struct obj_ref *ret)
{
    struct obj_ref ref = { STR("kustomize.toolkit.fluxcd.io"), STR("v1"), STR("Kustomization"),
                           query->ns, query->name };
    const struct val *object = NULL;
    struct err *e;

    *ret = (struct obj_ref){ .kind = STR("") };
    if (query->name.len == 0 || query->all_namespaces || !str_eq_nocase(query->kind, ref.kind))
        return NULL;
    if (TRY(&e, cluster_get_one(&q->cluster, r, &ref, &object)))
        return e;
    if (object)
        *ret = gate_source_ref(object);
    return NULL;
}

static bool is_about(const struct val *event, struct str kind, struct str name)
{
    return (kind.len == 0 || str_eq_nocase(kind, val_at_str(event, "involvedObject.kind"))) &&
           (name.len == 0 || str_eq(name, val_at_str(event, "involvedObject.name")));
}

static struct err *events(void *self, struct run *r, const struct events_query *query,
                          struct objects *ret)
{
    struct control_queries *q = self;
    struct cluster_selector sel = { .gvk = { STR(""), STR("v1"), STR("Event") },
                                    .ns = query->all_namespaces ? STR("") : query->ns };
    struct obj_ref source;
    struct cluster_list list;
    struct found found = VEC_INIT;
    struct err *e;

    if (TRY(&e, find_source(q, r, query, &source)) ||
        TRY(&e, cluster_list_all(&q->cluster, r, &sel, &list)))
        return e;
    for (size_t i = 0; i < list.count; i++) {
        const struct val *event = list.items[i];
        bool about = is_about(event, query->kind, query->name) ||
                     (source.kind.len > 0 && is_about(event, source.kind, source.name));

        if (is_flux_event(event) && about &&
            type_is_wanted(query->types, val_get_str(event, "type")))
            insert_by_time(r->arena, &found, complete(r->arena, event, &sel.gvk));
    }
    *ret = (struct objects){ .items = found.items, .count = found.count };
    return NULL;
}

struct queries control_queries_port(struct control_queries *q)
{
    static const struct queries_ops ops = { .objects = objects, .tree = tree, .events = events };

    return (struct queries){ .ops = &ops, .self = q };
}
