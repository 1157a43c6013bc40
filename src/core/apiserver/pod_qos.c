/* SPDX-License-Identifier: Apache-2.0 */
#include "core/apiserver/quantity.h"
#include "core/apiserver/strategy.h"

struct qos {
    struct arena *arena;
    bool any;        /* some request or limit above zero */
    bool guaranteed; /* every container limits cpu and memory, and requests as much */
};

static bool positive(struct arena *a, const struct val *v, struct quantity *ret)
{
    return quantity_of(a, v, ret) && ret->nano > 0;
}

static void qos_container(struct qos *q, const struct val *container)
{
    static const struct str names[] = { STR_INIT("cpu"), STR_INIT("memory") };
    const struct val *limits = val_at(container, "resources.limits");
    const struct val *requests = val_at(container, "resources.requests");

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct quantity limit = { 0 };
        struct quantity request = { 0 };
        bool limited = positive(q->arena, val_get(limits, names[i]), &limit);
        bool requested = positive(q->arena, val_get(requests, names[i]), &request);

        q->any = q->any || limited || requested;
        if (!limited || (requested && quantity_cmp(&limit, &request) != 0))
            q->guaranteed = false;
    }
}

struct str pod_qos_class(struct arena *a, const struct val *pod)
{
    struct qos q = { .arena = a, .guaranteed = true };
    const struct val *lists[2] = { val_at(pod, "spec.containers"),
                                   val_at(pod, "spec.initContainers") };

    for (size_t i = 0; i < 2; i++)
        for (size_t j = 0; j < val_count(lists[i]); j++)
            qos_container(&q, lists[i]->items[j]);
    if (!q.any)
        return STR("BestEffort");
    return q.guaranteed ? STR("Guaranteed") : STR("Burstable");
}
