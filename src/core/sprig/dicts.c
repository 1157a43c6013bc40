/* SPDX-License-Identifier: Apache-2.0 */
/* Maps: `set`, `unset` and the merges change the map they are given. */
#include "core/gotmpl/format.h"
#include "core/gotmpl/tracer.h"
#include "core/sprig/argument.h"
#include "core/sprig/implementations.h"

#define MAP(i) (c->args[i].map)

struct err *sprig_dict(struct call *c, struct go_value *ret)
{
    struct err *e;

    *ret = go_map_new(c->arena, GO_MAP);
    for (size_t i = 0; i < c->count; i += 2) {
        struct str key;

        if (TRY(&e, arg_text(c, &c->args[i], &key)))
            return e;
        go_map_set(ret->map, key, i + 1 < c->count ? c->args[i + 1] : go_string(STR("")));
    }
    return NULL;
}

struct err *sprig_get(struct call *c, struct go_value *ret)
{
    bool found = go_map_find(MAP(0), GO_MAP, c->args[1].text, ret);

    exec_note_read(c->exec, MAP(0), c->args[1].text, found ? ret : NULL);
    if (!found)
        *ret = go_string(STR(""));
    return NULL;
}

struct err *sprig_set(struct call *c, struct go_value *ret)
{
    if (!MAP(0)->arena)
        return call_fail(c, "assignment to entry in nil map");
    go_map_set(MAP(0), c->args[1].text, c->args[2]);
    *ret = c->args[0];
    ret->type = GO_MAP;
    return NULL;
}

struct err *sprig_unset(struct call *c, struct go_value *ret)
{
    (void)go_map_remove(MAP(0), c->args[1].text);
    *ret = c->args[0];
    ret->type = GO_MAP;
    return NULL;
}

struct err *sprig_has_key(struct call *c, struct go_value *ret)
{
    struct go_value v;

    *ret = go_bool(go_map_find(MAP(0), GO_MAP, c->args[1].text, &v));
    return NULL;
}

struct err *sprig_pluck(struct call *c, struct go_value *ret)
{
    value_vec found = VEC_INIT;
    struct go_value v;

    for (size_t i = 1; i < c->count; i++)
        if (go_map_find(MAP(i), GO_MAP, c->args[0].text, &v))
            *VEC_PUSH(c->arena, &found) = v;
    *ret = found.count > 0 ? go_list_over(c->arena, GO_LIST, found.items, found.count)
                           : go_list_new(c->arena, GO_LIST, 0);
    return NULL;
}

struct err *sprig_keys(struct call *c, struct go_value *ret)
{
    text_vec keys = VEC_INIT;
    struct texts texts;

    for (size_t i = 0; i < c->count; i++) {
        const struct go_field *fields = go_map_sorted(MAP(i));

        for (size_t j = 0; j < MAP(i)->count; j++)
            *VEC_PUSH(c->arena, &keys) = fields[j].key;
    }
    texts = (struct texts){ keys.items, keys.count };
    *ret = texts_value(c, &texts);
    return NULL;
}

struct err *sprig_values(struct call *c, struct go_value *ret)
{
    const struct go_field *fields = go_map_sorted(MAP(0));

    *ret = go_list_new(c->arena, GO_LIST, MAP(0)->count);
    for (size_t i = 0; i < MAP(0)->count; i++)
        ret->list->items[i] = fields[i].value;
    return NULL;
}

struct err *sprig_pick(struct call *c, struct go_value *ret)
{
    struct go_value v;

    *ret = go_map_new(c->arena, GO_MAP);
    for (size_t i = 1; i < c->count; i++)
        if (go_map_find(MAP(0), GO_MAP, c->args[i].text, &v))
            go_map_set(ret->map, c->args[i].text, v);
    return NULL;
}

struct err *sprig_omit(struct call *c, struct go_value *ret)
{
    const struct go_field *fields = go_map_sorted(MAP(0));

    *ret = go_map_new(c->arena, GO_MAP);
    for (size_t i = 0; i < MAP(0)->count; i++)
        go_map_set(ret->map, fields[i].key, fields[i].value);
    for (size_t i = 1; i < c->count; i++)
        (void)go_map_remove(ret->map, c->args[i].text);
    return NULL;
}

static struct err *no_map(struct call *c, const struct go_value *v)
{
    return call_fail(c, "interface conversion: interface {} is %s, not map[string]interface {}",
                     v->type <= GO_NIL ? "nil" : go_type_name(v));
}

struct err *sprig_dig(struct call *c, struct go_value *ret)
{
    struct go_value at;

