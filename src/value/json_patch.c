/* SPDX-License-Identifier: Apache-2.0 */
#include "value/json_patch.h"

#include "base/limits.h"
#include "value/pointer.h"

struct patcher {
    struct arena *arena;
    const struct json_patch_options *options;
    const struct val *target;
    size_t copied; /* values that `copy` has made */
};

struct operation {
    struct str op;
    struct pointer path;
    struct pointer from;
    const struct val *value; /* NULL: not given */
};

static struct err *parse_path(struct arena *a, const struct val *op, const char *member,
                              struct pointer *ret)
{
    const struct val *text = val_get(op, str_from_cstr(member));

    if (!val_is(text, VAL_STRING))
        return err_new(a, ERR_INVALID, "member \"%s\" is missing or no string", member);
    return pointer_parse(a, text->text, ret);
}

static bool needs_value(struct str op)
{
    return str_is(op, "add") || str_is(op, "replace") || str_is(op, "test");
}

static bool needs_from(struct str op)
{
    return str_is(op, "move") || str_is(op, "copy");
}

/* -1, -2 ... as the last token become indexes from the end. */
static void resolve_negative(struct patcher *p, struct pointer *path)
{
    struct pointer parent = { .tokens = path->tokens, .count = path->count - 1 };
    const struct val *seq;
    struct str *tokens, last;
    int64_t index;

    if (!p->options->negative_indices || path->count == 0)
        return;
    last = path->tokens[path->count - 1];
    seq = pointer_get(p->target, &parent);
    if (!val_is(seq, VAL_SEQ) || last.len < 2 || last.ptr[0] != '-' || !str_to_int64(last, &index))
        return;
    if (index + (int64_t)seq->count < 0)
        return;
    tokens = ARENA_ARRAY(p->arena, path->count, struct str);
    memcpy(tokens, path->tokens, path->count * sizeof *tokens);
    tokens[path->count - 1] = str_printf(p->arena, "%lld", (long long)index + seq->count);
    path->tokens = tokens;
}

static struct err *parse_operation(struct patcher *p, const struct val *op, struct operation *ret)
{
    struct arena *a = p->arena;
    struct err *e;

    if (!val_is(op, VAL_MAP))
        return err_new(a, ERR_INVALID, "is %s, not an object", val_kind_name(op));
    ret->op = val_get_str(op, "op");
    ret->value = val_get(op, STR("value"));
    if (!needs_value(ret->op) && !needs_from(ret->op) && !str_is(ret->op, "remove"))
        return err_new(a, ERR_INVALID, "unknown op \"%.*s\"", STR_ARG(ret->op));
    if (TRY(&e, parse_path(a, op, "path", &ret->path)))
        return e;
    resolve_negative(p, &ret->path);
    if (needs_from(ret->op) && TRY(&e, parse_path(a, op, "from", &ret->from)))
        return e;
    if (needs_from(ret->op))
        resolve_negative(p, &ret->from);
    if (!ret->value && p->options->lenient_nulls &&
        (str_is(ret->op, "add") || str_is(ret->op, "replace")))
        ret->value = &val_null;
    if (needs_value(ret->op) && !ret->value)
        return err_new(a, ERR_INVALID, "op \"%.*s\" needs a value", STR_ARG(ret->op));
    return NULL;
}

static struct err *missing(struct patcher *p, const struct operation *o, const struct pointer *path)
{
    return err_new(p->arena, ERR_INVALID, "op \"%.*s\": path \"%.*s\" does not exist",
                   STR_ARG(o->op), STR_ARG(pointer_format(p->arena, path)));
}

/* Makes the maps above the path that are missing. */
static struct err *ensure_parents(struct patcher *p, const struct pointer *path)
{
    struct err *e;

    for (size_t depth = 1; depth < path->count; depth++) {
        struct pointer upto = { .tokens = path->tokens, .count = depth };

        if (pointer_get(p->target, &upto))
            continue;
        if (TRY(&e, pointer_set(p->arena, p->target, &upto, &val_empty_map, &p->target)))
            return e;
    }
    return NULL;
}

/* How much a value is when everything shared is counted each time, up to LIMIT_JSON_PATCH_COPIES. */
struct extent {
    size_t nodes;
    size_t depth;
};

static void measure(const struct val *v, size_t depth, struct extent *x)
{
    if (++x->nodes > LIMIT_JSON_PATCH_COPIES)
        return;
    if (depth > x->depth)
        x->depth = depth;
    for (size_t i = 0; i < val_count(v); i++)
        measure(v->kind == VAL_MAP ? v->fields[i].value : v->items[i], depth + 1, x);
}

/* Trees stay within the depth that readers allow, as all that walk them rely on. */
static struct err *set(struct patcher *p, const struct pointer *path, const struct val *value)
{
    struct extent x = { 0 };

    measure(value, path->count, &x);
    if (x.depth > LIMIT_TREE_DEPTH)
        return err_new(p->arena, ERR_TOO_LARGE, "the result is nested deeper than %u",
                       LIMIT_TREE_DEPTH);
    return pointer_set(p->arena, p->target, path, value, &p->target);
}

