/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kustomize/merge.h"

#include "core/kustomize/merge_walk.h"
#include "core/kustomize/resource.h"
#include "value/yaml.h"

#define DIRECTIVE STR("$patch")

struct err *merge_directive_read(struct arena *a, const struct val *at, enum merge_directive *ret)
{
    struct str word = kust_text(a, at);
    *ret = MERGE_MERGE;
    if (str_is(word, "replace"))
        *ret = MERGE_REPLACE;
    else if (str_is(word, "delete"))
        *ret = MERGE_DELETE;
    else if (!str_is(word, "merge"))
        return err_new(a, ERR_INVALID, "%s:%u:%u: unknown patch strategy \"%.*s\"",
                       at->file ? at->file : "patch", at->line, at->column, STR_ARG(word));
    return NULL;
}

static bool is_null(const struct val *v)
{
    return !v || v->kind == VAL_NULL;
}

static bool is_scalar(const struct val *v)
{
    return v->kind != VAL_MAP && v->kind != VAL_SEQ;
}

/* What is written over a scalar takes its style: over a quoted one, 5 is the text "5". */
static const struct val *in_style_of(struct arena *a, const struct val *old, const struct val *v)
{
    bool quoted = old->kind == VAL_STRING && kust_is_quoted(old);
    if (v == old || !is_scalar(old) || !is_scalar(v) ||
        (!quoted && (v->kind != VAL_STRING || v->style == VAL_STYLE_PLAIN)))
        return v;
    struct val *styled = ARENA_NEW(a, struct val);
    *styled = *val_string(a, kust_text(a, v));
    styled->file = v->file;
    styled->line = v->line;
    styled->column = v->column;
    styled->style = !quoted ? VAL_STYLE_TAGGED : old->line > 0 ? old->style : VAL_STYLE_DOUBLE;
    return styled;
}

/* A field that is set anew gets the quotes its text needs, where only a tag said that it is text. */
static const struct val *set_anew(struct arena *a, const struct val *v)
{
    if (v->kind != VAL_STRING || v->style != VAL_STYLE_TAGGED ||
        yaml_plain_is_string(v->text, YAML_SIGS))
        return v;
    struct val *quoted = ARENA_NEW(a, struct val);
    *quoted = *v;
    quoted->style = VAL_STYLE_DOUBLE;
    return quoted;
}

static struct err *merge_field(const struct merge_walk *w, const struct merge_pair *pair,
                               struct str key, struct map_builder *into)
{
    const struct val *old = val_get(pair->target, key);
    const struct merge_field *field = merge_type_field(pair->type, key);
    struct merge_pair below = {
        .target = old,
        .patch = val_get(pair->patch, key),
        .type = merge_field_type(w->schema, field),
        .field = field,
        .in_schema = pair->in_schema,
    };
    struct merge_result got = { 0 };
    struct err *e;
    if (TRY(&e, merge_walk_value(w, &below, &got)))
        return e->cause ? e : err_wrap(w->arena, e, "field %.*s", STR_ARG(key));
    if (got.value && old)
        got.value = in_style_of(w->arena, old, got.value);
    if (got.value && got.value == old)
        got.value = set_anew(w->arena, old);
    if (!got.value)
        map_builder_remove(into, key);
    else if (got.value != old)
        map_builder_set(into, key, got.value);
    return NULL;
}

static struct err *merge_fields(const struct merge_walk *w, const struct merge_pair *pair,
                                const struct val **ret)
{
    const struct val *target = pair->target, *patch = pair->patch;
    struct map_builder b;
    map_builder_from(&b, w->arena, target);
    struct err *e;
    for (size_t i = 0; i < target->count; i++)
        if (TRY(&e, merge_field(w, pair, target->fields[i].key, &b)))
            return e;
    for (size_t i = 0; patch && patch != target && i < patch->count; i++) {
        struct str key = patch->fields[i].key;
        if (!val_get(target, key) && TRY(&e, merge_field(w, pair, key, &b)))
            return e;
    }
    *ret = map_builder_done(&b, target);
    return NULL;
}

