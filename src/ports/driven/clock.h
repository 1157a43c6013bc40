/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ports/driven/clock.h - time, so that the simulator can run it.
 * Thread-safe. Implementations: adapters/clock_linux; tests have a clock that is moved by hand.
 */
#ifndef PORTS_DRIVEN_CLOCK_H
#define PORTS_DRIVEN_CLOCK_H

#include "base/clock.h"

struct clock_ops {
    struct wall_time (*wall)(void *self);
    struct mono_time (*mono)(void *self);
};

struct clock {
    const struct clock_ops *ops; /* no entry is NULL */
    void *self;                  /* borrowed; outlives every call */
};

static inline struct wall_time clock_wall(const struct clock *c)
{
    return c->ops->wall(c->self);
}

static inline struct mono_time clock_mono(const struct clock *c)
{
    return c->ops->mono(c->self);
}

#endif
