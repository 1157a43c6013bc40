/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kube/field_path.h"

#include "base/vec.h"
#include "value/json.h"

struct path_element path_field(struct str name)
{
    return (struct path_element){ .kind = PATH_FIELD, .name = name };
}

/* ---- order ---- */

static int value_rank(const struct val *v)
{
    switch ((enum val_kind)v->kind) {
    case VAL_FLOAT:
    case VAL_INT:
        return 0;
    case VAL_STRING:
        return 1;
    case VAL_BOOL:
        return 2;
    case VAL_SEQ:
        return 3;
    case VAL_MAP:
        return 4;
    case VAL_NULL:
        break;
    }
    return 5;
}

static int number_cmp(const struct val *v, const struct val *w)
{
    double x = 0;
    double y = 0;

    if (v->kind == VAL_INT && w->kind == VAL_INT)
        return v->integer < w->integer ? -1 : v->integer > w->integer;
    (void)val_to_double(v, &x);
    (void)val_to_double(w, &y);
    return x < y ? -1 : x > y;
}

static int seq_cmp(const struct val *v, const struct val *w)
{
    for (size_t i = 0; i < v->count && i < w->count; i++) {
        int order = path_value_cmp(v->items[i], w->items[i]);

        if (order)
            return order;
    }
    return v->count < w->count ? -1 : v->count > w->count;
}

int path_value_cmp(const struct val *v, const struct val *w)
{
    int rank = value_rank(v);

    if (rank != value_rank(w))
        return rank < value_rank(w) ? -1 : 1;
    switch (rank) {
    case 0:
        return number_cmp(v, w);
    case 1:
        return str_cmp(v->text, w->text);
    case 2:
        return v->boolean == w->boolean ? 0 : v->boolean ? 1 : -1;
    case 3:
        return seq_cmp(v, w);
    default:
        return 0;
    }
}

static int keys_cmp(const struct path_element *p, const struct path_element *q)
{
    for (size_t i = 0; i < p->key_count && i < q->key_count; i++) {
        int order = str_cmp(p->keys[i].name, q->keys[i].name);

        if (order == 0)
            order = path_value_cmp(p->keys[i].value, q->keys[i].value);
        if (order)
            return order;
    }
    return p->key_count < q->key_count ? -1 : p->key_count > q->key_count;
}

int path_element_cmp(const struct path_element *p, const struct path_element *q)
{
    if (p->kind != q->kind)
        return p->kind < q->kind ? -1 : 1;
    switch (p->kind) {
    case PATH_FIELD:
        return str_cmp(p->name, q->name);
    case PATH_KEY:
        return keys_cmp(p, q);
    case PATH_VALUE:
        return path_value_cmp(p->value, q->value);
    case PATH_INDEX:
        break;
    }
    return p->index < q->index ? -1 : p->index > q->index;
}

/* ---- text ---- */

void path_value_format(struct buf *out, const struct val *v)
{
    if (v && v->kind == VAL_SEQ) {
        buf_put_byte(out, '[');
        for (size_t i = 0; i < v->count; i++) {
            if (i)
                buf_put_byte(out, ',');
            path_value_format(out, v->items[i]);
        }
        buf_put_byte(out, ']');
    } else if (v && v->kind == VAL_MAP) {
        for (size_t i = 0; i < v->count; i++) {
            buf_put(out, v->fields[i].key);
            buf_put_byte(out, '=');
            path_value_format(out, v->fields[i].value);
        }
    } else {
        json_write(out, v ? v : &val_null, JSON_COMPACT);
    }
}

struct str path_element_format(struct arena *a, const struct path_element *p)
{
    struct buf out;

    buf_init(&out, a, 0);
    switch (p->kind) {
    case PATH_FIELD:
        buf_put_byte(&out, '.');
        buf_put(&out, p->name);
        return buf_str(&out);
    case PATH_KEY:
        buf_put_byte(&out, '[');
        for (size_t i = 0; i < p->key_count; i++) {
            if (i)
                buf_put_byte(&out, ',');
            buf_put(&out, p->keys[i].name);
            buf_put_byte(&out, '=');
            path_value_format(&out, p->keys[i].value);
        }
        break;
    case PATH_VALUE:
        buf_lit(&out, "[=");
        path_value_format(&out, p->value);
        break;
    case PATH_INDEX:
        buf_printf(&out, "[%zu", p->index);
        break;
    }
    buf_put_byte(&out, ']');
    return buf_str(&out);
}

/* ---- FieldsV1 ---- */

struct str path_element_key(struct arena *a, const struct path_element *p)
{
    struct buf out;

