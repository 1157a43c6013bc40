/* SPDX-License-Identifier: Apache-2.0 */
#include "app/apiserver/roles.h"

#include "app/apiserver/internal.h"
#include "app/apiserver/storage.h"
#include "core/apiserver/rbac.h"

/* The rules alone, by server-side apply, as kube's controller does. */
static bool write_rules(struct apiserver *s, struct run *r, const struct api_resource *res,
                        const struct val *role)
{
    struct arena *a = r->arena;
    struct internal_request q = {
        .method = "PATCH",
        .path = internal_path(a, res, STR(""), val_at_str(role, "metadata.name"), NULL),
        .query = STR("fieldManager=clusterrole-aggregation-controller&force=true"),
        .content_type = "application/apply-patch+yaml",
        .body = val_map_of(a, "apiVersion", val_get(role, STR("apiVersion")), "kind",
                           val_get(role, STR("kind")), "metadata",
                           val_map_of(a, "name", val_at(role, "metadata.name"), NULL), "rules",
                           val_get(role, STR("rules")), NULL),
        .agent = "clusterrole-aggregation-controller",
    };

    return internal_serve(s, r, &q, NULL) < 300;
}

bool roles_aggregate(struct apiserver *s, struct run *r)
{
    const struct api_resource *res = registry_find_stored(s->registry, r->arena, CLUSTER_ROLES);
    bool again = true;

    /* Roles may aggregate roles that aggregate; a handful of rounds reaches the bottom. */
    for (int round = 0; again && round < 5; round++) {
        struct storage_objects all = { 0 };

        again = false;
        if (storage_list(s, r, res, STR(""), &all))
            return false;
        for (size_t i = 0; i < all.count; i++) {
            const struct val *role = NULL;

            if (!val_get(all.items[i], STR("aggregationRule")))
                continue;
            role = rbac_aggregate(r->arena, all.items[i], all.items, all.count);
            if (!role)
                continue;
            again = true;
            if (!write_rules(s, r, res, role))
                return false;
        }
    }
    return true;
}
