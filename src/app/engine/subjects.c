/* SPDX-License-Identifier: Apache-2.0 */
/* The Flux objects that the engine knows: as last seen, and what was last done for each. */
#include "app/engine/state.h"

static struct str subject_id(struct arena *a, struct str kind, struct str ns, struct str name)
{
    return str_printf(a, "%.*s/%.*s/%.*s", STR_ARG(kind), STR_ARG(ns), STR_ARG(name));
}

struct subject *subject_find(struct engine *e, struct str kind, struct str ns, struct str name)
{
    return table_get(&e->subjects, subject_id(e->scratch, kind, ns, name));
}

static struct subject *subject_new(struct engine *e, const struct obj_ref *ref)
{
    struct subject *s = heap_alloc(&e->heap, sizeof *s);

    s->id = heap_str(&e->heap, subject_id(e->scratch, ref->kind, ref->ns, ref->name));
    s->is_source = !str_is(ref->kind, "Kustomization");
    s->due = MONO_NEVER;
    table_put(&e->subjects, s->id, s);
    return s;
}

static struct str request_of(const struct val *object)
{
    return val_str(
        val_get(val_at(object, "metadata.annotations"), STR("reconcile.fluxcd.io/requestedAt")));
}

/* Our own status writes come back as events too; they ask for nothing. */
static bool asks_for_run(const struct val *before, const struct val *after)
{
    return !before ||
           val_at_int(before, "metadata.generation", 0) !=
               val_at_int(after, "metadata.generation", 0) ||
           !str_eq(request_of(before), request_of(after)) ||
           !val_eq(val_at(before, "metadata.deletionTimestamp"),
                   val_at(after, "metadata.deletionTimestamp")) ||
           !val_eq(val_at(before, "metadata.finalizers"), val_at(after, "metadata.finalizers")) ||
           !str_eq(val_at_str(before, "metadata.uid"), val_at_str(after, "metadata.uid"));
}

/* Of the controllers that run here, and of our shard. */
static bool is_ours(struct engine *e, const struct subject *s)
{
    if (s->is_source ? e->options.no_sources : e->options.no_kustomizations)
        return false;
    return !e->options.selector ||
           kust_labels_match(e->scratch, e->options.selector, val_at(s->object, "metadata.labels"));
}

bool subject_update(struct engine *e, struct arena *arena, const struct val *object,
                    struct subject **ret)
{
    struct obj_ref ref = obj_ref_of(object);
    struct subject *s = subject_find(e, ref.kind, ref.ns, ref.name);
    const struct val *before;
    struct arena *outlived;
    bool asks, was_ours;

    if (!s)
        s = subject_new(e, &ref);
    asks = asks_for_run(s->object, object);
    measure_object(e, s->object, object);
    before = s->object;
    outlived = s->arena;
    s->arena = arena;
    s->object = object;
    references_changed(e, before, object);
    arena_free(outlived);
    s->gone = false;
    s->unseen = false;
    was_ours = s->is_ours;
    s->is_ours = is_ours(e, s);
    *ret = s;
    return s->is_ours && (asks || !was_ours);
}

void subject_remove(struct engine *e, struct subject *s)
{
    observed_forget_owner(e, s);
    (void)table_remove(&e->subjects, s->id);
    if (s->object) {
        measure_object(e, s->object, NULL);
        references_changed(e, s->object, NULL);
    }
    arena_free(s->arena);
    heap_str_free(&e->heap, s->id);
    heap_str_free(&e->heap, s->request);
    heap_str_free(&e->heap, s->revision);
    heap_str_free(&e->heap, s->digest);
    heap_str_free(&e->heap, s->changes);
    heap_str_free(&e->heap, s->stored);
    heap_free(&e->heap, s, sizeof *s);
}

static void replace(struct engine *e, struct str *owned, struct str with)
{
    struct str copy = heap_str(&e->heap, with);

    heap_str_free(&e->heap, *owned);
    *owned = copy;
}

void subject_settle(struct engine *e, struct subject *s, const struct val *object,
                    struct str revision)
{
    s->settled = true;
    s->generation = val_at_int(object, "metadata.generation", 0);
    replace(e, &s->request, request_of(object));
    replace(e, &s->revision, revision);
    s->verified = clock_mono(&e->ports.clock);
}

bool subject_is_unchanged(const struct subject *s, struct str source_revision)
{
    return s->settled && s->generation == val_at_int(s->object, "metadata.generation", 0) &&
           str_eq(s->request, request_of(s->object)) && str_eq(s->revision, source_revision);
}

bool subject_is_settled(const struct subject *s, struct str source_revision)
{
    return !s->drifted && subject_is_unchanged(s, source_revision);
}
