/* SPDX-License-Identifier: Apache-2.0 */
#include "core/gotmpl/compare.h"

#include "base/buf.h"
#include "core/gotmpl/format.h"

enum basic {
    BASIC_NONE,
    BASIC_BOOL,
    BASIC_COMPLEX,
    BASIC_INT,
    BASIC_FLOAT,
    BASIC_STRING,
    BASIC_UINT
};

static enum basic basic_kind(const struct go_value *v)
{
    switch (go_kind(v)) {
    case KIND_BOOL:
        return BASIC_BOOL;
    case KIND_INT:
    case KIND_INT64:
        return BASIC_INT;
    case KIND_UINT8:
    case KIND_UINT32:
    case KIND_UINT64:
        return BASIC_UINT;
    case KIND_FLOAT64:
        return BASIC_FLOAT;
    case KIND_COMPLEX128:
        return BASIC_COMPLEX;
    case KIND_STRING:
        return BASIC_STRING;
    case KIND_INVALID:
    case KIND_INTERFACE:
    case KIND_SLICE:
    case KIND_MAP:
    case KIND_STRUCT:
    case KIND_PTR:
        break;
    }
    return BASIC_NONE;
}

static struct str shown(struct call *c, struct str verb, const struct go_value *v)
{
    struct buf out;

    buf_init(&out, c->arena, 0);
    (void)format_printf(&out, verb, v, 1);
    return buf_str(&out);
}

static struct err *incompatible(struct call *c, const struct go_value *a, const struct go_value *b)
{
    return err_new(c->arena, ERR_INVALID, "incompatible types for comparison: %s and %s",
                   go_type_name(a), go_type_name(b));
}

static bool is_nil(const struct go_value *v)
{
    /* A nil map or slice of Go; ours have no arena or no items. */
    return v->type <= GO_NIL || (go_is_map(v) && !v->map->arena) ||
           (v->type == GO_BYTES && !v->text.ptr) ||
           (go_is_list(v) && v->type != GO_BYTES && !v->list->items);
}

/* Values of no basic kind: maps and lists can only be compared with nil. */
static struct err *equal_others(struct call *c, const struct go_value *a, const struct go_value *b,
                                bool *ret)
{
    enum go_kind ka = go_kind(a), kb = go_kind(b);

    if (ka != kb && a->type > GO_NIL && b->type > GO_NIL)
        return err_new(c->arena, ERR_INVALID, "non-comparable types %.*s: %s, %s: %.*s",
                       STR_ARG(shown(c, STR("%s"), a)), go_type_name(a), go_type_name(b),
                       STR_ARG(shown(c, STR("%v"), b)));
    if (is_nil(a) || is_nil(b)) {
        *ret = is_nil(a) == is_nil(b);
        return NULL;
    }
    if (kb == KIND_SLICE || kb == KIND_MAP)
        return err_new(c->arena, ERR_INVALID, "non-comparable type %.*s: %s",
                       STR_ARG(shown(c, STR("%s"), b)), go_type_name(b));
    *ret = a->type == b->type && go_deep_equal(a, b);
    return NULL;
}

static struct err *equal(struct call *c, const struct go_value *a, const struct go_value *b,
                         bool *ret)
{
    enum basic ka = basic_kind(a), kb = basic_kind(b);

    *ret = false;
    if (ka != kb) {
        if (ka == BASIC_INT && kb == BASIC_UINT)
            *ret = a->integer >= 0 && a->natural == b->natural;
        else if (ka == BASIC_UINT && kb == BASIC_INT)
            *ret = b->integer >= 0 && a->natural == b->natural;
        else if (a->type > GO_NIL && b->type > GO_NIL)
            return incompatible(c, a, b);
        return NULL;
    }
    switch (ka) {
    case BASIC_BOOL:
        *ret = a->boolean == b->boolean;
        return NULL;
    case BASIC_COMPLEX:
        *ret = a->complex->real == b->complex->real &&
               a->complex->imaginary == b->complex->imaginary;
        return NULL;
    case BASIC_INT:
    case BASIC_UINT:
        *ret = a->integer == b->integer;
        return NULL;
    case BASIC_FLOAT:
        *ret = a->real == b->real;
        return NULL;
    case BASIC_STRING:
        *ret = str_eq(a->text, b->text);
        return NULL;
    case BASIC_NONE:
        break;
    }
    return equal_others(c, a, b, ret);
}

static struct err *less(struct call *c, const struct go_value *a, const struct go_value *b,
                        bool *ret)
{
    enum basic ka = basic_kind(a), kb = basic_kind(b);

    if (ka == BASIC_NONE || kb == BASIC_NONE)
        return err_new(c->arena, ERR_INVALID, "invalid type for comparison");
    *ret = false;
    if (ka == BASIC_INT && kb == BASIC_UINT)
        *ret = a->integer < 0 || a->natural < b->natural;
    else if (ka == BASIC_UINT && kb == BASIC_INT)
        *ret = b->integer >= 0 && a->natural < b->natural;
    else if (ka != kb)
        return incompatible(c, a, b);
    else if (ka == BASIC_FLOAT)
        *ret = a->real < b->real;
    else if (ka == BASIC_INT)
        *ret = a->integer < b->integer;
    else if (ka == BASIC_UINT)
        *ret = a->natural < b->natural;
    else if (ka == BASIC_STRING)
        *ret = str_cmp(a->text, b->text) < 0;
    else
        return err_new(c->arena, ERR_INVALID, "invalid type for comparison");
    return NULL;
}

struct err *compare_eq(struct call *c, struct go_value *ret)
{
    bool same = false;
    struct err *e;

    if (c->count < 2)
        return err_new(c->arena, ERR_INVALID, "missing argument for comparison");
    for (size_t i = 1; i < c->count && !same; i++)
        if (TRY(&e, equal(c, &c->args[0], &c->args[i], &same)))
            return e;
    *ret = go_bool(same);
    return NULL;
}

struct err *compare_ne(struct call *c, struct go_value *ret)
{
    struct err *e = compare_eq(c, ret);

    if (!e)
        *ret = go_bool(!ret->boolean);
    return e;
}

struct err *compare_lt(struct call *c, struct go_value *ret)
{
    bool is_less = false;
    struct err *e = less(c, &c->args[0], &c->args[1], &is_less);

    *ret = go_bool(is_less);
    return e;
}

struct err *compare_le(struct call *c, struct go_value *ret)
{
    struct err *e = compare_lt(c, ret);

    return e || ret->boolean ? e : compare_eq(c, ret);
}

struct err *compare_gt(struct call *c, struct go_value *ret)
{
    struct err *e = compare_le(c, ret);

    if (!e)
        *ret = go_bool(!ret->boolean);
    return e;
}

struct err *compare_ge(struct call *c, struct go_value *ret)
{
    struct err *e = compare_lt(c, ret);

    if (!e)
        *ret = go_bool(!ret->boolean);
    return e;
}
