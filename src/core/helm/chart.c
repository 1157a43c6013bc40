/* SPDX-License-Identifier: Apache-2.0 */
#include "core/helm/chart.h"

#include "base/limits.h"
#include "core/helm/ignore.h"
#include "core/helm/values.h"
#include "value/yaml.h"

/* A chart being read: where its files are and how much of the limits is left. */
struct loading {
    struct arena *arena;
    const struct helm_archives *archives;
    const struct tree *tree;
    struct helm_ignore *ignored;
    struct str label; /* how messages name it */
    size_t bytes;     /* of all files, sub-charts included */
    unsigned depth;
};

static struct err *read_one(struct loading *l, struct str path, struct str name,
                            struct helm_files *into)
{
    struct str data;
    struct err *e;
    if (into->count >= LIMIT_CHART_FILES)
        return err_new(l->arena, ERR_TOO_LARGE, "the chart has more than %u files",
                       LIMIT_CHART_FILES);
    if (TRY(&e, tree_read(l->tree, l->arena, path, LIMIT_CHART_FILE_BYTES, &data)))
        return err_wrap(l->arena, e, "error reading %.*s", STR_ARG(name));
    l->bytes += data.len;
    if (l->bytes > LIMIT_CHART_BYTES)
        return err_new(l->arena, ERR_TOO_LARGE, "the chart is larger than %llu bytes",
                       LIMIT_CHART_BYTES);
    *VEC_PUSH(l->arena, into) = (struct helm_file){ name,
                                                    str_trim_prefix(data, STR("\xEF\xBB\xBF")) };
    return NULL;
}

/* Files in the order of names, folders among them; links are followed. */
static struct err *read_folder(struct loading *l, struct str path, struct str name, unsigned depth,
                               struct helm_files *into)
{
    struct tree_list list;
    struct err *e;
    if (depth > LIMIT_PATH_DEPTH)
        return err_new(l->arena, ERR_TOO_LARGE, "%.*s: folders are nested too deep", STR_ARG(name));
    if (TRY(&e, tree_list(l->tree, l->arena, path, &list)))
        return e;
    for (size_t i = 0; i < list.count; i++) {
        struct str below = STR(""), own = STR("");
        enum tree_kind kind = list.items[i].kind;
        (void)tree_path_join(l->arena, path, list.items[i].name, &below);
        (void)tree_path_join(l->arena, name, list.items[i].name, &own);
        if (kind == TREE_SYMLINK && TRY(&e, tree_stat(l->tree, l->arena, below, &kind)))
            return e;
        if (kind == TREE_ABSENT || helm_ignore_matches(l->ignored, own, kind == TREE_DIR))
            continue;
        e = kind == TREE_DIR ? read_folder(l, below, own, depth + 1, into)
                             : read_one(l, below, own, into);
        if (e)
            return e;
    }
    return NULL;
}

static struct str place(const struct loading *l, struct str name)
{
    return l->label.len > 0 ? str_printf(l->arena, "%.*s/%.*s", STR_ARG(l->label), STR_ARG(name))
                            : name;
}

/* The files of one entry of charts/: a folder's, or a packed chart. */
struct part {
    struct str name; /* of the entry */
    struct helm_files files;
};

struct parts {
    struct part *items;
    size_t count;
    size_t cap;
};

static struct part *part_of(struct arena *a, struct parts *parts, struct str name)
{
    for (size_t i = 0; i < parts->count; i++)
        if (str_eq(parts->items[i].name, name))
            return &parts->items[i];
    struct part *p = VEC_PUSH(a, parts);
    *p = (struct part){ .name = name };
    return p;
}

static void take_sub_file(struct arena *a, const struct helm_file *f, struct parts *parts)
{
    struct str name = str_skip(f->name, 7), rest = name, entry; /* behind "charts/" */
    (void)str_cut(&rest, '/', &entry);
    struct part *p = part_of(a, parts, entry);
    *VEC_PUSH(a, &p->files) = (struct helm_file){ rest.ptr ? rest : STR(""), f->data };
}

