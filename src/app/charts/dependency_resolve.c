/* SPDX-License-Identifier: Apache-2.0 */
/* Which version each dependency gets. */
#include "app/charts/dependency.h"
#include "base/buf.h"
#include "core/gotmpl/quote.h"
#include "core/helm/host_path.h"

/* What is looked for, and what was found. */
struct search {
    struct dependency_run *run;
    const struct helm_dependency *wanted;
    struct str repository; /* its name in the cache */
    struct semver_constraints *constraints;
    struct str version;
    bool found;
};

static struct err *search_folder(struct search *s)
{
    const struct work *w = s->run->work;
    struct str path = helm_local_path(w->arena, s->wanted->repository, s->run->how->folder);
    struct helm_chart *chart;
    struct semver parsed;
    struct err *e;

    if (TRY(&e, dependency_check_path(w, path)) || TRY(&e, dependency_load_folder(w, path, &chart)))
        return e;
    s->version = helm_chart_field(chart, "version");
    s->found = !semver_parse(s->version, &parsed) && semver_satisfies(s->constraints, &parsed);
    return NULL;
}

/* A version that is none of the tags stays as it was demanded: the fetch will say that it is not there. */
static struct err *search_registry(struct search *s)
{
    const struct work *w = s->run->work;
    struct helm_versions versions = VEC_INIT;
    struct semver parsed;
    struct err *e;

    s->found = true;
    s->version = s->wanted->version;
    if (!semver_parse(s->version, &parsed))
        return NULL;
    struct str reference = str_printf(w->arena, "%.*s/%.*s", STR_ARG(s->wanted->repository),
                                      STR_ARG(s->wanted->name));
    if (TRY(&e, registry_versions(w, reference, &versions)))
        return err_wrap(w->arena, e, "could not retrieve list of tags for repository %.*s",
                        STR_ARG(s->wanted->repository));
    for (size_t i = 0; i < versions.count; i++)
        if (!semver_parse(versions.items[i], &parsed) &&
            semver_satisfies(s->constraints, &parsed)) {
            s->version = versions.items[i];
            break;
        }
    return NULL;
}

static struct err *search_repository(struct search *s)
{
    struct arena *a = s->run->work->arena;
    const struct helm_index_versions *versions;
    const struct helm_index *index;
    struct str name = s->repository;
    struct err *e;

    if (TRY(&e, dependency_index(s->run, name, &index)))
        return err_wrap(a, e, "no cached repository for %.*s found. (try 'helm repo update')",
                        STR_ARG(name));
    versions = helm_index_versions(index, s->wanted->name);
    if (!versions)
        return err_new(a, ERR_NOT_FOUND, "%.*s chart not found in repo %.*s",
                       STR_ARG(s->wanted->name), STR_ARG(s->wanted->repository));
    for (size_t i = 0; i < versions->count && !s->found; i++) {
        if (val_count(versions->items[i].urls) == 0 ||
            !semver_satisfies(s->constraints, &versions->items[i].parsed))
            continue;
        s->version = versions->items[i].version;
        s->found = true;
    }
    return NULL;
}

static struct err *search(struct search *s)
{
    const struct helm_dependency *d = s->wanted;
    struct arena *a = s->run->work->arena;
    struct err *e;

    if (TRY(&e, semver_constraints_parse(a, d->version, &s->constraints)))
        return err_wrap(a, e, "dependency %.*s has an invalid version/constraint format",
                        STR_ARG(quote_go(a, d->name)));
    s->version = d->version;
    if (d->repository.len == 0) {
        s->found = true;
        return dependency_check_path(
            s->run->work,
            host_path_join(a, s->run->how->folder, str_concat(a, STR("charts/"), d->name)));
    }
    if (helm_is_local(d->repository))
        return search_folder(s);
    if (helm_is_oci(d->repository))
        return search_registry(s);
    return search_repository(s);
}

struct err *dependency_resolve(struct dependency_run *d, struct helm_lock *lock)
{
    const struct helm_dependencies *all = &d->chart->dependencies;
    struct arena *a = d->work->arena;
    struct buf missing;
    size_t count = 0;
    struct err *e;

    buf_init(&missing, a, 0);
    for (size_t i = 0; i < all->count; i++) {
        struct search s = { .run = d, .wanted = &all->items[i], .repository = d->names[i] };

        if (TRY(&e, search(&s)))
            return e;
        *VEC_PUSH(a, &lock->dependencies) = (struct helm_dependency){
            .name = s.wanted->name, .repository = s.wanted->repository, .version = s.version
        };
        if (s.found)
            continue;
        buf_printf(&missing, "%s%.*s (repository %.*s, version %.*s)", count++ > 0 ? ", " : "",
                   STR_ARG(quote_go(a, s.wanted->name)), STR_ARG(quote_go(a, s.wanted->repository)),
                   STR_ARG(quote_go(a, s.wanted->version)));
    }
    if (count == 0)
        return NULL;
    return err_new(
        a, ERR_NOT_FOUND,
        "can't get a valid version for %zu subchart(s): %.*s. Make sure a matching chart "
        "version exists in the repo, or change the version constraint in Chart.yaml",
        count, STR_ARG(buf_str(&missing)));
}
