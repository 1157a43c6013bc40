/* SPDX-License-Identifier: Apache-2.0 */
/* All kinds that the server serves: its groups, then the list of each of their versions. */
#include "adapters/kube_inproc/inproc_state.h"
#include "base/vec.h"

struct collected {
    struct str *items;
    size_t count;
    size_t cap;
};

static struct err *add_version(struct kube_inproc *k, struct run *r, struct str path,
                               struct str version, struct collected *into)
{
    struct inproc_request req = { .method = "GET", .path = path };
    const struct val *list = NULL, *all;
    size_t first = into->count;
    struct err *e;

    *VEC_PUSH(r->arena, into) = version;
    e = inproc_serve(k, r, &req, &list);
    if (e && (e->code == ERR_UNAVAILABLE || e->code == ERR_NOT_FOUND))
        return NULL; /* of an aggregated server that is down */
    if (e)
        return e;
    all = val_get(list, STR("resources"));
    for (size_t i = 0; i < val_count(all); i++) {
        struct str kind = val_get_str(val_item(all, i), "kind");
        struct str id = str_printf(r->arena, "%.*s/%.*s", STR_ARG(version), STR_ARG(kind));
        bool known = kind.len == 0;

        for (size_t j = first; j < into->count && !known; j++)
            known = str_eq(into->items[j], id);
        if (!known)
            *VEC_PUSH(r->arena, into) = id;
    }
    return NULL;
}

static struct err *served(void *self, struct run *r, struct served_kinds *ret)
{
    struct inproc_request core = { .method = "GET", .path = STR("/api") };
    struct inproc_request others = { .method = "GET", .path = STR("/apis") };
    const struct val *versions = NULL, *groups = NULL;
    struct collected all = VEC_INIT;
    struct err *e;

    if (TRY(&e, inproc_serve(self, r, &core, &versions)) ||
        TRY(&e, inproc_serve(self, r, &others, &groups)))
        return e;
    versions = val_get(versions, STR("versions"));
    for (size_t i = 0; i < val_count(versions); i++) {
        struct str version = val_str(val_item(versions, i));

        if (TRY(&e,
                add_version(self, r, str_concat(r->arena, STR("/api/"), version), version, &all)))
            return e;
    }
    groups = val_get(groups, STR("groups"));
    for (size_t i = 0; i < val_count(groups); i++) {
        const struct val *in_group = val_get(val_item(groups, i), STR("versions"));

        for (size_t j = 0; j < val_count(in_group); j++) {
            struct str version = val_get_str(val_item(in_group, j), "groupVersion");

            if (TRY(&e, add_version(self, r, str_concat(r->arena, STR("/apis/"), version), version,
                                    &all)))
                return e;
        }
    }
    *ret = (struct served_kinds){ all.items, all.count };
    return NULL;
}

struct discovery kube_inproc_discovery(struct kube_inproc *k)
{
    static const struct discovery_ops ops = { .served = served };

    return (struct discovery){ &ops, k };
}
