/* SPDX-License-Identifier: Apache-2.0 */
/* Repositories get names, lose them, and are asked for news. */
#include "app/charts/work.h"
#include "base/buf.h"
#include "base/vec.h"
#include "core/gotmpl/quote.h"

static const struct {
    struct str old_url;
    const char *new_url;
} gone[] = { { STR_INIT("//kubernetes-charts.storage.googleapis.com"),
               "https://charts.helm.sh/stable" },
             { STR_INIT("//kubernetes-charts-incubator.storage.googleapis.com"),
               "https://charts.helm.sh/incubator" } };

static struct err *save(const struct work *w, const struct helm_repositories *all)
{
    const struct files *files = &w->tools->files;
    struct str path = w->request->homes.repositories, folder = tree_path_dir(path);
    struct err *e;

    if (folder.len > 0 && TRY(&e, files->ops->make_folder(files->self, w->arena, folder)))
        return e;
    return files->ops->write(files->self, w->arena, path, helm_repositories_format(w->arena, all),
                             FILE_PRIVATE);
}

static bool is_same(const struct helm_repository *x, const struct helm_repository *y)
{
    return str_eq(x->name, y->name) && str_eq(x->url, y->url) && str_eq(x->username, y->username) &&
           secret_is_set(x->password) == secret_is_set(y->password) &&
           (!secret_is_set(x->password) || secret_eq(x->password, y->password)) &&
           str_eq(x->ca_file, y->ca_file) && str_eq(x->cert_file, y->cert_file) &&
           str_eq(x->key_file, y->key_file) && x->skip_verify == y->skip_verify &&
           x->pass_credentials == y->pass_credentials;
}

static struct err *check_name(const struct work *w, const struct chart_repository *own)
{
    for (size_t i = 0; i < sizeof gone / sizeof *gone; i++)
        if (str_contains(own->url, gone[i].old_url))
            return err_new(w->arena, ERR_INVALID,
                           "repo %.*s is no longer available; try \"%s\" instead",
                           STR_ARG(quote_go(w->arena, own->url)), gone[i].new_url);
    if (str_find_byte(own->name, '/', 0) != SIZE_MAX)
        return err_new(w->arena, ERR_INVALID,
                       "repository name (%.*s) contains '/', please specify a different name "
                       "without '/'",
                       STR_ARG(own->name));
    return NULL;
}

static void put(struct arena *a, struct helm_repositories *all, const struct helm_repository *own)
{
    for (size_t i = 0; i < all->count; i++)
        if (str_eq(all->items[i].name, own->name)) {
            all->items[i] = *own;
            return;
        }
    all->items = vec_grow(a, all->items, all->count, &all->cap, sizeof *all->items);
    all->items[all->count++] = *own;
}

struct err *repository_add(const struct work *w, const struct chart_repository *repository,
                           bool replace)
{
    const struct chart_access *access = &w->request->access;
    struct helm_repository own = { .name = repository->name,
                                   .url = repository->url,
                                   .username = access->username,
                                   .password = access->password,
                                   .ca_file = access->ca_file,
                                   .cert_file = access->cert_file,
                                   .key_file = access->key_file,
                                   .skip_verify = access->skip_verify,
                                   .pass_credentials = access->pass_credentials };
    const struct helm_repository *other;
    struct str shown = quote_go(w->arena, own.name);
    struct helm_repositories all;
    struct helm_index index;
    struct err *e;

    if (TRY(&e, check_name(w, repository)) || TRY(&e, repositories_load(w, &all)))
        return e;
    other = replace ? NULL : helm_repository_find(&all, own.name);
    if (other && !is_same(other, &own))
        return err_new(w->arena, ERR_ALREADY_EXISTS,
                       "repository name (%.*s) already exists, please specify a different name",
                       STR_ARG(own.name));
    if (other) {
        work_tell(w, 1, "%.*s already exists with the same configuration, skipping\n",
                  STR_ARG(shown));
        return NULL;
    }
    if (TRY(&e, index_download(w, &own, &index))) {
        if (str_has_prefix(e->msg, STR("could not find protocol")))
            return e;
        return err_wrap(w->arena, e,
                        "looks like %.*s is not a valid chart repository or cannot be reached",
                        STR_ARG(quote_go(w->arena, url_without_password(w->arena, own.url))));
    }
    put(w->arena, &all, &own);
    if (TRY(&e, save(w, &all)))
        return e;
    work_tell(w, 1, "%.*s has been added to your repositories\n", STR_ARG(shown));
    return NULL;
}

