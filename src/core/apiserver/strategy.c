/* SPDX-License-Identifier: Apache-2.0 */
#include "core/apiserver/strategy.h"

#include "core/apiserver/crd.h"
#include "core/apiserver/tree_edit.h"
#include "core/kube/schema_zero.h"

static bool is_kind(const struct api_resource *r, const char *group, const char *kind)
{
    return str_eq(r->gvk.group, str_from_cstr(group)) && str_eq(r->gvk.kind, str_from_cstr(kind));
}

static bool keeps_status(const struct api_resource *r)
{
    return r->crd ? r->crd->has_status : (r->traits & API_STATUS) != 0;
}

struct str strategy_reset_fields(const struct api_resource *r, struct str subresource)
{
    if (!subresource.len)
        return keeps_status(r) ? STR("status") : STR("");
    if (str_is(subresource, "finalize"))
        return STR("status");
    if (!str_is(subresource, "status"))
        return STR("");
    if (r->crd)
        return STR("spec");
    if (is_kind(r, "apps", "Deployment"))
        return STR("spec,metadata.labels");
    if (is_kind(r, "", "Pod"))
        return STR("spec,metadata.deletionTimestamp,metadata.ownerReferences");
    if (str_is(r->gvk.group, "flowcontrol.apiserver.k8s.io") ||
        str_is(r->gvk.group, "resource.k8s.io") || str_is(r->gvk.group, "apiextensions.k8s.io") ||
        is_kind(r, "storage.k8s.io", "VolumeAttachment"))
        return STR("spec,metadata");
    return STR("spec");
}

/* ---- create ---- */

/* Status as a new object of the kind has it; NULL for kinds whose schema has none. */
static const struct val *zero_status(struct arena *a, const struct api_resource *r)
{
    const struct schema_field *f = schema_field(r->type, STR("status"));

    return f && f->presence == SCHEMA_ALWAYS_STRUCT ? schema_zero(a, f->type) : NULL;
}

static const struct val *with_status(struct arena *a, const struct val *o, const struct val *status)
{
    return status ? val_with(a, o, STR("status"), status) : val_without(a, o, STR("status"));
}

/* The labels by which a Job's pods are found, unless the client manages the selector. */
static const struct val *job_selector(struct arena *a, const struct val *o)
{
    static const struct str old_names[] = { STR_INIT("controller-uid"), STR_INIT("job-name") };
    static const struct str names[] = { STR_INIT("batch.kubernetes.io/controller-uid"),
                                        STR_INIT("batch.kubernetes.io/job-name") };
    const struct val *values[2] = { val_at(o, "metadata.uid"), val_at(o, "metadata.name") };
    const struct val *labels = val_at(o, "spec.template.metadata.labels");
    const struct val *selector;

    if (val_at_bool(o, "spec.manualSelector", false))
        return o;
    for (size_t i = 0; i < 2; i++)
        labels = val_with(a, val_with(a, labels, old_names[i], values[i]), names[i], values[i]);
    selector = val_with(a, val_at(o, "spec.selector.matchLabels"), names[0], values[0]);
    o = val_with_at(a, o, "spec.template.metadata.labels", labels);
    return val_with_at(a, o, "spec.selector.matchLabels", selector);
}

#define TEMPLATE_GENERATION "deprecated.daemonset.template.generation"

/* DaemonSets count the generations of their template in an annotation. */
static const struct val *daemon_set_template(struct arena *a, const struct val *o,
                                             const struct val *live)
{
    const struct val *annotations = val_at(o, "metadata.annotations");
    struct str text = val_get_str(val_at(live, "metadata.annotations"), TEMPLATE_GENERATION);
    int64_t generation = 0;

    (void)str_to_int64(text, &generation);
    if (!live || !val_eq(val_at(o, "spec.template"), val_at(live, "spec.template")))
        generation++;
    annotations = val_with(a, annotations, STR(TEMPLATE_GENERATION),
                           val_string(a, str_printf(a, "%lld", (long long)generation)));
    return val_with_at(a, o, "metadata.annotations", annotations);
}

