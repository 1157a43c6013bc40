/* SPDX-License-Identifier: Apache-2.0 */
/* Lists. Each function makes a new list but `slice`, which shares, and sortAlpha, which sorts texts in place. */
#include <math.h>

#include "base/sort.h"
#include "core/sprig/argument.h"
#include "core/sprig/implementations.h"

/* The list of an argument; the error says "Cannot WHAT on type KIND". */
static struct err *need_list(struct call *c, const struct go_value *v, const char *what)
{
    if (v->type <= GO_NIL)
        return call_nil(c);
    return go_is_list(v) ? NULL : call_fail(c, "Cannot %s type %s", what, go_kind_name(go_kind(v)));
}

static struct go_value plain_item(const struct go_value *list, size_t i)
{
    struct go_value item = go_item(list, i);

    item.boxed = false;
    return item;
}

static struct err *give(struct call *c, const value_vec *items, struct go_value *ret)
{
    *ret = items->count > 0 ? go_list_over(c->arena, GO_LIST, items->items, items->count)
                            : go_list_new(c->arena, GO_LIST, 0);
    return NULL;
}

/* A nil []interface {}: prints as an empty list, and is nil to eq. */
static struct err *give_nil_list(struct call *c, struct go_value *ret)
{
    *ret = go_list_over(c->arena, GO_LIST, NULL, 0);
    return NULL;
}

struct err *sprig_list(struct call *c, struct go_value *ret)
{
    *ret = go_list_new(c->arena, GO_LIST, c->count);
    for (size_t i = 0; i < c->count; i++) {
        ret->list->items[i] = c->args[i];
        ret->list->items[i].boxed = false;
    }
    return NULL;
}

/* items[from..to) of a list as []interface {}, with one more item before or behind. */
static struct err *copy_with(struct call *c, const struct go_value *list,
                             const struct go_value *before, const struct go_value *behind,
                             struct go_value *ret)
{
    size_t len = go_length(list), at = 0;
    struct err *e;

    if (TRY(&e, call_check_items(c, len + 1)))
        return e;
    *ret = go_list_new(c->arena, GO_LIST, len + (before != NULL) + (behind != NULL));
    if (before)
        ret->list->items[at++] = *before;
    for (size_t i = 0; i < len; i++)
        ret->list->items[at++] = plain_item(list, i);
    if (behind)
        ret->list->items[at++] = *behind;
    return NULL;
}

struct err *sprig_append(struct call *c, struct go_value *ret)
{
    struct err *e = need_list(c, &c->args[0], "push on");

    return e ? e : copy_with(c, &c->args[0], NULL, &c->args[1], ret);
}

struct err *sprig_prepend(struct call *c, struct go_value *ret)
{
    struct err *e = need_list(c, &c->args[0], "prepend on");

    return e ? e : copy_with(c, &c->args[0], &c->args[1], NULL, ret);
}

static struct err *one_item(struct call *c, bool is_last, struct go_value *ret)
{
    size_t len;
    struct err *e;

    if (TRY(&e, need_list(c, &c->args[0], is_last ? "find last on" : "find first on")))
        return e;
    len = go_length(&c->args[0]);
    *ret = len == 0 ? go_nil() : go_item(&c->args[0], is_last ? len - 1 : 0);
    return NULL;
}

struct err *sprig_first(struct call *c, struct go_value *ret)
{
    return one_item(c, false, ret);
}

struct err *sprig_last(struct call *c, struct go_value *ret)
{
    return one_item(c, true, ret);
}

static struct err *all_but_one(struct call *c, size_t from, const char *what, struct go_value *ret)
{
    size_t len;
    struct err *e;

    if (TRY(&e, need_list(c, &c->args[0], what)))
        return e;
    len = go_length(&c->args[0]);
    if (len == 0)
        return give_nil_list(c, ret);
    *ret = go_list_new(c->arena, GO_LIST, len - 1);
    for (size_t i = 0; i < len - 1; i++)
        ret->list->items[i] = plain_item(&c->args[0], i + from);
    return NULL;
}

struct err *sprig_rest(struct call *c, struct go_value *ret)
{
    return all_but_one(c, 1, "find rest on", ret);
}

struct err *sprig_initial(struct call *c, struct go_value *ret)
{
    return all_but_one(c, 0, "find initial on", ret);
}

struct err *sprig_reverse(struct call *c, struct go_value *ret)
{
    size_t len;
    struct err *e;

    if (TRY(&e, need_list(c, &c->args[0], "find reverse on")))
        return e;
    len = go_length(&c->args[0]);
    *ret = go_list_new(c->arena, GO_LIST, len);
    for (size_t i = 0; i < len; i++)
        ret->list->items[len - i - 1] = plain_item(&c->args[0], i);
    return NULL;
}

struct err *sprig_compact(struct call *c, struct go_value *ret)
{
    value_vec kept = VEC_INIT;
    struct err *e;

    if (TRY(&e, need_list(c, &c->args[0], "compact on")))
        return e;
    for (size_t i = 0; i < go_length(&c->args[0]); i++) {
        struct go_value item = plain_item(&c->args[0], i);

        if (!arg_is_empty(&item))
            *VEC_PUSH(c->arena, &kept) = item;
    }
    return give(c, &kept, ret);
}

static bool in_list(const struct go_value *items, size_t count, const struct go_value *needle)
{
    for (size_t i = 0; i < count; i++)
        if (go_deep_equal(needle, &items[i]))
            return true;
    return false;
}

