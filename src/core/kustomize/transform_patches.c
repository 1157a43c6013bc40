/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kustomize/accumulate.h"
#include "core/kustomize/patch.h"
#include "core/kustomize/selector.h"
#include "core/kustomize/transform.h"

/* The text of a patch and how messages name it. */
static struct err *patch_text(struct kust_build *b, const struct kust_dir *dir,
                              const struct val *patch, const char *inline_field,
                              struct kust_file *ret)
{
    const struct val *given = val_get(patch, str_from_cstr(inline_field));
    struct str text = val_str(given);
    struct str path = val_get_str(patch, "path");
    if ((text.len == 0) == (path.len == 0))
        return err_new(b->arena, ERR_INVALID, "%.*s:%u:%u: a patch must have %s %s and path",
                       STR_ARG(dir->file), patch->line, patch->column,
                       text.len == 0 ? "one of" : "only one of", inline_field);
    if (path.len > 0)
        return kust_read(b, dir, path, ret);
    ret->content = text;
    ret->name = str_printf(b->arena, "%.*s:%u:%u: patch", STR_ARG(dir->file), given->line,
                           (unsigned)given->column);
    return NULL;
}

/* Labels or annotations as text, so that null no longer removes anything; an empty map goes. */
static const struct val *with_texts(struct arena *a, const struct val *metadata, struct str field)
{
    const struct val *old = val_get(metadata, field);
    struct map_builder b;
    map_builder_init(&b, a);
    if (!old)
        return metadata;
    for (size_t i = 0; old->kind == VAL_MAP && i < old->count; i++)
        map_builder_set(&b, old->fields[i].key, val_string(a, kust_text(a, old->fields[i].value)));
    return b.count == 0 ? val_without(a, metadata, field)
                        : val_with(a, metadata, field, map_builder_done(&b, old));
}

static const struct val *with_texts_in(struct arena *a, const struct val *object, struct str field)
{
    const struct val *metadata = val_get(object, STR("metadata"));
    return val_is(metadata, VAL_MAP)
               ? val_with(a, object, STR("metadata"), with_texts(a, metadata, field))
               : object;
}

/*
 * The patch as it applies to r: of r's group and version, so that its own may be anything. The peer copies the
 * patch's labels and annotations as text on that way, which shows.
 */
static struct kust_resource *adapted(struct kust_build *b, const struct kust_resource *patch,
                                     const struct kust_resource *r)
{
    struct arena *a = b->arena;
    struct kust_resource *copy = ARENA_NEW(a, struct kust_resource);
    *copy = *patch;
    const struct val *version = val_get(r->object, STR("apiVersion"));
    const struct val *own = val_get(copy->object, STR("apiVersion"));
    copy->object = version ? val_with(a, copy->object, STR("apiVersion"),
                                      kust_rewrite_scalar(a, own, kust_text(a, version)))
                           : val_without(a, copy->object, STR("apiVersion"));
    copy->object = with_texts_in(a, copy->object, STR("labels"));
    copy->object = with_texts_in(a, copy->object, STR("annotations"));
    return copy;
}

static struct err *patch_selected(struct kust_build *b, struct kust_resmap *m,
                                  const struct val *target, const struct kust_resource *patch)
{
    struct kust_selector *selector;
    struct err *e;
    bool renames = false;
    if (TRY(&e, kust_selector_new(b->arena, target, &selector)))
        return e;
    for (size_t i = 0; i < m->all.count; i++) {
        struct kust_resource *r = m->all.items[i];
        bool selected = false;
        if (TRY(&e, kust_spend(b, kust_selector_steps(selector))))
            return e;
        if (r->object && TRY(&e, kust_selector_matches(b->arena, selector, r, &selected)))
            return e;
        if (!selected)
            continue;
        if (TRY(&e, kust_patch_strategic(b, r, adapted(b, patch, r))))
            return e;
        if (r->object && !val_get(r->object, STR("apiVersion"))) /* the peer sets an empty one */
            r->object = val_with(b->arena, r->object, STR("apiVersion"), &val_null);
        r->untagged_version = true;
        kust_resmap_note(m, r);
        renames = true;
    }
    return renames ? kust_resmap_check_unique(m, "patch") : NULL;
}

