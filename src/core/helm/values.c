/* SPDX-License-Identifier: Apache-2.0 */
#include "core/helm/values.h"

#include "base/arena.h"
#include "core/gotmpl/format.h"

static struct go_value map_value(struct go_map *m)
{
    return (struct go_value){ .type = GO_MAP, .map = m };
}

struct go_map *values_map_of(const struct go_value *v)
{
    return v->type == GO_MAP || v->type == GO_VALUES ? v->map : NULL;
}

static bool find(struct go_map *m, struct str key, struct go_value *ret)
{
    return go_map_find(m, GO_MAP, key, ret);
}

static bool is_null(const struct go_value *v)
{
    return v->type == GO_NIL || v->type == GO_INVALID;
}

/* The fields as they are now: changing the map does not disturb a walk over them. */
static struct go_field *snapshot(struct arena *a, struct go_map *m, size_t *ret_count)
{
    size_t count = go_map_count(m);
    const struct go_field *fields = go_map_sorted(m);
    struct go_field *copy = ARENA_ARRAY(a, count, struct go_field);
    if (count > 0)
        memcpy(copy, fields, count * sizeof *copy);
    *ret_count = count;
    return copy;
}

struct go_map *values_merge(struct arena *arena, struct go_map *a, struct go_map *b)
{
    struct go_map *out = go_map_new(arena, GO_MAP).map;
    size_t count;
    struct go_field *fields = snapshot(arena, a, &count);
    for (size_t i = 0; i < count; i++)
        go_map_set(out, fields[i].key, fields[i].value);
    fields = snapshot(arena, b, &count);
    for (size_t i = 0; i < count; i++) {
        struct go_value own;
        struct go_map *over = values_map_of(&fields[i].value);
        struct go_map *under = over && find(out, fields[i].key, &own) ? values_map_of(&own) : NULL;
        go_map_set(out, fields[i].key,
                   under ? map_value(values_merge(arena, under, over)) : fields[i].value);
    }
    return out;
}

static struct go_value copy_value(struct arena *a, const struct go_value *v)
{
    if (values_map_of(v))
        return map_value(values_copy(a, v->map));
    if (v->type != GO_LIST)
        return *v;
    size_t count = go_length(v);
    struct go_value out = go_list_new(a, GO_LIST, count);
    for (size_t i = 0; i < count; i++)
        out.list->items[i] = copy_value(a, &v->list->items[i]);
    return out;
}

struct go_map *values_copy(struct arena *a, struct go_map *m)
{
    struct go_map *out = go_map_new(a, GO_MAP).map;
    size_t count = go_map_count(m);
    const struct go_field *fields = go_map_sorted(m);
    for (size_t i = 0; i < count; i++)
        go_map_set(out, fields[i].key, copy_value(a, &fields[i].value));
    return out;
}

static void remove_nulls(struct arena *a, struct go_map *m)
{
    size_t count;
    struct go_field *fields = snapshot(a, m, &count);
    for (size_t i = 0; i < count; i++) {
        struct go_map *below = values_map_of(&fields[i].value);
        if (is_null(&fields[i].value))
            (void)go_map_remove(m, fields[i].key);
        else if (below)
            remove_nulls(a, below);
    }
}

