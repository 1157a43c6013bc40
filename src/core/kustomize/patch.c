/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kustomize/patch.h"

#include "base/limits.h"
#include "core/kustomize/merge.h"
#include "value/json.h"
#include "value/json_patch.h"
#include "value/yaml.h"

struct err *kust_patch_read_json(struct kust_build *b, struct str text, struct str name,
                                 const struct val **ret)
{
    struct err *e;
    const struct val *v = &val_null;
    if (str_has_prefix(text, STR("["))) {
        if (TRY(&e, json_read(b->arena, text, name, JSON_READ_LAST_KEY_WINS, &v)))
            return e;
    } else {
        struct yaml_docs docs;
        if (TRY(&e, yaml_read_all(b->arena, text, name, YAML_SIGS, &docs)))
            return e;
        if (docs.count > 0)
            v = docs.items[0];
    }
    if (v->kind == VAL_NULL)
        v = &val_empty_seq;
    if (v->kind != VAL_SEQ)
        return err_new(b->arena, ERR_INVALID, "%.*s:%u:%u: a JSON patch must be an array, not a %s",
                       STR_ARG(name), v->line, v->column, val_kind_name(v));
    *ret = v;
    return NULL;
}

/* Maps are strategic merge patches, a sequence is a JSON patch. */
static bool looks_like_json_patch(struct str text)
{
    for (struct str line, rest = text; str_cut(&rest, '\n', &line);) {
        line = str_trim(line);
        bool skipped = line.len == 0 || line.ptr[0] == '#' || line.ptr[0] == '%' ||
                       (str_has_prefix(line, STR("---")) &&
                        (line.len == 3 || str_trim(str_skip(line, 3)).ptr[0] == '#'));
        if (!skipped)
            return line.ptr[0] == '[' || str_is(line, "-") || str_has_prefix(line, STR("- "));
    }
    return false;
}

struct err *kust_patch_read(struct kust_build *b, struct str text, struct str name,
                            struct kust_patch *ret)
{
    *ret = (struct kust_patch){ .json = NULL };
    if (looks_like_json_patch(text))
        return kust_patch_read_json(b, text, name, &ret->json);
    return kust_objects_read(b, text, name, &ret->strategic);
}

/*
 * The peer keeps what it remembers of an object in its annotations; a patch that clears those makes it forget.
 * Output depends on it, so we forget too.
 */
static void forget_if_cleared(struct kust_resource *r, const struct kust_resource *patch)
{
    const struct val *theirs = val_at(patch->object, "metadata.annotations");
    struct str directive = val_get_str(theirs, "$patch");
    if (!val_is(theirs, VAL_NULL) && !str_is(directive, "replace") && !str_is(directive, "delete"))
        return;
    r->past.count = r->prefixes.count = r->suffixes.count = r->transformations.count = 0;
    r->needs_hash = r->has_origin = false;
    r->behavior = KUST_UNSPECIFIED;
}

struct err *kust_patch_strategic(struct kust_build *b, struct kust_resource *r,
                                 const struct kust_resource *patch)
{
    struct arena *a = b->arena;
    struct kust_id was = r->id;
    b->builtin_used = b->builtin_used || !b->schema_chosen;
    const struct val *merged;
    struct err *e;
    if (patch->allow_name_change || patch->allow_kind_change)
        kust_resource_remember(a, r);
    size_t nodes = val_node_count(r->object, LIMIT_TREE_NODES);
    size_t steps = LIMIT_MERGE_STEPS;
    if (TRY(&e, kust_spend(b, nodes)))
        return e;
    e = kust_merge(a, &b->schema, r->object, patch->object, &steps, &merged);
    if (!e)
        e = kust_spend(b, LIMIT_MERGE_STEPS - steps);
    if (e)
        return err_wrap(a, e, "%.*s", STR_ARG(kust_id_format(a, &was)));
    if (kust_is_empty(merged)) {
        r->object = NULL;
        return NULL;
    }
    if (!patch->allow_kind_change && !str_eq(kust_text(a, val_get(merged, STR("kind"))), was.kind))
        merged = val_with(a, merged, STR("kind"), val_string(a, was.kind));
    kust_resource_set(a, &b->schema, r, merged);
    if (!patch->allow_name_change && !str_eq(r->id.name, was.name))
        kust_resource_rename(a, r, was.name);
    if (!str_eq(r->id.ns, was.ns) || was.ns.len == 0)
        kust_resource_set_namespace(a, r, was.ns);
    kust_resource_set(a, &b->schema, r, r->object);
    forget_if_cleared(r, patch);
    return NULL;
}

/* After a JSON patch every null is as good as a written one: later merges keep it. */
static const struct val *with_written_nulls(struct arena *a, const struct val *v)
{
    static const struct val written = { .kind = VAL_NULL, .text = STR_INIT("null") };
    struct map_editor map = { .arena = a, .map = v };
    struct seq_editor seq = { .arena = a, .seq = v };
    if (v->kind == VAL_NULL)
        return &written;
    for (size_t i = 0; v->kind == VAL_MAP && i < v->count; i++) {
        const struct val *now = with_written_nulls(a, v->fields[i].value);
        if (now != v->fields[i].value)
            map_editor_set(&map, v->fields[i].key, now);
    }
    for (size_t i = 0; v->kind == VAL_SEQ && i < v->count; i++) {
        const struct val *now = with_written_nulls(a, v->items[i]);
        if (now != v->items[i])
            seq_editor_set(&seq, i, now);
    }
    return v->kind == VAL_MAP   ? map_editor_done(&map)
           : v->kind == VAL_SEQ ? seq_editor_done(&seq)
                                : v;
}

struct err *kust_patch_json(struct kust_build *b, struct kust_resource *r,
                            const struct val *operations)
{
    static const struct json_patch_options options = {
        .replace_missing_key = true,
        .negative_indices = true,
    };
    const struct val *object = r->object;
    struct err *e;
    bool remembers = r->past.count > 0 || r->needs_hash || r->prefixes.count > 0 || r->has_origin;
    /* What the peer remembers are annotations, so a patch may add one where there seems to be no map. */
    if (remembers && !val_is(val_at(object, "metadata.annotations"), VAL_MAP))
        object = val_with_at(b->arena, object, "metadata.annotations", &val_empty_map);
    if (TRY(&e, json_patch_apply(b->arena, object, operations, &options, &object)))
        return err_wrap(b->arena, e, "%.*s", STR_ARG(kust_id_format(b->arena, &r->id)));
    if (TRY(&e, kust_spend(b, val_node_count(object, LIMIT_TREE_NODES))))
        return e;
    if (object->kind != VAL_MAP)
        return err_new(b->arena, ERR_INVALID, "%.*s: the patch leaves a %s instead of an object",
                       STR_ARG(kust_id_format(b->arena, &r->id)), val_kind_name(object));
    kust_resource_set(b->arena, &b->schema, r, with_written_nulls(b->arena, object));
    return NULL;
}
