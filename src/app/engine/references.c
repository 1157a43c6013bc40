/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What Kustomizations wait for or read, and do not own: objects of other kinds that dependsOn names, each watched alone,
 * and the ConfigMaps and Secrets that carry Flux' watch label.
 */
#include "app/engine/state.h"

enum gate_sight references_observe(void *engine, const struct obj_ref *ref, struct str *ret_why)
{
    struct engine *e = engine;
    const struct feed *f = feed_of_dependency(e, ref);

    *ret_why = f->sight.why;
    if (!f->listed && f->sight.why.len == 0)
        return GATE_UNSEEN;
    if (!f->sight.exists)
        return GATE_ABSENT;
    return f->sight.health == KSTATUS_CURRENT ? GATE_HEALTHY : GATE_UNHEALTHY;
}

static void set_why(struct engine *e, struct feed *f, struct str why)
{
    struct str copy = heap_str(&e->heap, why);

    heap_str_free(&e->heap, f->sight.why);
    f->sight.why = copy;
}

static bool waits_for(const struct subject *s, const struct feed *f)
{
    for (size_t i = 0; i < val_count(val_at(s->object, "spec.dependsOn")); i++) {
        struct gate_dependency d = gate_dependency_at(s->object, i);

        if (!d.is_kustomization && str_eq(d.ref.kind, f->gvk.kind) &&
            str_eq(d.ref.group, f->gvk.group) && str_eq(d.ref.ns, f->ns) &&
            str_eq(d.ref.name, f->name))
            return true;
    }
    return false;
}

/* As the gate tells it: also that it is not there, to one that looked for it first. */
static void wake_waiting(struct engine *e, const struct feed *f, bool first_sight)
{
    struct subject *s;
    size_t at = 0;

    while ((s = table_next(&e->subjects, &at)) != NULL) {
        if (s->is_source || s->gone || !waits_for(s, f))
            continue;
        if (first_sight && s->blocked)
            schedule_now(e, s);
        else
            schedule_held(e, s);
    }
}

static void see_dependency(struct engine *e, struct feed *f, const struct sighting *s, bool gone)
{
    f->sight.exists = s && !gone;
    f->sight.health = s && !gone ? s->health : KSTATUS_NOT_FOUND;
    set_why(e, f, f->sight.exists && s ? s->health_message : STR(""));
}

static bool names_config(const struct val *reference, const char *key, const struct sighting *s)
{
    return str_eq(val_at_str(reference, key), s->ref.name);
}

/* spec.postBuild.substituteFrom, spec.kubeConfig and spec.decryption, of its own namespace. */
static bool reads(const struct subject *k, const struct sighting *s)
{
    const struct val *from = val_at(k->object, "spec.postBuild.substituteFrom");
    const struct val *spec = val_at(k->object, "spec");
    bool secret = str_is(s->ref.kind, "Secret");

    if (!str_eq(val_at_str(k->object, "metadata.namespace"), s->ref.ns))
        return false;
    for (size_t i = 0; i < val_count(from); i++)
        if (str_eq(val_get_str(val_item(from, i), "kind"), s->ref.kind) &&
            names_config(val_item(from, i), "name", s))
            return true;
    if (secret)
        return names_config(spec, "kubeConfig.secretRef.name", s) ||
               names_config(spec, "decryption.secretRef.name", s);
    return names_config(spec, "kubeConfig.configMapRef.name", s);
}

static void wake_readers(struct engine *e, const struct sighting *s)
{
    struct subject *k;
    size_t at = 0;

    while ((k = table_next(&e->subjects, &at)) != NULL)
        if (!k->is_source && !k->gone && reads(k, s))
            schedule_anew(e, k);
}

static void see_config(struct engine *e, struct feed *f, const struct sighting *s)
{
    if (s->resource_version > f->config_version)
        f->config_version = s->resource_version;
    wake_readers(e, s);
}

void references_seen(struct engine *e, struct feed *f, const struct sighting *s, bool gone)
{
    if (f->role == FEED_CONFIG) {
        see_config(e, f, s);
        return;
    }
    see_dependency(e, f, s, gone);
    wake_waiting(e, f, false);
}

/* The first list wakes nobody: each Kustomization begins with a run. Later ones tell what a broken watch has missed. */
static void configs_listed(struct engine *e, struct feed *f, const struct message *m)
{
    int64_t known = f->config_version;

    for (size_t i = 0; i < m->count; i++) {
        const struct sighting *s = &m->sightings[i];

        if (s->resource_version > f->config_version)
            f->config_version = s->resource_version;
        if (known > 0 && s->resource_version > known)
            wake_readers(e, s);
    }
}

void references_listed(struct engine *e, const struct message *m)
{
    if (m->feed->role == FEED_CONFIG) {
        configs_listed(e, m->feed, m);
        return;
    }
    see_dependency(e, m->feed, m->count > 0 ? &m->sightings[0] : NULL, false);
    wake_waiting(e, m->feed, true);
}

/* A kind that is not served, or that we may not look at, is told to who waits for it. */
void references_failed(struct engine *e, struct feed *f, const struct err *why)
{
    bool first = f->sight.why.len == 0;

    if (f->role != FEED_DEPENDENCY || !why || why->code == ERR_GONE || f->sight.exists)
        return;
    set_why(e, f, err_line(e->scratch, why));
    if (first)
        wake_waiting(e, f, true);
}

static bool has_others(const struct val *k)
{
    for (size_t i = 0; i < val_count(val_at(k, "spec.dependsOn")); i++)
        if (!gate_dependency_at(k, i).is_kustomization)
            return true;
    return false;
}

void references_changed(struct engine *e, const struct val *before, const struct val *after)
{
    struct subject *s;
    struct feed *f;
    size_t at = 0;

    if (!before || !has_others(before) ||
        (after && val_at_int(before, "metadata.generation", 0) ==
                      val_at_int(after, "metadata.generation", 0)))
        return;
    while ((f = table_next(&e->feeds, &at)) != NULL) {
        f->wanted = f->role != FEED_DEPENDENCY;
        for (size_t k = 0; !f->wanted && (s = table_next(&e->subjects, &k)) != NULL;)
            f->wanted = !s->is_source && waits_for(s, f);
    }
    feeds_sweep(e);
}
