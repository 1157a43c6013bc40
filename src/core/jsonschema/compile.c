/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether a schema is one before it is asked: the shape of every keyword, as the drafts' own schemas have it, and every
 * reference and pattern that can be reached.
 */
#include "base/limits.h"
#include "core/jsonschema/state.h"

enum shape {
    SHAPE_SCHEMA,
    SHAPE_ITEMS, /* a schema, or schemas before 2020-12 */
    SHAPE_SCHEMAS,
    SHAPE_SCHEMA_MAP,
    SHAPE_DEPENDENCIES,
    SHAPE_NUMBER,
    SHAPE_POSITIVE,
    SHAPE_BOUND, /* a boolean in draft 4, then a number */
    SHAPE_COUNT,
    SHAPE_TRUTH,
    SHAPE_STRING,
    SHAPE_STRINGS,
    SHAPE_LIST,
    SHAPE_TYPE,
};

static const struct keyword_shape {
    const char *name;
    enum shape shape;
    enum draft since, until;
} shapes[] = {
    { "additionalItems", SHAPE_SCHEMA, DRAFT_4, DRAFT_2019 },
    { "additionalProperties", SHAPE_SCHEMA, DRAFT_4, DRAFT_2020 },
    { "items", SHAPE_ITEMS, DRAFT_4, DRAFT_2020 },
    { "contains", SHAPE_SCHEMA, DRAFT_6, DRAFT_2020 },
    { "propertyNames", SHAPE_SCHEMA, DRAFT_6, DRAFT_2020 },
    { "not", SHAPE_SCHEMA, DRAFT_4, DRAFT_2020 },
    { "if", SHAPE_SCHEMA, DRAFT_7, DRAFT_2020 },
    { "then", SHAPE_SCHEMA, DRAFT_7, DRAFT_2020 },
    { "else", SHAPE_SCHEMA, DRAFT_7, DRAFT_2020 },
    { "unevaluatedItems", SHAPE_SCHEMA, DRAFT_2019, DRAFT_2020 },
    { "unevaluatedProperties", SHAPE_SCHEMA, DRAFT_2019, DRAFT_2020 },
    { "allOf", SHAPE_SCHEMAS, DRAFT_4, DRAFT_2020 },
    { "anyOf", SHAPE_SCHEMAS, DRAFT_4, DRAFT_2020 },
    { "oneOf", SHAPE_SCHEMAS, DRAFT_4, DRAFT_2020 },
    { "prefixItems", SHAPE_SCHEMAS, DRAFT_2020, DRAFT_2020 },
    { "properties", SHAPE_SCHEMA_MAP, DRAFT_4, DRAFT_2020 },
    { "patternProperties", SHAPE_SCHEMA_MAP, DRAFT_4, DRAFT_2020 },
    { "definitions", SHAPE_SCHEMA_MAP, DRAFT_4, DRAFT_2020 },
    { "$defs", SHAPE_SCHEMA_MAP, DRAFT_2019, DRAFT_2020 },
    { "dependentSchemas", SHAPE_SCHEMA_MAP, DRAFT_2019, DRAFT_2020 },
    { "dependencies", SHAPE_DEPENDENCIES, DRAFT_4, DRAFT_2020 },
    { "minimum", SHAPE_NUMBER, DRAFT_4, DRAFT_2020 },
    { "maximum", SHAPE_NUMBER, DRAFT_4, DRAFT_2020 },
    { "exclusiveMinimum", SHAPE_BOUND, DRAFT_4, DRAFT_2020 },
    { "exclusiveMaximum", SHAPE_BOUND, DRAFT_4, DRAFT_2020 },
    { "multipleOf", SHAPE_POSITIVE, DRAFT_4, DRAFT_2020 },
    { "minLength", SHAPE_COUNT, DRAFT_4, DRAFT_2020 },
    { "maxLength", SHAPE_COUNT, DRAFT_4, DRAFT_2020 },
    { "minItems", SHAPE_COUNT, DRAFT_4, DRAFT_2020 },
    { "maxItems", SHAPE_COUNT, DRAFT_4, DRAFT_2020 },
    { "minProperties", SHAPE_COUNT, DRAFT_4, DRAFT_2020 },
    { "maxProperties", SHAPE_COUNT, DRAFT_4, DRAFT_2020 },
    { "minContains", SHAPE_COUNT, DRAFT_2019, DRAFT_2020 },
    { "maxContains", SHAPE_COUNT, DRAFT_2019, DRAFT_2020 },
    { "uniqueItems", SHAPE_TRUTH, DRAFT_4, DRAFT_2020 },
    { "pattern", SHAPE_STRING, DRAFT_4, DRAFT_2020 },
    { "format", SHAPE_STRING, DRAFT_4, DRAFT_2020 },
    { "$ref", SHAPE_STRING, DRAFT_6, DRAFT_2020 },
    { "title", SHAPE_STRING, DRAFT_4, DRAFT_2020 },
    { "description", SHAPE_STRING, DRAFT_4, DRAFT_2020 },
    { "required", SHAPE_STRINGS, DRAFT_4, DRAFT_2020 },
    { "type", SHAPE_TYPE, DRAFT_4, DRAFT_2020 },
    { "enum", SHAPE_LIST, DRAFT_4, DRAFT_2020 },
};

