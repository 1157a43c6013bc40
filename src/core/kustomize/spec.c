/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kustomize/spec.h"

#include "base/limits.h"
#include "value/yaml.h"

const struct str kustomize_file_names[KUSTOMIZE_FILE_NAMES] = {
    STR_INIT("kustomization.yaml"),
    STR_INIT("kustomization.yml"),
    STR_INIT("Kustomization"),
};

struct check {
    struct arena *arena;
    struct str name; /* of the file */
    struct kust_errors *errors;
};

static struct err *check_object(const struct check *c, const struct val *v,
                                const struct spec_field *fields, const struct val **ret);

static struct err *wrong(const struct check *c, const struct val *v, struct str key,
                         const char *want)
{
    return err_new(c->arena, ERR_INVALID, "%.*s:%u:%u: field \"%.*s\" must be %s, not %s",
                   STR_ARG(c->name), v->line, v->column, STR_ARG(key), want, val_kind_name(v));
}

/* A list of strings; null items are empty strings, as in the peer. */
static struct err *check_strings(const struct check *c, const struct val *v, struct str key,
                                 const struct val **ret)
{
    if (v->kind != VAL_SEQ)
        return wrong(c, v, key, "an array of strings");
    struct seq_builder b;
    seq_builder_init(&b, c->arena);
    for (size_t i = 0; i < v->count; i++) {
        const struct val *item = v->items[i];
        if (item->kind != VAL_STRING && item->kind != VAL_NULL)
            return wrong(c, item, key, "an array of strings");
        seq_builder_add(&b, item->kind == VAL_NULL ? &val_empty_string : item);
    }
    *ret = seq_builder_done(&b, v);
    return NULL;
}

static struct err *check_string_map(const struct check *c, const struct val *v, struct str key,
                                    const struct val **ret)
{
    if (v->kind != VAL_MAP)
        return wrong(c, v, key, "an object of strings");
    struct map_builder b;
    map_builder_init(&b, c->arena);
    for (size_t i = 0; i < v->count; i++) {
        const struct val *value = v->fields[i].value;
        if (value->kind != VAL_STRING && value->kind != VAL_NULL)
            return wrong(c, value,
                         str_printf(c->arena, "%.*s.%.*s", STR_ARG(key), STR_ARG(v->fields[i].key)),
                         "a string");
        map_builder_set(&b, v->fields[i].key, value->kind == VAL_NULL ? &val_empty_string : value);
    }
    *ret = map_builder_done(&b, v);
    return NULL;
}

static struct err *check_objects(const struct check *c, const struct val *v,
                                 const struct spec_field *field, const struct val **ret)
{
    if (v->kind != VAL_SEQ)
        return wrong(c, v, field->name, "an array");
    struct seq_builder b;
    seq_builder_init(&b, c->arena);
    for (size_t i = 0; i < v->count; i++) {
        const struct val *item = v->items[i];
        struct err *e;
        if (item->kind == VAL_NULL)
            item = &val_empty_map;
        if (item->kind != VAL_MAP)
            return wrong(c, item, field->name, "an array of objects");
        if (TRY(&e, check_object(c, item, field->fields, &item)))
            return e;
        seq_builder_add(&b, item);
    }
    *ret = seq_builder_done(&b, v);
    return NULL;
}

static struct err *check_value(const struct check *c, const struct val *v,
                               const struct spec_field *field, const struct val **ret)
{
    int64_t n;
    *ret = v;
    switch (field->type) {
    case SPEC_STRING:
        return v->kind == VAL_STRING ? NULL : wrong(c, v, field->name, "a string");
    case SPEC_BOOL:
        return v->kind == VAL_BOOL ? NULL : wrong(c, v, field->name, "a boolean");
    case SPEC_INT:
        if (v->kind != VAL_STRING && val_to_int64(v, &n))
            return NULL;
        return wrong(c, v, field->name, "an integer");
    case SPEC_MAP:
        return v->kind == VAL_MAP ? NULL : wrong(c, v, field->name, "an object");
    case SPEC_STRINGS:
        return check_strings(c, v, field->name, ret);
    case SPEC_STRING_MAP:
        return check_string_map(c, v, field->name, ret);
    case SPEC_OBJECTS:
        return check_objects(c, v, field, ret);
    case SPEC_OBJECT:
    default:
        if (v->kind != VAL_MAP)
            return wrong(c, v, field->name, "an object");
        return check_object(c, v, field->fields, ret);
    }
}

