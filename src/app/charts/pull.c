/* SPDX-License-Identifier: Apache-2.0 */
#include "app/charts/work.h"
#include "base/limits.h"
#include "core/helm/host_path.h"
#include "value/yaml.h"

static struct err *write_file(const struct work *w, struct str path, struct str bytes)
{
    const struct files *files = &w->tools->files;

    return files->ops->write(files->self, w->arena, path, bytes, FILE_SHARED);
}

/* Writes what is in a folder of the archive, as it is. */
static struct err *expand_folder(const struct work *w, const struct tree *tree, struct str path,
                                 struct str into, unsigned depth)
{
    const struct files *files = &w->tools->files;
    struct tree_list list;
    struct err *e;

    if (depth > LIMIT_PATH_DEPTH)
        return err_new(w->arena, ERR_TOO_LARGE, "%.*s: folders are nested too deep", STR_ARG(path));
    if (TRY(&e, files->ops->make_folder(files->self, w->arena, into)) ||
        TRY(&e, tree_list(tree, w->arena, path, &list)))
        return e;
    for (size_t i = 0; i < list.count; i++) {
        struct str below = STR(""), target, bytes;

        (void)tree_path_join(w->arena, path, list.items[i].name, &below);
        target = host_path_join(w->arena, into, list.items[i].name);
        if (list.items[i].kind == TREE_DIR) {
            e = expand_folder(w, tree, below, target, depth + 1);
        } else if (!TRY(&e, tree_read(tree, w->arena, below, LIMIT_CHART_BYTES, &bytes))) {
            e = write_file(w, target, bytes);
        }
        if (e)
            return e;
    }
    return NULL;
}

static struct err *chart_name(const struct work *w, const struct tree *tree, struct str folder,
                              struct str *ret)
{
    struct str path = STR(""), text;
    const struct val *v;
    struct err *e;

    (void)tree_path_join(w->arena, folder, STR("Chart.yaml"), &path);
    e = tree_read(tree, w->arena, path, LIMIT_CHART_FILE_BYTES, &text);
    if (e && e->code == ERR_NOT_FOUND)
        return err_new(w->arena, ERR_INVALID, "chart name not specified");
    if (e || TRY(&e, yaml_read(w->arena, text, STR("Chart.yaml"), YAML_SIGS_LOOSE, &v)))
        return err_wrap(w->arena, e, "cannot load Chart.yaml");
    *ret = val_get_str(v, "name");
    if (ret->len == 0)
        return err_new(w->arena, ERR_INVALID, "chart name not specified");
    if (str_is(*ret, ".") || str_is(*ret, ".."))
        return err_new(w->arena, ERR_INVALID, "chart name \"%.*s\" is not allowed", STR_ARG(*ret));
    if (str_find_byte(*ret, '/', 0) != SIZE_MAX)
        return err_new(w->arena, ERR_INVALID,
                       "chart name \"%.*s\" must not contain path separators", STR_ARG(*ret));
    return NULL;
}

static struct err *expand(const struct work *w, struct str archive, struct str bytes,
                          struct str into)
{
    const struct files *files = &w->tools->files;
    struct str folder = STR(""), name;
    struct tree_list top;
    struct tree tree;
    struct err *e;

    if (TRY(&e, files->ops->open_archive(files->self, w->arena, archive, bytes, &tree)) ||
        TRY(&e, tree_list(&tree, w->arena, STR(""), &top)))
        return e;
    for (size_t i = 0; i < top.count; i++) {
        if (top.items[i].kind != TREE_DIR)
            return err_new(w->arena, ERR_INVALID,
                           "chart illegally contains content outside the base directory");
        if (i > 0)
            return err_new(w->arena, ERR_INVALID,
                           "%.*s: more than one folder at the top: \"%.*s\" and \"%.*s\"",
                           STR_ARG(archive), STR_ARG(folder), STR_ARG(top.items[i].name));
        folder = top.items[i].name;
    }
    if (folder.len == 0)
        return err_new(w->arena, ERR_INVALID, "no files in chart archive");
    if (TRY(&e, chart_name(w, &tree, folder, &name)))
        return e;
    return expand_folder(w, &tree, folder, host_path_join(w->arena, into, name), 0);
}

/* As helm: the folder is named after the reference, the chart goes into one named after itself; mostly they are one. */
static struct err *untar(const struct work *w, struct str chart, struct str archive,
                         struct str bytes, const struct chart_pull *how)
{
    const struct files *files = &w->tools->files;
    bool is_absolute = str_has_prefix(how->untar_folder, STR("/"));
    struct str folder = is_absolute ? how->untar_folder
                                    : host_path_join(w->arena, how->folder, how->untar_folder);
    size_t slash = str_rfind_byte(chart, '/');
    struct str last = slash == SIZE_MAX ? chart : str_skip(chart, slash + 1);
    struct str claimed = str_is(folder, ".") ? last : host_path_join(w->arena, folder, last);
    enum tree_kind kind;
    struct err *e;

    if (TRY(&e, files->ops->kind(files->self, w->arena, claimed, &kind)))
        return e;
    if (kind != TREE_ABSENT)
        return err_new(w->arena, ERR_ALREADY_EXISTS,
                       "failed to untar: a file or directory with the name %.*s already exists",
                       STR_ARG(claimed));
    if (TRY(&e, files->ops->make_folder(files->self, w->arena, claimed)))
        return err_wrap(w->arena, e, "failed to untar (mkdir)");
    return expand(w, archive, bytes, folder);
}

static struct err *write_provenance(const struct work *w, const struct place *p, struct str chart,
                                    struct str path)
{
    struct str bytes;
    struct err *e = place_fetch_provenance(w, p, &bytes);

    if (!e)
        return write_file(w, str_concat(w->arena, path, STR(".prov")), bytes);
    work_tell(w, 1, "WARNING: Verification not found for %.*s: %.*s\n", STR_ARG(chart),
              STR_ARG(err_line(w->arena, e)));
    return NULL;
}

/* The provenance must be there, and vouch for the archive; then both are written. */
static struct err *check_signature(const struct work *w, const struct place *p,
                                   const struct chart_pull *how, struct signed_chart *chart)
{
    struct err *e = place_fetch_provenance(w, p, &chart->provenance);

    if (e)
        return err_wrap(w->arena, e, "failed to fetch provenance");
    return chart_verify(w, chart, how->keyring);
}

struct err *chart_pull(const struct work *w, struct str chart, const struct chart_pull *how)
{
    const struct chart_request *request = w->request;
    struct fetch_access access = fetch_access_of_request(w, request->repository);
    struct str address = chart, bytes, path, name;
    struct place p;
    struct err *e;

    if (request->repository.len > 0 &&
        TRY(&e, repository_find_chart(w, &access, chart, request->version, &address)))
        return e;
    if (TRY(&e, place_find(w, address, request->version, &access, &p)) ||
        TRY(&e, place_fetch(w, &p, &bytes)))
        return e;
    name = place_file_name(w->arena, &p);
    struct signed_chart checked = { .file_name = name, .archive = bytes };
    if (how->verify && TRY(&e, check_signature(w, &p, how, &checked)))
        return e;
    if (how->untar)
        return untar(w, chart, name, bytes, how);
    path = host_path_join(w->arena, how->folder, name);
    if (TRY(&e, write_file(w, path, bytes)))
        return e;
    if (how->verify)
        return write_file(w, str_concat(w->arena, path, STR(".prov")), checked.provenance);
    return how->with_provenance ? write_provenance(w, &p, address, path) : NULL;
}
