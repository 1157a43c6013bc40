/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/reconcile/quarantine.h - use-case: an object whose reconciliation ended the process, again, is left alone and says so.
 */
#ifndef APP_RECONCILE_QUARANTINE_H
#define APP_RECONCILE_QUARANTINE_H

#include "app/reconcile/outcome.h"
#include "app/reconcile/ports.h"

enum { QUARANTINE_STRIKES = 2 };

struct quarantine_input {
    const struct val *object;
    struct str revision; /* that it was working on; "": none is known */
    unsigned strikes;
};

/* Ready=False and Stalled=True with reason Quarantined, and an event. Never fails: the outcome is STALLED, or RETRY where nothing could be written. */
void quarantine_run(const struct reconcile_ports *ports, struct run *run,
                    const struct quarantine_input *in, struct outcome *ret);

#endif
