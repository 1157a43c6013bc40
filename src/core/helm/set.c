/* SPDX-License-Identifier: Apache-2.0 */
#include "core/helm/set.h"

#include "base/arena.h"
#include "base/buf.h"
#include "core/gotmpl/quote.h"
#include "core/helm/values.h"
#include "foreign/utf8.h"
#include "value/json.h"

enum { INDEX_MAX = 65536, LEVEL_MAX = 30 };

/* How a step of the parser ended. */
enum step { DONE, AT_END, NO_LIST, FAILED };

struct parser {
    struct arena *arena;
    const struct set_options *options;
    struct str rest;
    struct err *error; /* with FAILED */
};

static enum step fail(struct parser *p, struct err *e)
{
    p->error = e;
    return FAILED;
}

#define FAIL(p, ...) fail((p), err_new((p)->arena, ERR_INVALID, __VA_ARGS__))

static void set_key(struct go_map *m, struct str key, struct go_value v)
{
    if (key.len > 0)
        go_map_set(m, key, v);
}

/* Text up to a stop, backslashes taken off; false at the end of the input. */
static bool until(struct parser *p, const char *stops, struct str *ret, char *ret_stop)
{
    bool literal = p->options->kind == SET_LITERAL;
    struct buf out;
    buf_init(&out, p->arena, 0);
    *ret_stop = 0;
    while (p->rest.len > 0) {
        char c = p->rest.ptr[0];
        p->rest = str_skip(p->rest, 1);
        if (strchr(stops, c) && c != '\0') {
            *ret = buf_str(&out);
            *ret_stop = c;
            return true;
        }
        if (c == '\\' && !literal) {
            uint32_t rune;
            size_t width = utf8_decode(p->rest, &rune);
            if (width == 0)
                break;
            buf_put(&out, str_slice(p->rest, 0, width));
            p->rest = str_skip(p->rest, width);
            continue;
        }
        buf_put_byte(&out, c);
    }
    *ret = buf_str(&out);
    return false;
}

static struct go_value typed(struct str s)
{
    int64_t n;
    if (str_eq_nocase(s, STR("true")))
        return go_bool(true);
    if (str_eq_nocase(s, STR("false")))
        return go_bool(false);
    if (str_eq_nocase(s, STR("null")))
        return go_nil();
    if (str_is(s, "0"))
        return go_int64(0);
    if (s.len > 0 && s.ptr[0] != '0' &&
        str_to_int64(s.ptr[0] == '+' && s.len > 1 && s.ptr[1] != '-' ? str_skip(s, 1) : s, &n))
        return go_int64(n);
    return go_string(s);
}

/* The value that a text stands for. */
static enum step read_value(struct parser *p, struct str text, struct go_value *ret)
{
    const struct set_options *o = p->options;
    struct str content;
    struct err *e;
    *ret = go_nil();
    if (o->kind == SET_TYPED)
        *ret = typed(text);
    else if (o->kind != SET_FILE)
        *ret = go_string(text);
    else if (TRY(&e, o->read_file(o->self, p->arena, text, &content)))
        return fail(p, e);
    else
        *ret = go_string(content);
    return DONE;
}

/* {a,b}; NO_LIST when none begins here. */
static enum step read_list(struct parser *p, struct go_value *ret)
{
    struct {
        struct go_value *items;
        size_t count, cap;
    } list = VEC_INIT;
    if (p->rest.len == 0)
        return AT_END;
    if (p->rest.ptr[0] != '{')
        return NO_LIST;
    p->rest = str_skip(p->rest, 1);
    for (;;) {
        struct str text;
        struct go_value v;
        char stop;
        if (!until(p, ",}", &text, &stop))
            return FAIL(p, "list must terminate with '}'");
        if (stop == '}' && p->rest.len > 0 && p->rest.ptr[0] == ',')
            p->rest = str_skip(p->rest, 1);
        enum step s = read_value(p, text, &v);
        if (s == FAILED)
            return s;
        *VEC_PUSH(p->arena, &list) = v;
        if (stop == '}')
            break;
    }
    *ret = go_list_over(p->arena, GO_LIST, list.items, list.count);
    return DONE;
}

/* Space up to a value or a comma; true: there is no value. */
static bool skip_to_json(struct parser *p)
{
    for (;;) {
        uint32_t rune;
        size_t width = utf8_decode(p->rest, &rune);
        if (width == 0)
            return true;
        if (rune != ',' && !utf8_is_space(rune))
            return false;
        p->rest = str_skip(p->rest, width);
        if (rune == ',')
            return true;
    }
}

/* Length of a scalar that JSON allows at the front, as far as it goes; 0: none begins here. */
static size_t json_scalar_length(struct str s)
{
    static const char *const names[] = { "true", "false", "null" };
    size_t i = 0;
    for (size_t n = 0; n < sizeof names / sizeof *names; n++)
        if (str_has_prefix(s, str_from_cstr(names[n])))
            return strlen(names[n]);
    if (s.ptr[0] == '-')
        i++;
    if (i < s.len && s.ptr[i] == '0')
        return i + 1 < s.len && strchr(".eE", s.ptr[i + 1]) ? s.len : i + 1;
    while (i < s.len && strchr("0123456789.eE+-", s.ptr[i]))
        i++;
    return i;
}

