/* SPDX-License-Identifier: Apache-2.0 */
#include "core/jsonschema/report.h"

static void mark(struct seen *seen, size_t i)
{
    if (seen && i < seen->count)
        seen->members[i] = true;
}

struct names {
    struct str *items;
    size_t count;
    size_t cap;
};

/* Those of a list that the object has not. */
static struct names missing(struct state *s, const struct val *list, const struct val *v)
{
    struct names out = VEC_INIT;
    for (size_t i = 0; i < val_count(list); i++)
        if (!val_get(v, val_str(list->items[i])))
            *VEC_PUSH(s->arena, &out) = val_str(list->items[i]);
    return out;
}

static bool check_required(struct state *s, const struct val *list, const struct val *v,
                           const struct place *at)
{
    if (list && list->kind != VAL_SEQ)
        return s->draft == DRAFT_4 || schema_broken(s, list, "required must be an array");
    struct names names = missing(s, list, v);
    if (names.count == 0)
        return true;
    return schema_problem(s, at, "missing propert%s %.*s", names.count == 1 ? "y" : "ies",
                          STR_ARG(report_list(s->arena, names.items, names.count)));
}

/* properties, patternProperties, then additionalProperties for what neither names. */
static bool check_member(struct state *s, const struct val *schema, const struct val_field *f,
                         const struct place *at, bool *ret_evaluated, struct names *additional)
{
    const struct val *patterns = val_get(schema, STR("patternProperties"));
    const struct val *rest = val_get(schema, STR("additionalProperties"));
    const struct val *own = val_get(val_get(schema, STR("properties")), f->key);
    struct place here = { .parent = at, .key = f->key };
    bool good = true, known = own != NULL;
    if (own)
        good = schema_check(s, own, f->value, &here, NULL);
    for (size_t i = 0; val_is(patterns, VAL_MAP) && i < patterns->count && !s->fatal; i++) {
        const struct val_field *p = &patterns->fields[i];
        if (!pattern_matches(s, p->value, p->key, f->key))
            continue;
        known = true;
        good = schema_check(s, p->value, f->value, &here, NULL) && good;
    }
    *ret_evaluated = known || rest;
    if (known || !rest)
        return good;
    if (rest->kind == VAL_BOOL && !rest->boolean) {
        *VEC_PUSH(s->arena, additional) = f->key;
        return false;
    }
    return schema_check(s, rest, f->value, &here, NULL) && good;
}

/* A name that does not fit is one problem, with what is wrong below it, told from the name's own root. */
static bool check_name(struct state *s, const struct val *names, struct str name,
                       const struct place *at)
{
    struct problems kept = s->problems;
    s->problems = (struct problems)VEC_INIT;
    bool good = schema_check(s, names, val_string(s->arena, name), NULL, NULL);
    struct problems found = s->problems;
    s->problems = kept;
    if (good)
        return true;
    if (found.count == 1 && found.items[0]->is_group)
        found = found.items[0]->causes;
    return schema_problem_of(
        s, at, &found,
        str_printf(s->arena, "invalid propertyName %.*s", STR_ARG(report_quoted(s->arena, name))));
}

/* dependencies, dependentRequired and dependentSchemas: what a member demands of the whole. */
static bool check_dependents(struct state *s, const struct val *map, const struct val *v,
                             const struct place *at, struct seen *seen)
{
    bool good = true;
    for (size_t i = 0; val_is(map, VAL_MAP) && i < map->count && !s->fatal; i++) {
        const struct val_field *demand = &map->fields[i];
        if (!val_get(v, demand->key))
            continue;
        if (demand->value->kind != VAL_SEQ) {
            good = schema_check(s, demand->value, v, at, seen) && good;
            continue;
        }
        struct names names = missing(s, demand->value, v);
        if (names.count > 0)
            good = schema_problem(s, at, "properties %.*s required, if %.*s exists",
                                  STR_ARG(report_list(s->arena, names.items, names.count)),
                                  STR_ARG(report_quoted(s->arena, demand->key)));
    }
    return good;
}

bool check_object(struct state *s, const struct val *schema, const struct val *v,
                  const struct place *at, struct seen *seen)
{
    const struct val *names = keyword(s, schema, "propertyNames", DRAFT_6);
    struct names additional = VEC_INIT;
    bool good = check_size(s, schema, "minProperties", v->count, at);
    good = check_size(s, schema, "maxProperties", v->count, at) && good;
    good = check_required(s, val_get(schema, STR("required")), v, at) && good;
    good = check_dependents(s, val_get(schema, STR("dependencies")), v, at, seen) && good;
    for (size_t i = 0; i < v->count && !s->fatal; i++) {
        bool evaluated;
        good = check_member(s, schema, &v->fields[i], at, &evaluated, &additional) && good;
        if (evaluated)
            mark(seen, i);
    }
    if (additional.count > 0)
        good = schema_problem(s, at, "additional properties %.*s not allowed",
                              STR_ARG(report_list(s->arena, additional.items, additional.count)));
    for (size_t i = 0; names && i < v->count && !s->fatal; i++)
        good = check_name(s, names, v->fields[i].key, at) && good;
    good = check_dependents(s, keyword(s, schema, "dependentSchemas", DRAFT_2019), v, at, seen) &&
           good;
    return check_dependents(s, keyword(s, schema, "dependentRequired", DRAFT_2019), v, at, seen) &&
           good;
}

bool check_unevaluated(struct state *s, const struct val *schema, const struct val *v,
                       const struct place *at, struct seen *seen)
{
    bool map = v->kind == VAL_MAP, good = true;
    const struct val *rest = keyword(s, schema, map ? "unevaluatedProperties" : "unevaluatedItems",
                                     DRAFT_2019);
    for (size_t i = 0; rest && i < val_count(v) && !s->fatal; i++) {
        struct place here = { .parent = at, .index = i };
        if (map)
            here.key = v->fields[i].key;
        if (seen->members[i])
            continue;
        good = schema_check(s, rest, map ? v->fields[i].value : v->items[i], &here, NULL) && good;
        mark(seen, i);
    }
    return good;
}
