/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kustomize/image_name.h"
#include "core/kustomize/transform.h"

struct change {
    struct kust_edit edit;
    struct image_matcher *matcher;
    size_t *visited; /* nodes looked at */
    struct str new_name;
    struct str new_tag;
    struct str tag_suffix;
    struct str digest;
};

/* A tag or a digest alone replaces both. */
static struct str changed(const struct change *c, struct str image)
{
    struct image_name n = image_name_split(image);
    if (c->new_name.len > 0)
        n.name = c->new_name;
    if (c->new_tag.len > 0 || c->digest.len > 0) {
        n.tag = c->new_tag;
        n.digest = c->digest;
    } else if (c->tag_suffix.len > 0) {
        n.tag = str_concat(c->edit.arena, n.tag, c->tag_suffix);
        n.digest = STR("");
    }
    return str_printf(c->edit.arena, "%.*s%s%.*s%s%.*s", STR_ARG(n.name), n.tag.len > 0 ? ":" : "",
                      STR_ARG(n.tag), n.digest.len > 0 ? "@" : "", STR_ARG(n.digest));
}

static struct err *set_image(const struct kust_edit *edit, const struct val *old,
                             const struct val **ret)
{
    const struct change *c = edit->context;
    *ret = old;
    if (old->kind == VAL_MAP || old->kind == VAL_SEQ)
        return err_new(edit->arena, ERR_INVALID, "%s:%u:%u: an image must be a string, not a %s",
                       old->file ? old->file : "", old->line, old->column, val_kind_name(old));
    struct str text = old->kind == VAL_NULL ? STR("") : kust_text(edit->arena, old);
    if (image_matcher_matches(c->matcher, text))
        *ret = kust_rewrite_scalar(edit->arena, old, changed(c, text));
    return NULL;
}

/* Every `image` in a list called containers or initContainers, wherever it is. */
static struct err *set_in_list(const struct change *c, const struct val *list,
                               const struct val **ret)
{
    struct seq_editor now_list = { .arena = c->edit.arena, .seq = list };
    *ret = list;
    if (list->kind != VAL_SEQ)
        return NULL;
    *c->visited += 8 * (size_t)list->count; /* names are matched */
    for (size_t i = 0; i < list->count; i++) {
        const struct val *item = list->items[i];
        struct err *e;
        if (item->kind == VAL_NULL)
            continue;
        if (item->kind != VAL_MAP)
            return err_new(
                c->edit.arena, ERR_INVALID, "%s:%u:%u: a container must be an object, not a %s",
                item->file ? item->file : "", item->line, item->column, val_kind_name(item));
        const struct val *image = val_get(item, STR("image")), *now;
        if (!image)
            continue;
        if (TRY(&e, set_image(&c->edit, image, &now)))
            return e;
        if (now != image) {
            item = val_with(c->edit.arena, item, STR("image"), now);
            seq_editor_set(&now_list, i, item);
        }
    }
    *ret = seq_editor_done(&now_list);
    return NULL;
}

static struct err *search(const struct change *c, const struct val *v, const struct val **ret);

static struct err *search_map(const struct change *c, const struct val *v, const struct val **ret)
{
    struct map_editor map = { .arena = c->edit.arena, .map = v };
    struct err *e;
    for (size_t i = 0; i < v->count; i++) {
        struct str key = v->fields[i].key;
        const struct val *old = v->fields[i].value, *now;
        if (val_count(old) == 0)
            continue;
        if (TRY(&e, search(c, old, &now)))
            return e;
        bool holds = str_is(key, "containers") || str_is(key, "initContainers");
        if (holds && TRY(&e, set_in_list(c, now, &now)))
            return e;
        if (now != old)
            map_editor_set(&map, key, now);
    }
    *ret = map_editor_done(&map);
    return NULL;
}

static struct err *search(const struct change *c, const struct val *v, const struct val **ret)
{
    struct seq_editor seq = { .arena = c->edit.arena, .seq = v };
    struct err *e;
    *ret = v;
    *c->visited += 3 + val_count(v);
    if (v->kind == VAL_MAP)
        return search_map(c, v, ret);
    if (v->kind != VAL_SEQ)
        return NULL;
    for (size_t i = 0; i < v->count; i++) {
        const struct val *now;
        if (val_count(v->items[i]) == 0)
            continue;
        if (TRY(&e, search(c, v->items[i], &now)))
            return e;
        if (now != v->items[i])
            seq_editor_set(&seq, i, now);
    }
    *ret = seq_editor_done(&seq);
    return NULL;
}

/* Twice, as the peer: by name of the list anywhere, then by field spec. A tag suffix can so come twice. */
static struct err *change_one(struct kust_build *b, const struct change *c,
                              struct kust_fieldspecs specs, struct kust_resource *r)
{
    const struct val *object;
    struct err *e;
    if (str_is(r->id.kind, "CustomResourceDefinition"))
        return NULL;
    *c->visited = 0;
    if (TRY(&e, search(c, r->object, &object)))
        return err_wrap(b->arena, e, "%.*s", STR_ARG(kust_id_format(b->arena, &r->id)));
    if (TRY(&e, kust_spend(b, *c->visited)))
        return e;
    r->object = object;
    return kust_transform_one(b, &c->edit, specs, r);
}

struct err *kust_transform_image(struct kust_build *b, struct kust_resmap *m,
                                 const struct val *image, struct kust_fieldspecs specs)
{
    size_t visited = 0;
    struct change c = {
        .visited = &visited,
        .edit = { b->arena, KUST_MAKE_NOTHING, set_image, NULL },
        .new_name = val_get_str(image, "newName"),
        .new_tag = val_get_str(image, "newTag"),
        .tag_suffix = val_get_str(image, "tagSuffix"),
        .digest = val_get_str(image, "digest"),
    };
    c.edit.context = &c;
    struct err *e;
    c.matcher = image_matcher_new(b->arena, val_get_str(image, "name"));
    for (size_t i = 0; i < m->all.count; i++)
        if (TRY(&e, change_one(b, &c, specs, m->all.items[i])))
            return e;
    return NULL;
}
