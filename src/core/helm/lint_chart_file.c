/* SPDX-License-Identifier: Apache-2.0 */
#include "core/gotmpl/quote.h"
#include "core/helm/lint.h"
#include "core/helm/lint_address.h"
#include "core/semver/semver.h"
#include "value/yaml.h"

#define FILE_NAME STR("Chart.yaml")

/* What Chart.yaml may hold, in objects of lists too. */
static const char *const chart_keys[] = {
    "name",        "home",        "sources",     "version",      "description", "keywords",
    "maintainers", "icon",        "apiVersion",  "condition",    "tags",        "appVersion",
    "deprecated",  "annotations", "kubeVersion", "dependencies", "type",        NULL
};
static const char *const maintainer_keys[] = { "name", "email", "url", NULL };
static const char *const dependency_keys[] = { "name",          "version", "repository",
                                               "condition",     "tags",    "enabled",
                                               "import-values", "alias",   NULL };

static bool is_among(const char *const *keys, struct str key)
{
    for (size_t i = 0; keys[i]; i++)
        if (str_eq_nocase(str_from_cstr(keys[i]), key))
            return true;
    return false;
}

/* The first unknown key of a map in the order of keys; "": all are known. */
static struct str unknown_key(struct arena *a, const struct val *map, const char *const *keys)
{
    const struct val *v = val_sorted(a, val_is(map, VAL_MAP) ? map : &val_empty_map);

    for (size_t i = 0; i < v->count; i++) {
        const struct val *below = v->fields[i].value;
        const char *const *inner = NULL;
        struct str found = STR("");

        if (!is_among(keys, v->fields[i].key))
            return v->fields[i].key;
        if (keys == chart_keys && str_eq_nocase(v->fields[i].key, STR("maintainers")))
            inner = maintainer_keys;
        if (keys == chart_keys && str_eq_nocase(v->fields[i].key, STR("dependencies")))
            inner = dependency_keys;
        for (size_t j = 0; inner && below->kind == VAL_SEQ && j < below->count && !found.len; j++)
            found = unknown_key(a, below->items[j], inner);
        if (found.len > 0)
            return found;
    }
    return STR("");
}

static void lint_strictly(struct lint_findings *f, struct str text, const struct val *file)
{
    const struct val *again;
    struct str key;
    struct err *e;

    if (TRY(&e, yaml_read(f->arena, text, FILE_NAME, YAML_SIGS, &again))) {
        lint_add(f, LINT_WARNING, FILE_NAME, "failed to strictly parse chart metadata file\n\t%.*s",
                 STR_ARG(err_line(f->arena, e)));
        return;
    }
    key = unknown_key(f->arena, file, chart_keys);
    if (key.len > 0)
        lint_add(f, LINT_WARNING, FILE_NAME,
                 "failed to strictly parse chart metadata file\n\terror unmarshaling JSON: while "
                 "decoding JSON: json: unknown field %.*s",
                 STR_ARG(quote_go(f->arena, key)));
}

/* As Go names what a YAML value becomes. */
static const char *decoded_type(const struct val *v)
{
    switch (v->kind) {
    case VAL_NULL:
        return "<nil>";
    case VAL_BOOL:
        return "bool";
    case VAL_INT:
    case VAL_FLOAT:
        return "float64";
    case VAL_SEQ:
        return "[]interface {}";
    case VAL_MAP:
        return "map[string]interface {}";
    case VAL_STRING:
    default:
        return "string";
    }
}

static void lint_is_text(struct lint_findings *f, const struct val *file, const char *key)
{
    const struct val *v = val_get(file, str_from_cstr(key));

    if (v && v->kind != VAL_STRING)
        lint_add(f, LINT_ERROR, FILE_NAME, "%s should be of type string but it's of type %s", key,
                 decoded_type(v));
}

static void lint_name(struct lint_findings *f, struct str name)
{
    if (name.len == 0)
        lint_add(f, LINT_ERROR, FILE_NAME, "name is required");
    else if (str_find_byte(name, '/', 0) != SIZE_MAX)
        lint_add(f, LINT_ERROR, FILE_NAME, "chart name %.*s is invalid",
                 STR_ARG(quote_go(f->arena, name)));
}

static void lint_api_version(struct lint_findings *f, struct str version)
{
    if (version.len == 0)
        lint_add(f, LINT_ERROR, FILE_NAME,
                 "apiVersion is required. The value must be either \"v1\" or \"v2\"");
    else if (!str_is(version, "v1") && !str_is(version, "v2"))
        lint_add(f, LINT_ERROR, FILE_NAME,
                 "apiVersion '%.*s' is not valid. The value must be either \"v1\" or \"v2\"",
                 STR_ARG(version));
}

