/* SPDX-License-Identifier: Apache-2.0 */
/* Values that templates use and no file defines, and the other way round: findings that helm does not have. */
#include "base/limits.h"
#include "base/map.h"
#include "core/gotmpl/value_path.h"
#include "core/gotmpl/value_uses.h"
#include "core/helm/lint.h"
#include "core/helm/values.h"
#include "value/yaml.h"

struct check {
    struct lint_findings *findings;
    const struct helm_chart *chart;
    struct go_map *values; /* effective */
    const struct value_uses *uses;
    struct map looked_at; /* paths as text: of every use, and of what is above it */
    struct map whole;     /* of uses of all that is below */
    struct map words;     /* all that looks like a name in templates and in values with templates */
    struct map comments;  /* keys in comments of values.yaml */
    struct map shown;
};

static struct str path_text(struct arena *a, const struct str *path, size_t count)
{
    struct buf out;

    buf_init(&out, a, 0);
    for (size_t i = 0; i < count; i++)
        value_path_put_key(&out, path[i]);
    return buf_str(&out);
}

static bool is_subchart(const struct helm_chart *c, struct str name)
{
    for (size_t i = 0; i < c->charts.count; i++)
        if (str_eq(c->charts.items[i]->name, name))
            return true;
    for (size_t i = 0; i < c->dependencies.count; i++)
        if (str_eq(c->dependencies.items[i].name, name) ||
            str_eq(c->dependencies.items[i].alias, name))
            return true;
    return false;
}

/* What other charts fill in or read: a sub-chart's part, globals, what Helm itself looks at. */
static bool is_shared(const struct check *k, struct str name)
{
    return str_is(name, "global") || str_is(name, "tags") || str_is(name, "exports") ||
           is_subchart(k->chart, name);
}

/* How many parts of the path are defined; *ret is the map where it ends. A map without keys, a null and what is no map take all. */
static size_t defined_parts(struct go_map *values, const struct value_use *u, struct go_map **ret)
{
    struct go_value v = { .type = GO_VALUES, .map = values };

    for (size_t i = 0; i < u->count; i++) {
        if (!go_is_map(&v) || go_map_count(v.map) == 0)
            return u->count;
        *ret = v.map;
        if (!go_map_find(v.map, GO_MAP, u->path[i], &v))
            return i;
    }
    return u->count;
}

/* Whether values.yaml has the key in a comment, with a colon behind it: said to be there, though not set. */
static bool is_commented(const struct check *k, struct str key)
{
    return map_get(&k->comments, key) != NULL;
}

static void find_undefined(struct check *k, const struct value_use *u)
{
    struct str own = str_concat(k->findings->arena, helm_chart_path(k->findings->arena, k->chart),
                                STR("/templates/"));
    struct arena *a = k->findings->arena;
    struct go_map *map = k->values, *ignored;
    struct str text, guess, place;
    size_t defined;

    /* What a library chart may be given is its own affair; a default of null is gone from the effective values. */
    if (u->is_guess || u->count == 0 || is_shared(k, u->path[0]) ||
        !str_has_prefix(u->place.file, own) ||
        (defined = defined_parts(k->values, u, &map)) == u->count ||
        defined_parts(k->chart->values, u, &ignored) == u->count ||
        is_commented(k, u->path[defined]))
        return;
    text = path_text(a, u->path, defined + 1);
    if (map_set(&k->shown, text, k))
        return;
    guess = value_path_guess(a, map, path_text(a, u->path, defined), u->path[defined]);
    place = str_printf(a, "templates/%.*s:%u", STR_ARG(str_skip(u->place.file, own.len)),
                       u->place.line);
    lint_add(k->findings, LINT_INFO, place, ".Values%.*s is in no values file%s%.*s%s",
             STR_ARG(text), guess.len > 0 ? ": did you mean .Values" : "", STR_ARG(guess),
             guess.len > 0 ? "?" : "");
}

static void add_uses(struct check *k)
{
    for (size_t i = 0; i < k->uses->count; i++) {
        const struct value_use *u = &k->uses->items[i];

        for (size_t depth = 0; depth <= u->count; depth++)
            (void)map_set(&k->looked_at, path_text(k->findings->arena, u->path, depth), k);
        if (u->is_whole)
            (void)map_set(&k->whole, path_text(k->findings->arena, u->path, u->count), k);
    }
}

static bool is_used(const struct check *k, const struct str *path, size_t count)
{
    struct arena *a = k->findings->arena;

    if (map_get(&k->looked_at, path_text(a, path, count)))
        return true;
    for (size_t depth = 0; depth <= count; depth++)
        if (map_get(&k->whole, path_text(a, path, depth)))
            return true;
    return false;
}

static bool is_word_byte(char c)
{
    return c == '_' || c == '-' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
           (c >= 'a' && c <= 'z') || (uint8_t)c >= 0x80;
}

