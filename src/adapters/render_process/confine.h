/* SPDX-License-Identifier: Apache-2.0 */
/*
 * adapters/render_process/confine.h - the process gives up, for good, all that a build does not need.
 *
 * Limits of memory, descriptors, files and processes; no new privileges; death with the parent's thread; landlock without a
 * rule (no file can be opened, no port bound, no process signalled that is outside); and a seccomp filter that lets through memory, the open
 * descriptors and the end, and answers EPERM to the rest. The process is single-threaded.
 */
#ifndef ADAPTERS_RENDER_PROCESS_CONFINE_H
#define ADAPTERS_RENDER_PROCESS_CONFINE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct confine_options {
    size_t memory_bytes; /* of address space */
    pid_t parent;        /* who started us; another one means that it is gone */
};

struct confinement {
    bool landlock; /* the kernel has it and it is on */
    bool seccomp;
    bool memory; /* address space is limited; a sanitizer needs more than any limit */
};

/* False: a limit that every kernel has could not be set, or the parent is gone. */
bool confine(const struct confine_options *options, struct confinement *ret);

/* Tries to open a file, a socket and a program; true when each was refused. For a process that is confined. */
bool confinement_holds(const struct confinement *c);

#endif