/* Which keys of src had a value before dst's nulls were noted in it. */
static bool had_value(const struct go_field *fields, size_t count, struct str key)
{
    for (size_t low = 0, high = count; low < high;) {
        size_t middle = low + (high - low) / 2;
        int order = str_cmp(fields[middle].key, key);
        if (order == 0)
            return !is_null(&fields[middle].value);
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

struct go_map *values_coalesce_tables(struct arena *a, struct go_map *dst, struct go_map *src,
                                      enum values_mode mode)
{
    size_t original_count, count;
    struct go_field *original = snapshot(a, src, &original_count);
    struct go_field *fields = snapshot(a, dst, &count);
    for (size_t i = 0; i < count; i++)
        if (is_null(&fields[i].value))
            go_map_set(src, fields[i].key, go_nil());
    fields = snapshot(a, src, &count);
    for (size_t i = 0; i < count; i++) {
        struct str key = fields[i].key;
        struct go_value *v = &fields[i].value, own;
        bool present = find(dst, key, &own);
        if (present && mode == VALUES_COALESCE && is_null(&own) &&
            had_value(original, original_count, key))
            (void)go_map_remove(dst, key);
        else if (!present)
            go_map_set(dst, key, *v);
        else if (values_map_of(v) && values_map_of(&own))
            (void)values_coalesce_tables(a, own.map, v->map, mode);
    }
    return dst;
}

static bool is_sub_chart(const struct helm_chart *c, struct str key)
{
    for (size_t i = 0; i < c->charts.count; i++)
        if (str_eq(c->charts.items[i]->name, key))
            return true;
    return false;
}

/* The chart's own values below v. */
static void coalesce_own(struct arena *a, const struct helm_chart *c, struct go_map *v,
                         enum values_mode mode)
{
    size_t count;
    struct go_field *fields = snapshot(a, values_copy(a, c->values), &count);
    for (size_t i = 0; i < count; i++) {
        struct str key = fields[i].key;
        struct go_map *src = values_map_of(&fields[i].value);
        struct go_value own;
        if (find(v, key, &own)) {
            struct go_map *dst = values_map_of(&own);
            enum values_mode inner = is_sub_chart(c, key) ? VALUES_MERGE : mode;
            if (is_null(&own) && mode == VALUES_COALESCE)
                (void)go_map_remove(v, key);
            if (!dst || !src)
                continue;
            if (inner == VALUES_COALESCE)
                remove_nulls(a, src);
            (void)values_coalesce_tables(a, dst, src, inner);
            continue;
        }
        if (mode == VALUES_COALESCE && is_null(&fields[i].value))
            continue;
        if (mode == VALUES_COALESCE && src)
            remove_nulls(a, src);
        go_map_set(v, key, fields[i].value);
    }
}

/* The map under "global", made when missing; NULL: there is something else. */
static struct go_map *globals_of(struct arena *a, struct go_map *m)
{
    struct go_value v;
    if (!find(m, STR("global"), &v))
        return go_map_new(a, GO_MAP).map;
    return values_map_of(&v);
}

static struct go_map *shallow_copy(struct arena *a, struct go_map *m)
{
    struct go_map *out = go_map_new(a, GO_MAP).map;
    size_t count = go_map_count(m);
    const struct go_field *fields = go_map_sorted(m);
    for (size_t i = 0; i < count; i++)
        go_map_set(out, fields[i].key, fields[i].value);
    return out;
}

/* The parent's globals over the sub-chart's. */
static void coalesce_globals(struct arena *a, struct go_map *dst, struct go_map *src)
{
    struct go_map *own = globals_of(a, dst), *given = globals_of(a, src);
    size_t count;
    if (!own || !given)
        return;
    struct go_field *fields = snapshot(a, given, &count);
    for (size_t i = 0; i < count; i++) {
        struct str key = fields[i].key;
        struct go_map *over = values_map_of(&fields[i].value);
        struct go_value old;
        bool present = find(own, key, &old);
        if (over) {
            struct go_map *copy = shallow_copy(a, over);
            if (present && !values_map_of(&old))
                continue;
            if (present)
                (void)values_coalesce_tables(a, copy, old.map, VALUES_MERGE);
            go_map_set(own, key, map_value(copy));
        } else if (!present || !values_map_of(&old)) {
            go_map_set(own, key, fields[i].value);
        }
    }
    go_map_set(dst, STR("global"), map_value(own));
}

static struct err *no_table(struct arena *a, const struct helm_chart *sub, const struct go_value *v)
{
    struct buf printed;
    buf_init(&printed, a, 0);
    (void)format_printf(&printed, STR("%t"), v, 1);
    return err_new(a, ERR_INVALID,
                   "type mismatch on %.*s: %.*s: values of a sub-chart must be an object",
                   STR_ARG(sub->name), STR_ARG(buf_str(&printed)));
}

static struct err *coalesce(struct arena *a, const struct helm_chart *c, struct go_map *v,
                            enum values_mode mode)
{
    coalesce_own(a, c, v, mode);
    for (size_t i = 0; i < c->charts.count; i++) {
        const struct helm_chart *sub = c->charts.items[i];
        struct go_value own = map_value(NULL);
        struct err *e;
        if (!find(v, sub->name, &own)) {
            own = go_map_new(a, GO_MAP);
            go_map_set(v, sub->name, own);
        }
        if (!values_map_of(&own))
            return no_table(a, sub, &own);
        coalesce_globals(a, own.map, v);
        if (TRY(&e, coalesce(a, sub, own.map, mode)))
            return e;
    }
    return NULL;
}

struct err *values_coalesce(struct arena *a, const struct helm_chart *c, struct go_map *given,
                            enum values_mode mode, struct go_map **ret)
{
    *ret = given ? values_copy(a, given) : go_map_new(a, GO_MAP).map;
    return coalesce(a, c, *ret, mode);
}

struct go_map *values_table(struct go_map *m, struct str path)
{
    for (struct str part, rest = path; str_cut(&rest, '.', &part);) {
        struct go_value v;
        m = find(m, part, &v) ? values_map_of(&v) : NULL;
        if (!m)
            return NULL;
    }
    return m;
}

bool values_path(struct go_map *m, struct str path, struct go_value *ret)
{
    size_t dot = str_rfind_byte(path, '.');
    if (dot != SIZE_MAX)
        m = values_table(m, str_slice(path, 0, dot));
    return m && find(m, dot == SIZE_MAX ? path : str_skip(path, dot + 1), ret) &&
           !values_map_of(ret);
}
