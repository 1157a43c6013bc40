/* SPDX-License-Identifier: Apache-2.0 */
/* Defaults of pods and pod templates. */
#include "core/apiserver/defaults.h"
#include "core/apiserver/quantity.h"
#include "core/apiserver/tree_edit.h"

struct str pod_spec_path(struct str group, struct str kind)
{
    static const struct {
        struct str group;
        struct str kind;
        struct str path;
    } places[] = {
        { STR_INIT(""), STR_INIT("Pod"), STR_INIT("spec") },
        { STR_INIT(""), STR_INIT("PodTemplate"), STR_INIT("template.spec") },
        { STR_INIT(""), STR_INIT("ReplicationController"), STR_INIT("spec.template.spec") },
        { STR_INIT("apps"), STR_INIT("Deployment"), STR_INIT("spec.template.spec") },
        { STR_INIT("apps"), STR_INIT("ReplicaSet"), STR_INIT("spec.template.spec") },
        { STR_INIT("apps"), STR_INIT("StatefulSet"), STR_INIT("spec.template.spec") },
        { STR_INIT("apps"), STR_INIT("DaemonSet"), STR_INIT("spec.template.spec") },
        { STR_INIT("batch"), STR_INIT("Job"), STR_INIT("spec.template.spec") },
        { STR_INIT("batch"), STR_INIT("CronJob"), STR_INIT("spec.jobTemplate.spec.template.spec") },
    };

    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
        if (str_eq(places[i].group, group) && str_eq(places[i].kind, kind))
            return places[i].path;
    return STR("");
}

/* No tag and no digest, or the tag "latest". */
static bool image_is_latest(struct str image)
{
    size_t slash = str_rfind_byte(image, '/');
    struct str last = slash == SIZE_MAX ? image : str_skip(image, slash + 1);
    size_t digest = str_find_byte(last, '@', 0);
    size_t colon = str_find_byte(str_slice(last, 0, digest), ':', 0);

    if (colon == SIZE_MAX)
        return digest == SIZE_MAX;
    return str_is(str_slice(last, colon + 1, digest), "latest");
}

static const struct val *container(struct arena *a, const struct val *c, const void *ctx)
{
    (void)ctx;
    if (val_get_str(c, "imagePullPolicy").len)
        return c;
    return val_with(
        a, c, STR("imagePullPolicy"),
        val_cstring(a, image_is_latest(val_get_str(c, "image")) ? "Always" : "IfNotPresent"));
}

static const struct val *volume(struct arena *a, const struct val *v, const void *ctx)
{
    (void)ctx;
    /* A volume that says nothing but its name is an empty directory. */
    return v->count > 1 ? v : val_with(a, v, STR("emptyDir"), &val_empty_map);
}

static const struct val *zero_probe(struct arena *a, const struct val *probe, const void *ctx)
{
    static const struct str fields[] = { STR_INIT("timeoutSeconds"), STR_INIT("periodSeconds"),
                                         STR_INIT("successThreshold"),
                                         STR_INIT("failureThreshold") };

    (void)ctx;
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        const struct val *v = val_get(probe, fields[i]);

        if (val_is(v, VAL_INT) && v->integer == 0)
            probe = val_without(a, probe, fields[i]);
    }
    return probe;
}

static const struct val *host_port(struct arena *a, const struct val *port, const void *ctx)
{
    (void)ctx;
    if (val_at_int(port, "hostPort", 0) || !val_get(port, STR("containerPort")))
        return port;
    return val_with(a, port, STR("hostPort"), val_get(port, STR("containerPort")));
}

static const struct val *requests(struct arena *a, const struct val *resources, const void *ctx)
{
    const struct val *limits = val_get(resources, STR("limits"));
    const struct val *wanted = val_get(resources, STR("requests"));

    (void)ctx;
    for (size_t i = 0; i < val_count(limits); i++)
        if (!val_get(wanted, limits->fields[i].key))
            wanted = val_with(a, wanted, limits->fields[i].key, limits->fields[i].value);
    return val_count(wanted) ? val_with(a, resources, STR("requests"), wanted) : resources;
}

/* serviceAccount is the old name of serviceAccountName; both are printed. */
static const struct val *service_account(struct arena *a, const struct val *spec)
{
    const struct val *name = val_get(spec, STR("serviceAccountName"));
    const struct val *old = val_get(spec, STR("serviceAccount"));

    if (!val_str(name).len && val_str(old).len)
        return val_with(a, spec, STR("serviceAccountName"), old);
    if (val_str(name).len)
        return val_with(a, spec, STR("serviceAccount"), name);
    return old ? val_without(a, spec, STR("serviceAccount")) : spec;
}

static const struct val *spec_fields(struct arena *a, const struct val *spec, const void *ctx)
{
    static const struct str lists[] = { STR_INIT("containers[]"), STR_INIT("initContainers[]"),
                                        STR_INIT("ephemeralContainers[]") };
    static const struct str probes[] = { STR_INIT("livenessProbe"), STR_INIT("readinessProbe"),
                                         STR_INIT("startupProbe") };

    (void)ctx;
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        spec = tree_edit(a, spec, lists[i], container, NULL);
        for (size_t j = 0; j < sizeof probes / sizeof probes[0]; j++)
            spec = tree_edit(a, spec,
                             str_printf(a, "%.*s.%.*s", STR_ARG(lists[i]), STR_ARG(probes[j])),
                             zero_probe, NULL);
    }
    spec = tree_edit(a, spec, STR("volumes[]"), volume, NULL);
    return service_account(a, spec);
}

static const struct val *pod_alone(struct arena *a, const struct val *spec, const void *ctx)
{
    (void)ctx;
    spec = tree_edit(a, spec, STR("containers[].resources"), requests, NULL);
    spec = tree_edit(a, spec, STR("initContainers[].resources"), requests, NULL);
    if (!val_get(spec, STR("enableServiceLinks")))
        spec = val_with(a, spec, STR("enableServiceLinks"), &val_true);
    return spec;
}

static const struct val *host_network(struct arena *a, const struct val *spec, const void *ctx)
{
    (void)ctx;
    if (!val_at_bool(spec, "hostNetwork", false))
        return spec;
    spec = tree_edit(a, spec, STR("containers[].ports[]"), host_port, NULL);
    return tree_edit(a, spec, STR("initContainers[].ports[]"), host_port, NULL);
}

const struct val *defaults_pod_spec(struct arena *a, const struct val *object, struct str path)
{
    size_t count;
    const struct default_rule *rules = pod_default_rules(&count);

    object = tree_edit(a, object, path, spec_fields, NULL);
    for (size_t i = 0; i < count; i++)
        object = default_rule_apply(a, object, path, &rules[i]);
    /* What belongs to a pod but not to a template of one. */
    if (!str_is(path, "spec"))
        return object;
    object = tree_edit(a, object, path, host_network, NULL);
    return tree_edit(a, object, path, pod_alone, NULL);
}
