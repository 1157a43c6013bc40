/* SPDX-License-Identifier: Apache-2.0 */
#include "core/helm/oci_chart.h"

#include "base/sort.h"
#include "base/vec.h"
#include "core/semver/semver.h"

static struct str replaced(struct arena *a, struct str s, char from, char to)
{
    char *out = arena_alloc(a, s.len + 1);

    for (size_t i = 0; i < s.len; i++)
        out[i] = s.ptr[i] == from ? to : s.ptr[i];
    return str_of(out, s.len);
}

bool helm_is_oci(struct str url)
{
    return str_has_prefix(url, STR("oci://"));
}

struct err *helm_oci_reference_parse(struct arena *a, struct str text,
                                     struct helm_oci_reference *ret)
{
    struct str rest = str_trim_prefix(text, STR("oci://")), digest = STR("");
    size_t at = str_rfind_byte(rest, '@'), colon;
    struct err *e;

    if (at != SIZE_MAX) {
        digest = str_skip(rest, at + 1);
        rest = str_slice(rest, 0, at);
    }
    colon = str_rfind_byte(rest, ':');
    if (colon != SIZE_MAX && str_find_byte(rest, '/', colon) == SIZE_MAX)
        rest = str_concat(a, str_slice(rest, 0, colon),
                          replaced(a, str_skip(rest, colon), '+', '_'));
    if (TRY(&e, oci_reference_parse(a, rest, &ret->oci)))
        return e;
    ret->digest = digest;
    return NULL;
}

static bool is_before(const void *x, const void *y)
{
    const struct semver *a = x, *b = y;

    return semver_compare(a, b) > 0;
}

void helm_oci_versions(struct arena *a, const struct str *tags, size_t count,
                       struct helm_versions *ret)
{
    struct semver *parsed = ARENA_ARRAY(a, count + 1, struct semver);
    size_t kept = 0;

    for (size_t i = 0; i < count; i++) {
        struct str version = replaced(a, tags[i], '_', '+');

        if (semver_is_strict(version) && !semver_parse(version, &parsed[kept]))
            kept++;
    }
    sort_stable(a, parsed, kept, sizeof *parsed, is_before);
    *ret = (struct helm_versions)VEC_INIT;
    for (size_t i = 0; i < kept; i++)
        *VEC_PUSH(a, ret) = parsed[i].original;
}

struct err *helm_oci_choose(struct arena *a, const struct helm_versions *versions,
                            struct str wanted, struct str *ret)
{
    struct semver_constraints *constraints;
    struct semver parsed;
    struct err *e;

    for (size_t i = 0; i < versions->count; i++)
        if (wanted.len > 0 && str_eq(versions->items[i], wanted)) {
            *ret = wanted;
            return NULL;
        }
    if (TRY(&e, semver_constraints_parse(a, wanted.len > 0 ? wanted : STR("*"), &constraints)))
        return e;
    for (size_t i = 0; i < versions->count; i++)
        if (!semver_parse(versions->items[i], &parsed) && semver_satisfies(constraints, &parsed)) {
            *ret = versions->items[i];
            return NULL;
        }
    return err_new(a, ERR_NOT_FOUND,
                   "could not locate a version matching provided version string %.*s",
                   STR_ARG(wanted));
}

void helm_oci_parts_take(const struct oci_manifest *manifest, struct helm_oci_parts *parts)
{
    for (size_t i = 0; i < manifest->items.count; i++) {
        const struct oci_descriptor *d = &manifest->items.items[i];

        if (str_is(d->media_type, HELM_MEDIA_CONFIG))
            parts->config = d;
        if (str_is(d->media_type, HELM_MEDIA_PROVENANCE))
            parts->provenance = d;
        if (!str_is(d->media_type, HELM_MEDIA_CHART) &&
            !str_is(d->media_type, HELM_MEDIA_CHART_OLD))
            continue;
        parts->chart = d;
        parts->is_old = str_is(d->media_type, HELM_MEDIA_CHART_OLD);
    }
}

struct err *helm_oci_parts_check(struct arena *a, const struct helm_oci_parts *parts,
                                 size_t manifests, bool wants_provenance)
{
    const struct oci_descriptor *wanted = wants_provenance ? parts->provenance : parts->chart;
    size_t found = manifests + (parts->config != NULL) + (wanted != NULL);

    if (found < 2)
        return err_new(a, ERR_INVALID,
                       "manifest does not contain minimum number of descriptors (2), descriptors "
                       "found: %zu",
                       found);
    if (!parts->config)
        return err_new(a, ERR_INVALID, "could not load config with mediatype %s",
                       HELM_MEDIA_CONFIG);
    if (!wanted)
        return err_new(a, ERR_INVALID, "manifest does not contain a layer with mediatype %s",
                       wants_provenance ? HELM_MEDIA_PROVENANCE : HELM_MEDIA_CHART);
    return NULL;
}
