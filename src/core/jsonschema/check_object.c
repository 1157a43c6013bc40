/* SPDX-License-Identifier: Apache-2.0 */
#include "core/jsonschema/state.h"

static void mark(struct seen *seen, size_t i)
{
    if (seen && i < seen->count)
        seen->members[i] = true;
}

static bool check_required(struct state *s, const struct val *list, const struct val *v,
                           const struct place *at)
{
    bool good = true;
    if (list && list->kind != VAL_SEQ)
        return s->draft == DRAFT_4 || schema_broken(s, list, "required must be an array");
    for (size_t i = 0; i < val_count(list); i++)
        if (!val_get(v, val_str(list->items[i])))
            good = schema_problem(s, at, "missing property '%.*s'",
                                  STR_ARG(val_str(list->items[i])));
    return good;
}

/* properties, patternProperties, then additionalProperties for what neither names. */
static bool check_member(struct state *s, const struct val *schema, const struct val_field *f,
                         const struct place *at, bool *ret_evaluated)
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
    if (rest->kind == VAL_BOOL && !rest->boolean)
        return schema_problem(s, at, "additional properties '%.*s' not allowed", STR_ARG(f->key));
    return schema_check(s, rest, f->value, &here, NULL) && good;
}

static bool check_names(struct state *s, const struct val *schema, const struct val *v,
                        const struct place *at)
{
    const struct val *names = keyword(s, schema, "propertyNames", DRAFT_6);
    bool good = true;
    for (size_t i = 0; names && i < v->count && !s->fatal; i++) {
        struct place here = { .parent = at, .key = v->fields[i].key };
        good = schema_check(s, names, val_string(s->arena, v->fields[i].key), &here, NULL) && good;
    }
    return good;
}

/* dependencies, dependentRequired and dependentSchemas: what a member demands of the whole. */
static bool check_dependents(struct state *s, const struct val *map, const struct val *v,
                             const struct place *at, struct seen *seen)
{
    bool good = true;
    for (size_t i = 0; val_is(map, VAL_MAP) && i < map->count && !s->fatal; i++) {
        const struct val *demand = map->fields[i].value;
        if (!val_get(v, map->fields[i].key))
            continue;
        if (demand->kind == VAL_SEQ)
            good = check_required(s, demand, v, at) && good;
        else if (demand->kind == VAL_STRING && !val_get(v, demand->text))
            good = schema_problem(s, at, "missing property '%.*s'", STR_ARG(demand->text));
        else if (demand->kind != VAL_STRING)
            good = schema_check(s, demand, v, at, seen) && good;
    }
    return good;
}

bool check_object(struct state *s, const struct val *schema, const struct val *v,
                  const struct place *at, struct seen *seen)
{
    const struct val *least = val_get(schema, STR("minProperties"));
    const struct val *most = val_get(schema, STR("maxProperties"));
    int64_t limit;
    bool good = check_required(s, val_get(schema, STR("required")), v, at);
    for (size_t i = 0; i < v->count && !s->fatal; i++) {
        bool evaluated;
        good = check_member(s, schema, &v->fields[i], at, &evaluated) && good;
        if (evaluated)
            mark(seen, i);
    }
    if (least && val_to_int64(least, &limit) && (int64_t)v->count < limit)
        good = schema_problem(s, at, "minProperties: got %u, want %lld", v->count,
                              (long long)limit);
    if (most && val_to_int64(most, &limit) && (int64_t)v->count > limit)
        good = schema_problem(s, at, "maxProperties: got %u, want %lld", v->count,
                              (long long)limit);
    good = check_names(s, schema, v, at) && good;
    if (s->draft < DRAFT_2019)
        return check_dependents(s, val_get(schema, STR("dependencies")), v, at, seen) && good;
    good = check_dependents(s, keyword(s, schema, "dependentRequired", DRAFT_2019), v, at, seen) &&
           good;
    return check_dependents(s, keyword(s, schema, "dependentSchemas", DRAFT_2019), v, at, seen) &&
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
