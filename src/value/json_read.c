/* SPDX-License-Identifier: Apache-2.0 */
#include "base/limits.h"
#include "foreign/float_text.h"
#include "foreign/utf8.h"
#include "value/json.h"

struct reader {
    struct arena *arena;
    const char *at;
    const char *end;
    const char *begin;
    const char *line_start;
    const char *file;
    uint32_t line;
    unsigned flags;
    size_t nodes;
};

static struct err *fail_at(struct reader *r, const char *where, const char *what)
{
    return err_new(r->arena, ERR_INVALID, "%s:%u:%zu: %s", r->file, r->line,
                   (size_t)(where - r->line_start) + 1, what);
}

static struct err *fail(struct reader *r, const char *what)
{
    return fail_at(r, r->at, r->at == r->end ? "unexpected end of JSON input" : what);
}

static void skip_space(struct reader *r)
{
    for (; r->at < r->end; r->at++) {
        char c = *r->at;

        if (c == '\n') {
            r->line++;
            r->line_start = r->at + 1;
        } else if (c != ' ' && c != '\t' && c != '\r') {
            return;
        }
    }
}

static struct err *new_node(struct reader *r, enum val_kind kind, struct val **ret)
{
    struct val *v = arena_alloc(r->arena, sizeof *v);
    size_t column = (size_t)(r->at - r->line_start) + 1;

    if (++r->nodes > LIMIT_TREE_NODES)
        return err_new(r->arena, ERR_TOO_LARGE, "%s:%u: more than %u values in one text", r->file,
                       r->line, LIMIT_TREE_NODES);
    *v = (struct val){
        .kind = (uint8_t)kind,
        .line = r->line,
        .column = (uint16_t)(column > UINT16_MAX ? UINT16_MAX : column),
        .file = r->file,
    };
    *ret = v;
    return NULL;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Four hex digits at p; -1 when they are not. */
static int32_t hex4(const char *p, const char *end)
{
    int32_t n = 0;

    if (end - p < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        int digit = hex_digit(p[i]);

        if (digit < 0)
            return -1;
        n = n * 16 + digit;
    }
    return n;
}

/* \uXXXX at r->at (on the u), surrogate pairs joined; a lone surrogate is U+FFFD, as in Go. */
static bool take_unicode_escape(struct reader *r, struct buf *out)
{
    int32_t high = hex4(r->at + 1, r->end), low;

    if (high < 0)
        return false;
    r->at += 5;
    if (high >= 0xD800 && high < 0xDC00 && r->end - r->at >= 6 && r->at[0] == '\\' &&
        r->at[1] == 'u') {
        low = hex4(r->at + 2, r->end);
        if (low >= 0xDC00 && low < 0xE000) {
            r->at += 6;
            high = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
        }
    }
    utf8_put(out, (uint32_t)high);
    return true;
}

static bool take_escape(struct reader *r, struct buf *out)
{
    static const char names[] = "\"\\/bfnrt";
    static const char means[] = "\"\\/\b\f\n\r\t";
    const char *hit;

    r->at++;
    if (r->at == r->end)
        return false;
    if (*r->at == 'u')
        return take_unicode_escape(r, out);
    hit = *r->at ? strchr(names, *r->at) : NULL;
    if (!hit)
        return false;
    buf_put_byte(out, means[hit - names]);
    r->at++;
    return true;
}

/* The rest of a string that has an escape; `from` is the byte after the opening quote. */
static struct err *read_escaped(struct reader *r, const char *from, struct str *ret)
{
    struct buf out;

    buf_init(&out, r->arena, 0);
    r->at = from;
    while (r->at < r->end && *r->at != '"') {
        const char *run = r->at;

        while (r->at < r->end && *r->at != '"' && *r->at != '\\' && (unsigned char)*r->at >= 0x20)
            r->at++;
        buf_put(&out, str_of(run, (size_t)(r->at - run)));
        if (r->at < r->end && (unsigned char)*r->at < 0x20)
            return fail(r, "control character in a string");
        if (r->at < r->end && *r->at == '\\' && !take_escape(r, &out))
            return fail(r, "invalid escape in a string");
    }
    *ret = out.len ? buf_str(&out) : STR("");
    return NULL;
}

/* r->at is on the opening quote; afterwards behind the closing one. */
static struct err *read_string(struct reader *r, struct str *ret)
{
    const char *from = ++r->at;
    struct err *e = NULL;

