/* SPDX-License-Identifier: Apache-2.0 */
#include "app/apiserver/garbage.h"

#include "app/apiserver/internal.h"
#include "app/apiserver/storage.h"
#include "core/apiserver/gc.h"

#define AGENT "kube-controller-manager"
#define ORPHAN STR("orphan")
#define FOREGROUND STR("foregroundDeletion")

enum { GRAPH_BYTES_MIN = 256 * 1024, EDGE_BYTES = 512 /* generously */ };

/* One reference: a dependent names an owner. */
struct edge {
    struct str dependent; /* work key */
    struct edge *next;    /* of the same owner */
};

struct owner {
    struct str uid;
    struct edge *edges;
};

struct garbage {
    struct apiserver *s;
    struct arena *graph; /* holds owners and edges; made anew when much of it is dead */
    struct map owners;   /* uid to struct owner */
    size_t edge_count;
    struct work_set work; /* keys of objects to look at */
};

struct garbage *garbage_new(struct apiserver *s)
{
    struct garbage *g = ARENA_NEW(s->home, struct garbage);

    g->s = s;
    g->graph = arena_new(0);
    map_init(&g->owners, g->graph);
    return g;
}

void garbage_free(struct garbage *g)
{
    work_free(&g->work);
    arena_free(g->graph);
}

/* ---- keys: "resource namespace name", none of which holds a space ---- */

static struct str key_format(struct arena *a, struct str resource, struct str ns, struct str name)
{
    return str_printf(a, "%.*s %.*s %.*s", STR_ARG(resource), STR_ARG(ns), STR_ARG(name));
}

static struct store_key key_parse(struct str key)
{
    struct store_key k;

    (void)str_cut(&key, ' ', &k.resource);
    (void)str_cut(&key, ' ', &k.ns);
    k.name = key;
    return k;
}

/* ---- the graph ---- */

static void graph_add(struct garbage *g, struct str uid, struct str dependent)
{
    struct owner *o = map_get(&g->owners, uid);
    struct edge *e;

    if (!o) {
        o = ARENA_NEW(g->graph, struct owner);
        o->uid = str_dup(g->graph, uid);
        (void)map_set(&g->owners, o->uid, o);
    }
    for (e = o->edges; e; e = e->next)
        if (str_eq(e->dependent, dependent))
            return;
    e = ARENA_NEW(g->graph, struct edge);
    e->dependent = str_dup(g->graph, dependent);
    e->next = o->edges;
    o->edges = e;
    g->edge_count++;
}

static void graph_remove(struct garbage *g, struct str uid, struct str dependent)
{
    struct owner *o = map_get(&g->owners, uid);

    for (struct edge **at = o ? &o->edges : NULL; at && *at; at = &(*at)->next) {
        if (!str_eq((*at)->dependent, dependent))
            continue;
        *at = (*at)->next;
        g->edge_count--;
        break;
    }
    if (o && !o->edges)
        (void)map_remove(&g->owners, uid);
}

static void graph_compact(struct garbage *g)
{
    struct arena *old = g->graph;
    struct map owners = g->owners;

    if (arena_used(old) < GRAPH_BYTES_MIN + g->edge_count * EDGE_BYTES)
        return;
    g->graph = arena_new(0);
    g->edge_count = 0;
    map_init(&g->owners, g->graph);
    for (size_t i = 0; i < owners.entry_count; i++) {
        const struct owner *o = owners.entries[i].value;

        for (const struct edge *e = o ? o->edges : NULL; e; e = e->next)
            graph_add(g, o->uid, e->dependent);
    }
    arena_free(old);
}

static const struct edge *dependents(const struct garbage *g, struct str uid)
{
    const struct owner *o = map_get(&g->owners, uid);

    return o ? o->edges : NULL;
}

/* ---- events ---- */

static const struct val *references(const struct val *object)
{
    return val_at(object, "metadata.ownerReferences");
}

static bool waits_for_dependents(const struct val *object)
{
    return val_at(object, "metadata.deletionTimestamp") &&
           (gc_has_finalizer(object, ORPHAN) || gc_has_finalizer(object, FOREGROUND));
}

/* An owner that waits may now have one dependent less. */
static void add_owners(struct garbage *g, struct arena *a, const struct store_key *key,
                       const struct val *object)
{
    const struct val *refs = references(object);

    for (size_t i = 0; i < val_count(refs); i++) {
        const struct val *ref = val_item(refs, i);
        struct str group;
        struct str version;
        const struct api_resource *res;

        if (!api_version_parse(val_get_str(ref, "apiVersion"), &group, &version))
            continue;
        res = registry_find_kind(g->s->registry, a, group, version, val_get_str(ref, "kind"));
        if (res)
            work_add(&g->work,
                     key_format(a, api_resource_store_key(a, res),
                                res->namespaced ? key->ns : STR(""), val_get_str(ref, "name")));
    }
}

