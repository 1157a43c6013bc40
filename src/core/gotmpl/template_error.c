/* SPDX-License-Identifier: Apache-2.0 */
/* Errors as helm 4.3 rewrites them: its engine parses its own messages, so this does too. */
#include "base/buf.h"
#include "core/gotmpl/include.h"
#include "core/gotmpl/template.h"

/* The parts of one level: file:line:column, what was executing, the message. */
struct level {
    struct str location, function, message;
};

static struct str cut_before_next(struct str message)
{
    size_t at = str_find(message, STR(" template:"), 0);

    return at == SIZE_MAX ? message : str_slice(message, 0, at);
}

/* "FILE:1:2: executing "NAME" at <NODE>: message" */
static bool parse_executing(struct arena *a, struct str s, struct level *ret)
{
    const struct str mark = STR(": executing ");
    size_t at = str_find(s, mark, 0), quote, node;
    struct str after;

    if (at == SIZE_MAX)
        return false;
    after = str_skip(s, at + mark.len);
    if (after.len == 0 || after.ptr[0] != '"')
        return false;
    quote = str_find_byte(after, '"', 1);
    if (quote == SIZE_MAX || !str_has_prefix(str_skip(after, quote + 1), STR(" at <")))
        return false;
    node = str_find(after, STR(">: "), quote + 6);
    if (node == SIZE_MAX)
        return false;
    ret->location = str_slice(s, 0, at);
    ret->function = str_printf(a, "executing %.*s:", STR_ARG(str_slice(after, 0, node + 1)));
    ret->message = cut_before_next(str_skip(after, node + 3));
    return true;
}

static bool parse_level(struct arena *a, struct str s, struct level *ret)
{
    size_t at = SIZE_MAX;

    *ret = (struct level){ STR(""), STR(""), STR("") };
    if (!str_has_prefix(s, STR("template: ")))
        return false;
    if (str_has_prefix(str_skip(s, 10), STR("no template "))) {
        ret->message = s;
        return true;
    }
    s = str_skip(s, 10);
    if (parse_executing(a, s, ret))
        return true;
    for (size_t next = 0; (next = str_find(s, STR(": "), next)) != SIZE_MAX; next++)
        at = next;
    if (at == SIZE_MAX)
        return false;
    ret->location = str_slice(s, 0, at);
    ret->message = cut_before_next(str_skip(s, at + 2));
    return true;
}

static void put_level(struct buf *out, const struct level *l)
{
    if (l->location.len > 0) {
        buf_put(out, l->location);
        buf_lit(out, "\n  ");
    }
    if (l->function.len > 0) {
        buf_put(out, l->function);
        buf_lit(out, "\n    ");
    }
    if (l->message.len > 0) {
        buf_put(out, l->message);
        buf_lit(out, "\n");
    }
}

/* "execution error at (FILE:1:2): message" of a fail or required; NULL: it is neither. */
static struct err *as_message(struct arena *a, struct str line, const struct err *e)
{
    struct str begin = STR(TEMPLATE_MESSAGE_BEGIN), end = STR(TEMPLATE_MESSAGE_END);
    size_t from = str_find(line, begin, 0), to = SIZE_MAX, location;

    for (size_t at = 0; (at = str_find(line, end, at)) != SIZE_MAX; at++)
        to = at;
    location = str_find(line, STR(": "), 10);
    if (from == SIZE_MAX || to == SIZE_MAX || to < from + begin.len || location == SIZE_MAX)
        return NULL;
    return err_new(a, e->code, "execution error at (%.*s): %.*s",
                   STR_ARG(str_slice(line, 10, location)),
                   STR_ARG(str_slice(line, from + begin.len, to)));
}

static struct err *as_parse_error(struct arena *a, struct str line, const struct err *e)
{
    size_t location = str_find(line, STR(": "), 10), last = 0;

    for (size_t at = 0; (at = str_find(line, STR(": "), at)) != SIZE_MAX; at++)
        last = at;
    return err_new(a, e->code, "parse error at (%.*s): %.*s",
                   STR_ARG(str_slice(line, 10, location)), STR_ARG(str_skip(line, last + 2)));
}

static bool same(const struct level *a, const struct level *b)
{
    return str_eq(a->location, b->location) && str_eq(a->function, b->function) &&
           str_eq(a->message, b->message);
}

struct err *template_error_as_helm(struct arena *a, struct str file, const struct err *e)
{
    struct str line = err_line(a, e);
    struct level before = { STR(""), STR(""), STR("") };
    bool first = true;
    struct buf out;
    struct err *message;

    (void)file;
    if (!str_has_prefix(line, STR("template: ")) || e->code == ERR_TOO_LARGE)
        return err_new(a, e->code, "%.*s", STR_ARG(line));
    message = as_message(a, line, e);
    if (message)
        return message;
    if (!str_contains(line, STR(": executing ")) && !str_contains(line, STR(": no template ")))
        return as_parse_error(a, line, e);
    buf_init(&out, a, 0);
    for (const struct err *level = e; level; level = level->cause) {
        struct level l;

        if (!parse_level(a, err_line(a, level), &l))
            return err_new(a, e->code, "%.*s", STR_ARG(line));
        if (first || !same(&l, &before))
            put_level(&out, &l);
        before = l;
        first = false;
    }
    return err_new(a, e->code, "%.*s", STR_ARG(str_trim(buf_str(&out))));
}
