/* SPDX-License-Identifier: Apache-2.0 */
/* What a DELETE does: finalizers by policy, grace periods, or the end. */
#include "core/apiserver/admission.h"
#include "core/apiserver/decode.h"
#include "core/apiserver/prepare_steps.h"

#define ORPHAN STR("orphan")
#define FOREGROUND STR("foregroundDeletion")

static bool has_finalizer(const struct val *object, struct str name)
{
    const struct val *list = val_at(object, "metadata.finalizers");

    for (size_t i = 0; i < val_count(list); i++)
        if (str_eq(val_str(list->items[i]), name))
            return true;
    return false;
}

static bool is_core(const struct api_resource *r, const char *plural)
{
    return !r->crd && !r->gvk.group.len && str_eq(r->plural, str_from_cstr(plural));
}

/* ---- preconditions ---- */

static struct err *check_preconditions(struct arena *a, const struct prepare_call *call,
                                       const struct val *live, const struct delete_options *o)
{
    /* Kubernetes names the kind here where it should name the resource. */
    struct api_resource named = *call->resource;
    struct str uid = val_at_str(live, "metadata.uid");
    struct str version = val_at_str(live, "metadata.resourceVersion");

    named.plural = named.gvk.kind;
    if (o->uid.len && !str_eq(o->uid, uid))
        return status_conflict(a, &named, call->name,
                               str_printf(a,
                                          "the UID in the precondition (%.*s) does not match the "
                                          "UID in record (%.*s). The object might have been "
                                          "deleted and then recreated",
                                          STR_ARG(o->uid), STR_ARG(uid)));
    if (o->resource_version.len && !str_eq(o->resource_version, version))
        return status_conflict(
            a, &named, call->name,
            str_printf(a,
                       "the ResourceVersion in the precondition (%.*s) does not match the "
                       "ResourceVersion in record (%.*s). The object might have been modified",
                       STR_ARG(o->resource_version), STR_ARG(version)));
    return NULL;
}

/* ---- dependents ---- */

static bool wants_orphan(const struct prepare_call *call, const struct val *live,
                         const struct delete_options *o)
{
    if (o->orphan_dependents >= 0)
        return o->orphan_dependents > 0;
    if (o->propagation.len)
        return str_is(o->propagation, "Orphan");
    if (has_finalizer(live, ORPHAN))
        return true;
    if (has_finalizer(live, FOREGROUND))
        return false;
    return (call->resource->traits & API_ORPHAN_DEFAULT) != 0 && !call->resource->crd;
}

static bool wants_foreground(const struct val *live, const struct delete_options *o)
{
    if (o->orphan_dependents >= 0)
        return false;
    if (o->propagation.len)
        return str_is(o->propagation, "Foreground");
    return has_finalizer(live, FOREGROUND);
}

static const struct val *policy_finalizers(struct arena *a, const struct prepare_call *call,
                                           const struct val *live, const struct delete_options *o)
{
    const struct val *before = val_at(live, "metadata.finalizers");
    struct seq_builder b;

    if (!call->resource->crd && (call->resource->traits & API_NO_GC))
        return live;
    seq_builder_init(&b, a);
    for (size_t i = 0; i < val_count(before); i++)
        if (!str_eq(val_str(before->items[i]), ORPHAN) &&
            !str_eq(val_str(before->items[i]), FOREGROUND))
            seq_builder_add(&b, before->items[i]);
    if (wants_orphan(call, live, o))
        seq_builder_add(&b, val_string(a, ORPHAN));
    if (wants_foreground(live, o))
        seq_builder_add(&b, val_string(a, FOREGROUND));
    if (!b.count)
        return before ? val_without_at(a, live, "metadata.finalizers") : live;
    return val_with_at(a, live, "metadata.finalizers", seq_builder_done(&b, NULL));
}

/* ---- marking ---- */

static const struct val *next_generation(struct arena *a, const struct val *o)
{
    int64_t generation = val_at_int(o, "metadata.generation", 0);

    if (generation <= 0)
        return o;
    return val_with_at(a, o, "metadata.generation", val_int(a, generation + 1));
}

static const struct val *mark(struct arena *a, const struct val *o, struct wall_time now,
                              int64_t grace_s)
{
    struct wall_time at = { now.ns + grace_s * NS_PER_S };

    if (!val_at(o, "metadata.deletionTimestamp"))
        o = next_generation(a, o);
    o = val_with_at(a, o, "metadata.deletionTimestamp", val_string(a, wall_time_format(a, at)));
    return val_with_at(a, o, "metadata.deletionGracePeriodSeconds", val_int(a, grace_s));
}

/* Stays until finalizers are gone; a time of deletion already set is kept. */
static const struct val *mark_pending(struct arena *a, const struct val *o, struct wall_time now)
{
    const struct val *since = val_at(o, "metadata.deletionTimestamp");

    o = mark(a, o, now, 0);
    return since ? val_with_at(a, o, "metadata.deletionTimestamp", since) : o;
}

