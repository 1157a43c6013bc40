/* SPDX-License-Identifier: Apache-2.0 */
#include "base/limits.h"
#include "core/kustomize/field_edit.h"
#include "core/kustomize/memory.h"
#include "core/kustomize/selector.h"
#include "core/kustomize/spec.h"
#include "core/kustomize/structured_text.h"
#include "core/kustomize/transform.h"
#include "value/yaml.h"

/* One replacement in progress. */
struct replacing {
    struct kust_build *build;
    struct kust_resmap *map;
    const struct val *value;   /* that is copied */
    const struct val *options; /* of the current target; NULL: none */
    bool untagged;             /* the field is one that a patch set anew */
    bool annotation;           /* the field is text in any case */
    const struct kust_resource
        *source; /* whose field is copied as it is at that time; NULL: none */
    struct kust_strs source_path;
};

static bool is_scalar(const struct val *v)
{
    return v->kind != VAL_MAP && v->kind != VAL_SEQ;
}

static struct kust_strs split(struct arena *a, struct str text, struct str delimiter)
{
    struct kust_strs parts = VEC_INIT;
    for (size_t from = 0;;) {
        size_t at = str_find(text, delimiter, from);
        *VEC_PUSH(a, &parts) = str_slice(text, from, at);
        if (at == SIZE_MAX)
            return parts;
        from = at + delimiter.len;
    }
}

/* A string written as the old one was: a later merge takes the style over. */
static const struct val *styled(struct arena *a, const struct val *old, struct str text)
{
    struct val *v = ARENA_NEW(a, struct val);
    *v = *val_string(a, text);
    v->style = old->style == VAL_STYLE_PLAIN ? VAL_STYLE_TAGGED : old->style;
    v->file = old->file;
    v->line = old->line;
    return v;
}

/* A scalar of the same type with another text; text that does not fit the type is an error, if it stays. */
static const struct val *retyped(struct arena *a, const struct val *old, bool untagged,
                                 struct str text)
{
    if (untagged)
        return kust_rewrite_scalar(a, old, text);
    enum val_kind kind = kust_said_kind(old);
    if (kind == VAL_STRING)
        return styled(a, old, text);
    const struct val *now = kust_plain_scalar(a, text);
    bool fits = now->kind == kind || (kind == VAL_FLOAT && now->kind == VAL_INT);
    return fits ? now : kust_mistyped(a, kind, text);
}

static bool selects_id(const struct val *selector, const struct kust_id *id)
{
    struct kust_gvk gvk = { val_get_str(selector, "group"), val_get_str(selector, "version"),
                            val_get_str(selector, "kind") };
    struct str name = val_get_str(selector, "name");
    struct kust_id ns = { .ns = val_get_str(selector, "namespace") };
    struct kust_id own = { .ns = id->ns };
    return (name.len == 0 || str_eq(name, id->name)) && kust_id_selected(id, &gvk) &&
           (ns.ns.len == 0 || str_eq(kust_id_effective_ns(&ns), kust_id_effective_ns(&own)));
}

static bool was_selected(const struct val *selector, const struct kust_resource *r)
{
    if (selects_id(selector, &r->id))
        return true;
    for (size_t i = 0; i < r->past.count; i++) {
        struct kust_id past = kust_resource_past(r, i);
        if (selects_id(selector, &past))
            return true;
    }
    return false;
}

static struct err *find_source(const struct replacing *x, const struct val *source,
                               const struct kust_resource **ret)
{
    struct arena *a = x->build->arena;
    *ret = NULL;
    for (size_t i = 0; i < x->map->all.count; i++) {
        const struct kust_resource *r = x->map->all.items[i];
        if (!was_selected(source, r))
            continue;
        if (*ret)
            return err_new(a, ERR_INVALID, "the source could be %.*s or %.*s",
                           STR_ARG(kust_id_format(a, &(*ret)->id)),
                           STR_ARG(kust_id_format(a, &r->id)));
        *ret = r;
    }
    if (*ret)
        return NULL;
    return err_new(a, ERR_NOT_FOUND, "no resource is selected by the source (%.*s \"%.*s\")",
                   STR_ARG(val_get_str(source, "kind")), STR_ARG(val_get_str(source, "name")));
}

