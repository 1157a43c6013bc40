/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kustomize/vars.h"

#include "base/limits.h"
#include "core/kustomize/field_path.h"
#include "core/kustomize/transform.h"
#include "value/json.h"

void kust_vars_init(struct kust_vars *vars, struct arena *a)
{
    vars->arena = a;
    map_init(&vars->by_name, a);
}

static struct err *add(struct kust_vars *vars, struct kust_var *v)
{
    if (map_get(&vars->by_name, v->name))
        return err_new(vars->arena, ERR_INVALID, "var \"%.*s\" is defined twice", STR_ARG(v->name));
    map_set(&vars->by_name, v->name, v);
    return NULL;
}

struct err *kust_vars_merge(struct kust_vars *into, const struct kust_vars *from)
{
    for (size_t i = 0; i < from->by_name.entry_count; i++) {
        struct err *e;
        if (from->by_name.entries[i].value && TRY(&e, add(into, from->by_name.entries[i].value)))
            return e;
    }
    return NULL;
}

/* apiVersion, when given, says more than group and version. */
static struct kust_id id_of(const struct val *ref)
{
    struct kust_id id = {
        .group = val_get_str(ref, "group"),
        .version = val_get_str(ref, "version"),
        .kind = val_get_str(ref, "kind"),
        .name = val_get_str(ref, "name"),
        .ns = val_get_str(ref, "namespace"),
    };
    struct str api_version = val_get_str(ref, "apiVersion");
    if (api_version.len > 0) {
        struct str group, version;
        kust_split_api_version(api_version, &group, &version);
        id.version = version;
        if (group.len > 0)
            id.group = group;
    }
    return id;
}

/* Without a namespace, the object may be in any. */
static bool is_meant(const struct kust_id *want, const struct kust_id *have)
{
    struct kust_id copy = *have;
    if (want->ns.len == 0) {
        copy.ns = STR("");
        copy.cluster = false;
    }
    return kust_id_eq(want, &copy);
}

static bool ever_was(const struct kust_id *want, const struct kust_resource *r)
{
    bool found = is_meant(want, &r->id);
    for (size_t i = 0; i < r->past.count && !found; i++) {
        struct kust_id past = kust_resource_past(r, i);
        found = is_meant(want, &past);
    }
    return found;
}

static struct err *mark(struct kust_vars *vars, const struct val *v, struct str name,
                        struct kust_resmap *m)
{
    struct kust_id want = id_of(val_get(v, STR("objref")));
    struct kust_resource *found = NULL;
    for (size_t i = 0; i < m->all.count; i++) {
        struct kust_resource *r = m->all.items[i];
        if (!r->object || !ever_was(&want, r))
            continue;
        if (found)
            return err_new(vars->arena, ERR_INVALID,
                           "var \"%.*s\" could read %.*s or %.*s (unable to disambiguate)",
                           STR_ARG(name), STR_ARG(kust_id_format(vars->arena, &found->id)),
                           STR_ARG(kust_id_format(vars->arena, &r->id)));
        found = r;
    }
    if (found)
        *VEC_PUSH(vars->arena, &found->vars) = name;
    return NULL;
}

struct err *kust_vars_collect(struct kust_build *b, struct kust_vars *vars, const struct val *list,
                              struct kust_resmap *m)
{
    for (size_t i = 0; i < val_count(list); i++) {
        const struct val *v = list->items[i], *field = val_get(v, STR("fieldref"));
        struct kust_var *var = ARENA_NEW(vars->arena, struct kust_var);
        struct err *e;
        var->name = val_get_str(v, "name");
        var->field_path = val_get_str(field, "fieldPath");
        if (var->field_path.len == 0)
            var->field_path = val_get_str(field, "fieldpath");
        if (var->field_path.len == 0)
            var->field_path = STR("metadata.name");
        if (TRY(&e, kust_spend(b, m->all.count)) || TRY(&e, mark(vars, v, var->name, m)) ||
            TRY(&e, add(vars, var)))
            return e;
    }
    return NULL;
}

/*
 * Numbers are read from their source text as Go's strconv does: "010" is ten, and what only YAML takes for a number
 * ("0b11", "1_000") is none. NULL: it is none.
 */
static const struct val *var_number(struct arena *a, const struct val *v)
{
    int64_t n;
    if (v->text.len == 0 || kust_is_untagged(v))
        return v;
    if (v->kind == VAL_FLOAT)
        return str_find_byte(v->text, '_', 0) == SIZE_MAX ? v : NULL;
    return str_to_int64(v->text, &n) ? val_int(a, n) : NULL;
}

static struct err *read_value(struct kust_build *b, const struct kust_resmap *m,
                              struct kust_var *var)
{
    struct err *e;
    if (TRY(&e, kust_spend(b, m->all.count)))
        return e;
    for (size_t i = 0; i < m->all.count; i++) {
        const struct kust_resource *r = m->all.items[i];
        bool marked = false;
        for (size_t j = 0; j < r->vars.count; j++)
            marked = marked || str_eq(r->vars.items[j], var->name);
        if (!marked)
            continue;
        var->value = kust_field_get(b->arena, r->object, var->field_path);
        if (val_is(var->value, VAL_INT) || val_is(var->value, VAL_FLOAT))
            var->value = var_number(b->arena, var->value);
        if (!var->value)
            return err_new(b->arena, ERR_NOT_FOUND, "var \"%.*s\": %.*s has no field %.*s",
                           STR_ARG(var->name), STR_ARG(kust_id_format(b->arena, &r->id)),
                           STR_ARG(var->field_path));
        return NULL;
    }
    return err_new(b->arena, ERR_NOT_FOUND, "var \"%.*s\" names no known resource",
                   STR_ARG(var->name));
}

