/* SPDX-License-Identifier: Apache-2.0 */
#include "core/envsubst/envsubst.h"

#include "base/arena.h"
#include "base/limits.h"
#include "core/envsubst/operator.h"
#include "core/envsubst/scan.h"

struct expander {
    struct arena *arena;
    struct scanner scan;
    const struct envsubst_vars *vars;
    unsigned depth;
};

/* One "${...}" in the making. */
struct call {
    struct str name; /* of the operator; "" is none */
    struct str variable;
    struct str args[OPERATOR_ARGS_MAX];
    size_t count;
};

static struct err *fail(struct expander *x, const char *what)
{
    return err_new(x->arena, ERR_INVALID, "%s", what);
}

#define BAD_SUBSTITUTION "bad substitution"

static struct err *expand_call(struct expander *x, struct str *ret);

static struct err *close_brace(struct expander *x)
{
    return scan_next(&x->scan, SCAN_WANT_CLOSE, NULL) == SCAN_CLOSE ? NULL
                                                                    : fail(x, BAD_SUBSTITUTION);
}

/* One argument: a text, or a nested "${...}". */
static struct err *take_argument(struct expander *x, struct call *c, scan_accept *accept,
                                 unsigned mode)
{
    struct str value = STR("");
    enum scan_token token;
    struct err *e = NULL;

    if (c->count == OPERATOR_ARGS_MAX)
        return err_new(x->arena, ERR_TOO_LARGE, "more than %d parts in one default",
                       OPERATOR_ARGS_MAX);
    token = scan_next(&x->scan, mode | SCAN_WANT_OPEN, accept);
    if (token == SCAN_OPEN)
        e = expand_call(x, &value);
    else if (token == SCAN_TEXT)
        value = x->scan.token;
    else
        e = fail(x, "unable to parse substitution within function");
    c->args[c->count++] = value;
    return e;
}

static bool accept_hash(uint32_t r, size_t at)
{
    return r == '#' && at < 3;
}

static bool accept_percent(uint32_t r, size_t at)
{
    return r == '%' && at < 3;
}

static bool accept_case(uint32_t r, size_t at)
{
    return (r == ',' || r == '^') && at < 3;
}

static bool accept_replace(uint32_t r, size_t at)
{
    return (at == 1 && r == '/') || (at == 2 && (r == '/' || r == '#' || r == '%'));
}

static bool accept_default(uint32_t r, size_t at)
{
    return (at == 1 && r == ':') || (at == 2 && (r == '=' || r == '-' || r == '?' || r == '+'));
}

static bool accept_equals(uint32_t r, size_t at)
{
    return at == 1 && r == '=';
}

static bool accept_colon(uint32_t r, size_t at)
{
    (void)at;
    return r == ':';
}

static bool accept_one_colon(uint32_t r, size_t at)
{
    return at == 1 && r == ':';
}

static bool accept_slash(uint32_t r, size_t at)
{
    (void)at;
    return r == '/';
}

static bool accept_one_hash(uint32_t r, size_t at)
{
    return at == 1 && r == '#';
}

static struct err *take_operator(struct expander *x, struct call *c, scan_accept *accept)
{
    if (scan_next(&x->scan, SCAN_WANT_TEXT, accept) != SCAN_TEXT)
        return fail(x, BAD_SUBSTITUTION);
    c->name = x->scan.token;
    return NULL;
}

static struct err *take_substring(struct expander *x, struct call *c)
{
    enum scan_token token;
    struct err *e;

    if (TRY(&e, take_operator(x, c, accept_one_colon)) ||
        TRY(&e, take_argument(x, c, scan_not_colon_or_close, SCAN_WANT_TEXT)))
        return e;
    token = scan_next(&x->scan, SCAN_WANT_TEXT | SCAN_WANT_CLOSE, accept_colon);
    if (token == SCAN_CLOSE)
        return NULL;
    if (token != SCAN_TEXT)
        return fail(x, BAD_SUBSTITUTION);
    if (TRY(&e, take_argument(x, c, scan_not_close, SCAN_WANT_TEXT)))
        return e;
    return close_brace(x);
}

/* A default runs to the closing brace, in as many parts as it has nested ones. */
static struct err *take_default(struct expander *x, struct call *c)
{
    struct err *e;

    if (TRY(&e, take_operator(x, c, scan_peek(&x->scan) == '=' ? accept_equals : accept_default)))
        return e;
    while (scan_peek(&x->scan) != '}')
        if (TRY(&e, take_argument(x, c, scan_not_close, SCAN_WANT_TEXT)))
            return e;
    return close_brace(x);
}

static struct err *take_colon(struct expander *x, struct call *c)
{
    struct str next = str_slice(x->scan.text, x->scan.at + 1, x->scan.at + 2);

