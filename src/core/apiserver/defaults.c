/* SPDX-License-Identifier: Apache-2.0 */
#include "core/apiserver/defaults.h"

#include "core/apiserver/crd.h"
#include "core/apiserver/tree_edit.h"

/* ---- rules ---- */

static const struct val *rule_value(struct arena *a, struct str text)
{
    int64_t n;

    if (str_is(text, "{}"))
        return &val_empty_map;
    if (str_is(text, "[]"))
        return &val_empty_seq;
    if (str_is(text, "true") || str_is(text, "false"))
        return val_bool(text.ptr[0] == 't');
    if (str_to_int64(text, &n))
        return val_int(a, n);
    return val_string(a, text);
}

/* A field that counts as not given: absent, null, "" or, for numbers of probes, 0. */
static bool is_unset(const struct val *v, struct str value)
{
    if (!v || v->kind == VAL_NULL)
        return true;
    if (v->kind == VAL_STRING)
        return !v->text.len && value.len;
    return false;
}

static bool rule_holds(struct str when, const struct val *map)
{
    struct str rest = when;
    struct str field;
    struct str value;
    struct str have;

    if (!when.len)
        return true;
    (void)str_cut(&rest, '=', &field);
    if (!rest.len)
        return is_unset(val_get(map, field), STR("x"));
    have = val_str(val_get(map, field));
    while (str_cut(&rest, '|', &value))
        if (str_eq(value, have))
            return true;
    return false;
}

static const struct val *rule_edit(struct arena *a, const struct val *map, const void *ctx)
{
    const struct default_rule *rule = ctx;

    if (!is_unset(val_get(map, rule->field), rule->value) || !rule_holds(rule->when, map))
        return map;
    return val_with(a, map, rule->field, rule_value(a, rule->value));
}

const struct val *default_rule_apply(struct arena *a, const struct val *object, struct str prefix,
                                     const struct default_rule *rule)
{
    struct str path = rule->path;

    if (prefix.len)
        path = path.len ? str_printf(a, "%.*s.%.*s", STR_ARG(prefix), STR_ARG(path)) : prefix;
    return tree_edit(a, object, path, rule_edit, rule);
}

static bool kind_listed(struct str kinds, struct str kind)
{
    struct str one;

    while (str_cut(&kinds, ',', &one))
        if (str_eq(one, kind))
            return true;
    return false;
}

/* ---- kinds with code ---- */

static const struct val *service_port(struct arena *a, const struct val *port, const void *ctx)
{
    const struct val *target = val_get(port, STR("targetPort"));
    const struct val *number = val_get(port, STR("port"));

    (void)ctx;
    if (!number || (target && !(target->kind == VAL_INT && target->integer == 0) &&
                    !(target->kind == VAL_STRING && !target->text.len)))
        return port;
    return val_with(a, port, STR("targetPort"), number);
}

static const struct val *ingress_ip(struct arena *a, const struct val *item, const void *ctx)
{
    (void)ctx;
    if (!val_get_str(item, "ip").len || val_get(item, STR("ipMode")))
        return item;
    return val_with(a, item, STR("ipMode"), val_cstring(a, "VIP"));
}

static const struct val *service(struct arena *a, const struct val *o)
{
    struct str type = val_at_str(o, "spec.type");

    o = tree_edit(a, o, STR("spec.ports[]"), service_port, NULL);
    if (str_is(val_at_str(o, "spec.sessionAffinity"), "None") &&
        val_at(o, "spec.sessionAffinityConfig"))
        o = val_without_at(a, o, "spec.sessionAffinityConfig");
    if (str_is(type, "ClusterIP") && val_count(val_at(o, "spec.externalIPs")) &&
        !val_at(o, "spec.externalTrafficPolicy"))
        o = val_with_at(a, o, "spec.externalTrafficPolicy", val_cstring(a, "Cluster"));
    if (str_is(type, "LoadBalancer"))
        o = tree_edit(a, o, STR("status.loadBalancer.ingress[]"), ingress_ip, NULL);
    return o;
}

