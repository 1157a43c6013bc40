/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kustomize/structured_text.h"

#include "value/json.h"
#include "value/yaml.h"

/* The string at the shortest beginning of the path that leads to one, and how many parts that took. */
static const struct val *find_text(struct arena *a, const struct val *object,
                                   const struct kust_strs *path, size_t *ret_parts)
{
    for (size_t i = 1; i < path->count; i++) {
        struct kust_strs begin = { path->items, i, i };
        if (str_is(path->items[i - 1], "*"))
            return NULL;
        const struct val *v = kust_field_lookup(a, object, &begin);
        if (!v || v->kind == VAL_MAP || v->kind == VAL_SEQ)
            continue;
        *ret_parts = i;
        return v->kind == VAL_STRING ? v : NULL;
    }
    return NULL;
}

static struct err *print(struct arena *a, const struct val *text, const struct val *before,
                         const struct val *after, struct str *ret)
{
    struct str old = str_trim(text->text);
    if (old.ptr[0] == '{' || old.ptr[0] == '[') {
        bool pretty = str_contains(text->text, STR("\n")) && str_contains(text->text, STR("  "));
        *ret = json_string(a, after, JSON_SORTED | JSON_ESCAPE_HTML | (pretty ? JSON_INDENT2 : 0u));
        return NULL;
    }
    if (!str_eq(str_trim(yaml_string(a, before, YAML_KEEP_ORDER)), old))
        return err_new(a, ERR_UNSUPPORTED,
                       "%s:%u:%u: replacing inside YAML text with comments or a layout of its own "
                       "is not supported",
                       text->file ? text->file : "", text->line, text->column);
    *ret = str_trim(yaml_string(a, after, YAML_KEEP_ORDER));
    return NULL;
}

static struct err *put_text(const struct kust_field_edit *edit, const struct val *old,
                            const struct val **ret)
{
    (void)old;
    *ret = edit->context;
    return NULL;
}

struct err *kust_structured_edit(struct kust_field_edit *edit, const struct kust_strs *path,
                                 const struct val *object, bool *ret_found, const struct val **ret)
{
    struct arena *a = edit->arena;
    size_t parts = 0;
    const struct val *before, *after, *text = find_text(a, object, path, &parts);
    struct str printed;
    struct err *e;
    *ret_found = false;
    *ret = object;
    if (!text || str_trim(text->text).len == 0 ||
        yaml_read(a, text->text, STR("text"), YAML_KYAML, &before) != NULL)
        return NULL;
    struct kust_strs inner = { path->items + parts, path->count - parts, path->count - parts };
    edit->matches = 0;
    if (kust_field_edit(edit, &inner, before, &after) != NULL || edit->matches == 0)
        return NULL;
    if (TRY(&e, print(a, text, before, after, &printed)))
        return e;
    *ret_found = true;
    struct val *value = ARENA_NEW(a, struct val);
    *value = *val_string(a, printed);
    struct kust_field_edit outer = { .arena = a, .set = put_text, .context = value };
    struct kust_strs begin = { path->items, parts, parts };
    return kust_field_edit(&outer, &begin, object, ret);
}