/* A definition is stored in its storage version from the first moment; names are accepted later. */
static const struct val *definition_status(struct arena *a, const struct val *o)
{
    const struct val *versions = val_at(o, "spec.versions");
    const struct val *stored = &val_empty_seq;

    for (size_t i = 0; i < val_count(versions); i++)
        if (val_at_bool(versions->items[i], "storage", false))
            stored = val_seq_append(a, stored, val_get(versions->items[i], STR("name")));
    return val_with_at(a, o, "status.storedVersions", stored->count ? stored : &val_null);
}

static const struct val *pod_status(struct arena *a, const struct val *o)
{
    const struct val *gates = val_at(o, "spec.schedulingGates");
    const struct val *status = val_map_of(a, "phase", val_cstring(a, "Pending"), "qosClass",
                                          val_string(a, pod_qos_class(a, o)), NULL);

    if (val_count(gates)) {
        const struct val *condition = val_map_of(
            a, "type", val_cstring(a, "PodScheduled"), "status", val_cstring(a, "False"),
            "lastProbeTime", &val_null, "lastTransitionTime", &val_null, "reason",
            val_cstring(a, "SchedulingGated"), "message",
            val_cstring(a, "Scheduling is blocked due to non-empty scheduling gates"), NULL);

        status = val_with(a, status, STR("conditions"), val_seq(a, &condition, 1));
    }
    return status;
}

static struct err *create_by_kind(struct arena *a, const struct prepare_call *call,
                                  const struct val *o, const struct val **ret)
{
    const struct api_resource *r = call->resource;
    const struct val *kubernetes = val_cstring(a, "kubernetes");

    if (is_kind(r, "", "Pod")) {
        o = with_status(a, o, pod_status(a, o));
    } else if (is_kind(r, "", "Namespace")) {
        o = with_status(a, o, val_map_of(a, "phase", val_cstring(a, "Active"), NULL));
        if (!val_count(val_at(o, "spec.finalizers")))
            o = val_with_at(a, o, "spec.finalizers", val_seq(a, &kubernetes, 1));
    } else if (is_kind(r, "", "PersistentVolumeClaim")) {
        o = with_status(a, o, val_map_of(a, "phase", val_cstring(a, "Pending"), NULL));
    } else if (is_kind(r, "", "PersistentVolume")) {
        o = with_status(a, o,
                        val_map_of(a, "phase", val_cstring(a, "Pending"), "lastPhaseTransitionTime",
                                   val_string(a, wall_time_format(a, call->writer.now)), NULL));
    } else if (is_kind(r, "batch", "Job")) {
        o = job_selector(a, o);
        if (!val_count(val_at(o, "metadata.labels")) &&
            val_count(val_at(o, "spec.template.metadata.labels")))
            o = val_with_at(a, o, "metadata.labels", val_at(o, "spec.template.metadata.labels"));
    } else if (is_kind(r, "apps", "DaemonSet")) {
        o = daemon_set_template(a, o, NULL);
    } else if (is_kind(r, "apiextensions.k8s.io", "CustomResourceDefinition")) {
        o = definition_status(a, o);
    } else if (is_kind(r, "", "Service")) {
        return service_allocate(a, call, NULL, o, ret);
    }
    *ret = o;
    return NULL;
}

struct err *strategy_create(struct arena *a, const struct prepare_call *call,
                            const struct val *object, const struct val **ret)
{
    const struct api_resource *r = call->resource;
    bool counts = r->crd || (r->traits & API_GENERATION);

    object = val_with_at(a, object, "metadata.uid", val_string(a, call->uid));
    object = val_with_at(a, object, "metadata.creationTimestamp",
                         val_string(a, wall_time_format(a, call->writer.now)));
    if (counts)
        object = val_with_at(a, object, "metadata.generation", val_int(a, 1));
    if (keeps_status(r))
        object = with_status(a, object, zero_status(a, r));
    return create_by_kind(a, call, object, ret);
}

/* ---- update ---- */

