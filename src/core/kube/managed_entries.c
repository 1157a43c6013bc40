/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kube/managed_entries.h"

#include "base/vec.h"

bool manager_is(const struct manager *m, const struct manager *n)
{
    return m->applied == n->applied && str_eq(m->name, n->name) &&
           str_eq(m->subresource, n->subresource) &&
           (m->applied || str_eq(m->api_version, n->api_version));
}

int manager_cmp(const struct manager *m, const struct manager *n)
{
    int order = str_cmp(m->name, n->name);

    if (order == 0 && m->applied != n->applied)
        order = m->applied ? -1 : 1;
    if (order == 0)
        order = str_cmp(m->api_version, n->api_version);
    return order ? order : str_cmp(m->subresource, n->subresource);
}

struct str manager_format(struct arena *a, const struct manager *m)
{
    struct str text = str_printf(a, "\"%.*s\"", STR_ARG(m->name));

    if (m->subresource.len)
        text = str_printf(a, "%.*s with subresource \"%.*s\"", STR_ARG(text),
                          STR_ARG(m->subresource));
    if (!m->applied)
        text = str_printf(a, "%.*s using %.*s", STR_ARG(text), STR_ARG(m->api_version));
    return text;
}

struct manager *managers_find(const struct managers *list, const struct manager *like)
{
    for (size_t i = 0; i < list->count; i++)
        if (manager_is(&list->items[i], like))
            return &list->items[i];
    return NULL;
}

void managers_put(struct arena *a, struct managers *list, const struct manager *m)
{
    struct manager *known = managers_find(list, m);

    if (!known)
        known = VEC_PUSH(a, list);
    *known = *m;
}

void managers_remove(struct managers *list, size_t index)
{
    memmove(&list->items[index], &list->items[index + 1],
            (list->count - index - 1) * sizeof list->items[0]);
    list->count--;
}

bool managed_fields_is_reset(const struct val *managed_fields)
{
    if (!val_is(managed_fields, VAL_SEQ))
        return false;
    return managed_fields->count == 0 ||
           (managed_fields->count == 1 && val_is(managed_fields->items[0], VAL_MAP) &&
            val_count(managed_fields->items[0]) == 0);
}

static struct err *entry_read(struct arena *a, const struct val *entry, size_t index,
                              struct manager *ret)
{
    struct str operation = val_get_str(entry, "operation");
    struct str fields_type = val_get_str(entry, "fieldsType");

    *ret = (struct manager){
        .name = val_get_str(entry, "manager"),
        .applied = str_is(operation, "Apply"),
        .api_version = val_get_str(entry, "apiVersion"),
        .subresource = val_get_str(entry, "subresource"),
        .time = val_get_str(entry, "time"),
    };
    if (!ret->applied && !str_is(operation, "Update"))
        return err_new(a, ERR_INVALID, "operation must be `Apply` or `Update`");
    if (!ret->api_version.len)
        return err_new(a, ERR_INVALID, "apiVersion must not be empty");
    if (!fields_type.len)
        return err_new(a, ERR_INVALID, "missing fieldsType in managed fields entry %zu", index);
    if (!str_is(fields_type, "FieldsV1"))
        return err_new(a, ERR_INVALID, "invalid fieldsType \"%.*s\" in managed fields entry %zu",
                       STR_ARG(fields_type), index);
    return field_set_read(a, val_get(entry, STR("fieldsV1")), &ret->set);
}

struct err *managers_read(struct arena *a, const struct val *managed_fields, struct managers *ret)
{
    struct managers list = { 0 };

    for (size_t i = 0; val_is(managed_fields, VAL_SEQ) && i < managed_fields->count; i++) {
        struct manager m;
        struct err *e;

        if (TRY(&e, entry_read(a, managed_fields->items[i], i, &m)))
            return e;
        managers_put(a, &list, &m);
    }
    *ret = list;
    return NULL;
}

static int entry_cmp(const struct manager *m, const struct manager *n)
{
    int order = m->applied == n->applied ? 0 : m->applied ? -1 : 1;

    if (order == 0)
        order = str_cmp(m->time, n->time);
    if (order == 0)
        order = str_cmp(m->name, n->name);
    if (order == 0)
        order = str_cmp(m->api_version, n->api_version);
    return order ? order : str_cmp(m->subresource, n->subresource);
}

static const struct val *entry_write(struct arena *a, const struct manager *m)
{
    struct map_builder b;

    map_builder_init(&b, a);
    if (m->name.len)
        map_builder_set(&b, STR("manager"), val_string(a, m->name));
    map_builder_set(&b, STR("operation"), val_cstring(a, m->applied ? "Apply" : "Update"));
    map_builder_set(&b, STR("apiVersion"), val_string(a, m->api_version));
    if (m->time.len)
        map_builder_set(&b, STR("time"), val_string(a, m->time));
    map_builder_set(&b, STR("fieldsType"), val_cstring(a, "FieldsV1"));
    map_builder_set(&b, STR("fieldsV1"), field_set_write(a, m->set));
    if (m->subresource.len)
        map_builder_set(&b, STR("subresource"), val_string(a, m->subresource));
    return map_builder_done(&b, NULL);
}

const struct val *managers_write(struct arena *a, const struct val *object,
                                 const struct managers *list)
{
    struct seq_builder b;

    if (!list->count)
        return val_without_at(a, object, "metadata.managedFields");
    for (size_t i = 1; i < list->count; i++)
        for (size_t j = i; j && entry_cmp(&list->items[j], &list->items[j - 1]) < 0; j--) {
            struct manager swap = list->items[j];

            list->items[j] = list->items[j - 1];
            list->items[j - 1] = swap;
        }
    seq_builder_init(&b, a);
    for (size_t i = 0; i < list->count; i++)
        seq_builder_add(&b, entry_write(a, &list->items[i]));
    return val_with_at(a, object, "metadata.managedFields", seq_builder_done(&b, NULL));
}
