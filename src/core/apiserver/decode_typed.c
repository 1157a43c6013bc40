/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A tree into a typed object: what Go's JSON decoder makes of it. Unknown fields go, nulls go, times and quantities get their one
 * text; a value of another type is an error.
 */
#include "core/apiserver/decode_typed.h"

#include "base/clock.h"
#include "core/apiserver/quantity.h"
#include "core/kube/schema_zero.h"

/* A place in the object, for messages. */
struct place {
    const struct place *parent;
    struct str name; /* field, or "" for an item */
    size_t index;
    const struct schema *owner; /* struct that holds the field */
};

struct decoding {
    struct arena *arena;
    struct field_paths *unknown; /* NULL: not wanted */
    struct err *err;
};

static const struct val *decode(struct decoding *d, const struct schema *type, const struct val *v,
                                const struct place *at);

static struct str place_path(struct arena *a, const struct place *at)
{
    struct str parent = at->parent ? place_path(a, at->parent) : STR("");

    if (!at->parent)
        return at->name;
    if (!at->name.len)
        return str_printf(a, "%.*s[%zu]", STR_ARG(parent), at->index);
    return parent.len ? str_printf(a, "%.*s.%.*s", STR_ARG(parent), STR_ARG(at->name)) : at->name;
}

static void unknown_add(struct decoding *d, const struct place *at)
{
    if (d->unknown)
        *VEC_PUSH(d->arena, d->unknown) = place_path(d->arena, at);
}

static struct str go_type(struct arena *a, const struct schema *type)
{
    size_t dot = str_rfind_byte(type->name, '.');

    switch ((enum schema_kind)type->kind) {
    case SCHEMA_STRING:
        return STR("string");
    case SCHEMA_INT:
        return type->bits == 32 ? STR("int32") : STR("int64");
    case SCHEMA_NUMBER:
        return STR("float64");
    case SCHEMA_BOOL:
        return STR("bool");
    case SCHEMA_BYTES:
        return STR("[]uint8");
    case SCHEMA_LIST:
        return str_concat(a, STR("[]"), go_type(a, type->elem));
    case SCHEMA_DICT:
        return str_concat(a, STR("map[string]"), go_type(a, type->elem));
    case SCHEMA_TIME:
    case SCHEMA_MICRO_TIME:
    case SCHEMA_DURATION:
        return STR("string");
    case SCHEMA_STRUCT:
    case SCHEMA_ANY:
    case SCHEMA_INT_OR_STRING:
    case SCHEMA_QUANTITY:
        break;
    }
    return str_concat(a, STR("v1."), dot == SIZE_MAX ? type->name : str_skip(type->name, dot + 1));
}

/* The struct and the path that Go names: "Go struct field DeploymentSpec.spec.replicas". */
static void type_error(struct decoding *d, const struct schema *type, const struct val *v,
                       const struct place *at)
{
    struct arena *a = d->arena;
    const struct place *field = at;
    const char *kind = val_is(v, VAL_BOOL) ? "bool" : val_kind_name(v);

    while (field && !field->owner)
        field = field->parent;
    if (d->err)
        return;
    if (!field) {
        d->err = err_new(a, ERR_INVALID, "json: cannot unmarshal %s into Go value of type %.*s",
                         kind, STR_ARG(go_type(a, type)));
        return;
    }
    d->err = err_new(a, ERR_INVALID,
                     "json: cannot unmarshal %s into Go struct field %.*s.%.*s of type %.*s", kind,
                     STR_ARG(str_skip(go_type(a, field->owner), 3)), STR_ARG(place_path(a, field)),
                     STR_ARG(go_type(a, type)));
}

static const struct val *decode_time(struct decoding *d, const struct schema *type,
                                     const struct val *v, const struct place *at)
{
    struct wall_time t;

    if (v->kind != VAL_STRING) {
        type_error(d, type, v, at);
        return NULL;
    }
    if (!v->text.len)
        return NULL;
    if (!wall_time_parse(v->text, &t)) {
        if (!d->err)
            d->err = err_new(d->arena, ERR_INVALID,
                             "parsing time \"%.*s\" as \"2006-01-02T15:04:05Z07:00\": cannot parse "
                             "\"%.*s\" as \"2006\"",
                             STR_ARG(v->text), STR_ARG(v->text));
        return NULL;
    }
    return val_string(d->arena, type->kind == SCHEMA_MICRO_TIME
                                    ? wall_time_format_micro(d->arena, t)
                                    : wall_time_format(d->arena, t));
}

static const struct val *decode_quantity(struct decoding *d, const struct schema *type,
                                         const struct val *v, const struct place *at)
{
    struct quantity q;

    if (v->kind != VAL_STRING && v->kind != VAL_INT && v->kind != VAL_FLOAT) {
        type_error(d, type, v, at);
        return NULL;
    }
    if (quantity_of(d->arena, v, &q))
        return val_string(d->arena, quantity_format(d->arena, &q));
    if (!d->err)
        d->err = err_new(d->arena, ERR_INVALID,
                         "quantities must match the regular expression "
                         "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
    return NULL;
}

static bool is_base64_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '/';
}

/* Where base64 text is wrong, as Go's decoder counts; SIZE_MAX: it is not. Line breaks are passed over. */
static size_t base64_fault(struct str s)
{
    size_t digits = 0, padding = 0;

    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];

        if (c == '\n' || c == '\r')
            continue;
        if (c == '=' && digits % 4 + padding >= 2 && padding < 2)
            padding++;
        else if (padding || !is_base64_digit(c))
            return i;
        else
            digits++;
    }
    if (padding)
        return (digits + padding) % 4 ? s.len : SIZE_MAX;
    return digits % 4 ? s.len - digits % 4 : SIZE_MAX;
}

