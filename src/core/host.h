/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/host.h - what a template may ask of the world, supplied by app so that core stays a function of its input.
 */
#ifndef CORE_HOST_H
#define CORE_HOST_H

#include "base/clock.h"
#include "base/err.h"

struct obj_ref;
struct val;

struct host {
    void *self;
    struct wall_time (*now)(void *self);
    /* Fills `size` bytes; a test gives a fixed stream. */
    void (*random)(void *self, void *bytes, size_t size);
    /* Helm's `lookup`: the object, a List where name is "", an empty map where there is none. NULL: always empty. */
    struct err *(*lookup)(void *self, struct arena *a, const struct obj_ref *ref,
                          const struct val **ret);
    /* Bytes of the time zone with this name (a TZif file, RFC 8536), for date functions; false: none. NULL: only UTC. */
    bool (*zone)(void *self, struct arena *a, struct str name, struct str *ret);
};

#endif
