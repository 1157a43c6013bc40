/* SPDX-License-Identifier: Apache-2.0 */
#include "core/apiserver/admission.h"

#include "core/apiserver/tree_edit.h"

static bool is_core(const struct api_resource *r, const char *plural)
{
    return !r->gvk.group.len && str_eq(r->plural, str_from_cstr(plural));
}

/* ---- namespaces ---- */

static struct err *terminating(struct arena *a, const struct prepare_call *call, struct str name)
{
    struct str why = str_printf(
        a, "unable to create new content in namespace %.*s because it is being terminated",
        STR_ARG(call->ns));
    struct err *e = status_forbidden(a, call->resource, name, why);
    struct err_status *s = ARENA_NEW(a, struct err_status);
    struct err_cause *cause = ARENA_NEW(a, struct err_cause);

    *cause = (struct err_cause){
        .reason = STR("NamespaceTerminating"),
        .message = str_printf(a, "namespace %.*s is being terminated", STR_ARG(call->ns)),
        .field = STR("metadata.namespace"),
    };
    *s = *e->status;
    s->causes = cause;
    s->cause_count = 1;
    e->status = s;
    return e;
}

static struct err *namespace_admit(struct arena *a, const struct prepare_call *call,
                                   const struct val *live, struct str name)
{
    const struct val *ns = NULL;
    struct err *e;

    if (!call->resource->namespaced || !call->ns.len || !call->reader)
        return NULL;
    if (TRY(&e,
            call->reader->get(call->reader->self, a, STR("/namespaces"), STR(""), call->ns, &ns)))
        return e;
    if (!ns)
        return status_not_found(a, api_resource_builtin(STR(""), STR("v1"), STR("namespaces")),
                                call->ns);
    if (!live && val_at(ns, "metadata.deletionTimestamp"))
        return terminating(a, call, name);
    return NULL;
}

struct err *admission_delete(struct arena *a, const struct prepare_call *call)
{
    static const struct str kept[] = { STR_INIT("default"), STR_INIT("kube-system"),
                                       STR_INIT("kube-public") };

    if (!is_core(call->resource, "namespaces"))
        return NULL;
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++)
        if (str_eq(call->name, kept[i]))
            return status_forbidden(a, call->resource, call->name,
                                    STR("this namespace may not be deleted"));
    return NULL;
}

/* ---- pods ---- */

static bool tolerates(const struct val *toleration, struct str key)
{
    struct str effect = val_get_str(toleration, "effect");
    struct str have = val_get_str(toleration, "key");

    return (!have.len || str_eq(have, key)) && (!effect.len || str_is(effect, "NoExecute"));
}

static const struct val *default_toleration(struct arena *a, const struct val *pod, struct str key)
{
    const struct val *list = val_at(pod, "spec.tolerations");
    const struct val *added;

    for (size_t i = 0; i < val_count(list); i++)
        if (tolerates(list->items[i], key))
            return pod;
    added = val_map_of(a, "key", val_string(a, key), "operator", val_cstring(a, "Exists"), "effect",
                       val_cstring(a, "NoExecute"), "tolerationSeconds", val_int(a, 300), NULL);
    return val_with_at(a, pod, "spec.tolerations",
                       val_seq_append(a, list ? list : &val_empty_seq, added));
}

static struct err *no_priority_class(struct arena *a, const struct prepare_call *call,
                                     const struct val *pod, struct str name)
{
    struct str pod_name = val_at_str(pod, "metadata.name");

    return status_forbidden(
        a, call->resource, pod_name,
        str_printf(a, "no PriorityClass with name %.*s was found", STR_ARG(name)));
}

