/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/helm_table.h"

#include "foreign/utf8.h"

static size_t width(struct str s)
{
    size_t count = 0, step;
    uint32_t rune;

    for (; (step = utf8_decode(s, &rune)) > 0; s = str_skip(s, step))
        count++;
    return count;
}

/* Padded, or cut with "..." as Helm's table does. */
static void put_cell(struct buf *out, struct str cell, size_t column)
{
    size_t own = width(cell), at = 0;
    uint32_t rune;

    if (own <= column) {
        buf_put(out, cell);
        buf_fill(out, ' ', column - own);
        return;
    }
    for (size_t n = 0; at < cell.len; n++) {
        at += utf8_decode(str_skip(cell, at), &rune);
        if (n + 4 >= column)
            break;
    }
    buf_put(out, str_slice(cell, 0, at));
    buf_put(out, STR("..."));
}

static size_t column_count(const struct helm_row *row)
{
    size_t count = 0;

    while (count < HELM_COLUMNS && row->cells[count].ptr)
        count++;
    return count;
}

void helm_table_print(const struct cli *cli, const struct helm_row *rows, size_t count, size_t max)
{
    size_t columns = count > 0 ? column_count(&rows[0]) : 0;
    size_t widths[HELM_COLUMNS] = { 0 };
    struct buf out;

    buf_init(&out, cli->run->arena, 0);
    for (size_t i = 0; i < count; i++)
        for (size_t c = 0; c < columns; c++) {
            size_t own = width(rows[i].cells[c]);

            if (max > 0 && own > max)
                own = max;
            if (own > widths[c])
                widths[c] = own;
        }
    for (size_t i = 0; i < count; i++)
        for (size_t c = 0; c < columns; c++) {
            put_cell(&out, rows[i].cells[c], widths[c]);
            buf_put_byte(&out, c + 1 < columns ? '\t' : '\n');
        }
    cli->write(cli->self, 1, buf_str(&out));
}