    if (str_is(next, "=") || str_is(next, "-") || str_is(next, "?") || str_is(next, "+"))
        return take_default(x, c);
    return take_substring(x, c);
}

static struct err *take_removal(struct expander *x, struct call *c, scan_accept *accept)
{
    struct err *e;

    if (TRY(&e, take_operator(x, c, accept)) ||
        TRY(&e, take_argument(x, c, scan_not_close, SCAN_WANT_TEXT)))
        return e;
    return close_brace(x);
}

static struct err *take_replacement(struct expander *x, struct call *c)
{
    struct err *e;

    if (TRY(&e, take_operator(x, c, accept_replace)) ||
        TRY(&e, take_argument(x, c, scan_not_slash, SCAN_WANT_TEXT | SCAN_ESCAPES)))
        return e;
    if (scan_next(&x->scan, SCAN_WANT_TEXT, accept_slash) != SCAN_TEXT)
        return fail(x, BAD_SUBSTITUTION);
    if (scan_peek(&x->scan) != '}' &&
        TRY(&e, take_argument(x, c, scan_not_close, SCAN_WANT_TEXT | SCAN_ESCAPES)))
        return e;
    return close_brace(x);
}

static struct err *take_case(struct expander *x, struct call *c)
{
    struct err *e = take_operator(x, c, accept_case);

    return e ? e : close_brace(x);
}

static struct err *take_length(struct expander *x, struct call *c)
{
    struct err *e = take_operator(x, c, accept_one_hash);

    if (e)
        return e;
    if (scan_next(&x->scan, SCAN_WANT_TEXT, scan_name) != SCAN_TEXT)
        return fail(x, BAD_SUBSTITUTION);
    c->variable = x->scan.token;
    return close_brace(x);
}

static struct err *take_call(struct expander *x, struct call *c)
{
    if (scan_peek(&x->scan) == '#')
        return take_length(x, c);
    if (scan_next(&x->scan, SCAN_WANT_TEXT, scan_name) != SCAN_TEXT)
        return fail(x, "unable to parse variable name");
    c->variable = x->scan.token;
    switch (scan_peek(&x->scan)) {
    case ':':
        return take_colon(x, c);
    case '=':
        return take_default(x, c);
    case ',':
    case '^':
        return take_case(x, c);
    case '/':
        return take_replacement(x, c);
    case '#':
        return take_removal(x, c, accept_hash);
    case '%':
        return take_removal(x, c, accept_percent);
    default:
        return scan_next(&x->scan, SCAN_WANT_CLOSE, NULL) == SCAN_CLOSE
                   ? NULL
                   : fail(x, "missing closing brace");
    }
}

/* Behind "${". */
static struct err *expand_call(struct expander *x, struct str *ret)
{
    struct call *c = ARENA_NEW(x->arena, struct call);
    struct str value = STR("");
    struct err *e;

    if (++x->depth > LIMIT_TREE_DEPTH)
        return err_new(x->arena, ERR_TOO_LARGE, "substitutions nested deeper than %u",
                       LIMIT_TREE_DEPTH);
    x->scan.backslash = true;
    if (TRY(&e, take_call(x, c)))
        return e;
    x->depth--;
    if (!x->vars->find(x->vars->self, c->variable, &value) && x->vars->strict &&
        !operator_has_default(c->name))
        return err_new(x->arena, ERR_INVALID, "variable not set (strict mode): \"%.*s\"",
                       STR_ARG(c->variable));
    *ret = operator_apply(x->arena, c->name, value, c->args, c->count);
    return NULL;
}

struct err *envsubst_expand(struct arena *a, struct str text, const struct envsubst_vars *vars,
                            struct buf *out)
{
    struct expander x = { .arena = a, .scan = { .arena = a, .text = text }, .vars = vars };
    struct err *e;

    for (;;) {
        struct str value;

        x.scan.backslash = false;
        switch (scan_next(&x.scan, SCAN_WANT_TEXT | SCAN_WANT_OPEN | SCAN_ESCAPES, scan_any)) {
        case SCAN_END:
            return NULL;
        case SCAN_TEXT:
            buf_put(out, x.scan.token);
            break;
        case SCAN_OPEN:
            if (TRY(&e, expand_call(&x, &value)))
                return e;
            buf_put(out, value);
            break;
        case SCAN_CLOSE:
        case SCAN_ILLEGAL:
            return fail(&x, BAD_SUBSTITUTION);
        }
    }
}

static bool is_alpha(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool envsubst_name_is_valid(struct str name)
{
    if (name.len == 0 || !is_alpha(name.ptr[0]))
        return false;
    for (size_t i = 1; i < name.len; i++)
        if (!is_alpha(name.ptr[i]) && !(name.ptr[i] >= '0' && name.ptr[i] <= '9'))
            return false;
    return true;
}
