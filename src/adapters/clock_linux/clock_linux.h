/* SPDX-License-Identifier: Apache-2.0 */
/*
 * adapters/clock_linux/clock_linux.h - the kernel's clocks and its random bytes as ports.
 * Both ports hold no state; any thread may use them.
 */
#ifndef ADAPTERS_CLOCK_LINUX_CLOCK_LINUX_H
#define ADAPTERS_CLOCK_LINUX_CLOCK_LINUX_H

#include "ports/driven/clock.h"
#include "ports/driven/random.h"

/* Wall: CLOCK_REALTIME. Monotonic: CLOCK_MONOTONIC, which pthread condition variables here wait by. */
struct clock clock_linux(void);

/* getrandom(2). Aborts when the kernel has none, for there is no safe way on. */
struct random_source random_linux(void);

#endif
