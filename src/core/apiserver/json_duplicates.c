/* SPDX-License-Identifier: Apache-2.0 */
/* Finds fields given twice; runs only when the strict reader has refused a text for some reason. */
#include "base/limits.h"
#include "base/map.h"
#include "core/apiserver/decode_typed.h"

struct scan {
    struct arena *arena;
    struct str text;
    size_t at;
    struct field_paths *out;
};

static void skip_space(struct scan *s)
{
    while (s->at < s->text.len && (s->text.ptr[s->at] == ' ' || s->text.ptr[s->at] == '\n' ||
                                   s->text.ptr[s->at] == '\t' || s->text.ptr[s->at] == '\r'))
        s->at++;
}

static char peek(struct scan *s)
{
    skip_space(s);
    return s->at < s->text.len ? s->text.ptr[s->at] : '\0';
}

/* The bytes between the quotes, escapes as they stand. */
static struct str scan_string(struct scan *s)
{
    size_t start = ++s->at;

    while (s->at < s->text.len && s->text.ptr[s->at] != '"')
        s->at += s->text.ptr[s->at] == '\\' ? 2 : 1;
    s->at++;
    return str_slice(s->text, start, s->at - 1);
}

static void scan_value(struct scan *s, struct str path, unsigned depth);

static void scan_object(struct scan *s, struct str path, unsigned depth)
{
    struct map seen;

    map_init(&seen, s->arena);
    s->at++;
    while (peek(s) == '"') {
        struct str key = scan_string(s);
        struct str field = path.len ? str_printf(s->arena, "%.*s.%.*s", STR_ARG(path), STR_ARG(key))
                                    : key;

        if (map_set(&seen, key, s))
            *VEC_PUSH(s->arena, s->out) = field;
        if (peek(s) == ':')
            s->at++;
        scan_value(s, field, depth + 1);
        if (peek(s) == ',')
            s->at++;
    }
    s->at++;
}

static void scan_array(struct scan *s, struct str path, unsigned depth)
{
    size_t index = 0;

    s->at++;
    while (peek(s) != ']' && peek(s) != '\0') {
        scan_value(s, str_printf(s->arena, "%.*s[%zu]", STR_ARG(path), index++), depth + 1);
        if (peek(s) == ',')
            s->at++;
    }
    s->at++;
}

static void scan_value(struct scan *s, struct str path, unsigned depth)
{
    char c = peek(s);

    if (depth > LIMIT_TREE_DEPTH || c == '\0') {
        s->at = s->text.len;
    } else if (c == '{') {
        scan_object(s, path, depth);
    } else if (c == '[') {
        scan_array(s, path, depth);
    } else if (c == '"') {
        (void)scan_string(s);
    } else {
        s->at++;
        while (s->at < s->text.len && s->text.ptr[s->at] != ',' && s->text.ptr[s->at] != '}' &&
               s->text.ptr[s->at] != ']')
            s->at++;
    }
}

void json_duplicates(struct arena *a, struct str text, struct field_paths *ret)
{
    struct scan s = { .arena = a, .text = text, .out = ret };

    scan_value(&s, STR(""), 0);
}
