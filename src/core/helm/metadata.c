/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"
#include "core/helm/chart.h"
#include "core/semver/semver.h"
#include "foreign/utf8.h"
#include "value/number_text.h"
#include "value/yaml.h"

enum field_type {
    TEXT,
    RAW, /* a text that Helm does not clean */
    TEXTS,
    TRUTH,
    TEXT_MAP,
    LIST,
    OBJECTS,
};

struct field {
    const char *name;
    enum field_type type;
    const struct field *of; /* OBJECTS: what each holds */
};

static const struct field maintainer_fields[] = {
    { "name", TEXT, NULL },
    { "email", TEXT, NULL },
    { "url", TEXT, NULL },
    { NULL, TEXT, NULL },
};

static const struct field dependency_fields[] = {
    { "name", TEXT, NULL },      { "version", TEXT, NULL },       { "repository", TEXT, NULL },
    { "condition", TEXT, NULL }, { "tags", TEXTS, NULL },         { "enabled", TRUTH, NULL },
    { "alias", RAW, NULL },      { "import-values", LIST, NULL }, { NULL, TEXT, NULL },
};

static const struct field chart_fields[] = {
    { "name", TEXT, NULL },
    { "home", TEXT, NULL },
    { "sources", TEXTS, NULL },
    { "version", TEXT, NULL },
    { "description", TEXT, NULL },
    { "keywords", TEXTS, NULL },
    { "maintainers", OBJECTS, maintainer_fields },
    { "icon", TEXT, NULL },
    { "apiVersion", TEXT, NULL },
    { "condition", TEXT, NULL },
    { "tags", TEXT, NULL },
    { "appVersion", TEXT, NULL },
    { "deprecated", TRUTH, NULL },
    { "annotations", TEXT_MAP, NULL },
    { "kubeVersion", TEXT, NULL },
    { "dependencies", OBJECTS, dependency_fields },
    { "type", TEXT, NULL },
    { NULL, TEXT, NULL },
};

static struct err *wrong(struct arena *a, const struct val *v, struct str name, const char *field,
                         const char *want)
{
    return err_new(a, ERR_INVALID, "cannot load %.*s:%u:%u: field \"%s\" must be %s, not %s",
                   STR_ARG(name), v->line, v->column, field, want, val_kind_name(v));
}

static struct err *check_type(struct arena *a, const struct val *v, struct str name,
                              const struct field *f)
{
    bool list = f->type == TEXTS || f->type == OBJECTS || f->type == LIST;
    if (v->kind == VAL_NULL)
        return NULL;
    if ((f->type == TEXT || f->type == RAW) && (v->kind == VAL_MAP || v->kind == VAL_SEQ))
        return wrong(a, v, name, f->name, "a string");
    if (f->type == TRUTH && v->kind != VAL_BOOL)
        return wrong(a, v, name, f->name, "a boolean");
    if (list && v->kind != VAL_SEQ)
        return wrong(a, v, name, f->name, "an array");
    if (f->type == TEXT_MAP && v->kind != VAL_MAP)
        return wrong(a, v, name, f->name, "an object");
    for (size_t i = 0; f->type != LIST && i < val_count(v); i++) {
        const struct val *item = v->kind == VAL_SEQ ? v->items[i] : v->fields[i].value;
        bool nested = item->kind == VAL_MAP || item->kind == VAL_SEQ;
        if (f->type == OBJECTS ? item->kind != VAL_MAP && item->kind != VAL_NULL : nested)
            return wrong(a, item, name, f->name,
                         f->type == OBJECTS ? "an array of objects" : "strings");
    }
    return NULL;
}

struct str helm_text(struct arena *a, const struct val *v)
{
    struct buf out;
    buf_init(&out, a, 0);
    if (!v)
        return STR("");
    if (v->kind == VAL_BOOL)
        return v->boolean ? STR("true") : STR("false");
    if (v->kind == VAL_INT)
        buf_put_int(&out, v->integer);
    else if (v->kind == VAL_FLOAT)
        number_put_g(&out, v->real);
    else
        return val_str(v);
    return buf_str(&out);
}

/* White space becomes a space, what cannot be printed goes. */
static struct str clean(struct arena *a, struct str s)
{
    struct buf out;
    size_t width;
    uint32_t rune;
    buf_init(&out, a, 0);
    for (; (width = utf8_decode(s, &rune)) > 0; s = str_skip(s, width)) {
        if (utf8_is_space(rune))
            buf_put_byte(&out, ' ');
        else if (utf8_is_print(rune))
            buf_put(&out, str_slice(s, 0, width));
    }
    return buf_str(&out);
}

static const struct val *clean_text(struct arena *a, const struct val *v)
{
    return val_string(a, clean(a, helm_text(a, v)));
}

static struct err *take_fields(struct arena *a, const struct val *v, struct str name,
                               const struct field *fields, const struct val **ret);

