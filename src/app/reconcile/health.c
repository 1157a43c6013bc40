/* SPDX-License-Identifier: Apache-2.0 */
#include "app/reconcile/health.h"

#include "app/reconcile/kustomization.h"
#include "core/kube/drift.h"

bool health_is_checked(const struct val *kustomization)
{
    return val_at_bool(kustomization, "spec.wait", false) ||
           val_count(val_at(kustomization, "spec.healthChecks")) > 0;
}

static void set_health(struct attempt *t, const struct val *object, struct applied *ret)
{
    struct kstatus health = kstatus_of_waited(t->run->arena, object, clock_wall(&t->ports->clock));

    ret->health = health.code;
    ret->health_message = health.message;
    (void)str_to_int64(val_at_str(object, "metadata.resourceVersion"), &ret->resource_version);
}

static bool has_ttl(const struct val *object)
{
    struct obj_ref ref = obj_ref_of(object);

    return str_is(ref.kind, "Job") && str_is(ref.group, "batch") &&
           val_at(object, "spec.ttlSecondsAfterFinished");
}

static struct applied from_entry(struct attempt *t, const struct apply_entry *entry)
{
    struct applied a = {
        .ref = entry->ref,
        .hash = entry->object
                    ? drift_hash(t->run->arena, entry->object, &t->ports->options.takeover)
                    : 0,
        .check = entry->action != APPLY_SKIPPED && val_at_bool(t->object, "spec.wait", false),
        .may_vanish = entry->object && has_ttl(entry->object),
        .polled = target_is_remote(t->object),
    };

    set_health(t, entry->object, &a);
    return a;
}

/* {apiVersion, kind, name, namespace}; without a namespace it is the Kustomization's. */
static struct obj_ref check_ref(struct attempt *t, const struct val *check)
{
    struct obj_ref ref = { .kind = val_get_str(check, "kind"),
                           .ns = val_get_str(check, "namespace"),
                           .name = val_get_str(check, "name") };
    struct gvk gvk;
    bool namespaced = true;

    api_version_parse(val_get_str(check, "apiVersion"), &ref.group, &ref.version);
    gvk = obj_ref_gvk(&ref);
    if (ref.ns.len > 0)
        return ref;
    if (cluster_scope(&t->cluster, t->run, &gvk, &namespaced) == NULL && namespaced)
        ref.ns = t->owner.ns;
    return ref;
}

static bool is_self(const struct attempt *t, const struct obj_ref *ref)
{
    return str_is(ref->kind, "Kustomization") && str_eq(ref->group, t->owner.group) &&
           str_eq(ref->name, t->owner.name) && str_eq(ref->ns, t->owner.ns);
}

/* Healths of objects, as the target has them now; one that cannot be read, or whose kind nobody serves, is Unknown. */
static void ask(struct attempt *t, struct applied *list, size_t count)
{
    struct obj_ref *refs = ARENA_ARRAY(t->run->arena, count, struct obj_ref);
    struct cluster_result *found = ARENA_ARRAY(t->run->arena, count, struct cluster_result);

    for (size_t i = 0; i < count; i++)
        refs[i] = list[i].ref;
    if (count == 0 || cluster_get_set(&t->cluster, t->run, refs, count, found) != NULL)
        return;
    for (size_t i = 0; i < count; i++) {
        if (found[i].err && !found[i].err->status && found[i].err->code == ERR_NOT_FOUND)
            list[i].health_message = str_printf(
                t->run->arena, "no matches for kind \"%.*s\" in group \"%.*s\"",
                STR_ARG(list[i].ref.kind), STR_ARG(list[i].ref.group));
        else if (!found[i].err || found[i].err->code == ERR_NOT_FOUND)
            set_health(t, found[i].object, &list[i]);
    }
}

static bool may_vanish(const struct applied *list, size_t count, const struct obj_ref *ref)
{
    for (size_t i = 0; i < count; i++)
        if (obj_ref_eq(&list[i].ref, ref))
            return list[i].may_vanish;
    return false;
}

void health_gather(struct attempt *t, const struct apply_result *result, struct outcome *ret)
{
    const struct val *checks = val_at_bool(t->object, "spec.wait", false)
                                   ? NULL
                                   : val_at(t->object, "spec.healthChecks");
    struct applied *list = ARENA_ARRAY(t->run->arena, result->count + val_count(checks),
                                       struct applied);
    size_t count = 0;

    for (size_t i = 0; i < result->count; i++)
        list[count++] = from_entry(t, &result->items[i]);
    for (size_t i = 0; i < val_count(checks); i++) {
        struct obj_ref ref = check_ref(t, val_item(checks, i));

        if (!is_self(t, &ref))
            list[count++] = (struct applied){ .ref = ref,
                                              .health = KSTATUS_UNKNOWN,
                                              .check = true,
                                              .may_vanish = may_vanish(list, result->count, &ref),
                                              .polled = true };
    }
    ask(t, list + result->count, count - result->count);
    ret->applied = list;
    ret->applied_count = count;
}

bool health_is_good(enum kstatus_code health, bool may_vanish)
{
    return health == KSTATUS_CURRENT || (health == KSTATUS_NOT_FOUND && may_vanish);
}

bool health_all_current(const struct outcome *o)
{
    for (size_t i = 0; i < o->applied_count; i++) {
        const struct applied *a = &o->applied[i];

        if (a->check && !health_is_good(a->health, a->may_vanish))
            return false;
    }
    return true;
}

void kustomization_probe(const struct reconcile_ports *ports, struct run *run,
                         const struct kustomization_probe *in, struct outcome *ret)
{
    struct attempt t;
    struct applied *list = ARENA_ARRAY(run->arena, in->count, struct applied);
    struct err *e;

    attempt_begin(&t, ports, run, in->object);
    *ret = (struct outcome){ .kind = OUTCOME_WAIT_HEALTH, .applied = list };
    if (TRY(&e, target_open(ports, run, in->object, &t.cluster)))
        return; /* nothing is known; the wait has its deadline */
    for (size_t i = 0; i < in->count; i++)
        list[i] = (struct applied){ .ref = in->refs[i], .health = KSTATUS_UNKNOWN };
    ask(&t, list, in->count);
    ret->applied_count = in->count;
}
