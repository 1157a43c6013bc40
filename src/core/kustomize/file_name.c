/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kustomize/build.h"

static struct str lower(struct arena *a, struct str s)
{
    char *out = arena_alloc(a, s.len + 1);
    for (size_t i = 0; i < s.len; i++)
        out[i] = s.ptr[i] >= 'A' && s.ptr[i] <= 'Z' ? (char)(s.ptr[i] | 0x20) : s.ptr[i];
    return str_of(out, s.len);
}

static bool spans_namespaces(const struct kustomize_result *result)
{
    struct str first = STR("");
    for (size_t i = 0; i < result->count; i++) {
        struct str ns = result->items[i].ns;
        if (ns.len > 0 && first.len > 0 && !str_eq(ns, first))
            return true;
        if (ns.len > 0)
            first = ns;
    }
    return false;
}

struct str kustomize_file_name(struct arena *a, const struct kustomize_result *result, size_t index)
{
    const struct kustomize_resource *r = &result->items[index];
    struct str group, version, kind = val_get_str(r->object, "kind"),
                               name = val_at_str(r->object, "metadata.name");
    bool with_ns = r->ns.len > 0 && spans_namespaces(result);
    kust_split_api_version(val_get_str(r->object, "apiVersion"), &group, &version);
    return lower(a, str_printf(a, "%.*s%s%.*s%s%.*s%s%.*s_%.*s.yaml",
                               STR_ARG(with_ns ? r->ns : STR("")), with_ns ? "_" : "",
                               STR_ARG(group), group.len > 0 ? "_" : "", STR_ARG(version),
                               version.len > 0 ? "_" : "", STR_ARG(kind), STR_ARG(name)));
}
