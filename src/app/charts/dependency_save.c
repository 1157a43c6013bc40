/* SPDX-License-Identifier: Apache-2.0 */
/* From a lock to the archives in charts/. Nothing is written before all of them are there. */
#include "app/charts/dependency.h"
#include "base/limits.h"
#include "core/helm/host_path.h"
#include "core/helm/package.h"

/* An archive on its way into charts/. */
struct ready {
    struct str file;         /* web-1.2.3.tgz */
    struct str bytes;        /* as it was fetched */
    const struct tree *tree; /* NULL: fetched; else what a local folder is packed as */
};

struct saving {
    struct dependency_run *run;
    const struct work *work;
    struct arena *arena;
    struct str folder; /* charts/ */
    VEC(struct ready) ready;
    struct map fetched; /* URLs */
    size_t bytes;
};

static struct err *check_constraint(const struct saving *s, const struct helm_dependency *d,
                                    struct str version, bool *ret)
{
    struct semver_constraints *constraints;
    struct semver parsed;
    struct err *e;

    if (TRY(&e, semver_constraints_parse(s->arena, d->version, &constraints)))
        return err_wrap(s->arena, e, "dependency %.*s has an invalid version/constraint format",
                        STR_ARG(d->name));
    const char *wrong = semver_parse(version, &parsed);
    if (wrong)
        return err_new(s->arena, ERR_INVALID, "invalid version %.*s for dependency %.*s: %s",
                       STR_ARG(d->version), STR_ARG(d->name), wrong);
    *ret = semver_satisfies(constraints, &parsed);
    return NULL;
}

static struct err *tell_failure(const struct saving *s, struct err *e)
{
    work_tell(s->work, 1, "Save error occurred:  %.*s\n", STR_ARG(err_line(s->arena, e)));
    return e;
}

/* One without a repository is a folder in charts/ already. */
static struct err *check_kept(const struct saving *s, const struct helm_dependency *d)
{
    struct str path = host_path_join(s->arena, s->folder, d->name);
    struct helm_chart *chart;
    bool fits;
    struct err *e;

    work_tell(s->work, 1,
              "Dependency %.*s did not declare a repository. Assuming it exists in the charts "
              "directory\n",
              STR_ARG(d->name));
    if (TRY(&e, dependency_load_folder(s->work, path, &chart)))
        return err_wrap(s->arena, e, "unable to load chart '%.*s'", STR_ARG(path));
    struct str version = helm_chart_field(chart, "version");
    if (TRY(&e, check_constraint(s, d, version, &fits)) || fits)
        return e;
    return tell_failure(
        s, err_new(s->arena, ERR_INVALID,
                   "dependency %.*s at version %.*s does not satisfy the constraint %.*s",
                   STR_ARG(d->name), STR_ARG(version), STR_ARG(d->version)));
}

static struct err *pack_folder(struct saving *s, struct helm_dependency *d)
{
    struct str path = helm_local_path(s->arena, d->repository, s->run->how->folder);
    struct helm_package_options options = { .keeps_missing = true };
    struct tree *tree = ARENA_NEW(s->arena, struct tree);
    struct helm_chart *chart;
    struct str file;
    bool fits;
    struct err *e;

    if (TRY(&e, dependency_check_path(s->work, path)) ||
        TRY(&e, dependency_load_folder(s->work, path, &chart)))
        return e;
    struct str version = helm_chart_field(chart, "version");
    if (TRY(&e, check_constraint(s, d, version, &fits)))
        return e;
    if (!fits)
        return err_new(s->arena, ERR_INVALID, "can't get a valid version for dependency %.*s",
                       STR_ARG(d->name));
    if (TRY(&e, helm_package(s->arena, chart, &options, tree, &file)))
        return e;
    *VEC_PUSH(s->arena, &s->ready) = (struct ready){ .file = file, .tree = tree };
    d->version = version;
    return NULL;
}

static bool is_version(struct str x, struct str y)
{
    struct semver a, b;

    if (semver_parse(x, &a))
        return str_eq(x, y);
    return !semver_parse(y, &b) && semver_compare(&a, &b) == 0;
}

