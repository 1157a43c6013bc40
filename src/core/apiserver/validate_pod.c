/* SPDX-License-Identifier: Apache-2.0 */
#include "core/apiserver/names.h"
#include "core/apiserver/quantity.h"
#include "core/apiserver/validate.h"

/* ---- pod specs ---- */

static void check_tolerations(const struct check *c, struct str field, const struct val *list)
{
    for (size_t i = 0; i < val_count(list); i++) {
        const struct val *t = list->items[i];
        struct str at = at_index(c, field, i);
        struct str op = val_get_str(t, "operator");
        struct str key = val_get_str(t, "key");
        const struct val *effect = val_get(t, STR("effect"));

        if (key.len)
            (void)check_qualified_name(c, at_field(c, at, "key"), key);
        else if (!str_is(op, "Exists"))
            check_invalid_text(c, at_field(c, at, "operator"), op,
                               STR("operator must be Exists when `key` is empty, which means "
                                   "\"match all values and all keys\""));
        if (val_get(t, STR("tolerationSeconds")) && !str_is(val_str(effect), "NoExecute"))
            check_invalid_text(c, at_field(c, at, "effect"), val_str(effect),
                               STR("effect must be 'NoExecute' when `tolerationSeconds` is set"));
        if (op.len && !str_is(op, "Equal") && !str_is(op, "Exists"))
            check_not_supported(c, at_field(c, at, "operator"), val_get(t, STR("operator")),
                                "Equal,Exists");
        else if (str_is(op, "Exists") && val_get_str(t, "value").len)
            check_invalid(c, at_field(c, at, "operator"), t,
                          "value must be empty when `operator` is 'Exists'");
        if (val_str(effect).len)
            (void)check_one_of(c, at_field(c, at, "effect"), effect,
                               "NoSchedule,PreferNoSchedule,NoExecute");
    }
}

static void check_host_aliases(const struct check *c, struct str field, const struct val *list)
{
    for (size_t i = 0; i < val_count(list); i++) {
        struct str at = at_index(c, field, i);
        const struct val *names = val_get(list->items[i], STR("hostnames"));

        (void)check_ip(c, at_field(c, at, "ip"), val_get_str(list->items[i], "ip"));
        for (size_t j = 0; j < val_count(names); j++)
            (void)check_dns_subdomain(c, at_field(c, at, "hostnames"), val_str(names->items[j]));
    }
}

static void check_names(const struct check *c, struct str field, const struct val *spec)
{
    static const struct {
        const char *field;
        bool label;
    } names[] = {
        { "serviceAccountName", false },
        { "nodeName", false },
        { "hostname", true },
        { "subdomain", true },
        { "priorityClassName", false },
        { "runtimeClassName", false },
    };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct str name = val_get_str(spec, names[i].field);
        struct str at = at_field(c, field, names[i].field);

        if (!name.len)
            continue;
        if (names[i].label)
            (void)check_dns_label(c, at, name);
        else
            (void)check_dns_subdomain(c, at, name);
    }
}

void validate_pod_spec(const struct check *c, struct str field, const struct val *spec)
{
    int64_t deadline = val_at_int(spec, "activeDeadlineSeconds", 1);

    validate_volumes(c, at_field(c, field, "volumes"), val_get(spec, STR("volumes")));
    validate_container_list(c, field, spec);
    if (!val_get_str(spec, "restartPolicy").len)
        check_required(c, at_field(c, field, "restartPolicy"), "");
    else
        (void)check_one_of(c, at_field(c, field, "restartPolicy"),
                           val_get(spec, STR("restartPolicy")), "Always,OnFailure,Never");
    (void)check_one_of(c, at_field(c, field, "dnsPolicy"), val_get(spec, STR("dnsPolicy")),
                       "ClusterFirstWithHostNet,ClusterFirst,Default,None");
    (void)check_labels(c, at_field(c, field, "nodeSelector"), val_get(spec, STR("nodeSelector")));
    check_names(c, field, spec);
    if (deadline < 1 || deadline > INT32_MAX)
        check_invalid(c, at_field(c, field, "activeDeadlineSeconds"),
                      val_get(spec, STR("activeDeadlineSeconds")),
                      "must be between 1 and 2147483647, inclusive");
    check_tolerations(c, at_field(c, field, "tolerations"), val_get(spec, STR("tolerations")));
    check_host_aliases(c, at_field(c, field, "hostAliases"), val_get(spec, STR("hostAliases")));
}

void validate_pod_template(const struct check *c, struct str field, const struct val *template)
{
    struct str meta = at_field(c, field, "metadata");

    (void)check_labels(c, at_field(c, meta, "labels"), val_at(template, "metadata.labels"));
    validate_pod_spec(c, at_field(c, field, "spec"), val_get(template, STR("spec")));
}

/* ---- pods ---- */

/* Containers of both with the image taken from the old one, so that images may differ. */
static const struct val *with_images(struct arena *a, const struct val *spec, const struct val *old,
                                     struct str list)
{
    const struct val *containers = val_get(spec, list);
    const struct val *before = val_get(old, list);

    if (val_count(containers) != val_count(before))
        return spec;
    for (size_t i = 0; i < val_count(containers); i++) {
        const struct val *image = val_get(before->items[i], STR("image"));

        if (image)
            containers = val_seq_replace(a, containers, i,
                                         val_with(a, containers->items[i], STR("image"), image));
    }
    return containers ? val_with(a, spec, list, containers) : spec;
}

/* Every old toleration is still there. */
static bool only_added(const struct val *now, const struct val *before)
{
    for (size_t i = 0; i < val_count(before); i++) {
        bool found = false;

        for (size_t j = 0; j < val_count(now) && !found; j++)
            found = val_eq(val_get(now->items[j], STR("key")),
                           val_get(before->items[i], STR("key"))) &&
                    val_eq(val_get(now->items[j], STR("effect")),
                           val_get(before->items[i], STR("effect")));
        if (!found)
            return false;
    }
    return true;
}

static const struct val *take(struct arena *a, const struct val *spec, const struct val *old,
                              struct str name)
{
    const struct val *v = val_get(old, name);

    return v ? val_with(a, spec, name, v) : val_without(a, spec, name);
}

static void check_pod_update(const struct check *c, const struct val *pod, const struct val *live)
{
    struct arena *a = c->arena;
    const struct val *spec = val_get(pod, STR("spec"));
    const struct val *old = val_get(live, STR("spec"));

    spec = with_images(a, spec, old, STR("containers"));
    spec = with_images(a, spec, old, STR("initContainers"));
    spec = take(a, spec, old, STR("activeDeadlineSeconds"));
    spec = take(a, spec, old, STR("schedulingGates"));
    if (!only_added(val_get(spec, STR("tolerations")), val_get(old, STR("tolerations"))))
        check_forbidden(c, STR("spec.tolerations"),
                        "existing toleration can not be modified except its tolerationSeconds");
    spec = take(a, spec, old, STR("tolerations"));
    if (val_at_int(old, "terminationGracePeriodSeconds", 0) < 0)
        spec = take(a, spec, old, STR("terminationGracePeriodSeconds"));
    if (!val_eq(spec, old))
        check_forbidden(
            c, STR("spec"),
            "pod updates may not change fields other than "
            "`spec.containers[*].image`,`spec.initContainers[*].image`,"
            "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing "
            "tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was "
            "previously negative)");
}

void validate_pod(const struct check *c, const struct val *pod, const struct val *live)
{
    validate_pod_spec(c, STR("spec"), val_get(pod, STR("spec")));
    if (live)
        check_pod_update(c, pod, live);
}
