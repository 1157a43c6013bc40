/* SPDX-License-Identifier: Apache-2.0 */
/* Go's unstructured converter fails in other words than its JSON decoder. */
#include "core/apiserver/decode_typed.h"

static const char *go_kind(const struct val *v)
{
    switch ((enum val_kind)v->kind) {
    case VAL_NULL:
        return "nil";
    case VAL_BOOL:
        return "bool";
    case VAL_INT:
        return "int64";
    case VAL_FLOAT:
        return "float64";
    case VAL_STRING:
        return "string";
    case VAL_SEQ:
        return "slice";
    case VAL_MAP:
        return "map";
    }
    return "";
}

static struct str scalar_problem(struct arena *a, const struct schema *type, const struct val *v)
{
    const char *want = type->bits == 32 ? "int32" : "int64";

    switch ((enum schema_kind)type->kind) {
    case SCHEMA_STRING:
        if (v->kind == VAL_STRING)
            return STR("");
        return v->kind == VAL_INT ? STR("cannot convert int64 to string")
                                  : STR("unrecognized type: string");
    case SCHEMA_BOOL:
        return v->kind == VAL_BOOL ? STR("") : STR("unrecognized type: bool");
    case SCHEMA_NUMBER:
        return v->kind == VAL_INT || v->kind == VAL_FLOAT ? STR("")
                                                          : STR("unrecognized type: float64");
    case SCHEMA_INT:
        if (v->kind == VAL_INT || (v->kind == VAL_FLOAT && v->real == (double)(int64_t)v->real))
            return STR("");
        return str_printf(
            a, v->kind == VAL_FLOAT ? "cannot convert float64 to %s" : "unrecognized type: %s",
            want);
    case SCHEMA_ANY:
    case SCHEMA_STRUCT:
    case SCHEMA_DICT:
    case SCHEMA_LIST:
    case SCHEMA_INT_OR_STRING:
    case SCHEMA_QUANTITY:
    case SCHEMA_TIME:
    case SCHEMA_MICRO_TIME:
    case SCHEMA_DURATION:
    case SCHEMA_BYTES:
        break;
    }
    return STR("");
}

static struct str bytes_problem(struct arena *a, const struct val *v)
{
    struct err *e = NULL;
    const struct val *out;
    static const struct schema bytes = { .kind = SCHEMA_BYTES };

    if (v->kind != VAL_STRING)
        return str_printf(a, "cannot restore slice from %s", go_kind(v));
    e = typed_decode(a, &bytes, v, STR(""), NULL, &out);
    return e ? str_printf(a, "error decoding from json: %.*s", STR_ARG(err_line(a, e))) : STR("");
}

static struct str fields_problem(struct arena *a, const struct schema *type, const struct val *v)
{
    struct str found = STR("");

    if (type->kind == SCHEMA_STRUCT && v->kind != VAL_MAP)
        return str_printf(a, "cannot restore struct from: %s", go_kind(v));
    if (v->kind != VAL_MAP)
        return str_printf(a, "cannot restore map from %s", go_kind(v));
    for (size_t i = 0; i < v->count && !found.len; i++) {
        const struct schema *sub = type->elem;

        if (type->kind == SCHEMA_STRUCT) {
            const struct schema_field *f = schema_field(type, v->fields[i].key);

            sub = f ? f->type : NULL;
        }
        if (sub)
            found = restore_problem(a, sub, v->fields[i].value);
    }
    return found;
}

struct str restore_problem(struct arena *a, const struct schema *type, const struct val *v)
{
    const struct val *out;
    struct str found = STR("");
    struct err *e;

    if (v->kind == VAL_NULL)
        return found;
    switch ((enum schema_kind)type->kind) {
    case SCHEMA_STRUCT:
    case SCHEMA_DICT:
        return fields_problem(a, type, v);
    case SCHEMA_LIST:
        if (v->kind != VAL_SEQ)
            return str_printf(a, "cannot restore slice from %s", go_kind(v));
        for (size_t i = 0; i < v->count && !found.len; i++)
            found = restore_problem(a, type->elem, v->items[i]);
        return found;
    case SCHEMA_BYTES:
        return bytes_problem(a, v);
    case SCHEMA_INT_OR_STRING:
    case SCHEMA_QUANTITY:
    case SCHEMA_TIME:
    case SCHEMA_MICRO_TIME:
    case SCHEMA_DURATION:
        e = typed_decode(a, type, v, STR(""), NULL, &out);
        return e ? err_line(a, e) : found;
    case SCHEMA_ANY:
        return found;
    case SCHEMA_STRING:
    case SCHEMA_INT:
    case SCHEMA_NUMBER:
    case SCHEMA_BOOL:
        break;
    }
    return scalar_problem(a, type, v);
}