/* Length of the JSON value at the front, by its brackets and quotes; what is wrong inside the reader tells. */
static size_t json_length(struct str s)
{
    size_t depth = 0, i = 0;
    bool quoted = false;
    if (!strchr("{[\"", s.ptr[0]))
        return json_scalar_length(s);
    for (; i < s.len; i++) {
        char c = s.ptr[i];
        if (quoted && c == '\\')
            i++;
        else if (c == '"')
            quoted = !quoted;
        else if (!quoted && (c == '{' || c == '['))
            depth++;
        else if (!quoted && (c == '}' || c == ']'))
            depth--;
        if (!quoted && depth == 0)
            return i + 1;
    }
    return s.len;
}

static enum step read_json(struct parser *p, struct go_value *ret)
{
    const struct val *v;
    struct err *e;
    *ret = go_nil();
    if (skip_to_json(p))
        return DONE;
    size_t len = json_length(p->rest);
    if (TRY(&e, json_read(p->arena, str_slice(p->rest, 0, len), STR("value"),
                          JSON_READ_LAST_KEY_WINS | JSON_READ_GO, &v)))
        return fail(p, e);
    *ret = go_from_val(p->arena, v);
    p->rest = str_skip(p->rest, len);
    (void)skip_to_json(p);
    return DONE;
}

/* What stands behind "=". AT_END with an empty text when nothing does. */
static enum step read_right(struct parser *p, struct go_value *ret)
{
    struct str text;
    char stop;
    if (p->options->kind == SET_JSON)
        return read_json(p, ret);
    if (p->options->kind == SET_LITERAL) {
        *ret = go_string(p->rest);
        p->rest = STR("");
        return DONE;
    }
    enum step s = read_list(p, ret);
    if (s == AT_END)
        *ret = go_string(STR(""));
    if (s != NO_LIST)
        return s;
    (void)until(p, ",", &text, &stop);
    return read_value(p, text, ret);
}

/* Helm takes the end of the text within an index for the end of everything. */
static enum step read_index(struct parser *p, int64_t *ret)
{
    struct str text, digits;
    char stop;
    if (!until(p, "]", &text, &stop))
        return AT_END;
    digits = text.len > 1 && text.ptr[0] == '+' && text.ptr[1] != '-' ? str_skip(text, 1) : text;
    if (!str_to_int64(digits, ret))
        return FAIL(p, "error parsing index: strconv.Atoi: parsing %.*s: invalid syntax",
                    STR_ARG(quote_go(p->arena, text)));
    return DONE;
}

/* The list with an item set, longer where it must be. */
static enum step set_item(struct parser *p, struct go_value *list, int64_t index, struct go_value v)
{
    size_t count = go_length(list);
    if (index > INDEX_MAX)
        return FAIL(p, "index of %lld is greater than maximum supported index of %d",
                    (long long)index, INDEX_MAX);
    if ((size_t)index >= count) {
        struct go_value out = go_list_new(p->arena, GO_LIST, (size_t)index + 1);
        for (size_t i = 0; i <= (size_t)index; i++)
            out.list->items[i] = i < count ? list->list->items[i] : go_nil();
        *list = out;
    }
    list->list->items[index] = v;
    return DONE;
}

/* What Go says where a value is of another type than one to go into. */
static enum step wrong_type(struct parser *p, const struct go_value *v, const char *want)
{
    return FAIL(p, "unable to parse key: interface conversion: interface {} is %s, not %s",
                go_is_nil(v) ? "nil" : go_type_name(v), want);
}

/* "ab" as %q prints its runes: ['a' 'b']. */
static struct str quoted_runes(struct arena *a, struct str s)
{
    struct buf out;
    size_t width;
    uint32_t rune;
    buf_init(&out, a, 0);
    buf_put_byte(&out, '[');
    for (; (width = utf8_decode(s, &rune)) > 0; s = str_skip(s, width)) {
        if (out.len > 1)
            buf_put_byte(&out, ' ');
        quote_put_rune(&out, rune, false);
    }
    buf_put_byte(&out, ']');
    return buf_str(&out);
}

static enum step read_key(struct parser *p, struct go_map *m, unsigned level);
static enum step read_item(struct parser *p, struct go_value *list, int64_t index, unsigned level);

/* "[index][another]..." */
static enum step read_inner_list(struct parser *p, struct go_value *list, int64_t index,
                                 unsigned level)
{
    struct go_value inner = go_list_new(p->arena, GO_LIST, 0);
    int64_t next = 0;
    enum step s = read_index(p, &next);
    if (s != DONE)
        return s;
    if ((size_t)index < go_length(list) && !go_is_nil(&list->list->items[index]))
        inner = list->list->items[index];
    if (inner.type != GO_LIST)
        return wrong_type(p, &inner, "[]interface {}");
    s = read_item(p, &inner, next, level);
    return s == DONE ? set_item(p, list, index, inner) : s;
}

