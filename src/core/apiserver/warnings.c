/* SPDX-License-Identifier: Apache-2.0 */
/* What Kubernetes accepts but warns about. */
#include "core/apiserver/crd_format.h"
#include "core/apiserver/defaults.h"
#include "core/apiserver/quantity.h"
#include "core/apiserver/validate.h"

static void warn(const struct check *c, const struct prepare_call *call, struct str text)
{
    *VEC_PUSH(c->arena, call->warnings) = text;
}

static void env_warnings(const struct check *c, const struct prepare_call *call, struct str at,
                         const struct val *env)
{
    for (size_t i = 1; i < val_count(env); i++)
        for (size_t j = 0; j < i; j++) {
            struct str name = val_get_str(env->items[i], "name");

            if (!str_eq(val_get_str(env->items[j], "name"), name))
                continue;
            warn(c, call,
                 str_printf(c->arena,
                            "%.*s[%zu]: hides previous definition of \"%.*s\", which may be "
                            "dropped when using apply",
                            STR_ARG(at), i, STR_ARG(name)));
            break;
        }
}

static bool same_port(const struct val *p, const struct val *q)
{
    static const struct str fields[] = { STR_INIT("containerPort"), STR_INIT("hostPort"),
                                         STR_INIT("hostIP"), STR_INIT("protocol") };

    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        const struct val *x = val_get(p, fields[i]);
        const struct val *y = val_get(q, fields[i]);

        if ((x != NULL) != (y != NULL) || (x && !val_eq(x, y)))
            return false;
    }
    return true;
}

static void port_warnings(const struct check *c, const struct prepare_call *call, struct str at,
                          const struct val *ports)
{
    for (size_t i = 1; i < val_count(ports); i++)
        for (size_t j = 0; j < i; j++) {
            if (!same_port(ports->items[i], ports->items[j]))
                continue;
            warn(c, call,
                 str_printf(c->arena, "%.*s[%zu]: duplicate port definition with %.*s[%zu]",
                            STR_ARG(at), i, STR_ARG(at), j));
            break;
        }
}

/* Bytes come whole. */
static void resource_warnings(const struct check *c, const struct prepare_call *call, struct str at,
                              const struct val *resources)
{
    static const char *const kinds[] = { "limits", "requests" };
    static const struct str names[] = { STR_INIT("memory"), STR_INIT("ephemeral-storage"),
                                        STR_INIT("storage") };

    for (size_t n = 0; n < 3; n++)
        for (size_t k = 0; k < 2; k++) {
            const struct val *v = val_get(val_get(resources, str_from_cstr(kinds[k])), names[n]);
            struct quantity q;

            if (v && quantity_of(c->arena, v, &q) && q.nano % 1000000000)
                warn(c, call,
                     str_printf(c->arena,
                                "%.*s: fractional byte value \"%.*s\" is invalid, must be an "
                                "integer",
                                STR_ARG(at_key(c, at_field(c, at, kinds[k]), names[n])),
                                STR_ARG(quantity_format(c->arena, &q))));
        }
}

static void service_warnings(const struct check *c, const struct prepare_call *call,
                             const struct val *service)
{
    struct str type = val_at_str(service, "spec.type");
    bool headless = str_is(type, "ClusterIP") &&
                    str_is(val_at_str(service, "spec.clusterIP"), "None");

    if (headless && val_count(val_at(service, "spec.externalIPs")))
        warn(c, call, STR("spec.externalIPs is ignored for headless services"));
    if (headless && !str_is(val_at_str(service, "spec.sessionAffinity"), "None"))
        warn(c, call, STR("spec.SessionAffinity is ignored for headless services"));
    if (str_is(type, "ExternalName") && val_count(val_at(service, "spec.externalIPs")))
        warn(c, call, STR("spec.externalIPs is ignored when spec.type is \"ExternalName\""));
    if (!str_is(type, "ExternalName") && val_at_str(service, "spec.externalName").len)
        warn(c, call, STR("spec.externalName is ignored when spec.type is not \"ExternalName\""));
    if (str_is(val_at_str(service, "spec.trafficDistribution"), "PreferClose"))
        warn(c, call,
             STR("spec.trafficDistribution: \"PreferClose\" is deprecated; use "
                 "\"PreferSameZone\""));
}

