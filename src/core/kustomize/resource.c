/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kustomize/resource.h"

#include "core/kustomize/shared_label.h"
#include "value/json.h"
#include "value/yaml.h"

/* The column of a made value, which has none, as a mark. */
#define UNTAGGED 1
#define MISTYPED 2

struct str kust_text(struct arena *a, const struct val *v)
{
    if (!v || v->kind == VAL_SEQ || v->kind == VAL_MAP)
        return STR("");
    if (v->kind == VAL_STRING || v->text.len > 0)
        return v->text;
    return v->kind == VAL_NULL ? STR("") : json_string(a, v, JSON_COMPACT);
}

bool kust_is_empty(const struct val *v)
{
    return !v || v->kind == VAL_NULL ||
           ((v->kind == VAL_MAP || v->kind == VAL_SEQ) && v->count == 0);
}

const struct val *kust_plain_scalar(struct arena *a, struct str text)
{
    const struct val *v;
    if (yaml_plain_is_string(text, YAML_KYAML) ||
        yaml_read(a, text, STR("scalar"), YAML_KYAML, &v) != NULL)
        return val_string(a, text);
    return v;
}

const struct val *kust_rewrite_scalar(struct arena *a, const struct val *old, struct str text)
{
    struct val *v = ARENA_NEW(a, struct val);
    if (old && old->kind == VAL_STRING && old->line > 0 && kust_is_quoted(old)) {
        *v = *val_string(a, text);
        v->style = old->style;
        v->file = old->file;
        v->line = old->line;
        return v;
    }
    *v = *kust_plain_scalar(a, text);
    v->line = 0;
    v->column = UNTAGGED;
    return v;
}

const struct val *kust_mistyped(struct arena *a, enum val_kind kind, struct str text)
{
    struct val *v = ARENA_NEW(a, struct val);
    *v = *val_string(a, text);
    v->column = MISTYPED;
    v->count = kind; /* which a string does not use */
    return v;
}

enum val_kind kust_said_kind(const struct val *v)
{
    return kust_is_mistyped(v) ? (enum val_kind)v->count : (enum val_kind)v->kind;
}

bool kust_is_mistyped(const struct val *v)
{
    return v->line == 0 && v->column == MISTYPED;
}

bool kust_is_quoted(const struct val *v)
{
    if (v->line > 0)
        return v->style != VAL_STYLE_PLAIN && v->style != VAL_STYLE_TAGGED;
    return str_find_byte(v->text, '\n', 0) != SIZE_MAX || !yaml_plain_is_string(v->text, YAML_SIGS);
}

bool kust_is_untagged(const struct val *v)
{
    return v->line == 0 && v->column == UNTAGGED;
}

void kust_split_api_version(struct str api_version, struct str *ret_group, struct str *ret_version)
{
    size_t slash = str_find_byte(api_version, '/', 0);
    *ret_group = slash == SIZE_MAX ? STR("") : str_slice(api_version, 0, slash);
    *ret_version = slash == SIZE_MAX ? api_version : str_skip(api_version, slash + 1);
}

void kust_resource_set(struct arena *a, const struct merge_schema *s, struct kust_resource *r,
                       const struct val *object)
{
    if (r->shares_labels && r->object && object)
        object = kust_shared_follow(a, r->object, object);
    r->object = object;
    if (!object)
        return;
    struct str api_version = kust_text(a, val_get(object, STR("apiVersion")));
    const struct val *metadata = val_get(object, STR("metadata"));
    struct kust_id *id = &r->id;
    kust_split_api_version(api_version, &id->group, &id->version);
    id->kind = kust_text(a, val_get(object, STR("kind")));
    id->name = kust_text(a, val_get(metadata, STR("name")));
    id->ns = STR("");
    const struct val *ns = val_get(metadata, STR("namespace"));
    if (!val_is(ns, VAL_NULL))
        id->ns = kust_text(a, ns);
    id->cluster = merge_schema_is_cluster(s, api_version, id->kind);
}

void kust_resource_rename(struct arena *a, struct kust_resource *r, struct str name)
{
    const struct val *old = val_at(r->object, "metadata.name");
    r->object = val_with_at(a, r->object, "metadata.name", kust_rewrite_scalar(a, old, name));
    r->id.name = name;
}

void kust_resource_set_namespace(struct arena *a, struct kust_resource *r, struct str ns)
{
    const struct val *old = val_at(r->object, "metadata.namespace");
    if (ns.len == 0 && old)
        r->object = val_without_at(a, r->object, "metadata.namespace");
    else if (ns.len > 0)
        r->object = val_with_at(a, r->object, "metadata.namespace",
                                kust_rewrite_scalar(a, old, ns));
    r->id.ns = ns;
}

void kust_resource_remember(struct arena *a, struct kust_resource *r)
{
    struct kust_id *past = VEC_PUSH(a, &r->past);
    *past = r->id;
    past->ns = kust_id_effective_ns(&r->id);
    past->cluster = false;
}

struct kust_id kust_resource_past(const struct kust_resource *r, size_t index)
{
    struct kust_id id = r->past.items[index];
    id.group = r->id.group;
    id.version = r->id.version;
    return id;
}

struct kust_id kust_resource_origin_id(const struct kust_resource *r)
{
    return r->past.count > 0 ? kust_resource_past(r, 0) : r->id;
}

struct str kust_id_effective_ns(const struct kust_id *id)
{
    if (id->cluster)
        return STR("_non_namespaceable_");
    return id->ns.len == 0 ? STR("default") : id->ns;
}

bool kust_id_eq(const struct kust_id *a, const struct kust_id *b)
{
    return str_eq(a->name, b->name) && str_eq(a->kind, b->kind) && str_eq(a->group, b->group) &&
           str_eq(a->version, b->version) &&
           str_eq(kust_id_effective_ns(a), kust_id_effective_ns(b));
}

bool kust_id_selected(const struct kust_id *id, const struct kust_gvk *by)
{
    return (by->group.len == 0 || str_eq(by->group, id->group)) &&
           (by->version.len == 0 || str_eq(by->version, id->version)) &&
           (by->kind.len == 0 || str_eq(by->kind, id->kind));
}

struct str kust_id_format(struct arena *a, const struct kust_id *id)
{
    if (id->ns.len == 0 || str_is(id->ns, "_non_namespaceable_"))
        return str_printf(a, "%.*s/%.*s", STR_ARG(id->kind), STR_ARG(id->name));
    return str_printf(a, "%.*s/%.*s/%.*s", STR_ARG(id->kind), STR_ARG(id->ns), STR_ARG(id->name));
}
