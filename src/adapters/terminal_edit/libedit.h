/* SPDX-License-Identifier: Apache-2.0 */
/*
 * adapters/terminal_edit/libedit.h - the two functions of libedit that a prompt needs, loaded at first use. Private to terminal_edit.
 */
#ifndef ADAPTERS_TERMINAL_EDIT_LIBEDIT_H
#define ADAPTERS_TERMINAL_EDIT_LIBEDIT_H

#include "base/err.h"

struct libedit {
    char *(*readline)(const char *prompt); /* a line for free(); NULL at the end of the input */
    int (*add_history)(const char *line);
};

/* ERR_UNSUPPORTED: the library is not there; the message names the Debian package. Thread-safe; loads once. */
MUST_CHECK struct err *libedit_load(struct arena *a, const struct libedit **ret);

#endif
