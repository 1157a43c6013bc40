/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/clock_linux/clock_linux.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

static int64_t read_clock(clockid_t id)
{
    struct timespec t;

    (void)clock_gettime(id, &t);
    return (int64_t)t.tv_sec * NS_PER_S + t.tv_nsec;
}

static struct wall_time wall(void *self)
{
    (void)self;
    return (struct wall_time){ read_clock(CLOCK_REALTIME) };
}

static struct mono_time mono(void *self)
{
    (void)self;
    return (struct mono_time){ read_clock(CLOCK_MONOTONIC) };
}

static const struct clock_ops clock_linux_ops = { .wall = wall, .mono = mono };

struct clock clock_linux(void)
{
    return (struct clock){ .ops = &clock_linux_ops, .self = NULL };
}

static void fill(void *self, void *bytes, size_t size)
{
    char *next = bytes;

    (void)self;
    while (size > 0) {
        ssize_t n = getrandom(next, size, 0);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            (void)fputs("weir: the kernel gives no random bytes\n", stderr);
            abort();
        }
        next += n;
        size -= (size_t)n;
    }
}

struct random_source random_linux(void)
{
    return (struct random_source){ .fill = fill, .self = NULL };
}