/* Exact name first, else one that differs in case only. */
static const struct spec_field *find_field(const struct spec_field *fields, struct str key)
{
    const struct spec_field *loose = NULL;
    for (const struct spec_field *f = fields; f->name.len > 0; f++) {
        if (str_eq(f->name, key))
            return f;
        if (!loose && str_eq_nocase(f->name, key))
            loose = f;
    }
    return loose;
}

/* Of a field given in several spellings the last in byte order counts, be that null. */
static bool is_spelled_again(const struct val *v, const struct val_field *given,
                             const struct spec_field *field, const struct spec_field *fields)
{
    for (size_t i = 0; i < v->count; i++) {
        struct str other = v->fields[i].key;
        if (str_eq_nocase(other, given->key) && str_cmp(other, given->key) > 0 &&
            find_field(fields, other) == field)
            return true;
    }
    return false;
}

/* Fields that are wrong are left out of *ret, and why is added to the errors. */
static struct err *check_object(const struct check *c, const struct val *v,
                                const struct spec_field *fields, const struct val **ret)
{
    struct map_builder b;
    map_builder_init(&b, c->arena);
    for (size_t i = 0; i < v->count; i++) {
        const struct val_field *given = &v->fields[i];
        const struct spec_field *field = find_field(fields, given->key);
        if (!field)
            *VEC_PUSH(c->arena, c->errors) = err_new(
                c->arena, ERR_INVALID, "%.*s:%u:%u: unknown field \"%.*s\"", STR_ARG(c->name),
                given->line, given->column, STR_ARG(given->key));
        if (!field || given->value->kind == VAL_NULL)
            continue;
        const struct val *value;
        struct err *e;
        if (TRY(&e, check_value(c, given->value, field, &value))) {
            *VEC_PUSH(c->arena, c->errors) = e;
            continue;
        }
        if (is_spelled_again(v, given, field, fields))
            continue;
        struct val_field canonical = *given;
        canonical.key = field->name;
        canonical.value = value;
        map_builder_set_field(&b, &canonical);
    }
    *ret = map_builder_done(&b, v);
    return NULL;
}

struct err *kust_spec_check(struct arena *a, const struct val *v, const struct spec_field *fields,
                            struct str name, const struct val **ret)
{
    struct kust_errors errors = VEC_INIT;
    struct check c = { a, name, &errors };
    struct err *e;
    if (v->kind != VAL_MAP)
        return err_new(a, ERR_INVALID, "%.*s:%u:%u: expected an object, found %s", STR_ARG(name),
                       v->line, v->column, val_kind_name(v));
    if (TRY(&e, check_object(&c, v, fields, ret)))
        return e;
    return err_join(a, errors.items, errors.count);
}

const struct val *kust_spec_loosen(struct arena *a, const struct val *v,
                                   const struct spec_field *fields)
{
    const struct val *out = v;
    for (size_t i = 0; v->kind == VAL_SEQ && i < v->count; i++) {
        const struct val *item = kust_spec_loosen(a, v->items[i], fields);
        if (item != v->items[i])
            out = val_seq_replace(a, out, i, item);
    }
    for (size_t i = 0; v->kind == VAL_MAP && i < v->count; i++) {
        const struct val_field *given = &v->fields[i];
        const struct spec_field *field = find_field(fields, given->key);
        if (!field)
            continue;
        const struct val *value = given->value;
        if (field->fields)
            value = kust_spec_loosen(a, value, field->fields);
        if (!str_eq(field->name, given->key))
            out = val_without(a, out, given->key);
        if (value != given->value || out != v)
            out = val_with(a, out, field->name, value);
    }
    return out;
}