static bool take_out(struct helm_repositories *all, struct str name)
{
    size_t kept = 0, before = all->count;

    for (size_t i = 0; i < before; i++)
        if (!str_eq(all->items[i].name, name))
            all->items[kept++] = all->items[i];
    all->count = kept;
    return kept < before;
}

struct err *repository_remove(const struct work *w, const struct str *names, size_t count)
{
    struct helm_repositories all;
    struct err *e;

    if (TRY(&e, repositories_load(w, &all)))
        return e;
    if (all.count == 0)
        return err_new(w->arena, ERR_NOT_FOUND, "no repositories configured");
    for (size_t i = 0; i < count; i++) {
        struct str shown = quote_go(w->arena, names[i]);

        if (!take_out(&all, names[i]))
            return err_new(w->arena, ERR_NOT_FOUND, "no repo named %.*s found", STR_ARG(shown));
        if (TRY(&e, save(w, &all)) || TRY(&e, index_forget(w, names[i])))
            return e;
        work_tell(w, 1, "%.*s has been removed from your repositories\n", STR_ARG(shown));
    }
    return NULL;
}

static bool is_wanted(struct str name, const struct str *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(names[i], name))
            return true;
    return count == 0;
}

static bool update_one(const struct work *w, const struct helm_repository *r)
{
    struct str shown = quote_go(w->arena, r->name);
    struct helm_index index;
    struct err *e = index_download(w, r, &index);

    if (e)
        work_tell(w, 1,
                  "...Unable to get an update from the %.*s chart repository (%.*s):\n\t%.*s\n",
                  STR_ARG(shown), STR_ARG(url_without_password(w->arena, r->url)),
                  STR_ARG(err_line(w->arena, e)));
    else
        work_tell(w, 1, "...Successfully got an update from the %.*s chart repository\n",
                  STR_ARG(shown));
    return !e;
}

struct err *repository_update(const struct work *w, const struct str *names, size_t count)
{
    struct helm_repositories all;
    struct buf failed;
    struct err *e;

    buf_init(&failed, w->arena, 0);
    if (TRY(&e, repositories_load(w, &all)))
        return e;
    if (all.count == 0)
        return err_new(w->arena, ERR_NOT_FOUND,
                       "no repositories found. You must add one before updating");
    for (size_t i = 0; i < count; i++)
        if (!helm_repository_find(&all, names[i]))
            return err_new(w->arena, ERR_NOT_FOUND,
                           "no repositories found matching '%.*s'.  Nothing will be updated",
                           STR_ARG(names[i]));
    work_tell(w, 1, "Hang tight while we grab the latest from your chart repositories...\n");
    for (size_t i = 0; i < all.count; i++)
        if (is_wanted(all.items[i].name, names, count) && !update_one(w, &all.items[i]))
            buf_printf(&failed, "%s%.*s", failed.len > 0 ? " " : "",
                       STR_ARG(url_without_password(w->arena, all.items[i].url)));
    if (failed.len > 0)
        return err_new(w->arena, ERR_UNAVAILABLE,
                       "failed to update the following repositories: [%.*s]",
                       STR_ARG(buf_str(&failed)));
    work_tell(w, 1, "Update Complete. ⎈Happy Helming!⎈\n");
    return NULL;
}
