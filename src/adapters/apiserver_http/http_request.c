/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/apiserver_http/http_request.h"

#include "base/vec.h"

enum { GROUPS_MAX = 64, CHUNK_LINE_MAX = 256, CHUNK_DIGITS_MAX = 8 };

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* False: a malformed escape or a NUL. */
static bool decode_path(struct arena *a, struct str raw, struct str *ret)
{
    char *out = arena_alloc(a, raw.len + 1);
    size_t n = 0;

    for (size_t i = 0; i < raw.len; i++) {
        char c = raw.ptr[i];

        if (c == '%') {
            int high = i + 2 < raw.len ? hex(raw.ptr[i + 1]) : -1;
            int low = high >= 0 ? hex(raw.ptr[i + 2]) : -1;

            if (low < 0)
                return false;
            c = (char)(high * 16 + low);
            i += 2;
        }
        if (c == '\0')
            return false;
        out[n++] = c;
    }
    *ret = str_of(out, n);
    return true;
}

static bool is_token(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];

        if (c <= ' ' || c >= 0x7f || strchr("\"(),/:;<=>?@[\\]{}", c))
            return false;
    }
    return s.len > 0;
}

static int parse_line(struct arena *a, struct str line, struct http_head *h)
{
    struct str target;

    if (!str_cut(&line, ' ', &h->method) || !is_token(h->method))
        return 400;
    if (!str_cut(&line, ' ', &target) || !target.len || target.ptr[0] != '/')
        return 400;
    if (str_is(line, "HTTP/1.0"))
        h->keep_alive = false;
    else if (!str_is(line, "HTTP/1.1"))
        return 505;
    target = str_slice(target, 0, str_find_byte(target, '#', 0));
    (void)str_cut(&target, '?', &line);
    h->query = target;
    return decode_path(a, line, &h->path) ? 0 : 400;
}

static struct str join(struct arena *a, struct str before, struct str value)
{
    return before.len ? str_printf(a, "%.*s, %.*s", STR_ARG(before), STR_ARG(value)) : value;
}

struct headers {
    struct http_head *h;
    struct arena *a;
    VEC(struct str) groups;
    bool has_length;
    bool has_encoding;
};

/* The four that decide where the request ends, and who is to be obeyed, may come once only. */
static int framing(struct headers *x, struct str name, struct str value)
{
    if (str_eq_nocase(name, STR("content-length"))) {
        if (x->has_length || !str_to_uint64(value, &x->h->content_length))
            return 400;
        x->has_length = true;
    } else if (str_eq_nocase(name, STR("transfer-encoding"))) {
        if (x->has_encoding || !str_eq_nocase(value, STR("chunked")))
            return 501;
        x->has_encoding = true;
        x->h->chunked = true;
    } else if (str_eq_nocase(name, STR("expect"))) {
        if (!str_eq_nocase(value, STR("100-continue")))
            return 417;
        x->h->expects_continue = true;
    } else if (str_eq_nocase(name, STR("connection"))) {
        if (str_eq_nocase(value, STR("close")))
            x->h->keep_alive = false;
    }
    return 0;
}

static int identity(struct headers *x, struct str name, struct str value)
{
    struct str *once = NULL;

    if (str_eq_nocase(name, STR("authorization")))
        once = &x->h->authorization;
    else if (str_eq_nocase(name, STR("impersonate-user")))
        once = &x->h->impersonate_user;
    else if (str_eq_nocase(name, STR("impersonate-group"))) {
        if (x->groups.count == GROUPS_MAX)
            return 431;
        *VEC_PUSH(x->a, &x->groups) = value;
    } else if (str_eq_nocase(str_slice(name, 0, 12), STR("impersonate-"))) {
        x->h->impersonates_more = true;
    }
    if (!once)
        return 0;
    if (once->len)
        return 400;
    *once = value;
    return 0;
}

static int parse_header(struct headers *x, struct str line)
{
    struct str name;
    int status;

    if (str_find_byte(line, ':', 0) == SIZE_MAX || !str_cut(&line, ':', &name) || !is_token(name))
        return 400; /* also a folded line, which begins with a space */
    line = str_trim(line);
    for (size_t i = 0; i < line.len; i++)
        if ((unsigned char)line.ptr[i] < ' ' && line.ptr[i] != '\t')
            return 400;
    if (str_eq_nocase(name, STR("content-type")))
        x->h->content_type = line;
    else if (str_eq_nocase(name, STR("accept")))
        x->h->accept = join(x->a, x->h->accept, line);
    else if (str_eq_nocase(name, STR("user-agent")))
        x->h->user_agent = line;
    status = framing(x, name, line);
    return status ? status : identity(x, name, line);
}

int http_head_parse(struct arena *a, struct str text, struct http_head *ret)
{
    struct headers x = { .h = ret, .a = a };
    struct str rest = text;
    struct str line;
    int status;

    *ret = (struct http_head){ .keep_alive = true };
    (void)str_cut(&rest, '\n', &line);
    status = parse_line(a, str_trim_suffix(line, STR("\r")), ret);
    while (!status && str_cut(&rest, '\n', &line)) {
        line = str_trim_suffix(line, STR("\r"));
        if (line.len)
            status = parse_header(&x, line);
    }
    if (!status && x.has_length && x.has_encoding)
        status = 400;
    ret->impersonate_groups = x.groups.items;
    ret->impersonate_group_count = x.groups.count;
    return status;
}

/* "1a3;extension" to a number; false when it is none or larger than any body may be. */
static bool chunk_size(struct str line, uint64_t *ret)
{
    struct str digits = str_trim(str_slice(line, 0, str_find_byte(line, ';', 0)));
    uint64_t n = 0;

    if (!digits.len || digits.len > CHUNK_DIGITS_MAX)
        return false;
    for (size_t i = 0; i < digits.len; i++) {
        int d = hex(digits.ptr[i]);

        if (d < 0)
            return false;
        n = n * 16 + (uint64_t)d;
    }
    *ret = n;
    return true;
}

void chunk_next(struct chunk_reader *r, struct str input, size_t *ret_skip, size_t *ret_data)
{
    size_t end = str_find_byte(str_slice(input, 0, CHUNK_LINE_MAX), '\n', 0);
    struct str line = end == SIZE_MAX ? STR("")
                                      : str_trim_suffix(str_slice(input, 0, end), STR("\r"));

    *ret_skip = 0;
    *ret_data = 0;
    if (r->state == CHUNK_DATA) {
        *ret_data = r->left < input.len ? (size_t)r->left : input.len;
        r->left -= *ret_data;
        if (!r->left)
            r->state = CHUNK_DATA_END;
        return;
    }
    if (r->state == CHUNK_DONE || r->state == CHUNK_BAD)
        return;
    if (end == SIZE_MAX) {
        if (input.len >= CHUNK_LINE_MAX)
            r->state = CHUNK_BAD;
        return;
    }
    *ret_skip = end + 1;
    if (r->state == CHUNK_DATA_END)
        r->state = line.len ? CHUNK_BAD : CHUNK_SIZE;
    else if (r->state == CHUNK_TRAILER)
        r->state = line.len ? CHUNK_TRAILER : CHUNK_DONE;
    else if (!chunk_size(line, &r->left))
        r->state = CHUNK_BAD;
    else
        r->state = r->left ? CHUNK_DATA : CHUNK_TRAILER;
}