    while (r->at < r->end && *r->at != '"' && *r->at != '\\' && (unsigned char)*r->at >= 0x20)
        r->at++;
    if (r->at < r->end && *r->at == '"') {
        *ret = str_of(from, (size_t)(r->at - from));
        if (!(r->flags & JSON_READ_BORROW))
            *ret = str_dup(r->arena, *ret);
    } else if (r->at < r->end && *r->at != '\\') {
        return fail(r, "control character in a string");
    } else if (TRY(&e, read_escaped(r, from, ret))) {
        return e;
    }
    if (r->at == r->end)
        return fail(r, "unterminated string");
    r->at++;
    return NULL;
}

static size_t count_digits(struct reader *r)
{
    const char *from = r->at;

    while (r->at < r->end && *r->at >= '0' && *r->at <= '9')
        r->at++;
    return (size_t)(r->at - from);
}

static bool scan_number(struct reader *r, bool *ret_whole)
{
    size_t digits;

    *ret_whole = true;
    if (*r->at == '-')
        r->at++;
    if (r->at < r->end && *r->at == '0')
        r->at++;
    else if (count_digits(r) == 0)
        return false;
    if (r->at < r->end && *r->at == '.') {
        *ret_whole = false;
        r->at++;
        if (count_digits(r) == 0)
            return false;
    }
    if (r->at < r->end && (*r->at == 'e' || *r->at == 'E')) {
        *ret_whole = false;
        r->at++;
        if (r->at < r->end && (*r->at == '+' || *r->at == '-'))
            r->at++;
        digits = count_digits(r);
        return digits > 0;
    }
    return true;
}

static struct err *read_number(struct reader *r, const struct val **ret)
{
    const char *from = r->at;
    struct val *v;
    bool whole;
    struct err *e;

    if (TRY(&e, new_node(r, VAL_INT, &v)))
        return e;
    if (!scan_number(r, &whole))
        return fail(r, "invalid number");
    v->text = str_of(from, (size_t)(r->at - from));
    if (!whole || !str_to_int64(v->text, &v->integer) ||
        (r->flags & JSON_READ_GO && str_is(v->text, "-0"))) {
        v->kind = VAL_FLOAT;
        if (!float_parse(v->text, &v->real) || !__builtin_isfinite(v->real))
            return fail_at(r, from, "number out of range");
    }
    if (!(r->flags & JSON_READ_BORROW))
        v->text = str_dup(r->arena, v->text);
    *ret = v;
    return NULL;
}

static struct err *read_value(struct reader *r, unsigned depth, const struct val **ret);

static struct err *read_field(struct reader *r, unsigned depth, struct map_builder *fields)
{
    struct val_field f = { .line = r->line, .column = (uint32_t)(r->at - r->line_start) + 1 };
    const char *key_at = r->at;
    struct err *e;

    if (r->at == r->end || *r->at != '"')
        return fail(r, "expected a string as key");
    if (TRY(&e, read_string(r, &f.key)))
        return e;
    if (!(r->flags & JSON_READ_LAST_KEY_WINS) && map_builder_get(fields, f.key))
        return err_new(r->arena, ERR_INVALID, "%s:%u:%zu: duplicate key \"%.*s\"", r->file, r->line,
                       (size_t)(key_at - r->line_start) + 1, STR_ARG(f.key));
    skip_space(r);
    if (r->at == r->end || *r->at != ':')
        return fail(r, "expected ':' after a key");
    r->at++;
    if (TRY(&e, read_value(r, depth, &f.value)))
        return e;
    map_builder_set_field(fields, &f);
    return NULL;
}

/* After an item: true when another one follows; false at `close`. */
static struct err *take_separator(struct reader *r, char close, bool *ret_more)
{
    skip_space(r);
    if (r->at == r->end || (*r->at != ',' && *r->at != close))
        return fail(r, close == '}' ? "expected ',' or '}'" : "expected ',' or ']'");
    *ret_more = *r->at == ',';
    r->at++;
    return NULL;
}

static struct err *read_map(struct reader *r, unsigned depth, const struct val **ret)
{
    struct map_builder fields;
    struct val *v;
    bool more = true;
    struct err *e;

