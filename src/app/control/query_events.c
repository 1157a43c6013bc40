/* SPDX-License-Identifier: Apache-2.0 */
/* Kubernetes Events of Flux objects. */
#include "app/control/query.h"
#include "app/control/watching.h"
#include "base/sort.h"
#include "core/api/flux_kinds.h"

static const struct gvk event_kind = { STR_INIT(""), STR_INIT("v1"), STR_INIT("Event") };

/* Whose events are wanted. */
struct hearing {
    const struct events_query *query;
    struct str kind;       /* as Flux writes it; "": any */
    struct obj_ref source; /* of the Kustomization asked for; kind "": none */
    const struct observer *observer;
};

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

static struct err *check_types(struct arena *a, struct str types)
{
    struct str each;

    while (types.len > 0 && str_cut(&types, ',', &each))
        if (!str_eq_nocase(each, STR("Normal")) && !str_eq_nocase(each, STR("Warning")))
            return err_new(a, ERR_INVALID,
                           "type '%.*s' not supported. Supported types are Normal, Warning",
                           STR_ARG(each));
    return NULL;
}

/* Where a kind names what it is made from; its events tell the other half of the story. */
static const struct val *source_of(const struct val *object, const struct flux_kind *kind)
{
    if (kind == &flux_kinds[FLUX_HELM_RELEASE])
        return val_at(object, "spec.chart.spec.sourceRef");
    return val_at(object, "spec.sourceRef");
}

static struct err *find_source(struct control_queries *q, struct run *r,
                               const struct flux_kind *kind, struct hearing *h)
{
    struct obj_ref ref = { kind->gvk.group, kind->gvk.version, kind->gvk.kind, h->query->ns,
                           h->query->name };
    const struct val *object = NULL, *source;
    struct err *e;

    if (TRY(&e, cluster_get_one(&q->cluster, r, &ref, &object)))
        return e;
    if (!object)
        return err_new(r->arena, ERR_NOT_FOUND,
                       "%.*s \"%.*s\" not found in \"%.*s\" namespace: name another with -n",
                       STR_ARG(ref.kind), STR_ARG(ref.name), STR_ARG(ref.ns));
    source = source_of(object, kind);
    if (!source)
        return NULL;
    h->source = (struct obj_ref){ .kind = val_get_str(source, "kind"),
                                  .ns = val_get_str(source, "namespace"),
                                  .name = val_get_str(source, "name") };
    if (h->source.ns.len == 0)
        h->source.ns = h->query->ns;
    return NULL;
}

static struct err *prepare(struct control_queries *q, struct run *r,
                           const struct events_query *query, struct hearing *ret)
{
    const struct flux_kind *kind = flux_kind_find(query->kind);
    struct err *e;

    *ret = (struct hearing){ .query = query };
    if (TRY(&e, check_types(r->arena, query->types)))
        return e;
    if (query->kind.len == 0)
        return NULL;
    if (!kind)
        return err_new(r->arena, ERR_INVALID, "'%.*s' is not a recognized Flux kind",
                       STR_ARG(query->kind));
    ret->kind = kind->gvk.kind;
    return query->name.len > 0 ? find_source(q, r, kind, ret) : NULL;
}

static bool is_about(const struct val *event, struct str kind, struct str ns, struct str name)
{
    const struct val *object = val_get(event, STR("involvedObject"));

    return (kind.len == 0 || str_eq(kind, val_get_str(object, "kind"))) &&
           (ns.len == 0 || str_eq(ns, val_at_str(event, "metadata.namespace"))) &&
           (name.len == 0 || str_eq(name, val_get_str(object, "name")));
}

static bool is_wanted(const struct hearing *h, const struct val *event)
{
    const struct events_query *query = h->query;
    struct str ns = query->all_namespaces ? STR("") : query->ns;
    bool about = is_about(event, h->kind, ns, query->name) ||
                 (h->source.kind.len > 0 &&
                  is_about(event, h->source.kind, h->source.ns, h->source.name));

    return about && flux_kind_find(val_at_str(event, "involvedObject.kind")) &&
           type_is_wanted(query->types, val_get_str(event, "type"));
}

/* A source elsewhere makes it a question to the whole cluster. */
static struct cluster_selector selector_of(const struct hearing *h)
{
    bool all = h->query->all_namespaces ||
               (h->source.kind.len > 0 && !str_eq(h->source.ns, h->query->ns));

    return (struct cluster_selector){ .gvk = event_kind, .ns = all ? STR("") : h->query->ns };
}

static struct str last_seen(const struct val *event)
{
    struct str at = val_get_str(event, "lastTimestamp");

    return at.len ? at : val_get_str(event, "eventTime");
}

static bool is_before(const void *x, const void *y)
{
    const struct val *const *one = x, *const *other = y;

    return str_cmp(last_seen(*one), last_seen(*other)) < 0;
}

static void hear(const struct hearing *h, struct arena *a, const struct cluster_list *list,
                 struct objects *ret)
{
    struct found found = VEC_INIT;

    for (size_t i = 0; i < list->count; i++)
        if (is_wanted(h, list->items[i]))
            *VEC_PUSH(a, &found) = query_complete(a, list->items[i], &event_kind);
    if (found.count > 0)
        sort_stable(a, found.items, found.count, sizeof *found.items, is_before);
    *ret =
        (struct objects){ .items = found.items, .count = found.count, .unfiltered = found.count };
}

struct err *query_events(void *self, struct run *r, const struct events_query *query,
                         struct objects *ret)
{
    struct control_queries *q = self;
    struct cluster_selector sel;
    struct cluster_list list;
    struct hearing h;
    struct err *e;

    if (TRY(&e, prepare(q, r, query, &h)))
        return e;
    sel = selector_of(&h);
    if (TRY(&e, cluster_list_all(&q->cluster, r, &sel, &list)))
        return e;
    hear(&h, r->arena, &list, ret);
    return NULL;
}

static void events_listed(void *self, struct run *r, const struct cluster_list *list)
{
    const struct hearing *h = self;
    struct objects events;

    hear(h, r->arena, list, &events);
    h->observer->listed(h->observer->self, &events);
}

static void event_changed(void *self, struct run *r, const struct val *event, bool gone)
{
    const struct hearing *h = self;

    if (!gone && is_wanted(h, event))
        h->observer->changed(h->observer->self, query_complete(r->arena, event, &event_kind),
                             false);
}

struct err *query_observe_events(void *self, struct run *r, const struct events_query *query,
                                 const struct observer *observer)
{
    struct control_queries *q = self;
    struct cluster_selector sel;
    struct hearing h;
    struct watching watching = { .listed = events_listed, .changed = event_changed, .self = &h };
    struct err *e;

    if (TRY(&e, prepare(q, r, query, &h)))
        return e;
    h.observer = observer;
    sel = selector_of(&h);
    return watching_run(&q->cluster, &q->clock, r, &sel, &watching);
}
