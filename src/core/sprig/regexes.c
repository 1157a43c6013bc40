/* SPDX-License-Identifier: Apache-2.0 */
/* Regular expressions: RE2 finds, Go's rules for empty matches, limits and templates are here. */
#include "core/gotmpl/quote.h"
#include "core/sprig/argument.h"
#include "core/sprig/implementations.h"
#include "foreign/regex.h"
#include "foreign/utf8.h"

#define TEXT(i) (c->args[i].text)

enum { GROUPS_MAX = 32 };

/* RE2 and Go name the same mistakes; Go's form is: error parsing regexp: missing closing ): `(`. */
static struct str go_reason(struct call *c, struct str pattern, const struct err *e)
{
    struct str reason = err_line(c->arena, e);
    size_t at = str_find(reason, STR("\": "), 0);

    if (utf8_find_invalid(pattern) != SIZE_MAX)
        return str_printf(c->arena, "error parsing regexp: invalid UTF-8: `%.*s`",
                          STR_ARG(str_skip(pattern, utf8_find_invalid(pattern))));
    if (at != SIZE_MAX)
        reason = str_skip(reason, at + 3);
    at = str_find(reason, STR(": "), 0);
    if (str_has_prefix(reason, STR("missing )")))
        return str_printf(c->arena, "error parsing regexp: missing closing ): `%.*s`",
                          STR_ARG(pattern));
    if (str_has_prefix(reason, STR("missing ]")))
        return str_printf(c->arena, "error parsing regexp: missing closing ]: `%.*s`",
                          STR_ARG(at == SIZE_MAX ? pattern : str_skip(reason, at + 2)));
    if (str_has_prefix(reason, STR("no argument for repetition operator")))
        return str_printf(c->arena,
                          "error parsing regexp: missing argument to repetition operator: `%.*s`",
                          STR_ARG(at == SIZE_MAX ? pattern : str_skip(reason, at + 2)));
    if (at == SIZE_MAX)
        return str_printf(c->arena, "error parsing regexp: %.*s: `%.*s`", STR_ARG(reason),
                          STR_ARG(pattern));
    return str_printf(c->arena, "error parsing regexp: %.*s: `%.*s`",
                      STR_ARG(str_slice(reason, 0, at)), STR_ARG(str_skip(reason, at + 2)));
}

/* Compiled once in a set of templates. */
static struct err *compile(struct call *c, struct str pattern, struct regex **ret)
{
    struct map *patterns = &c->exec->engine->patterns;
    struct regex *re = map_get(patterns, pattern);
    struct err *e;

    if (!re) {
        if (TRY(&e, call_charge(c, 100)))
            return e;
        e = regex_compile(c->arena, pattern, &re);
        if (e) /* the prefix that the panic of MustCompile has is not seen: sprig's functions differ */
            return call_fail(c, "%.*s", STR_ARG(go_reason(c, pattern, e)));
        (void)map_set(patterns, pattern, re);
    }
    *ret = re;
    return call_charge(c, 1);
}

/* A panic of regexp.MustCompile says more. */
static struct err *must_compile(struct call *c, struct str pattern, bool must, struct regex **ret)
{
    struct err *e = compile(c, pattern, ret);
    struct str shown;

    if (!e || must || e->code == ERR_TOO_LARGE)
        return e;
    shown = quote_can_be_raw(pattern) ? str_printf(c->arena, "`%.*s`", STR_ARG(pattern))
                                      : quote_go(c->arena, pattern);
    return call_fail(c, "regexp: Compile(%.*s): %.*s", STR_ARG(shown), STR_ARG(e->msg));
}

static bool is_must(const struct call *c)
{
    return str_has_prefix(str_from_cstr(c->name), STR("must"));
}

struct err *sprig_regex_match(struct call *c, struct go_value *ret)
{
    struct regex *re = NULL;
    struct err *e = compile(c, TEXT(0), &re);

    *ret = go_bool(!e && regex_is_match(re, TEXT(1)));
    return e && (is_must(c) || e->code == ERR_TOO_LARGE) ? e : NULL;
}