    if (TRY(&e, new_node(r, VAL_MAP, &v)))
        return e;
    map_builder_init(&fields, r->arena);
    r->at++;
    skip_space(r);
    if (r->at < r->end && *r->at == '}') {
        r->at++;
        more = false;
    }
    while (more) {
        skip_space(r);
        if (TRY(&e, read_field(r, depth + 1, &fields)) || TRY(&e, take_separator(r, '}', &more)))
            return e;
    }
    *ret = map_builder_done(&fields, v);
    return NULL;
}

static struct err *read_seq(struct reader *r, unsigned depth, const struct val **ret)
{
    struct seq_builder items;
    struct val *v;
    bool more = true;
    struct err *e;

    if (TRY(&e, new_node(r, VAL_SEQ, &v)))
        return e;
    seq_builder_init(&items, r->arena);
    r->at++;
    skip_space(r);
    if (r->at < r->end && *r->at == ']') {
        r->at++;
        more = false;
    }
    while (more) {
        const struct val *item = NULL;

        if (TRY(&e, read_value(r, depth + 1, &item)))
            return e;
        seq_builder_add(&items, item);
        if (TRY(&e, take_separator(r, ']', &more)))
            return e;
    }
    *ret = seq_builder_done(&items, v);
    return NULL;
}

static struct err *read_word(struct reader *r, const struct val **ret)
{
    static const struct {
        struct str word;
        enum val_kind kind;
        bool boolean;
    } words[] = {
        { STR_INIT("true"), VAL_BOOL, true },
        { STR_INIT("false"), VAL_BOOL, false },
        { STR_INIT("null"), VAL_NULL, false },
    };
    struct str rest = str_of(r->at, (size_t)(r->end - r->at));

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        struct val *v;
        struct err *e;

        if (!str_has_prefix(rest, words[i].word))
            continue;
        if (TRY(&e, new_node(r, words[i].kind, &v)))
            return e;
        v->boolean = words[i].boolean;
        r->at += words[i].word.len;
        *ret = v;
        return NULL;
    }
    return fail(r, "expected a value");
}

static struct err *read_value(struct reader *r, unsigned depth, const struct val **ret)
{
    struct val *v;
    struct err *e;

    skip_space(r);
    if (depth > LIMIT_TREE_DEPTH)
        return err_new(r->arena, ERR_TOO_LARGE, "%s:%u: nested deeper than %u", r->file, r->line,
                       LIMIT_TREE_DEPTH);
    if (r->at == r->end)
        return fail(r, "");
    switch (*r->at) {
    case '{':
        return read_map(r, depth, ret);
    case '[':
        return read_seq(r, depth, ret);
    case '"':
        if (TRY(&e, new_node(r, VAL_STRING, &v)))
            return e;
        v->style = VAL_STYLE_DOUBLE;
        *ret = v;
        return read_string(r, &v->text);
    default:
        if (*r->at == '-' || (*r->at >= '0' && *r->at <= '9'))
            return read_number(r, ret);
        return read_word(r, ret);
    }
}

struct err *json_read(struct arena *a, struct str text, struct str name, unsigned flags,
                      const struct val **ret)
{
    struct reader r = { .arena = a,
                        .at = text.ptr,
                        .begin = text.ptr,
                        .end = text.ptr + text.len,
                        .line_start = text.ptr,
                        .line = 1,
                        .flags = flags };
    const struct val *v;
    size_t invalid;
    struct err *e;

    r.file = str_cstr(a, name);
    if (text.len > LIMIT_DOCUMENT_BYTES)
        return err_new(a, ERR_TOO_LARGE, "%s: %zu bytes, more than the limit of %llu", r.file,
                       text.len, LIMIT_DOCUMENT_BYTES);
    invalid = utf8_find_invalid(text);
    if (invalid != SIZE_MAX)
        return err_new(a, ERR_INVALID, "%s: byte %zu is not UTF-8", r.file, invalid);
    if (TRY(&e, read_value(&r, 0, &v)))
        return e;
    skip_space(&r);
    if (r.at != r.end)
        return fail(&r, "text after the top-level value");
    *ret = v;
    return NULL;
}
