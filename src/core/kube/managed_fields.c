/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The layers of Kubernetes' field manager, from the outside in: last-applied annotation, objects that nobody has applied
 * yet, too many updaters, times, fields that nobody owns, and the merge itself.
 */
#include "core/kube/managed_fields.h"

#include "base/limits.h"
#include "base/vec.h"
#include "core/kube/managed_entries.h"
#include "core/kube/schema_zero.h"
#include "core/kube/typed_value.h"
#include "value/json.h"

/* More updaters than this are merged into one named ancient-changes. */
enum { UPDATERS_MAX = 10 };

#define NEVER_OWNED                                                                         \
    "apiVersion,kind,metadata,metadata.name,metadata.namespace,metadata.creationTimestamp," \
    "metadata.selfLink,metadata.uid,metadata.clusterName,metadata.generation,"              \
    "metadata.managedFields,metadata.resourceVersion"
#define LAST_APPLIED "kubectl.kubernetes.io/last-applied-configuration"

/* One write's work. */
struct work {
    struct arena *arena;
    const struct schema *type;
    const struct field_writer *writer;
    struct manager self; /* identity of the writer; set is unused */
    struct managers managers;
    VEC(struct manager) conflicts; /* set: what is in conflict */
};

static struct work work_new(struct arena *a, const struct schema *type,
                            const struct field_writer *writer, bool applied)
{
    return (struct work){
        .arena = a,
        .type = type,
        .writer = writer,
        .self = {
            .name = writer->manager.len ? writer->manager : STR("unknown"),
            .applied = applied,
            .api_version = writer->api_version,
            .subresource = writer->subresource,
            .time = writer->untimed ? STR("") : wall_time_format(a, writer->now),
        },
    };
}

static const struct field_set *owned(struct work *w, const struct field_set *s)
{
    return field_set_difference(w->arena, s, field_set_of_paths(w->arena, STR(NEVER_OWNED)));
}

static const struct field_set *without_reset(struct work *w, const struct field_set *s)
{
    if (!w->writer->reset_fields.len)
        return s;
    return field_set_difference_deep(w->arena, s,
                                     field_set_of_paths(w->arena, w->writer->reset_fields));
}

/* ---- the merge ---- */

static struct typed_comparison reset_comparison(struct work *w, struct typed_comparison c)
{
    return (struct typed_comparison){
        .removed = without_reset(w, c.removed),
        .modified = without_reset(w, c.modified),
        .added = without_reset(w, c.added),
    };
}

/*
 * Takes from every manager but `skip` what the write changed or removed. Without `force` what others own in what changed is
 * a conflict, and nothing is taken.
 */
static bool take(struct work *w, const struct typed_comparison *raw, const struct manager *skip,
                 bool force)
{
    struct arena *a = w->arena;
    struct typed_comparison reset = reset_comparison(w, *raw);

    w->conflicts.count = 0;
    for (size_t i = 0; i < w->managers.count; i++) {
        struct manager m = w->managers.items[i];
        bool own_version = str_eq(m.api_version, w->writer->api_version);
        const struct typed_comparison *c = own_version ? &reset : raw;

        if (skip && manager_is(&m, skip))
            continue;
        m.set = field_set_intersection(a, m.set, field_set_union(a, c->modified, c->added));
        if (!field_set_is_empty(m.set))
            *VEC_PUSH(a, &w->conflicts) = m;
    }
    if (w->conflicts.count && !force)
        return false;
    for (size_t i = 0; i < w->managers.count; i++) {
        struct manager *m = &w->managers.items[i];
        bool own_version = str_eq(m->api_version, w->writer->api_version);
        const struct typed_comparison *c = own_version ? &reset : raw;

        if (!skip || !manager_is(m, skip)) {
            m->set = field_set_difference(a, m->set, field_set_union(a, c->modified, c->added));
            m->set = field_set_difference(a, m->set, c->removed);
        }
        if (field_set_is_empty(m->set))
            managers_remove(&w->managers, i--);
    }
    return true;
}

static void reconcile(struct work *w)
{
    for (size_t i = 0; i < w->managers.count; i++)
        w->managers.items[i].set = typed_reconcile(w->arena, w->type, w->managers.items[i].set);
}

