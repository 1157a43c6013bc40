/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>

#include "base/buf.h"
#include "base/limits.h"
#include "core/jsonschema/state.h"
#include "foreign/regex.h"

const struct val *keyword(const struct state *s, const struct val *schema, const char *name,
                          enum draft since)
{
    return s->draft >= since ? val_get(schema, str_from_cstr(name)) : NULL;
}

/* "/spec/items/0", with ~ and / escaped. */
static void put_place(struct buf *out, const struct place *at)
{
    if (!at)
        return;
    put_place(out, at->parent);
    buf_put_byte(out, '/');
    if (!at->key.ptr)
        buf_printf(out, "%zu", at->index);
    for (size_t i = 0; at->key.ptr && i < at->key.len; i++) {
        char c = at->key.ptr[i];
        if (c == '~' || c == '/')
            buf_put(out, c == '~' ? STR("~0") : STR("~1"));
        else
            buf_put_byte(out, c);
    }
}

bool schema_problem(struct state *s, const struct place *at, const char *format, ...)
{
    struct buf where;
    va_list args;
    buf_init(&where, s->arena, 0);
    put_place(&where, at);
    va_start(args, format);
    struct err *e = err_newv(s->arena, ERR_INVALID, format, args);
    va_end(args);
    if (s->problems.count < LIMIT_BUILD_ERRORS)
        *VEC_PUSH(s->arena, &s->problems) = err_new(s->arena, ERR_INVALID, "at '%.*s': %.*s",
                                                    STR_ARG(buf_str(&where)), STR_ARG(e->msg));
    return false;
}

bool schema_broken(struct state *s, const struct val *where, const char *what)
{
    if (!s->fatal)
        s->fatal = err_new(s->arena, ERR_INVALID, "schema %u:%u: %s", where ? where->line : 0,
                           where ? (unsigned)where->column : 0, what);
    return false;
}

bool pattern_matches(struct state *s, const struct val *where, struct str pattern, struct str text)
{
    struct regex *re = map_get(&s->patterns, pattern);
    struct err *e;
    if (!re) {
        if (TRY(&e, regex_compile(s->arena, pattern, &re))) {
            (void)schema_broken(s, where, str_cstr(s->arena, err_line(s->arena, e)));
            return true;
        }
        map_set(&s->patterns, pattern, re);
    }
    s->steps += text.len / 64;
    return regex_is_match(re, text);
}

bool schema_fits(struct state *s, const struct val *schema, const struct val *v,
                 const struct place *at, struct seen *seen)
{
    struct problems kept = s->problems;
    bool fits = schema_check(s, schema, v, at, seen);
    s->problems = kept;
    return fits;
}

static struct seen seen_new(struct arena *a, const struct val *v)
{
    size_t count = val_count(v);
    return (struct seen){ ARENA_ARRAY(a, count, bool), count };
}

static void seen_add(struct seen *into, const struct seen *from)
{
    for (size_t i = 0; into && i < into->count && i < from->count; i++)
        into->members[i] = into->members[i] || from->members[i];
}

/* A sub-schema of the same value; what it evaluated counts when it fits. */
static bool check_part(struct state *s, const struct val *schema, const struct val *v,
                       const struct place *at, struct seen *seen, bool silently)
{
    struct seen own = seen ? seen_new(s->arena, v) : (struct seen){ NULL, 0 };
    bool good = silently ? schema_fits(s, schema, v, at, seen ? &own : NULL)
                         : schema_check(s, schema, v, at, seen ? &own : NULL);
    if (good && seen)
        seen_add(seen, &own);
    return good;
}

static bool check_any(struct state *s, const struct val *list, const struct val *v,
                      const struct place *at, struct seen *seen, bool one)
{
    struct problems before = s->problems;
    size_t fitting = 0;
    for (size_t i = 0; i < val_count(list) && !s->fatal; i++)
        if ((one || fitting == 0 || seen) && check_part(s, list->items[i], v, at, seen, false))
            fitting++;
    if (fitting == 0)
        return schema_problem(s, at, one ? "'oneOf' failed, none matched" : "'anyOf' failed");
    s->problems = before;
    if (one && fitting > 1)
        return schema_problem(s, at, "'oneOf' failed, %zu subschemas matched", fitting);
    return true;
}

static bool check_condition(struct state *s, const struct val *schema, const struct val *v,
                            const struct place *at, struct seen *seen)
{
    const struct val *condition = keyword(s, schema, "if", DRAFT_7);
    if (!condition)
        return true;
    bool holds = check_part(s, condition, v, at, seen, true);
    const struct val *next = keyword(s, schema, holds ? "then" : "else", DRAFT_7);
    return !next || check_part(s, next, v, at, seen, false);
}