/* The class by name, or the one that is the default; *ret NULL: there is none. */
static struct err *priority_class(struct arena *a, const struct prepare_call *call, struct str name,
                                  const struct val **ret)
{
    const struct object_reader *r = call->reader;
    const struct val *const *items = NULL;
    size_t count = 0;
    struct err *e;

    *ret = NULL;
    if (!r)
        return NULL;
    if (name.len)
        return r->get(r->self, a, STR("scheduling.k8s.io/priorityclasses"), STR(""), name, ret);
    if (TRY(&e,
            r->list(r->self, a, STR("scheduling.k8s.io/priorityclasses"), STR(""), &items, &count)))
        return e;
    for (size_t i = 0; i < count; i++)
        if (val_at_bool(items[i], "globalDefault", false) &&
            (!*ret || val_at_int(items[i], "value", 0) < val_at_int(*ret, "value", 0)))
            *ret = items[i];
    return NULL;
}

static struct err *pod_priority(struct arena *a, const struct prepare_call *call,
                                const struct val *pod, const struct val **ret)
{
    struct str name = val_at_str(pod, "spec.priorityClassName");
    const struct val *given = val_at(pod, "spec.priority");
    const struct val *class = NULL;
    const struct val *value = val_int(a, 0);
    struct str preemption = STR("PreemptLowerPriority");
    struct err *e;

    if (TRY(&e, priority_class(a, call, name, &class)))
        return e;
    if (name.len && !class)
        return no_priority_class(a, call, pod, name);
    if (class) {
        value = val_int(a, val_at_int(class, "value", 0));
        pod = val_with_at(a, pod, "spec.priorityClassName", val_at(class, "metadata.name"));
        if (val_get_str(class, "preemptionPolicy").len)
            preemption = val_get_str(class, "preemptionPolicy");
    }
    if (given && !val_eq(given, value))
        return status_forbidden(
            a, call->resource, val_at_str(pod, "metadata.name"),
            str_printf(a,
                       "the integer value of priority (%lld) must not be provided in pod spec; "
                       "priority admission controller computed %lld from the given PriorityClass "
                       "name",
                       (long long)given->integer, (long long)value->integer));
    pod = val_with_at(a, pod, "spec.priority", value);
    if (!val_at_str(pod, "spec.preemptionPolicy").len)
        pod = val_with_at(a, pod, "spec.preemptionPolicy", val_string(a, preemption));
    *ret = pod;
    return NULL;
}

static struct err *pod_admit(struct arena *a, const struct prepare_call *call,
                             const struct val *live, const struct val *pod, const struct val **ret)
{
    struct err *e;

    if (!live &&
        (TRY(&e, limits_admit(a, call, pod, &pod)) || TRY(&e, pod_priority(a, call, pod, &pod))))
        return e;
    pod = default_toleration(a, pod, STR("node.kubernetes.io/not-ready"));
    *ret = default_toleration(a, pod, STR("node.kubernetes.io/unreachable"));
    return NULL;
}

/* ---- storage ---- */

static const struct val *with_finalizer(struct arena *a, const struct val *o, const char *name)
{
    const struct val *list = val_at(o, "metadata.finalizers");

    for (size_t i = 0; i < val_count(list); i++)
        if (str_eq(val_str(list->items[i]), str_from_cstr(name)))
            return o;
    list = val_seq_append(a, list ? list : &val_empty_seq, val_cstring(a, name));
    return val_with_at(a, o, "metadata.finalizers", list);
}

struct err *admission_admit(struct arena *a, const struct prepare_call *call,
                            const struct val *live, const struct val *object,
                            const struct val **ret)
{
    struct err *e;

    *ret = object;
    if (TRY(&e, namespace_admit(a, call, live, val_at_str(object, "metadata.name"))))
        return e;
    if (call->subresource.len)
        return NULL;
    if (is_core(call->resource, "pods"))
        return pod_admit(a, call, live, object, ret);
    if (!live && is_core(call->resource, "persistentvolumes"))
        *ret = with_finalizer(a, object, "kubernetes.io/pv-protection");
    if (!live && is_core(call->resource, "persistentvolumeclaims"))
        *ret = with_finalizer(a, object, "kubernetes.io/pvc-protection");
    return NULL;
}