static bool is_number(const struct val *v)
{
    return v->kind == VAL_INT || v->kind == VAL_FLOAT;
}

static bool is_list_of_texts(const struct val *v)
{
    if (v->kind != VAL_SEQ)
        return false;
    for (size_t i = 0; i < v->count; i++)
        if (v->items[i]->kind != VAL_STRING)
            return false;
    return true;
}

static bool check(struct state *s, const struct val *schema, unsigned depth);

static bool check_schemas(struct state *s, const struct val *v, unsigned depth)
{
    if (v->kind != VAL_SEQ || v->count == 0)
        return schema_broken(s, v, "must be a list of schemas, one at least");
    for (size_t i = 0; i < v->count; i++)
        if (!check(s, v->items[i], depth))
            return false;
    return true;
}

static bool check_schema_map(struct state *s, const struct val *v, bool texts_too, unsigned depth)
{
    if (v->kind != VAL_MAP)
        return schema_broken(s, v, "must be an object of schemas");
    for (size_t i = 0; i < v->count; i++)
        if (!(texts_too && is_list_of_texts(v->fields[i].value)) &&
            !check(s, v->fields[i].value, depth))
            return false;
    return true;
}

static bool check_value(struct state *s, enum shape shape, const struct val *v)
{
    int64_t n;
    double x = 0;
    (void)val_to_double(v, &x);
    if (shape == SHAPE_BOUND)
        shape = s->draft == DRAFT_4 ? SHAPE_TRUTH : SHAPE_NUMBER;
    if ((shape == SHAPE_NUMBER || shape == SHAPE_POSITIVE) && !is_number(v))
        return schema_broken(s, v, "must be a number");
    if (shape == SHAPE_POSITIVE && x <= 0)
        return schema_broken(s, v, "must be more than 0");
    if (shape == SHAPE_COUNT && (!is_number(v) || !val_to_int64(v, &n) || n < 0))
        return schema_broken(s, v, "must be a whole number from 0");
    if (shape == SHAPE_TRUTH && v->kind != VAL_BOOL)
        return schema_broken(s, v, "must be a boolean");
    if (shape == SHAPE_STRING && v->kind != VAL_STRING)
        return schema_broken(s, v, "must be a string");
    if (shape == SHAPE_STRINGS && (!is_list_of_texts(v) || (s->draft == DRAFT_4 && v->count == 0)))
        return schema_broken(s, v, "must be a list of strings");
    if (shape == SHAPE_LIST && (v->kind != VAL_SEQ || (s->draft <= DRAFT_7 && v->count == 0)))
        return schema_broken(s, v, "must be a list");
    if (shape == SHAPE_TYPE && v->kind == VAL_SEQ && v->count == 0)
        return schema_broken(s, v, "must name a type");
    return true;
}

static bool check_keyword(struct state *s, const struct keyword_shape *k, const struct val *v,
                          unsigned depth)
{
    bool is_additional = strncmp(k->name, "additional", 10) == 0;
    switch (k->shape) {
    case SHAPE_SCHEMA:
        return (is_additional && v->kind == VAL_BOOL) || check(s, v, depth);
    case SHAPE_ITEMS:
        return v->kind == VAL_SEQ && s->draft < DRAFT_2020 ? check_schemas(s, v, depth)
                                                           : check(s, v, depth);
    case SHAPE_SCHEMAS:
        return check_schemas(s, v, depth);
    case SHAPE_SCHEMA_MAP:
    case SHAPE_DEPENDENCIES:
        return check_schema_map(s, v, k->shape == SHAPE_DEPENDENCIES, depth);
    case SHAPE_NUMBER:
    case SHAPE_POSITIVE:
    case SHAPE_BOUND:
    case SHAPE_COUNT:
    case SHAPE_TRUTH:
    case SHAPE_STRING:
    case SHAPE_STRINGS:
    case SHAPE_LIST:
    case SHAPE_TYPE:
        break;
    }
    return check_value(s, k->shape, v);
}

