/* SPDX-License-Identifier: Apache-2.0 */
/* How many objects there are of each kind, and how they fare. */
#include "app/control/query.h"
#include "core/kube/conditions.h"

static void add(struct kind_count *count, const struct val *object)
{
    count->total++;
    if (val_at_bool(object, "spec.suspend", false))
        count->suspended++;
    if (condition_is(object, "Ready", "False"))
        count->failing++;
    count->bytes += val_at_int(object, "status.artifact.size", 0);
}

struct err *query_count(void *self, struct run *r, struct str ns, struct kind_count *ret)
{
    struct control_queries *q = self;

    for (size_t i = 0; i < FLUX_KIND_COUNT; i++) {
        struct cluster_selector sel = { .gvk = flux_kinds[i].gvk, .ns = ns };
        struct cluster_list list = { .count = 0 };
        struct err *e = cluster_list_all(&q->cluster, r, &sel, &list);

        if (e && e->code != ERR_NOT_FOUND)
            return e;
        ret[i] = (struct kind_count){ .kind = &flux_kinds[i] };
        for (size_t k = 0; !e && k < list.count; k++)
            add(&ret[i], list.items[k]);
    }
    return NULL;
}
