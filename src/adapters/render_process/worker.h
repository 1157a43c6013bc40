/* SPDX-License-Identifier: Apache-2.0 */
/* adapters/render_process/worker.h - one child process, as its parent sees it. Private. */
#ifndef ADAPTERS_RENDER_PROCESS_WORKER_H
#define ADAPTERS_RENDER_PROCESS_WORKER_H

#include <sys/types.h>

#include "adapters/render_process/render_process.h"

struct worker {
    pid_t pid;
    int fd; /* our end of the socket pair; does not block */
    struct confinement confinement;
};

/*
 * Starts the process; 0, or the errno. It dies with the thread that calls this, so that is one which lasts.
 */
int worker_spawn(const struct render_process_options *o, struct worker *ret);

/* Waits until it is confined and ready for work. On ERR_UNAVAILABLE it is no more. */
MUST_CHECK struct err *worker_greet(struct worker *w, const struct render_process_options *o,
                                    struct run *r);

/* Gives it so many seconds of CPU from now on. */
void worker_allow_cpu(const struct worker *w, int seconds);

/* False: it is no more, and is reaped. */
bool worker_is_alive(struct worker *w);

void worker_kill(struct worker *w);

/* Ends a worker that has closed its side; why it did. */
struct err *worker_bury(struct worker *w, const struct render_process_options *o, struct run *r)
    __attribute__((returns_nonnull));

#endif
