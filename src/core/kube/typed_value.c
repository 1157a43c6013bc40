/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kube/typed_value.h"

#include "base/vec.h"
#include "core/kube/field_path.h"

const struct schema typed_any = { .kind = SCHEMA_ANY };

/* Types whose content the schema does not settle: the value does. */
static bool is_open(const struct schema *type)
{
    return type->kind == SCHEMA_ANY || type->kind == SCHEMA_INT_OR_STRING ||
           type->kind == SCHEMA_QUANTITY;
}

enum typed_atom typed_atom_of(const struct schema *type, const struct val *v)
{
    if (type->kind == SCHEMA_LIST)
        return ATOM_LIST;
    if (type->kind == SCHEMA_STRUCT || type->kind == SCHEMA_DICT)
        return ATOM_MAP;
    if (!is_open(type))
        return ATOM_SCALAR;
    if (!v || v->kind == VAL_NULL || v->kind == VAL_MAP)
        return ATOM_MAP;
    return v->kind == VAL_SEQ ? ATOM_LIST : ATOM_SCALAR;
}

bool typed_is_atomic(const struct schema *type, enum typed_atom atom)
{
    if (atom == ATOM_LIST)
        return type->kind != SCHEMA_LIST || type->list_type == SCHEMA_LIST_ATOMIC;
    return atom == ATOM_MAP && type->atomic;
}

const struct schema *typed_elem(const struct schema *type)
{
    return type->kind == SCHEMA_LIST ? type->elem : &typed_any;
}

const struct schema *typed_field(const struct schema *type, struct str name)
{
    const struct schema *child = schema_child(type, name);

    if (!child && (is_open(type) || (type->kind == SCHEMA_STRUCT && type->preserve_unknown)))
        child = &typed_any;
    return child;
}

static void keys_sort(struct path_key *keys, size_t count)
{
    for (size_t i = 1; i < count; i++)
        for (size_t j = i; j && str_cmp(keys[j].name, keys[j - 1].name) < 0; j--) {
            struct path_key swap = keys[j];

            keys[j] = keys[j - 1];
            keys[j - 1] = swap;
        }
}

static struct str keys_text(struct arena *a, const struct schema *list)
{
    struct buf out;

    buf_init(&out, a, 0);
    for (size_t i = 0; i < list->key_count; i++)
        buf_printf(&out, "%s\"%.*s\"", i ? " " : "", STR_ARG(list->keys[i]));
    return buf_str(&out);
}

static struct err *keyed_element(struct arena *a, const struct schema *list, const struct val *item,
                                 struct path_element *ret)
{
    struct path_key *keys = ARENA_ARRAY(a, list->key_count, struct path_key);
    size_t count = 0;

    if (item->kind == VAL_NULL)
        return err_new(a, ERR_INVALID, "associative list with keys may not have a null element");
    if (item->kind != VAL_MAP)
        return err_new(a, ERR_INVALID, "associative list with keys may not have non-map elements");
    for (size_t i = 0; i < list->key_count; i++) {
        const struct schema *type = schema_child(list->elem, list->keys[i]);
        const struct val *value = val_get(item, list->keys[i]);

        if (!value && type)
            value = type->defaults;
        if (value)
            keys[count++] = (struct path_key){ list->keys[i], value };
    }
    if (!count)
        return err_new(a, ERR_INVALID,
                       "associative list with keys has an element that omits all key fields [%.*s] "
                       "(and doesn't have default values for any key fields)",
                       STR_ARG(keys_text(a, list)));
    keys_sort(keys, count);
    *ret = (struct path_element){ .kind = PATH_KEY, .keys = keys, .key_count = count };
    return NULL;
}

struct err *typed_element(struct arena *a, const struct schema *list, const struct val *item,
                          struct path_element *ret)
{
    if (list->key_count)
        return keyed_element(a, list, item, ret);
    switch ((enum val_kind)item->kind) {
    case VAL_MAP:
        return err_new(a, ERR_INVALID,
                       "associative list without keys has an element that's a map type");
    case VAL_SEQ:
        return err_new(a, ERR_INVALID, "not supported: associative list with lists as elements");
    case VAL_NULL:
        return err_new(a, ERR_INVALID,
                       "associative list without keys has an element that's an explicit null");
    case VAL_BOOL:
    case VAL_INT:
    case VAL_FLOAT:
    case VAL_STRING:
        break;
    }
    *ret = (struct path_element){ .kind = PATH_VALUE, .value = item };
    return NULL;
}

/* ---- fields that are set ---- */

static void fields_into(struct arena *a, const struct schema *type, const struct val *v,
                        struct field_set_builder *b, const struct path_element *self);

static void fields_list(struct arena *a, const struct schema *type, const struct val *v,
                        struct field_set_builder *b)
{
    struct field_set_builder seen;
    struct path_element *steps = ARENA_ARRAY(a, v->count, struct path_element);
    bool *twice = ARENA_ARRAY(a, v->count, bool);

    field_set_builder_init(&seen, a);
    for (size_t i = 0; i < v->count; i++) {
        size_t before = seen.count;

        if (typed_element(a, type, v->items[i], &steps[i])) {
            twice[i] = true; /* has no identity: nobody can own it */
            continue;
        }
        field_set_insert(&seen, &steps[i]);
        if (seen.count == before) {
            for (size_t j = 0; j <= i; j++)
                twice[j] = twice[j] || path_element_cmp(&steps[j], &steps[i]) == 0;
            field_set_insert(b, &steps[i]);
        }
    }
    for (size_t i = 0; i < v->count; i++) {
        if (twice[i])
            continue;
        fields_into(a, typed_elem(type), v->items[i], b, &steps[i]);
        field_set_insert(b, &steps[i]);
    }
}