static const struct val *decode_scalar(struct decoding *d, const struct schema *type,
                                       const struct val *v, const struct place *at)
{
    int64_t n;

    switch ((enum schema_kind)type->kind) {
    case SCHEMA_STRING:
    case SCHEMA_DURATION:
        if (v->kind == VAL_STRING)
            return v;
        break;
    case SCHEMA_BOOL:
        if (v->kind == VAL_BOOL)
            return v;
        break;
    case SCHEMA_NUMBER:
        if (v->kind == VAL_INT || v->kind == VAL_FLOAT)
            return v;
        break;
    case SCHEMA_INT:
        if (v->kind == VAL_INT &&
            (type->bits != 32 || (v->integer >= INT32_MIN && v->integer <= INT32_MAX)))
            return v;
        if (v->kind == VAL_FLOAT && val_to_int64(v, &n) && !str_contains(v->text, STR(".")))
            return val_int(d->arena, n);
        break;
    case SCHEMA_INT_OR_STRING:
        if (v->kind == VAL_STRING ||
            (v->kind == VAL_INT && v->integer >= INT32_MIN && v->integer <= INT32_MAX))
            return v;
        break;
    case SCHEMA_BYTES:
        if (v->kind == VAL_STRING && base64_fault(v->text) == SIZE_MAX)
            return v;
        if (v->kind == VAL_STRING && !d->err)
            d->err = err_new(d->arena, ERR_INVALID, "illegal base64 data at input byte %zu",
                             base64_fault(v->text));
        break;
    case SCHEMA_TIME:
    case SCHEMA_MICRO_TIME:
        return decode_time(d, type, v, at);
    case SCHEMA_QUANTITY:
        return decode_quantity(d, type, v, at);
    case SCHEMA_ANY:
    case SCHEMA_STRUCT:
    case SCHEMA_DICT:
    case SCHEMA_LIST:
        return v;
    }
    type_error(d, type, v, at);
    return NULL;
}

static const struct val *decode_struct(struct decoding *d, const struct schema *type,
                                       const struct val *v, const struct place *at)
{
    struct map_builder b;

    map_builder_init(&b, d->arena);
    for (size_t i = 0; i < v->count; i++) {
        const struct val_field *f = &v->fields[i];
        const struct schema_field *known = schema_field(type, f->key);
        struct place below = { at, f->key, 0, type };
        const struct val *value;

        if (!known) {
            unknown_add(d, &below);
            continue;
        }
        value = decode(d, known->type, f->value, &below);
        if (value)
            map_builder_set(&b, f->key, value);
        else
            (void)map_builder_remove(&b, f->key);
    }
    return map_builder_done(&b, v);
}

static const struct val *decode_dict(struct decoding *d, const struct schema *type,
                                     const struct val *v, const struct place *at)
{
    struct map_builder b;

    map_builder_init(&b, d->arena);
    for (size_t i = 0; i < v->count; i++) {
        const struct val_field *f = &v->fields[i];
        struct place below = { at, f->key, 0, NULL };
        const struct val *value = decode(d, type->elem, f->value, &below);

        if (!value)
            value = type->elem->kind == SCHEMA_STRING || type->elem->kind == SCHEMA_BYTES
                        ? &val_empty_string
                        : &val_null;
        map_builder_set(&b, f->key, value);
    }
    return map_builder_done(&b, v);
}

static const struct val *decode_list(struct decoding *d, const struct schema *type,
                                     const struct val *v, const struct place *at)
{
    struct seq_builder b;

    seq_builder_init(&b, d->arena);
    for (size_t i = 0; i < v->count; i++) {
        struct place below = { at, STR(""), i, NULL };
        const struct val *value = decode(d, type->elem, v->items[i], &below);

        if (!value)
            value = type->elem->kind == SCHEMA_STRING   ? &val_empty_string
                    : type->elem->kind == SCHEMA_STRUCT ? &val_empty_map
                                                        : &val_null;
        seq_builder_add(&b, value);
    }
    return seq_builder_done(&b, v);
}

/* NULL: nothing is stored. */
static const struct val *decode(struct decoding *d, const struct schema *type, const struct val *v,
                                const struct place *at)
{
    if (v->kind == VAL_NULL)
        return NULL;
    if (type->kind == SCHEMA_STRUCT && v->kind == VAL_MAP)
        return decode_struct(d, type, v, at);
    if (type->kind == SCHEMA_DICT && v->kind == VAL_MAP)
        return decode_dict(d, type, v, at);
    if (type->kind == SCHEMA_LIST && v->kind == VAL_SEQ)
        return decode_list(d, type, v, at);
    if (type->kind == SCHEMA_STRUCT || type->kind == SCHEMA_DICT || type->kind == SCHEMA_LIST) {
        type_error(d, type, v, at);
        return NULL;
    }
    return decode_scalar(d, type, v, at);
}

struct err *typed_decode(struct arena *a, const struct schema *type, const struct val *tree,
                         struct str prefix, struct field_paths *unknown, const struct val **ret)
{
    struct decoding d = { .arena = a, .unknown = unknown };
    struct place root = { NULL, prefix, 0, NULL };
    const struct val *v = decode(&d, type, tree, &root);

    if (d.err)
        return d.err;
    *ret = schema_normalize(a, type, v ? v : &val_empty_map);
    return NULL;
}
