/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/run.h - one unit of work: its memory, its deadline, its cancellation.
 *
 * Made where the work begins (a reconcile, a request, a command) and handed down as a parameter. Belongs
 * to one thread; only run_cancel() may be called from another.
 */
#ifndef BASE_RUN_H
#define BASE_RUN_H

#include <stdatomic.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"

struct run {
    struct arena *arena;          /* results and scratch of this work */
    struct mono_time deadline;    /* MONO_NEVER: none */
    const atomic_bool *cancelled; /* NULL: cannot be cancelled; else owned by who may cancel */
};

static inline bool run_is_cancelled(const struct run *r)
{
    return r->cancelled && atomic_load_explicit(r->cancelled, memory_order_relaxed);
}

#endif
