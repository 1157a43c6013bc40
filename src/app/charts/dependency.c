/* SPDX-License-Identifier: Apache-2.0 */
#include "app/charts/dependency.h"

#include "core/gotmpl/quote.h"
#include "core/helm/host_path.h"

static struct err *open_packed(void *self, struct arena *a, struct str name, struct str bytes,
                               struct tree *ret)
{
    const struct files *files = self;

    return files->ops->open_archive(files->self, a, name, bytes, ret);
}

static struct helm_archives archives_of(const struct work *w)
{
    return (struct helm_archives){ open_packed, (void *)(uintptr_t)&w->tools->files };
}

struct err *dependency_load_folder(const struct work *w, struct str folder, struct helm_chart **ret)
{
    const struct files *files = &w->tools->files;
    struct helm_archives archives = archives_of(w);
    struct tree tree;
    struct str path;
    struct err *e;

    if (TRY(&e, files->ops->open_tree(files->self, w->arena, folder, &tree, &path)))
        return e;
    tree.label = str_trim_suffix(folder, STR("/"));
    return helm_chart_load(w->arena, &tree, path, &archives, ret);
}

struct err *dependency_load_archive(const struct work *w, struct str name, struct str bytes,
                                    struct helm_chart **ret)
{
    struct helm_archives archives = archives_of(w);
    struct tree_list top;
    struct tree tree;
    struct err *e;

    if (TRY(&e, archives.open(archives.self, w->arena, name, bytes, &tree)) ||
        TRY(&e, tree_list(&tree, w->arena, STR(""), &top)))
        return e;
    tree.label = name;
    for (size_t i = 0; i < top.count; i++)
        if (top.items[i].kind == TREE_DIR)
            return helm_chart_load(w->arena, &tree, top.items[i].name, &archives, ret);
    return err_new(w->arena, ERR_INVALID, "%.*s: no folder with a chart in it", STR_ARG(name));
}

struct err *dependency_check_path(const struct work *w, struct str path)
{
    const struct files *files = &w->tools->files;
    enum tree_kind kind;
    struct err *e;

    if (TRY(&e, files->ops->kind(files->self, w->arena, path, &kind)))
        return e;
    return kind != TREE_ABSENT
               ? NULL
               : err_new(w->arena, ERR_NOT_FOUND, "directory %.*s not found", STR_ARG(path));
}

struct err *dependency_index(struct dependency_run *d, struct str name,
                             const struct helm_index **ret)
{
    struct helm_index *index = map_get(&d->indexes, name);
    struct err *e;

    if (!index) {
        index = ARENA_NEW(d->work->arena, struct helm_index);
        if (TRY(&e, index_load(d->work, name, index)))
            return e;
        map_set(&d->indexes, name, index);
    }
    *ret = index;
    return NULL;
}

struct err *dependency_refresh(struct dependency_run *d, const struct helm_repositories *all)
{
    struct arena *a = d->work->arena;
    struct helm_repositories each;
    struct helm_index index;

    helm_repositories_unique(a, all, &each);
    for (size_t i = 0; i < each.count; i++) {
        const struct helm_repository *r = &each.items[i];
        bool has_name = !helm_is_unmanaged(r->name);
        struct str url = url_without_password(a, r->url);
        struct str shown = quote_go(a, has_name ? r->name : url);
        struct err *e = index_download(d->work, r, &index);

        if (!e)
            work_tell(d->work, 1, "...Successfully got an update from the %.*s chart repository\n",
                      STR_ARG(shown));
        else if (e->code == ERR_INVALID && str_has_prefix(e->msg, STR("could not find protocol")))
            return e;
        else if (has_name)
            work_tell(d->work, 1,
                      "...Unable to get an update from the %.*s chart repository (%.*s):\n\t%.*s\n",
                      STR_ARG(shown), STR_ARG(url), STR_ARG(err_line(a, e)));
        else
            work_tell(d->work, 1,
                      "...Unable to get an update from the %.*s chart repository:\n\t%.*s\n",
                      STR_ARG(shown), STR_ARG(err_line(a, e)));
    }
    return NULL;
}

static struct err *refresh_known(struct dependency_run *d)
{
    struct err *e;

    if (d->known.count == 0)
        return NULL;
    work_tell(d->work, 1, "Hang tight while we grab the latest from your chart repositories...\n");
    if (TRY(&e, dependency_refresh(d, &d->known)))
        return e;
    work_tell(d->work, 1, "Update Complete. ⎈Happy Helming!⎈\n");
    return NULL;
}

static struct err *open_run(const struct work *w, const struct chart_dependencies *how,
                            struct dependency_run *ret)
{
    const struct files *files = &w->tools->files;
    enum tree_kind kind;
    struct err *e;

    *ret = (struct dependency_run){ .work = w, .how = how };
    map_init(&ret->indexes, w->arena);
    if (TRY(&e, files->ops->kind(files->self, w->arena, how->folder, &kind)))
        return e;
    if (kind == TREE_ABSENT)
        return err_new(w->arena, ERR_NOT_FOUND,
                       "could not find %.*s: stat %.*s: no such file or directory",
                       STR_ARG(how->folder), STR_ARG(how->folder));
    if (kind == TREE_FILE)
        return err_new(w->arena, ERR_INVALID, "only unpacked charts can be updated");
    if (TRY(&e, dependency_load_folder(w, how->folder, &ret->chart)))
        return e;
    return repositories_load(w, &ret->known);
}