/* The part of a text that the options name. */
static struct err *refine(struct arena *a, const struct val *options, const struct val **value)
{
    struct str delimiter = val_get_str(options, "delimiter");
    int64_t index = val_at_int(options, "index", 0);
    if (delimiter.len == 0)
        return NULL;
    if (!is_scalar(*value))
        return err_new(a, ERR_INVALID, "a delimiter can only be used with scalars, not a %s",
                       val_kind_name(*value));
    struct kust_strs parts = split(a, kust_text(a, *value), delimiter);
    if (index < 0 || (size_t)index >= parts.count)
        return err_new(a, ERR_INVALID, "options.index %lld is out of bounds for \"%.*s\"",
                       (long long)index, STR_ARG(kust_text(a, *value)));
    *value = retyped(a, *value, kust_is_untagged(*value), parts.items[index]);
    return NULL;
}

/* All annotations, and with them where the peer remembers an object came from. */
static bool takes_annotations(struct str path)
{
    return str_is(path, "metadata.annotations") || str_is(path, "metadata");
}

static struct err *find_value(struct replacing *x, const struct val *replacement)
{
    struct arena *a = x->build->arena;
    const struct val *source = val_get(replacement, STR("source"));
    const struct val *given = val_get(replacement, STR("sourceValue"));
    const struct kust_resource *r;
    struct err *e;
    x->source = NULL;
    if (TRY(&e, kust_spend(x->build, x->map->all.count)))
        return e;
    if (source && given)
        return err_new(a, ERR_INVALID, "source and sourceValue exclude each other");
    if (given) {
        x->value = kust_plain_scalar(a, val_str(given));
        return NULL;
    }
    if (TRY(&e, find_source(x, source, &r)))
        return e;
    struct str path = val_get_str(source, "fieldPath");
    if (path.len == 0)
        path = STR("metadata.name");
    struct kust_strs parts = kust_field_path(a, path, false);
    bool whole = takes_annotations(path);
    x->value = kust_field_lookup(a, whole ? kust_memory_show(a, r) : r->object, &parts);
    if (kust_is_empty(x->value))
        return err_new(a, ERR_NOT_FOUND, "source %.*s has no field \"%.*s\"",
                       STR_ARG(kust_id_format(a, &r->id)), STR_ARG(path));
    const struct val *options = val_get(source, STR("options"));
    if (val_get_str(options, "delimiter").len == 0 && !whole) {
        x->source = r;
        x->source_path = parts;
    }
    return refine(a, options, &x->value);
}

/* The text of a target with one part of it, before the first or behind the last, replaced. */
static struct str spliced(struct arena *a, const struct val *options, struct str old, struct str by)
{
    struct str delimiter = val_get_str(options, "delimiter");
    int64_t index = val_at_int(options, "index", 0);
    struct kust_strs parts = split(a, old, delimiter), out = VEC_INIT;
    if (index < 0)
        *VEC_PUSH(a, &out) = by;
    for (size_t i = 0; i < parts.count; i++)
        *VEC_PUSH(a, &out) = index >= 0 && (size_t)index == i ? by : parts.items[i];
    if (index >= 0 && (size_t)index >= parts.count)
        *VEC_PUSH(a, &out) = by;
    return str_join(a, out.items, out.count, delimiter);
}

/* A value that is put into itself again and again doubles each time, and sharing hides it. */
static struct err *count_copies(struct kust_build *b, const struct val *v)
{
    b->copies += val_node_count(v, LIMIT_BUILD_COPIES);
    if (b->copies <= LIMIT_BUILD_COPIES)
        return NULL;
    return err_new(b->arena, ERR_TOO_LARGE, "replacements copy more than %u values",
                   LIMIT_BUILD_COPIES);
}

static struct err *set_value(const struct kust_field_edit *edit, const struct val *old,
                             const struct val **ret)
{
    const struct replacing *x = edit->context;
    bool part = val_get_str(x->options, "delimiter").len > 0;
    struct str text = kust_text(edit->arena, x->value);
    bool made = old == edit->create && old;
    struct err *e;
    if (part && !is_scalar(old))
        return err_new(edit->arena, ERR_INVALID,
                       "%s:%u:%u: a delimiter can only be used with scalars, not a %s",
                       old->file ? old->file : "", old->line, old->column, val_kind_name(old));
    if (part)
        text = spliced(edit->arena, x->options, kust_text(edit->arena, old), text);
    if (is_scalar(old) && x->annotation) {
        *ret = val_string(edit->arena, text);
        return NULL;
    }
    if (is_scalar(old) && !made) {
        *ret = retyped(edit->arena, old, x->untagged || kust_is_untagged(old), text);
        return NULL;
    }
    if (!is_scalar(x->value) && TRY(&e, count_copies(x->build, x->value)))
        return e;
    *ret = part && is_scalar(x->value) ? kust_plain_scalar(edit->arena, text) : x->value;
    if (made && is_scalar(x->value))
        *ret = kust_rewrite_scalar(edit->arena, NULL, text);
    return NULL;
}

