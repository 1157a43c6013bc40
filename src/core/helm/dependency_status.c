/* SPDX-License-Identifier: Apache-2.0 */
#include "core/helm/dependency_status.h"

#include "core/helm/ignore.h"
#include "core/semver/semver.h"

/* NULL: the chart's version is what the dependency asks for. */
static const char *version_fault(struct arena *a, const struct helm_chart *sub,
                                 const struct helm_dependency *d)
{
    struct str version = helm_chart_field(sub, "version");
    struct semver_constraints *constraints;
    struct semver parsed;

    if (str_eq(version, d->version))
        return NULL;
    if (semver_constraints_parse(a, d->version, &constraints) || semver_parse(version, &parsed))
        return "invalid version";
    return semver_satisfies(constraints, &parsed) ? NULL : "wrong version";
}

static const struct helm_chart *from_entry(const struct helm_chart *c, struct str entry)
{
    for (size_t i = 0; i < c->charts.count; i++)
        if (str_eq(c->charts.items[i]->entry, entry))
            return c->charts.items[i];
    return NULL;
}

/* "web-1.2.3.tgz" is web at a full version. */
static bool has_full_version(struct str entry, struct str name)
{
    return semver_is_strict(str_skip(str_trim_suffix(entry, STR(".tgz")), name.len + 1));
}

/* What the archives named NAME-*.tgz say; NULL: nothing, folders decide. */
static const char *archive_status(struct arena *a, const struct helm_chart *c,
                                  const struct helm_dependency *d)
{
    struct str pattern = str_printf(a, "charts/%.*s-*.tgz", STR_ARG(d->name));
    struct str found = STR(""), full = STR("");
    size_t count = 0, full_count = 0;

    for (size_t i = 0; i < c->raw.count; i++) {
        struct str entry = tree_path_base(c->raw.items[i].name);
        enum path_match match = path_match(pattern, c->raw.items[i].name);

        if (match == PATH_PATTERN_BAD)
            return "bad pattern";
        if (match != PATH_MATCHES)
            continue;
        found = entry;
        count++;
        if (!has_full_version(entry, d->name))
            continue;
        full = entry;
        full_count++;
    }
    if (count > 1 && full_count > 1)
        return "too many matches";
    const struct helm_chart *sub = from_entry(c, count > 1 ? full : found);
    if (count == 0 || !sub)
        return NULL;
    if (!str_eq(helm_chart_field(sub, "name"), d->name))
        return "misnamed";
    const char *fault = version_fault(a, sub, d);
    return fault ? fault : "ok";
}

const char *helm_dependency_status(struct arena *a, const struct helm_chart *c,
                                   const struct helm_dependency *d, bool is_packed)
{
    const struct helm_chart *sub = NULL;
    const char *status = is_packed ? NULL : archive_status(a, c, d);

    if (status)
        return status;
    for (size_t i = 0; i < c->charts.count; i++)
        if (str_eq(c->charts.items[i]->name, d->name))
            sub = c->charts.items[i];
    if (!sub)
        return "missing";
    status = version_fault(a, sub, d);
    return status ? status : "unpacked";
}

bool helm_dependency_is_listed(const struct helm_chart *c, struct str name)
{
    for (size_t i = 0; i < c->dependencies.count; i++)
        if (str_eq(c->dependencies.items[i].name, name))
            return true;
    return false;
}