static struct err *take_objects(struct arena *a, const struct val *list, struct str name,
                                const struct field *fields, const struct val **ret)
{
    struct seq_editor out = { .arena = a, .seq = list };
    struct err *e;
    for (size_t i = 0; i < list->count; i++) {
        const struct val *object;
        if (list->items[i]->kind != VAL_MAP)
            continue;
        if (TRY(&e, take_fields(a, list->items[i], name, fields, &object)))
            return e;
        seq_editor_set(&out, i, object);
    }
    *ret = seq_editor_done(&out);
    return NULL;
}

/* Scalars as texts: cleaned, but for annotations and aliases. */
static struct err *take_field(struct arena *a, const struct val *v, struct str name,
                              const struct field *f, const struct val **ret)
{
    const struct val *out = v;
    if (f->type == OBJECTS)
        return take_objects(a, v, name, f->of, ret);
    if (f->type == TEXT)
        out = clean_text(a, v);
    if (f->type == RAW)
        out = val_string(a, helm_text(a, v));
    for (size_t i = 0; f->type == TEXTS && i < v->count; i++)
        out = val_seq_replace(a, out, i, clean_text(a, v->items[i]));
    for (size_t i = 0; f->type == TEXT_MAP && i < v->count; i++)
        out = val_with(a, out, v->fields[i].key, val_string(a, helm_text(a, v->fields[i].value)));
    *ret = out;
    return NULL;
}

/* The known fields by their names, whatever their case was; unknown ones are left out, null is "not given". */
static struct err *take_fields(struct arena *a, const struct val *v, struct str name,
                               const struct field *fields, const struct val **ret)
{
    struct map_builder b;
    struct err *e;
    map_builder_init(&b, a);
    for (size_t i = 0; i < v->count; i++) {
        const struct val *own = v->fields[i].value, *taken;
        const struct field *f = fields;
        while (f->name && !str_eq_nocase(str_from_cstr(f->name), v->fields[i].key))
            f++;
        if (!f->name || own->kind == VAL_NULL)
            continue;
        if (TRY(&e, check_type(a, own, name, f)) || TRY(&e, take_field(a, own, name, f, &taken)))
            return e;
        map_builder_set(&b, str_from_cstr(f->name), taken);
    }
    *ret = map_builder_done(&b, v);
    return NULL;
}

static struct err *take_dependency(struct arena *a, const struct val *v, struct str name,
                                   struct helm_dependencies *into)
{
    if (v->kind != VAL_MAP)
        return err_new(a, ERR_INVALID,
                       "%.*s:%u:%u: dependencies must not contain empty or null nodes",
                       STR_ARG(name), v->line, v->column);
    *VEC_PUSH(a, into) = (struct helm_dependency){
        .name = val_get_str(v, "name"),
        .version = val_get_str(v, "version"),
        .repository = val_get_str(v, "repository"),
        .condition = val_get_str(v, "condition"),
        .alias = val_get_str(v, "alias"),
        .tags = val_get(v, STR("tags")),
        .import_values = val_get(v, STR("import-values")),
        .source = v,
    };
    return NULL;
}

static struct err *take_dependencies(struct arena *a, struct helm_chart *c, struct str name)
{
    const struct val *list = val_get(c->metadata, STR("dependencies"));
    struct err *e;
    c->dependencies.count = 0;
    for (size_t i = 0; i < val_count(list); i++)
        if (TRY(&e, take_dependency(a, list->items[i], name, &c->dependencies)))
            return e;
    return NULL;
}

struct err *helm_metadata_read(struct arena *a, struct helm_chart *c, struct str text,
                               struct str name)
{
    const struct val *v;
    struct err *e;
    if (TRY(&e, yaml_read(a, text, name, YAML_SIGS_LOOSE, &v)))
        return err_wrap(a, e, "cannot load %.*s", STR_ARG(name));
    if (v->kind == VAL_NULL)
        v = &val_empty_map;
    if (v->kind != VAL_MAP)
        return err_new(a, ERR_INVALID, "cannot load %.*s: expected an object, found %s",
                       STR_ARG(name), val_kind_name(v));
    if (TRY(&e, take_fields(a, v, name, chart_fields, &c->metadata)))
        return e;
    if (val_get_str(c->metadata, "apiVersion").len == 0)
        c->metadata = val_with(a, c->metadata, STR("apiVersion"), val_cstring(a, "v1"));
    c->name = val_get_str(c->metadata, "name");
    return take_dependencies(a, c, name);
}

struct err *helm_requirements_read(struct arena *a, struct helm_chart *c, struct str text,
                                   struct str name)
{
    const struct val *v;
    struct err *e;
    if (TRY(&e, yaml_read(a, text, name, YAML_SIGS_LOOSE, &v)))
        return err_wrap(a, e, "cannot load %.*s", STR_ARG(name));
    const struct val *list = val_get(v, STR("dependencies"));
    if (!val_is(list, VAL_SEQ))
        return NULL;
    if (TRY(&e, take_objects(a, list, name, dependency_fields, &list)))
        return e;
    c->metadata = val_with(a, c->metadata, STR("dependencies"), list);
    return take_dependencies(a, c, name);
}

static struct err *invalid(struct arena *a, struct str file, const char *what, struct str value)
{
    return err_new(a, ERR_INVALID, "%.*s: validation: chart.metadata.%s", STR_ARG(file),
                   value.len > 0 ? str_cstr(a, str_printf(a, what, STR_ARG(value))) : what);
}

