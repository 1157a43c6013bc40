/* SPDX-License-Identifier: Apache-2.0 */
#include "app/apiserver/registry.h"

#include <pthread.h>
#include <stdatomic.h>

struct registry_entry {
    struct arena *arena; /* holds this too */
    atomic_uint refs;
    struct str name; /* of the definition */
    struct str uid;
    struct crd_resources resources;
    struct registry_entry *next; /* under lock */
};

struct registry {
    pthread_rwlock_t lock;
    struct registry_entry *entries;
    size_t resource_count; /* of all entries */
};

struct registry *registry_new(struct arena *home)
{
    struct registry *g = ARENA_NEW(home, struct registry);

    (void)pthread_rwlock_init(&g->lock, NULL);
    return g;
}

static void entry_unref(void *ptr)
{
    struct registry_entry *e = ptr;

    if (atomic_fetch_sub(&e->refs, 1) == 1)
        arena_free(e->arena);
}

/* Held until the arena ends. */
static void entry_hold(struct registry_entry *e, struct arena *a)
{
    (void)atomic_fetch_add(&e->refs, 1);
    arena_defer(a, entry_unref, e);
}

void registry_close(struct registry *g)
{
    while (g->entries) {
        struct registry_entry *e = g->entries;

        g->entries = e->next;
        entry_unref(e);
    }
    (void)pthread_rwlock_destroy(&g->lock);
}

/* NULL: *ret_err says why. */
static struct registry_entry *entry_new(struct arena *a, const struct val *crd,
                                        struct err **ret_err)
{
    struct arena *home = arena_new(0);
    struct registry_entry *e = ARENA_NEW(home, struct registry_entry);
    const struct val *copy = val_copy(home, crd);
    struct err *failed;

    e->arena = home;
    atomic_init(&e->refs, 1);
    e->name = val_at_str(copy, "metadata.name");
    e->uid = val_at_str(copy, "metadata.uid");
    failed = crd_resources_of(home, copy, &e->resources);
    if (failed) {
        *ret_err = err_copy(a, failed);
        arena_free(home);
        return NULL;
    }
    return e;
}

static struct registry_entry *unlink_entry(struct registry *g, struct str name)
{
    for (struct registry_entry **at = &g->entries; *at; at = &(*at)->next) {
        struct registry_entry *e = *at;

        if (str_eq(e->name, name)) {
            *at = e->next;
            g->resource_count -= e->resources.count;
            return e;
        }
    }
    return NULL;
}

/* What is served of a definition; a change of anything else (labels, status) is none. */
static bool same_resources(const struct registry_entry *e, const struct val *crd)
{
    const struct val *before = e->resources.count ? e->resources.items[0].crd->crd : &val_null;

    return val_eq(val_get(before, STR("spec")), val_get(crd, STR("spec"))) &&
           str_eq(e->uid, val_at_str(crd, "metadata.uid"));
}

struct err *registry_set(struct registry *g, struct arena *a, const struct val *crd,
                         bool *ret_changed)
{
    struct str name = val_at_str(crd, "metadata.name");
    struct registry_entry *fresh;
    struct registry_entry *old;
    bool same = false;
    struct err *e = NULL;

    if (!crd_is_established(crd)) {
        *ret_changed = registry_remove(g, name);
        return NULL;
    }
    (void)pthread_rwlock_rdlock(&g->lock);
    for (old = g->entries; old; old = old->next)
        if (str_eq(old->name, name))
            same = same_resources(old, crd);
    (void)pthread_rwlock_unlock(&g->lock);
    *ret_changed = !same;
    if (same)
        return NULL;
    fresh = entry_new(a, crd, &e);
    if (!fresh)
        return e;
    (void)pthread_rwlock_wrlock(&g->lock);
    old = unlink_entry(g, name);
    fresh->next = g->entries;
    g->entries = fresh;
    g->resource_count += fresh->resources.count;
    (void)pthread_rwlock_unlock(&g->lock);
    if (old)
        entry_unref(old);
    return NULL;
}