static bool refers_to(const struct val *refs, struct str uid)
{
    for (size_t i = 0; i < val_count(refs); i++)
        if (str_eq(val_get_str(val_item(refs, i), "uid"), uid))
            return true;
    return false;
}

void garbage_saw(struct garbage *g, const struct store_key *key, const struct val *object,
                 const struct val *before)
{
    const struct val *refs = references(object);
    const struct val *old = references(before);
    ARENA_AUTO struct arena *a = NULL;
    struct str me;

    if (!val_count(refs) && !val_count(old) && !waits_for_dependents(object))
        return;
    a = arena_new(0);
    me = key_format(a, key->resource, key->ns, key->name);
    for (size_t i = 0; i < val_count(old); i++) {
        struct str uid = val_get_str(val_item(old, i), "uid");

        if (!refers_to(refs, uid))
            graph_remove(g, uid, me);
    }
    for (size_t i = 0; i < val_count(refs); i++)
        graph_add(g, val_get_str(val_item(refs, i), "uid"), me);
    work_add(&g->work, me);
    if (before)
        add_owners(g, a, key, before);
    graph_compact(g);
}

void garbage_lost(struct garbage *g, const struct store_key *key, const struct val *object)
{
    const struct val *refs = references(object);
    const struct edge *e = dependents(g, val_at_str(object, "metadata.uid"));
    ARENA_AUTO struct arena *a = NULL;
    struct str me;

    for (; e; e = e->next)
        work_add(&g->work, e->dependent);
    if (!val_count(refs))
        return;
    a = arena_new(0);
    me = key_format(a, key->resource, key->ns, key->name);
    for (size_t i = 0; i < val_count(refs); i++)
        graph_remove(g, val_get_str(val_item(refs, i), "uid"), me);
    add_owners(g, a, key, object);
}

/* ---- writes ---- */

struct subject {
    const struct api_resource *resource;
    struct store_key key;
    const struct val *object;
};

static bool done(int status)
{
    return status < 300 || status == 404 || status == 410;
}

static bool delete_object(struct garbage *g, struct run *r, const struct subject *o,
                          const char *policy)
{
    struct arena *a = r->arena;
    struct internal_request q = {
        .method = "DELETE",
        .path = internal_path(a, o->resource, o->key.ns, o->key.name, NULL),
        .body = val_map_of(
            a, "kind", val_cstring(a, "DeleteOptions"), "apiVersion", val_cstring(a, "v1"),
            "propagationPolicy", val_cstring(a, policy), "preconditions",
            val_map_of(a, "uid", val_at(o->object, "metadata.uid"), "resourceVersion",
                       val_at(o->object, "metadata.resourceVersion"), NULL),
            NULL),
        .agent = AGENT,
    };

    return done(internal_serve(g->s, r, &q, NULL));
}

/* Writes the lists of owners and finalizers as they stand in `to`. */
static bool patch_metadata(struct garbage *g, struct run *r, const struct subject *o,
                           const struct val *to)
{
    struct arena *a = r->arena;
    const struct val *owners = references(to);
    const struct val *finalizers = val_at(to, "metadata.finalizers");
    struct internal_request q = {
        .method = "PATCH",
        .path = internal_path(a, o->resource, o->key.ns, o->key.name, NULL),
        .content_type = "application/merge-patch+json",
        .agent = AGENT,
    };

    q.body = val_map_of(a, "metadata",
                        val_map_of(a, "uid", val_at(o->object, "metadata.uid"), "resourceVersion",
                                   val_at(o->object, "metadata.resourceVersion"), "ownerReferences",
                                   owners ? owners : &val_null, "finalizers",
                                   finalizers ? finalizers : &val_null, NULL),
                        NULL);
    return done(internal_serve(g->s, r, &q, NULL));
}

/* ---- decisions ---- */

/* False: it could not be read. object NULL: it is gone. */
static bool look(struct garbage *g, struct run *r, struct str key, struct subject *ret)
{
    ret->key = key_parse(key);
    ret->resource = registry_find_stored(g->s->registry, r->arena, ret->key.resource);
    ret->object = NULL;
    return !ret->resource ||
           !storage_get(g->s, r, ret->resource, ret->key.ns, ret->key.name, &ret->object);
}