static struct err *check_alias(struct arena *a, const struct helm_dependency *d, struct str file)
{
    for (size_t i = 0; i < d->alias.len; i++) {
        char ch = d->alias.ptr[i];
        bool good = (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') ||
                    (ch >= '0' && ch <= '9') || ch == '_' || ch == '-';
        if (!good)
            return err_new(a, ERR_INVALID,
                           "%.*s: validation: dependency \"%.*s\" has disallowed characters in the "
                           "alias",
                           STR_ARG(file), STR_ARG(d->name));
    }
    return NULL;
}

static struct err *check_dependencies(struct arena *a, const struct helm_chart *c, struct str file)
{
    struct err *e;
    for (size_t i = 0; i < c->dependencies.count; i++) {
        const struct helm_dependency *d = &c->dependencies.items[i];
        struct str key = d->alias.len > 0 ? d->alias : d->name;
        if (TRY(&e, check_alias(a, d, file)))
            return e;
        for (size_t j = 0; j < i; j++) {
            const struct helm_dependency *o = &c->dependencies.items[j];
            if (str_eq(key, o->alias.len > 0 ? o->alias : o->name))
                return err_new(a, ERR_INVALID,
                               "%.*s: validation: more than one dependency with name or alias "
                               "\"%.*s\"",
                               STR_ARG(file), STR_ARG(key));
        }
    }
    return NULL;
}

struct err *helm_metadata_check(struct arena *a, const struct helm_chart *c, struct str file)
{
    struct str version = helm_chart_field(c, "version"), type = helm_chart_field(c, "type");
    const struct val *maintainers = val_get(c->metadata, STR("maintainers"));
    struct semver parsed;
    if (c->name.len == 0)
        return invalid(a, file, "name is required", STR(""));
    if (str_is(c->name, ".") || str_is(c->name, ".."))
        return invalid(a, file, "name \"%.*s\" is not allowed", c->name);
    if (str_find_byte(c->name, '/', 0) != SIZE_MAX)
        return invalid(a, file, "name \"%.*s\" is invalid", c->name);
    if (version.len == 0)
        return invalid(a, file, "version is required", STR(""));
    if (semver_parse(version, &parsed))
        return invalid(a, file, "version \"%.*s\" is invalid", version);
    if (type.len > 0 && !str_is(type, "application") && !str_is(type, "library"))
        return invalid(a, file, "type must be application or library", STR(""));
    for (size_t i = 0; i < val_count(maintainers); i++)
        if (maintainers->items[i]->kind != VAL_MAP)
            return err_new(a, ERR_INVALID,
                           "%.*s: validation: maintainers must not contain empty or null nodes",
                           STR_ARG(file));
    return check_dependencies(a, c, file);
}

static bool is_empty(const struct val *v)
{
    return v->kind == VAL_NULL || (v->kind == VAL_STRING && v->text.len == 0) ||
           (v->kind == VAL_BOOL && !v->boolean) ||
           ((v->kind == VAL_MAP || v->kind == VAL_SEQ) && v->count == 0);
}

/* The keys of a map that are listed and not empty, those with "=" in front in any case; list entries likewise. */
static const struct val *filled(struct arena *a, const struct val *v, const char *const *keys)
{
    struct map_builder b;
    map_builder_init(&b, a);
    for (size_t i = 0; keys[i]; i++) {
        bool is_always = keys[i][0] == '=';
        struct str key = str_from_cstr(keys[i] + is_always);
        const struct val *own = val_get(v, key);
        if (is_always && (!own || own->kind == VAL_NULL))
            own = &val_empty_string;
        if (own && (is_always || !is_empty(own)))
            map_builder_set(&b, key, own);
    }
    return map_builder_done(&b, NULL);
}

static const struct val *filled_list(struct arena *a, const struct val *list,
                                     const char *const *keys)
{
    struct seq_builder b;
    seq_builder_init(&b, a);
    for (size_t i = 0; i < val_count(list); i++)
        seq_builder_add(&b, filled(a, list->items[i], keys));
    return seq_builder_done(&b, NULL);
}

const struct val *helm_metadata_shown(struct arena *a, const struct helm_chart *c)
{
    static const char *const maintainer[] = { "name", "email", "url", NULL };
    static const char *const dependency[] = { "=name",         "version", "=repository",
                                              "condition",     "tags",    "enabled",
                                              "import-values", "alias",   NULL };
    enum { COUNT = sizeof chart_fields / sizeof chart_fields[0] - 1 };
    const char *names[COUNT + 1] = { NULL };
    for (size_t i = 0; i < COUNT; i++)
        names[i] = chart_fields[i].name;
    const struct val *out = filled(a, c->metadata, names);
    const struct val *people = val_get(out, STR("maintainers"));
    const struct val *charts = val_get(out, STR("dependencies"));
    if (people)
        out = val_with(a, out, STR("maintainers"), filled_list(a, people, maintainer));
    if (charts)
        out = val_with(a, out, STR("dependencies"), filled_list(a, charts, dependency));
    return out;
}
