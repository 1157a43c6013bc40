/* SPDX-License-Identifier: Apache-2.0 */
#include "core/jsonschema/report.h"

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
        if (one == rest && prefix && s->draft < DRAFT_2020 && val_is(rest, VAL_BOOL)) {
            if (!rest->boolean)
                good = schema_problem(s, at, "last %.*s additionalItem(s) not allowed",
                                      STR_ARG(report_count(s->arena, v->count - i)));
            break;
        }
        good = schema_check(s, one, v->items[i], &here, NULL) && good;
        mark(seen, i);
    }
    return good;
}

/* "0 2 5" */
static struct str indexes(struct arena *a, const bool *fits, size_t count)
{
    struct buf out;
    buf_init(&out, a, 0);
    for (size_t i = 0; i < count; i++)
        if (fits[i])
            buf_printf(&out, "%s%zu", out.len > 0 ? " " : "", i);
    return buf_str(&out);
}

static bool too_few(struct state *s, const struct place *at, const struct problems *why,
                    size_t count, int64_t least, struct str where)
{
    struct str want = report_count(s->arena, (uint64_t)least);
    struct str text =
        count == 0
            ? str_printf(s->arena,
                         "min %.*s items required to match contains schema, but none matched",
                         STR_ARG(want))
            : str_printf(s->arena,
                         "min %.*s items required to match contains schema, but matched "
                         "%zu items at %.*s",
                         STR_ARG(want), count, STR_ARG(where));
    return schema_problem_of(s, at, why, text);
}

/* Which items fit; *ret_why tells of the others. */
static size_t find_fitting(struct state *s, const struct val *contains, const struct val *v,
                           const struct place *at, bool *fits, struct problems *ret_why)
{
    struct problems kept = s->problems;
    size_t count = 0;
    s->problems = (struct problems)VEC_INIT;
    for (size_t i = 0; i < v->count && !s->fatal; i++) {
        struct place here = { .parent = at, .index = i };
        fits[i] = schema_check(s, contains, v->items[i], &here, NULL);
        count += fits[i];
    }
    *ret_why = s->problems;
    s->problems = kept;
    return count;
}

static bool check_contains(struct state *s, const struct val *schema, const struct val *v,
                           const struct place *at, struct seen *seen)
{
    const struct val *contains = keyword(s, schema, "contains", DRAFT_6);
    const struct val *least = keyword(s, schema, "minContains", DRAFT_2019);
    const struct val *most = keyword(s, schema, "maxContains", DRAFT_2019);
    bool *fits = ARENA_ARRAY(s->arena, v->count, bool), good = true;
    int64_t low = 1, high = INT64_MAX;
    struct problems why;
    if (!contains)
        return true;
    if (least && (!val_to_int64(least, &low) || low < 0))
        return schema_broken(s, least, "minContains must be a whole number");
    if (most && (!val_to_int64(most, &high) || high < 0))
        return schema_broken(s, most, "maxContains must be a whole number");
    size_t count = find_fitting(s, contains, v, at, fits, &why);
    for (size_t i = 0; s->draft >= DRAFT_2020 && i < v->count; i++)
        if (fits[i])
            mark(seen, i);
    struct str where = indexes(s->arena, fits, v->count);
    if (!least && count == 0)
        good = schema_problem_of(s, at, &why, STR("no items match contains schema"));
    else if (least && (int64_t)count < low)
        good = too_few(s, at, &why, count, low, where);
    if ((int64_t)count > high)
        good = schema_problem(s, at,
                              "max %.*s items required to match contains schema, but matched %zu "
                              "items at %.*s",
                              STR_ARG(report_count(s->arena, (uint64_t)high)), count,
                              STR_ARG(where));
    return good;
}

/* True: no two are equal; else the first two. */
static bool is_unique(struct state *s, const struct val *v, size_t *ret_first, size_t *ret_second)
{
    struct arena *a = s->arena;
    uint64_t *hashes = ARENA_ARRAY(a, v->count, uint64_t);
    for (size_t i = 0; i < v->count; i++) {
        hashes[i] = val_hash(v->items[i]);
        s->steps += i / 16;
        for (size_t j = 0; j < i; j++)
            if (hashes[i] == hashes[j] && val_eq(v->items[i], v->items[j])) {
                *ret_first = j;
                *ret_second = i;
                return false;
            }
    }
    return true;
}

bool check_array(struct state *s, const struct val *schema, const struct val *v,
                 const struct place *at, struct seen *seen)
{
    size_t first, second;
    bool good = check_size(s, schema, "minItems", v->count, at);
    good = check_size(s, schema, "maxItems", v->count, at) && good;
    if (val_at_bool(schema, "uniqueItems", false) && !is_unique(s, v, &first, &second))
        good = schema_problem(s, at, "items at %zu and %zu are equal", first, second);
    good = check_items(s, schema, v, at, seen) && good;
    return check_contains(s, schema, v, at, seen) && good;
}
