/* SPDX-License-Identifier: Apache-2.0 */
#include "core/helm/value_sources.h"

#include "base/limits.h"
#include "value/json.h"
#include "value/yaml.h"

/* values.yaml of a chart with its places, and those of its sub-charts. */
struct defaults {
    const struct helm_chart *chart;
    const struct val *tree; /* NULL: none */
    struct str file;
    struct defaults *charts;
    size_t count;
};

struct search {
    struct arena *arena;
    const struct value_layer *layers;
    size_t layer_count;
    const struct defaults *root;
    struct buf *out;
};

/* `folder` is the chart's below the one that was named: "", "charts/db/". */
static struct defaults read_defaults(struct arena *a, const struct helm_chart *c, struct str folder)
{
    struct defaults d = { .chart = c, .count = c->charts.count };
    d.file = str_concat(a, folder, STR("values.yaml"));
    for (size_t i = 0; i < c->raw.count; i++) {
        struct yaml_docs docs;
        if (!str_is(c->raw.items[i].name, "values.yaml") ||
            yaml_read_all(a, c->raw.items[i].data, d.file, YAML_SIGS_LOOSE, &docs))
            continue; /* what does not parse was refused before */
        for (size_t j = 0; j < docs.count; j++)
            d.tree = docs.items[j];
    }
    d.charts = ARENA_ARRAY(a, d.count, struct defaults);
    for (size_t i = 0; i < d.count; i++)
        d.charts[i] = read_defaults(
            a, c->charts.items[i],
            str_printf(a, "%.*scharts/%.*s/", STR_ARG(folder), STR_ARG(c->charts.items[i]->entry)));
    return d;
}

static const struct val *at_path(const struct val *tree, const struct str *path, size_t depth)
{
    for (size_t i = 0; tree && i < depth; i++)
        tree = val_get(tree, path[i]);
    return tree;
}

static struct str placed(struct arena *a, struct str file, const struct val *v)
{
    return v->line > 0 ? str_printf(a, "%.*s:%u:%u", STR_ARG(file), v->line, (unsigned)v->column)
                       : file;
}

/* In the defaults of a chart and of the sub-chart that the path goes into. */
static struct str in_defaults(struct arena *a, const struct defaults *d, const struct str *path,
                              size_t depth)
{
    const struct val *v = at_path(d->tree, path, depth);
    if (v && depth > 0)
        return placed(a, d->file, v);
    for (size_t i = 0; depth > 1 && i < d->count; i++)
        if (str_eq(d->charts[i].chart->name, path[0]))
            return in_defaults(a, &d->charts[i], path + 1, depth - 1);
    return STR("");
}

static struct str find(const struct search *s, const struct str *path, size_t depth)
{
    for (size_t i = s->layer_count; i-- > 0;) {
        const struct val *v = at_path(s->layers[i].tree, path, depth);
        if (v)
            return placed(s->arena, s->layers[i].label, v);
    }
    return in_defaults(s->arena, s->root, path, depth);
}

/* How many parts of the path name sub-charts before "global". 0: it is no sub-chart's global. */
static size_t global_at(const struct defaults *d, const struct str *path, size_t depth)
{
    for (size_t i = 0; i < depth; i++) {
        const struct defaults *below = NULL;
        if (str_is(path[i], "global"))
            return i;
        for (size_t j = 0; j < d->count && !below; j++)
            if (str_eq(d->charts[j].chart->name, path[i]))
                below = &d->charts[j];
        if (!below)
            return 0;
        d = below;
    }
    return 0;
}

/* A parent's global wins: the outermost that has it. */
static struct str source_of(const struct search *s, const struct str *path, size_t depth)
{
    size_t prefix = global_at(s->root, path, depth);
    struct str *shorter = ARENA_ARRAY(s->arena, depth, struct str);
    for (size_t keep = 0; keep < prefix; keep++) {
        memcpy(shorter, path, keep * sizeof *path);
        memcpy(shorter + keep, path + prefix, (depth - prefix) * sizeof *path);
        struct str found = find(s, shorter, keep + depth - prefix);
        if (found.len > 0)
            return found;
    }
    return find(s, path, depth);
}

static void put_path(struct buf *out, const struct str *path, size_t depth)
{
    for (size_t i = 0; i < depth; i++) {
        if (i > 0)
            buf_put_byte(out, '.');
        for (size_t j = 0; j < path[i].len; j++) {
            if (path[i].ptr[j] == '.' || path[i].ptr[j] == '\\')
                buf_put_byte(out, '\\');
            buf_put_byte(out, path[i].ptr[j]);
        }
    }
}

static void put_values(const struct search *s, const struct val *v, struct str *path, size_t depth)
{
    if (v->kind == VAL_MAP && v->count > 0 && depth < LIMIT_TREE_DEPTH) {
        for (size_t i = 0; i < v->count; i++) {
            path[depth] = v->fields[i].key;
            put_values(s, v->fields[i].value, path, depth + 1);
        }
        return;
    }
    struct str source = source_of(s, path, depth);
    /* What Helm makes by itself, an empty map for a sub-chart or its globals, nobody has set. */
    if (source.len == 0 && v->kind == VAL_MAP)
        return;
    put_path(s->out, path, depth);
    buf_printf(s->out, ": %.*s  <- %.*s\n", STR_ARG(json_string(s->arena, v, JSON_COMPACT)),
               STR_ARG(source.len > 0 ? source : STR("import-values")));
}

struct err *helm_value_sources(struct arena *a, const struct helm_chart *c,
                               struct go_map *effective, const struct value_layer *layers,
                               size_t count, struct buf *out)
{
    struct go_value values = { .type = GO_MAP, .map = effective };
    struct defaults root = read_defaults(a, c, STR(""));
    struct search s = { a, layers, count, &root, out };
    struct str *path = ARENA_ARRAY(a, LIMIT_TREE_DEPTH + 1, struct str);
    const struct val *tree;
    struct err *e;
    if (TRY(&e, go_to_val(a, &values, &tree)))
        return e;
    if (tree->count > 0)
        put_values(&s, tree, path, 0);
    return NULL;
}

struct value_origins {
    struct search search;
    struct defaults root;
};

struct value_origins *value_origins_new(struct arena *a, const struct helm_chart *c,
                                        const struct value_layer *layers, size_t count)
{
    struct value_origins *o = ARENA_NEW(a, struct value_origins);

    o->root = read_defaults(a, c, STR(""));
    o->search = (struct search){ a, layers, count, &o->root, NULL };
    return o;
}

struct str value_origin_of(const struct value_origins *o, const struct str *path, size_t depth)
{
    return source_of(&o->search, path, depth);
}
