/* SPDX-License-Identifier: Apache-2.0 */
/* How a cluster differs from what a Kustomization would apply from files of this machine. */
#include "app/control/building.h"
#include "app/control/query.h"
#include "app/reconcile/outcome.h"
#include "core/kube/apply_order.h"
#include "core/kube/drift_rules.h"
#include "core/kube/inventory.h"
#include "core/kube/ownership.h"

#define MASK "***"

struct comparing {
    struct building build;
    struct change *items;
    size_t count;
    size_t cap;
    struct err **errors;
    size_t error_count;
    size_t error_cap;
};

static void note(struct comparing *c, enum change_kind kind, const struct obj_ref *ref)
{
    struct arena *a = c->build.run->arena;

    *VEC_PUSH(a, c) = (struct change){ .kind = kind, .ref = *ref, .depth = c->build.depth };
}

static void fail(struct comparing *c, struct err *e)
{
    struct arena *a = c->build.run->arena;

    c->errors = vec_grow(a, c->errors, c->error_count, &c->error_cap, sizeof(struct err *));
    c->errors[c->error_count++] = e;
}

/* Values of a Secret as stars; those that differ say which side they are. */
static const struct val *masked_field(struct arena *a, const struct val *own,
                                      const struct val *other, struct str field, const char *side)
{
    const struct val *data = val_get(own, field), *others = val_get(other, field);
    struct map_builder b;

    if (!val_is(data, VAL_MAP))
        return own;
    map_builder_init(&b, a);
    for (size_t i = 0; i < val_count(data); i++) {
        const struct val *there = val_get(others, data->fields[i].key);
        bool differs = there && !val_eq(there, data->fields[i].value);

        map_builder_set(&b, data->fields[i].key,
                        val_string(a, differs ? str_printf(a, MASK " (%s)", side) : STR(MASK)));
    }
    return val_with(a, own, field, map_builder_done(&b, NULL));
}

static const struct val *masked(struct arena *a, const struct val *own, const struct val *other,
                                const char *side)
{
    own = masked_field(a, own, other, STR("data"), side);
    return masked_field(a, own, other, STR("stringData"), side);
}

static void drifted(struct comparing *c, const struct obj_ref *ref, const struct val *live,
                    const struct val *merged)
{
    struct arena *a = c->build.run->arena;
    const struct val *before = val_without_at(a, live, "metadata.managedFields"),
                     *after = val_without_at(a, merged, "metadata.managedFields");

    note(c, CHANGE_DRIFTED, ref);
    if (str_is(ref->kind, "Secret") && ref->group.len == 0) {
        c->items[c->count - 1].before = masked(a, before, after, "before");
        c->items[c->count - 1].after = masked(a, after, before, "after");
        return;
    }
    c->items[c->count - 1].before = before;
    c->items[c->count - 1].after = after;
}

/* What SOPS encrypted was masked by the build, so only its keys can be compared. */
static bool only_masks_differ(const struct val *object, const struct val *live)
{
    const struct val *data = val_get(object, STR("data")), *there = val_get(live, STR("data"));
    bool any_mask = false;

    if (!str_is(val_get_str(object, "kind"), "Secret"))
        return false;
    for (size_t i = 0; i < val_count(data); i++) {
        any_mask = any_mask || str_is(val_str(data->fields[i].value), "KipTT1BTKio=");
        if (!val_get(there, data->fields[i].key))
            return false;
    }
    return any_mask && val_count(data) == val_count(there);
}

static bool is_immutable(const struct err *e)
{
    return e->status && (e->status->http_code == 422 || e->status->http_code == 409) &&
           str_contains(e->msg, STR("immutable"));
}

/* How one Kustomization applies. */
struct manner {
    struct owner owner;
    bool force;
    const struct drift_rules *ignored; /* of spec.ignore; NULL: none */
};

/* Without the fields that the Kustomization leaves to others. */
static void drifted_but(struct comparing *c, const struct manner *m, const struct obj_ref *ref,
                        const struct val *live, const struct val *merged)
{
    struct arena *a = c->build.run->arena;

    if (m->ignored) {
        live = drift_rules_strip(a, m->ignored, merged, live);
        merged = drift_rules_strip(a, m->ignored, merged, merged);
    }
    drifted(c, ref, live, merged);
}

