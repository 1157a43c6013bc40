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

static void put_cell(struct buf *out, struct str cell, size_t column_width)
{
    size_t from = out->len;

    buf_put(out, cell);
    for (size_t i = from; i < out->len; i++)
        if (out->ptr[i] == '\n')
            out->ptr[i] = ' ';
    buf_fill(out, ' ', column_width - width(cell));
    buf_put_byte(out, '\t');
}

void text_table_print(struct buf *out, const struct text_table *t, bool with_headers)
{
    size_t widths[TABLE_COLUMNS_MAX] = { 0 };

    for (size_t c = 0; c < t->columns; c++) {
        widths[c] = with_headers ? width(t->headers[c]) : 0;
        for (size_t i = 0; i < t->count; i++)
            if (width(t->items[i].cells[c]) > widths[c])
                widths[c] = width(t->items[i].cells[c]);
    }
    for (size_t c = 0; with_headers && c < t->columns; c++)
        put_cell(out, t->headers[c], widths[c]);
    if (with_headers)
        buf_put_byte(out, '\n');
    for (size_t i = 0; i < t->count; i++) {
        for (size_t c = 0; c < t->columns; c++)
            put_cell(out, t->items[i].cells[c], widths[c]);
        buf_put_byte(out, '\n');
    }
}
