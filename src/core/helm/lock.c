/* SPDX-License-Identifier: Apache-2.0 */
#include "core/helm/lock.h"

#include "base/buf.h"
#include "foreign/digest.h"
#include "value/json.h"
#include "value/yaml.h"

static const struct val *text_or_none(struct arena *a, struct str s)
{
    return s.len > 0 ? val_string(a, s) : NULL;
}

static const struct val *list_or_none(const struct val *list)
{
    return val_is(list, VAL_SEQ) && list->count > 0 ? list : NULL;
}

/* A tag is a text, whatever YAML makes of it. */
static const struct val *tags_or_none(struct arena *a, const struct val *list)
{
    struct seq_builder out;

    if (!list_or_none(list))
        return NULL;
    seq_builder_init(&out, a);
    for (size_t i = 0; i < list->count; i++)
        seq_builder_add(&out, val_string(a, helm_text(a, list->items[i])));
    return seq_builder_done(&out, NULL);
}

/* In the order of Go's struct, which is the order of its JSON. */
static const struct val *dependency_val(struct arena *a, const struct helm_dependency *d)
{
    const struct val *enabled = val_get(d->source, STR("enabled"));

    return val_map_of(a, "name", val_string(a, d->name), "version", text_or_none(a, d->version),
                      "repository", val_string(a, d->repository), "condition",
                      text_or_none(a, d->condition), "tags", tags_or_none(a, d->tags), "enabled",
                      val_is(enabled, VAL_BOOL) && enabled->boolean ? &val_true : NULL,
                      "import-values",
                      list_or_none(d->import_values ? val_sorted(a, d->import_values) : NULL),
                      "alias", text_or_none(a, d->alias), NULL);
}

static const struct val *list_val(struct arena *a, const struct helm_dependencies *list,
                                  bool is_there)
{
    struct seq_builder out;

    if (!is_there)
        return &val_null;
    seq_builder_init(&out, a);
    for (size_t i = 0; i < list->count; i++)
        seq_builder_add(&out, dependency_val(a, &list->items[i]));
    return seq_builder_done(&out, NULL);
}

static struct str digest_of(struct arena *a, const struct val *v)
{
    struct str text = json_string(a, v, JSON_COMPACT | JSON_ESCAPE_HTML);

    return str_concat(a, STR("sha256:"),
                      digest_hex(a, DIGEST_SHA256, str_trim_suffix(text, STR("\n"))));
}

struct str helm_lock_digest(struct arena *a, const struct helm_dependencies *demanded,
                            bool has_demands, const struct helm_lock *lock)
{
    const struct val *both[] = { list_val(a, demanded, has_demands),
                                 list_val(a, &lock->dependencies, lock->has_dependencies) };

    return digest_of(a, val_seq(a, both, 2));
}

struct str helm_lock_digest_v2(struct arena *a, const struct helm_dependencies *demanded,
                               bool has_demands)
{
    return digest_of(a, val_map_of(a, "dependencies", list_val(a, demanded, has_demands), NULL));
}

static struct err *text_of(struct arena *a, const struct val *v, const char *field, struct str name,
                           struct str *ret)
{
    const struct val *own = val_get(v, str_from_cstr(field));

    *ret = helm_text(a, own);
    if (!own || (own->kind != VAL_MAP && own->kind != VAL_SEQ))
        return NULL;
    return err_new(a, ERR_INVALID, "%.*s:%u:%u: field \"%s\" must be a string, not %s",
                   STR_ARG(name), own->line, own->column, field, val_kind_name(own));
}

static struct err *read_one(struct arena *a, const struct val *v, struct str name,
                            struct helm_dependency *ret)
{
    struct err *e;

    *ret = (struct helm_dependency){ .source = v,
                                     .tags = val_get(v, STR("tags")),
                                     .import_values = val_get(v, STR("import-values")) };
    if (v->kind != VAL_MAP)
        return err_new(a, ERR_INVALID, "%.*s:%u:%u: a dependency must be an object, not %s",
                       STR_ARG(name), v->line, v->column, val_kind_name(v));
    if (TRY(&e, text_of(a, v, "name", name, &ret->name)) ||
        TRY(&e, text_of(a, v, "version", name, &ret->version)) ||
        TRY(&e, text_of(a, v, "repository", name, &ret->repository)) ||
        TRY(&e, text_of(a, v, "condition", name, &ret->condition)))
        return e;
    return text_of(a, v, "alias", name, &ret->alias);
}

struct err *helm_lock_read(struct arena *a, const struct val *v, struct str name,
                           struct helm_lock *ret)
{
    const struct val *list = val_get(v, STR("dependencies"));
    struct helm_lock lock = { .has_dependencies = val_is(list, VAL_SEQ) };
    struct err *e;

    if (TRY(&e, text_of(a, v, "digest", name, &lock.digest)))
        return e;
    for (size_t i = 0; lock.has_dependencies && i < list->count; i++) {
        struct helm_dependency *own = VEC_PUSH(a, &lock.dependencies);

        if (TRY(&e, read_one(a, list->items[i], name, own)))
            return e;
    }
    *ret = lock;
    return NULL;
}

struct str helm_time_format(struct arena *a, struct wall_time t)
{
    struct civil_time c = civil_from_wall(t);
    struct str fraction = str_printf(a, ".%09d", c.nanosecond);

    while (fraction.len > 1 && fraction.ptr[fraction.len - 1] == '0')
        fraction.len--;
    return str_printf(a, "%.*s%.*sZ", STR_ARG(str_trim_suffix(wall_time_format(a, t), STR("Z"))),
                      STR_ARG(fraction.len > 1 ? fraction : STR("")));
}

struct str helm_lock_format(struct arena *a, const struct helm_lock *lock,
                            struct wall_time generated)
{
    const struct val *v = val_map_of(a, "dependencies",
                                     list_val(a, &lock->dependencies, lock->has_dependencies),
                                     "digest", val_string(a, lock->digest), "generated",
                                     val_string(a, helm_time_format(a, generated)), NULL);

    return yaml_string(a, v, YAML_WRITE_DEFAULT);
}