static const struct val *namespace_labels(struct arena *a, const struct val *o)
{
    struct str name = val_at_str(o, "metadata.name");
    const struct val *labels = val_at(o, "metadata.labels");

    if (!name.len || str_eq(val_get_str(labels, "kubernetes.io/metadata.name"), name))
        return o;
    labels = val_with(a, labels, STR("kubernetes.io/metadata.name"), val_string(a, name));
    return val_with_at(a, o, "metadata.labels", labels);
}

/* stringData is for writing only: it ends up in data. */
static const struct val *secret(struct arena *a, const struct val *o)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const struct val *plain = val_get(o, STR("stringData"));
    struct map_builder b;

    if (!plain)
        return o;
    map_builder_from(&b, a, val_get(o, STR("data")));
    for (size_t i = 0; i < val_count(plain); i++) {
        struct str s = val_str(plain->fields[i].value);
        char *out = arena_alloc(a, (s.len + 2) / 3 * 4);
        size_t len = 0;

        for (size_t j = 0; j < s.len; j += 3) {
            unsigned n = (unsigned)(unsigned char)s.ptr[j] << 16;

            n |= j + 1 < s.len ? (unsigned)(unsigned char)s.ptr[j + 1] << 8 : 0;
            n |= j + 2 < s.len ? (unsigned)(unsigned char)s.ptr[j + 2] : 0;
            out[len++] = digits[n >> 18];
            out[len++] = digits[n >> 12 & 63];
            out[len++] = j + 1 < s.len ? digits[n >> 6 & 63] : '=';
            out[len++] = j + 2 < s.len ? digits[n & 63] : '=';
        }
        map_builder_set(&b, plain->fields[i].key, val_string(a, str_of(out, len)));
    }
    o = val_without(a, o, STR("stringData"));
    return val_with(a, o, STR("data"), map_builder_done(&b, NULL));
}

/* Values of `from` that `to` does not have. */
static const struct val *fill(struct arena *a, const struct val *to, const struct val *from)
{
    for (size_t i = 0; i < val_count(from); i++)
        if (!val_get(to, from->fields[i].key))
            to = val_with(a, to, from->fields[i].key, from->fields[i].value);
    return to;
}

static const struct val *limit_item(struct arena *a, const struct val *item, const void *ctx)
{
    const struct val *limit = val_get(item, STR("default"));
    const struct val *request = val_get(item, STR("defaultRequest"));

    (void)ctx;
    if (!str_is(val_get_str(item, "type"), "Container"))
        return item;
    limit = fill(a, limit, val_get(item, STR("max")));
    request = fill(a, request, limit);
    request = fill(a, request, val_get(item, STR("min")));
    if (val_count(limit))
        item = val_with(a, item, STR("default"), limit);
    return val_count(request) ? val_with(a, item, STR("defaultRequest"), request) : item;
}

static const struct val *network_policy(struct arena *a, const struct val *o)
{
    const struct val *types = &val_empty_seq;

    if (val_count(val_at(o, "spec.policyTypes")))
        return o;
    types = val_seq_append(a, types, val_cstring(a, "Ingress"));
    if (val_count(val_at(o, "spec.egress")))
        types = val_seq_append(a, types, val_cstring(a, "Egress"));
    return val_with_at(a, o, "spec.policyTypes", types);
}

static const struct val *scaling_policy(struct arena *a, const char *type, int64_t value)
{
    return val_map_of(a, "type", val_cstring(a, type), "value", val_int(a, value), "periodSeconds",
                      val_int(a, 15), NULL);
}

