/* SPDX-License-Identifier: Apache-2.0 */
/* Defaults and questions about types. */
#include "core/sprig/argument.h"
#include "core/sprig/implementations.h"

struct err *sprig_default(struct call *c, struct go_value *ret)
{
    *ret = c->count < 2 || arg_is_empty(&c->args[1]) ? c->args[0] : c->args[1];
    return NULL;
}

struct err *sprig_empty(struct call *c, struct go_value *ret)
{
    *ret = go_bool(arg_is_empty(&c->args[0]));
    return NULL;
}

struct err *sprig_coalesce(struct call *c, struct go_value *ret)
{
    *ret = go_nil();
    for (size_t i = 0; i < c->count && ret->type == GO_NIL; i++)
        if (!arg_is_empty(&c->args[i]))
            *ret = c->args[i];
    return NULL;
}

struct err *sprig_all(struct call *c, struct go_value *ret)
{
    bool all = true;

    for (size_t i = 0; i < c->count; i++)
        all = all && !arg_is_empty(&c->args[i]);
    *ret = go_bool(all);
    return NULL;
}

struct err *sprig_any(struct call *c, struct go_value *ret)
{
    bool any = false;

    for (size_t i = 0; i < c->count; i++)
        any = any || !arg_is_empty(&c->args[i]);
    *ret = go_bool(any);
    return NULL;
}

struct err *sprig_ternary(struct call *c, struct go_value *ret)
{
    *ret = c->args[c->args[2].boolean ? 0 : 1];
    return NULL;
}

struct err *sprig_type_of(struct call *c, struct go_value *ret)
{
    *ret = go_string(str_from_cstr(go_type_name(&c->args[0])));
    return NULL;
}

static const char *kind_of(const struct go_value *v)
{
    return v->type <= GO_NIL ? "invalid" : go_kind_name(go_kind(v));
}

struct err *sprig_kind_of(struct call *c, struct go_value *ret)
{
    *ret = go_string(str_from_cstr(kind_of(&c->args[0])));
    return NULL;
}

struct err *sprig_type_is(struct call *c, struct go_value *ret)
{
    *ret = go_bool(str_eq(c->args[0].text, str_from_cstr(go_type_name(&c->args[1]))));
    return NULL;
}

struct err *sprig_type_is_like(struct call *c, struct go_value *ret)
{
    struct str type = str_from_cstr(go_type_name(&c->args[1]));

    *ret = go_bool(str_eq(c->args[0].text, type) || (type.len > 0 && type.ptr[0] == '*' &&
                                                     str_eq(c->args[0].text, str_skip(type, 1))));
    return NULL;
}

struct err *sprig_kind_is(struct call *c, struct go_value *ret)
{
    *ret = go_bool(str_eq(c->args[0].text, str_from_cstr(kind_of(&c->args[1]))));
    return NULL;
}

struct err *sprig_deep_equal(struct call *c, struct go_value *ret)
{
    *ret = go_bool(go_deep_equal(&c->args[0], &c->args[1]));
    return NULL;
}