static struct err *take_file(struct loading *l, struct helm_chart *c, const struct helm_file *f,
                             struct parts *parts)
{
    struct arena *a = l->arena;
    bool is_v1 = str_is(helm_chart_field(c, "apiVersion"), "v1");
    struct err *e = NULL;
    if (str_is(f->name, "Chart.yaml"))
        return NULL;
    if (str_is(f->name, "values.yaml"))
        return helm_values_read(a, f->data, place(l, f->name), &c->values);
    if (str_is(f->name, "values.schema.json")) {
        c->schema = f->data.len > 0 ? f->data : STR("");
    } else if (str_is(f->name, "Chart.lock") || str_is(f->name, "requirements.lock")) {
        e = yaml_read(a, f->data, place(l, f->name), YAML_SIGS_LOOSE, &c->lock);
        if (!e && is_v1 && str_is(f->name, "requirements.lock"))
            *VEC_PUSH(a, &c->files) = *f;
    } else if (str_is(f->name, "requirements.yaml")) {
        e = helm_requirements_read(a, c, f->data, place(l, f->name));
        if (!e && is_v1)
            *VEC_PUSH(a, &c->files) = *f;
    } else if (str_has_prefix(f->name, STR("templates/"))) {
        *VEC_PUSH(a, &c->templates) = *f;
    } else if (str_has_prefix(f->name, STR("charts/")) && !str_has_suffix(f->name, STR(".prov"))) {
        take_sub_file(a, f, parts);
    } else {
        *VEC_PUSH(a, &c->files) = *f;
    }
    return e;
}

static struct err *load_files(struct loading *l, const struct helm_files *files,
                              struct helm_chart **ret);

static struct err *load_packed(struct loading *l, struct part *p, struct helm_chart **ret)
{
    struct arena *a = l->arena;
    struct tree *tree = ARENA_NEW(a, struct tree);
    struct loading inner = *l;
    struct helm_files files = VEC_INIT;
    struct tree_list top;
    struct err *e;
    if (!l->archives || !l->archives->open)
        return err_new(a, ERR_UNSUPPORTED, "packed charts cannot be opened here");
    if (TRY(&e, l->archives->open(l->archives->self, a, p->name, p->files.items[0].data, tree)) ||
        TRY(&e, tree_list(tree, a, STR(""), &top)))
        return e;
    inner.tree = tree;
    for (size_t i = 0; i < top.count; i++)
        if (top.items[i].kind == TREE_DIR &&
            TRY(&e, read_folder(&inner, top.items[i].name, STR(""), 0, &files)))
            return e;
    l->bytes = inner.bytes;
    inner.depth++;
    return load_files(&inner, &files, ret);
}

static struct err *load_part(struct loading *l, struct part *p, struct helm_chart **ret)
{
    struct loading inner = *l;
    struct helm_files files = VEC_INIT;
    if (l->depth >= LIMIT_CHART_DEPTH)
        return err_new(l->arena, ERR_TOO_LARGE, "sub-charts are nested more than %u deep",
                       LIMIT_CHART_DEPTH);
    inner.label = place(l, str_concat(l->arena, STR("charts/"), p->name));
    if (str_has_suffix(p->name, STR(".tgz"))) {
        inner.ignored = NULL;
        struct err *e = helm_ignore_parse(l->arena, STR(""), STR(""), &inner.ignored);
        return e ? e : load_packed(&inner, p, ret);
    }
    for (size_t i = 0; i < p->files.count;
         i++) /* a file directly in charts/ is none of a chart's */
        if (p->files.items[i].name.len > 0)
            *VEC_PUSH(l->arena, &files) = p->files.items[i];
    inner.depth++;
    return load_files(&inner, &files, ret);
}

static struct err *load_parts(struct loading *l, struct helm_chart *c, struct parts *parts)
{
    for (size_t i = 0; i < parts->count; i++) {
        struct part *p = &parts->items[i];
        struct helm_chart *sub;
        struct err *e;
        if (p->name.len == 0 || p->name.ptr[0] == '_' || p->name.ptr[0] == '.')
            continue;
        if (TRY(&e, load_part(l, p, &sub)))
            return err_wrap(l->arena, e, "error unpacking subchart %.*s in %.*s", STR_ARG(p->name),
                            STR_ARG(c->name));
        sub->parent = c;
        sub->entry = p->name;
        *VEC_PUSH(l->arena, &c->charts) = sub;
    }
    return NULL;
}

