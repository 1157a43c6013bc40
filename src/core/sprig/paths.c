/* SPDX-License-Identifier: Apache-2.0 */
/* Go's path package; on Linux path/filepath does the same. */
#include "core/sprig/argument.h"
#include "core/sprig/implementations.h"

static struct err *give(struct str s, struct go_value *ret)
{
    *ret = go_string(s);
    return NULL;
}

struct err *sprig_base(struct call *c, struct go_value *ret)
{
    struct str s = c->args[0].text;
    size_t slash;

    if (s.len == 0)
        return give(STR("."), ret);
    while (s.len > 0 && s.ptr[s.len - 1] == '/')
        s.len--;
    slash = str_rfind_byte(s, '/');
    if (slash != SIZE_MAX)
        s = str_skip(s, slash + 1);
    return give(s.len > 0 ? s : STR("/"), ret);
}

/* path.Clean: elements are dropped by shortening what is written already. */
static struct str clean(struct call *c, struct str s)
{
    bool rooted = s.len > 0 && s.ptr[0] == '/';
    size_t keep;
    struct str part, rest = s;
    struct buf out;

    if (s.len == 0)
        return STR(".");
    buf_init(&out, c->arena, 0);
    if (rooted)
        buf_put_byte(&out, '/');
    keep = out.len; /* what ".." cannot take away */
    while (str_cut(&rest, '/', &part)) {
        if (part.len == 0 || str_is(part, "."))
            continue;
        if (!str_is(part, "..")) {
            if (out.len > (rooted ? 1u : 0u))
                buf_put_byte(&out, '/');
            buf_put(&out, part);
        } else if (out.len > keep) {
            size_t slash = str_rfind_byte(buf_str(&out), '/');

            buf_truncate(&out, slash == SIZE_MAX || slash < keep ? keep : slash);
        } else if (!rooted) {
            if (out.len > 0)
                buf_put_byte(&out, '/');
            buf_lit(&out, "..");
            keep = out.len;
        }
    }
    return out.len > 0 ? buf_str(&out) : STR(".");
}

struct err *sprig_clean(struct call *c, struct go_value *ret)
{
    return give(clean(c, c->args[0].text), ret);
}

struct err *sprig_dir(struct call *c, struct go_value *ret)
{
    size_t slash = str_rfind_byte(c->args[0].text, '/');

    return give(clean(c, str_slice(c->args[0].text, 0, slash == SIZE_MAX ? 0 : slash + 1)), ret);
}

struct err *sprig_ext(struct call *c, struct go_value *ret)
{
    struct str s = c->args[0].text;

    for (size_t i = s.len; i > 0 && s.ptr[i - 1] != '/'; i--)
        if (s.ptr[i - 1] == '.')
            return give(str_skip(s, i - 1), ret);
    return give(STR(""), ret);
}

struct err *sprig_is_abs(struct call *c, struct go_value *ret)
{
    *ret = go_bool(c->args[0].text.len > 0 && c->args[0].text.ptr[0] == '/');
    return NULL;
}