/* Local folders must be there before anything is fetched. */
static struct err *name_repositories(struct dependency_run *d)
{
    struct helm_dependencies *all = &d->chart->dependencies;
    struct err *e;

    d->names = ARENA_ARRAY(d->work->arena, all->count + 1, struct str);
    for (size_t i = 0; i < all->count; i++)
        if (helm_is_local(all->items[i].repository) &&
            TRY(&e, dependency_check_path(
                        d->work,
                        helm_local_path(d->work->arena, all->items[i].repository, d->how->folder))))
            return e;
    return helm_dependency_repositories(d->work->arena, all, &d->known, d->names);
}

/* Repositories that have no name here get one of their own in the cache. */
static struct err *name_unmanaged(struct dependency_run *d)
{
    const struct helm_dependencies *all = &d->chart->dependencies;
    struct helm_repositories unmanaged = { .items = NULL };
    struct arena *a = d->work->arena;

    for (size_t i = 0; i < all->count; i++) {
        const struct helm_dependency *own = &all->items[i];

        if (own->repository.len == 0 || d->names[i].len > 0)
            continue;
        d->names[i] = helm_unmanaged_name(a, own->repository);
        *VEC_PUSH(a, &unmanaged) = (struct helm_repository){ .name = d->names[i],
                                                             .url = own->repository };
    }
    if (d->how->skip_refresh || unmanaged.count == 0)
        return NULL;
    work_tell(d->work, 1, "Getting updates for unmanaged Helm repositories...\n");
    return dependency_refresh(d, &unmanaged);
}

static bool is_v1(const struct dependency_run *d)
{
    return str_is(helm_chart_field(d->chart, "apiVersion"), "v1");
}

static bool has_demands(const struct dependency_run *d)
{
    return val_is(val_get(d->chart->metadata, STR("dependencies")), VAL_SEQ);
}

static struct err *write_lock(struct dependency_run *d, const struct helm_lock *lock)
{
    const struct files *files = &d->work->tools->files;
    const struct clock *clock = &d->work->tools->clock;
    struct arena *a = d->work->arena;
    const char *name = is_v1(d) ? "requirements.lock" : "Chart.lock";
    struct str path = host_path_join(a, d->how->folder, str_from_cstr(name));
    enum tree_kind kind;
    struct err *e;

    if (TRY(&e, files->ops->kind(files->self, a, path, &kind)))
        return e;
    if (kind == TREE_SYMLINK)
        return err_new(a, ERR_INVALID, "the %s file is a symlink: it is not followed", name);
    return files->ops->write(files->self, a, path, helm_lock_format(a, lock, clock_wall(clock)),
                             FILE_SHARED);
}

static struct err *update(struct dependency_run *d)
{
    struct helm_lock lock = { .has_dependencies = true };
    struct arena *a = d->work->arena;
    struct err *e;

    if (!has_demands(d))
        return NULL;
    if (TRY(&e, name_repositories(d)) || TRY(&e, name_unmanaged(d)) ||
        (!d->how->skip_refresh && TRY(&e, refresh_known(d))) ||
        TRY(&e, dependency_resolve(d, &lock)) || TRY(&e, dependency_save(d, &lock)))
        return e;
    lock.digest = helm_lock_digest(a, &d->chart->dependencies, true, &lock);
    if (d->chart->lock && str_eq(val_get_str(d->chart->lock, "digest"), lock.digest))
        return NULL;
    return write_lock(d, &lock);
}

static struct err *out_of_sync(const struct dependency_run *d)
{
    return err_new(d->work->arena, ERR_INVALID,
                   is_v1(d)
                       ? "the lock file (requirements.lock) is out of sync with the "
                         "dependencies file (requirements.yaml). Please update the dependencies"
                       : "the lock file (Chart.lock) is out of sync with the dependencies file "
                         "(Chart.yaml). Please update the dependencies with 'helm dependency "
                         "update'");
}

static struct err *build(struct dependency_run *d, struct helm_lock *lock)
{
    const struct helm_dependencies *demanded = &d->chart->dependencies;
    struct arena *a = d->work->arena;
    struct str old = helm_lock_digest_v2(a, demanded, has_demands(d));
    struct err *e;

    if (TRY(&e, name_repositories(d)))
        return e;
    if (!str_eq(helm_lock_digest(a, demanded, has_demands(d), lock), lock->digest)) {
        if (!is_v1(d))
            return out_of_sync(d);
        work_tell(d->work, 2,
                  "level=INFO msg=\"warning: a valid Helm v3 hash was not found. Checking against "
                  "Helm v2 hash...\"\n");
        if (!str_eq(old, lock->digest))
            return out_of_sync(d);
    }
    if (TRY(&e, helm_lock_repositories_check(a, &lock->dependencies, &d->known)) ||
        (!d->how->skip_refresh && TRY(&e, refresh_known(d))))
        return e;
    return dependency_save(d, lock);
}

struct err *dependency_update(const struct work *w, const struct chart_dependencies *how)
{
    struct dependency_run d;
    struct err *e;

    if (TRY(&e, open_run(w, how, &d)))
        return e;
    return update(&d);
}

struct err *dependency_build(const struct work *w, const struct chart_dependencies *how)
{
    struct helm_lock lock;
    struct dependency_run d;
    struct err *e;

    if (TRY(&e, open_run(w, how, &d)))
        return e;
    if (!d.chart->lock)
        return update(&d);
    if (TRY(&e, helm_lock_read(w->arena, d.chart->lock,
                               is_v1(&d) ? STR("requirements.lock") : STR("Chart.lock"), &lock)))
        return e;
    return build(&d, &lock);
}
