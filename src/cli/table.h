/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/table.h - rows of text in columns, laid out as the flux CLI lays them out.
 */
#ifndef CLI_TABLE_H
#define CLI_TABLE_H

#include "base/buf.h"
#include "base/vec.h"

enum { TABLE_COLUMNS_MAX = 10 };

struct table_row {
    struct str cells[TABLE_COLUMNS_MAX];
};

struct text_table {
    struct arena *arena;
    size_t columns;
    struct str headers[TABLE_COLUMNS_MAX]; /* shown in upper case */
    struct table_row *items;
    size_t count;
    size_t cap;
    size_t widths[TABLE_COLUMNS_MAX]; /* at least these; printing raises them to what it found */
};

void text_table_init(struct text_table *t, struct arena *a);
void text_table_column(struct text_table *t, const char *header);
struct table_row *text_table_row(struct text_table *t); /* cells are to be set */

/* Cells padded to the widest of their column and followed by a tab; one with several lines makes its row higher. */
void text_table_print(struct buf *out, struct text_table *t, bool with_headers);

#endif