static void compare(struct comparing *c, const struct manner *m, const struct val *object,
                    const struct cluster_result *live, const struct cluster_result *answer)
{
    struct arena *a = c->build.run->arena;
    struct obj_ref ref = obj_ref_of(answer->object ? answer->object : object);

    if (policy_forbids_apply(object, live->object, &m->owner)) {
        note(c, CHANGE_SKIPPED, &ref);
    } else if (answer->err) {
        if (is_immutable(answer->err) &&
            (m->force || policy_is(object, &m->owner, "force", "enabled")))
            note(c, CHANGE_CREATED, &ref);
        else
            fail(c,
                 err_wrap(a, answer->err, "%.*s dry-run failed", STR_ARG(obj_ref_format(a, &ref))));
    } else if (!live->object) {
        note(c, CHANGE_CREATED, &ref);
    } else if (drift_rules_differ(a, m->ignored, live->object, answer->object) &&
               !only_masks_differ(object, live->object)) {
        drifted_but(c, m, &ref, live->object, answer->object);
    }
}

/* What the inventory has and the build has no more would be deleted, in order of its application. */
static struct err *compare_inventory(struct comparing *c, const struct val *kustomization,
                                     const struct obj_refs *built)
{
    struct arena *a = c->build.run->arena;
    struct obj_refs old, stale;
    struct err *e;

    if (!val_at_bool(kustomization, "spec.prune", false) || c->error_count > 0)
        return NULL;
    if (TRY(&e, inventory_parse(a, val_at(kustomization, "status.inventory"), &old)))
        return e;
    stale = inventory_difference(a, &old, built);
    apply_order_sort_refs(a, &stale, false);
    for (size_t i = 0; i < stale.count; i++)
        note(c, CHANGE_DELETED, &stale.items[i]);
    return NULL;
}

static struct err *compare_one(struct comparing *c, const struct val *kustomization,
                               struct str dir);

static void compare_nested(struct comparing *c, const struct val *parent, const struct val *child)
{
    struct obj_ref up = obj_ref_of(parent), ref = obj_ref_of(child);
    size_t at = c->count;
    const struct val *kustomization = NULL;
    struct str dir;
    struct err *e;

    if (str_eq(up.name, ref.name) && str_eq(up.ns, ref.ns))
        return;
    note(c, CHANGE_NESTED, &ref);
    if (val_at(child, "spec.kubeConfig")) {
        c->items[at].kind = CHANGE_SKIPPED;
        c->items[at].note = STR("diff not supported for remote clusters");
        return;
    }
    c->build.depth++;
    if (c->build.depth > BUILDING_DEPTH_MAX)
        e = err_new(c->build.run->arena, ERR_INVALID,
                    "%.*s: more than %d Kustomizations in each other",
                    STR_ARG(obj_ref_format(c->build.run->arena, &ref)), BUILDING_DEPTH_MAX);
    else
        e = building_resolve(&c->build, ref.ns, ref.name, NULL, false, &kustomization);
    if (!e && kustomization)
        e = building_folder(&c->build, kustomization, &dir);
    if (!e && kustomization)
        e = compare_one(c, kustomization, dir);
    c->build.depth--;
    if (e)
        fail(c, e);
    if (c->count == at + 1)
        c->count = at; /* nothing in it */
}

/* The namespace an object lands in, which the answer tells; of one that failed, what it says itself. */
static struct err *ask(struct comparing *c, const struct built *built, struct cluster_result *live,
                       struct cluster_result *answers)
{
    struct control_queries *q = c->build.queries;
    struct run *r = c->build.run;
    struct obj_ref *refs = ARENA_ARRAY(r->arena, built->count, struct obj_ref);
    struct cluster_apply *reqs = ARENA_ARRAY(r->arena, built->count, struct cluster_apply);
    struct err *e;

    for (size_t i = 0; i < built->count; i++) {
        refs[i] = obj_ref_of(built->objects[i]);
        reqs[i] = (struct cluster_apply){ .object = built->objects[i],
                                          .field_manager = STR(KUSTOMIZE_FIELD_MANAGER),
                                          .dry_run = true,
                                          .force = true };
    }
    if (TRY(&e, cluster_get_set(&q->cluster, r, refs, built->count, live)))
        return e;
    for (size_t i = 0; i < built->count; i++)
        if (live[i].err && live[i].err->code != ERR_NOT_FOUND)
            return err_wrap(r->arena, live[i].err, "%.*s query failed",
                            STR_ARG(obj_ref_format(r->arena, &refs[i])));
    return cluster_apply_set(&q->cluster, r, reqs, built->count, answers);
}