static struct err *load_files(struct loading *l, const struct helm_files *files,
                              struct helm_chart **ret)
{
    struct arena *a = l->arena;
    struct helm_chart *c = ARENA_NEW(a, struct helm_chart);
    struct parts parts = VEC_INIT;
    struct str file = place(l, STR("Chart.yaml"));
    struct err *e;
    c->raw = *files;
    c->values = go_map_new(a, GO_MAP).map;
    for (size_t i = 0; i < files->count; i++)
        if (str_is(files->items[i].name, "Chart.yaml") &&
            TRY(&e, helm_metadata_read(a, c, files->items[i].data, file)))
            return e;
    if (!c->metadata)
        return err_new(a, ERR_NOT_FOUND, "%.*s: Chart.yaml file is missing", STR_ARG(file));
    for (size_t i = 0; i < files->count; i++)
        if (TRY(&e, take_file(l, c, &files->items[i], &parts)))
            return e;
    if (TRY(&e, helm_metadata_check(a, c, file)) || TRY(&e, load_parts(l, c, &parts)))
        return e;
    *ret = c;
    return NULL;
}

struct err *helm_chart_load(struct arena *a, const struct tree *tree, struct str path,
                            const struct helm_archives *archives, struct helm_chart **ret)
{
    struct loading l = { .arena = a, .archives = archives, .tree = tree, .label = tree->label };
    struct helm_files files = VEC_INIT;
    struct str ignore_file = STR(""), text = STR("");
    enum tree_kind kind;
    struct err *e;
    (void)tree_path_join(a, path, STR(".helmignore"), &ignore_file);
    if (TRY(&e, tree_stat(tree, a, ignore_file, &kind)) ||
        (kind == TREE_FILE &&
         TRY(&e, tree_read(tree, a, ignore_file, LIMIT_IGNORE_FILE_BYTES, &text))) ||
        TRY(&e, helm_ignore_parse(a, text, place(&l, STR(".helmignore")), &l.ignored)) ||
        TRY(&e, read_folder(&l, path, STR(""), 0, &files)))
        return e;
    return load_files(&l, &files, ret);
}

struct str helm_chart_path(struct arena *a, const struct helm_chart *c)
{
    if (!c->parent)
        return c->name;
    return str_printf(a, "%.*s/charts/%.*s", STR_ARG(helm_chart_path(a, c->parent)),
                      STR_ARG(c->name));
}

struct str helm_chart_field(const struct helm_chart *c, const char *name)
{
    return val_get_str(c->metadata, name);
}

struct err *helm_values_read(struct arena *a, struct str text, struct str name, struct go_map **ret)
{
    struct yaml_docs docs;
    struct err *e;
    struct go_map *values = go_map_new(a, GO_MAP).map;
    if (TRY(&e, yaml_read_all(a, text, name, YAML_SIGS_LOOSE, &docs)))
        return err_wrap(a, e, "cannot load %.*s", STR_ARG(name));
    for (size_t i = 0; i < docs.count; i++) {
        if (docs.items[i]->kind != VAL_MAP)
            return err_new(a, ERR_INVALID, "cannot load %.*s:%u: values must be an object, not %s",
                           STR_ARG(name), docs.items[i]->line, val_kind_name(docs.items[i]));
        struct go_value one = go_from_val(a, docs.items[i]);
        values = docs.count == 1 ? one.map : values_merge(a, values, one.map);
    }
    *ret = values;
    return NULL;
}

static bool is_manifest_file(struct str name)
{
    size_t dot = str_rfind_byte(name, '.');
    struct str extension = dot == SIZE_MAX ? STR("") : str_skip(name, dot);
    return str_eq_nocase(extension, STR(".yaml")) || str_eq_nocase(extension, STR(".yml")) ||
           str_eq_nocase(extension, STR(".json"));
}

void helm_chart_crds(struct arena *a, const struct helm_chart *c, struct helm_files *into)
{
    struct str path = helm_chart_path(a, c);
    for (size_t i = 0; i < c->files.count; i++) {
        const struct helm_file *f = &c->files.items[i];
        if (str_has_prefix(f->name, STR("crds/")) && is_manifest_file(f->name))
            *VEC_PUSH(a, into) = (struct helm_file){
                str_printf(a, "%.*s/%.*s", STR_ARG(path), STR_ARG(f->name)), f->data
            };
    }
    for (size_t i = 0; i < c->charts.count; i++)
        helm_chart_crds(a, c->charts.items[i], into);
}
