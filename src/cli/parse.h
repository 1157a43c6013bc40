/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/parse.h - from arguments to an invocation, by the command table alone.
 */
#ifndef CLI_PARSE_H
#define CLI_PARSE_H

#include "cli/command.h"

/* The longest path of the table that the words begin with; *ret_used words. NULL: none. */
const struct command *parse_command(const struct str *words, size_t count, size_t *ret_used);

/*
 * Flags (--name=value, --name value, -n value, -nvalue, switches) and arguments in any order; "--" ends the flags.
 * ERR_INVALID names what is wrong. *ret_help: -h or --help was among them.
 */
MUST_CHECK struct err *parse_invocation(struct arena *a, const struct command *c,
                                        const struct str *words, size_t count,
                                        struct invocation *ret, bool *ret_help);

#endif
