/* SPDX-License-Identifier: Apache-2.0 */
/*
 * adapters/render_process/render_process.h - ports/driven/renderer.h in child processes (docs/adr/0011).
 *
 * A worker is our own binary in another role. It serves one tenant, one build at a time; waits a while for the next one; and ends
 * with the first build that hangs, crashes or reaches a limit. That costs the build, which says why, and nothing else.
 */
#ifndef ADAPTERS_RENDER_PROCESS_RENDER_PROCESS_H
#define ADAPTERS_RENDER_PROCESS_RENDER_PROCESS_H

#include "adapters/render_process/confine.h"
#include "ports/driven/renderer.h"

struct render_process_options {
    const char *program; /* "/proc/self/exe"; its main knows the role */
    const char *role;    /* RENDER_WORKER_ROLE */
    size_t workers_max;  /* at a time, idle ones included; as many as there are callers */
    int64_t idle_ns;     /* a worker without work ends after that */
    size_t memory_bytes; /* of address space, for each */
    int cpu_seconds;     /* for each build */
};

struct render_process;

/* Options with the values of base/limits.h. */
struct render_process_options render_process_defaults(size_t workers_max);

struct render_process *render_process_new(const struct render_process_options *options);
void render_process_free(struct render_process *p); /* no call is under way; NULL is fine */

/* Starts a first worker, which waits for whichever tenant comes first. ERR_UNAVAILABLE: none can be started. */
MUST_CHECK struct err *render_process_try(struct render_process *p, struct run *r,
                                          struct confinement *ret);

struct renderer render_process_port(struct render_process *p);

/* Workers there are now. */
size_t render_process_count(struct render_process *p);

#endif
