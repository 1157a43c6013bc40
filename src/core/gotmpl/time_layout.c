/* SPDX-License-Identifier: Apache-2.0 */
/* Layouts: cutting them into parts, and printing a time by them. */
#include "core/gotmpl/time_layout.h"

#include "core/gotmpl/time.h"

static const struct {
    const char *text;
    enum layout_part part;
} parts[] = {
    /* Longer ones before those they begin with. */
    { "January", PART_LONG_MONTH },
    { "Jan", PART_MONTH },
    { "Monday", PART_LONG_WEEKDAY },
    { "Mon", PART_WEEKDAY },
    { "MST", PART_ZONE_NAME },
    { "01", PART_ZERO_MONTH },
    { "02", PART_ZERO_DAY },
    { "03", PART_ZERO_HOUR12 },
    { "04", PART_ZERO_MINUTE },
    { "05", PART_ZERO_SECOND },
    { "06", PART_YEAR },
    { "002", PART_ZERO_YEARDAY },
    { "15", PART_HOUR },
    { "1", PART_NUM_MONTH },
    { "2006", PART_LONG_YEAR },
    { "2", PART_DAY },
    { "_2", PART_UNDER_DAY },
    { "__2", PART_UNDER_YEARDAY },
    { "3", PART_HOUR12 },
    { "4", PART_MINUTE },
    { "5", PART_SECOND },
    { "PM", PART_PM },
    { "pm", PART_PM_LOWER },
};

static const char *const offsets[] = { "070000", "07:00:00", "0700", "07:00", "07" };

static bool is_lower(struct str s)
{
    return s.len > 0 && s.ptr[0] >= 'a' && s.ptr[0] <= 'z';
}

static void set_part(struct layout_chunk *c, struct str layout, size_t at, size_t len)
{
    c->prefix = str_slice(layout, 0, at);
    c->text = str_slice(layout, at, at + len);
    c->suffix = str_skip(layout, at + len);
}

static bool take_offset(struct layout_chunk *c, struct str layout, size_t at)
{
    struct str rest = str_skip(layout, at + 1);

    for (size_t i = 0; i < sizeof offsets / sizeof *offsets; i++) {
        struct str text = str_from_cstr(offsets[i]);

        if (!str_has_prefix(rest, text))
            continue;
        c->part = PART_OFFSET;
        c->has_z = layout.ptr[at] == 'Z';
        c->has_colon = str_find_byte(text, ':', 0) != SIZE_MAX;
        c->has_minutes = text.len > 2;
        c->has_seconds = text.len > 5;
        set_part(c, layout, at, 1 + text.len);
        return true;
    }
    return false;
}

static bool take_fraction(struct layout_chunk *c, struct str layout, size_t at)
{
    size_t end = at + 1;
    char digit = end < layout.len ? layout.ptr[end] : 0;

    if (digit != '0' && digit != '9')
        return false;
    while (end < layout.len && layout.ptr[end] == digit)
        end++;
    if (end < layout.len && layout.ptr[end] >= '0' && layout.ptr[end] <= '9')
        return false;
    c->part = digit == '0' ? PART_FRACTION_0 : PART_FRACTION_9;
    c->digits = (int)(end - at - 1);
    set_part(c, layout, at, end - at);
    return true;
}

static bool take_part(struct layout_chunk *c, struct str layout, size_t at)
{
    struct str rest = str_skip(layout, at);

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        struct str text = str_from_cstr(parts[i].text);

        if (!str_has_prefix(rest, text))
            continue;
        if ((parts[i].part == PART_MONTH || parts[i].part == PART_WEEKDAY) &&
            is_lower(str_skip(rest, text.len)))
            continue;
        if (parts[i].part == PART_UNDER_DAY && str_has_prefix(str_skip(rest, 1), STR("2006"))) {
            at++;
            text = STR("2006");
            c->part = PART_LONG_YEAR;
        } else {
            c->part = parts[i].part;
        }
        set_part(c, layout, at, text.len);
        return true;
    }
    return false;
}

struct layout_chunk layout_next(struct str layout)
{
    struct layout_chunk c = { .prefix = layout };

    for (size_t at = 0; at < layout.len; at++) {
        char first = layout.ptr[at];

        if (((first == '-' || first == 'Z') && take_offset(&c, layout, at)) ||
            ((first == '.' || first == ',') && take_fraction(&c, layout, at)) ||
            take_part(&c, layout, at))
            return c;
    }
    return c;
}

static void put_padded(struct buf *out, int64_t n, int width)
{
    buf_printf(out, "%s%0*lld", n < 0 ? "-" : "", width, (long long)(n < 0 ? -n : n));
}

