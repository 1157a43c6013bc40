/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/kube/status_selector.h - objects by the status of a condition, as the flux CLI selects them: "ready=false", "ready!=true".
 */
#ifndef CORE_KUBE_STATUS_SELECTOR_H
#define CORE_KUBE_STATUS_SELECTOR_H

#include "base/err.h"
#include "value/val.h"

struct status_selector {
    struct str type;
    struct str status;
    bool negated;
};

/* "" selects everything. ERR_INVALID: no "=" in it. Views into `text`. */
MUST_CHECK struct err *status_selector_parse(struct arena *a, struct str text,
                                             struct status_selector *ret);

/* Letters of either case; an object without the condition does not have the status. */
bool status_selector_matches(const struct status_selector *s, const struct val *object);

#endif
