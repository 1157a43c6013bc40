/* SPDX-License-Identifier: Apache-2.0 */
/* cli/helm_table.h - tables as helm prints them: cells padded to the widest of their column, tabs between. */
#ifndef CLI_HELM_TABLE_H
#define CLI_HELM_TABLE_H

#include "cli/command.h"

enum { HELM_COLUMNS = 4 };

/* Columns end where the first row has a cell without a pointer. */
struct helm_row {
    struct str cells[HELM_COLUMNS];
};

/* max: characters of a column, wider cells are cut; 0: any. */
void helm_table_print(const struct cli *cli, const struct helm_row *rows, size_t count, size_t max);

#endif
