/* SPDX-License-Identifier: Apache-2.0 */
/* index.yaml for the archives in a folder and in the folders directly below it. */
#include "app/charts/dependency.h"
#include "base/limits.h"
#include "core/helm/host_path.h"
#include "core/helm/index_build.h"
#include "foreign/digest.h"

struct making {
    const struct work *work;
    const struct chart_index *how;
    struct helm_index_build index;
};

/* What is no chart is passed over. */
static struct err *add_one(struct making *m, struct str folder, struct str file)
{
    const struct files *files = &m->work->tools->files;
    const struct clock *clock = &m->work->tools->clock;
    struct arena *a = m->work->arena;
    struct str path = host_path_join(a, host_path_join(a, m->how->folder, folder), file), bytes;
    struct helm_chart *chart;
    struct err *e;

    if (TRY(&e, files->ops->read(files->self, a, path, LIMIT_CHART_BYTES, &bytes)))
        return e;
    if (!dependency_load_archive(m->work, path, bytes, &chart))
        helm_index_build_add(&m->index, chart, helm_index_url_join(a, m->how->url, folder, file),
                             digest_hex(a, DIGEST_SHA256, bytes), clock_wall(clock));
    return NULL;
}

static struct err *add_folder(struct making *m, struct str folder, const struct tree *tree,
                              struct str path)
{
    struct tree_list list;
    struct err *e;

    if (TRY(&e, tree_list(tree, m->work->arena, path, &list)))
        return e;
    for (size_t i = 0; i < list.count; i++)
        if (list.items[i].kind != TREE_DIR && str_has_suffix(list.items[i].name, STR(".tgz")) &&
            TRY(&e, add_one(m, folder, list.items[i].name)))
            return e;
    return NULL;
}

static struct err *add_all(struct making *m)
{
    const struct files *files = &m->work->tools->files;
    struct arena *a = m->work->arena;
    struct tree_list list;
    struct tree tree;
    struct str path;
    struct err *e;

    if (TRY(&e, files->ops->open_tree(files->self, a, m->how->folder, &tree, &path)) ||
        TRY(&e, add_folder(m, STR(""), &tree, path)) || TRY(&e, tree_list(&tree, a, path, &list)))
        return e;
    for (size_t i = 0; i < list.count; i++) {
        struct str below = STR("");

        if (list.items[i].kind == TREE_DIR && tree_path_join(a, path, list.items[i].name, &below) &&
            TRY(&e, add_folder(m, list.items[i].name, &tree, below)))
            return e;
    }
    return NULL;
}

static struct err *write_index(struct making *m, struct helm_index_build *index, struct str path)
{
    const struct files *files = &m->work->tools->files;
    const struct clock *clock = &m->work->tools->clock;

    return files->ops->write(files->self, m->work->arena, path,
                             helm_index_build_format(index, clock_wall(clock), m->how->as_json),
                             FILE_SHARED);
}

/* One that is not there is made, empty, as helm does. */
static struct err *merge(struct making *m)
{
    const struct files *files = &m->work->tools->files;
    struct helm_index_build empty;
    struct helm_index other;
    struct str text;
    struct err *e;

    if (m->how->merge.len == 0)
        return NULL;
    e = files->ops->read(files->self, m->work->arena, m->how->merge, LIMIT_INDEX_BYTES, &text);
    if (e && e->code == ERR_NOT_FOUND) {
        helm_index_build_init(&empty, m->work->arena);
        return write_index(m, &empty, m->how->merge);
    }
    if (e || TRY(&e, helm_index_read(m->work->arena, text, m->how->merge, &other)))
        return err_wrap(m->work->arena, e, "merge failed: error loading %.*s",
                        STR_ARG(m->how->merge));
    helm_index_build_merge(&m->index, &other);
    return NULL;
}

struct err *repository_index(const struct work *w, const struct chart_index *how)
{
    struct making m = { .work = w, .how = how };
    struct err *e;

    helm_index_build_init(&m.index, w->arena);
    if (TRY(&e, add_all(&m)) || TRY(&e, merge(&m)))
        return e;
    return write_index(&m, &m.index, host_path_join(w->arena, how->folder, STR("index.yaml")));
}