struct err *sprig_regex_find(struct call *c, struct go_value *ret)
{
    struct regex *re;
    size_t offsets[2];
    struct err *e;

    if (TRY(&e, must_compile(c, TEXT(0), is_must(c), &re)))
        return e;
    *ret = go_string(regex_find(re, TEXT(1), 0, offsets, 1)
                         ? str_slice(TEXT(1), offsets[0], offsets[1])
                         : STR(""));
    return NULL;
}

/* All matches as Go's allMatches: an empty one right behind another match does not count. */
struct matches {
    const struct regex *re;
    struct str text;
    size_t at;
    size_t last_end; /* of the match before, SIZE_MAX: none */
    size_t groups;
};

static size_t rune_width(struct str s, size_t at)
{
    uint32_t r;

    return at < s.len ? utf8_decode(str_skip(s, at), &r) : 1;
}

static bool next_match(struct matches *m, size_t *offsets)
{
    while (m->at <= m->text.len) {
        bool accept = true;

        if (!regex_find(m->re, m->text, m->at, offsets, m->groups))
            return false;
        if (offsets[1] == m->at) {
            /* An empty match: not next to the one before, and the search goes on behind a rune. */
            if (offsets[0] == m->last_end)
                accept = false;
            m->at += rune_width(m->text, m->at);
        } else {
            m->at = offsets[1];
        }
        m->last_end = offsets[1];
        if (accept)
            return true;
    }
    return false;
}

static struct matches matches_of(const struct regex *re, struct str text, size_t groups)
{
    return (struct matches){ .re = re, .text = text, .last_end = SIZE_MAX, .groups = groups };
}

struct err *sprig_regex_find_all(struct call *c, struct go_value *ret)
{
    int64_t limit = c->args[2].integer;
    text_vec found = VEC_INIT;
    struct regex *re;
    struct matches m;
    struct texts texts;
    size_t offsets[2];
    struct err *e;

    if (TRY(&e, must_compile(c, TEXT(0), is_must(c), &re)))
        return e;
    m = matches_of(re, TEXT(1), 1);
    while ((limit < 0 || found.count < (uint64_t)limit) && next_match(&m, offsets)) {
        if (TRY(&e, call_charge(c, 1)))
            return e;
        *VEC_PUSH(c->arena, &found) = str_slice(TEXT(1), offsets[0], offsets[1]);
    }
    if (found.count == 0) { /* a nil slice */
        *ret = go_list_over(c->arena, GO_STRINGS, NULL, 0);
        return NULL;
    }
    texts = (struct texts){ found.items, found.count };
    *ret = texts_value(c, &texts);
    return NULL;
}

struct err *sprig_regex_split(struct call *c, struct go_value *ret)
{
    int64_t limit = c->args[2].integer;
    text_vec parts = VEC_INIT;
    size_t begin = 0, end = 0, offsets[2];
    struct regex *re;
    struct matches m;
    struct texts texts;
    struct err *e;

    if (TRY(&e, must_compile(c, TEXT(0), is_must(c), &re)))
        return e;
    if (limit == 0) {
        *ret = go_list_over(c->arena, GO_STRINGS, NULL, 0);
        return NULL;
    }
    m = matches_of(re, TEXT(1), 1);
    if (TEXT(0).len > 0 && TEXT(1).len == 0) {
        *VEC_PUSH(c->arena, &parts) = STR("");
    } else {
        while ((limit < 0 || parts.count + 1 < (uint64_t)limit) && next_match(&m, offsets)) {
            if (TRY(&e, call_charge(c, 1)))
                return e;
            end = offsets[0];
            if (offsets[1] != 0)
                *VEC_PUSH(c->arena, &parts) = str_slice(TEXT(1), begin, end);
            begin = offsets[1];
        }
        if (end != TEXT(1).len)
            *VEC_PUSH(c->arena, &parts) = str_skip(TEXT(1), begin);
    }
    texts = (struct texts){ parts.items, parts.count };
    *ret = texts_value(c, &texts);
    return NULL;
}

static bool is_name_rune(char ch)
{
    return (ch >= '0' && ch <= '9') || ((ch | 0x20) >= 'a' && (ch | 0x20) <= 'z') || ch == '_';
}