static const struct val *autoscaler(struct arena *a, const struct val *o)
{
    const struct val *pods = scaling_policy(a, "Pods", 4);
    const struct val *percent = scaling_policy(a, "Percent", 100);
    const struct val *target = val_map_of(a, "type", val_cstring(a, "Utilization"),
                                          "averageUtilization", val_int(a, 80), NULL);
    const struct val *metric = val_map_of(
        a, "type", val_cstring(a, "Resource"), "resource",
        val_map_of(a, "name", val_cstring(a, "cpu"), "target", target, NULL), NULL);

    if (str_is(val_get_str(o, "apiVersion"), "autoscaling/v1"))
        return o;
    if (!val_count(val_at(o, "spec.metrics")))
        o = val_with_at(a, o, "spec.metrics", val_seq(a, &metric, 1));
    if (val_at(o, "spec.behavior.scaleUp") && !val_at(o, "spec.behavior.scaleUp.policies"))
        o = val_with_at(a, o, "spec.behavior.scaleUp.policies",
                        val_seq(a, (const struct val *const[]){ pods, percent }, 2));
    if (val_at(o, "spec.behavior.scaleDown") && !val_at(o, "spec.behavior.scaleDown.policies"))
        o = val_with_at(a, o, "spec.behavior.scaleDown.policies", val_seq(a, &percent, 1));
    return o;
}

static const struct val *labels_of_template(struct arena *a, const struct val *o)
{
    const struct val *labels = val_at(o, "spec.template.metadata.labels");

    if (!val_count(labels) || val_count(val_at(o, "metadata.labels")))
        return o;
    return val_with_at(a, o, "metadata.labels", labels);
}

static const struct val *template_generation(struct arena *a, const struct val *o)
{
    const struct val *annotations = val_at(o, "metadata.annotations");
    struct str key = STR("deprecated.daemonset.template.generation");

    if (val_get(annotations, key))
        return o;
    annotations = val_with(a, annotations, key, val_cstring(a, "0"));
    return val_with_at(a, o, "metadata.annotations", annotations);
}

static const struct val *csi_driver(struct arena *a, const struct val *o)
{
    const struct val *mode = val_cstring(a, "Persistent");

    if (val_count(val_at(o, "spec.volumeLifecycleModes")))
        return o;
    return val_with_at(a, o, "spec.volumeLifecycleModes", val_seq(a, &mode, 1));
}

static const struct val *by_code(struct arena *a, struct str kind, const struct val *o)
{
    if (str_is(kind, "/Service"))
        return service(a, o);
    if (str_is(kind, "/Namespace"))
        return namespace_labels(a, o);
    if (str_is(kind, "/Secret"))
        return secret(a, o);
    if (str_is(kind, "/LimitRange"))
        return tree_edit(a, o, STR("spec.limits[]"), limit_item, NULL);
    if (str_is(kind, "networking.k8s.io/NetworkPolicy"))
        return network_policy(a, o);
    if (str_is(kind, "autoscaling/HorizontalPodAutoscaler"))
        return autoscaler(a, o);
    if (str_is(kind, "batch/Job") || str_is(kind, "/ReplicationController"))
        return labels_of_template(a, o);
    if (str_is(kind, "apps/DaemonSet"))
        return template_generation(a, o);
    if (str_is(kind, "storage.k8s.io/CSIDriver"))
        return csi_driver(a, o);
    if (str_is(kind, "apiextensions.k8s.io/CustomResourceDefinition"))
        return crd_defaults(a, o);
    return o;
}

const struct val *defaults_apply(struct arena *a, const struct api_resource *r,
                                 const struct val *object)
{
    struct str kind = str_printf(a, "%.*s/%.*s", STR_ARG(r->gvk.group), STR_ARG(r->gvk.kind));
    struct str pod = pod_spec_path(r->gvk.group, r->gvk.kind);
    size_t count;
    const struct default_rule *rules = default_rules(&count);

    for (size_t i = 0; i < count; i++)
        if (kind_listed(rules[i].kinds, kind))
            object = default_rule_apply(a, object, STR(""), &rules[i]);
    if (pod.len)
        object = defaults_pod_spec(a, object, pod);
    return by_code(a, kind, object);
}