struct expand {
    struct kust_edit edit;
    const struct kust_vars *vars;
};

/* The var of "$(NAME)", or NULL for names that are none and values that are no scalars. */
static const struct val *value_of(const struct expand *x, struct str name)
{
    const struct kust_var *var = map_get(&x->vars->by_name, name);
    bool scalar = var && var->value->kind != VAL_MAP && var->value->kind != VAL_SEQ &&
                  var->value->kind != VAL_NULL;
    return scalar ? var->value : NULL;
}

static struct str text_of(struct arena *a, const struct val *v)
{
    return v->kind == VAL_STRING ? v->text : json_string(a, v, JSON_COMPACT);
}

/* "$$" is a dollar sign, "$(NAME)" a var, every other dollar stays. */
static struct err *expanded(const struct expand *x, const struct val *old, const struct val **ret)
{
    struct str s = old->text;
    struct arena *a = x->edit.arena;
    *ret = old;
    if (kust_is_mistyped(old))
        return NULL;
    if (str_find_byte(s, '$', 0) == SIZE_MAX) {
        if (old->style == VAL_STYLE_FOLDED) /* styles go */
            *ret = val_string(a, s);
        return NULL;
    }
    struct buf out;
    buf_init(&out, a, LIMIT_EXPANDED_BYTES);
    for (size_t at = 0; at < s.len;) {
        char next = at + 1 < s.len ? s.ptr[at + 1] : '\0';
        size_t close = next == '(' ? str_find_byte(s, ')', at) : SIZE_MAX;
        if (s.ptr[at] != '$' || (next != '$' && close == SIZE_MAX)) {
            buf_put_byte(&out, s.ptr[at++]);
            continue;
        }
        if (next == '$') {
            buf_put_byte(&out, '$');
            at += 2;
            continue;
        }
        const struct val *v = value_of(x, str_slice(s, at + 2, close));
        if (v && at == 0 && close + 1 == s.len) {
            *ret = v->kind == VAL_STRING ? val_string(a, v->text) : v;
            return NULL;
        }
        buf_put(&out, v ? text_of(a, v) : str_slice(s, at, close + 1));
        at = close + 1;
    }
    if (out.overflowed)
        return err_new(a, ERR_TOO_LARGE, "%s:%u:%u: with its vars the text has more than %llu MiB",
                       old->file ? old->file : "", old->line, old->column,
                       LIMIT_EXPANDED_BYTES / MIB);
    *ret = val_string(a, buf_str(&out));
    return NULL;
}

/* A scalar without a type that would be read as a number or the like: to vars it is text. */
static bool is_untyped(const struct val *v)
{
    return v->kind != VAL_STRING && v->kind != VAL_MAP && v->kind != VAL_SEQ && kust_is_untagged(v);
}

static struct err *expand(const struct kust_edit *edit, const struct val *old,
                          const struct val **ret)
{
    const struct expand *x = edit->context;
    struct map_editor map = { .arena = edit->arena, .map = old };
    struct seq_editor seq = { .arena = edit->arena, .seq = old };
    struct err *e;
    *ret = old;
    if (old->kind == VAL_STRING)
        return expanded(x, old, ret);
    if (is_untyped(old))
        *ret = val_string(edit->arena, kust_text(edit->arena, old));
    for (size_t i = 0; old->kind == VAL_MAP && i < old->count; i++) {
        const struct val_field *f = &old->fields[i];
        const struct val *now = f->value;
        if (now->kind == VAL_STRING && TRY(&e, expanded(x, f->value, &now)))
            return e;
        if (is_untyped(now))
            now = val_string(edit->arena, kust_text(edit->arena, now));
        if (now != f->value)
            map_editor_set(&map, f->key, now);
    }
    for (size_t i = 0; old->kind == VAL_SEQ && i < old->count; i++) {
        const struct val *item = old->items[i];
        if (item->kind != VAL_STRING)
            return err_new(edit->arena, ERR_INVALID,
                           "%s:%u:%u: invalid value type, expected a string",
                           item->file ? item->file : "", item->line, item->column);
        const struct val *now;
        if (TRY(&e, expanded(x, item, &now)))
            return e;
        if (now != item)
            seq_editor_set(&seq, i, now);
    }
    if (old->kind == VAL_MAP)
        *ret = map_editor_done(&map);
    else if (old->kind == VAL_SEQ)
        *ret = seq_editor_done(&seq);
    return NULL;
}

struct err *kust_vars_resolve(struct kust_build *b, struct kust_vars *vars, struct kust_resmap *m,
                              const struct kust_config *config)
{
    struct err *e;
    if (vars->by_name.count == 0)
        return NULL;
    for (size_t i = 0; i < vars->by_name.entry_count; i++)
        if (vars->by_name.entries[i].value &&
            TRY(&e, read_value(b, m, vars->by_name.entries[i].value)))
            return e;
    struct expand x = { { b->arena, KUST_MAKE_NOTHING, expand, NULL }, vars };
    x.edit.context = &x;
    for (size_t i = 0; i < m->all.count; i++)
        if (TRY(&e, kust_transform_one(b, &x.edit, config->var_reference, m->all.items[i])))
            return e;
    return NULL;
}