static void pod_warnings(const struct check *c, const struct prepare_call *call, struct str at,
                         const struct val *spec)
{
    static const char *const lists[] = { "initContainers", "containers" };

    for (size_t l = 0; l < 2; l++) {
        const struct val *list = val_get(spec, str_from_cstr(lists[l]));

        for (size_t i = 0; i < val_count(list); i++) {
            struct str place = at_index(c, at_field(c, at, lists[l]), i);

            resource_warnings(c, call, at_field(c, place, "resources"),
                              val_get(list->items[i], STR("resources")));
            port_warnings(c, call, at_field(c, place, "ports"),
                          val_get(list->items[i], STR("ports")));
            env_warnings(c, call, at_field(c, place, "env"), val_get(list->items[i], STR("env")));
        }
    }
}

static void finalizer_warnings(const struct check *c, const struct prepare_call *call,
                               const struct val *finalizers)
{
    for (size_t i = 0; i < val_count(finalizers); i++) {
        struct str name = val_str(finalizers->items[i]);
        struct str how = STR("");

        if (str_contains(name, STR("/")) || str_is(name, "orphan") || str_is(name, "kubernetes") ||
            str_is(name, "foregroundDeletion"))
            continue;
        if (str_contains(name, STR(".")))
            how = STR("including a path (/) ");
        warn(c, call,
             str_printf(c->arena,
                        "metadata.finalizers: \"%.*s\": prefer a domain-qualified finalizer name "
                        "%.*sto avoid accidental conflicts with other finalizer writers",
                        STR_ARG(name), STR_ARG(how)));
    }
}

/* Formats that are not known, each once; rules in CEL, which are kept but not evaluated. */
static void schema_warnings(const struct check *c, const struct prepare_call *call,
                            const struct val *node, bool *rules)
{
    struct str format = val_is(node, VAL_MAP) && val_is(val_get(node, STR("format")), VAL_STRING)
                            ? val_get_str(node, "format")
                            : STR("");
    struct str text;

    if (format.len && str_is(val_get_str(node, "type"), "string") &&
        !crd_format_known(c->arena, format)) {
        bool told = false;

        text = str_printf(c->arena, "unrecognized format \"%.*s\"", STR_ARG(format));
        for (size_t i = 0; i < call->warnings->count && !told; i++)
            told = str_eq(call->warnings->items[i], text);
        if (!told)
            warn(c, call, text);
    }
    *rules = *rules || val_count(val_get(node, STR("x-kubernetes-validations")));
    for (size_t i = 0; val_is(node, VAL_MAP) && i < node->count; i++)
        schema_warnings(c, call, node->fields[i].value, rules);
    for (size_t i = 0; val_is(node, VAL_SEQ) && i < node->count; i++)
        schema_warnings(c, call, node->items[i], rules);
}

static void definition_warnings(const struct check *c, const struct prepare_call *call,
                                const struct val *versions)
{
    bool rules = false;

    for (size_t i = 0; i < val_count(versions); i++)
        schema_warnings(c, call, val_at(versions->items[i], "schema.openAPIV3Schema"), &rules);
    if (rules)
        warn(c, call, STR("x-kubernetes-validations: CEL rules are stored but not evaluated"));
}

void warnings_of(const struct check *c, const struct prepare_call *call, const struct val *object)
{
    const struct gvk *gvk = &call->resource->gvk;
    struct str path = pod_spec_path(gvk->group, gvk->kind);

    if (call->resource->crd && !call->subresource.len)
        finalizer_warnings(c, call, val_at(object, "metadata.finalizers"));
    if (str_is(gvk->kind, "CustomResourceDefinition") && !call->resource->crd)
        definition_warnings(c, call, val_at(object, "spec.versions"));
    if (call->resource->crd || call->subresource.len)
        return;
    if (!gvk->group.len && str_is(gvk->kind, "Service"))
        service_warnings(c, call, object);
    if (!gvk->group.len && str_is(gvk->kind, "PersistentVolumeClaim"))
        resource_warnings(c, call, STR("spec.resources"), val_at(object, "spec.resources"));
    if (str_is(gvk->kind, "Ingress") && !val_at(object, "spec.ingressClassName") &&
        val_get(val_at(object, "metadata.annotations"), STR("kubernetes.io/ingress.class")))
        warn(c, call,
             STR("annotation \"kubernetes.io/ingress.class\" is deprecated, please use "
                 "'spec.ingressClassName' instead"));
    if (!path.len)
        return;
    pod_warnings(c, call, path, val_at(object, str_cstr(c->arena, path)));
}
