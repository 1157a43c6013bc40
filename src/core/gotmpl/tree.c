/* SPDX-License-Identifier: Apache-2.0 */
/* Go values as encoding/json marshals them: a tree of value/val.h. */
#include <math.h>

#include "base/buf.h"
#include "base/limits.h"
#include "core/gotmpl/time.h"
#include "core/gotmpl/value.h"
#include "foreign/base64.h"
#include "value/val.h"

/* One conversion. */
struct marshal {
    struct arena *arena;
    bool
        as_yaml; /* as yaml.v3 does it: structs by their lower-case fields, bytes as numbers, nothing is null */
    bool has_struct; /* one was met: the order of keys counts */
};

static struct err *to_val(struct marshal *m, const struct go_value *v, unsigned depth,
                          const struct val **ret);

static struct err *map_to_val(struct marshal *m, const struct go_value *v, unsigned depth,
                              const struct val **ret)
{
    const struct go_field *fields = go_map_sorted(v->map);
    struct map_builder b;
    struct err *e;

    map_builder_init(&b, m->arena);
    for (size_t i = 0; i < v->map->count; i++) {
        const struct val *item;

        if (TRY(&e, to_val(m, &fields[i].value, depth, &item)))
            return e;
        (void)map_builder_set(&b, fields[i].key, item);
    }
    *ret = map_builder_done(&b, NULL);
    return NULL;
}

static struct err *list_to_val(struct marshal *m, const struct go_value *v, unsigned depth,
                               const struct val **ret)
{
    struct seq_builder b;
    struct err *e;

    if (!m->as_yaml && !v->list->items && v->list->count == 0) { /* a nil slice */
        *ret = &val_null;
        return NULL;
    }
    seq_builder_init(&b, m->arena);
    for (size_t i = 0; i < v->list->count; i++) {
        const struct val *item;

        if (TRY(&e, to_val(m, &v->list->items[i], depth, &item)))
            return e;
        seq_builder_add(&b, item);
    }
    *ret = seq_builder_done(&b, NULL);
    return NULL;
}

static bool is_zero(const struct go_value *v)
{
    return !go_truth(v);
}

/* The name of a field; "" leaves it out. JSON's names end in '?' where an empty one is left out. */
static struct str field_name(struct marshal *m, const struct go_object *object, size_t i)
{
    const struct go_class *class = object->class;
    struct str name = str_from_cstr(class->json ? class->json[i] : class->fields[i]);

    if (class->fields[i][0] >= 'a' && class->fields[i][0] <= 'z')
        return STR("");
    if (m->as_yaml)
        return str_lower(m->arena, str_from_cstr(class->fields[i]));
    if (str_has_suffix(name, STR("?")) && is_zero(&object->fields[i]))
        return STR("");
    return str_trim_suffix(name, STR("?"));
}

/* Fields in the order of the struct. */
static struct err *object_to_val(struct marshal *m, const struct go_value *v, unsigned depth,
                                 const struct val **ret)
{
    const struct go_class *class = v->object->class;
    struct map_builder b;
    struct err *e;

    if (class->text && !class->json) {
        *ret = val_string(m->arena, class->text(m->arena, v->object));
        return NULL;
    }
    m->has_struct = true;
    map_builder_init(&b, m->arena);
    for (size_t i = 0; class->fields[i]; i++) {
        struct str name = field_name(m, v->object, i);
        const struct val *item;

        if (name.len == 0)
            continue;
        if (TRY(&e, to_val(m, &v->object->fields[i], depth, &item)))
            return e;
        (void)map_builder_set(&b, name, item);
    }
    *ret = map_builder_done(&b, NULL);
    return NULL;
}

static const struct val *bytes_to_val(struct marshal *m, struct str bytes)
{
    struct seq_builder b;

    if (!m->as_yaml)
        return bytes.ptr ? val_string(m->arena, base64_encode(m->arena, bytes)) : &val_null;
    seq_builder_init(&b, m->arena);
    for (size_t i = 0; i < bytes.len; i++)
        seq_builder_add(&b, val_int(m->arena, (uint8_t)bytes.ptr[i]));
    return seq_builder_done(&b, NULL);
}

/* A whole number that fits is an integer: the text of both is the same. */
static struct err *float_to_val(struct arena *a, double x, const struct val **ret)
{
    if (isnan(x) || isinf(x))
        return err_new(a, ERR_INVALID, "json: unsupported value: %s",
                       isnan(x) ? "NaN"
                       : x > 0  ? "+Inf"
                                : "-Inf");
    *ret = val_float(a, x);
    return NULL;
}

static struct str time_text(struct arena *a, const struct go_time *t)
{
    struct buf out;

    buf_init(&out, a, 0);
    time_put(&out, t, STR("2006-01-02T15:04:05.999999999Z07:00"));
    return buf_str(&out);
}

static struct err *natural_to_val(struct arena *a, uint64_t n, const struct val **ret)
{
    *ret = n <= INT64_MAX ? val_int(a, (int64_t)n) : val_float(a, (double)n);
    return NULL;
}

static struct err *to_val(struct marshal *m, const struct go_value *v, unsigned depth,
                          const struct val **ret)
{
    struct arena *a = m->arena;

    if (depth > LIMIT_TREE_DEPTH)
        return err_new(a, ERR_TOO_LARGE, "value is nested deeper than %d levels, or inside itself",
                       LIMIT_TREE_DEPTH);
    switch (go_kind(v)) {
    case KIND_INVALID:
    case KIND_INTERFACE:
        *ret = &val_null;
        return NULL;
    case KIND_BOOL:
        *ret = val_bool(v->boolean);
        return NULL;
    case KIND_INT:
    case KIND_INT64:
        *ret = val_int(a, v->integer);
        return NULL;
    case KIND_UINT8:
    case KIND_UINT32:
    case KIND_UINT64:
        return natural_to_val(a, v->natural, ret);
    case KIND_FLOAT64:
        return float_to_val(a, v->real, ret);
    case KIND_COMPLEX128:
        return err_new(a, ERR_INVALID, "json: unsupported type: complex128");
    case KIND_STRING:
        *ret = val_string(a, v->text);
        return NULL;
    case KIND_SLICE:
        if (v->type != GO_BYTES)
            return list_to_val(m, v, depth + 1, ret);
        *ret = bytes_to_val(m, v->text);
        return NULL;
    case KIND_MAP:
        if (!v->map->arena) {
            *ret = m->as_yaml ? &val_empty_map : &val_null;
            return NULL;
        }
        return map_to_val(m, v, depth + 1, ret);
    case KIND_STRUCT:
    case KIND_PTR:
        break;
    }
    if (v->type != GO_TIME)
        return object_to_val(m, v, depth + 1, ret);
    *ret = val_string(a, time_text(a, v->time));
    return NULL;
}

struct err *go_to_val(struct arena *a, const struct go_value *v, const struct val **ret)
{
    struct marshal m = { .arena = a };

    return to_val(&m, v, 0, ret);
}

struct err *go_to_val_as_yaml(struct arena *a, const struct go_value *v, const struct val **ret,
                              bool *ret_has_struct)
{
    struct marshal m = { .arena = a, .as_yaml = true };
    struct err *e = to_val(&m, v, 0, ret);

    *ret_has_struct = m.has_struct;
    return e;
}