/* "[index].key...": what stands there and is no object becomes one at once. */
static enum step read_inner_map(struct parser *p, struct go_value *list, int64_t index,
                                unsigned level)
{
    struct go_value inner = go_map_new(p->arena, GO_MAP);
    if ((size_t)index < go_length(list)) {
        struct go_value *old = &list->list->items[index];
        if (!values_map_of(old))
            *old = inner;
        inner = *old;
    }
    enum step s = read_key(p, inner.map, level);
    return s == DONE ? set_item(p, list, index, inner) : s;
}

/* What follows "[index]": =value, [another], .key. *list becomes the changed list. */
static enum step read_item(struct parser *p, struct go_value *list, int64_t index, unsigned level)
{
    struct go_value v = go_nil();
    struct str text;
    char stop;
    if (index < 0)
        return FAIL(p, "negative %lld index not allowed", (long long)index);
    bool more = until(p, "[.=", &text, &stop);
    if (text.len > 0)
        return FAIL(p, "unexpected data at end of array index: %.*s",
                    STR_ARG(quoted_runes(p->arena, text)));
    if (!more)
        return AT_END;
    if (stop == '[')
        return read_inner_list(p, list, index, level);
    if (stop == '.')
        return read_inner_map(p, list, index, level);
    return read_right(p, &v) == FAILED ? FAILED : set_item(p, list, index, v);
}

static enum step read_nested(struct parser *p, struct go_map *m, struct str key, unsigned level)
{
    struct go_value old = go_map_new(p->arena, GO_MAP);
    if (level >= LEVEL_MAX)
        return FAIL(p,
                    "value name nested level is greater than maximum supported nested level of %d",
                    LEVEL_MAX);
    (void)go_map_find(m, GO_MAP, key, &old);
    struct go_map *inner = values_map_of(&old);
    if (!inner)
        return wrong_type(p, &old, "map[string]interface {}");
    enum step s = read_key(p, inner, level + 1);
    if (s == DONE && go_map_count(inner) == 0)
        return FAIL(p, "key map %.*s has no value", STR_ARG(quote_go(p->arena, key)));
    if (go_map_count(inner) > 0)
        set_key(m, key, (struct go_value){ .type = GO_MAP, .map = inner });
    return s;
}

static enum step read_listed(struct parser *p, struct go_map *m, struct str key, unsigned level)
{
    struct go_value list = go_list_new(p->arena, GO_LIST, 0);
    int64_t index = 0;
    enum step s = read_index(p, &index);
    if (s != DONE)
        return s;
    (void)go_map_find(m, GO_MAP, key, &list);
    if (list.type != GO_LIST)
        return wrong_type(p, &list, "[]interface {}");
    s = read_item(p, &list, index, level);
    set_key(m, key, list);
    return s;
}

static enum step read_key(struct parser *p, struct go_map *m, unsigned level)
{
    bool literal = p->options->kind == SET_LITERAL;
    struct go_value v = go_nil();
    struct str key;
    char stop;
    if (!until(p, literal ? "=[." : "=[,.", &key, &stop))
        return key.len == 0 ? AT_END
                            : FAIL(p, "key %.*s has no value", STR_ARG(quote_go(p->arena, key)));
    if (stop == ',') {
        set_key(m, key, go_string(STR("")));
        return FAIL(p, "key %.*s has no value (cannot end with ,)",
                    STR_ARG(quote_go(p->arena, key)));
    }
    if (stop == '.')
        return read_nested(p, m, key, level);
    if (stop == '[')
        return read_listed(p, m, key, level);
    enum step s = read_right(p, &v);
    if (s != FAILED)
        set_key(m, key, v);
    return s;
}

static const char *flag_of(enum set_kind kind)
{
    static const char *const names[] = { "--set", "--set-string", "--set-json", "--set-file",
                                         "--set-literal" };
    return names[kind];
}

static struct err *merge_json(struct arena *a, struct go_map **values, struct str text)
{
    const struct val *v;
    struct err *e;
    if (TRY(&e,
            json_read(a, str_trim(text), STR("value"), JSON_READ_LAST_KEY_WINS | JSON_READ_GO, &v)))
        return err_wrap(a, e, "failed parsing --set-json data JSON: %.*s", STR_ARG(text));
    *values = values_merge(a, *values, go_from_val(a, v).map);
    return NULL;
}

struct err *set_values(struct arena *a, struct go_map **values, struct str text,
                       const struct set_options *options)
{
    struct parser p = { .arena = a, .options = options, .rest = text };
    if (options->kind == SET_JSON && str_has_prefix(str_trim(text), STR("{")))
        return merge_json(a, values, text);
    for (;;) {
        enum step s = read_key(&p, *values, 0);
        if (s == AT_END)
            return NULL;
        if (s == FAILED && options->kind == SET_JSON)
            return err_wrap(a, p.error, "failed parsing --set-json data %.*s", STR_ARG(text));
        if (s == FAILED)
            return err_wrap(a, p.error, "failed parsing %s data", flag_of(options->kind));
    }
}
