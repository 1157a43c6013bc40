/* SPDX-License-Identifier: Apache-2.0 */
/* Go values as encoding/json marshals them: a tree of value/val.h. */
#include <math.h>

#include "base/buf.h"
#include "base/limits.h"
#include "core/gotmpl/time.h"
#include "core/gotmpl/value.h"
#include "foreign/base64.h"
#include "value/val.h"

static struct err *to_val(struct arena *a, const struct go_value *v, unsigned depth,
                          const struct val **ret);

static struct err *map_to_val(struct arena *a, const struct go_value *v, unsigned depth,
                              const struct val **ret)
{
    const struct go_field *fields = go_map_sorted(v->map);
    struct map_builder b;
    struct err *e;

    map_builder_init(&b, a);
    for (size_t i = 0; i < v->map->count; i++) {
        const struct val *item;

        if (TRY(&e, to_val(a, &fields[i].value, depth, &item)))
            return e;
        (void)map_builder_set(&b, fields[i].key, item);
    }
    *ret = map_builder_done(&b, NULL);
    return NULL;
}

static struct err *list_to_val(struct arena *a, const struct go_value *v, unsigned depth,
                               const struct val **ret)
{
    struct seq_builder b;
    struct err *e;

    if (!v->list->items && v->list->count == 0) { /* a nil slice */
        *ret = &val_null;
        return NULL;
    }
    seq_builder_init(&b, a);
    for (size_t i = 0; i < v->list->count; i++) {
        const struct val *item;

        if (TRY(&e, to_val(a, &v->list->items[i], depth, &item)))
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

/* Fields by their JSON names in order; a name that ends in '?' is left out when empty. */
static struct err *object_to_val(struct arena *a, const struct go_value *v, unsigned depth,
                                 const struct val **ret)
{
    const struct go_class *class = v->object->class;
    struct map_builder b;
    struct err *e;

    if (class->text && !class->json) {
        *ret = val_string(a, class->text(a, v->object));
        return NULL;
    }
    map_builder_init(&b, a);
    for (size_t i = 0; class->fields[i]; i++) {
        struct str name = str_from_cstr(class->json ? class->json[i] : class->fields[i]);
        const struct val *item;

        if (name.len == 0 || (class->fields[i][0] >= 'a' && class->fields[i][0] <= 'z'))
            continue;
        if (str_has_suffix(name, STR("?")) && is_zero(&v->object->fields[i]))
            continue;
        if (TRY(&e, to_val(a, &v->object->fields[i], depth, &item)))
            return e;
        (void)map_builder_set(&b, str_trim_suffix(name, STR("?")), item);
    }
    *ret = map_builder_done(&b, NULL);
    return NULL;
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

static struct err *to_val(struct arena *a, const struct go_value *v, unsigned depth,
                          const struct val **ret)
{
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
            return list_to_val(a, v, depth + 1, ret);
        *ret = val_string(a, base64_encode(a, v->text));
        return NULL;
    case KIND_MAP:
        if (!v->map->arena) {
            *ret = &val_null;
            return NULL;
        }
        return map_to_val(a, v, depth + 1, ret);
    case KIND_STRUCT:
    case KIND_PTR:
        break;
    }
    if (v->type != GO_TIME)
        return object_to_val(a, v, depth + 1, ret);
    *ret = val_string(a, time_text(a, v->time));
    return NULL;
}

struct err *go_to_val(struct arena *a, const struct go_value *v, const struct val **ret)
{
    return to_val(a, v, 0, ret);
}
