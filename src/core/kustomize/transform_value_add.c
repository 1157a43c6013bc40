/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kustomize/field_edit.h"
#include "core/kustomize/origin.h"
#include "core/kustomize/selector.h"
#include "core/kustomize/transform.h"

struct addition {
    struct str value;
    int64_t position; /* in a file path, from 1; 0: the value replaces all */
};

/* a/b with x at 1: x/a/b; at 2: a/x/b; beyond the end: a/b/x. A path stays absolute or relative. */
static struct str inserted(struct arena *a, struct str path, const struct addition *x)
{
    struct kust_strs out = VEC_INIT;
    bool absolute = str_has_prefix(path, STR("/")), done = false;
    struct str clean = kust_origin_join(a, STR(""), path);
    int64_t at = 1;
    for (struct str part, rest = clean; clean.len > 0 && str_cut(&rest, '/', &part); at++) {
        if (at == x->position) {
            *VEC_PUSH(a, &out) = x->value;
            done = true;
        }
        *VEC_PUSH(a, &out) = part;
    }
    if (!done)
        *VEC_PUSH(a, &out) = x->value;
    struct str joined = kust_origin_join(a, str_join(a, out.items, out.count, STR("/")), STR(""));
    return absolute ? str_concat(a, STR("/"), joined) : joined;
}

static struct err *put(const struct kust_field_edit *edit, const struct val *old,
                       const struct val **ret)
{
    const struct addition *x = edit->context;
    if (old->kind == VAL_MAP || old->kind == VAL_SEQ)
        return err_new(edit->arena, ERR_INVALID, "%s:%u:%u: a value can only be added to a scalar",
                       old->file ? old->file : "", old->line, old->column);
    struct str text = x->value;
    if (x->position > 0)
        text = inserted(edit->arena, kust_text(edit->arena, old), x);
    *ret = kust_rewrite_scalar(edit->arena, old, text);
    return NULL;
}

/* Parts between slashes; "\\/" is a slash in a key. */
static struct kust_strs split(struct arena *a, struct str path)
{
    struct kust_strs parts = VEC_INIT;
    for (struct str part, rest = path; str_cut(&rest, '/', &part);) {
        struct str *last = parts.count > 0 ? &parts.items[parts.count - 1] : NULL;
        if (last && str_has_suffix(*last, STR("\\")))
            *last = str_printf(a, "%.*s/%.*s", STR_ARG(str_slice(*last, 0, last->len - 1)),
                               STR_ARG(part));
        else
            *VEC_PUSH(a, &parts) = part;
    }
    return parts;
}

static struct err *add_to(struct kust_build *b, const struct val *target, struct str value,
                          struct kust_resmap *selected)
{
    static const struct val missing = { .kind = VAL_NULL };
    struct str path = val_get_str(target, "fieldPath");
    struct addition x = { value, val_at_int(target, "filePathPosition", 0) };
    struct kust_field_edit edit = {
        .arena = b->arena, .create = &missing, .set = put, .context = &x
    };
    struct kust_strs parts = split(b->arena, path);
    if (path.len == 0)
        return err_new(b->arena, ERR_INVALID, "fieldPath cannot be empty");
    if (x.position < 0)
        return err_new(b->arena, ERR_INVALID, "filePathPosition (%lld) cannot be negative",
                       (long long)x.position);
    if (str_is(path, "metadata/namespace")) {
        struct kust_namespace args = { .ns = value };
        return kust_transform_namespace(b, selected, &args);
    }
    for (size_t i = 0; i < selected->all.count; i++) {
        struct kust_resource *r = selected->all.items[i];
        const struct val *object;
        struct err *e;
        if (TRY(&e, kust_field_edit(&edit, &parts, r->object, &object)))
            return err_wrap(b->arena, e, "%.*s", STR_ARG(kust_id_format(b->arena, &r->id)));
        kust_resource_set(b->arena, &b->schema, r, object);
    }
    return NULL;
}

struct err *kust_transform_value_add(struct kust_build *b, const struct kust_dir *dir,
                                     struct kust_resmap *m, const struct val *config)
{
    const struct val *targets = val_get(config, STR("targets"));
    struct str value = str_trim(val_get_str(config, "value"));
    if (value.len == 0)
        value = tree_path_base(dir->path);
    if (val_get_str(config, "targetFilePath").len > 0)
        return err_new(b->arena, ERR_UNSUPPORTED, "targetFilePath is not supported");
    if (val_count(targets) == 0)
        return err_new(b->arena, ERR_INVALID, "at least one target must be given");
    for (size_t i = 0; i < targets->count; i++) {
        struct kust_selector *selector;
        struct kust_resmap selected;
        struct err *e;
        kust_resmap_init(&selected, b->arena);
        if (TRY(&e, kust_selector_new(b->arena, val_get(targets->items[i], STR("selector")),
                                      &selector)))
            return e;
        for (size_t j = 0; j < m->all.count; j++) {
            bool fits;
            if (TRY(&e, kust_selector_matches(b->arena, selector, m->all.items[j], &fits)))
                return e;
            if (fits)
                *VEC_PUSH(b->arena, &selected.all) = m->all.items[j];
        }
        if (TRY(&e, add_to(b, targets->items[i], value, &selected)))
            return e;
        for (size_t j = 0; j < selected.all.count; j++)
            kust_resmap_note(m, selected.all.items[j]);
    }
    return NULL;
}