/* The oldest updaters, per version, become one. */
static void cap_updaters(struct work *w)
{
    struct managers *list = &w->managers;
    size_t updaters = 0;

    for (size_t i = 0; i < list->count; i++)
        updaters += !list->items[i].applied;
    while (updaters > UPDATERS_MAX) {
        struct manager *oldest[2] = { NULL, NULL };
        struct manager bucket;

        for (size_t i = 0; i < list->count; i++) {
            struct manager *m = &list->items[i];
            struct manager *first = oldest[0];

            if (m->applied)
                continue;
            if (!first || str_cmp(m->time, first->time) < 0 ||
                (str_eq(m->time, first->time) && manager_cmp(m, first) < 0)) {
                oldest[1] = first;
                oldest[0] = m;
            } else if (!oldest[1] || str_cmp(m->time, oldest[1]->time) < 0 ||
                       (str_eq(m->time, oldest[1]->time) && manager_cmp(m, oldest[1]) < 0)) {
                oldest[1] = m;
            }
        }
        if (!str_eq(oldest[0]->api_version, oldest[1]->api_version))
            return; /* versions do not mix; Kubernetes goes over the limit then, too */
        bucket = *oldest[1];
        bucket.name = STR("ancient-changes");
        bucket.subresource = STR("");
        bucket.set = field_set_union(w->arena, oldest[0]->set, oldest[1]->set);
        oldest[0]->set = oldest[1]->set = &field_set_empty;
        for (size_t i = 0; i < list->count; i++)
            if (!list->items[i].set->count)
                managers_remove(list, i--);
        managers_put(w->arena, list, &bucket);
        updaters--;
    }
}

/* An update by `self`, from `before` to `after`; both without managedFields. */
static void update(struct work *w, const struct manager *self, const struct val *before,
                   const struct val *after)
{
    struct arena *a = w->arena;
    struct typed_comparison c = typed_compare(a, w->type, before, after);
    const struct manager *known;
    struct manager m = *self;

    reconcile(w);
    (void)take(w, &c, NULL, true);
    m.set = owned(w, without_reset(w, field_set_union(a, c.modified, c.added)));
    if (!field_set_is_empty(m.set)) {
        known = managers_find(&w->managers, self);
        if (known)
            m.set = field_set_union(a, m.set, known->set);
        managers_put(a, &w->managers, &m);
    }
    cap_updaters(w);
}

/* ---- pruning of what is no longer applied ---- */

/* What other managers, or the new configuration, own of what would go comes back. */
static const struct val *add_back_owned(struct work *w, const struct val *merged,
                                        const struct val *pruned)
{
    struct arena *a = w->arena;
    const struct schema *type = w->type;
    const struct field_set *managed = &field_set_empty;
    const struct field_set *kept;
    const struct field_set *all;

    for (size_t i = 0; i < w->managers.count; i++)
        managed = field_set_union(a, managed, w->managers.items[i].set);
    all = field_set_with_named(a, typed_fields(a, type, merged), type);
    kept = field_set_with_named(a, typed_fields(a, type, pruned), type);
    kept = field_set_union(a, kept, field_set_with_named(a, managed, type));
    return typed_remove(a, type, merged, field_set_difference(a, all, kept));
}

/* Only what the manager owned before may go. */
static const struct val *add_back_dangling(struct work *w, const struct val *merged,
                                           const struct val *pruned, const struct field_set *last)
{
    struct arena *a = w->arena;
    const struct schema *type = w->type;
    const struct field_set *kept = field_set_with_named(a, typed_fields(a, type, pruned), type);
    const struct field_set *all = field_set_with_named(a, typed_fields(a, type, merged), type);
    const struct field_set *gone = field_set_difference(a, all, kept);

    last = field_set_with_named(a, last, type);
    return typed_remove(a, type, merged, field_set_intersection(a, gone, last));
}

static const struct val *prune(struct work *w, const struct val *merged,
                               const struct field_set *last)
{
    const struct val *pruned;

    if (!last || field_set_is_empty(last))
        return merged;
    pruned = typed_remove(w->arena, w->type, merged, field_set_with_named(w->arena, last, w->type));
    pruned = add_back_owned(w, merged, pruned);
    return add_back_dangling(w, merged, pruned, last);
}

/* ---- apply ---- */

