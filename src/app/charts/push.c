/* SPDX-License-Identifier: Apache-2.0 */
/* A packed chart to a registry. */
#include "app/charts/work.h"
#include "base/limits.h"
#include "core/helm/oci_push.h"

static struct err *open_packed(void *self, struct arena *a, struct str name, struct str bytes,
                               struct tree *ret)
{
    const struct files *files = self;

    return files->ops->open_archive(files->self, a, name, bytes, ret);
}

static struct err *load(const struct work *w, struct str file, struct str bytes,
                        struct helm_chart **ret)
{
    const struct files *files = &w->tools->files;
    const struct helm_archives archives = { open_packed, (void *)(uintptr_t)files };
    struct tree *tree = ARENA_NEW(w->arena, struct tree);
    struct tree_list top;
    struct err *e;

    if (TRY(&e, files->ops->open_archive(files->self, w->arena, file, bytes, tree)) ||
        TRY(&e, tree_list(tree, w->arena, STR(""), &top)))
        return e;
    for (size_t i = 0; i < top.count; i++)
        if (top.items[i].kind == TREE_DIR)
            return helm_chart_load(w->arena, tree, top.items[i].name, &archives, ret);
    return err_new(w->arena, ERR_INVALID, "%.*s: no folder with a chart in it", STR_ARG(file));
}

static struct err *read_chart(const struct work *w, struct str file, struct str *ret)
{
    const struct files *files = &w->tools->files;
    enum tree_kind kind;
    struct err *e;

    if (TRY(&e, files->ops->kind(files->self, w->arena, file, &kind)))
        return e;
    if (kind == TREE_ABSENT)
        return err_new(w->arena, ERR_NOT_FOUND, "%.*s: no such file", STR_ARG(file));
    if (kind == TREE_DIR)
        return err_new(w->arena, ERR_INVALID,
                       "cannot push directory, must provide chart archive (.tgz)");
    return files->ops->read(files->self, w->arena, file, LIMIT_CHART_BYTES, ret);
}

/* The .prov file beside the archive; ptr NULL where there is none. */
static struct err *read_provenance(const struct work *w, struct str file, struct str *ret)
{
    const struct files *files = &w->tools->files;
    struct err *e = files->ops->read(files->self, w->arena,
                                     str_concat(w->arena, file, STR(".prov")),
                                     LIMIT_CONFIG_FILE_BYTES, ret);

    if (!e || e->code != ERR_NOT_FOUND)
        return e;
    *ret = (struct str){ NULL, 0 };
    return NULL;
}

struct err *chart_push(const struct work *w, struct str file, struct str remote)
{
    const struct files *files = &w->tools->files;
    struct helm_oci_reference reference;
    struct str archive, provenance;
    struct helm_oci_image image;
    struct helm_chart *chart;
    struct wall_time created;
    struct err *e;

    if (TRY(&e, read_chart(w, file, &archive)) || TRY(&e, load(w, file, archive, &chart)) ||
        TRY(&e, read_provenance(w, file, &provenance)) ||
        TRY(&e, files->ops->modified(files->self, w->arena, file, &created)) ||
        TRY(&e, helm_oci_push_reference(w->arena, chart, remote, &reference)))
        return e;
    helm_oci_image_make(w->arena, chart, archive, provenance, created, &image);
    return registry_push(w, &reference, &image);
}
