/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kube/takeover.h"

#include "value/pointer.h"

static const struct str annotations[] = {
    STR_INIT("kubectl.kubernetes.io/last-applied-configuration"),
    STR_INIT("kustomize.toolkit.fluxcd.io/checksum"),
    STR_INIT("fluxcd.io/sync-checksum"),
};

static bool is_apply(const struct val *entry)
{
    return str_is(val_get_str(entry, "operation"), "Apply");
}

static bool is_ours(const struct val *entry, struct str field_manager)
{
    return str_eq(val_get_str(entry, "manager"), field_manager) && is_apply(entry);
}

static bool is_taken(const struct val *entry, const struct takeover *t)
{
    struct str manager = val_get_str(entry, "manager");

    if (val_get_str(entry, "subresource").len > 0)
        return false;
    if (str_has_prefix(manager, STR("kubectl")))
        return true;
    for (size_t i = 0; i < t->override_count; i++)
        if (str_has_prefix(manager, t->overrides[i]))
            return true;
    return !is_apply(entry) && (str_has_prefix(manager, STR("before-first-apply")) ||
                                str_has_prefix(manager, t->field_manager));
}

/* FieldsV1 are maps of maps, so the union of two sets is their deep merge. */
static const struct val *merge_fields(struct arena *a, const struct val *first,
                                      const struct val *second)
{
    struct map_builder b;

    if (!first)
        return second;
    if (!val_is(second, VAL_MAP))
        return first;
    map_builder_from(&b, a, first);
    for (uint32_t i = 0; i < second->count; i++) {
        const struct val_field *f = &second->fields[i];

        map_builder_set(&b, f->key, merge_fields(a, map_builder_get(&b, f->key), f->value));
    }
    return map_builder_done(&b, NULL);
}

/* The whole list as it shall be; NULL when no entry is taken. */
static const struct val *merged_entries(struct arena *a, const struct val *entries,
                                        const struct takeover *t)
{
    const struct val *ours = NULL;
    struct seq_builder others;
    bool edited = false;

    seq_builder_init(&others, a);
    for (size_t i = 0; i < val_count(entries); i++)
        if (is_ours(val_item(entries, i), t->field_manager))
            ours = val_item(entries, i);
    for (size_t i = 0; i < val_count(entries); i++) {
        const struct val *entry = val_item(entries, i), *fields = val_get(entry, STR("fieldsV1"));

        if (entry != ours && !is_taken(entry, t)) {
            seq_builder_add(&others, entry);
        } else if (entry != ours && ours) {
            ours = val_with(a, ours, STR("fieldsV1"),
                            merge_fields(a, val_get(ours, STR("fieldsV1")), fields));
            edited = true;
        } else if (entry != ours) {
            ours = val_with(a, entry, STR("manager"), val_string(a, t->field_manager));
            ours = val_with(a, ours, STR("operation"), val_cstring(a, "Apply"));
            edited = true;
        }
    }
    if (!edited)
        return NULL;
    seq_builder_add(&others, ours);
    return seq_builder_done(&others, NULL);
}

static const struct val *operation(struct arena *a, const char *op, struct str path,
                                   const struct val *value)
{
    return val_map_of(a, "op", val_cstring(a, op), "path", val_string(a, path), "value", value,
                      NULL);
}

const struct val *takeover_patch(struct arena *a, const struct val *live, const struct takeover *t)
{
    const struct val *entries = merged_entries(a, val_at(live, "metadata.managedFields"), t);
    const struct val *present = val_at(live, "metadata.annotations");
    struct seq_builder b;

    seq_builder_init(&b, a);
    for (size_t i = 0; i < sizeof annotations / sizeof annotations[0]; i++) {
        const struct str tokens[] = { STR("metadata"), STR("annotations"), annotations[i] };
        struct pointer path = { .tokens = tokens, .count = 3 };

        if (val_get(present, annotations[i]))
            seq_builder_add(&b, operation(a, "remove", pointer_format(a, &path), NULL));
    }
    if (entries)
        seq_builder_add(&b, operation(a, "replace", STR("/metadata/managedFields"), entries));
    return b.count ? seq_builder_done(&b, NULL) : NULL;
}

uint64_t takeover_hash(const struct val *live, const struct takeover *t)
{
    const struct val *entries = val_at(live, "metadata.managedFields");
    uint64_t h = 0;

    for (size_t i = 0; i < val_count(entries); i++) {
        const struct val *entry = val_item(entries, i);

        if (!is_ours(entry, t->field_manager) && is_taken(entry, t))
            h = h * 31 + val_hash(val_get(entry, STR("fieldsV1"))) + 1;
    }
    return h;
}