static bool check_combinations(struct state *s, const struct val *schema, const struct val *v,
                               const struct place *at, struct seen *seen)
{
    const struct val *all = val_get(schema, STR("allOf")), *any = val_get(schema, STR("anyOf"));
    const struct val *one = val_get(schema, STR("oneOf")), *not = val_get(schema, STR("not"));
    bool good = true;
    for (size_t i = 0; i < val_count(all) && !s->fatal; i++)
        good = check_part(s, all->items[i], v, at, seen, false) && good;
    if (any)
        good = check_any(s, any, v, at, seen, false) && good;
    if (one)
        good = check_any(s, one, v, at, seen, true) && good;
    if (not&&schema_fits(s, not, v, at, NULL) && !s->fatal)
        good = schema_problem(s, at, "'not' failed");
    return check_condition(s, schema, v, at, seen) && good;
}

static bool check_refs(struct state *s, const struct val *schema, const struct val *v,
                       const struct place *at, struct seen *seen)
{
    static const struct {
        const char *name;
        enum draft since;
    } names[] = { { "$ref", DRAFT_4 },
                  { "$dynamicRef", DRAFT_2020 },
                  { "$recursiveRef", DRAFT_2019 } };
    bool good = true;
    for (size_t i = 0; i < sizeof names / sizeof names[0] && !s->fatal; i++) {
        const struct val *ref = keyword(s, schema, names[i].name, names[i].since);
        const struct val *target = ref ? refs_find(s, ref) : NULL;
        if (target)
            good = check_part(s, target, v, at, seen, false) && good;
    }
    return good && !s->fatal;
}

static bool check_keywords(struct state *s, const struct val *schema, const struct val *v,
                           const struct place *at, struct seen *seen)
{
    bool wants_seen = keyword(s, schema, "unevaluatedProperties", DRAFT_2019) ||
                      keyword(s, schema, "unevaluatedItems", DRAFT_2019);
    struct seen own;
    if (wants_seen && !seen) {
        own = seen_new(s->arena, v);
        seen = &own;
    }
    bool good = check_refs(s, schema, v, at, seen);
    if (s->draft <= DRAFT_7 && val_get(schema, STR("$ref")))
        return good;
    good = check_scalar(s, schema, v, at) && good;
    if (v->kind == VAL_SEQ)
        good = check_array(s, schema, v, at, seen) && good;
    if (v->kind == VAL_MAP)
        good = check_object(s, schema, v, at, seen) && good;
    good = check_combinations(s, schema, v, at, seen) && good;
    if (wants_seen && val_count(v) > 0)
        good = check_unevaluated(s, schema, v, at, seen) && good;
    return good;
}

bool schema_check(struct state *s, const struct val *schema, const struct val *v,
                  const struct place *at, struct seen *seen)
{
    if (s->fatal)
        return false;
    if (++s->steps > LIMIT_SCHEMA_STEPS || s->depth >= LIMIT_TREE_DEPTH) {
        s->fatal = err_new(s->arena, ERR_TOO_LARGE,
                           s->depth >= LIMIT_TREE_DEPTH
                               ? "schema %u:%u: it leads to itself, or is nested more than %u deep"
                               : "schema %u:%u: validation takes more than %u steps",
                           schema->line, (unsigned)schema->column,
                           s->depth >= LIMIT_TREE_DEPTH ? LIMIT_TREE_DEPTH : LIMIT_SCHEMA_STEPS);
        return false;
    }
    if (schema->kind == VAL_BOOL && s->draft >= DRAFT_6)
        return schema->boolean || schema_problem(s, at, "false schema");
    if (schema->kind != VAL_MAP)
        return schema_broken(s, schema, "a schema must be an object or a boolean");
    s->depth++;
    bool good = check_keywords(s, schema, v, at, seen);
    s->depth--;
    return good && !s->fatal;
}

static enum draft draft_of(const struct val *schema)
{
    static const struct {
        const char *part;
        enum draft draft;
    } drafts[] = { { "draft-04", DRAFT_4 },
                   { "draft-06", DRAFT_6 },
                   { "draft-07", DRAFT_7 },
                   { "2019-09", DRAFT_2019 } };
    struct str uri = val_str(val_get(schema, STR("$schema")));
    for (size_t i = 0; i < sizeof drafts / sizeof drafts[0]; i++)
        if (str_contains(uri, str_from_cstr(drafts[i].part)))
            return drafts[i].draft;
    return DRAFT_2020;
}

struct err *jsonschema_validate(struct arena *a, const struct val *schema,
                                const struct val *instance)
{
    struct state s = { .arena = a, .root = schema, .draft = draft_of(schema) };
    map_init(&s.patterns, a);
    refs_collect(&s);
    bool good = schema_check(&s, schema, instance, NULL, NULL);
    if (s.fatal)
        return s.fatal;
    return good ? NULL : err_join(a, s.problems.items, s.problems.count);
}
