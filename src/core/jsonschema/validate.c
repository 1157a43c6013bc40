/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"
#include "base/limits.h"
#include "core/jsonschema/report.h"
#include "foreign/regex.h"

const struct val *keyword(const struct state *s, const struct val *schema, const char *name,
                          enum draft since)
{
    return s->draft >= since ? val_get(schema, str_from_cstr(name)) : NULL;
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
    bool silent = s->is_silent;
    s->is_silent = true;
    bool fits = schema_check(s, schema, v, at, seen);
    s->is_silent = silent;
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

/* Collects what the parts of a combination find, until `kept` is put back. */
static struct problems collect(struct state *s)
{
    struct problems kept = s->problems;
    s->problems = (struct problems)VEC_INIT;
    return kept;
}

static struct problems collected(struct state *s, struct problems kept)
{
    struct problems found = s->problems;
    s->problems = kept;
    return found;
}

static bool check_all(struct state *s, const struct val *list, const struct val *v,
                      const struct place *at, struct seen *seen)
{
    struct problems kept = collect(s);
    bool good = true;
    for (size_t i = 0; i < val_count(list) && !s->fatal; i++)
        good = check_part(s, list->items[i], v, at, seen, false) && good;
    struct problems found = collected(s, kept);
    return good || schema_problem_of(s, at, &found, STR("'allOf' failed"));
}

static bool check_any(struct state *s, const struct val *list, const struct val *v,
                      const struct place *at, struct seen *seen)
{
    struct problems kept = collect(s);
    bool good = false;
    for (size_t i = 0; i < val_count(list) && !s->fatal; i++)
        if ((!good || seen) && check_part(s, list->items[i], v, at, seen, false))
            good = true;
    struct problems found = collected(s, kept);
    return good || schema_problem_of(s, at, &found, STR("'anyOf' failed"));
}

static bool check_one(struct state *s, const struct val *list, const struct val *v,
                      const struct place *at, struct seen *seen)
{
    struct problems kept = collect(s);
    size_t first = SIZE_MAX, second = SIZE_MAX;
    for (size_t i = 0; i < val_count(list) && second == SIZE_MAX && !s->fatal; i++)
        if (check_part(s, list->items[i], v, at, seen, first != SIZE_MAX))
            *(first == SIZE_MAX ? &first : &second) = i;
    struct problems found = collected(s, kept);
    if (first == SIZE_MAX)
        return schema_problem_of(s, at, &found, STR("'oneOf' failed, none matched"));
    return second == SIZE_MAX ||
           schema_problem(s, at, "'oneOf' failed, subschemas %zu, %zu matched", first, second);
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
    const struct val *one = val_get(schema, STR("oneOf")), *no = val_get(schema, STR("not"));
    bool good = true;
    if (no && schema_fits(s, no, v, at, NULL) && !s->fatal)
        good = schema_problem(s, at, "'not' failed");
    if (val_count(all) > 0)
        good = check_all(s, all, v, at, seen) && good;
    if (val_count(any) > 0)
        good = check_any(s, any, v, at, seen) && good;
    if (val_count(one) > 0)
        good = check_one(s, one, v, at, seen) && good;
    return check_condition(s, schema, v, at, seen) && good;
}

static bool check_ref(struct state *s, const struct val *schema, const char *name,
                      const struct val *v, const struct place *at, struct seen *seen)
{
    const struct val *ref = val_get(schema, str_from_cstr(name));
    const struct val *target = ref ? refs_find(s, ref) : NULL;
    if (!target)
        return !s->fatal;
    struct problems kept = collect(s);
    bool good = check_part(s, target, v, at, seen, false);
    struct problems found = collected(s, kept);
    return good || report_reference(s, at, &found);
}

static bool check_by_kind(struct state *s, const struct val *schema, const struct val *v,
                          const struct place *at, struct seen *seen)
{
    if (v->kind == VAL_SEQ)
        return check_array(s, schema, v, at, seen);
    if (v->kind == VAL_MAP)
        return check_object(s, schema, v, at, seen);
    return check_scalar(s, schema, v, at);
}

/* In the order of the library: type, const, enum and format end the check at once. */
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
    bool only_ref = s->draft <= DRAFT_7 && val_get(schema, STR("$ref"));
    if (!check_identity(s, schema, v, at))
        return false;
    bool good = check_ref(s, schema, "$ref", v, at, seen);
    if (only_ref)
        return good;
    good = check_by_kind(s, schema, v, at, seen) && good;
    if (s->draft >= DRAFT_2019)
        good = check_ref(s, schema, "$recursiveRef", v, at, seen) && good;
    if (s->draft >= DRAFT_2020)
        good = check_ref(s, schema, "$dynamicRef", v, at, seen) && good;
    good = check_combinations(s, schema, v, at, seen) && good;
    if (wants_seen && val_count(v) > 0)
        good = check_unevaluated(s, schema, v, at, seen) && good;
    return good;
}

/* The same schema is at work on the same value already. */
static bool is_cycle(const struct state *s, const struct scope *here)
{
    for (const struct scope *up = s->scope; up; up = up->parent) {
        if (up->value != here->value || up->at != here->at)
            return false;
        if (up->schema == here->schema)
            return true;
    }
    return false;
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
    struct scope here = { s->scope, schema, v, at };
    if (is_cycle(s, &here))
        return schema_problem(s, at, "schema %u:%u leads to itself, a reference cycle",
                              schema->line, (unsigned)schema->column);
    struct problems kept = collect(s);
    s->depth++;
    s->scope = &here;
    bool good = check_keywords(s, schema, v, at, seen);
    s->scope = here.parent;
    s->depth--;
    struct problems found = collected(s, kept);
    if (!good && !s->is_silent)
        report_group(s, at, &found);
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
    bool good = schema_compile(&s) && schema_check(&s, schema, instance, NULL, NULL);
    if (s.fatal)
        return s.fatal;
    if (good)
        return NULL;
    return err_new(a, ERR_INVALID, "%.*s", STR_ARG(report_text(a, &s.problems)));
}
