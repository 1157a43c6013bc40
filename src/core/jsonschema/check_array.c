/* SPDX-License-Identifier: Apache-2.0 */
#include "core/jsonschema/state.h"

static void mark(struct seen *seen, size_t i)
{
    if (seen && i < seen->count)
        seen->members[i] = true;
}

static bool check_items(struct state *s, const struct val *schema, const struct val *v,
                        const struct place *at, struct seen *seen)
{
    const struct val *items = val_get(schema, STR("items"));
    const struct val *prefix = keyword(s, schema, "prefixItems", DRAFT_2020), *rest = items;
    bool good = true;
    if (s->draft < DRAFT_2020 && val_is(items, VAL_SEQ)) {
        prefix = items;
        rest = val_get(schema, STR("additionalItems"));
    }
    for (size_t i = 0; i < v->count && !s->fatal; i++) {
        const struct val *one = i < val_count(prefix) ? prefix->items[i] : rest;
        struct place here = { .parent = at, .index = i };
        if (!one)
            break;
        good = schema_check(s, one, v->items[i], &here, NULL) && good;
        mark(seen, i);
    }
    return good;
}

static bool check_contains(struct state *s, const struct val *schema, const struct val *v,
                           const struct place *at, struct seen *seen)
{
    const struct val *contains = keyword(s, schema, "contains", DRAFT_6);
    const struct val *least = keyword(s, schema, "minContains", DRAFT_2019);
    const struct val *most = keyword(s, schema, "maxContains", DRAFT_2019);
    int64_t low = 1, high = INT64_MAX, count = 0;
    if (!contains)
        return true;
    if (least && !val_to_int64(least, &low))
        return schema_broken(s, least, "minContains must be a whole number");
    if (most && !val_to_int64(most, &high))
        return schema_broken(s, most, "maxContains must be a whole number");
    for (size_t i = 0; i < v->count && !s->fatal; i++) {
        struct place here = { .parent = at, .index = i };
        if (!schema_fits(s, contains, v->items[i], &here, NULL))
            continue;
        count++;
        if (s->draft >= DRAFT_2020)
            mark(seen, i);
    }
    if (count < low)
        return schema_problem(s, at, "contains: got %lld items that fit, want at least %lld",
                              (long long)count, (long long)low);
    if (count > high)
        return schema_problem(s, at, "contains: got %lld items that fit, want at most %lld",
                              (long long)count, (long long)high);
    return true;
}

static bool is_unique(struct state *s, const struct val *v)
{
    struct arena *a = s->arena;
    uint64_t *hashes = ARENA_ARRAY(a, v->count, uint64_t);
    for (size_t i = 0; i < v->count; i++) {
        hashes[i] = val_hash(v->items[i]);
        s->steps += i / 16;
        for (size_t j = 0; j < i; j++)
            if (hashes[i] == hashes[j] && val_eq(v->items[i], v->items[j]))
                return false;
    }
    return true;
}

bool check_array(struct state *s, const struct val *schema, const struct val *v,
                 const struct place *at, struct seen *seen)
{
    const struct val *least = val_get(schema, STR("minItems"));
    const struct val *most = val_get(schema, STR("maxItems"));
    int64_t limit;
    bool good = check_items(s, schema, v, at, seen);
    good = check_contains(s, schema, v, at, seen) && good;
    if (least && val_to_int64(least, &limit) && (int64_t)v->count < limit)
        good = schema_problem(s, at, "minItems: got %u, want %lld", v->count, (long long)limit);
    if (most && val_to_int64(most, &limit) && (int64_t)v->count > limit)
        good = schema_problem(s, at, "maxItems: got %u, want %lld", v->count, (long long)limit);
    if (val_at_bool(schema, "uniqueItems", false) && !is_unique(s, v))
        good = schema_problem(s, at, "items must be unique");
    return good;
}
