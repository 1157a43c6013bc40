/* SPDX-License-Identifier: Apache-2.0 */
/* From what a user calls a chart to the URL of its archive. */
#include "app/charts/work.h"
#include "base/limits.h"
#include "core/helm/host_path.h"
#include "foreign/digest.h"

/* Whether some index in the cache names this URL: then its repository's credentials are the ones to use. */
static struct err *find_owner(const struct work *w, struct str url,
                              const struct helm_repositories *all,
                              const struct helm_repository **ret)
{
    *ret = NULL;
    for (size_t i = 0; i < all->count && !*ret; i++) {
        struct helm_index index;
        struct err *e = index_load(w, all->items[i].name, &index);

        if (e)
            return err_wrap(w->arena, e, "no cached repo found. (try 'helm repo update')");
        for (size_t c = 0; c < index.charts.entry_count && !*ret; c++) {
            const struct helm_index_versions *versions = index.charts.entries[c].value;

            for (size_t v = 0; v < versions->count; v++)
                for (size_t u = 0; u < val_count(versions->items[v].urls); u++)
                    if (helm_url_is_same(w->arena, url, val_str(versions->items[v].urls->items[u])))
                        *ret = &all->items[i];
        }
    }
    return NULL;
}

/* What the repository says takes the place of what the command line said, as far as it says something. */
static void take_access(const struct helm_repository *r, struct fetch_access *into)
{
    into->origin = r->url;
    if (r->cert_file.len > 0 || r->key_file.len > 0 || r->ca_file.len > 0) {
        into->cert_file = r->cert_file;
        into->key_file = r->key_file;
        into->ca_file = r->ca_file;
    }
    if (r->username.len > 0 && secret_is_set(r->password)) {
        into->username = r->username;
        into->password = r->password;
        into->pass_credentials = r->pass_credentials;
    }
}

static struct err *find_by_url(const struct work *w, struct str text,
                               const struct helm_repositories *all, struct place *p)
{
    const struct helm_repository *owner;
    struct err *e;

    if (TRY(&e, find_owner(w, text, all, &owner)))
        return e;
    if (owner)
        take_access(owner, &p->access);
    else if (p->access.origin.len == 0)
        p->access.origin = text;
    return NULL;
}

static struct err *find_repository(const struct work *w, const struct helm_repositories *all,
                                   struct str name, const struct helm_repository **ret)
{
    const struct helm_repository *r = helm_repository_find(all, name);

    if (!r)
        return err_new(w->arena, ERR_NOT_FOUND, "repo %.*s not found", STR_ARG(name));
    if (r->url.len == 0)
        return err_new(w->arena, ERR_INVALID, "no URL found for repository %.*s", STR_ARG(name));
    *ret = r;
    return NULL;
}

/* repository/chart */
static struct err *find_by_name(const struct work *w, struct str text, struct str version,
                                const struct helm_repositories *all, struct place *p)
{
    struct arena *a = w->arena;
    struct str chart = p->url.path, name;
    const struct helm_repository *r;
    const struct helm_index_entry *entry;
    struct helm_index index;
    struct str url;
    struct err *e;

    (void)str_cut(&chart, '/', &name);
    if (!chart.ptr)
        return err_new(a, ERR_INVALID,
                       "non-absolute URLs should be in form of repo_name/path_to_chart, got: %.*s",
                       STR_ARG(url_format(a, &p->url)));
    if (TRY(&e, find_repository(w, all, name, &r)))
        return e;
    take_access(r, &p->access);
    if (TRY(&e, index_load(w, r->name, &index)))
        return err_wrap(a, e, "no cached repo found. (try 'helm repo update')");
    if (TRY(&e, index_choose(w, &index, chart, version, &entry)))
        return err_wrap(a, e,
                        "chart \"%.*s\" matching %.*s not found in %.*s index. (try 'helm repo "
                        "update')",
                        STR_ARG(chart), STR_ARG(version), STR_ARG(r->name));
    if (!helm_index_url(entry))
        return err_new(a, ERR_INVALID, "chart \"%.*s\" has no downloadable URLs", STR_ARG(text));
    p->digest = entry->digest;
    if (TRY(&e, helm_url_resolve(a, r->url, helm_index_url(entry)->text, &url)))
        return err_new(a, ERR_INVALID, "invalid chart URL format: %.*s", STR_ARG(text));
    return url_parse(a, url, &p->url);
}

