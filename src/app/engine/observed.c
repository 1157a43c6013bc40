/* SPDX-License-Identifier: Apache-2.0 */
/* Objects in the cluster that we manage: what we applied, what was last seen, and whether the two differ. */
#include "app/engine/state.h"
#include "base/vec.h"
#include "core/kube/inventory.h"

static struct managed *find(struct engine *e, const struct obj_ref *ref)
{
    return table_get(&e->managed, inventory_id_format(e->scratch, ref));
}

static struct managed *add(struct engine *e, struct str id, const struct obj_ref *ref)
{
    struct managed *m = heap_alloc(&e->heap, sizeof *m);

    m->id = heap_str(&e->heap, id);
    m->shown = heap_str(&e->heap, obj_ref_format(e->scratch, ref));
    m->health = KSTATUS_UNKNOWN;
    table_put(&e->managed, m->id, m);
    return m;
}

static struct managed *find_or_add(struct engine *e, const struct obj_ref *ref)
{
    struct managed *m = find(e, ref);

    return m ? m : add(e, inventory_id_format(e->scratch, ref), ref);
}

/* Of another cluster, or another's: it must not be taken for the object of that id that is ours. */
static struct str polled_id(struct engine *e, const struct subject *owner,
                            const struct obj_ref *ref)
{
    return str_printf(e->scratch, "%.*s|%.*s", STR_ARG(owner->id),
                      STR_ARG(inventory_id_format(e->scratch, ref)));
}

static struct managed *find_or_add_polled(struct engine *e, const struct subject *owner,
                                          const struct obj_ref *ref)
{
    struct str id = polled_id(e, owner, ref);
    struct managed *m = table_get(&e->managed, id);

    if (m)
        return m;
    m = add(e, id, ref);
    m->polled = heap_alloc(&e->heap, sizeof *m->polled);
    *m->polled = (struct obj_ref){
        .group = heap_str(&e->heap, ref->group),
        .version = heap_str(&e->heap, ref->version),
        .kind = heap_str(&e->heap, ref->kind),
        .ns = heap_str(&e->heap, ref->ns),
        .name = heap_str(&e->heap, ref->name),
    };
    return m;
}

static void drop_polled(struct engine *e, struct obj_ref *ref)
{
    if (!ref)
        return;
    heap_str_free(&e->heap, ref->group);
    heap_str_free(&e->heap, ref->version);
    heap_str_free(&e->heap, ref->kind);
    heap_str_free(&e->heap, ref->ns);
    heap_str_free(&e->heap, ref->name);
    heap_free(&e->heap, ref, sizeof *ref);
}

void observed_drop(struct engine *e, struct managed *m)
{
    (void)table_remove(&e->managed, m->id);
    drop_polled(e, m->polled);
    heap_str_free(&e->heap, m->id);
    heap_str_free(&e->heap, m->shown);
    heap_str_free(&e->heap, m->why);
    heap_free(&e->heap, m, sizeof *m);
}

/* Health as a run or a probe found it. */
static void take_health(struct engine *e, struct managed *m, const struct applied *a)
{
    struct str why = heap_str(&e->heap, a->health == KSTATUS_UNKNOWN ? a->health_message : STR(""));

    heap_str_free(&e->heap, m->why);
    m->why = why;
    m->health = a->health;
}

bool observed_is_drift(const struct managed *m)
{
    if (m->absent)
        return m->owner && !m->may_vanish; /* such a Job comes back at the interval, as in Flux */
    return m->owner && m->seen_hash != m->applied_hash;
}

struct managed *observed_see(struct engine *e, const struct sighting *s, bool *ret_drift)
{
    struct managed *m = find_or_add(e, &s->ref);

    *ret_drift = false;
    m->unseen = false;
    /* An event from before our own write, which is on record already. */
    if (s->resource_version != 0 && s->resource_version <= m->resource_version)
        return m;
    m->seen_hash = s->hash;
    m->resource_version = s->resource_version;
    m->health = s->health;
    m->absent = false;
    *ret_drift = observed_is_drift(m);
    return m;
}