    if (c->count < 3)
        return call_fail(c, "dig needs at least three arguments");
    at = c->args[c->count - 1];
    if (at.type != GO_MAP)
        return no_map(c, &at);
    for (size_t i = 0; i + 2 < c->count; i++)
        if (c->args[i].type != GO_STRING)
            return call_fail(c, "interface conversion: interface {} is %s, not string",
                             c->args[i].type <= GO_NIL ? "nil" : go_type_name(&c->args[i]));
    for (size_t i = 0; i + 2 < c->count; i++) {
        struct go_value next;

        if (at.type != GO_MAP)
            return call_fail(
                c, "interface conversion: interface {} is %s, not map[string]interface {}",
                at.type <= GO_NIL ? "nil" : go_type_name(&at));
        bool found = go_map_find(at.map, GO_MAP, c->args[i].text, &next);

        exec_note_read(c->exec, at.map, c->args[i].text, found ? &next : NULL);
        if (!found) {
            *ret = c->args[c->count - 2];
            return NULL;
        }
        at = next;
    }
    *ret = at;
    return NULL;
}

/* ---- merging: dario.cat/mergo v1.0 over maps ---- */

static struct err *merge(struct call *c, struct go_map *to, struct go_map *from, bool overwrite,
                         unsigned depth)
{
    const struct go_field *sorted = go_map_sorted(from);
    size_t count = from->count;
    struct go_field *fields = ARENA_ARRAY(c->arena, count, struct go_field);
    struct err *e;

    if (depth > LIMIT_TREE_DEPTH)
        return call_fail(c, "maps are nested deeper than %d levels, or inside themselves",
                         LIMIT_TREE_DEPTH);
    if (TRY(&e, call_charge(c, count)))
        return e;
    if (count > 0)
        memcpy(fields, sorted, count * sizeof *fields);
    for (size_t i = 0; i < count; i++) {
        const struct go_value *value = &fields[i].value;
        struct go_value old = go_invalid();
        bool has_old = go_map_find(to, GO_MAP, fields[i].key, &old);

        if (value->type <= GO_NIL) {
            if (overwrite)
                go_map_set(to, fields[i].key, *value);
            continue;
        }
        if (go_is_map(value) && has_old && go_is_map(&old) &&
            TRY(&e, merge(c, old.map, value->map, overwrite, depth + 1)))
            return e;
        if (has_old && !arg_is_empty(&old)) {
            if (go_is_list(value)) {
                if (overwrite)
                    go_map_set(to, fields[i].key, *value);
                continue;
            }
            if (go_is_map(value) && go_is_map(&old))
                continue;
        }
        if (overwrite || !has_old || arg_is_empty(&old))
            go_map_set(to, fields[i].key, *value);
    }
    return NULL;
}

static struct err *merge_all(struct call *c, bool overwrite, struct go_value *ret)
{
    struct err *e;

    *ret = c->args[0];
    ret->type = GO_MAP;
    if (!ret->map->arena)
        *ret = go_map_new(c->arena, GO_MAP);
    for (size_t i = 1; i < c->count; i++)
        if (TRY(&e, merge(c, ret->map, MAP(i), overwrite, 0)))
            return e;
    return NULL;
}

struct err *sprig_merge(struct call *c, struct go_value *ret)
{
    return merge_all(c, false, ret);
}

struct err *sprig_merge_overwrite(struct call *c, struct go_value *ret)
{
    return merge_all(c, true, ret);
}

/* ---- copies ---- */

static struct err *copy_deep(struct call *c, const struct go_value *v, unsigned depth,
                             struct go_value *ret);

static struct err *copy_map(struct call *c, const struct go_value *v, unsigned depth,
                            struct go_value *ret)
{
    const struct go_field *fields = go_map_sorted(v->map);
    struct err *e;

    *ret = go_map_new(c->arena, (enum go_type)v->type);
    if (!v->map->arena) /* nil */
        ret->map->arena = NULL;
    for (size_t i = 0; i < v->map->count; i++) {
        struct go_value item;

        if (TRY(&e, copy_deep(c, &fields[i].value, depth, &item)))
            return e;
        go_map_set(ret->map, fields[i].key, item);
    }
    return NULL;
}

static struct err *copy_deep(struct call *c, const struct go_value *v, unsigned depth,
                             struct go_value *ret)
{
    struct err *e;

    if (depth > LIMIT_TREE_DEPTH)
        return call_fail(c, "value is nested deeper than %d levels, or inside itself",
                         LIMIT_TREE_DEPTH);
    if (go_is_map(v))
        return copy_map(c, v, depth + 1, ret);
    *ret = *v;
    if (!go_is_list(v) || v->type == GO_BYTES)
        return NULL;
    if (TRY(&e, call_charge(c, v->list->count)))
        return e;
    *ret = go_list_new(c->arena, (enum go_type)v->type, v->list->count);
    for (size_t i = 0; i < v->list->count; i++)
        if (TRY(&e, copy_deep(c, &v->list->items[i], depth + 1, &ret->list->items[i])))
            return e;
    return NULL;
}

struct err *sprig_deep_copy(struct call *c, struct go_value *ret)
{
    if (c->args[0].type <= GO_NIL)
        return call_fail(c, "reflect: call of reflect.Value.Type on zero Value");
    return copy_deep(c, &c->args[0], 0, ret);
}
