/* SPDX-License-Identifier: Apache-2.0 */
/* Does a value fit its schema? Texts are those of structured-merge-diff. */
#include "base/vec.h"
#include "core/kube/field_path.h"
#include "core/kube/typed_value.h"
#include "value/json.h"

struct validation {
    struct arena *arena;
    bool allow_duplicates;
    VEC(struct str) texts;
};

static void add(struct validation *w, struct str path, struct str text)
{
    *VEC_PUSH(w->arena, &w->texts) = path.len ? str_printf(w->arena, "%.*s: %.*s", STR_ARG(path),
                                                           STR_ARG(text))
                                              : text;
}

/* A value as Go's %v prints it; maps with sorted keys. */
static void go_print(struct buf *out, const struct val *v)
{
    switch ((enum val_kind)v->kind) {
    case VAL_NULL:
        buf_lit(out, "<nil>");
        break;
    case VAL_STRING:
        buf_put(out, v->text);
        break;
    case VAL_SEQ:
        buf_put_byte(out, '[');
        for (size_t i = 0; i < v->count; i++) {
            if (i)
                buf_put_byte(out, ' ');
            go_print(out, v->items[i]);
        }
        buf_put_byte(out, ']');
        break;
    case VAL_MAP:
        v = val_sorted(out->arena, v);
        buf_lit(out, "map[");
        for (size_t i = 0; i < v->count; i++) {
            buf_printf(out, "%s%.*s:", i ? " " : "", STR_ARG(v->fields[i].key));
            go_print(out, v->fields[i].value);
        }
        buf_put_byte(out, ']');
        break;
    case VAL_BOOL:
    case VAL_INT:
    case VAL_FLOAT:
        json_write(out, v, JSON_COMPACT);
        break;
    }
}

static struct str expected(struct arena *a, const char *what, const struct val *v)
{
    struct buf out;

    buf_init(&out, a, 0);
    buf_printf(&out, "expected %s, got &{", what);
    go_print(&out, v);
    buf_put_byte(&out, '}');
    return buf_str(&out);
}

static const char *go_type(const struct val *v)
{
    switch ((enum val_kind)v->kind) {
    case VAL_BOOL:
        return "bool";
    case VAL_INT:
        return "int64";
    case VAL_FLOAT:
        return "float64";
    case VAL_STRING:
        return "string";
    case VAL_SEQ:
        return "[]interface {}";
    case VAL_MAP:
        return "map[string]interface {}";
    case VAL_NULL:
        break;
    }
    return "<nil>";
}

static struct str expected_string(struct arena *a, const struct val *v)
{
    if (v->kind == VAL_MAP || v->kind == VAL_SEQ)
        return str_printf(a, "expected string, got &value.valueUnstructured{Value:%s{%s}}",
                          go_type(v), v->count ? "..." : "");
    return str_printf(a, "expected string, got &value.valueUnstructured{Value:%.*s}",
                      STR_ARG(json_string(a, v, JSON_COMPACT)));
}

static bool is_scalar(const struct val *v)
{
    return v->kind != VAL_MAP && v->kind != VAL_SEQ;
}

static void check_scalar(struct validation *w, const struct schema *type, const struct val *v,
                         struct str path)
{
    if (v->kind == VAL_NULL)
        return;
    if (type->kind == SCHEMA_INT || type->kind == SCHEMA_NUMBER) {
        if (v->kind != VAL_INT && v->kind != VAL_FLOAT)
            add(w, path,
                str_printf(w->arena, "expected numeric (int or float), got %s", go_type(v)));
    } else if (type->kind == SCHEMA_STRING || type->kind == SCHEMA_BYTES ||
               type->kind == SCHEMA_DURATION) {
        if (v->kind != VAL_STRING)
            add(w, path, expected_string(w->arena, v));
    } else if (type->kind == SCHEMA_BOOL) {
        if (v->kind != VAL_BOOL)
            add(w, path, expected(w->arena, "boolean", v));
    } else if (!is_scalar(v)) {
        add(w, path, expected(w->arena, "any scalar", v));
    }
}

static void check(struct validation *w, const struct schema *type, const struct val *v,
                  struct str path);

static void check_list(struct validation *w, const struct schema *type, const struct val *v,
                       struct str path)
{
    struct field_set_builder seen;

    field_set_builder_init(&seen, w->arena);
    for (size_t i = 0; i < v->count; i++) {
        struct path_element step = { .kind = PATH_INDEX, .index = i };
        size_t before = seen.count;

        if (!typed_is_atomic(type, ATOM_LIST)) {
            struct err *e = typed_element(w->arena, type, v->items[i], &step);

            if (e) {
                add(w, path, str_printf(w->arena, "element %zu: %.*s", i, STR_ARG(e->msg)));
                return;
            }
            field_set_insert(&seen, &step);
            if (seen.count == before && !w->allow_duplicates)
                add(w, path,
                    str_printf(w->arena, "duplicate entries for key %.*s",
                               STR_ARG(path_element_format(w->arena, &step))));
        }
        check(w, typed_elem(type), v->items[i],
              str_concat(w->arena, path, path_element_format(w->arena, &step)));
    }
}

static void check_map(struct validation *w, const struct schema *type, const struct val *v,
                      struct str path)
{
    for (size_t i = 0; i < v->count; i++) {
        const struct val_field *f = &v->fields[i];
        const struct schema *child = typed_field(type, f->key);
        struct path_element step = path_field(f->key);
        struct str at = str_concat(w->arena, path, path_element_format(w->arena, &step));

        if (!child) {
            add(w, at, STR("field not declared in schema"));
            return;
        }
        check(w, child, f->value, at);
    }
}

static void check(struct validation *w, const struct schema *type, const struct val *v,
                  struct str path)
{
    switch (typed_atom_of(type, v)) {
    case ATOM_SCALAR:
        check_scalar(w, type, v, path);
        break;
    case ATOM_LIST:
        if (v->kind == VAL_SEQ)
            check_list(w, type, v, path);
        else if (v->kind != VAL_NULL)
            add(w, path, expected(w->arena, "list", v));
        break;
    case ATOM_MAP:
        if (v->kind == VAL_MAP)
            check_map(w, type, v, path);
        else if (v->kind != VAL_NULL)
            add(w, path, expected(w->arena, "map", v));
        break;
    }
}

struct err *typed_validate(struct arena *a, const struct schema *type, const struct val *v,
                           bool allow_duplicates)
{
    struct validation w = { .arena = a, .allow_duplicates = allow_duplicates };
    struct buf out;

    check(&w, type, val_sorted(a, v), STR(""));
    if (!w.texts.count)
        return NULL;
    if (w.texts.count == 1)
        return err_new(a, ERR_INVALID, "%.*s", STR_ARG(w.texts.items[0]));
    buf_init(&out, a, 0);
    buf_lit(&out, "errors:");
    for (size_t i = 0; i < w.texts.count; i++)
        buf_printf(&out, "\n  %.*s", STR_ARG(w.texts.items[i]));
    return err_new(a, ERR_INVALID, "%.*s", STR_ARG(buf_str(&out)));
}