/* False: conflicts. *ret NULL: nothing changes. */
static bool apply(struct work *w, const struct val *live, const struct val *config, bool force,
                  const struct val **ret)
{
    struct arena *a = w->arena;
    const struct manager *before;
    const struct field_set *last = NULL;
    const struct val *merged;
    struct typed_comparison c;
    struct manager m = w->self;

    reconcile(w);
    before = managers_find(&w->managers, &w->self);
    m.time = before ? before->time : STR("");
    if (before)
        last = before->set;
    merged = typed_merge(a, w->type, live, config);
    m.set = without_reset(w, typed_fields(a, w->type, config));
    managers_put(a, &w->managers, &m);
    merged = prune(w, merged, last);
    c = typed_compare(a, w->type, live, merged);
    if (!take(w, &c, &w->self, force))
        return false;
    for (size_t i = 0; i < w->managers.count; i++) {
        struct manager *own = &w->managers.items[i];

        if (!manager_is(own, &w->self))
            continue;
        own->set = owned(w, own->set);
        if (field_set_is_empty(own->set))
            managers_remove(&w->managers, i--);
        else if (!val_eq(live, merged))
            own->time = w->self.time;
    }
    *ret = val_eq(live, merged) ? NULL : merged;
    return true;
}

/* ---- kubectl's annotation ---- */

static const struct val *last_applied_of(const struct val *object)
{
    const struct val *annotations = val_at(object, "metadata.annotations");
    const struct val *v = val_get(annotations, STR(LAST_APPLIED));

    return val_str(v).len ? v : NULL;
}

/* Fields that client-side apply set and nobody changed since; NULL: there is no usable annotation. */
static const struct field_set *last_applied_fields(struct work *w, const struct val *live)
{
    struct arena *a = w->arena;
    const struct val *text = last_applied_of(live);
    const struct val *config;
    const struct field_set *set;
    struct typed_comparison c;

    if (!text || json_read(a, text->text, STR("last-applied"), JSON_READ_DEFAULT, &config))
        return NULL;
    if (!str_eq(val_get_str(config, "apiVersion"), w->writer->api_version) ||
        typed_validate(a, w->type, config, false))
        return NULL;
    set = typed_fields(a, w->type, config);
    c = typed_compare(a, w->type, config, live);
    set = field_set_difference(a, set, c.modified);
    set = field_set_difference(a, set, c.added);
    return field_set_difference(a, set, c.removed);
}

/* Conflicts with what kubectl itself applied on the client side are none. True when none is left. */
static bool conflicts_allowed(struct work *w, const struct val *live)
{
    const struct field_set *allowed = last_applied_fields(w, live);
    size_t left = 0;

    if (!allowed)
        return false;
    for (size_t i = 0; i < w->conflicts.count; i++) {
        struct manager m = w->conflicts.items[i];

        m.set = field_set_difference(w->arena, m.set, allowed);
        if (!field_set_is_empty(m.set))
            w->conflicts.items[left++] = m;
    }
    w->conflicts.count = left;
    return left == 0;
}

static const struct val *with_last_applied(struct work *w, const struct val *object,
                                           const struct val *config)
{
    struct arena *a = w->arena;
    const struct val *annotations = val_at(config, "metadata.annotations");
    const struct val *bare = config;
    struct str text;
    size_t total = 0;

    if (annotations) {
        annotations = val_without(a, annotations, STR(LAST_APPLIED));
        bare = annotations->count ? val_with_at(a, config, "metadata.annotations", annotations)
                                  : val_without_at(a, config, "metadata.annotations");
    }
    text = str_concat(a, json_string(a, bare, JSON_SORTED | JSON_ESCAPE_HTML), STR("\n"));
    annotations = val_with(a, val_at(object, "metadata.annotations"), STR(LAST_APPLIED),
                           val_string(a, text));
    for (size_t i = 0; i < annotations->count; i++)
        total += annotations->fields[i].key.len + val_str(annotations->fields[i].value).len;
    if (total > LIMIT_ANNOTATIONS_BYTES)
        annotations = val_without(a, annotations, STR(LAST_APPLIED));
    return val_with_at(a, object, "metadata.annotations", annotations);
}

/* ---- the two doors ---- */

static void conflicts_report(struct work *w, struct apply_result *ret)
{
    VEC(struct apply_conflict) out = VEC_INIT;

    for (size_t i = 1; i < w->conflicts.count; i++)
        for (size_t j = i; j && manager_cmp(&w->conflicts.items[j], &w->conflicts.items[j - 1]) < 0;
             j--) {
            struct manager swap = w->conflicts.items[j];

            w->conflicts.items[j] = w->conflicts.items[j - 1];
            w->conflicts.items[j - 1] = swap;
        }
    for (size_t i = 0; i < w->conflicts.count; i++) {
        struct field_set_texts fields = { 0 };

        field_set_list(w->arena, w->conflicts.items[i].set, &fields);
        for (size_t j = 0; j < fields.count; j++)
            *VEC_PUSH(w->arena, &out) = (struct apply_conflict){
                .manager = manager_format(w->arena, &w->conflicts.items[i]),
                .field = fields.items[j],
            };
    }
    *ret = (struct apply_result){ .conflicts = out.items, .conflict_count = out.count };
}