static struct err *keep(const struct kust_field_edit *edit, const struct val *old,
                        const struct val **ret)
{
    (void)edit;
    *ret = old;
    return NULL;
}

/*
 * What is copied is read at the time of the copy: a field made in the very value that is copied is there already, empty.
 */
static struct err *read_live(struct replacing *x, const struct kust_field_edit *edit,
                             const struct kust_strs *parts, const struct kust_resource *r)
{
    const struct val *object = x->source->object;
    struct kust_field_edit make = { .arena = edit->arena, .create = edit->create, .set = keep };
    struct err *e;
    if (r == x->source && edit->create && TRY(&e, kust_field_edit(&make, parts, object, &object)))
        return e;
    const struct val *live = kust_field_lookup(edit->arena, object, &x->source_path);
    if (live)
        x->value = live;
    return NULL;
}

static struct err *set_field(struct replacing *x, struct kust_resource *r, struct str path)
{
    static const struct val made = { .kind = VAL_NULL };
    struct arena *a = x->build->arena;
    struct kust_strs parts = kust_field_path(a, path, false);
    struct kust_field_edit edit = { .arena = a, .set = set_value, .context = x };
    const struct val *object = r->object;
    struct err *e;
    bool found;
    bool live = x->source && x->source->object;
    bool whole = x->build->track_origins && takes_annotations(path);
    if (live && TRY(&e, read_live(x, &edit, &parts, r)))
        return e;
    if (val_at_bool(x->options, "create", false))
        edit.create = is_scalar(x->value)         ? &made
                      : x->value->kind == VAL_SEQ ? &val_empty_seq
                                                  : &val_empty_map;
    if (whole)
        object = kust_memory_show(a, r);
    if (TRY(&e, kust_structured_edit(&edit, &parts, object, &found, &object)))
        return e;
    edit.matches = 0;
    x->annotation = str_has_prefix(path, STR("metadata.annotations."));
    x->untagged = (r->untagged_name && (str_is(path, "kind") || str_is(path, "metadata.name"))) ||
                  (r->untagged_ns && str_is(path, "metadata.namespace")) ||
                  (r->untagged_version && str_is(path, "apiVersion"));
    if (!found && live && TRY(&e, read_live(x, &edit, &parts, r)))
        return e;
    if (!found && TRY(&e, kust_field_edit(&edit, &parts, object, &object)))
        return e;
    if (!found && edit.matches == 0)
        return err_new(a, ERR_NOT_FOUND, "unable to find%s field \"%.*s\" in replacement target",
                       edit.create ? " or create" : "", STR_ARG(path));
    if (takes_annotations(path) && !val_is(val_at(object, "metadata.annotations"), VAL_MAP))
        kust_memory_forget(r);
    if (whole)
        object = kust_memory_hide(a, r, object);
    kust_resource_set(a, &x->build->schema, r, object);
    return kust_spend(x->build, 4 + edit.visited);
}

struct target {
    const struct val *spec;
    struct kust_selector *select;
    struct kust_selector **reject;
    size_t reject_count;
};

static struct err *read_target(struct arena *a, const struct val *spec, struct target *ret)
{
    const struct val *select = val_get(spec, STR("select"));
    const struct val *reject = val_get(spec, STR("reject"));
    struct err *e;
    *ret = (struct target){ .spec = spec, .reject_count = val_count(reject) };
    if (!select)
        return err_new(a, ERR_INVALID, "a target must select resources");
    if (TRY(&e, kust_selector_new(a, select, &ret->select)))
        return e;
    ret->reject = ARENA_ARRAY(a, ret->reject_count, struct kust_selector *);
    for (size_t i = 0; i < ret->reject_count; i++)
        if (TRY(&e, kust_selector_new(a, reject->items[i], &ret->reject[i])))
            return e;
    return NULL;
}

static bool any_id(const struct kust_selector *s, const struct kust_resource *r)
{
    if (kust_selector_matches_id(s, &r->id))
        return true;
    for (size_t i = 0; i < r->past.count; i++) {
        struct kust_id past = kust_resource_past(r, i);
        if (kust_selector_matches_id(s, &past))
            return true;
    }
    return false;
}