static void lint_version(struct lint_findings *f, struct str text)
{
    struct semver version, least;

    if (text.len == 0) {
        lint_add(f, LINT_ERROR, FILE_NAME, "version is required");
        return;
    }
    if (semver_parse(text, &version)) {
        lint_add(f, LINT_ERROR, FILE_NAME, "version '%.*s' is not a valid SemVer", STR_ARG(text));
        return;
    }
    if (!semver_parse(STR("0.0.0-0"), &least) && semver_compare(&version, &least) <= 0)
        lint_add(f, LINT_ERROR, FILE_NAME, "version \"%.*s\" is less than or equal to \"0.0.0-0\"",
                 STR_ARG(semver_format(f->arena, &version)));
}

/* The first that is wrong, as in helm. */
static void lint_maintainers(struct lint_findings *f, const struct val *list)
{
    for (size_t i = 0; i < val_count(list); i++) {
        const struct val *m = list->items[i];
        struct str name = helm_text(f->arena, val_get(m, STR("name")));
        struct str email = helm_text(f->arena, val_get(m, STR("email")));
        struct str url = helm_text(f->arena, val_get(m, STR("url")));
        bool good_email = email.len == 0 || lint_is_email(email);
        bool good_url = url.len == 0 || lint_is_url(url);

        if (m->kind == VAL_NULL)
            lint_add(f, LINT_ERROR, FILE_NAME, "a maintainer entry is empty");
        else if (name.len == 0)
            lint_add(f, LINT_ERROR, FILE_NAME, "each maintainer requires a name");
        else if (!good_email)
            lint_add(f, LINT_ERROR, FILE_NAME, "invalid email '%.*s' for maintainer '%.*s'",
                     STR_ARG(email), STR_ARG(name));
        else if (!good_url)
            lint_add(f, LINT_ERROR, FILE_NAME, "invalid url '%.*s' for maintainer '%.*s'",
                     STR_ARG(url), STR_ARG(name));
        else
            continue;
        return;
    }
}

static void lint_links(struct lint_findings *f, const struct helm_chart *c)
{
    const struct val *sources = val_get(c->metadata, STR("sources"));
    struct str icon = helm_chart_field(c, "icon");

    for (size_t i = 0; i < val_count(sources); i++) {
        struct str source = val_str(sources->items[i]);

        if (lint_is_request_url(source))
            continue;
        lint_add(f, LINT_ERROR, FILE_NAME, "invalid source URL '%.*s'", STR_ARG(source));
        break;
    }
    if (icon.len == 0)
        lint_add(f, LINT_INFO, FILE_NAME, "icon is recommended");
    else if (!lint_is_request_url(icon))
        lint_add(f, LINT_ERROR, FILE_NAME, "invalid icon URL '%.*s'", STR_ARG(icon));
}

bool lint_chart_file(struct lint_findings *f, struct str text)
{
    struct helm_chart c = { .parent = NULL };
    const struct val *file;
    struct err *e;

    if (TRY(&e, helm_metadata_read(f->arena, &c, text, FILE_NAME)) ||
        TRY(&e, yaml_read(f->arena, text, FILE_NAME, YAML_SIGS_LOOSE, &file))) {
        lint_add(f, LINT_ERROR, FILE_NAME, "unable to parse YAML\n\t%.*s",
                 STR_ARG(err_line(f->arena, e)));
        return false;
    }
    struct str api = helm_text(f->arena, val_get(file, STR("apiVersion")));
    struct str version = helm_chart_field(&c, "version");

    lint_strictly(f, text, file);
    lint_name(f, c.name);
    lint_api_version(f, api);
    lint_is_text(f, file, "version");
    lint_version(f, version);
    lint_is_text(f, file, "appVersion");
    lint_maintainers(f, val_get(c.metadata, STR("maintainers")));
    lint_links(f, &c);
    if (helm_chart_field(&c, "type").len > 0 && !str_is(api, "v2"))
        lint_add(f, LINT_ERROR, FILE_NAME,
                 "chart type is not valid in apiVersion '%.*s'. It is valid in apiVersion 'v2'",
                 STR_ARG(api));
    if (c.dependencies.count > 0 && !str_is(api, "v2"))
        lint_add(f, LINT_ERROR, FILE_NAME,
                 "dependencies are not valid in the Chart file with apiVersion '%.*s'. They are "
                 "valid in apiVersion 'v2'",
                 STR_ARG(api));
    if (!semver_is_strict(version))
        lint_add(f, LINT_WARNING, FILE_NAME, "version '%.*s' is not a valid SemVerV2",
                 STR_ARG(version));
    return true;
}
