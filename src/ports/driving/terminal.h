/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ports/driving/terminal.h - lines that a person types. Used by the CLI from one thread; implementation: adapters/terminal_edit.
 */
#ifndef PORTS_DRIVING_TERMINAL_H
#define PORTS_DRIVING_TERMINAL_H

#include "base/err.h"

struct terminal_ops {
    /*
     * The next line of standard input, without its newline; *ret_end: there is none. At a terminal the prompt is shown, and the
     * line is edited with a history of those before; else neither. ERR_UNSUPPORTED: the library for that is not installed;
     * ERR_TOO_LARGE beyond max.
     */
    struct err *(*read_line)(void *self, struct arena *a, struct str prompt, size_t max,
                             struct str *ret, bool *ret_end);
};

struct terminal {
    const struct terminal_ops *ops; /* no entry is NULL */
    void *self;
};

#endif
