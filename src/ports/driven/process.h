/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ports/driven/process.h - a child program with a locked environment, bounded output and a deadline.
 *
 * Implementation: adapters/process_posix (posix_spawn; never fork in the threaded process). The child is killed with its
 * process group at the deadline or on cancellation. Thread-safe.
 */
#ifndef PORTS_DRIVEN_PROCESS_H
#define PORTS_DRIVEN_PROCESS_H

#include "base/run.h"

struct process_spec {
    const char *const
        *argv;              /* NULL-terminated; argv[0] is looked up in PATH when it has no slash */
    const char *const *env; /* the whole environment, NULL-terminated */
    const char *cwd;        /* NULL: unchanged */
    struct str input;       /* written to standard input, which is then closed */
    size_t output_max; /* bytes of standard output; more is ERR_TOO_LARGE and kills the child */
    uint64_t
        file_max; /* bytes of each file that it writes, which else kills it (SIGXFSZ); 0: no limit */
};

struct process_result {
    int exit_status; /* 0..255; 128 + signal when killed */
    struct str output;
    struct str error; /* last LIMIT of standard error, for messages */
};

struct process_ops {
    /* Runs to the end. A non-zero exit status is no error here. ERR_NOT_FOUND: no such program. */
    struct err *(*run)(void *self, struct run *r, const struct process_spec *spec,
                       struct process_result *ret);
};

struct process {
    const struct process_ops *ops;
    void *self;
};

#endif
