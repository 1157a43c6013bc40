/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kustomize/patch.h"

#include "base/limits.h"
#include "core/kustomize/memory.h"
#include "core/kustomize/merge.h"
#include "core/kustomize/refold.h"
#include "core/kustomize/reread.h"
#include "core/kustomize/shared_label.h"
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
        if (TRY(&e, yaml_read_all(b->arena, text, name, YAML_SIGS_LOOSE, &docs)))
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
    return kust_patches_read(b, text, name, &ret->strategic);
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
    kust_memory_forget(r);
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
    if (str_is(val_get_str(patch->object, "$patch"), "replace"))
        return NULL; /* the peer makes the new object and then keeps the old one */
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
    r->untagged_name = r->untagged_ns = true;
    forget_if_cleared(r, patch);
    return NULL;
}

static bool is_whole(struct str pointer)
{
    return pointer.len == 0 || str_is(pointer, "/metadata") ||
           str_is(pointer, "/metadata/annotations") ||
           str_has_prefix(pointer, STR("/metadata/annotations/internal.config.kubernetes.io"));
}

/* Some operation takes or gives all annotations, and with them what the peer remembers there. */
static bool takes_annotations(const struct val *operations)
{
    for (size_t i = 0; i < operations->count; i++) {
        const struct val *from = val_get(operations->items[i], STR("from"));
        if (is_whole(val_get_str(operations->items[i], "path")) ||
            (from && is_whole(val_str(from))))
            return true;
    }
    return false;
}

struct err *kust_patch_json(struct kust_build *b, struct kust_resource *r,
                            const struct val *operations)
{
    static const struct json_patch_options options = {
        .replace_missing_key = true,
        .negative_indices = true,
        .lenient_nulls = true,
    };
    const struct val *object = r->object;
    struct err *e;
    bool whole = takes_annotations(operations);
    bool remembers = r->past.count > 0 || r->needs_hash || r->prefixes.count > 0 || r->has_origin;
    /* What the peer remembers are annotations, so a patch may add one where there seems to be no map. */
    if (whole)
        object = kust_memory_show(b->arena, r);
    else if (remembers && !val_is(val_at(object, "metadata.annotations"), VAL_MAP))
        object = val_with_at(b->arena, object, "metadata.annotations", &val_empty_map);
    if (TRY(&e, kust_refold(b->arena, object, &object)) ||
        TRY(&e, json_patch_apply(b->arena, object, operations, &options, &object)))
        return err_wrap(b->arena, e, "%.*s", STR_ARG(kust_id_format(b->arena, &r->id)));
    if (TRY(&e, kust_spend(b, val_node_count(object, LIMIT_TREE_NODES))))
        return e;
    if (object->kind != VAL_MAP)
        return err_new(b->arena, ERR_INVALID, "%.*s: the patch leaves a %s instead of an object",
                       STR_ARG(kust_id_format(b->arena, &r->id)), val_kind_name(object));
    if (whole)
        object = kust_memory_hide(b->arena, r, object);
    if (r->shares_labels)
        object = kust_shared_forget(b->arena, object);
    r->shares_labels = r->untagged_name = r->untagged_ns = r->untagged_version = false;
    kust_resource_set(b->arena, &b->schema, r, kust_reread(b->arena, object));
    return NULL;
}