static struct err *find_in_known(struct saving *s, const struct helm_dependency *d,
                                 const struct helm_repository *r, struct str *ret)
{
    const struct helm_index_versions *versions;
    const struct helm_index *index;
    struct err *e;

    if (TRY(&e, dependency_index(s->run, r->name, &index)))
        return e;
    versions = helm_index_versions(index, d->name);
    if (!versions)
        return err_new(s->arena, ERR_NOT_FOUND, "entry not found");
    for (size_t i = 0; i < versions->count; i++) {
        const struct val *url = helm_index_url(&versions->items[i]);

        if (url && (d->version.len == 0 || is_version(d->version, versions->items[i].version)))
            return helm_url_resolve(s->arena, d->repository, url->text, ret);
    }
    return err_new(s->arena, ERR_NOT_FOUND, "no matching version");
}

static struct err *find_url(struct saving *s, const struct helm_dependency *d,
                            struct fetch_access *ret_access, struct str *ret)
{
    const struct helm_repositories *known = &s->run->known;
    struct err *e;

    *ret_access = (struct fetch_access){ .origin = d->repository };
    for (size_t i = 0; i < known->count; i++)
        if (helm_url_is_same(s->arena, d->repository, known->items[i].url)) {
            *ret_access = fetch_access_of_repository(&known->items[i]);
            if (TRY(&e, find_in_known(s, d, &known->items[i], ret)))
                return err_wrap(s->arena, e, "could not find ");
            return NULL;
        }
    if (TRY(&e, repository_find_chart(s->work, ret_access, d->name, d->version, ret)))
        return err_wrap(s->arena, e, "could not find : chart %.*s not found in %.*s",
                        STR_ARG(d->name), STR_ARG(d->repository));
    return NULL;
}

static struct err *download(struct saving *s, struct str url, struct str version,
                            const struct fetch_access *access)
{
    struct ready own = { .file = STR("") };
    struct place place;
    struct err *e;

    if (TRY(&e, place_find(s->work, url, version, access, &place)) ||
        TRY(&e, place_fetch(s->work, &place, &own.bytes)))
        return err_wrap(s->arena, e, "could not download %.*s",
                        STR_ARG(url_without_password(s->arena, url)));
    own.file = place_file_name(s->arena, &place);
    s->bytes += own.bytes.len;
    if (s->bytes > LIMIT_DEPENDENCIES_BYTES)
        return err_new(s->arena, ERR_TOO_LARGE, "the dependencies are larger than %llu bytes",
                       LIMIT_DEPENDENCIES_BYTES);
    *VEC_PUSH(s->arena, &s->ready) = own;
    return NULL;
}

static struct err *fetch(struct saving *s, const struct helm_dependency *d)
{
    struct str url = str_printf(s->arena, "%.*s/%.*s", STR_ARG(d->repository), STR_ARG(d->name));
    struct str key, version = STR("");
    struct fetch_access access = { .origin = STR("") };
    struct err *e;

    if (helm_is_oci(d->repository)) {
        version = d->version;
        key = str_printf(s->arena, "%.*s:%.*s", STR_ARG(url), STR_ARG(version));
    } else if (TRY(&e, find_url(s, d, &access, &url))) {
        return e;
    } else {
        key = url;
    }
    if (map_get(&s->fetched, key)) {
        work_tell(s->work, 1, "Already downloaded %.*s from repo %.*s\n", STR_ARG(d->name),
                  STR_ARG(d->repository));
        return NULL;
    }
    work_tell(s->work, 1, "Downloading %.*s from repo %.*s\n", STR_ARG(d->name),
              STR_ARG(d->repository));
    /* helm asks for a registry's chart again: it remembers the name without the version it looked up */
    map_set(&s->fetched, helm_is_oci(d->repository) ? url : key, s);
    return download(s, url, version, &access);
}

static struct err *prepare_one(struct saving *s, struct helm_dependency *d)
{
    struct err *e;

    if (d->repository.len == 0)
        return check_kept(s, d);
    e = helm_is_local(d->repository) ? pack_folder(s, d) : fetch(s, d);
    return e ? tell_failure(s, e) : NULL;
}

static struct err *put(const struct saving *s, const struct ready *r)
{
    const struct files *files = &s->work->tools->files;
    struct str path = host_path_join(s->arena, s->folder, r->file);
    struct helm_chart *chart;
    struct err *e;

