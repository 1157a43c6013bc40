/* SPDX-License-Identifier: Apache-2.0 */
#include "core/gotmpl/value_path.h"

#include "base/limits.h"
#include "core/gotmpl/quote.h"

enum { VISITS_MAX = 100000, NAME_MAX_BYTES = 63 };

struct search {
    struct arena *arena;
    const struct go_map *wanted; /* NULL: a key is looked for */
    struct str name;             /* that key */
    unsigned left;               /* values that may still be looked at */
    struct value_path path;
};

static bool search_value(struct search *s, const struct go_value *v, unsigned depth);

static bool is_word(struct str key)
{
    for (size_t i = 0; i < key.len; i++) {
        uint8_t c = (uint8_t)key.ptr[i];

        if (c < 0x80 && c != '_' && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
            !(i > 0 && c >= '0' && c <= '9'))
            return false;
    }
    return key.len > 0;
}

void value_path_put_key(struct buf *out, struct str key)
{
    buf_put_byte(out, '.');
    if (is_word(key))
        buf_put(out, key);
    else
        quote_put(out, key, '"', false);
}

void value_path_put(struct buf *out, const struct value_path *path)
{
    for (size_t i = 0; i < path->count; i++) {
        if (path->items[i].key.ptr)
            value_path_put_key(out, path->items[i].key);
        else
            buf_printf(out, "[%zu]", path->items[i].index);
    }
}

static bool search_map(struct search *s, struct go_map *m, unsigned depth)
{
    size_t count = go_map_count(m);
    struct go_value found;

    if (m == s->wanted)
        return true;
    if (!s->wanted && go_map_find(m, GO_MAP, s->name, &found)) {
        *VEC_PUSH(s->arena, &s->path) = (struct value_part){ .key = s->name };
        return true;
    }
    for (size_t i = 0; i < count; i++) {
        const struct go_field *f = &go_map_sorted(m)[i];

        *VEC_PUSH(s->arena, &s->path) = (struct value_part){ .key = f->key.ptr ? f->key : STR("") };
        if (search_value(s, &f->value, depth + 1))
            return true;
        s->path.count--;
    }
    return false;
}

static bool search_value(struct search *s, const struct go_value *v, unsigned depth)
{
    if (depth > LIMIT_TREE_DEPTH || s->left == 0)
        return false;
    s->left--;
    if (go_is_map(v) && v->type != GO_TEXTS && v->type != GO_FILES)
        return search_map(s, v->map, depth);
    if (v->type != GO_LIST)
        return false;
    for (size_t i = 0; i < v->list->count; i++) {
        *VEC_PUSH(s->arena, &s->path) = (struct value_part){ .index = i };
        if (search_value(s, &v->list->items[i], depth + 1))
            return true;
        s->path.count--;
    }
    return false;
}

bool value_path_find(struct arena *a, struct go_map *root, const struct go_map *wanted,
                     struct value_path *ret)
{
    struct search s = { .arena = a, .wanted = wanted, .left = VISITS_MAX };
    struct go_value values;
    bool found = root == wanted;

    /* A sub-chart's values are also those of Subcharts; the short way is the one that a template writes. */
    if (!found && go_map_find(root, GO_MAP, STR("Values"), &values)) {
        *VEC_PUSH(a, &s.path) = (struct value_part){ .key = STR("Values") };
        found = search_value(&s, &values, 1);
        s.path.count -= !found;
    }
    if (!found && !search_map(&s, root, 1))
        return false;
    *ret = s.path;
    return true;
}

static uint8_t least(uint8_t a, uint8_t b, uint8_t c)
{
    uint8_t least = a < b ? a : b;

    return least < c ? least : c;
}

/* How many bytes to insert, drop, change or swap with the next; case costs nothing. */
static unsigned distance(struct str a, struct str b)
{
    uint8_t rows[3][NAME_MAX_BYTES + 2] = { { 0 } };
    uint8_t *before = rows[0], *last = rows[1], *now = rows[2], *spare;

    for (size_t j = 0; j <= b.len; j++)
        last[j] = (uint8_t)j;
    for (size_t i = 1; i <= a.len; i++) {
        now[0] = (uint8_t)i;
        for (size_t j = 1; j <= b.len; j++) {
            bool same = (a.ptr[i - 1] | 0x20) == (b.ptr[j - 1] | 0x20);

            now[j] = least((uint8_t)(last[j] + 1), (uint8_t)(now[j - 1] + 1),
                           (uint8_t)(last[j - 1] + !same));
            if (i > 1 && j > 1 && a.ptr[i - 1] == b.ptr[j - 2] && a.ptr[i - 2] == b.ptr[j - 1] &&
                before[j - 2] + 1 < now[j])
                now[j] = (uint8_t)(before[j - 2] + 1);
        }
        spare = before;
        before = last;
        last = now;
        now = spare;
    }
    return last[b.len];
}

struct str value_path_guess(struct arena *a, struct go_map *near, struct str near_path,
                            struct str name)
{
    struct search s = { .arena = a, .name = name, .left = VISITS_MAX };
    unsigned best = name.len < 4 ? 2 : (unsigned)name.len / 3 + 1;
    size_t count = go_map_count(near);
    struct str found = STR("");
    struct buf path;

    for (size_t i = 0; i < count && name.len <= NAME_MAX_BYTES; i++) {
        struct str key = go_map_sorted(near)[i].key;
        unsigned d = key.len <= NAME_MAX_BYTES ? distance(name, key) : best;

        if (d < best) {
            best = d;
            found = key;
        }
    }
    buf_init(&path, a, 0);
    buf_put(&path, near_path);
    if (found.len > 0) {
        value_path_put_key(&path, found);
        return buf_str(&path);
    }
    if (!search_map(&s, near, 1))
        return STR("");
    value_path_put(&path, &s.path);
    return buf_str(&path);
}
