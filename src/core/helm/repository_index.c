/* SPDX-License-Identifier: Apache-2.0 */
#include "core/helm/repository_index.h"

#include "base/limits.h"
#include "base/sort.h"
#include "base/vec.h"
#include "core/gotmpl/quote.h"
#include "value/json.h"
#include "value/yaml.h"

static const char *const index_fields[] = { "serverInfo", "apiVersion",  "generated", "entries",
                                            "publicKeys", "annotations", NULL };
static const char *const entry_fields[] = {
    "name",        "home",        "sources",     "version",      "description", "keywords",
    "maintainers", "icon",        "apiVersion",  "condition",    "tags",        "appVersion",
    "deprecated",  "annotations", "kubeVersion", "dependencies", "type",        "urls",
    "created",     "removed",     "digest",      "checksum",     "engine",      "tillerVersion",
    "url",         NULL
};
static const char *const maintainer_fields[] = { "name", "email", "url", NULL };
static const char *const dependency_fields[] = { "name",          "version", "repository",
                                                 "condition",     "tags",    "enabled",
                                                 "import-values", "alias",   NULL };

/* encoding/json takes names in any case. */
static bool is_known(struct str key, const char *const *fields)
{
    for (size_t i = 0; fields[i]; i++)
        if (str_eq_nocase(key, str_from_cstr(fields[i])))
            return true;
    return false;
}

static struct err *check_fields(struct arena *a, const struct val *v, const char *const *fields)
{
    for (size_t i = 0; val_is(v, VAL_MAP) && i < v->count; i++)
        if (!is_known(v->fields[i].key, fields))
            return err_new(a, ERR_INVALID,
                           "error unmarshaling JSON: while decoding JSON: json: unknown field %.*s",
                           STR_ARG(quote_go(a, v->fields[i].key)));
    return NULL;
}

static struct err *check_list(struct arena *a, const struct val *list, const char *const *fields)
{
    struct err *e;

    for (size_t i = 0; val_is(list, VAL_SEQ) && i < list->count; i++)
        if (TRY(&e, check_fields(a, list->items[i], fields)))
            return e;
    return NULL;
}

static struct err *check_entry(struct arena *a, const struct val *v)
{
    struct err *e;

    if (TRY(&e, check_fields(a, v, entry_fields)) ||
        TRY(&e, check_list(a, val_get(v, STR("maintainers")), maintainer_fields)))
        return e;
    return check_list(a, val_get(v, STR("dependencies")), dependency_fields);
}

static struct err *read_text(struct arena *a, struct str text, struct str name,
                             const struct val **ret, bool *ret_is_json)
{
    struct str begin = str_trim(text);

    *ret_is_json = false;
    if (text.len > LIMIT_INDEX_BYTES)
        return err_new(a, ERR_TOO_LARGE, "%.*s: the index is larger than %llu bytes", STR_ARG(name),
                       LIMIT_INDEX_BYTES);
    if (text.len == 0)
        return err_new(a, ERR_INVALID, "empty index.yaml file");
    if (begin.len > 0 && begin.ptr[0] == '{' &&
        !json_read(a, text, name, JSON_READ_LAST_KEY_WINS, ret)) {
        *ret_is_json = true;
        return NULL;
    }
    return yaml_read(a, text, name, YAML_SIGS, ret);
}

static bool has_bad_name(struct str name)
{
    return str_is(name, ".") || str_is(name, "..") || str_find_byte(name, '/', 0) != SIZE_MAX;
}

static const char *fault_of_dependencies(const struct val *list)
{
    for (size_t i = 0; val_is(list, VAL_SEQ) && i < list->count; i++) {
        struct str alias = val_get_str(list->items[i], "alias");

        if (list->items[i]->kind == VAL_NULL)
            return "validation: dependencies must not contain empty or null nodes";
        for (size_t k = 0; k < alias.len; k++) {
            char c = alias.ptr[k];

            if (!((c | 0x20) >= 'a' && (c | 0x20) <= 'z') && !(c >= '0' && c <= '9') && c != '_' &&
                c != '-')
                return "validation: a dependency has disallowed characters in the alias";
        }
    }
    return NULL;
}

/* NULL: helm takes the entry. */
static const char *fault_of(const struct val *v, struct helm_index_entry *entry)
{
    struct str name = val_get_str(v, "name"), type = val_get_str(v, "type");

    if (v->kind != VAL_MAP)
        return "empty entry";
    if (name.len == 0)
        return "validation: chart.metadata.name is required";
    if (has_bad_name(name))
        return "validation: chart.metadata.name is invalid";
    if (entry->version.len == 0)
        return "validation: chart.metadata.version is required";
    if (semver_parse(entry->version, &entry->parsed))
        return "validation: chart.metadata.version is invalid";
    if (type.len > 0 && !str_is(type, "application") && !str_is(type, "library"))
        return "validation: chart.metadata.type must be application or library";
    return fault_of_dependencies(val_get(v, STR("dependencies")));
}

static bool is_before(const void *x, const void *y)
{
    const struct helm_index_entry *a = x, *b = y;

    return semver_compare(&a->parsed, &b->parsed) > 0;
}