    if (r->tree)
        return files->ops->write_archive(files->self, s->arena, path, r->tree);
    e = dependency_load_archive(s->work, path, r->bytes, &chart);
    if (!e)
        return files->ops->write(files->self, s->arena, path, r->bytes, FILE_SHARED);
    work_tell(s->work, 1, "Could not verify %.*s for moving: %.*s (Skipping)", STR_ARG(path),
              STR_ARG(err_line(s->arena, e)));
    return NULL;
}

static bool is_ready(const struct saving *s, struct str file)
{
    for (size_t i = 0; i < s->ready.count; i++)
        if (str_eq(s->ready.items[i].file, file))
            return true;
    return false;
}

static bool is_kept(const struct helm_dependencies *all, struct str name)
{
    for (size_t i = 0; i < all->count; i++)
        if (all->items[i].repository.len == 0 && str_eq(all->items[i].name, name))
            return true;
    return false;
}

static void remove_one(const struct saving *s, const struct helm_dependencies *all, struct str file)
{
    const struct files *files = &s->work->tools->files;
    struct str path = host_path_join(s->arena, s->folder, file), bytes;
    struct helm_chart *chart;
    struct err *e = files->ops->read(files->self, s->arena, path, LIMIT_CHART_BYTES, &bytes);

    if (!e)
        e = dependency_load_archive(s->work, path, bytes, &chart);
    if (e) {
        work_tell(s->work, 1, "Could not verify %.*s for deletion: %.*s (Skipping)\n",
                  STR_ARG(path), STR_ARG(err_line(s->arena, e)));
        return;
    }
    if (is_kept(all, chart->name))
        return;
    e = files->ops->remove(files->self, s->arena, path);
    if (e)
        work_tell(s->work, 1, "Could not delete %.*s: %.*s (Skipping)", STR_ARG(path),
                  STR_ARG(err_line(s->arena, e)));
}

/* What was in charts/ before is listed first: what is put there now is not to be removed. */
static struct err *put_all(struct saving *s, const struct helm_dependencies *all)
{
    const struct files *files = &s->work->tools->files;
    struct tree_list before;
    struct tree tree;
    struct str path;
    struct err *e;

    if (TRY(&e, files->ops->open_tree(files->self, s->arena, s->folder, &tree, &path)) ||
        TRY(&e, tree_list(&tree, s->arena, path, &before)))
        return e;
    for (size_t i = 0; i < s->ready.count; i++)
        if (TRY(&e, put(s, &s->ready.items[i])))
            return e;
    work_tell(s->work, 1, "Deleting outdated charts\n");
    for (size_t i = 0; i < before.count; i++)
        if (before.items[i].kind != TREE_DIR && !is_ready(s, before.items[i].name))
            remove_one(s, all, before.items[i].name);
    return NULL;
}

/* helm wants every known repository's index in the cache. */
static struct err *check_indexes(struct dependency_run *d)
{
    const struct helm_index *index;
    struct err *e;

    for (size_t i = 0; i < d->known.count; i++)
        if (TRY(&e, dependency_index(d, d->known.items[i].name, &index)))
            return e;
    return NULL;
}

static struct err *open_charts(const struct saving *s)
{
    const struct files *files = &s->work->tools->files;
    enum tree_kind kind;
    struct err *e;

    if (TRY(&e, files->ops->kind(files->self, s->arena, s->folder, &kind)))
        return e;
    if (kind == TREE_FILE)
        return err_new(s->arena, ERR_INVALID, "\"%.*s\" is not a directory", STR_ARG(s->folder));
    return files->ops->make_folder(files->self, s->arena, s->folder);
}

struct err *dependency_save(struct dependency_run *d, struct helm_lock *lock)
{
    struct arena *a = d->work->arena;
    struct saving s = { .run = d,
                        .work = d->work,
                        .arena = a,
                        .folder = host_path_join(a, d->how->folder, STR("charts")) };
    struct err *e;

    map_init(&s.fetched, a);
    if (TRY(&e, check_indexes(d)) || TRY(&e, open_charts(&s)))
        return e;
    work_tell(d->work, 1, "Saving %zu charts\n", lock->dependencies.count);
    for (size_t i = 0; i < lock->dependencies.count; i++)
        if (TRY(&e, prepare_one(&s, &lock->dependencies.items[i])))
            return e;
    return put_all(&s, &lock->dependencies);
}