static const struct val *keep(struct arena *a, const struct val *o, const struct val *live,
                              const char *path)
{
    const struct val *v = val_at(live, path);

    if (v)
        return val_with_at(a, o, path, v);
    return val_at(o, path) ? val_without_at(a, o, path) : o;
}

/* Everything that makes a new generation is the same. */
static bool same_intent(struct arena *a, const struct api_resource *r, const struct val *live,
                        const struct val *o)
{
    bool with_status_too = r->crd && !r->crd->has_status;

    if (is_kind(r, "apps", "Deployment") &&
        !val_eq(val_at(o, "metadata.annotations"), val_at(live, "metadata.annotations")))
        return false;
    if (!r->crd && schema_field(r->type, STR("spec"))) {
        const struct val *before = val_get(live, STR("spec"));
        const struct val *after = val_get(o, STR("spec"));

        return before && after ? val_eq(before, after) : before == after;
    }
    live = val_without(a, live, STR("metadata"));
    o = val_without(a, o, STR("metadata"));
    if (!with_status_too) {
        live = val_without(a, live, STR("status"));
        o = val_without(a, o, STR("status"));
    }
    return val_eq(live, o);
}

static const struct val *status_update(struct arena *a, const struct prepare_call *call,
                                       const struct val *live, const struct val *o)
{
    const struct api_resource *r = call->resource;
    struct str reset = strategy_reset_fields(r, STR("status"));
    const struct val *managed = val_at(o, "metadata.managedFields");
    struct str path;

    if (r->crd) {
        /* Custom resources: only the status and who owns it are taken. */
        const struct val *status = val_get(o, STR("status"));

        o = with_status(a, live, status);
    }
    for (struct str rest = reset; str_cut(&rest, ',', &path);)
        o = keep(a, o, live, str_cstr(a, path));
    if (managed)
        o = val_with_at(a, o, "metadata.managedFields", managed);
    if (is_kind(r, "", "Pod") && !val_at_str(o, "status.qosClass").len)
        o = keep(a, o, live, "status.qosClass");
    return o;
}

static struct err *main_update(struct arena *a, const struct prepare_call *call,
                               const struct val *live, const struct val *o, const struct val **ret)
{
    const struct api_resource *r = call->resource;
    bool counts = r->crd || (r->traits & API_GENERATION);
    int64_t generation = val_at_int(live, "metadata.generation", 0);

    if (keeps_status(r))
        o = keep(a, o, live, "status");
    if (is_kind(r, "", "Namespace"))
        o = keep(a, o, live, "spec.finalizers");
    if (is_kind(r, "apps", "DaemonSet"))
        o = daemon_set_template(a, o, live);
    if (counts && !same_intent(a, r, live, o))
        o = val_with_at(a, o, "metadata.generation", val_int(a, generation + 1));
    if (is_kind(r, "", "Service"))
        return service_allocate(a, call, live, o, ret);
    *ret = o;
    return NULL;
}

/* What no update may change. */
static const struct val *system_fields(struct arena *a, const struct prepare_call *call,
                                       const struct val *live, const struct val *o)
{
    (void)call;
    o = keep(a, o, live, "metadata.generation");
    if (!val_at_str(o, "metadata.uid").len)
        o = keep(a, o, live, "metadata.uid");
    o = keep(a, o, live, "metadata.creationTimestamp");
    o = keep(a, o, live, "metadata.deletionTimestamp");
    if (!val_at(o, "metadata.deletionGracePeriodSeconds"))
        o = keep(a, o, live, "metadata.deletionGracePeriodSeconds");
    if (val_at(o, "metadata.selfLink"))
        o = val_without_at(a, o, "metadata.selfLink");
    return o;
}

struct err *strategy_update(struct arena *a, const struct prepare_call *call,
                            const struct val *live, const struct val *object,
                            const struct val **ret)
{
    object = system_fields(a, call, live, object);
    if (str_is(call->subresource, "status")) {
        *ret = status_update(a, call, live, object);
        return NULL;
    }
    if (str_is(call->subresource, "finalize")) {
        *ret = keep(a, object, live, "status");
        return NULL;
    }
    return main_update(a, call, live, object, ret);
}