static struct err *is_target(struct arena *a, const struct target *t, const struct kust_resource *r,
                             bool *ret)
{
    struct err *e;
    if (TRY(&e, kust_selector_matches_metadata(a, t->select, r, ret)) || !*ret)
        return e;
    for (size_t i = 0; i < t->reject_count; i++) {
        const struct kust_selector *s = t->reject[i];
        bool rejected = false;
        if (kust_selector_has_metadata(s) &&
            TRY(&e, kust_selector_matches_metadata(a, s, r, &rejected)))
            return e;
        *ret = *ret && !rejected;
    }
    for (size_t i = 0; i < t->reject_count && *ret; i++)
        *ret = !(kust_selector_has_id(t->reject[i]) && any_id(t->reject[i], r));
    *ret = *ret && any_id(t->select, r);
    return NULL;
}

static struct err *set_fields(struct replacing *x, const struct target *t, struct kust_resource *r)
{
    const struct val *paths = val_get(t->spec, STR("fieldPaths"));
    struct arena *a = x->build->arena;
    for (size_t i = 0; i < val_count(paths) || (i == 0 && val_count(paths) == 0); i++) {
        struct err *e;
        struct str path = val_count(paths) > 0 ? val_str(paths->items[i]) : STR("metadata.name");
        if (TRY(&e, set_field(x, r, path)))
            return err_wrap(a, e, "%.*s", STR_ARG(kust_id_format(a, &r->id)));
    }
    return NULL;
}

static struct err *replace_one(struct replacing *x, const struct val *replacement)
{
    const struct val *targets = val_get(replacement, STR("targets"));
    struct arena *a = x->build->arena;
    struct err *e;
    bool sourced = val_get(replacement, STR("source")) || val_get(replacement, STR("sourceValue"));
    if (!sourced || !targets)
        return err_new(a, ERR_INVALID, "a replacement must have a source and targets");
    if (TRY(&e, find_value(x, replacement)))
        return e;
    for (size_t i = 0; i < targets->count; i++) {
        struct target t;
        if (TRY(&e, read_target(a, targets->items[i], &t)))
            return e;
        x->options = val_get(t.spec, STR("options"));
        for (size_t j = 0; j < x->map->all.count; j++) {
            struct kust_resource *r = x->map->all.items[j];
            if (TRY(&e, kust_spend(x->build, 4 + t.reject_count + r->past.count)))
                return e;
            bool wanted;
            if (TRY(&e, is_target(a, &t, r, &wanted)))
                return e;
            if (!wanted)
                continue;
            if (TRY(&e, set_fields(x, &t, r)) || TRY(&e, kust_check_budget(x->build)))
                return e;
            kust_resmap_note(x->map, r);
        }
    }
    return NULL;
}

/* A file holds one replacement or a list of them. */
static struct err *replace_from_file(struct replacing *x, const struct kust_dir *dir,
                                     struct str path)
{
    struct arena *a = x->build->arena;
    struct kust_file file;
    const struct val *v;
    struct err *e;
    if (TRY(&e, kust_read(x->build, dir, path, &file)) ||
        TRY(&e, yaml_read(a, file.content, file.name, YAML_SIGS_LOOSE, &v)))
        return e;
    for (size_t i = 0; i < (v->kind == VAL_SEQ ? v->count : 1); i++) {
        const struct val *one = v->kind == VAL_SEQ ? v->items[i] : v;
        if (TRY(&e, kust_spec_check(a, one, kust_replacement_fields, file.name, &one)) ||
            TRY(&e, replace_one(x, one)))
            return err_wrap(a, e, "%.*s", STR_ARG(file.name));
    }
    return NULL;
}

struct err *kust_transform_replacements(struct kust_build *b, const struct kust_dir *dir,
                                        struct kust_resmap *m, const struct val *list)
{
    struct replacing x = { .build = b, .map = m };
    for (size_t i = 0; i < val_count(list); i++) {
        const struct val *v = list->items[i];
        struct str path = val_get_str(v, "path");
        struct err *e;
        if (path.len > 0 && (val_get(v, STR("source")) || val_get(v, STR("targets"))))
            e = err_new(b->arena, ERR_INVALID,
                        "a path and an inline replacement exclude each other");
        else
            e = path.len > 0 ? replace_from_file(&x, dir, path) : replace_one(&x, v);
        if (e)
            return err_wrap(b->arena, e, "%.*s:%u:%u: replacement", STR_ARG(dir->file), v->line,
                            (unsigned)v->column);
    }
    return NULL;
}