static struct prepare_result unchanged_or(const struct val *live, const struct val *o)
{
    return (struct prepare_result){ val_eq(live, o) ? PREPARE_NOTHING : PREPARE_UPDATE, o };
}

/* ---- kinds ---- */

static int64_t pod_grace(const struct val *pod, const struct delete_options *o)
{
    struct str phase = val_at_str(pod, "status.phase");
    int64_t grace = val_at_int(pod, "spec.terminationGracePeriodSeconds", 0);

    if (o->grace_period_s >= 0)
        grace = o->grace_period_s;
    if (!val_at_str(pod, "spec.nodeName").len || str_is(phase, "Failed") ||
        str_is(phase, "Succeeded"))
        grace = 0;
    return grace;
}

static void delete_pod(struct arena *a, const struct prepare_call *call, const struct val *live,
                       const struct delete_options *o, struct prepare_result *ret)
{
    int64_t was = val_at_int(live, "metadata.deletionGracePeriodSeconds", 0);
    bool deleting = val_at(live, "metadata.deletionTimestamp") != NULL;
    const struct val *next = live;
    int64_t grace = pod_grace(live, o);

    if (deleting && was > 0 && (o->grace_period_s < 0 || o->grace_period_s >= was)) {
        *ret = (struct prepare_result){ PREPARE_NOTHING, live };
        return;
    }
    next = policy_finalizers(a, call, next, o);
    if (!deleting || was > 0)
        next = mark(a, next, call->writer.now, grace);
    if (val_count(val_at(next, "metadata.finalizers")) || grace > 0)
        *ret = unchanged_or(live, next);
    else
        *ret = (struct prepare_result){ PREPARE_REMOVE, next };
}

/* A namespace is emptied by the life-cycle controller before it goes. */
static void delete_namespace(struct arena *a, const struct prepare_call *call,
                             const struct val *live, const struct delete_options *o,
                             struct prepare_result *ret)
{
    const struct val *next = live;
    bool pending = val_count(val_at(live, "spec.finalizers")) > 0;

    if (!val_at(live, "metadata.deletionTimestamp")) {
        next = policy_finalizers(a, call, next, o);
        next = val_with_at(a, next, "metadata.deletionTimestamp",
                           val_string(a, wall_time_format(a, call->writer.now)));
    }
    next = val_with_at(a, next, "status.phase", val_cstring(a, "Terminating"));
    if (pending || val_count(val_at(next, "metadata.finalizers")))
        *ret = unchanged_or(live, next);
    else
        *ret = (struct prepare_result){ PREPARE_REMOVE, next };
}

/* Instances go first: the finalizer that says so is set on the first request. */
static const struct val *crd_cleanup(struct arena *a, const struct prepare_call *call,
                                     const struct val *live)
{
    const struct str name = STR("customresourcecleanup.apiextensions.k8s.io");
    const struct val *list = val_at(live, "metadata.finalizers");

    if (!str_is(call->resource->plural, "customresourcedefinitions") ||
        !str_is(call->resource->gvk.group, "apiextensions.k8s.io") ||
        val_at(live, "metadata.deletionTimestamp") || has_finalizer(live, name))
        return live;
    list = val_seq_append(a, list ? list : &val_empty_seq, val_string(a, name));
    return val_with_at(a, live, "metadata.finalizers", list);
}

static void warn_of_orphans(struct arena *a, const struct prepare_call *call,
                            const struct delete_options *options)
{
    if (str_is(call->resource->gvk.group, "batch") && str_is(call->resource->plural, "jobs") &&
        call->warnings && !options->propagation.len && options->orphan_dependents < 0)
        *VEC_PUSH(a, call->warnings) = STR(
            "child pods are preserved by default when jobs are deleted; set "
            "propagationPolicy=Background to remove them or set propagationPolicy=Orphan to "
            "suppress this warning");
}

struct err *prepare_delete(struct arena *a, const struct prepare_call *call, const struct val *live,
                           const struct delete_options *options, struct prepare_result *ret)
{
    const struct val *next;
    struct err *e;

    if (TRY(&e, delete_options_check(a, options)) || TRY(&e, admission_delete(a, call)) ||
        TRY(&e, check_preconditions(a, call, live, options)))
        return e;
    live = val_without_at(a, live, "metadata.resourceVersion");
    if (is_core(call->resource, "pods")) {
        delete_pod(a, call, live, options, ret);
        return NULL;
    }
    if (is_core(call->resource, "namespaces")) {
        delete_namespace(a, call, live, options, ret);
        return NULL;
    }
    warn_of_orphans(a, call, options);
    next = policy_finalizers(a, call, crd_cleanup(a, call, live), options);
    if (!val_count(val_at(next, "metadata.finalizers"))) {
        *ret = (struct prepare_result){ PREPARE_REMOVE, live };
        return NULL;
    }
    *ret = unchanged_or(live, mark_pending(a, next, call->writer.now));
    return NULL;
}
