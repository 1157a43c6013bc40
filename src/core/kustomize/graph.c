/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kustomize/graph.h"

#include "core/kustomize/spec.h"

/* Where a kustomization names files: a list of paths, of objects with a path, or of generators. */
static const struct {
    const char *field;
    const char *below; /* NULL: the entry itself */
    bool folders;      /* may name kustomizations */
} sources[] = {
    { "resources", NULL, true },
    { "components", NULL, true },
    { "generators", NULL, true },
    { "transformers", NULL, true },
    { "validators", NULL, true },
    { "configurations", NULL, false },
    { "crds", NULL, false },
    { "patches", "path", false },
    { "patchesStrategicMerge", NULL, false },
    { "patchesJson6902", "path", false },
    { "replacements", "path", false },
    { "configMapGenerator", "files", false },
    { "configMapGenerator", "envs", false },
    { "secretGenerator", "files", false },
    { "secretGenerator", "envs", false },
};

struct walk {
    struct kust_build build;
    struct kustomize_graph *graph;
    struct kust_strs visited; /* kustomization files */
};

static struct err *walk_dir(struct walk *w, const struct kust_dir *dir,
                            const struct kust_spec *spec);

static bool visit(struct walk *w, struct str file)
{
    for (size_t i = 0; i < w->visited.count; i++)
        if (str_eq(w->visited.items[i], file))
            return false;
    *VEC_PUSH(w->build.arena, &w->visited) = file;
    return true;
}

static struct kustomize_edge *add_edge(struct walk *w, const struct kust_dir *dir,
                                       const char *field, const struct val *at)
{
    struct kustomize_edge *edge = VEC_PUSH(w->build.arena, w->graph);
    *edge = (struct kustomize_edge){ .from = dir->file,
                                     .to = val_str(at),
                                     .field = str_from_cstr(field),
                                     .line = at->line,
                                     .depth = dir->depth };
    return edge;
}

static struct err *walk_folder(struct walk *w, const struct kust_dir *dir, const char *field,
                               const struct val *at)
{
    struct kust_dir *sub = ARENA_NEW(w->build.arena, struct kust_dir);
    struct kust_spec spec;
    struct err *e;
    if (TRY(&e, kust_enter(&w->build, dir, val_str(at), sub)) ||
        TRY(&e, kust_spec_load(&w->build, sub, &spec)))
        return kust_report(&w->build, dir, field, at, e);
    sub->named_at = str_printf(w->build.arena, "%.*s:%u:%u: %s", STR_ARG(dir->file), at->line,
                               (unsigned)at->column, field);
    struct kustomize_edge *edge = add_edge(w, dir, field, at);
    edge->to = sub->file;
    edge->is_folder = true;
    edge->seen = !visit(w, sub->file);
    return edge->seen ? NULL : walk_dir(w, sub, &spec);
}

/* A path, or a text with the object itself, which names no file. */
static struct err *walk_entry(struct walk *w, const struct kust_dir *dir, const char *field,
                              const struct val *at, bool folders)
{
    struct kust_build *b = &w->build;
    struct str path = val_str(at), clean;
    struct kustomize_remote remote;
    enum tree_kind kind = TREE_FILE;
    struct err *e;
    if (path.len == 0 || str_contains(path, STR("\n")) || str_contains(path, STR("{")))
        return NULL;
    size_t equals = str_find_byte(path, '=', 0);
    bool url = str_contains(path, STR("://")) || kustomize_remote_parse(b->arena, path, &remote);
    if (!url && !folders && equals != SIZE_MAX)
        path = str_skip(path, equals + 1); /* key=path of a generator */
    if (!url && TRY(&e, kust_stat(b, dir, path, &kind)))
        return kust_report(b, dir, field, at, e);
    if (folders && kind == TREE_DIR)
        return walk_folder(w, dir, field, at);
    struct kustomize_edge *edge = add_edge(w, dir, field, at);
    if (!url && tree_path_join(b->arena, dir->path, path, &clean))
        edge->to = kust_show(b, dir, clean);
    return NULL;
}

static struct err *walk_list(struct walk *w, const struct kust_dir *dir, const char *field,
                             const struct val *list, bool folders)
{
    struct err *e;
    for (size_t i = 0; val_is(list, VAL_SEQ) && i < list->count; i++)
        if (TRY(&e, walk_entry(w, dir, field, list->items[i], folders)))
            return e;
    return NULL;
}

static struct err *walk_dir(struct walk *w, const struct kust_dir *dir,
                            const struct kust_spec *spec)
{
    struct err *e;
    for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++) {
        const char *field = sources[i].field, *below = sources[i].below;
        const struct val *list = val_get(spec->value, str_from_cstr(field));
        if (!below && TRY(&e, walk_list(w, dir, field, list, sources[i].folders)))
            return e;
        for (size_t j = 0; below && j < val_count(list); j++) {
            const struct val *v = val_get(list->items[j], str_from_cstr(below));
            e = val_is(v, VAL_STRING) ? walk_entry(w, dir, field, v, false)
                                      : walk_list(w, dir, field, v, false);
            if (e)
                return e;
        }
    }
    const struct val *openapi = val_at(spec->value, "openapi.path");
    return openapi ? walk_entry(w, dir, "openapi", openapi, false) : NULL;
}

struct err *kustomize_graph(struct arena *a, const struct kustomize_options *options,
                            const struct tree *tree, struct str path, struct kustomize_graph *ret)
{
    struct walk *w = ARENA_NEW(a, struct walk);
    struct kust_dir dir;
    struct kust_spec spec;
    struct err *e;
    *ret = (struct kustomize_graph){ .items = NULL };
    w->build = (struct kust_build){ .arena = a, .options = options };
    w->graph = ret;
    if (TRY(&e, kust_start_dir(&w->build, tree, path, &dir)) ||
        TRY(&e, kust_spec_load(&w->build, &dir, &spec)))
        return e;
    ret->start = dir.file;
    (void)visit(w, dir.file);
    if (TRY(&e, walk_dir(w, &dir, &spec)) || w->build.errors.count > 0)
        return kust_reported(&w->build);
    return NULL;
}
