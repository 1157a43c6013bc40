/* SPDX-License-Identifier: Apache-2.0 */
/*
 * adapters/render_process/render_worker.h - the child's side: `weir --role=render`.
 *
 * Confines itself, then builds what comes over standard input, one build after the other, until that closes. It has no environment, no
 * file, no network; what it knows of a repository it asks its parent for.
 */
#ifndef ADAPTERS_RENDER_PROCESS_RENDER_WORKER_H
#define ADAPTERS_RENDER_PROCESS_RENDER_WORKER_H

#include <stddef.h>

/* The first argument of a worker process. */
#define RENDER_WORKER_ROLE "--role=render"

/* Its exit status when the limit of memory was reached. */
#define RENDER_WORKER_NO_MEMORY 4

/* argv: name, role, bytes of memory, process id of the parent. The exit status. */
int render_worker_main(int argc, char **argv);

struct render_worker {
    int fd;      /* to the parent */
    char *title; /* the arguments as `ps` shows them, to be written over */
    size_t title_bytes;
};

/* Tests: as above, with what comes after confinement. */
int render_worker_confined(int argc, char **argv, int (*then)(const struct render_worker *w));

#endif
