/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/table.h"

void text_table_init(struct text_table *t, struct arena *a)
{
    *t = (struct text_table){ .arena = a };
}

void text_table_column(struct text_table *t, const char *header)
{
    char *upper = arena_alloc(t->arena, strlen(header) + 1);
    size_t len = 0;

    for (; header[len]; len++)
        upper[len] = header[len] >= 'a' && header[len] <= 'z' ? (char)(header[len] - 32)
                                                              : header[len];
    if (t->columns < TABLE_COLUMNS_MAX)
        t->headers[t->columns++] = str_of(upper, len);
}

struct table_row *text_table_row(struct text_table *t)
{
    return VEC_PUSH(t->arena, t);
}

/* Characters, which is what a terminal's columns are for the texts we print. */
static size_t width(struct str s)
{
    size_t n = 0;

    for (size_t i = 0; i < s.len; i++)
        n += ((unsigned char)s.ptr[i] & 0xC0) != 0x80;
    return n;
}

/* Line `n` of a cell; "" beyond the last. */
static struct str cell_line(struct str cell, size_t n)
{
    struct str line = STR("");

    for (size_t i = 0; i <= n; i++)
        if (!str_cut(&cell, '\n', &line))
            return STR("");
    return line;
}

static size_t cell_lines(struct str cell)
{
    size_t n = 1;

    for (size_t i = 0; i < cell.len; i++)
        n += cell.ptr[i] == '\n';
    return n;
}

static size_t cell_width(struct str cell)
{
    struct str line;
    size_t widest = 0;

    while (str_cut(&cell, '\n', &line))
        if (width(line) > widest)
            widest = width(line);
    return widest;
}

static void put_cell(struct buf *out, struct str cell, size_t column_width, char end)
{
    buf_put(out, cell);
    buf_fill(out, ' ', column_width - width(cell));
    buf_put_byte(out, end);
}

/* A row is as high as its highest cell. */
static void put_row(struct buf *out, const struct text_table *t, const struct table_row *row)
{
    size_t height = 1;

    for (size_t c = 0; c < t->columns; c++)
        if (cell_lines(row->cells[c]) > height)
            height = cell_lines(row->cells[c]);
    for (size_t line = 0; line < height; line++) {
        for (size_t c = 0; c < t->columns; c++)
            put_cell(out, cell_line(row->cells[c], line), t->widths[c], '\t');
        buf_put_byte(out, '\n');
    }
}

static void raise_width(size_t *at_least, size_t found)
{
    if (found > *at_least)
        *at_least = found;
}

void text_table_print(struct buf *out, struct text_table *t, bool with_headers)
{
    for (size_t c = 0; c < t->columns; c++) {
        raise_width(&t->widths[c], with_headers ? width(t->headers[c]) : 0);
        for (size_t i = 0; i < t->count; i++)
            raise_width(&t->widths[c], cell_width(t->items[i].cells[c]));
    }
    for (size_t c = 0; with_headers && c < t->columns; c++)
        put_cell(out, t->headers[c], t->widths[c], c + 1 < t->columns ? '\t' : ' ');
    if (with_headers)
        buf_put_byte(out, '\n');
    for (size_t i = 0; i < t->count; i++)
        put_row(out, t, &t->items[i]);
}
