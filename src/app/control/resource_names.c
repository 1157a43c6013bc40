/* SPDX-License-Identifier: Apache-2.0 */
#include "app/control/resource_names.h"

#include "core/apiserver/resource.h"

/* "deployments.apps" is deployments of the group apps; "deployments" of any. */
struct wanted {
    struct str name;
    struct str group;
};

static bool is_listed(struct str list, struct str name)
{
    struct str each;

    while (list.len > 0 && str_cut(&list, ',', &each))
        if (str_eq_nocase(each, name))
            return true;
    return false;
}

static bool is_unstable(struct str version)
{
    return str_contains(version, STR("alpha")) || str_contains(version, STR("beta"));
}

static bool is_builtin(const struct wanted *w, const struct api_resource *r)
{
    if (w->group.len > 0 && !str_eq(w->group, r->gvk.group))
        return false;
    return !is_unstable(r->gvk.version) &&
           (str_eq_nocase(w->name, r->plural) || str_eq_nocase(w->name, r->singular) ||
            str_eq_nocase(w->name, r->gvk.kind) || is_listed(r->short_names, w->name));
}

static const struct api_resource *find_builtin(const struct wanted *w)
{
    size_t count;
    const struct api_resource *all = api_resource_builtin_all(&count);

    for (size_t i = 0; i < count; i++)
        if (is_builtin(w, &all[i]))
            return &all[i];
    return NULL;
}

static bool is_custom(const struct wanted *w, const struct val *crd)
{
    const struct val *names = val_at(crd, "spec.names"),
                     *shorts = val_get(names, STR("shortNames"));

    if (w->group.len > 0 && !str_eq(w->group, val_at_str(crd, "spec.group")))
        return false;
    for (size_t i = 0; i < val_count(shorts); i++)
        if (str_eq_nocase(w->name, val_str(val_item(shorts, i))))
            return true;
    return str_eq_nocase(w->name, val_get_str(names, "plural")) ||
           str_eq_nocase(w->name, val_get_str(names, "singular")) ||
           str_eq_nocase(w->name, val_get_str(names, "kind"));
}

/* The one objects are stored in if it is served, else the first that is. */
static struct str served_version(const struct val *crd)
{
    const struct val *versions = val_at(crd, "spec.versions");
    struct str first = STR("");

    for (size_t i = 0; i < val_count(versions); i++) {
        const struct val *v = val_item(versions, i);

        if (!val_at_bool(v, "served", false))
            continue;
        if (val_at_bool(v, "storage", false))
            return val_get_str(v, "name");
        if (first.len == 0)
            first = val_get_str(v, "name");
    }
    return first;
}

struct err *resource_name_find(const struct cluster *cluster, struct run *r, struct str name,
                               struct gvk *ret)
{
    static const struct cluster_selector crds = {
        .gvk = { STR_INIT("apiextensions.k8s.io"), STR_INIT("v1"),
                 STR_INIT("CustomResourceDefinition") },
    };
    size_t dot = str_find_byte(name, '.', 0);
    struct wanted w = { str_slice(name, 0, dot),
                        dot == SIZE_MAX ? STR("") : str_skip(name, dot + 1) };
    const struct api_resource *builtin = find_builtin(&w);
    struct cluster_list list;
    struct err *e;

    if (builtin) {
        *ret = builtin->gvk;
        return NULL;
    }
    if (TRY(&e, cluster_list_all(cluster, r, &crds, &list)))
        return e;
    for (size_t i = 0; i < list.count; i++)
        if (is_custom(&w, list.items[i])) {
            *ret = (struct gvk){ val_at_str(list.items[i], "spec.group"),
                                 served_version(list.items[i]),
                                 val_at_str(list.items[i], "spec.names.kind") };
            return NULL;
        }
    return err_new(r->arena, ERR_NOT_FOUND, "the server doesn't have a resource type \"%.*s\"",
                   STR_ARG(name));
}