struct expansion {
    const struct regex *re;
    struct str text;
    const size_t *offsets;
    size_t groups;
};

static void put_group(struct buf *out, const struct expansion *x, struct str name)
{
    uint64_t number = SIZE_MAX;
    bool numeric = name.len == 1 || (name.len > 1 && name.ptr[0] != '0');

    for (size_t i = 0; i < name.len; i++)
        numeric = numeric && name.ptr[i] >= '0' && name.ptr[i] <= '9';
    if (numeric)
        (void)str_to_uint64(name, &number);
    else
        number = regex_group_named(x->re, name) ? regex_group_named(x->re, name) : SIZE_MAX;
    if (number < x->groups && x->offsets[2 * number] != SIZE_MAX)
        buf_put(out, str_slice(x->text, x->offsets[2 * number], x->offsets[2 * number + 1]));
}

/* Regexp.Expand: $1, $name, ${name}, $$. */
static void expand(struct buf *out, struct str template, const struct expansion *x)
{
    size_t at;

    while ((at = str_find_byte(template, '$', 0)) != SIZE_MAX) {
        size_t begin = 1, end;
        bool braced;

        buf_put(out, str_slice(template, 0, at));
        template = str_skip(template, at);
        if (template.len > 1 && template.ptr[1] == '$') {
            buf_put_byte(out, '$');
            template = str_skip(template, 2);
            continue;
        }
        braced = template.len > 1 && template.ptr[1] == '{';
        begin += braced;
        for (end = begin; end < template.len && is_name_rune(template.ptr[end]); end++)
            ;
        if (end == begin || (braced && (end >= template.len || template.ptr[end] != '}'))) {
            buf_put_byte(out, '$');
            template = str_skip(template, 1);
            continue;
        }
        put_group(out, x, str_slice(template, begin, end));
        template = str_skip(template, end + braced);
    }
    buf_put(out, template);
}

/* Regexp.replaceAll, which treats empty matches differently from FindAll: one behind a match is left out. */
static struct err *replace_all(struct call *c, const struct regex *re, bool literal,
                               struct go_value *ret)
{
    size_t offsets[2 * GROUPS_MAX], groups = regex_group_count(re) + 1, last_end = 0, at = 0;
    struct str text = TEXT(1);
    struct expansion x = { re, text, offsets, groups > GROUPS_MAX ? GROUPS_MAX : groups };
    struct buf out;
    struct err *e;

    call_text(c, &out);
    while (at <= text.len && regex_find(re, text, at, offsets, x.groups)) {
        if (TRY(&e, call_charge(c, 1)))
            return e;
        buf_put(&out, str_slice(text, last_end, offsets[0]));
        if (offsets[1] > last_end || offsets[0] == 0) {
            if (literal)
                buf_put(&out, TEXT(2));
            else
                expand(&out, TEXT(2), &x);
        }
        last_end = offsets[1];
        if (at + rune_width(text, at) > offsets[1])
            at += rune_width(text, at);
        else if (at + 1 > offsets[1])
            at++;
        else
            at = offsets[1];
    }
    buf_put(&out, str_skip(text, last_end));
    return call_finish(c, &out, ret);
}

struct err *sprig_regex_replace_all(struct call *c, struct go_value *ret)
{
    struct regex *re;
    struct err *e = must_compile(c, TEXT(0), is_must(c), &re);

    return e ? e : replace_all(c, re, false, ret);
}

struct err *sprig_regex_replace_all_literal(struct call *c, struct go_value *ret)
{
    struct regex *re;
    struct err *e = must_compile(c, TEXT(0), is_must(c), &re);

    return e ? e : replace_all(c, re, true, ret);
}

struct err *sprig_regex_quote_meta(struct call *c, struct go_value *ret)
{
    struct buf out;

    call_text(c, &out);
    for (size_t i = 0; i < TEXT(0).len; i++) {
        char ch = TEXT(0).ptr[i];

        if (ch && strchr("\\.+*?()|[]{}^$", ch))
            buf_put_byte(&out, '\\');
        buf_put_byte(&out, ch);
    }
    return call_finish(c, &out, ret);
}