/* What stands when one side is missing or null, or the patch gives a directive. */
static struct err *choose(const struct merge_walk *w, struct merge_pair *pair,
                          struct merge_result *ret, bool *ret_done)
{
    const struct val *given = val_get(pair->patch, DIRECTIVE);
    enum merge_directive directive = MERGE_MERGE;
    struct err *e = given ? merge_directive_read(w->arena, given, &directive) : NULL;
    bool fresh = is_null(pair->target);
    if (e && !fresh)
        return e;
    if (given && !e)
        pair->patch = val_without(w->arena, pair->patch, DIRECTIVE);
    *ret_done = true;
    *ret = (struct merge_result){ NULL, false };
    if (directive == MERGE_DELETE)
        return NULL;
    if (fresh && !pair->patch) {
        /* "a: null" stays when nothing touches it, "a:" goes. */
        if (pair->target && (pair->target->text.len > 0 || pair->target->line == 0))
            ret->value = pair->target;
        return NULL;
    }
    if (pair->patch && pair->patch->kind == VAL_NULL)
        return NULL;
    *ret_done = false;
    ret->from_patch = fresh || directive == MERGE_REPLACE;
    if (ret->from_patch)
        pair->target =
            pair->patch; /* merged with itself: nulls and directives inside take effect */
    return NULL;
}

static struct err *merge_map(const struct merge_walk *w, const struct merge_pair *given,
                             struct merge_result *ret)
{
    struct merge_pair pair = *given;
    bool done;
    struct err *e;
    if (TRY(&e, choose(w, &pair, ret, &done)))
        return e;
    return done ? NULL : merge_fields(w, &pair, &ret->value);
}

/* An object within the object, below something the schema does not know, brings its own schema. */
static void find_schema(const struct merge_walk *w, struct merge_pair *pair)
{
    const struct val *sources[2] = { pair->target, pair->patch };
    for (size_t i = 0; i < 2 && !pair->in_schema; i++) {
        if (!val_is(sources[i], VAL_MAP))
            continue;
        struct str kind = kust_text(w->arena, val_get(sources[i], STR("kind")));
        struct str api_version = kust_text(w->arena, val_get(sources[i], STR("apiVersion")));
        if (kind.len == 0 || api_version.len == 0)
            continue;
        pair->type = merge_schema_type(w->schema, api_version, kind);
        pair->in_schema = pair->type != NULL;
    }
}

struct err *merge_walk_value(const struct merge_walk *w, const struct merge_pair *given,
                             struct merge_result *ret)
{
    struct merge_pair pair = *given;
    const struct val *target = pair.target, *patch = pair.patch;
    const struct val *first = is_null(target) ? patch : target;
    if (!is_null(target) && !is_null(patch) &&
        (target->kind != patch->kind && !(is_scalar(target) && is_scalar(patch))))
        return err_new(w->arena, ERR_INVALID,
                       "%s:%u:%u: the patch has a %s where the resource has a %s",
                       patch->file ? patch->file : "patch", patch->line, patch->column,
                       val_kind_name(patch), val_kind_name(target));
    if (is_null(first) || first->kind == VAL_MAP) {
        find_schema(w, &pair);
        return merge_map(w, &pair, ret);
    }
    if (first->kind == VAL_SEQ)
        return merge_walk_list(w, &pair, ret);
    ret->from_patch = patch != NULL;
    ret->value = patch ? patch : target;
    if (ret->value->kind == VAL_NULL)
        ret->value = NULL;
    return NULL;
}

struct err *kust_merge(struct arena *a, const struct merge_schema *schema, const struct val *target,
                       const struct val *patch, size_t *steps, const struct val **ret)
{
    struct merge_walk w = { a, schema, steps };
    struct merge_pair pair = { .target = target, .patch = patch };
    struct merge_result got = { 0 };
    struct err *e;
    if (TRY(&e, merge_walk_value(&w, &pair, &got)))
        return e;
    *ret = got.value;
    return NULL;
}
