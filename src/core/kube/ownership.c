/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kube/ownership.h"

static struct str key_of(struct arena *a, const struct owner *o, const char *key)
{
    return str_printf(a, "%.*s/%s", STR_ARG(o->group), key);
}

const struct val *owner_labels_set(struct arena *a, const struct val *object, const struct owner *o)
{
    const struct val *labels = val_at(object, "metadata.labels");

    labels = val_with(a, labels, key_of(a, o, "name"), val_string(a, o->name));
    labels = val_with(a, labels, key_of(a, o, "namespace"), val_string(a, o->ns));
    return val_with_at(a, object, "metadata.labels", labels);
}

/* Value of "<group>/<key>" in a map of metadata; no allocation, the map is walked. */
static struct str lookup(const struct val *map, const struct owner *o, const char *key)
{
    struct str name = str_from_cstr(key);

    for (size_t i = 0; i < val_count(map); i++) {
        struct str k = map->fields[i].key;

        if (k.len == o->group.len + 1 + name.len && str_has_prefix(k, o->group) &&
            k.ptr[o->group.len] == '/' && str_has_suffix(k, name))
            return val_str(map->fields[i].value);
    }
    return STR("");
}

bool owner_labels_match(const struct val *object, const struct owner *o)
{
    const struct val *labels = val_at(object, "metadata.labels");

    return o->name.len > 0 && str_eq(lookup(labels, o, "name"), o->name) &&
           str_eq(lookup(labels, o, "namespace"), o->ns);
}

bool policy_is(const struct val *object, const struct owner *o, const char *key, const char *value)
{
    struct str want = str_from_cstr(value);

    return str_eq_nocase(lookup(val_at(object, "metadata.annotations"), o, key), want) ||
           str_eq_nocase(lookup(val_at(object, "metadata.labels"), o, key), want);
}

bool policy_forbids_prune(const struct val *object, const struct owner *o)
{
    return policy_is(object, o, "prune", "disabled") ||
           policy_is(object, o, "reconcile", "disabled") || policy_is(object, o, "ssa", "Ignore");
}

bool policy_forbids_apply(const struct val *desired, const struct val *live, const struct owner *o)
{
    if (policy_is(desired, o, "reconcile", "disabled") || policy_is(desired, o, "ssa", "Ignore"))
        return true;
    if (!live)
        return false;
    return policy_is(live, o, "reconcile", "disabled") || policy_is(live, o, "ssa", "Ignore") ||
           policy_is(desired, o, "ssa", "IfNotPresent");
}