static enum gc_owner_state owner_state(struct garbage *g, struct run *r, const struct subject *o,
                                       const struct val *ref)
{
    const struct api_resource *res;
    const struct val *owner = NULL;
    struct str group;
    struct str version;

    /* What cannot be looked up is not known to be gone. */
    if (!api_version_parse(val_get_str(ref, "apiVersion"), &group, &version))
        return GC_OWNER_SOLID;
    res = registry_find_kind(g->s->registry, r->arena, group, version, val_get_str(ref, "kind"));
    if (!res || (res->namespaced && !o->resource->namespaced) ||
        storage_get(g->s, r, res, o->key.ns, val_get_str(ref, "name"), &owner))
        return GC_OWNER_SOLID;
    if (!owner || !str_eq(val_at_str(owner, "metadata.uid"), val_get_str(ref, "uid")))
        return GC_OWNER_ABSENT;
    if (val_at(owner, "metadata.deletionTimestamp") && gc_has_finalizer(owner, FOREGROUND))
        return GC_OWNER_DELETING;
    return GC_OWNER_SOLID;
}

static bool orphan_dependents(struct garbage *g, struct run *r, const struct subject *o)
{
    struct str uid = val_at_str(o->object, "metadata.uid");

    for (const struct edge *e = dependents(g, uid); e; e = e->next) {
        struct subject dependent;

        if (!look(g, r, e->dependent, &dependent))
            return false;
        if (dependent.object &&
            !patch_metadata(g, r, &dependent, gc_without_owner(r->arena, dependent.object, uid)))
            return false;
    }
    return patch_metadata(g, r, o, gc_without_finalizer(r->arena, o->object, ORPHAN));
}

static bool delete_dependents(struct garbage *g, struct run *r, const struct subject *o)
{
    struct str uid = val_at_str(o->object, "metadata.uid");
    bool blocked = false;

    for (const struct edge *e = dependents(g, uid); e; e = e->next) {
        struct subject dependent;

        if (!look(g, r, e->dependent, &dependent))
            return false;
        if (!dependent.object)
            continue;
        blocked = blocked || gc_blocks_owner(dependent.object, uid);
        if (!val_at(dependent.object, "metadata.deletionTimestamp"))
            work_add(&g->work, e->dependent);
    }
    /* Blocked: the last dependent's end brings this back. */
    return blocked ||
           patch_metadata(g, r, o, gc_without_finalizer(r->arena, o->object, FOREGROUND));
}

static bool has_blocking_dependents(struct garbage *g, struct run *r, const struct subject *o)
{
    struct str uid = val_at_str(o->object, "metadata.uid");

    for (const struct edge *e = dependents(g, uid); e; e = e->next) {
        struct subject dependent;

        if (look(g, r, e->dependent, &dependent) && dependent.object &&
            gc_blocks_owner(dependent.object, uid))
            return true;
    }
    return false;
}

static bool judge(struct garbage *g, struct run *r, const struct subject *o)
{
    const struct val *refs = references(o->object);
    enum gc_owner_state *states = ARENA_ARRAY(r->arena, val_count(refs) + 1, enum gc_owner_state);
    struct gc_verdict verdict;

    for (size_t i = 0; i < val_count(refs); i++)
        states[i] = owner_state(g, r, o, val_item(refs, i));
    verdict = gc_dependent_plan(r->arena, o->object, states, has_blocking_dependents(g, r, o));
    switch (verdict.action) {
    case GC_KEEP:
        return true;
    case GC_DELETE_BACKGROUND:
        return delete_object(g, r, o, "Background");
    case GC_DELETE_FOREGROUND:
        return delete_object(g, r, o, "Foreground");
    case GC_DELETE_ORPHAN:
        return delete_object(g, r, o, "Orphan");
    case GC_DROP_REFERENCES:
        return patch_metadata(g, r, o, verdict.object);
    }
    return true;
}

static bool work_on(struct garbage *g, struct run *r, struct str key)
{
    struct subject o;

    if (!look(g, r, key, &o))
        return false;
    if (!o.object)
        return true;
    if (val_at(o.object, "metadata.deletionTimestamp")) {
        if (gc_has_finalizer(o.object, ORPHAN))
            return orphan_dependents(g, r, &o);
        if (gc_has_finalizer(o.object, FOREGROUND))
            return delete_dependents(g, r, &o);
        return true;
    }
    return !val_count(references(o.object)) || judge(g, r, &o);
}

bool garbage_step(struct garbage *g, struct run *r)
{
    struct mono_time now = clock_mono(&g->s->clock);
    struct str key;
    int attempts;

    if (!work_take(&g->work, r->arena, now, &key, &attempts))
        return false;
    if (!work_on(g, r, key))
        work_retry(&g->work, key, attempts, now);
    return true;
}

struct mono_time garbage_due(const struct garbage *g, struct mono_time now)
{
    return work_due(&g->work, now);
}
