/* SPDX-License-Identifier: Apache-2.0 */
#include "core/apiserver/jsonpath.h"

#include "base/limits.h"
#include "base/vec.h"
#include "value/json.h"

struct walk {
    struct arena *arena;
    bool good;
};

static void add(struct walk *w, struct jsonpath_matches *out, const struct val *v)
{
    if (v)
        *VEC_PUSH(w->arena, out) = v;
}

static void add_children(struct walk *w, struct jsonpath_matches *out, const struct val *v)
{
    for (size_t i = 0; i < val_count(v); i++)
        add(w, out, v->kind == VAL_MAP ? v->fields[i].value : v->items[i]);
}

static void add_all_named(struct walk *w, struct jsonpath_matches *out, const struct val *v,
                          struct str name, unsigned depth)
{
    if (depth > LIMIT_TREE_DEPTH)
        return;
    add(w, out, val_get(v, name));
    for (size_t i = 0; i < val_count(v); i++)
        add_all_named(w, out, v->kind == VAL_MAP ? v->fields[i].value : v->items[i], name,
                      depth + 1);
}

/* ---- filters ---- */

static const struct val *operand(struct walk *w, const struct val *item, struct str text)
{
    struct jsonpath_matches found = { 0 };
    const struct val *v = NULL;

    text = str_trim(text);
    if (text.len && text.ptr[0] == '@') {
        w->good = jsonpath_find(w->arena, item, str_skip(text, 1), &found) && w->good;
        return found.count ? found.items[0] : NULL;
    }
    if (text.len >= 2 && (text.ptr[0] == '\'' || text.ptr[0] == '"'))
        return val_string(w->arena, str_slice(text, 1, text.len - 1));
    if (json_read(w->arena, text, STR("jsonpath"), JSON_READ_DEFAULT, &v))
        w->good = false;
    return v;
}

static bool compare(const struct val *l, const struct val *r, struct str op)
{
    double x = 0;
    double y = 0;
    int order;

    if (str_is(op, "==") || str_is(op, "!="))
        return (l && r && val_eq(l, r)) == str_is(op, "==");
    if (val_is(l, VAL_STRING) && val_is(r, VAL_STRING))
        order = str_cmp(l->text, r->text);
    else if (val_to_double(l, &x) && val_to_double(r, &y))
        order = x < y ? -1 : x > y;
    else
        return false;
    if (str_is(op, "<"))
        return order < 0;
    if (str_is(op, "<="))
        return order <= 0;
    return str_is(op, ">") ? order > 0 : order >= 0;
}

static bool filter_holds(struct walk *w, const struct val *item, struct str text)
{
    static const struct str ops[] = { STR_INIT("=="), STR_INIT("!="), STR_INIT("<="),
                                      STR_INIT(">="), STR_INIT("<"),  STR_INIT(">") };

    for (size_t i = 0; i < sizeof ops / sizeof ops[0]; i++) {
        size_t at = str_find(text, ops[i], 0);

        if (at != SIZE_MAX)
            return compare(operand(w, item, str_slice(text, 0, at)),
                           operand(w, item, str_skip(text, at + ops[i].len)), ops[i]);
    }
    return operand(w, item, text) != NULL;
}

/* ---- steps ---- */

static void by_index(struct walk *w, struct jsonpath_matches *out, const struct val *v,
                     struct str text)
{
    int64_t n;

    if (!str_to_int64(text, &n)) {
        w->good = false;
        return;
    }
    if (n < 0)
        n += (int64_t)val_count(v);
    if (n >= 0 && val_is(v, VAL_SEQ))
        add(w, out, val_item(v, (size_t)n));
}

static void bracket(struct walk *w, struct jsonpath_matches *out, const struct val *v,
                    struct str text)
{
    text = str_trim(text);
    if (str_is(text, "*")) {
        add_children(w, out, v);
    } else if (text.len >= 2 && (text.ptr[0] == '\'' || text.ptr[0] == '"')) {
        add(w, out, val_get(v, str_slice(text, 1, text.len - 1)));
    } else if (str_has_prefix(text, STR("?(")) && str_has_suffix(text, STR(")"))) {
        for (size_t i = 0; val_is(v, VAL_SEQ) && i < v->count; i++)
            if (filter_holds(w, v->items[i], str_slice(text, 2, text.len - 1)))
                add(w, out, v->items[i]);
    } else {
        by_index(w, out, v, text);
    }
}

/* The matching "]", brackets and quotes inside skipped. */
static size_t bracket_end(struct str s)
{
    unsigned depth = 0;
    char quote = '\0';

    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];

        if (quote)
            quote = c == quote ? '\0' : quote;
        else if (c == '\'' || c == '"')
            quote = c;
        else if (c == '[')
            depth++;
        else if (c == ']' && --depth == 0)
            return i;
    }
    return SIZE_MAX;
}

/* A name up to the next dot or bracket; "\." is a dot in it. */
static struct str name_cut(struct arena *a, struct str *path)
{
    char *out = arena_alloc(a, path->len);
    size_t len = 0;
    size_t i = 0;

    for (; i < path->len && path->ptr[i] != '.' && path->ptr[i] != '['; i++) {
        if (path->ptr[i] == '\\' && i + 1 < path->len)
            i++;
        out[len++] = path->ptr[i];
    }
    *path = str_skip(*path, i);
    return str_of(out, len);
}

static struct jsonpath_matches step(struct walk *w, const struct jsonpath_matches *in,
                                    struct str *path)
{
    struct jsonpath_matches out = { 0 };
    bool deep = str_has_prefix(*path, STR(".."));
    struct str name;

    if (path->ptr[0] == '[') {
        size_t end = bracket_end(*path);

        w->good = w->good && end != SIZE_MAX;
        for (size_t i = 0; w->good && i < in->count; i++)
            bracket(w, &out, in->items[i], str_slice(*path, 1, end));
        *path = str_skip(*path, end == SIZE_MAX ? path->len : end + 1);
        return out;
    }
    *path = str_skip(*path, path->ptr[0] == '.' ? 1u + deep : 0);
    if (path->len && path->ptr[0] == '[')
        return *in;
    name = name_cut(w->arena, path);
    for (size_t i = 0; i < in->count; i++) {
        if (deep)
            add_all_named(w, &out, in->items[i], name, 0);
        else if (str_is(name, "*"))
            add_children(w, &out, in->items[i]);
        else if (name.len)
            add(w, &out, val_get(in->items[i], name));
        else
            add(w, &out, in->items[i]);
    }
    return out;
}

bool jsonpath_find(struct arena *a, const struct val *root, struct str path,
                   struct jsonpath_matches *ret)
{
    struct walk w = { a, true };
    struct jsonpath_matches now = { 0 };

    path = str_trim(path);
    if (str_has_prefix(path, STR("{")) && str_has_suffix(path, STR("}")))
        path = str_slice(path, 1, path.len - 1);
    if (str_has_prefix(path, STR("$")))
        path = str_skip(path, 1);
    add(&w, &now, root);
    while (path.len && w.good)
        now = step(&w, &now, &path);
    *ret = now;
    return w.good;
}