static struct err *add(struct patcher *p, const struct pointer *path, const struct val *value)
{
    struct err *e;

    if (p->options->ensure_path && TRY(&e, ensure_parents(p, path)))
        return e;
    return set(p, path, value);
}

static struct err *remove_at(struct patcher *p, const struct operation *o,
                             const struct pointer *path)
{
    if (!pointer_get(p->target, path))
        return p->options->remove_missing_ok ? NULL : missing(p, o, path);
    return pointer_remove(p->arena, p->target, path, &p->target);
}

static bool parent_is_map(struct patcher *p, const struct pointer *path)
{
    struct pointer parent = { .tokens = path->tokens, .count = path->count ? path->count - 1 : 0 };

    return path->count > 0 && val_is(pointer_get(p->target, &parent), VAL_MAP);
}

static struct err *replace(struct patcher *p, const struct operation *o)
{
    bool there = pointer_get(p->target, &o->path) != NULL;
    struct err *e;

    if (!there && !(p->options->replace_missing_key && parent_is_map(p, &o->path)))
        return missing(p, o, &o->path);
    /* In a sequence `set` inserts, so the old item goes first. */
    if (there && o->path.count > 0 && !parent_is_map(p, &o->path) &&
        TRY(&e, pointer_remove(p->arena, p->target, &o->path, &p->target)))
        return e;
    return set(p, &o->path, o->value);
}

static struct err *test(struct patcher *p, const struct operation *o)
{
    const struct val *there = pointer_get(p->target, &o->path);

    if (val_eq(there ? there : &val_null, o->value))
        return NULL;
    return err_new(p->arena, ERR_CONFLICT, "testing value %.*s failed",
                   STR_ARG(pointer_format(p->arena, &o->path)));
}

static bool is_prefix(const struct pointer *prefix, const struct pointer *path)
{
    if (prefix->count >= path->count)
        return false;
    for (size_t i = 0; i < prefix->count; i++)
        if (!str_eq(prefix->tokens[i], path->tokens[i]))
            return false;
    return true;
}

/* Copies share memory, but whoever prints the object pays for each. */
static struct err *count_copy(struct patcher *p, const struct val *value)
{
    struct extent x = { 0 };

    measure(value, 0, &x);
    p->copied += x.nodes;
    if (p->copied > LIMIT_JSON_PATCH_COPIES)
        return err_new(p->arena, ERR_TOO_LARGE,
                       "op \"copy\": more than %u values copied by one patch",
                       LIMIT_JSON_PATCH_COPIES);
    return NULL;
}

static struct err *move_or_copy(struct patcher *p, const struct operation *o)
{
    const struct val *value = pointer_get(p->target, &o->from);
    bool is_move = str_is(o->op, "move");
    struct err *e;

    if (!value && !is_move && p->options->lenient_nulls && parent_is_map(p, &o->from))
        value = &val_null;
    if (!value)
        return missing(p, o, &o->from);
    if (is_move && is_prefix(&o->from, &o->path))
        return err_new(p->arena, ERR_INVALID, "op \"move\": a value cannot be moved into itself");
    if (!is_move && TRY(&e, count_copy(p, value)))
        return e;
    if (is_move && TRY(&e, remove_at(p, o, &o->from)))
        return e;
    return add(p, &o->path, value);
}

static struct err *apply_operation(struct patcher *p, const struct operation *o)
{
    if (str_is(o->op, "add"))
        return add(p, &o->path, o->value);
    if (str_is(o->op, "remove"))
        return remove_at(p, o, &o->path);
    if (str_is(o->op, "replace"))
        return replace(p, o);
    if (str_is(o->op, "test"))
        return test(p, o);
    return move_or_copy(p, o);
}

struct err *json_patch_apply(struct arena *a, const struct val *target, const struct val *patch,
                             const struct json_patch_options *options, const struct val **ret)
{
    struct patcher p = { .arena = a, .options = options, .target = target };

    if (!val_is(patch, VAL_SEQ))
        return err_new(a, ERR_INVALID, "a JSON patch is a list of operations, this is %s",
                       val_kind_name(patch));
    if (patch->count > LIMIT_JSON_PATCH_OPS)
        return err_new(a, ERR_TOO_LARGE,
                       "the JSON patch has %u operations, more than the limit of %u", patch->count,
                       LIMIT_JSON_PATCH_OPS);
    for (uint32_t i = 0; i < patch->count; i++) {
        struct operation o = { 0 };
        struct err *e;

        if (TRY(&e, parse_operation(&p, patch->items[i], &o)) || TRY(&e, apply_operation(&p, &o)))
            return err_wrap(a, e, "operation %u of the JSON patch", i + 1);
        if (arena_over_budget(a))
            return err_new(a, ERR_TOO_LARGE,
                           "operation %u of the JSON patch: more memory is needed than may be used",
                           i + 1);
    }
    *ret = p.target;
    return NULL;
}