    buf_init(&out, a, 0);
    switch (p->kind) {
    case PATH_FIELD:
        buf_lit(&out, "f:");
        buf_put(&out, p->name);
        break;
    case PATH_KEY:
        buf_lit(&out, "k:{");
        for (size_t i = 0; i < p->key_count; i++) {
            if (i)
                buf_put_byte(&out, ',');
            json_write_string(&out, p->keys[i].name, JSON_ESCAPE_HTML);
            buf_put_byte(&out, ':');
            json_write(&out, p->keys[i].value, JSON_ESCAPE_HTML);
        }
        buf_put_byte(&out, '}');
        break;
    case PATH_VALUE:
        buf_lit(&out, "v:");
        json_write(&out, p->value, JSON_ESCAPE_HTML);
        break;
    case PATH_INDEX:
        buf_printf(&out, "i:%zu", p->index);
        break;
    }
    return buf_str(&out);
}

/* Sorted by name; FieldsV1 writes them so, but a client may not. */
static void keys_sort(struct path_key *keys, size_t count)
{
    for (size_t i = 1; i < count; i++)
        for (size_t j = i; j && str_cmp(keys[j].name, keys[j - 1].name) < 0; j--) {
            struct path_key swap = keys[j];

            keys[j] = keys[j - 1];
            keys[j - 1] = swap;
        }
}

static void keys_of(struct arena *a, const struct val *map, struct path_element *ret)
{
    struct path_key *keys = ARENA_ARRAY(a, val_count(map), struct path_key);

    for (size_t i = 0; i < val_count(map); i++)
        keys[i] = (struct path_key){ map->fields[i].key, map->fields[i].value };
    keys_sort(keys, val_count(map));
    *ret = (struct path_element){ .kind = PATH_KEY, .keys = keys, .key_count = val_count(map) };
}

bool path_element_of_key(struct arena *a, struct str key, struct path_element *ret, struct err **e)
{
    struct str text = str_skip(key, 2);
    const struct val *value = NULL;
    int64_t index;

    *e = NULL;
    if (key.len < 2 || key.ptr[1] != ':') {
        *e = err_new(a, ERR_INVALID, "missing colon: %.*s", STR_ARG(key));
        return false;
    }
    switch (key.ptr[0]) {
    case 'f':
        *ret = path_field(text);
        return true;
    case 'v':
        if (!TRY(e, json_read(a, text, STR("fieldsV1"), JSON_READ_BORROW, &value)))
            *ret = (struct path_element){ .kind = PATH_VALUE, .value = value };
        return !*e;
    case 'k':
        if (!TRY(e, json_read(a, text, STR("fieldsV1"), JSON_READ_BORROW, &value)))
            keys_of(a, value, ret);
        return !*e;
    case 'i':
        if (!str_to_int64(text, &index) || index < 0)
            *e = err_new(a, ERR_INVALID, "bad index \"%.*s\"", STR_ARG(text));
        else
            *ret = (struct path_element){ .kind = PATH_INDEX, .index = (size_t)index };
        return !*e;
    default:
        return false;
    }
}

static struct err *read_into(struct arena *a, const struct val *map, struct field_set_builder *b,
                             bool *ret_is_member)
{
    bool any = false;

    *ret_is_member = false;
    for (size_t i = 0; i < val_count(map) && val_is(map, VAL_MAP); i++) {
        const struct val_field *f = &map->fields[i];
        struct path_element step;
        struct field_set_builder below;
        struct err *e;
        bool member;

        if (str_is(f->key, ".")) {
            *ret_is_member = true;
            continue;
        }
        if (!path_element_of_key(a, f->key, &step, &e)) {
            if (e)
                return e;
            continue;
        }
        any = true;
        field_set_builder_init(&below, a);
        if (TRY(&e, read_into(a, f->value, &below, &member)))
            return e;
        if (member)
            field_set_insert(b, &step);
        if (below.count)
            *field_set_descend(b, &step) = below;
    }
    if (!any)
        *ret_is_member = true;
    return NULL;
}

struct err *field_set_read(struct arena *a, const struct val *fields_v1,
                           const struct field_set **ret)
{
    struct field_set_builder b;
    struct err *e;
    bool member;

    field_set_builder_init(&b, a);
    if (TRY(&e, read_into(a, fields_v1, &b, &member)))
        return e;
    *ret = field_set_build(&b);
    return NULL;
}

static const struct val *write_below(struct arena *a, const struct field_set *s, bool self)
{
    struct map_builder b;

    map_builder_init(&b, a);
    if (self && s->count)
        map_builder_set(&b, STR("."), &val_empty_map);
    for (size_t i = 0; i < s->count; i++) {
        const struct field_node *n = &s->nodes[i];

        map_builder_set(&b, path_element_key(a, &n->step),
                        n->below ? write_below(a, n->below, n->member) : &val_empty_map);
    }
    return map_builder_done(&b, NULL);
}

const struct val *field_set_write(struct arena *a, const struct field_set *s)
{
    return write_below(a, s, false);
}
