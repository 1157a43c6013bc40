/* SPDX-License-Identifier: Apache-2.0 */
#include "core/helm/explain_reads.h"

#include "base/limits.h"
#include "value/json.h"

enum { VARIABLE_DEPTH = 8, LINES_MAX = 50, ACTION_SHOWN = 160 };

struct lines {
    const struct explain_context *c;
    bool is_whole; /* a map or list that was read is shown whole, not the field's part of it */
    struct str seen[LINES_MAX]; /* paths that were shown under this field's step */
    size_t count;
};

/* A map or list that another read of the step went on into is not what was wanted. */
static bool is_way(const struct trace_read *reads, const struct trace_read *read)
{
    if (!go_is_map(&read->value))
        return false;
    for (const struct trace_read *other = reads; other; other = other->next)
        if (other->map == read->value.map)
            return true;
    return false;
}

/*
 * The read value was a map or list that the field is a part of (toYaml .Values.resources): how many of the field's last parts lead to a
 * scalar in it. 0: none do.
 */
static size_t parts_below(const struct explained_field *f, const struct go_value *read)
{
    for (size_t take = f->count; take > 0; take--) {
        struct go_value v = *read, next;
        size_t i = f->count - take;

        for (; i < f->count; i++) {
            const struct value_part *part = &f->parts[i];

            if (part->key.ptr && go_is_map(&v) &&
                go_map_find(v.map, (enum go_type)v.type, part->key, &next))
                v = next;
            else if (!part->key.ptr && v.type == GO_LIST && part->index < v.list->count)
                v = v.list->items[part->index];
            else
                break;
        }
        if (i == f->count && !go_is_map(&v) && !go_is_list(&v))
            return take;
    }
    return 0;
}

/* What set it: asked for by keys alone, for a list is one value. Releases and charts have no file to name. */
static struct str origin(const struct lines *l, const struct value_path *path)
{
    struct str *keys = ARENA_ARRAY(l->c->arena, path->count, struct str);
    size_t depth = 0;

    if (path->count < 2 || !path->items[0].key.ptr || !str_is(path->items[0].key, "Values"))
        return STR("");
    while (depth + 1 < path->count && path->items[depth + 1].key.ptr) {
        keys[depth] = path->items[depth + 1].key;
        depth++;
    }
    return depth > 0 ? value_origin_of(l->c->origins, keys, depth) : STR("");
}

static void put_value(struct lines *l, const struct go_value *v)
{
    struct arena *a = l->c->arena;
    const struct val *tree;
    struct str text;

    if (v->type == GO_MISSING) {
        buf_lit(l->c->out, "nothing");
        return;
    }
    if (go_to_val(a, v, &tree))
        return;
    text = json_string(a, tree, JSON_COMPACT);
    buf_put(l->c->out, str_slice(text, 0, text.len > ACTION_SHOWN ? ACTION_SHOWN : text.len));
    if (text.len > ACTION_SHOWN)
        buf_lit(l->c->out, "...");
}

/* The part of a map or list that was read which the field shows; the path grows by it. */
static struct go_value narrow(struct lines *l, const struct go_value *read, struct value_path *path)
{
    const struct explained_field *f = l->c->field;
    struct go_value v = *read, next;

    for (size_t take = parts_below(f, read); take > 0; take--) {
        const struct value_part *part = &f->parts[f->count - take];

        *VEC_PUSH(l->c->arena, path) = *part;
        if (part->key.ptr && go_map_find(v.map, (enum go_type)v.type, part->key, &next))
            v = next;
        else
            v = v.list->items[part->index];
    }
    return v;
}

static void put_read(struct lines *l, const struct trace_read *read)
{
    struct arena *a = l->c->arena;
    struct value_path path = VEC_INIT;
    struct go_value value = read->value;
    struct str from, text;
    struct buf shown;

    if (!value_path_find(a, l->c->root, read->map, &path))
        return; /* a map that the templates made themselves */
    *VEC_PUSH(a, &path) = (struct value_part){ .key = read->key };
    if (!l->is_whole && (go_is_map(&value) || value.type == GO_LIST))
        value = narrow(l, &read->value, &path);
    buf_init(&shown, a, 0);
    value_path_put(&shown, &path);
    text = buf_str(&shown);
    for (size_t i = 0; i < l->count; i++)
        if (str_eq(l->seen[i], text))
            return;
    if (l->count >= LINES_MAX)
        return;
    l->seen[l->count++] = text;
    buf_printf(l->c->out, "    %.*s: ", STR_ARG(text));
    put_value(l, &value);
    from = origin(l, &path);
    if (from.len > 0)
        buf_printf(l->c->out, "  <- %.*s", STR_ARG(from));
    buf_put_byte(l->c->out, '\n');
}

/* The latest read comes first in the list, the first one is shown first. */
static void put_reads(struct lines *l, const struct trace_read *all, const struct trace_read *read,
                      unsigned depth)
{
    const struct trace_read *items[LINES_MAX * 2];
    size_t count = 0;

    for (; read && count < sizeof items / sizeof *items; read = read->next)
        items[count++] = read;
    while (count-- > 0) {
        read = items[count];
        if (!read->map && read->set && depth < VARIABLE_DEPTH)
            put_reads(l, read->set->reads, read->set->reads, depth + 1);
        else if (read->map && !is_way(all, read))
            put_read(l, read);
    }
}

static void put_step(const struct explain_context *c, const char *word,
                     const struct trace_step *step, size_t at)
{
    struct template_place place = trace_place(step, at);
    struct str action = trace_action(step), line;
    struct lines lines = { .c = c, .is_whole = strcmp(word, "inside ") == 0 };

    (void)str_cut(&action, '\n', &line);
    buf_printf(c->out, "  %s%.*s:%u", word, STR_ARG(place.file), place.line);
    if (step->is_text)
        buf_lit(c->out, "  as it is written there");
    else
        buf_printf(c->out, "  %.*s%s",
                   STR_ARG(str_slice(line, 0, line.len > ACTION_SHOWN ? ACTION_SHOWN : line.len)),
                   action.len > 0 ? " ..." : "");
    buf_put_byte(c->out, '\n');
    put_reads(&lines, step->reads, step->reads, 0);
}

/* The ifs and ranges around a step, and what called it. */
static void put_around(const struct explain_context *c, const struct trace_origin *o)
{
    unsigned depth = 0;

    for (; o && depth++ < LIMIT_TEMPLATE_NESTING; o = o->via) {
        for (const struct trace_step *up = o->step->parent; up && up->definition; up = up->parent)
            put_step(c, "inside ", up, 0);
        if (o->via)
            put_step(c, "called by ", o->via->step, o->via->at);
    }
}

void explain_origins(const struct explain_context *c, const struct trace_origins *origins)
{
    bool has_action = false;
    const struct trace_origin *last = NULL;

    for (size_t i = 0; i < origins->count; i++)
        has_action = has_action || !origins->items[i].step->is_text;
    for (size_t i = 0; i < origins->count; i++) {
        const struct trace_origin *o = &origins->items[i];

        if (o->step->is_text && (has_action || last))
            continue; /* quotes and suffixes around what an action wrote */
        put_step(c, "", o->step, o->at);
        last = o;
    }
    if (last)
        put_around(c, last);
}
