/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kube/conditions.h"

static const struct val *find(const struct val *list, struct str type)
{
    for (size_t i = 0; i < val_count(list); i++)
        if (str_eq(val_get_str(val_item(list, i), "type"), type))
            return val_item(list, i);
    return NULL;
}

const struct val *condition_get(const struct val *object, struct str type)
{
    return find(val_at(object, "status.conditions"), type);
}

bool condition_is(const struct val *object, const char *type, const char *status)
{
    return str_eq(val_get_str(condition_get(object, str_from_cstr(type)), "status"),
                  str_from_cstr(status));
}

static int rank(struct str type)
{
    return str_is(type, "Stalled")       ? 0
           : str_is(type, "Reconciling") ? 1
           : str_is(type, "Ready")       ? 2
                                         : 3;
}

static bool comes_before(struct str a, struct str b)
{
    int rank_a = rank(a), rank_b = rank(b);

    return rank_a != rank_b ? rank_a < rank_b : str_cmp(a, b) < 0;
}

static const struct val *condition_val(struct arena *a, const struct condition *c, struct str since)
{
    return val_map_of(a, "lastTransitionTime", val_string(a, since), "message",
                      val_string(a, c->message), "observedGeneration",
                      val_int(a, c->observed_generation), "reason", val_string(a, c->reason),
                      "status", val_string(a, c->status), "type", val_string(a, c->type), NULL);
}

const struct val *conditions_set(struct arena *a, const struct val *list, const struct condition *c,
                                 struct wall_time now)
{
    const struct val *before = find(list, c->type);
    bool same = before && str_eq(val_get_str(before, "status"), c->status);
    struct str since = same ? val_get_str(before, "lastTransitionTime") : wall_time_format(a, now);
    const struct val *set = condition_val(a, c, since);
    struct seq_builder b;
    bool placed = false;

    seq_builder_init(&b, a);
    for (size_t i = 0; i < val_count(list); i++) {
        const struct val *other = val_item(list, i);

        if (other == before)
            continue;
        if (!placed && comes_before(c->type, val_get_str(other, "type"))) {
            seq_builder_add(&b, set);
            placed = true;
        }
        seq_builder_add(&b, other);
    }
    if (!placed)
        seq_builder_add(&b, set);
    return seq_builder_done(&b, NULL);
}

const struct val *conditions_remove(struct arena *a, const struct val *list, struct str type)
{
    struct seq_builder b;

    seq_builder_init(&b, a);
    for (size_t i = 0; i < val_count(list); i++)
        if (!str_eq(val_get_str(val_item(list, i), "type"), type))
            seq_builder_add(&b, val_item(list, i));
    return seq_builder_done(&b, NULL);
}
