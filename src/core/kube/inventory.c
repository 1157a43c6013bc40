/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kube/inventory.h"

#include "base/map.h"
#include "base/vec.h"

struct err *inventory_parse(struct arena *a, const struct val *inventory, struct obj_refs *ret)
{
    const struct val *entries = val_get(inventory, STR("entries"));
    struct obj_refs refs = VEC_INIT;
    struct err *e;

    if ((inventory && inventory->kind != VAL_MAP && inventory->kind != VAL_NULL) ||
        (entries && entries->kind != VAL_SEQ && entries->kind != VAL_NULL))
        return err_new(a, ERR_INVALID, "status.inventory holds no list of entries");
    for (size_t i = 0; i < val_count(entries); i++) {
        const struct val *entry = val_item(entries, i);
        struct obj_ref ref;

        if (TRY(&e, inventory_id_parse(a, val_get_str(entry, "id"), &ref)))
            return e;
        ref.version = val_get_str(entry, "v");
        *VEC_PUSH(a, &refs) = ref;
    }
    *ret = refs;
    return NULL;
}

static void add_once(struct arena *a, struct map *seen, struct obj_refs *refs,
                     const struct obj_ref *ref)
{
    struct str id = inventory_id_format(a, ref);

    if (map_get(seen, id))
        return;
    map_set(seen, id, seen);
    *VEC_PUSH(a, refs) = *ref;
}

struct obj_refs inventory_union(struct arena *a, const struct obj_refs *first,
                                const struct obj_refs *second)
{
    struct obj_refs refs = VEC_INIT;
    struct map seen;

    map_init(&seen, a);
    for (size_t i = 0; i < first->count; i++)
        add_once(a, &seen, &refs, &first->items[i]);
    for (size_t i = 0; i < second->count; i++)
        add_once(a, &seen, &refs, &second->items[i]);
    return refs;
}

struct obj_refs inventory_difference(struct arena *a, const struct obj_refs *from,
                                     const struct obj_refs *without)
{
    struct obj_refs refs = VEC_INIT;
    struct map seen;

    map_init(&seen, a);
    for (size_t i = 0; i < without->count; i++)
        map_set(&seen, inventory_id_format(a, &without->items[i]), &seen);
    for (size_t i = 0; i < from->count; i++)
        add_once(a, &seen, &refs, &from->items[i]);
    return refs;
}

const struct val *inventory_format(struct arena *a, const struct obj_refs *refs)
{
    struct obj_refs none = VEC_INIT, unique = inventory_union(a, refs, &none);
    struct seq_builder b;

    seq_builder_init(&b, a);
    for (size_t i = 0; i < unique.count; i++)
        seq_builder_add(&b,
                        val_map_of(a, "id", val_string(a, inventory_id_format(a, &unique.items[i])),
                                   "v", val_string(a, unique.items[i].version), NULL));
    return val_map_of(a, "entries", seq_builder_done(&b, NULL), NULL);
}
