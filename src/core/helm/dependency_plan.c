/* SPDX-License-Identifier: Apache-2.0 */
#include "core/helm/dependency_plan.h"

#include "base/buf.h"
#include "core/helm/host_path.h"
#include "core/helm/oci_chart.h"
#include "core/url/url.h"
#include "foreign/digest.h"

#define UNMANAGED "helm-manager-"

bool helm_is_local(struct str repository)
{
    return str_has_prefix(repository, STR("file://"));
}

struct str helm_local_path(struct arena *a, struct str repository, struct str chart_folder)
{
    struct str path = str_trim_prefix(repository, STR("file://"));

    return str_has_prefix(path, STR("/")) ? host_path_clean(a, path)
                                          : host_path_join(a, chart_folder, path);
}

static bool is_alias_of(struct str repository, struct str name)
{
    return (str_has_prefix(repository, STR("@")) && str_eq(str_skip(repository, 1), name)) ||
           (str_has_prefix(repository, STR("alias:")) && str_eq(str_skip(repository, 6), name));
}

static bool find_known(struct arena *a, struct helm_dependency *d,
                       const struct helm_repositories *known, struct str *ret_name)
{
    for (size_t i = 0; i < known->count; i++) {
        const struct helm_repository *r = &known->items[i];

        if (is_alias_of(d->repository, r->name))
            d->repository = r->url;
        else if (!helm_url_is_same(a, r->url, d->repository))
            continue;
        *ret_name = r->name;
        return true;
    }
    return false;
}

/* As url.ParseRequestURI: with a scheme, or an absolute path. */
static bool is_request_uri(struct arena *a, struct str s)
{
    struct url u;

    return !url_parse(a, s, &u) && (u.scheme.len > 0 || str_has_prefix(s, STR("/")));
}

static struct err *missing_error(struct arena *a, struct str list, bool has_plain_name)
{
    return err_new(
        a, ERR_INVALID, "no repository definition for %.*s. Please add them via 'helm repo add'%s",
        STR_ARG(list),
        has_plain_name
            ? "\nNote that repositories must be URLs or aliases. For example, to refer to "
              "the \"example\"\nrepository, use \"https://charts.example.com/\" or "
              "\"@example\" instead of\n\"example\". Don't forget to add the repo, too "
              "('helm repo add')."
            : "");
}

struct err *helm_dependency_repositories(struct arena *a, struct helm_dependencies *dependencies,
                                         const struct helm_repositories *known, struct str *names)
{
    bool has_plain_name = false;
    struct buf missing;

    buf_init(&missing, a, 0);
    for (size_t i = 0; i < dependencies->count; i++) {
        struct helm_dependency *d = &dependencies->items[i];
        struct str own = d->repository;

        names[i] = helm_is_local(own) || helm_is_oci(own) ? own : STR("");
        if (own.len == 0 || names[i].len > 0 || find_known(a, d, known, &names[i]) ||
            is_request_uri(a, own))
            continue;
        buf_printf(&missing, "%s%.*s", missing.len > 0 ? ", " : "", STR_ARG(own));
        has_plain_name = has_plain_name ||
                         (!str_contains(own, STR("//")) && !str_has_prefix(own, STR("@")) &&
                          !str_has_prefix(own, STR("alias:")));
    }
    return missing.len > 0 ? missing_error(a, buf_str(&missing), has_plain_name) : NULL;
}

struct str helm_unmanaged_name(struct arena *a, struct str url)
{
    return str_concat(a, STR(UNMANAGED), digest_hex(a, DIGEST_SHA256, url));
}

bool helm_is_unmanaged(struct str name)
{
    return str_has_prefix(name, STR(UNMANAGED));
}

void helm_repositories_unique(struct arena *a, const struct helm_repositories *all,
                              struct helm_repositories *ret)
{
    *ret = (struct helm_repositories){ .items = NULL };
    for (size_t i = 0; i < all->count; i++) {
        struct str url = str_trim_suffix(all->items[i].url, STR("/"));
        bool is_last = true;

        for (size_t k = i + 1; k < all->count && is_last; k++)
            is_last = !str_eq(url, str_trim_suffix(all->items[k].url, STR("/")));
        if (is_last)
            *VEC_PUSH(a, ret) = all->items[i];
    }
}

struct err *helm_lock_repositories_check(struct arena *a, const struct helm_dependencies *locked,
                                         const struct helm_repositories *known)
{
    struct buf missing;

    buf_init(&missing, a, 0);
    for (size_t i = 0; i < locked->count; i++) {
        struct str own = locked->items[i].repository;
        bool found = own.len == 0 || helm_is_local(own) || helm_is_oci(own);

        for (size_t k = 0; k < known->count && !found; k++)
            found = helm_url_is_same(a, known->items[k].url, str_trim_suffix(own, STR("/")));
        if (!found)
            buf_printf(&missing, "%s%.*s", missing.len > 0 ? ", " : "", STR_ARG(own));
    }
    if (missing.len == 0)
        return NULL;
    return err_new(a, ERR_NOT_FOUND,
                   "no repository definition for %.*s. Please add the missing repos via 'helm repo "
                   "add'",
                   STR_ARG(buf_str(&missing)));
}