static struct err *refuse(const struct comparing *c, const struct val *kustomization)
{
    struct obj_ref ref = obj_ref_of(kustomization);

    if (!val_at(kustomization, "spec.kubeConfig"))
        return NULL;
    return err_new(c->build.run->arena, ERR_UNSUPPORTED,
                   "%.*s: a diff with spec.kubeConfig is not built yet in weir",
                   STR_ARG(obj_ref_format(c->build.run->arena, &ref)));
}

static struct err *compare_one(struct comparing *c, const struct val *kustomization, struct str dir)
{
    struct arena *a = c->build.run->arena;
    struct manner manner = { .owner = { .group = STR(KUSTOMIZE_GROUP) },
                             .force = val_at_bool(kustomization, "spec.force", false) };
    struct cluster_result *live, *answers;
    struct obj_refs refs = { 0 };
    struct built built;
    struct err *e;

    if (TRY(&e, refuse(c, kustomization)) ||
        TRY(&e, drift_rules_parse(a, val_at(kustomization, "spec.ignore"), &manner.ignored)) ||
        TRY(&e, building_run(&c->build, kustomization, dir, &built)))
        return e;
    live = ARENA_ARRAY(a, built.count, struct cluster_result);
    answers = ARENA_ARRAY(a, built.count, struct cluster_result);
    if (TRY(&e, ask(c, &built, live, answers)))
        return e;
    for (size_t i = 0; i < built.count; i++) {
        const struct val *object = built.objects[i];

        compare(c, &manner, object, &live[i], &answers[i]);
        *VEC_PUSH(a, &refs) = obj_ref_of(answers[i].object ? answers[i].object : object);
        if (c->build.query->recursive && building_is_kustomization(object) && live[i].object)
            compare_nested(c, kustomization, object);
    }
    return compare_inventory(c, kustomization, &refs);
}

static const struct val *find_object(const struct built *built, const struct obj_ref *ref)
{
    for (size_t i = 0; i < built->count; i++) {
        struct obj_ref other = obj_ref_of(built->objects[i]);

        if (obj_ref_eq(&other, ref))
            return built->objects[i];
    }
    return NULL;
}

/* Two builds of the same Kustomization, object by object. */
static struct err *compare_builds(struct comparing *c, const struct val *kustomization)
{
    struct build_query earlier = *c->build.query;
    struct building before = c->build;
    struct built old, now;
    struct err *e;

    if (c->build.query->recursive)
        return err_new(
            c->build.run->arena, ERR_UNSUPPORTED,
            "a diff of revisions with --recursive is not built yet in weir: compare each "
            "Kustomization");
    earlier.open_tree = earlier.open_before;
    earlier.self = earlier.self_before;
    before.query = &earlier;
    if (TRY(&e, building_run(&before, kustomization, earlier.path, &old)) ||
        TRY(&e, building_run(&c->build, kustomization, earlier.path, &now)))
        return e;
    for (size_t i = 0; i < now.count; i++) {
        struct obj_ref ref = obj_ref_of(now.objects[i]);
        const struct val *was = find_object(&old, &ref);

        if (!was)
            note(c, CHANGE_CREATED, &ref);
        else if (!val_eq(was, now.objects[i]))
            drifted(c, &ref, was, now.objects[i]);
    }
    for (size_t i = 0; i < old.count; i++) {
        struct obj_ref ref = obj_ref_of(old.objects[i]);

        if (!find_object(&now, &ref))
            note(c, CHANGE_DELETED, &ref);
    }
    return NULL;
}

struct err *query_diff(void *self, struct run *r, const struct build_query *query,
                       struct changes *ret)
{
    struct comparing c = { .build = { .queries = self, .run = r, .query = query } };
    const struct val *kustomization;
    struct err *e;

    if (TRY(&e, building_resolve(&c.build, query->ns, query->name, query->kustomization,
                                 !query->ignore_missing, &kustomization)))
        return e;
    e = query->open_before ? compare_builds(&c, kustomization)
                           : compare_one(&c, kustomization, query->path);
    if (e)
        return e;
    *ret = (struct changes){ .items = c.items, .count = c.count };
    for (size_t i = 0; i < c.count; i++)
        ret->any = ret->any || c.items[i].kind != CHANGE_SKIPPED;
    return err_join(r->arena, c.errors, c.error_count);
}
