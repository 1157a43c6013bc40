/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kube/schema_zero.h"

static const struct val *zero_scalar(struct arena *a, const struct schema *type)
{
    switch ((enum schema_kind)type->kind) {
    case SCHEMA_STRING:
    case SCHEMA_BYTES:
        return &val_empty_string;
    case SCHEMA_INT:
    case SCHEMA_NUMBER:
    case SCHEMA_INT_OR_STRING:
        return val_int(a, 0);
    case SCHEMA_BOOL:
        return &val_false;
    case SCHEMA_QUANTITY:
        return val_cstring(a, "0");
    case SCHEMA_DURATION:
        return val_cstring(a, "0s");
    case SCHEMA_ANY:
    case SCHEMA_STRUCT:
    case SCHEMA_DICT:
    case SCHEMA_LIST:
    case SCHEMA_TIME:
    case SCHEMA_MICRO_TIME:
        break;
    }
    return &val_null;
}

static const struct val *zero_field(struct arena *a, const struct schema_field *f)
{
    switch ((enum schema_presence)f->presence) {
    case SCHEMA_ALWAYS_NULL:
        return &val_null;
    case SCHEMA_ALWAYS_ZERO:
        return zero_scalar(a, f->type);
    case SCHEMA_ALWAYS_STRUCT:
        return schema_zero(a, f->type);
    case SCHEMA_OMIT_EMPTY:
    case SCHEMA_OMIT_ZERO:
        break;
    }
    return NULL;
}

const struct val *schema_zero(struct arena *a, const struct schema *type)
{
    struct map_builder b;

    map_builder_init(&b, a);
    for (size_t i = 0; i < type->field_count; i++) {
        const struct val *v = zero_field(a, &type->fields[i]);

        if (v)
            map_builder_set(&b, type->fields[i].name, v);
    }
    return map_builder_done(&b, NULL);
}

static bool is_empty(const struct schema *type, const struct val *v)
{
    if (v->kind == VAL_NULL)
        return true;
    if (type->kind == SCHEMA_LIST || type->kind == SCHEMA_DICT)
        return val_count(v) == 0 && (v->kind == VAL_SEQ || v->kind == VAL_MAP);
    return false;
}

static bool is_zero(const struct val *v)
{
    switch ((enum val_kind)v->kind) {
    case VAL_BOOL:
        return !v->boolean;
    case VAL_INT:
        return v->integer == 0;
    case VAL_STRING:
        return !v->text.len;
    case VAL_NULL:
    case VAL_FLOAT:
    case VAL_SEQ:
    case VAL_MAP:
        break;
    }
    return false;
}

static const struct val *normalize_struct(struct arena *a, const struct schema *type,
                                          const struct val *v)
{
    struct map_builder b;

    map_builder_init(&b, a);
    for (size_t i = 0; i < v->count; i++) {
        const struct val_field *f = &v->fields[i];
        const struct schema_field *known = schema_field(type, f->key);

        if (!known)
            map_builder_set_field(&b, f);
        else if (is_empty(known->type, f->value) && known->presence == SCHEMA_OMIT_EMPTY)
            continue;
        else if (known->presence == SCHEMA_OMIT_ZERO && is_zero(f->value))
            continue;
        else if (f->value->kind != VAL_NULL)
            map_builder_set(&b, f->key, schema_normalize(a, known->type, f->value));
    }
    for (size_t i = 0; i < type->field_count; i++) {
        const struct schema_field *f = &type->fields[i];

        if (f->presence != SCHEMA_OMIT_EMPTY && f->presence != SCHEMA_OMIT_ZERO &&
            !map_builder_get(&b, f->name))
            map_builder_set(&b, f->name, zero_field(a, f));
    }
    return map_builder_done(&b, v);
}

static const struct val *normalize_children(struct arena *a, const struct schema *type,
                                            const struct val *v)
{
    struct map_builder m;
    struct seq_builder s;

    if (v->kind == VAL_SEQ) {
        seq_builder_init(&s, a);
        for (size_t i = 0; i < v->count; i++)
            seq_builder_add(&s, schema_normalize(a, type->elem, v->items[i]));
        return seq_builder_done(&s, v);
    }
    map_builder_init(&m, a);
    for (size_t i = 0; i < v->count; i++)
        map_builder_set(&m, v->fields[i].key, schema_normalize(a, type->elem, v->fields[i].value));
    return map_builder_done(&m, v);
}

/* Lists that are always printed: an empty one comes back from the store as null. */
static const struct val *stored_struct(struct arena *a, const struct schema *type,
                                       const struct val *v)
{
    for (size_t i = 0; i < v->count; i++) {
        const struct val_field *f = &v->fields[i];
        const struct schema_field *known = schema_field(type, f->key);
        const struct val *now;

        if (!known)
            continue;
        if (known->presence == SCHEMA_ALWAYS_NULL && is_empty(known->type, f->value))
            now = &val_null;
        else
            now = schema_stored(a, known->type, f->value);
        if (now != f->value && !(now->kind == VAL_NULL && f->value->kind == VAL_NULL))
            v = val_with(a, v, f->key, now);
    }
    return v;
}

const struct val *schema_stored(struct arena *a, const struct schema *type, const struct val *v)
{
    const struct val *now;

    if (type->source)
        return v;
    if (type->kind == SCHEMA_STRUCT && v->kind == VAL_MAP)
        return stored_struct(a, type, v);
    if (type->kind != SCHEMA_LIST || v->kind != VAL_SEQ)
        return v;
    for (size_t i = 0; i < v->count; i++) {
        now = schema_stored(a, type->elem, v->items[i]);
        if (now != v->items[i])
            v = val_seq_replace(a, v, i, now);
    }
    return v;
}

const struct val *schema_normalize(struct arena *a, const struct schema *type, const struct val *v)
{
    if (type->source)
        return v;
    if (type->kind == SCHEMA_STRUCT && v->kind == VAL_NULL)
        return schema_zero(a, type);
    if (type->kind == SCHEMA_STRUCT && v->kind == VAL_MAP)
        return normalize_struct(a, type, v);
    if ((type->kind == SCHEMA_LIST && v->kind == VAL_SEQ) ||
        (type->kind == SCHEMA_DICT && v->kind == VAL_MAP)) {
        bool plain = type->elem->kind != SCHEMA_STRUCT && type->elem->kind != SCHEMA_LIST &&
                     type->elem->kind != SCHEMA_DICT;

        return plain ? v : normalize_children(a, type, v);
    }
    return v;
}
