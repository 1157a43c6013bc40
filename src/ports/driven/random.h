/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ports/driven/random.h - unpredictable bytes. Thread-safe. adapters/clock_linux gives the kernel's; tests a seed's.
 */
#ifndef PORTS_DRIVEN_RANDOM_H
#define PORTS_DRIVEN_RANDOM_H

#include <stddef.h>

struct random_source {
    void (*fill)(void *self, void *bytes, size_t size); /* cannot fail */
    void *self;
};

static inline void random_fill(const struct random_source *r, void *bytes, size_t size)
{
    r->fill(r->self, bytes, size);
}

#endif