static struct helm_index_versions *read_chart(struct arena *a, struct str name,
                                              const struct val *list, struct helm_index *index)
{
    struct helm_index_versions *out = ARENA_NEW(a, struct helm_index_versions);

    for (size_t i = 0; val_is(list, VAL_SEQ) && i < list->count; i++) {
        const struct val *v = list->items[i], *urls = val_get(v, STR("urls"));
        struct helm_index_entry entry = { .version = val_get_str(v, "version"),
                                          .digest = val_get_str(v, "digest"),
                                          .urls = val_is(urls, VAL_SEQ) ? urls : NULL,
                                          .source = v };
        const char *fault = fault_of(v, &entry);

        if (!fault) {
            *VEC_PUSH(a, out) = entry;
            continue;
        }
        index->faults = vec_grow(a, index->faults, index->fault_count, &index->fault_cap,
                                 sizeof *index->faults);
        index->faults[index->fault_count++] = (struct helm_index_fault){ name, entry.version,
                                                                         str_from_cstr(fault) };
    }
    sort_stable(a, out->items, out->count, sizeof *out->items, is_before);
    return out;
}

static struct err *check_all(struct arena *a, const struct val *v)
{
    const struct val *entries = val_get(v, STR("entries"));
    struct err *e;

    if (TRY(&e, check_fields(a, v, index_fields)))
        return e;
    for (size_t i = 0; val_is(entries, VAL_MAP) && i < entries->count; i++) {
        const struct val *list = entries->fields[i].value;

        for (size_t k = 0; val_is(list, VAL_SEQ) && k < list->count; k++)
            if (TRY(&e, check_entry(a, list->items[k])))
                return e;
    }
    return NULL;
}

struct err *helm_index_read(struct arena *a, struct str text, struct str name,
                            struct helm_index *ret)
{
    struct helm_index index = { .faults = NULL };
    const struct val *v, *entries;
    bool is_json;
    struct err *e;

    if (TRY(&e, read_text(a, text, name, &v, &is_json)))
        return e;
    if (v->kind != VAL_MAP && v->kind != VAL_NULL)
        return err_new(a, ERR_INVALID,
                       "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal %s "
                       "into Go value of type repo.IndexFile",
                       val_kind_name(v));
    if (!is_json && TRY(&e, check_all(a, v)))
        return e;
    entries = val_get(v, STR("entries"));
    if (entries && entries->kind != VAL_MAP && entries->kind != VAL_NULL)
        return err_new(
            a, ERR_INVALID,
            "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal %s "
            "into Go struct field IndexFile.entries of type map[string]repo.ChartVersions",
            val_kind_name(entries));
    index.source = v;
    map_init(&index.charts, a);
    for (size_t i = 0; i < val_count(entries); i++)
        map_set(&index.charts, entries->fields[i].key,
                read_chart(a, entries->fields[i].key, entries->fields[i].value, &index));
    if (val_get_str(v, "apiVersion").len == 0)
        return err_new(a, ERR_INVALID, "no API version specified");
    *ret = index;
    return NULL;
}

const struct helm_index_versions *helm_index_versions(const struct helm_index *index,
                                                      struct str chart)
{
    return map_get(&index->charts, chart);
}

/* "^1", "1.x", "1 - 2": not one version. */
static bool is_range(struct str s)
{
    size_t core = 0;

    for (size_t i = 0; i < s.len; i++)
        if (strchr("^~<>=!*", s.ptr[i]))
            return true;
    if (str_contains(s, STR("||")) || str_contains(s, STR(" - ")))
        return true;
    while (core < s.len && s.ptr[core] != '-' && s.ptr[core] != '+')
        if ((s.ptr[core++] | 0x20) == 'x')
            return true;
    return false;
}

static struct err *choose(struct arena *a, const struct helm_index_versions *versions,
                          struct str wanted, const struct helm_index_entry **ret)
{
    struct semver_constraints *constraints;
    struct err *e;

    *ret = NULL;
    if (TRY(&e, semver_constraints_parse(a, wanted.len > 0 ? wanted : STR("*"), &constraints)))
        return e;
    for (size_t i = 0; wanted.len > 0 && i < versions->count && !*ret; i++)
        if (str_eq(versions->items[i].version, wanted))
            *ret = &versions->items[i];
    for (size_t i = 0; i < versions->count && !*ret; i++)
        if (semver_satisfies(constraints, &versions->items[i].parsed))
            *ret = &versions->items[i];
    return NULL;
}

struct err *helm_index_get(struct arena *a, const struct helm_index *index, struct str chart,
                           struct str version, const struct helm_index_entry **ret,
                           bool *ret_is_fallback)
{
    const struct helm_index_versions *versions = helm_index_versions(index, chart);
    struct err *e;

    if (!versions)
        return err_new(a, ERR_NOT_FOUND, "no chart name found");
    if (versions->count == 0)
        return err_new(a, ERR_NOT_FOUND, "no chart version found");
    if (TRY(&e, choose(a, versions, version, ret)))
        return e;
    if (!*ret)
        return err_new(a, ERR_NOT_FOUND, "no chart version found for %.*s-%.*s", STR_ARG(chart),
                       STR_ARG(version));
    if (ret_is_fallback)
        *ret_is_fallback = version.len > 0 && !is_range(version) &&
                           !str_eq((*ret)->version, version);
    return NULL;
}

const struct val *helm_index_url(const struct helm_index_entry *entry)
{
    return val_is(val_item(entry->urls, 0), VAL_STRING) ? val_item(entry->urls, 0) : NULL;
}
