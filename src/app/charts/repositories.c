/* SPDX-License-Identifier: Apache-2.0 */
#include "app/charts/work.h"
#include "base/buf.h"
#include "base/limits.h"
#include "core/gotmpl/quote.h"
#include "core/helm/host_path.h"

struct err *repositories_load(const struct work *w, struct helm_repositories *ret)
{
    const struct files *files = &w->tools->files;
    struct str path = w->request->homes.repositories, text;
    struct err *e = files->ops->read(files->self, w->arena, path, LIMIT_CONFIG_FILE_BYTES, &text);

    *ret = (struct helm_repositories){ .items = NULL };
    if (e && e->code == ERR_NOT_FOUND)
        return NULL;
    if (e)
        return err_wrap(w->arena, e, "couldn't load repositories file (%.*s)", STR_ARG(path));
    return helm_repositories_read(w->arena, text, path, ret);
}

static struct str cache_file(const struct work *w, struct str name, const char *what)
{
    struct str file = str_printf(w->arena, "%.*s%s%s", STR_ARG(name), name.len > 0 ? "-" : "",
                                 what);

    return host_path_join(w->arena, w->request->homes.repository_cache, file);
}

static void tell_faults(const struct work *w, const struct helm_index *index, struct str source)
{
    for (size_t i = 0; i < index->fault_count; i++) {
        const struct helm_index_fault *f = &index->faults[i];

        work_tell(w, 2,
                  "level=WARN msg=\"skipping loading invalid entry for chart\" name=%.*s "
                  "version=%.*s source=%.*s error=%.*s\n",
                  STR_ARG(work_log_value(w->arena, f->chart)),
                  STR_ARG(work_log_value(w->arena, f->version)),
                  STR_ARG(work_log_value(w->arena, source)),
                  STR_ARG(work_log_value(w->arena, f->reason)));
    }
}

struct err *index_load(const struct work *w, struct str name, struct helm_index *ret)
{
    const struct files *files = &w->tools->files;
    struct str path = cache_file(w, name, "index.yaml"), text;
    struct err *e;

    if (TRY(&e, files->ops->read(files->self, w->arena, path, LIMIT_INDEX_BYTES, &text)))
        return e;
    if (TRY(&e, helm_index_read(w->arena, text, path, ret)))
        return err_wrap(w->arena, e, "error loading %.*s", STR_ARG(path));
    tell_faults(w, ret, path);
    return NULL;
}

/* Names of charts, a line each, for completion. */
static struct str chart_names(const struct work *w, const struct helm_index *index)
{
    struct buf out;

    buf_init(&out, w->arena, 0);
    for (size_t i = 0; i < index->charts.entry_count; i++)
        buf_printf(&out, "%.*s\n", STR_ARG(index->charts.entries[i].key));
    return buf_str(&out);
}

static struct err *put_into_cache(const struct work *w, struct str name, struct str text,
                                  const struct helm_index *index)
{
    const struct files *files = &w->tools->files;
    struct str folder = w->request->homes.repository_cache;
    struct err *e;

    if (TRY(&e, files->ops->make_folder(files->self, w->arena, folder)) ||
        TRY(&e, files->ops->write(files->self, w->arena, cache_file(w, name, "charts.txt"),
                                  chart_names(w, index), FILE_SHARED)))
        return e;
    return files->ops->write(files->self, w->arena, cache_file(w, name, "index.yaml"), text,
                             FILE_SHARED);
}

struct err *index_forget(const struct work *w, struct str name)
{
    const struct files *files = &w->tools->files;
    const char *const both[] = { "charts.txt", "index.yaml" };
    struct err *e;

    for (size_t i = 0; i < sizeof both / sizeof *both; i++)
        if (TRY(&e, files->ops->remove(files->self, w->arena, cache_file(w, name, both[i]))) &&
            e->code != ERR_NOT_FOUND)
            return e;
    return NULL;
}

