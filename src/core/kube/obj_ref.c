/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kube/obj_ref.h"

#include "base/buf.h"

bool api_version_parse(struct str api_version, struct str *ret_group, struct str *ret_version)
{
    if (api_version.len == 0)
        return false;
    size_t slash = str_find_byte(api_version, '/', 0);
    if (slash == SIZE_MAX) {
        *ret_group = STR("");
        *ret_version = api_version;
        return true;
    }
    if (str_find_byte(api_version, '/', slash + 1) != SIZE_MAX)
        return false;
    *ret_group = str_slice(api_version, 0, slash);
    *ret_version = str_skip(api_version, slash + 1);
    return true;
}

struct str api_version_format(struct arena *a, struct str group, struct str version)
{
    return group.len == 0 ? version : str_printf(a, "%.*s/%.*s", STR_ARG(group), STR_ARG(version));
}

struct obj_ref obj_ref_of(const struct val *object)
{
    struct obj_ref ref = { STR(""), STR(""), val_get_str(object, "kind"), STR(""), STR("") };
    const struct val *metadata = val_get(object, STR("metadata"));
    ref.ns = val_get_str(metadata, "namespace");
    ref.name = val_get_str(metadata, "name");
    if (!api_version_parse(val_get_str(object, "apiVersion"), &ref.group, &ref.version))
        ref.group = ref.version = STR("");
    return ref;
}

struct gvk obj_ref_gvk(const struct obj_ref *ref)
{
    return (struct gvk){ ref->group, ref->version, ref->kind };
}

int obj_ref_cmp(const struct obj_ref *a, const struct obj_ref *b)
{
    int order = str_cmp(a->group, b->group);
    if (order == 0)
        order = str_cmp(a->kind, b->kind);
    if (order == 0)
        order = str_cmp(a->ns, b->ns);
    return order != 0 ? order : str_cmp(a->name, b->name);
}

bool obj_ref_eq(const struct obj_ref *a, const struct obj_ref *b)
{
    return obj_ref_cmp(a, b) == 0;
}

struct str obj_ref_format(struct arena *a, const struct obj_ref *ref)
{
    if (ref->ns.len == 0)
        return str_printf(a, "%.*s/%.*s", STR_ARG(ref->kind), STR_ARG(ref->name));
    return str_printf(a, "%.*s/%.*s/%.*s", STR_ARG(ref->kind), STR_ARG(ref->ns),
                      STR_ARG(ref->name));
}

/* Only names of RBAC objects may hold a colon; "__" cannot be in any other name. */
struct str inventory_id_format(struct arena *a, const struct obj_ref *ref)
{
    struct buf b;
    buf_init(&b, a, 0);
    buf_put(&b, ref->ns);
    buf_put_byte(&b, '_');
    for (size_t i = 0; i < ref->name.len; i++) {
        if (ref->name.ptr[i] == ':')
            buf_lit(&b, "__");
        else
            buf_put_byte(&b, ref->name.ptr[i]);
    }
    buf_printf(&b, "_%.*s_%.*s", STR_ARG(ref->group), STR_ARG(ref->kind));
    return buf_str(&b);
}

static struct str decode_name(struct arena *a, struct str name)
{
    if (!str_contains(name, STR("__")))
        return name;
    struct buf b;
    buf_init(&b, a, 0);
    for (size_t at = 0; at < name.len;) {
        size_t next = str_find(name, STR("__"), at);
        buf_put(&b, str_slice(name, at, next));
        if (next == SIZE_MAX)
            break;
        buf_put_byte(&b, ':');
        at = next + 2;
    }
    return buf_str(&b);
}

/* The namespace ends at the first "_", kind and group begin at the last two: neither can hold one. */
struct err *inventory_id_parse(struct arena *a, struct str id, struct obj_ref *ret)
{
    size_t first = str_find_byte(id, '_', 0);
    size_t last = str_rfind_byte(id, '_');
    size_t middle = last == SIZE_MAX ? SIZE_MAX : str_rfind_byte(str_slice(id, 0, last), '_');
    if (first == SIZE_MAX || middle == SIZE_MAX || middle <= first)
        return err_new(a, ERR_INVALID,
                       "inventory id \"%.*s\" is not <namespace>_<name>_<group>_<kind>",
                       STR_ARG(id));
    *ret = (struct obj_ref){
        .group = str_slice(id, middle + 1, last),
        .version = STR(""),
        .kind = str_skip(id, last + 1),
        .ns = str_slice(id, 0, first),
        .name = decode_name(a, str_slice(id, first + 1, middle)),
    };
    return NULL;
}

struct obj_ref obj_ref_copy(struct arena *a, const struct obj_ref *ref)
{
    return (struct obj_ref){ str_dup(a, ref->group), str_dup(a, ref->version),
                             str_dup(a, ref->kind), str_dup(a, ref->ns), str_dup(a, ref->name) };
}
