/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/kube/kstatus.h - the health of an object as Flux sees it.
 *
 * Source of truth: kstatus of fluxcd/cli-utils 1.2.3. Generic checks (deletion, observed generation, Reconciling and
 * Stalled conditions) come first for every kind, then rules of the kind, then the Ready condition.
 */
#ifndef CORE_KUBE_KSTATUS_H
#define CORE_KUBE_KSTATUS_H

#include "base/clock.h"
#include "core/kube/obj_ref.h"

enum kstatus_code {
    KSTATUS_IN_PROGRESS,
    KSTATUS_FAILED,
    KSTATUS_CURRENT,
    KSTATUS_TERMINATING,
    KSTATUS_NOT_FOUND,
    KSTATUS_UNKNOWN,
};

struct kstatus {
    enum kstatus_code code;
    struct str message; /* one sentence, or the message of the condition that decided */
};

/*
 * KSTATUS_UNKNOWN: the object is malformed, or in a phase that there is not; message says what. `now` decides how long a Pod may stay unscheduled. An object
 * NULL is KSTATUS_NOT_FOUND.
 */
struct kstatus kstatus_of(struct arena *a, const struct val *object, struct wall_time now);

/* As a controller that waits for it sees it: a Job is Current when it has completed or is suspended, not while it runs (pkg runtime, statusreaders). */
struct kstatus kstatus_of_waited(struct arena *a, const struct val *object, struct wall_time now);

/* "InProgress", "Failed", "Current", "Terminating", "NotFound", "Unknown". */
const char *kstatus_name(enum kstatus_code code);

#endif