static struct err *check_scheme(const struct work *w, struct str url, struct str *ret)
{
    struct url u;

    if (url_parse(w->arena, url, &u))
        return err_new(w->arena, ERR_INVALID, "invalid chart URL format: %.*s",
                       STR_ARG(url_without_password(w->arena, url)));
    if (!str_is(u.scheme, "http") && !str_is(u.scheme, "https") && !str_is(u.scheme, "oci"))
        return err_new(w->arena, ERR_INVALID, "could not find protocol handler for: %.*s",
                       STR_ARG(u.scheme));
    *ret = u.scheme;
    return NULL;
}

static struct err *download(const struct work *w, const struct fetch_access *access,
                            struct str repository, struct str *ret)
{
    struct str url, scheme;
    struct err *e;

    if (TRY(&e, check_scheme(w, repository, &scheme)) ||
        TRY(&e, helm_url_resolve(w->arena, repository, STR("index.yaml"), &url)))
        return e;
    if (str_is(scheme, "oci"))
        return registry_chart(w, url, false, ret);
    return fetch_document(w, access, url, LIMIT_INDEX_BYTES, ret);
}

struct err *index_download(const struct work *w, const struct helm_repository *r,
                           struct helm_index *ret)
{
    struct fetch_access access = fetch_access_of_repository(r);
    struct str text;
    struct err *e;

    if (TRY(&e, download(w, &access, r->url, &text)) ||
        TRY(&e, helm_index_read(w->arena, text, r->url, ret)))
        return e;
    tell_faults(w, ret, r->url);
    return r->name.len > 0 ? put_into_cache(w, r->name, text, ret) : NULL;
}

struct err *index_choose(const struct work *w, const struct helm_index *index, struct str chart,
                         struct str version, const struct helm_index_entry **ret)
{
    bool is_fallback = false;
    struct err *e;

    if (TRY(&e, helm_index_get(w->arena, index, chart, version, ret, &is_fallback)))
        return e;
    if (is_fallback)
        work_tell(
            w, 2,
            "level=WARN msg=\"unable to find exact version requested; falling back to closest "
            "available version\" chart=%.*s requested=%.*s selected=%.*s\n",
            STR_ARG(work_log_value(w->arena, chart)), STR_ARG(work_log_value(w->arena, version)),
            STR_ARG(work_log_value(w->arena, (*ret)->version)));
    return NULL;
}

struct err *repository_find_chart(const struct work *w, const struct fetch_access *access,
                                  struct str chart, struct str version, struct str *ret_url)
{
    struct arena *a = w->arena;
    struct str repository = access->origin, text, what, scheme;
    const struct helm_index_entry *entry;
    struct helm_index index;
    struct err *e;

    if (TRY(&e, check_scheme(w, repository, &scheme)))
        return e;
    e = download(w, access, repository, &text);
    if (!e)
        e = helm_index_read(a, text, repository, &index);
    if (e)
        return err_wrap(a, e,
                        "looks like %.*s is not a valid chart repository or cannot be reached",
                        STR_ARG(quote_go(a, url_without_password(a, repository))));
    tell_faults(w, &index, repository);
    what = str_printf(a, "chart %.*s", STR_ARG(quote_go(a, chart)));
    if (version.len > 0)
        what = str_printf(a, "%.*s version %.*s", STR_ARG(what), STR_ARG(quote_go(a, version)));
    if (index_choose(w, &index, chart, version, &entry))
        return err_new(a, ERR_NOT_FOUND, "%.*s not found in %.*s repository", STR_ARG(what),
                       STR_ARG(url_without_password(a, repository)));
    const struct val *url = helm_index_url(entry);
    if (!url)
        return err_new(a, ERR_INVALID, "%.*s has no downloadable URLs", STR_ARG(what));
    if (TRY(&e, helm_url_resolve(a, repository, url->text, ret_url)))
        return err_wrap(a, e, "failed to make chart URL absolute");
    return NULL;
}