struct err *place_find(const struct work *w, struct str chart, struct str version,
                       const struct fetch_access *access, struct place *ret)
{
    struct place p = { .digest = STR(""), .access = *access };
    struct helm_repositories all;
    struct err *e;

    if (url_parse(w->arena, chart, &p.url))
        return err_new(w->arena, ERR_INVALID, "invalid chart URL format: %.*s",
                       STR_ARG(url_without_password(w->arena, chart)));
    if (str_is(p.url.scheme, "oci")) {
        e = registry_place(w, chart, version, &p.url, &p.digest);
    } else if (!TRY(&e, repositories_load(w, &all))) {
        bool is_url = p.url.scheme.len > 0 && p.url.host.len > 0 && p.url.path.len > 0;

        e = is_url ? find_by_url(w, chart, &all, &p) : find_by_name(w, chart, version, &all, &p);
    }
    if (e)
        return e;
    if (!str_is(p.url.scheme, "oci") && !str_is(p.url.scheme, "http") &&
        !str_is(p.url.scheme, "https"))
        return err_new(w->arena, ERR_INVALID, "scheme \"%.*s\" not supported",
                       STR_ARG(p.url.scheme));
    *ret = p;
    return NULL;
}

struct str place_file_name(struct arena *a, const struct place *p)
{
    struct str name = host_path_base(p->url.path);
    size_t colon = str_rfind_byte(name, ':');

    if (!str_is(p->url.scheme, "oci") || colon == SIZE_MAX)
        return name;
    return str_printf(a, "%.*s-%.*s.tgz", STR_ARG(str_slice(name, 0, colon)),
                      STR_ARG(str_skip(name, colon + 1)));
}

/* content/ab/abcdef....chart; the digest is hexadecimal, maybe with its algorithm in front. */
static struct str content_file(const struct work *w, struct str digest)
{
    return str_printf(w->arena, "%.*s/%.*s/%.*s.chart", STR_ARG(w->request->homes.content_cache),
                      STR_ARG(str_slice(digest, 0, 2)), STR_ARG(digest));
}

static struct err *bare_digest(const struct work *w, struct str digest, struct str *ret)
{
    size_t colon = str_find_byte(digest, ':', 0);

    *ret = str_lower(w->arena, colon == SIZE_MAX ? digest : str_skip(digest, colon + 1));
    for (size_t i = 0; i < ret->len; i++)
        if (!(ret->ptr[i] >= '0' && ret->ptr[i] <= '9') &&
            !(ret->ptr[i] >= 'a' && ret->ptr[i] <= 'f'))
            return err_new(w->arena, ERR_INVALID,
                           "unable to decode digest: \"%.*s\" is not hexadecimal", STR_ARG(digest));
    if (ret->len != 0 && ret->len != 64)
        return err_new(w->arena, ERR_INVALID, "invalid digest length: %zu", ret->len / 2);
    return NULL;
}

static struct err *download(const struct work *w, const struct place *p, const char *suffix,
                            struct str *ret)
{
    struct str url = str_concat(w->arena, url_format(w->arena, &p->url), str_from_cstr(suffix));

    if (!str_is(p->url.scheme, "oci"))
        return fetch_document(w, &p->access, url, LIMIT_CHART_BYTES, ret);
    return registry_chart(w, url_format(w->arena, &p->url), *suffix != '\0', ret);
}

struct err *place_fetch_provenance(const struct work *w, const struct place *p, struct str *ret)
{
    return download(w, p, ".prov", ret);
}

struct err *place_fetch(const struct work *w, const struct place *p, struct str *ret)
{
    const struct files *files = &w->tools->files;
    struct str digest;
    struct err *e;

    if (TRY(&e, bare_digest(w, p->digest, &digest)))
        return e;
    if (digest.len > 0 &&
        !files->ops->read(files->self, w->arena, content_file(w, digest), LIMIT_CHART_BYTES, ret) &&
        ret->len > 0)
        return NULL;
    return download(w, p, "", ret);
}

struct err *chart_locate(const struct work *w, struct str chart, struct str *ret)
{
    const struct files *files = &w->tools->files;
    struct fetch_access access = fetch_access_of_request(w, w->request->repository);
    struct str bytes, digest, file;
    enum tree_kind kind;
    struct place p;
    struct err *e;

    if (w->request->repository.len > 0 &&
        TRY(&e, repository_find_chart(w, &access, chart, w->request->version, &chart)))
        return e;
    if (TRY(&e, place_find(w, chart, w->request->version, &access, &p)) ||
        TRY(&e, bare_digest(w, p.digest, &digest)))
        return e;
    file = content_file(w, digest);
    if (digest.len > 0 && TRY(&e, files->ops->kind(files->self, w->arena, file, &kind)))
        return e;
    if (digest.len == 0 || kind != TREE_FILE) {
        if (TRY(&e, download(w, &p, "", &bytes)))
            return e;
        if (digest.len == 0)
            digest = digest_hex(w->arena, DIGEST_SHA256, bytes);
        file = content_file(w, digest);
        if (TRY(&e, files->ops->make_folder(files->self, w->arena, tree_path_dir(file))) ||
            TRY(&e, files->ops->write(files->self, w->arena, file, bytes, FILE_SHARED)))
            return e;
    }
    *ret = file;
    return NULL;
}