static struct err *patch_named(struct kust_build *b, struct kust_resmap *m,
                               const struct kust_resource *patch, bool adapts)
{
    struct kust_resource *r;
    struct err *e;
    if (TRY(&e, kust_resmap_get(m, &patch->id, &r)))
        return err_wrap(b->arena, e, "%s:%u: no target for strategic merge patch",
                        patch->object->file ? patch->object->file : "patch", patch->object->line);
    if (TRY(&e, kust_patch_strategic(b, r, adapts ? adapted(b, patch, r) : patch)))
        return e;
    if (val_get(patch->object, STR("apiVersion")))
        r->untagged_version = adapts;
    kust_resmap_note(m, r);
    return NULL;
}

static struct err *apply_strategic(struct kust_build *b, struct kust_resmap *m,
                                   const struct val *patch, struct kust_resources *list)
{
    const struct val *target = val_get(patch, STR("target"));
    const struct val *options = val_get(patch, STR("options"));
    struct err *e;
    for (size_t i = 0; i < list->count; i++) {
        struct kust_resource *p = list->items[i];
        p->allow_name_change = val_at_bool(options, "allowNameChange", false);
        p->allow_kind_change = val_at_bool(options, "allowKindChange", false);
        /* The peer notes these among the patch's annotations, which become text by that. */
        if (p->allow_name_change || p->allow_kind_change)
            p->object = with_texts_in(b->arena, p->object, STR("annotations"));
    }
    if (target && list->count > 1)
        return err_new(b->arena, ERR_INVALID,
                       "several strategic merge patches in one entry cannot have a target");
    for (size_t i = 0; i < list->count; i++) {
        e = target ? patch_selected(b, m, target, list->items[i])
                   : patch_named(b, m, list->items[i], false);
        if (e)
            return e;
    }
    return NULL;
}

static struct err *apply_json(struct kust_build *b, struct kust_resmap *m, const struct val *target,
                              const struct val *operations, bool remember)
{
    struct kust_selector *selector;
    struct err *e;
    if (TRY(&e, kust_selector_new(b->arena, target, &selector)))
        return e;
    for (size_t i = 0; i < m->all.count; i++) {
        struct kust_resource *r = m->all.items[i];
        bool selected = false;
        if (TRY(&e, kust_spend(b, kust_selector_steps(selector))))
            return e;
        if (r->object && TRY(&e, kust_selector_matches(b->arena, selector, r, &selected)))
            return e;
        if (!selected)
            continue;
        if (remember)
            kust_resource_remember(b->arena, r);
        if (TRY(&e, kust_patch_json(b, r, operations)))
            return e;
        kust_resmap_note(m, r);
    }
    return NULL;
}

struct err *kust_transform_patch(struct kust_build *b, const struct kust_dir *dir,
                                 struct kust_resmap *m, const struct val *patch)
{
    struct kust_file file;
    struct kust_patch read;
    struct err *e;
    const struct val *target = val_get(patch, STR("target"));
    if (TRY(&e, patch_text(b, dir, patch, "patch", &file)) ||
        TRY(&e,
            kust_patch_read(b, val_get(patch, STR("path")) ? file.content : str_trim(file.content),
                            file.name, &read)))
        return e;
    if (read.json && read.json->count == 0)
        return NULL;
    if (!read.json)
        e = apply_strategic(b, m, patch, &read.strategic);
    else if (!target)
        e = err_new(b->arena, ERR_INVALID, "a JSON patch must have a target");
    else
        e = apply_json(b, m, target, read.json, true);
    return e ? err_wrap(b->arena, e, "%.*s", STR_ARG(file.name)) : NULL;
}