static bool check(struct state *s, const struct val *schema, unsigned depth)
{
    if (schema->kind == VAL_BOOL && s->draft >= DRAFT_6)
        return true;
    if (schema->kind != VAL_MAP)
        return schema_broken(s, schema, "a schema must be an object or a boolean");
    if (depth >= LIMIT_TREE_DEPTH)
        return schema_broken(s, schema, "schemas are nested too deep");
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        const struct keyword_shape *k = &shapes[i];
        const struct val *v = val_get(schema, str_from_cstr(k->name));
        if (v && s->draft >= k->since && s->draft <= k->until && !check_keyword(s, k, v, depth + 1))
            return false;
    }
    return true;
}

/* Whether it is there already; notes it. */
static bool was_visited(struct state *s, struct map *visited, const struct val *schema)
{
    struct str key = str_dup(s->arena, str_of((const char *)&schema, sizeof(const struct val *)));
    if (map_get(visited, key))
        return true;
    map_set(visited, key, (void *)(uintptr_t)schema);
    return false;
}

static bool link_all(struct state *s, const struct val *v, struct map *visited, unsigned depth);
static bool link_members(struct state *s, const struct val *v, struct map *visited, unsigned depth);

static bool link_patterns(struct state *s, const struct val *schema)
{
    const struct val *pattern = val_get(schema, STR("pattern"));
    const struct val *patterns = val_get(schema, STR("patternProperties"));
    if (val_is(pattern, VAL_STRING))
        (void)pattern_matches(s, pattern, pattern->text, STR(""));
    for (size_t i = 0; val_is(patterns, VAL_MAP) && i < patterns->count; i++)
        (void)pattern_matches(s, patterns->fields[i].value, patterns->fields[i].key, STR(""));
    return !s->fatal;
}

/* Definitions are not reached by themselves, nor keywords without the one that they belong to. */
static bool is_reached(const struct val *schema, const char *name)
{
    if (strcmp(name, "definitions") == 0 || strcmp(name, "$defs") == 0)
        return false;
    if (strcmp(name, "additionalItems") == 0)
        return val_is(val_get(schema, STR("items")), VAL_SEQ);
    if (strcmp(name, "then") == 0 || strcmp(name, "else") == 0)
        return val_get(schema, STR("if")) != NULL;
    return true;
}

/* References and patterns that validation can come to. */
static bool link_one(struct state *s, const struct val *schema, struct map *visited, unsigned depth)
{
    const struct val *ref = val_get(schema, STR("$ref"));
    if (!val_is(schema, VAL_MAP) || was_visited(s, visited, schema))
        return true;
    if (depth >= LIMIT_TREE_DEPTH)
        return schema_broken(s, schema, "schemas are nested too deep");
    if (val_is(ref, VAL_STRING)) {
        const struct val *target = refs_find(s, ref);
        if (!target || !link_one(s, target, visited, depth + 1))
            return false;
    }
    bool only_ref = ref && s->draft <= DRAFT_7;
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        const struct keyword_shape *k = &shapes[i];
        const struct val *v = val_get(schema, str_from_cstr(k->name));
        if (v && k->shape <= SHAPE_DEPENDENCIES && !(only_ref && k->since == DRAFT_4) &&
            s->draft >= k->since && s->draft <= k->until && is_reached(schema, k->name) &&
            !(k->shape >= SHAPE_SCHEMA_MAP ? link_members(s, v, visited, depth)
                                           : link_all(s, v, visited, depth)))
            return false;
    }
    return only_ref || link_patterns(s, schema);
}

/* A schema, or those of a list or an object. */
static bool link_all(struct state *s, const struct val *v, struct map *visited, unsigned depth)
{
    for (size_t i = 0; v->kind == VAL_SEQ && i < v->count; i++)
        if (!link_one(s, v->items[i], visited, depth + 1))
            return false;
    return v->kind != VAL_MAP || link_one(s, v, visited, depth + 1);
}

static bool link_members(struct state *s, const struct val *v, struct map *visited, unsigned depth)
{
    for (size_t i = 0; v->kind == VAL_MAP && i < v->count; i++)
        if (!link_one(s, v->fields[i].value, visited, depth + 1))
            return false;
    return true;
}

bool schema_compile(struct state *s)
{
    struct map visited;
    map_init(&visited, s->arena);
    return check(s, s->root, 0) && link_one(s, s->root, &visited, 0);
}