struct managed *observed_lose(struct engine *e, const struct sighting *s, bool *ret_drift)
{
    struct managed *m = find(e, &s->ref);

    *ret_drift = false;
    if (!m)
        return NULL;
    if (!m->owner) {
        observed_drop(e, m);
        return NULL;
    }
    if (s->resource_version != 0 && s->resource_version < m->resource_version)
        return m; /* it was made anew since */
    m->resource_version = s->resource_version;
    m->absent = true;
    m->health = KSTATUS_NOT_FOUND;
    *ret_drift = observed_is_drift(m);
    return m;
}

static void mark_unkept(struct subject *owner)
{
    for (struct managed *m = owner->first; m; m = m->next)
        m->kept = false;
}

/* What is no longer in the inventory is no longer ours to watch over. */
static void drop_unkept(struct engine *e, struct subject *owner)
{
    struct managed **at = &owner->first;

    while (*at) {
        struct managed *m = *at;

        if (m->kept) {
            at = &m->next;
            continue;
        }
        *at = m->next;
        observed_drop(e, m);
    }
}

static void adopt(struct subject *owner, struct managed *m)
{
    if (m->owner == owner)
        return;
    if (m->owner) { /* taken over from another Kustomization */
        struct managed **at = &m->owner->first;

        while (*at && *at != m)
            at = &(*at)->next;
        if (*at)
            *at = m->next;
    }
    m->owner = owner;
    m->next = owner->first;
    owner->first = m;
}

void observed_applied(struct engine *e, struct subject *owner, const struct outcome *o)
{
    mark_unkept(owner);
    for (size_t i = 0; i < o->applied_count; i++) {
        const struct applied *a = &o->applied[i];
        struct gvk gvk = obj_ref_gvk(&a->ref);
        struct managed *m;

        if (a->hash == 0 && !a->check) /* skipped, and not there: nothing to watch over */
            continue;
        m = a->polled ? find_or_add_polled(e, owner, &a->ref) : find_or_add(e, &a->ref);
        adopt(owner, m);
        m->kept = true;
        m->check = a->check;
        m->may_vanish = a->may_vanish;
        m->applied_hash = a->hash;
        m->feed = a->polled ? NULL : feed_ensure(e, &gvk, FEED_MANAGED);
        if (a->resource_version == 0 || a->resource_version >= m->resource_version) {
            m->seen_hash = a->hash;
            m->resource_version = a->resource_version;
            take_health(e, m, a);
            m->absent = false;
        }
    }
    drop_unkept(e, owner);
}

/* No watch tells of it: it is elsewhere, or we may not watch its kind. */
static bool is_polled(const struct managed *m)
{
    return m->polled || (m->feed && m->feed->state == FEED_FAILED);
}

static struct obj_ref ref_of(struct arena *a, const struct managed *m)
{
    struct obj_ref ref = { .name = STR("") };

    if (m->polled)
        return *m->polled;
    if (inventory_id_parse(a, m->id, &ref) == NULL)
        ref.version = m->feed->gvk.version;
    return ref;
}

struct obj_refs observed_polled(struct arena *a, const struct subject *owner)
{
    struct obj_refs refs = VEC_INIT;

    for (const struct managed *m = owner->first; m; m = m->next)
        if (m->check && is_polled(m))
            *VEC_PUSH(a, &refs) = ref_of(a, m);
    return refs;
}

void observed_probed(struct engine *e, struct subject *owner, const struct outcome *o)
{
    for (size_t i = 0; i < o->applied_count; i++) {
        struct managed *m = table_get(&e->managed, polled_id(e, owner, &o->applied[i].ref));

        if (!m)
            m = find(e, &o->applied[i].ref);
        if (m && m->owner == owner && is_polled(m))
            take_health(e, m, &o->applied[i]);
    }
}

bool observed_has_drift(const struct subject *owner)
{
    for (const struct managed *m = owner->first; m; m = m->next)
        if (observed_is_drift(m))
            return true;
    return false;
}

void observed_forget_owner(struct engine *e, struct subject *owner)
{
    while (owner->first) {
        struct managed *m = owner->first;

        owner->first = m->next;
        observed_drop(e, m);
    }
}
