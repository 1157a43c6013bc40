/* SPDX-License-Identifier: Apache-2.0 */
#include "value/yaml_order.h"

#include "foreign/utf8.h"

/* A key being walked rune by rune. */
struct walk {
    struct str rest;
    uint32_t rune;
    size_t width;
};

static bool step(struct walk *w)
{
    w->width = utf8_decode(w->rest, &w->rune);
    return w->width > 0;
}

static void advance(struct walk *w)
{
    w->rest = str_skip(w->rest, w->width);
}

/* The run of digits at the front: its value (wrapping, as in Go) and its length in runes. */
static uint64_t digit_run(struct str s, uint64_t start, size_t *ret_runes)
{
    uint64_t n = start;
    uint32_t rune;
    size_t width;

    *ret_runes = 0;
    while ((width = utf8_decode(s, &rune)) > 0 && utf8_is_digit(rune)) {
        n = n * 10 + rune - '0';
        s = str_skip(s, width);
        ++*ret_runes;
    }
    return n;
}

/* Keys differ at x and y; `significant`: a digit other than 0 stands directly before them. */
static bool less_at(const struct walk *x, const struct walk *y, bool significant)
{
    bool x_letter = utf8_is_letter(x->rune), y_letter = utf8_is_letter(y->rune);
    bool zero = x->rune == '0' || y->rune == '0';
    size_t x_runes, y_runes;
    uint64_t m, n;

    if (x_letter && y_letter)
        return x->rune < y->rune;
    if (x_letter || y_letter)
        return y_letter;
    m = digit_run(x->rest, zero && significant, &x_runes);
    n = digit_run(y->rest, zero && significant, &y_runes);
    if (m != n)
        return (int64_t)m < (int64_t)n;
    if (x_runes != y_runes)
        return x_runes < y_runes;
    return x->rune < y->rune;
}

/* The ASCII bytes both begin with need no decoding. */
static size_t common_ascii(struct str a, struct str b, bool *ret_significant)
{
    size_t shorter = a.len < b.len ? a.len : b.len, i = 0;
    bool significant = false;

    for (; i < shorter && a.ptr[i] == b.ptr[i] && (unsigned char)a.ptr[i] < 0x80; i++)
        significant = a.ptr[i] >= '0' && a.ptr[i] <= '9' && (significant || a.ptr[i] != '0');
    *ret_significant = significant;
    return i;
}

static bool key_less(struct str a, struct str b)
{
    bool significant; /* within the run of digits that ends here, one is not 0 */
    size_t same = common_ascii(a, b, &significant);
    struct walk x = { .rest = str_skip(a, same) }, y = { .rest = str_skip(b, same) };

    for (;;) {
        bool more_x = step(&x), more_y = step(&y);

        if (!more_x || !more_y)
            return !more_x && more_y;
        if (x.rune != y.rune)
            return less_at(&x, &y, significant);
        significant = utf8_is_digit(x.rune) && (significant || x.rune != '0');
        advance(&x);
        advance(&y);
    }
}

/* Insertion for short runs, as Go's sort does, so that odd mixes come out alike; merging above that. */
static void sort(struct val_field *f, struct val_field *scratch, size_t count)
{
    size_t half = count / 2, left = 0, right = half, to = 0;

    if (count <= 12) {
        for (size_t i = 1; i < count; i++)
            for (size_t j = i; j > 0 && key_less(f[j].key, f[j - 1].key); j--) {
                struct val_field t = f[j];

                f[j] = f[j - 1];
                f[j - 1] = t;
            }
        return;
    }
    sort(f, scratch, half);
    sort(f + half, scratch, count - half);
    memcpy(scratch, f, count * sizeof *f);
    while (left < half || right < count)
        if (right == count || (left < half && !key_less(scratch[right].key, scratch[left].key)))
            f[to++] = scratch[left++];
        else
            f[to++] = scratch[right++];
}

const struct val_field *yaml_order(struct arena *a, const struct val *map)
{
    struct val_field *fields, *scratch;
    bool sorted = true;

    for (uint32_t i = 1; i < map->count && sorted; i++)
        sorted = !key_less(map->fields[i].key, map->fields[i - 1].key);
    if (sorted)
        return map->fields;
    fields = arena_alloc(a, 2 * map->count * sizeof *fields);
    scratch = fields + map->count;
    memcpy(fields, map->fields, map->count * sizeof *fields);
    sort(fields, scratch, map->count);
    return fields;
}