/* An entry is a patch if it reads as one, else the name of a file with patches. */
static struct err *read_entry(struct kust_build *b, const struct kust_dir *dir,
                              const struct val *entry, struct kust_resources *into)
{
    struct str text = val_str(entry);
    struct kust_resources list = VEC_INIT;
    struct kust_file file;
    struct err *e;
    struct str name = str_printf(b->arena, "%.*s:%u:%u: patch", STR_ARG(dir->file), entry->line,
                                 (unsigned)entry->column);
    bool is_inline = str_contains(text, STR("\n")) || str_contains(text, STR("{"));
    if (is_inline) {
        e = kust_patches_read(b, text, name, &list);
    } else {
        if (TRY(&e, kust_read(b, dir, text, &file)))
            return e;
        e = kust_patches_read(b, file.content, file.name, &list);
    }
    for (size_t i = 0; !e && i < list.count; i++)
        *VEC_PUSH(b->arena, into) = list.items[i];
    return e;
}

struct err *kust_transform_patches_strategic(struct kust_build *b, const struct kust_dir *dir,
                                             struct kust_resmap *m, const struct val *paths,
                                             struct str inline_text)
{
    struct kust_resources patches = VEC_INIT;
    struct err *e;
    for (size_t i = 0; i < val_count(paths); i++)
        if (TRY(&e, read_entry(b, dir, paths->items[i], &patches)))
            return e;
    if (inline_text.len > 0 && TRY(&e, kust_patches_read(b, inline_text, dir->file, &patches)))
        return e;
    if (patches.count == 0)
        return err_new(b->arena, ERR_INVALID, "%.*s: patchesStrategicMerge has no patch in it",
                       STR_ARG(dir->file));
    for (size_t i = 0; i < patches.count; i++) {
        if (TRY(&e, patch_named(b, m, patches.items[i], true)))
            return e;
        kust_resmap_drop_empty(m);
    }
    return NULL;
}

struct err *kust_transform_patch_json(struct kust_build *b, const struct kust_dir *dir,
                                      struct kust_resmap *m, const struct val *patch)
{
    const struct val *target = val_get(patch, STR("target")), *operations;
    struct kust_file file;
    struct err *e;
    if (val_get_str(target, "name").len == 0)
        return err_new(b->arena, ERR_INVALID, "%.*s:%u:%u: patchesJson6902 needs target.name",
                       STR_ARG(dir->file), patch->line, patch->column);
    if (TRY(&e,
            patch_text(b, dir, patch, val_get(patch, STR("jsonOp")) ? "jsonOp" : "patch", &file)) ||
        TRY(&e, kust_patch_read_json(b, file.content, file.name, &operations)))
        return e;
    if (operations->count == 0)
        return err_new(b->arena, ERR_INVALID, "%.*s: the JSON patch is empty", STR_ARG(file.name));
    if (TRY(&e, apply_json(b, m, target, operations, false)))
        return err_wrap(b->arena, e, "%.*s", STR_ARG(file.name));
    return NULL;
}

struct err *kust_check_patches(struct kust_build *b, const struct kust_dir *dir,
                               const struct kust_spec *spec)
{
    const struct val *strategic = val_get(spec->value, STR("patchesStrategicMerge"));
    const struct val *patches = val_get(spec->value, STR("patches"));
    struct kust_resources ignored = VEC_INIT;
    struct err *e;
    for (size_t i = 0; i < val_count(strategic); i++) {
        e = read_entry(b, dir, strategic->items[i], &ignored);
        if (TRY(&e, kust_report(b, dir, "patchesStrategicMerge", strategic->items[i], e)))
            return e;
    }
    for (size_t i = 0; i < val_count(patches); i++) {
        struct kust_file file;
        struct kust_patch read;
        e = patch_text(b, dir, patches->items[i], "patch", &file);
        if (!e)
            e = kust_patch_read(b, file.content, file.name, &read);
        if (TRY(&e, kust_report(b, dir, "patches", patches->items[i], e)))
            return e;
    }
    return NULL;
}