static void put_offset(struct buf *out, const struct layout_chunk *c, int32_t offset)
{
    int32_t minutes = offset / 60;

    if (c->has_z && offset == 0) {
        buf_put_byte(out, 'Z');
        return;
    }
    buf_put_byte(out, minutes < 0 ? '-' : '+');
    minutes = minutes < 0 ? -minutes : minutes;
    put_padded(out, minutes / 60, 2);
    if (c->has_colon)
        buf_put_byte(out, ':');
    if (c->has_minutes)
        put_padded(out, minutes % 60, 2);
    if (c->has_seconds && c->has_colon)
        buf_put_byte(out, ':');
    if (c->has_seconds)
        put_padded(out, (offset < 0 ? -offset : offset) % 60, 2);
}

static void put_fraction(struct buf *out, const struct layout_chunk *c, int32_t ns)
{
    char digits[10];
    int n = c->digits > 9 ? 9 : c->digits;

    for (int i = 8; i >= 0; i--) {
        digits[i] = (char)('0' + ns % 10);
        ns /= 10;
    }
    if (c->part == PART_FRACTION_9)
        while (n > 0 && digits[n - 1] == '0')
            n--;
    if (n == 0)
        return;
    buf_put_byte(out, c->text.ptr[0]);
    buf_put(out, str_of(digits, (size_t)n));
    if (c->part == PART_FRACTION_0 && c->digits > 9)
        buf_fill(out, '0', 0);
}

static void put_zone_name(struct buf *out, const struct go_time *t)
{
    const struct layout_chunk numeric = { .has_minutes = true };

    if (t->name.len > 0)
        buf_put(out, t->name);
    else
        put_offset(out, &numeric, t->offset);
}

static void put_date_part(struct buf *out, enum layout_part part, const struct go_date *d)
{
    const char *month = time_month_name(d->month), *weekday = time_weekday_name(d->weekday);

    switch ((int)part) {
    case PART_LONG_YEAR:
        put_padded(out, d->year, 4);
        break;
    case PART_YEAR:
        put_padded(out, (d->year < 0 ? -d->year : d->year) % 100, 2);
        break;
    case PART_LONG_MONTH:
    case PART_MONTH:
        buf_put(out, str_slice(str_from_cstr(month), 0, part == PART_MONTH ? 3 : SIZE_MAX));
        break;
    case PART_LONG_WEEKDAY:
    case PART_WEEKDAY:
        buf_put(out, str_slice(str_from_cstr(weekday), 0, part == PART_WEEKDAY ? 3 : SIZE_MAX));
        break;
    case PART_NUM_MONTH:
    case PART_ZERO_MONTH:
        put_padded(out, d->month, part == PART_ZERO_MONTH ? 2 : 1);
        break;
    case PART_DAY:
    case PART_ZERO_DAY:
        put_padded(out, d->day, part == PART_ZERO_DAY ? 2 : 1);
        break;
    case PART_UNDER_DAY:
        buf_printf(out, "%2d", d->day);
        break;
    case PART_UNDER_YEARDAY:
        buf_printf(out, "%3d", d->yearday);
        break;
    default:
        put_padded(out, d->yearday, 3);
    }
}

static void put_clock_part(struct buf *out, enum layout_part part, const struct go_date *d)
{
    int hour12 = d->hour % 12 == 0 ? 12 : d->hour % 12;

    switch ((int)part) {
    case PART_HOUR:
        put_padded(out, d->hour, 2);
        break;
    case PART_HOUR12:
    case PART_ZERO_HOUR12:
        put_padded(out, hour12, part == PART_ZERO_HOUR12 ? 2 : 1);
        break;
    case PART_MINUTE:
    case PART_ZERO_MINUTE:
        put_padded(out, d->minute, part == PART_ZERO_MINUTE ? 2 : 1);
        break;
    case PART_SECOND:
    case PART_ZERO_SECOND:
        put_padded(out, d->second, part == PART_ZERO_SECOND ? 2 : 1);
        break;
    case PART_PM:
        buf_put(out, d->hour >= 12 ? STR("PM") : STR("AM"));
        break;
    default:
        buf_put(out, d->hour >= 12 ? STR("pm") : STR("am"));
    }
}

static bool is_clock_part(enum layout_part part)
{
    return (part >= PART_HOUR && part <= PART_ZERO_SECOND) || part == PART_PM ||
           part == PART_PM_LOWER;
}

void time_put(struct buf *out, const struct go_time *t, struct str layout)
{
    struct go_date d = time_date(t);

    while (layout.len > 0) {
        struct layout_chunk c = layout_next(layout);

        buf_put(out, c.prefix);
        if (c.part == PART_NONE)
            break;
        if (c.part == PART_OFFSET)
            put_offset(out, &c, t->offset);
        else if (c.part == PART_FRACTION_0 || c.part == PART_FRACTION_9)
            put_fraction(out, &c, t->nanoseconds);
        else if (c.part == PART_ZONE_NAME)
            put_zone_name(out, t);
        else if (is_clock_part(c.part))
            put_clock_part(out, c.part, &d);
        else
            put_date_part(out, c.part, &d);
        layout = c.suffix;
    }
}