bool registry_remove(struct registry *g, struct str crd_name)
{
    struct registry_entry *old;

    (void)pthread_rwlock_wrlock(&g->lock);
    old = unlink_entry(g, crd_name);
    (void)pthread_rwlock_unlock(&g->lock);
    if (old)
        entry_unref(old);
    return old != NULL;
}

struct match {
    struct str group;
    struct str version;
    struct str plural; /* "": by kind */
    struct str kind;
    struct str store_key;
};

static bool matches(struct arena *a, const struct api_resource *r, const struct match *m)
{
    if (m->store_key.len)
        return str_eq(r->gvk.version, r->storage_version) &&
               str_eq(r->gvk.group, r->storage_group) &&
               str_eq(api_resource_store_key(a, r), m->store_key);
    return str_eq(r->gvk.group, m->group) && str_eq(r->gvk.version, m->version) &&
           (m->plural.len ? str_eq(r->plural, m->plural) : str_eq(r->gvk.kind, m->kind));
}

/* Stored versions that are not served are found by store key only. */
static const struct api_resource *find_custom(struct registry *g, struct arena *a,
                                              const struct match *m)
{
    const struct api_resource *found = NULL;

    (void)pthread_rwlock_rdlock(&g->lock);
    for (struct registry_entry *e = g->entries; e && !found; e = e->next) {
        for (size_t i = 0; i < e->resources.count && !found; i++) {
            const struct api_resource *r = &e->resources.items[i];

            if ((m->store_key.len || r->crd->served) && matches(a, r, m))
                found = r;
        }
        if (found)
            entry_hold(e, a);
    }
    (void)pthread_rwlock_unlock(&g->lock);
    return found;
}

const struct api_resource *registry_find(struct registry *g, struct arena *a, struct str group,
                                         struct str version, struct str plural)
{
    const struct api_resource *r = api_resource_builtin(group, version, plural);
    struct match m = { .group = group, .version = version, .plural = plural };

    return r ? r : find_custom(g, a, &m);
}

const struct api_resource *registry_find_kind(struct registry *g, struct arena *a, struct str group,
                                              struct str version, struct str kind)
{
    const struct api_resource *r = api_resource_builtin_kind(group, version, kind);
    struct match m = { .group = group, .version = version, .kind = kind };

    return r ? r : find_custom(g, a, &m);
}

const struct api_resource *registry_find_stored(struct registry *g, struct arena *a,
                                                struct str store_key)
{
    size_t count;
    const struct api_resource *all = api_resource_builtin_all(&count);
    struct match m = { .store_key = store_key };
    size_t slash = str_find_byte(store_key, '/', 0);

    for (size_t i = 0; i < count && slash != SIZE_MAX; i++)
        if (str_eq(all[i].plural, str_skip(store_key, slash + 1)) &&
            !(all[i].traits & API_VIRTUAL) && matches(a, &all[i], &m))
            return &all[i];
    return find_custom(g, a, &m);
}

struct served_resources registry_all(struct registry *g, struct arena *a)
{
    size_t count;
    const struct api_resource *all = api_resource_builtin_all(&count);
    const struct api_resource **items;
    size_t n = 0;

    (void)pthread_rwlock_rdlock(&g->lock);
    items = ARENA_ARRAY(a, count + g->resource_count + 1, const struct api_resource *);
    for (; n < count; n++)
        items[n] = &all[n];
    for (struct registry_entry *e = g->entries; e; e = e->next) {
        entry_hold(e, a);
        for (size_t i = 0; i < e->resources.count; i++)
            if (e->resources.items[i].crd->served)
                items[n++] = &e->resources.items[i];
    }
    (void)pthread_rwlock_unlock(&g->lock);
    return (struct served_resources){ .items = items, .count = n };
}
