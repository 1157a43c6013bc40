/* SPDX-License-Identifier: Apache-2.0 */
/* The command table: what there is, in the order help shows it. Adding a command is adding a row to one of the parts. */
#include "cli/command_table.h"

const struct command *cli_command(size_t i)
{
    static const struct command_rows *const parts[] = {
        &engine_commands, &read_commands, &change_commands, &create_commands,
        &build_commands,  &helm_commands, &local_commands,
    };

    for (size_t part = 0; part < sizeof parts / sizeof parts[0]; part++) {
        if (i < parts[part]->count)
            return &parts[part]->rows[i];
        i -= parts[part]->count;
    }
    return NULL;
}
