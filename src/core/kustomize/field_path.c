/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kustomize/field_path.h"

/* Splits at dots that no backslash escapes; the path may begin with one. */
static struct kust_strs split(struct arena *a, struct str path)
{
    struct kust_strs parts = VEC_INIT;
    if (path.len > 1 && path.ptr[0] == '.')
        path = str_skip(path, 1);
    for (struct str part, rest = path; str_cut(&rest, '.', &part);) {
        struct str *last = parts.count > 0 ? &parts.items[parts.count - 1] : NULL;
        if (last && str_has_suffix(*last, STR("\\")))
            *last = str_printf(a, "%.*s.%.*s", STR_ARG(str_slice(*last, 0, last->len - 1)),
                               STR_ARG(part));
        else
            *VEC_PUSH(a, &parts) = part;
    }
    return parts;
}

/* "[a", "b]" of "[a.b]" are one part again; without a "=" in it the brackets go. */
static struct kust_strs join_brackets(struct arena *a, const struct kust_strs *parts)
{
    struct kust_strs out = VEC_INIT;
    for (size_t i = 0; i < parts->count; i++) {
        struct str part = parts->items[i];
        bool open = str_has_prefix(part, STR("[")) && !str_has_suffix(part, STR("]"));
        while (open && i + 1 < parts->count) {
            i++;
            part = str_printf(a, "%.*s.%.*s", STR_ARG(part), STR_ARG(parts->items[i]));
            open = !str_has_suffix(part, STR("]"));
            if (!open && str_find_byte(part, '=', 0) == SIZE_MAX)
                part = str_slice(part, 1, part.len - 1);
        }
        *VEC_PUSH(a, &out) = part;
    }
    return out;
}

static bool is_number(struct str s)
{
    uint64_t n;
    return str_to_uint64(s, &n);
}

struct kust_strs kust_field_path(struct arena *a, struct str path, bool indexes)
{
    struct kust_strs raw = split(a, path), joined = join_brackets(a, &raw), out = VEC_INIT;
    for (size_t i = 0; i < joined.count; i++) {
        struct str part = joined.items[i];
        size_t open = str_rfind_byte(part, '[');
        bool indexed = indexes && open != SIZE_MAX && str_has_suffix(part, STR("]")) &&
                       is_number(str_slice(part, open + 1, part.len - 1));
        if (indexed && open > 0)
            *VEC_PUSH(a, &out) = str_slice(part, 0, open);
        *VEC_PUSH(a, &out) = indexed ? str_slice(part, open + 1, part.len - 1) : part;
    }
    return out;
}

bool kust_field_part_match(struct str part, struct str *ret_key, struct str *ret_value)
{
    if (!str_has_prefix(part, STR("[")) || !str_has_suffix(part, STR("]")))
        return false;
    struct str inside = str_slice(part, 1, part.len - 1);
    size_t equals = str_find_byte(inside, '=', 0);
    if (equals == SIZE_MAX)
        return false;
    *ret_key = str_slice(inside, 0, equals);
    *ret_value = str_skip(inside, equals + 1);
    return true;
}

static const struct val *matching_item(struct arena *a, const struct val *v, struct str key,
                                       struct str value)
{
    for (size_t i = 0; val_is(v, VAL_SEQ) && i < v->count; i++) {
        const struct val *item = v->items[i];
        const struct val *own = key.len > 0 ? val_get(item, key) : item;
        if (own && own->kind != VAL_MAP && own->kind != VAL_SEQ && str_eq(kust_text(a, own), value))
            return item;
    }
    return NULL;
}

const struct val *kust_field_lookup(struct arena *a, const struct val *v,
                                    const struct kust_strs *parts)
{
    for (size_t i = 0; i < parts->count && v; i++) {
        struct str part = parts->items[i], key, value;
        uint64_t index;
        if (kust_field_part_match(part, &key, &value))
            v = matching_item(a, v, key, value);
        else if (val_is(v, VAL_SEQ) && str_is(part, "-"))
            v = val_item(v, v->count - 1);
        else if (val_is(v, VAL_SEQ) && str_to_uint64(part, &index))
            v = val_item(v, index);
        else
            v = val_get(v, part);
    }
    return v;
}

const struct val *kust_field_get(struct arena *a, const struct val *v, struct str path)
{
    struct kust_strs parts = kust_field_path(a, path, true);
    return kust_field_lookup(a, v, &parts);
}
