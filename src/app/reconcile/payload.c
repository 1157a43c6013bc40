/* SPDX-License-Identifier: Apache-2.0 */
#include "app/reconcile/payload.h"

#include "core/apiserver/decode_typed.h"
#include "core/kube/schema_zero.h"
#include "foreign/base64.h"

static bool is_kind(const struct obj_ref *ref, const char *group, const char *kind)
{
    return str_eq(ref->group, str_from_cstr(group)) && str_eq(ref->kind, str_from_cstr(kind));
}

/* Kinds that Flux leaves alone: those that are not in client-go, and roles, whose rules Go would reset. */
static bool is_untyped(const struct obj_ref *ref)
{
    return str_is(ref->group, "apiextensions.k8s.io") ||
           str_is(ref->group, "apiregistration.k8s.io") ||
           (str_is(ref->group, "rbac.authorization.k8s.io") && str_is(ref->version, "v1") &&
            (str_is(ref->kind, "Role") || str_is(ref->kind, "ClusterRole")));
}

static const struct val *with_protocols(struct arena *a, const struct val *ports)
{
    for (size_t i = 0; i < val_count(ports); i++) {
        const struct val *port = val_item(ports, i);

        if (val_get_str(port, "protocol").len == 0)
            ports = val_seq_replace(a, ports, i,
                                    val_with(a, port, STR("protocol"), val_cstring(a, "TCP")));
    }
    return ports;
}

static const struct val *ports_of_pod(struct arena *a, const struct val *object, const char *path)
{
    const struct val *containers = val_at(object, path), *before = containers;

    for (size_t i = 0; i < val_count(containers); i++) {
        const struct val *container = val_item(containers, i);
        const struct val *ports = val_get(container, STR("ports"));

        if (ports)
            containers = val_seq_replace(
                a, containers, i, val_with(a, container, STR("ports"), with_protocols(a, ports)));
    }
    return containers == before ? object : val_with_at(a, object, path, containers);
}

static const struct val *with_pod_ports(struct arena *a, const struct val *object,
                                        const struct obj_ref *ref)
{
    static const char *const templated[] = { "Deployment", "StatefulSet", "DaemonSet",
                                             "ReplicaSet" };

    if (is_kind(ref, "", "Pod"))
        return ports_of_pod(a, object, "spec.containers");
    if (is_kind(ref, "batch", "Job"))
        return ports_of_pod(a, object, "spec.template.spec.containers");
    if (is_kind(ref, "batch", "CronJob"))
        return ports_of_pod(a, object, "spec.jobTemplate.spec.template.spec.containers");
    for (size_t i = 0; i < sizeof templated / sizeof templated[0]; i++)
        if (is_kind(ref, "apps", templated[i]))
            return ports_of_pod(a, object, "spec.template.spec.containers");
    return object;
}

static const struct val *with_data(struct arena *a, const struct val *secret)
{
    const struct val *plain = val_get(secret, STR("stringData"));
    struct map_builder b;

    if (val_count(plain) == 0)
        return secret;
    map_builder_from(&b, a,
                     val_get(secret, STR("data")) ? val_get(secret, STR("data")) : &val_empty_map);
    for (size_t i = 0; i < plain->count; i++)
        map_builder_set(&b, plain->fields[i].key,
                        val_string(a, base64_encode(a, val_str(plain->fields[i].value))));
    secret = val_with(a, secret, STR("data"), map_builder_done(&b, NULL));
    return val_without(a, secret, STR("stringData"));
}

static const struct val *typed(struct arena *a, const struct val *object, const struct obj_ref *ref)
{
    const struct schema_resource *known = schema_builtin(ref->group, ref->version, ref->kind);
    const struct val *now, *ports;

    if (!known || typed_decode(a, known->type, object, STR(""), NULL, &now) != NULL)
        return object;
    if (is_kind(ref, "", "Secret"))
        now = with_data(a, now);
    now = schema_normalize(a, known->type, now);
    ports = is_kind(ref, "", "Service") ? val_at(now, "spec.ports") : NULL;
    if (ports)
        now = val_with_at(a, now, "spec.ports", with_protocols(a, ports));
    return with_pod_ports(a, now, ref);
}

const struct val *payload_of(struct arena *a, const struct val *object)
{
    struct obj_ref ref = obj_ref_of(object);

    if (str_is(ref.group, "rbac.authorization.k8s.io") && is_untyped(&ref))
        return object;
    if (!is_untyped(&ref))
        object = typed(a, object, &ref);
    if (!is_kind(&ref, "apiextensions.k8s.io", "CustomResourceDefinition"))
        object = val_without(a, object, STR("status"));
    return object;
}