/* Appends the list of a legacy field to that of its successor. */
static const struct val *move_list(struct arena *a, const struct val *spec, struct str from,
                                   struct str to)
{
    const struct val *old = val_get(spec, from);
    if (!old)
        return spec;
    const struct val *list = val_get(spec, to);
    if (!list)
        list = &val_empty_seq;
    for (size_t i = 0; i < old->count; i++)
        list = val_seq_append(a, list, old->items[i]);
    return val_with(a, val_without(a, spec, from), to, list);
}

/* generators' `env: f` is `envs: [f]`, at the end. */
static const struct val *move_env(struct arena *a, const struct val *spec, struct str generator)
{
    const struct val *list = val_get(spec, generator);
    for (size_t i = 0; i < val_count(list); i++) {
        const struct val *item = list->items[i], *env = val_get(item, STR("env"));
        if (val_str(env).len == 0)
            continue;
        const struct val *envs = val_get(item, STR("envs"));
        envs = val_seq_append(a, envs ? envs : &val_empty_seq, env);
        item = val_with(a, val_without(a, item, STR("env")), STR("envs"), envs);
        list = val_seq_replace(a, list, i, item);
    }
    return list ? val_with(a, spec, generator, list) : spec;
}

static void warn_deprecated(struct kust_build *b, const struct val *spec)
{
    static const struct {
        struct str field, instead;
    } table[] = {
        { STR_INIT("bases"), STR_INIT("resources") },
        { STR_INIT("commonLabels"), STR_INIT("labels") },
        { STR_INIT("imageTags"), STR_INIT("images") },
        { STR_INIT("patchesJson6902"), STR_INIT("patches") },
        { STR_INIT("patchesStrategicMerge"), STR_INIT("patches") },
        { STR_INIT("vars"), STR_INIT("replacements") },
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (val_get(spec, table[i].field))
            kust_warn(b, str_printf(b->arena, "'%.*s' is deprecated, use '%.*s' instead",
                                    STR_ARG(table[i].field), STR_ARG(table[i].instead)));
}

static struct err *check_kind(struct kust_build *b, struct kust_spec *spec, struct str name)
{
    struct str kind = val_get_str(spec->value, "kind");
    struct str version = val_get_str(spec->value, "apiVersion");
    spec->is_component = str_is(kind, "Component");
    if (kind.len > 0 && !spec->is_component && !str_is(kind, "Kustomization"))
        return err_new(b->arena, ERR_INVALID,
                       "%.*s: kind should be Kustomization or Component, not \"%.*s\"",
                       STR_ARG(name), STR_ARG(kind));
    struct str want = spec->is_component ? STR("kustomize.config.k8s.io/v1alpha1")
                                         : STR("kustomize.config.k8s.io/v1beta1");
    if (version.len > 0 && !str_eq(version, want))
        return err_new(b->arena, ERR_INVALID, "%.*s: apiVersion should be %.*s, not \"%.*s\"",
                       STR_ARG(name), STR_ARG(want), STR_ARG(version));
    return NULL;
}

static bool says_nothing(const struct val *spec)
{
    for (size_t i = 0; i < spec->count; i++) {
        const struct val_field *f = &spec->fields[i];
        bool type = str_is(f->key, "apiVersion") || str_is(f->key, "kind");
        if (!type && !(f->value->kind == VAL_STRING && f->value->text.len == 0))
            return false;
    }
    return true;
}

struct err *kust_spec_of(struct kust_build *b, const struct val *v, struct str name,
                         struct kust_spec *ret)
{
    struct arena *a = b->arena;
    struct err *e;
    if (v->kind == VAL_NULL)
        v = &val_empty_map;
    if (TRY(&e, kust_spec_check(a, v, kust_spec_fields, name, &v)))
        return e;
    warn_deprecated(b, v);
    v = move_list(a, v, STR("bases"), STR("resources"));
    v = move_list(a, v, STR("imageTags"), STR("images"));
    v = move_list(a, v, STR("helmChartInflationGenerator"), STR("helmCharts"));
    v = move_env(a, v, STR("configMapGenerator"));
    v = move_env(a, v, STR("secretGenerator"));
    if (says_nothing(v))
        return err_new(a, ERR_INVALID, "%.*s: the kustomization is empty", STR_ARG(name));
    ret->value = v;
    return check_kind(b, ret, name);
}

struct err *kust_spec_find(struct arena *a, const struct tree *tree, struct str path,
                           struct str *ret)
{
    *ret = STR("");
    for (size_t i = 0; i < KUSTOMIZE_FILE_NAMES; i++) {
        struct str file;
        enum tree_kind kind;
        struct err *e;
        if (!tree_path_join(a, path, kustomize_file_names[i], &file))
            continue;
        if (TRY(&e, tree_stat(tree, a, file, &kind)))
            return e;
        if (kind != TREE_FILE)
            continue;
        if (ret->len > 0)
            return err_new(a, ERR_INVALID, "%.*s: more than one kustomization: %.*s and %.*s",
                           STR_ARG(path), STR_ARG(*ret), STR_ARG(kustomize_file_names[i]));
        *ret = kustomize_file_names[i];
    }
    return NULL;
}

static bool is_marker(struct str line, struct str marker)
{
    return str_has_prefix(line, marker) &&
           (line.len == marker.len || line.ptr[marker.len] == ' ' || line.ptr[marker.len] == '\t' ||
            line.ptr[marker.len] == '\r');
}

/* The peer parses the stream up to the end of its first document, be that empty, and ignores the rest. */
static struct str first_document(struct str text)
{
    static const struct str mark = STR_INIT("\xEF\xBB\xBF");
    bool begun = false;
    size_t at = str_has_prefix(text, mark) ? mark.len : 0;
    for (struct str line, rest = str_skip(text, at); str_cut(&rest, '\n', &line);) {
        bool next = is_marker(line, STR("---"));
        if (begun && (next || is_marker(line, STR("..."))))
            return str_slice(text, 0, at);
        struct str content = str_trim(line);
        begun = begun || next || (content.len > 0 && content.ptr[0] != '#' && line.ptr[0] != '%');
        at += line.len + 1;
    }
    return text;
}

struct err *kust_spec_load(struct kust_build *b, struct kust_dir *dir, struct kust_spec *ret)
{
    struct arena *a = b->arena;
    const struct kustomize_options *o = b->options;
    struct err *e;
    if (!dir->parent && o->kustomization) {
        dir->file_name = o->kustomization_name.len > 0 ? o->kustomization_name
                                                       : kustomize_file_names[0];
        dir->file = kust_show(b, dir, dir->path);
        dir->file = str_printf(a, "%.*s/%.*s", STR_ARG(dir->file), STR_ARG(dir->file_name));
        return kust_spec_of(b, o->kustomization, dir->file, ret);
    }
    if (TRY(&e, kust_spec_find(a, dir->tree, dir->path, &dir->file_name)))
        return e;
    if (dir->file_name.len == 0)
        return err_new(a, ERR_NOT_FOUND,
                       "%.*s: no kustomization.yaml, kustomization.yml or Kustomization in it",
                       STR_ARG(kust_show(b, dir, dir->path)));
    struct str path;
    (void)tree_path_join(a, dir->path, dir->file_name, &path);
    dir->file = kust_show(b, dir, path);
    struct kust_file file;
    if (TRY(&e, kust_read(b, dir, dir->file_name, &file)))
        return e;
    struct yaml_docs docs;
    if (TRY(&e, yaml_read_all(a, first_document(file.content), file.name, YAML_SIGS_LOOSE, &docs)))
        return e;
    return kust_spec_of(b, docs.count > 0 ? docs.items[0] : &val_null, dir->file, ret);
}
