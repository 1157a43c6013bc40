/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/command_table.h - the parts that the command table is put together from, and how their rows are written.
 */
#ifndef CLI_COMMAND_TABLE_H
#define CLI_COMMAND_TABLE_H

#include "cli/command.h"

/* In a row: its flags, an array. */
#define FLAGS(table) .flags = (table), .flag_count = sizeof(table) / sizeof((table)[0])

struct command_rows {
    const struct command *rows;
    size_t count;
};

extern const struct command_rows engine_commands;
extern const struct command_rows read_commands;
extern const struct command_rows change_commands;
extern const struct command_rows create_commands;
extern const struct command_rows build_commands;
extern const struct command_rows helm_commands;
extern const struct command_rows local_commands;

#endif
