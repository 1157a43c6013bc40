/* SPDX-License-Identifier: Apache-2.0 */
#include "core/helm/set.h"

#include "base/arena.h"
#include "base/buf.h"
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

/* Length of the JSON value at the front, by its brackets and quotes; what is wrong inside the reader tells. */
static size_t json_length(struct str s)
{
    size_t depth = 0, i = 0;
    bool quoted = false;
    for (; i < s.len; i++) {
        char c = s.ptr[i];
        if (quoted) {
            if (c == '\\')
                i++;
            else if (c == '"')
                quoted = false;
            if (!quoted && depth == 0)
                return i + 1;
            continue;
        }
        if (c == '"') {
            if (depth == 0 && i > 0)
                return i;
            quoted = true;
        } else if (c == '{' || c == '[') {
            depth++;
        } else if (c == '}' || c == ']') {
            if (depth == 0)
                return i;
            if (--depth == 0)
                return i + 1;
        } else if (depth == 0 && (c == ',' || c == ' ' || c == '\t' || c == '\n' || c == '\r')) {
            return i;
        }
    }
    return i < s.len ? i : s.len;
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
                          JSON_READ_LAST_KEY_WINS, &v)))
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

static enum step read_index(struct parser *p, int64_t *ret)
{
    struct str text;
    char stop;
    if (!until(p, "]", &text, &stop))
        return FAIL(p, "error parsing index: missing ]");
    if (!str_to_int64(text, ret))
        return FAIL(p, "error parsing index: \"%.*s\" is no number", STR_ARG(text));
    if (*ret < 0)
        return FAIL(p, "negative %lld index not allowed", (long long)*ret);
    if (*ret > INDEX_MAX)
        return FAIL(p, "index of %lld is greater than maximum supported index of %d",
                    (long long)*ret, INDEX_MAX);
    return DONE;
}

/* The same list with an item set, longer where it must be. */
static struct go_value with_item(struct arena *a, const struct go_value *list, size_t index,
                                 struct go_value v)
{
    size_t count = list->type == GO_LIST ? go_length(list) : 0;
    size_t wanted = index < count ? count : index + 1;
    struct go_value out = go_list_new(a, GO_LIST, wanted);
    for (size_t i = 0; i < wanted; i++)
        out.list->items[i] = i < count ? list->list->items[i] : go_nil();
    out.list->items[index] = v;
    return out;
}

static struct go_value item_of(const struct go_value *list, size_t index)
{
    return list->type == GO_LIST && index < go_length(list) ? list->list->items[index] : go_nil();
}

static enum step read_key(struct parser *p, struct go_map *m, unsigned level);

/* What follows "[index]": =value, [another], .key. *list becomes the changed list. */
static enum step read_item(struct parser *p, struct go_value *list, unsigned level)
{
    struct str text;
    int64_t index;
    char stop;
    enum step s = read_index(p, &index);
    if (s != DONE)
        return s;
    bool more = until(p, "[.=", &text, &stop);
    if (text.len > 0)
        return FAIL(p, "unexpected data at end of array index: \"%.*s\"", STR_ARG(text));
    if (!more)
        return AT_END;
    struct go_value old = item_of(list, (size_t)index), v = go_nil();
    if (stop == '=') {
        s = read_right(p, &v);
        if (s == AT_END)
            s = DONE;
    } else if (stop == '[') {
        v = old.type == GO_LIST ? old : go_list_new(p->arena, GO_LIST, 0);
        if (old.type != GO_LIST && old.type != GO_NIL)
            return FAIL(p, "index %lld holds no list", (long long)index);
        s = read_item(p, &v, level);
    } else {
        struct go_map *inner = values_map_of(&old);
        v = inner ? old : go_map_new(p->arena, GO_MAP);
        s = read_key(p, v.map, level);
    }
    if (s != FAILED)
        *list = with_item(p->arena, list, (size_t)index, v);
    return s;
}

static enum step read_nested(struct parser *p, struct go_map *m, struct str key, unsigned level)
{
    struct go_value old;
    if (level >= LEVEL_MAX)
        return FAIL(p,
                    "value name nested level is greater than maximum supported nested level of %d",
                    LEVEL_MAX);
    bool present = go_map_find(m, GO_MAP, key, &old);
    struct go_map *inner = present ? values_map_of(&old) : go_map_new(p->arena, GO_MAP).map;
    if (!inner)
        return FAIL(p, "unable to parse key: \"%.*s\" holds no object", STR_ARG(key));
    enum step s = read_key(p, inner, level + 1);
    if (s == DONE && go_map_count(inner) == 0)
        return FAIL(p, "key map \"%.*s\" has no value", STR_ARG(key));
    if (go_map_count(inner) > 0)
        set_key(m, key, (struct go_value){ .type = GO_MAP, .map = inner });
    return s;
}

static enum step read_key(struct parser *p, struct go_map *m, unsigned level)
{
    bool literal = p->options->kind == SET_LITERAL;
    struct str key;
    struct go_value v = go_nil();
    char stop;
    if (!until(p, literal ? "=[." : "=[,.", &key, &stop))
        return key.len == 0 ? AT_END : FAIL(p, "key \"%.*s\" has no value", STR_ARG(key));
    if (stop == ',') {
        set_key(m, key, go_string(STR("")));
        return FAIL(p, "key \"%.*s\" has no value (cannot end with ,)", STR_ARG(key));
    }
    if (stop == '.')
        return read_nested(p, m, key, level);
    if (stop == '=') {
        enum step s = read_right(p, &v);
        if (s != FAILED)
            set_key(m, key, v);
        return s;
    }
    if (!go_map_find(m, GO_MAP, key, &v))
        v = go_list_new(p->arena, GO_LIST, 0);
    if (v.type != GO_LIST)
        return FAIL(p, "unable to parse key: \"%.*s\" holds no list", STR_ARG(key));
    enum step s = read_item(p, &v, level);
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
    if (TRY(&e, json_read(a, text, STR("value"), JSON_READ_LAST_KEY_WINS, &v)))
        return err_wrap(a, e, "failed parsing --set-json data JSON");
    *values = values_merge(a, *values, go_from_val(a, v).map);
    return NULL;
}

struct err *set_values(struct arena *a, struct go_map **values, struct str text,
                       const struct set_options *options)
{
    struct parser p = { .arena = a, .options = options, .rest = text };
    if (options->kind == SET_JSON && str_has_prefix(str_trim(text), STR("{")))
        return merge_json(a, values, str_trim(text));
    for (;;) {
        enum step s = read_key(&p, *values, 0);
        if (s == AT_END)
            return NULL;
        if (s == FAILED)
            return err_wrap(a, p.error, "failed parsing %s data", flag_of(options->kind));
    }
}