struct err *sprig_uniq(struct call *c, struct go_value *ret)
{
    value_vec kept = VEC_INIT;
    struct err *e;

    if (TRY(&e, need_list(c, &c->args[0], "find uniq on")))
        return e;
    for (size_t i = 0; i < go_length(&c->args[0]); i++) {
        struct go_value item = plain_item(&c->args[0], i);

        if (TRY(&e, call_charge(c, kept.count / 16)))
            return e;
        if (!in_list(kept.items, kept.count, &item))
            *VEC_PUSH(c->arena, &kept) = item;
    }
    return give(c, &kept, ret);
}

struct err *sprig_without(struct call *c, struct go_value *ret)
{
    value_vec kept = VEC_INIT;
    struct err *e;

    if (TRY(&e, need_list(c, &c->args[0], "find without on")))
        return e;
    for (size_t i = 0; i < go_length(&c->args[0]); i++) {
        struct go_value item = plain_item(&c->args[0], i);

        if (!in_list(c->args + 1, c->count - 1, &item))
            *VEC_PUSH(c->arena, &kept) = item;
    }
    return give(c, &kept, ret);
}

struct err *sprig_has(struct call *c, struct go_value *ret)
{
    bool found = false;
    struct err *e;

    *ret = go_bool(false);
    if (c->args[1].type <= GO_NIL)
        return NULL;
    if (TRY(&e, need_list(c, &c->args[1], "find has on")))
        return e;
    for (size_t i = 0; i < go_length(&c->args[1]) && !found; i++) {
        struct go_value item = plain_item(&c->args[1], i);

        found = go_deep_equal(&c->args[0], &item);
    }
    *ret = go_bool(found);
    return NULL;
}

struct err *sprig_slice(struct call *c, struct go_value *ret)
{
    const struct go_value *list = &c->args[0];
    int64_t len, from, to;

    if (list->type <= GO_NIL)
        return call_nil(c);
    if (!go_is_list(list))
        return call_fail(c, "list should be type of slice or array but %s",
                         go_kind_name(go_kind(list)));
    len = (int64_t)go_length(list);
    *ret = go_nil();
    if (len == 0)
        return NULL;
    from = c->count > 1 ? arg_int64(&c->args[1]) : 0;
    to = c->count > 2 ? arg_int64(&c->args[2]) : len;
    if (from < 0 || from > to || to > len)
        return call_fail(c, "reflect.Value.Slice: slice index out of bounds");
    if (list->type == GO_BYTES)
        *ret = go_bytes(str_slice(list->text, (size_t)from, (size_t)to));
    else
        *ret = go_list_over(c->arena, (enum go_type)list->type, list->list->items + from,
                            (size_t)(to - from));
    return NULL;
}

struct err *sprig_concat(struct call *c, struct go_value *ret)
{
    value_vec all = VEC_INIT;
    struct err *e;

    for (size_t i = 0; i < c->count; i++) {
        const struct go_value *list = &c->args[i];

        if (list->type <= GO_NIL)
            return call_nil(c);
        if (!go_is_list(list))
            return call_fail(c, "Cannot concat type %s as list", go_kind_name(go_kind(list)));
        if (TRY(&e, call_check_items(c, all.count + go_length(list))))
            return e;
        for (size_t j = 0; j < go_length(list); j++)
            *VEC_PUSH(c->arena, &all) = plain_item(list, j);
    }
    return all.count > 0 ? give(c, &all, ret) : give_nil_list(c, ret);
}

struct err *sprig_chunk(struct call *c, struct go_value *ret)
{
    const struct go_value *list = &c->args[1];
    int64_t size = c->args[0].integer, len, chunks;
    struct err *e;

    if (TRY(&e, need_list(c, list, "chunk")))
        return e;
    len = (int64_t)go_length(list);
    if (size == 0 || (size < 0 && floor((double)(len - 1) / (double)size) + 1 < 0))
        return call_fail(c, "runtime error: makeslice: len out of range");
    chunks = (int64_t)(floor((double)(len - 1) / (double)size) + 1);
    *ret = go_list_new(c->arena, GO_LISTS, (size_t)chunks);
    for (int64_t i = 0; i < chunks; i++) {
        int64_t from = i * size, count = i + 1 == chunks && len % size != 0 ? len % size : size;
        struct go_value part;

        if (count < 0)
            return call_fail(c, "runtime error: makeslice: len out of range");
        part = go_list_new(c->arena, GO_LIST, (size_t)count);
        for (int64_t j = 0; j < count; j++)
            part.list->items[j] = plain_item(list, (size_t)(from + j));
        ret->list->items[i] = part;
    }
    return NULL;
}

static bool text_is_before(const void *x, const void *y)
{
    return str_cmp(((const struct go_value *)x)->text, ((const struct go_value *)y)->text) < 0;
}

struct err *sprig_sort_alpha(struct call *c, struct go_value *ret)
{
    struct str nil_text = STR("<nil>");
    struct texts texts;
    struct err *e;

    if (c->args[0].type == GO_STRINGS) {
        *ret = c->args[0];
    } else {
        if (c->args[0].type <= GO_NIL)
            texts = (struct texts){ &nil_text, 1 };
        else if (TRY(&e, arg_texts(c, &c->args[0], &texts)))
            return e;
        *ret = texts_value(c, &texts);
    }
    if (TRY(&e, call_charge(c, ret->list->count)))
        return e;
    sort_stable(c->arena, ret->list->items, ret->list->count, sizeof *ret->list->items,
                text_is_before);
    return NULL;
}