static struct str describe(struct arena *a, const struct val *object)
{
    struct str group = STR("");
    struct str version = STR("");

    (void)api_version_parse(val_get_str(object, "apiVersion"), &group, &version);
    return str_printf(a, "%.*s/%.*s; %.*s/%.*s, Kind=%.*s",
                      STR_ARG(val_at_str(object, "metadata.namespace")),
                      STR_ARG(val_at_str(object, "metadata.name")), STR_ARG(group),
                      STR_ARG(version), STR_ARG(val_get_str(object, "kind")));
}

static struct managers managers_copy(struct arena *a, const struct managers *list)
{
    struct managers copy = { .count = list->count, .cap = list->count };

    copy.items = ARENA_ARRAY(a, list->count, struct manager);
    if (list->count)
        memcpy(copy.items, list->items, list->count * sizeof copy.items[0]);
    return copy;
}

static struct err *apply_checked(struct work *w, const struct val *live, const struct val *config,
                                 bool force, struct apply_result *ret)
{
    struct arena *a = w->arena;
    struct managers start = managers_copy(a, &w->managers);
    const struct val *object = NULL;

    if (!apply(w, live, config, force, &object)) {
        bool kubectl = str_is(w->writer->manager, "kubectl");

        if (!kubectl || !conflicts_allowed(w, live)) {
            conflicts_report(w, ret);
            return NULL;
        }
        w->managers = start;
        (void)apply(w, live, config, true, &object);
    }
    *ret = (struct apply_result){ .changed = object != NULL };
    if (!object)
        object = live;
    if (str_is(w->writer->manager, "kubectl") && last_applied_of(object))
        object = with_last_applied(w, object, config);
    ret->object = managers_write(a, object, &w->managers);
    return NULL;
}

struct err *managed_fields_apply(struct arena *a, const struct schema *type, const struct val *live,
                                 const struct val *config, const struct field_writer *writer,
                                 struct apply_result *ret)
{
    struct work w = work_new(a, type, writer, true);
    const struct val *empty = schema_zero(a, type);
    struct err *e;

    if (!live)
        live = empty;
    if (TRY(&e, managers_read(a, val_at(live, "metadata.managedFields"), &w.managers)))
        return err_wrap(a, e, "failed to decode managed fields");
    live = val_without_at(a, live, "metadata.managedFields");
    if (TRY(&e, typed_validate(a, type, config, false)))
        return err_wrap(a, e, "failed to create typed patch object (%.*s)",
                        STR_ARG(describe(a, config)));
    if (type->source && TRY(&e, typed_validate(a, type, live, true)))
        return err_wrap(a, e, "failed to create typed live object (%.*s)",
                        STR_ARG(describe(a, live)));
    if (!w.managers.count) {
        struct manager first = w.self;

        first.name = STR("before-first-apply");
        first.applied = false;
        update(&w, &first, empty, live);
    }
    return apply_checked(&w, live, config, writer->force, ret);
}

struct err *managed_fields_update(struct arena *a, const struct schema *type,
                                  const struct val *before, const struct val *after,
                                  const struct field_writer *writer, const struct val **ret)
{
    struct work w = work_new(a, type, writer, false);
    const struct val *sent = val_at(after, "metadata.managedFields");
    const struct val *stored = val_at(before, "metadata.managedFields");
    bool created = !before || !val_at_str(before, "metadata.uid").len;

    after = val_without_at(a, after, "metadata.managedFields");
    if (writer->subresource.len || !managed_fields_is_reset(sent)) {
        bool own = !writer->subresource.len && val_count(sent);

        /* What a client sends counts, unless it is empty or does not decode. */
        if (!own || managers_read(a, sent, &w.managers) || !w.managers.count)
            if (managers_read(a, stored, &w.managers))
                w.managers.count = 0;
    }
    *ret = after;
    if (!w.managers.count && !created)
        return NULL;
    before = before ? val_without_at(a, before, "metadata.managedFields") : schema_zero(a, type);
    if (type->source &&
        (typed_validate(a, type, before, true) || typed_validate(a, type, after, true)))
        return NULL;
    update(&w, &w.self, before, after);
    *ret = managers_write(a, after, &w.managers);
    return NULL;
}