static void add_words(struct check *k, struct str text)
{
    for (size_t at = 0; at < text.len;) {
        size_t from = at;

        while (at < text.len && is_word_byte(text.ptr[at]))
            at++;
        if (at > from)
            (void)map_set(&k->words, str_slice(text, from, at), k);
        at += at == from;
    }
}

/* Keys that lines of comments have: "# nodePort: 30080". */
static void add_comments(struct check *k, struct str text)
{
    struct str line;

    while (str_cut(&text, '\n', &line)) {
        line = str_trim(line);
        for (size_t at = 0; str_has_prefix(line, STR("#")) && at < line.len;) {
            size_t from = at;

            while (at < line.len && is_word_byte(line.ptr[at]))
                at++;
            if (at > from && at < line.len && line.ptr[at] == ':')
                (void)map_set(&k->comments, str_slice(line, from, at), k);
            at += at == from;
        }
    }
}

static void add_chart_words(struct check *k, const struct helm_chart *c)
{
    for (size_t i = 0; i < c->raw.count; i++) {
        struct str name = c->raw.items[i].name;

        /* Templates may read files and values as templates; notes and Chart.yaml (conditions) count too. */
        if (!str_has_prefix(name, STR("charts/")) && !str_has_prefix(name, STR("ci/")) &&
            !str_has_prefix(name, STR("values")) && !str_has_suffix(name, STR(".md")))
            add_words(k, c->raw.items[i].data);
    }
    for (size_t i = 0; i < c->charts.count; i++)
        add_chart_words(k, c->charts.items[i]);
}

/* Texts with actions in them, which tpl may be given. */
static void add_value_words(struct check *k, const struct val *v)
{
    if (v->kind == VAL_STRING && str_contains(v->text, STR("{{")))
        add_words(k, v->text);
    for (uint32_t i = 0; (v->kind == VAL_MAP || v->kind == VAL_SEQ) && i < v->count; i++)
        add_value_words(k, v->kind == VAL_MAP ? v->fields[i].value : v->items[i]);
}

/* Nothing at or below the path is used, by analysis or by a name that stands anywhere. */
static bool is_unused(const struct check *k, const struct val *v, struct str *path, size_t count)
{
    if (is_used(k, path, count) || map_get(&k->words, path[count - 1]))
        return false;
    for (uint32_t i = 0; v->kind == VAL_MAP && count < LIMIT_TREE_DEPTH && i < v->count; i++) {
        path[count] = v->fields[i].key;
        if (!is_unused(k, v->fields[i].value, path, count + 1))
            return false;
    }
    return true;
}

static void find_unused(struct check *k, const struct val *map, struct str *path, size_t count)
{
    for (uint32_t i = 0; map->kind == VAL_MAP && i < map->count; i++) {
        const struct val_field *f = &map->fields[i];

        path[count] = f->key;
        if (count == 0 && is_shared(k, f->key))
            continue;
        if (is_unused(k, f->value, path, count + 1))
            lint_add(k->findings, LINT_INFO,
                     str_printf(k->findings->arena, "values.yaml:%u", f->line),
                     "%.*s is used by no template",
                     STR_ARG(str_skip(path_text(k->findings->arena, path, count + 1), 1)));
        else if (count + 1 < LIMIT_TREE_DEPTH)
            find_unused(k, f->value, path, count + 1);
    }
}

static void read_comments(struct check *k)
{
    for (size_t i = 0; i < k->chart->raw.count; i++)
        if (str_is(k->chart->raw.items[i].name, "values.yaml"))
            add_comments(k, k->chart->raw.items[i].data);
}

static void find_all_unused(struct check *k)
{
    struct arena *a = k->findings->arena;
    struct str *path = ARENA_ARRAY(a, LIMIT_TREE_DEPTH + 1, struct str);

    add_chart_words(k, k->chart);
    for (size_t i = 0; i < k->chart->raw.count; i++) {
        struct yaml_docs docs;

        if (!str_is(k->chart->raw.items[i].name, "values.yaml") ||
            yaml_read_all(a, k->chart->raw.items[i].data, STR("values.yaml"), YAML_SIGS_LOOSE,
                          &docs))
            continue; /* what does not parse is an error already */
        for (size_t j = 0; j < docs.count; j++)
            add_value_words(k, docs.items[j]);
        for (size_t j = 0; j < docs.count; j++)
            find_unused(k, docs.items[j], path, 0);
    }
}

void lint_value_uses(struct lint_findings *f, const struct helm_chart *c,
                     const struct helm_release *r)
{
    struct value_uses uses;
    struct check k = { .findings = f, .chart = c, .values = r->values, .uses = &uses };

    helm_release_value_uses(r, &uses);
    map_init(&k.shown, f->arena);
    map_init(&k.words, f->arena);
    map_init(&k.looked_at, f->arena);
    map_init(&k.whole, f->arena);
    map_init(&k.comments, f->arena);
    add_uses(&k);
    read_comments(&k);
    for (size_t i = 0; i < uses.count; i++)
        find_undefined(&k, &uses.items[i]);
    find_all_unused(&k);
}