static void fields_map(struct arena *a, const struct schema *type, const struct val *v,
                       struct field_set_builder *b)
{
    for (size_t i = 0; i < v->count; i++) {
        const struct val_field *f = &v->fields[i];
        const struct schema *child = typed_field(type, f->key);
        struct path_element step = path_field(f->key);

        if (child)
            fields_into(a, child, f->value, b, &step);
        if (f->value->kind == VAL_NULL || (f->value->kind == VAL_MAP && !f->value->count) ||
            !schema_field(type, f->key))
            field_set_insert(b, &step);
    }
}

static void fields_into(struct arena *a, const struct schema *type, const struct val *v,
                        struct field_set_builder *b, const struct path_element *self)
{
    enum typed_atom atom = typed_atom_of(type, v);

    if (atom == ATOM_SCALAR || typed_is_atomic(type, atom)) {
        if (self)
            field_set_insert(b, self);
        return;
    }
    if (!v || (v->kind != VAL_MAP && v->kind != VAL_SEQ) || !v->count)
        return;
    if (atom == ATOM_LIST && v->kind == VAL_SEQ)
        fields_list(a, type, v, self ? field_set_descend(b, self) : b);
    else if (atom == ATOM_MAP && v->kind == VAL_MAP)
        fields_map(a, type, v, self ? field_set_descend(b, self) : b);
}

const struct field_set *typed_fields(struct arena *a, const struct schema *type,
                                     const struct val *v)
{
    struct field_set_builder b;

    field_set_builder_init(&b, a);
    fields_into(a, type, v, &b, NULL);
    return field_set_build(&b);
}

/* ---- removing ---- */

static const struct val *remove_list(struct arena *a, const struct schema *type,
                                     const struct val *v, const struct field_set *items)
{
    struct seq_builder b;

    seq_builder_init(&b, a);
    for (size_t i = 0; i < v->count; i++) {
        const struct val *item = v->items[i];
        const struct field_set *below = &field_set_empty;
        struct path_element step;

        if (!typed_element(a, type, item, &step)) {
            if (field_set_has(items, &step))
                continue;
            below = field_set_below(items, &step);
        }
        if (!field_set_is_empty(below))
            item = typed_remove(a, typed_elem(type), item, below);
        seq_builder_add(&b, item ? item : &val_null);
    }
    return b.count ? seq_builder_done(&b, v) : NULL;
}

static const struct val *remove_map(struct arena *a, const struct schema *type, const struct val *v,
                                    const struct field_set *items)
{
    struct map_builder b;

    map_builder_init(&b, a);
    for (size_t i = 0; i < v->count; i++) {
        const struct val *value = v->fields[i].value;
        struct path_element step = path_field(v->fields[i].key);
        const struct field_set *below = field_set_below(items, &step);
        const struct schema *child = typed_field(type, step.name);

        if (field_set_has(items, &step))
            continue;
        if (!field_set_is_empty(below) && child)
            value = typed_remove(a, child, value, below);
        map_builder_set(&b, step.name, value ? value : &val_null);
    }
    return b.count ? map_builder_done(&b, v) : NULL;
}

const struct val *typed_remove(struct arena *a, const struct schema *type, const struct val *v,
                               const struct field_set *items)
{
    enum typed_atom atom = typed_atom_of(type, v);

    if (atom == ATOM_SCALAR)
        return v;
    /* An atomic value is removed by its own path or not at all. */
    if (!v || typed_is_atomic(type, atom))
        return NULL;
    if (atom == ATOM_LIST)
        return v->kind == VAL_SEQ && v->count ? remove_list(a, type, v, items) : NULL;
    return v->kind == VAL_MAP && v->count ? remove_map(a, type, v, items) : NULL;
}

/* ---- a schema that changed ---- */

static const struct schema *reconcile_child(const struct schema *type, const struct path_element *p)
{
    if (type->kind == SCHEMA_LIST)
        return type->elem;
    return p->kind == PATH_FIELD ? schema_child(type, p->name) : NULL;
}

const struct field_set *typed_reconcile(struct arena *a, const struct schema *type,
                                        const struct field_set *s)
{
    struct field_set *out = NULL;
    struct field_node *nodes = NULL;

    if (!type || is_open(type))
        return s;
    for (size_t i = 0; i < s->count; i++) {
        const struct field_node *n = &s->nodes[i];
        const struct schema *child = reconcile_child(type, &n->step);
        struct field_node now = *n;

        if (!child || !n->below)
            continue;
        if (!is_open(child) && typed_is_atomic(child, typed_atom_of(child, NULL)))
            now = (struct field_node){ n->step, NULL, true };
        else
            now.below = typed_reconcile(a, child, n->below);
        if (now.below == n->below)
            continue;
        if (!out) {
            out = ARENA_NEW(a, struct field_set);
            nodes = ARENA_ARRAY(a, s->count, struct field_node);
            memcpy(nodes, s->nodes, s->count * sizeof *nodes);
            *out = (struct field_set){ nodes, s->count };
        }
        nodes[i] = now;
    }
    return out ? out : s;
}
