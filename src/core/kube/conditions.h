/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/kube/conditions.h - status.conditions as metav1.Condition.
 */
#ifndef CORE_KUBE_CONDITIONS_H
#define CORE_KUBE_CONDITIONS_H

#include "base/clock.h"
#include "value/val.h"

struct condition {
    struct str type;   /* Ready */
    struct str status; /* True, False, Unknown */
    struct str reason; /* CamelCase */
    struct str message;
    int64_t observed_generation;
};

/* The condition of an object, or NULL. */
const struct val *condition_get(const struct val *object, struct str type);
bool condition_is(const struct val *object, const char *type, const char *status);

/*
 * The list of conditions (NULL: none yet) with this one set. lastTransitionTime moves only when the status does. As in
 * Flux, Stalled stands first, then Reconciling and Ready, then the others by name.
 */
const struct val *conditions_set(struct arena *a, const struct val *list, const struct condition *c,
                                 struct wall_time now);
const struct val *conditions_remove(struct arena *a, const struct val *list, struct str type);

#endif
