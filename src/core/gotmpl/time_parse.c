/* SPDX-License-Identifier: Apache-2.0 */
/* time.Parse: a text by a layout, in Go's order of checks and words. */
#include "core/gotmpl/time.h"
#include "core/gotmpl/time_layout.h"

struct parse {
    struct str value; /* what is left */
    int64_t year, month, day, yearday, hour, minute, second, nanoseconds;
    bool is_pm, is_am, is_utc, has_offset;
    int32_t offset;
    struct str zone;
    const char *out_of_range;
};

static bool is_digit_at(struct str s, size_t i)
{
    return i < s.len && s.ptr[i] >= '0' && s.ptr[i] <= '9';
}

/* All digits, with a sign if any; false: something else. */
static bool to_number(struct str s, int64_t *ret)
{
    return s.len > 0 && str_to_int64(s, ret);
}

static bool take_fixed(struct parse *p, size_t width, int64_t *ret)
{
    struct str part = str_slice(p->value, 0, width);

    if (p->value.len < width || !to_number(part, ret))
        return false;
    p->value = str_skip(p->value, width);
    return true;
}

/* One or two digits; two when fixed. */
static bool take_two(struct parse *p, bool fixed, int64_t *ret)
{
    if (!is_digit_at(p->value, 0))
        return false;
    if (!is_digit_at(p->value, 1)) {
        if (fixed)
            return false;
        *ret = p->value.ptr[0] - '0';
        p->value = str_skip(p->value, 1);
        return true;
    }
    return take_fixed(p, 2, ret);
}

static bool take_three(struct parse *p, bool fixed, int64_t *ret)
{
    size_t n = 0;

    while (n < 3 && is_digit_at(p->value, n))
        n++;
    return n > 0 && (!fixed || n == 3) && take_fixed(p, n, ret);
}

static bool take_name(struct parse *p, const char *(*name_of)(int64_t), bool is_short,
                      int64_t first, int64_t *ret)
{
    for (int64_t i = first; name_of(i); i++) {
        struct str name = str_slice(str_from_cstr(name_of(i)), 0, is_short ? 3 : SIZE_MAX);

        if (p->value.len >= name.len && str_eq_nocase(str_slice(p->value, 0, name.len), name)) {
            p->value = str_skip(p->value, name.len);
            *ret = i;
            return true;
        }
    }
    return false;
}

static bool take_nanoseconds(struct parse *p, size_t count)
{
    size_t digits = count > 10 ? 10 : count;
    int64_t ns = 0;

    if (p->value.len < count || (p->value.ptr[0] != '.' && p->value.ptr[0] != ','))
        return false;
    for (size_t i = 1; i < digits; i++) {
        if (!is_digit_at(p->value, i))
            return false;
        ns = ns * 10 + (p->value.ptr[i] - '0');
    }
    for (size_t i = digits; i < 10; i++)
        ns *= 10;
    p->nanoseconds = ns;
    p->value = str_skip(p->value, count);
    return true;
}

static size_t fraction_length(struct str s)
{
    size_t n = 1;

    while (is_digit_at(s, n))
        n++;
    return n;
}

static bool take_second(struct parse *p, const struct layout_chunk *c)
{
    enum layout_part next;

    if (!take_two(p, c->part == PART_ZERO_SECOND, &p->second))
        return false;
    if (p->second >= 60) {
        p->out_of_range = "second";
        return true;
    }
    if (p->value.len < 2 || (p->value.ptr[0] != '.' && p->value.ptr[0] != ',') ||
        !is_digit_at(p->value, 1))
        return true;
    next = layout_next(c->suffix).part;
    return next == PART_FRACTION_0 || next == PART_FRACTION_9 ||
           take_nanoseconds(p, fraction_length(p->value));
}

static bool take_half(struct parse *p, bool lower)
{
    struct str half = str_slice(p->value, 0, 2);

    p->is_pm = str_eq(half, lower ? STR("pm") : STR("PM"));
    p->is_am = str_eq(half, lower ? STR("am") : STR("AM"));
    p->value = str_skip(p->value, 2);
    return p->is_pm || p->is_am;
}

static bool two_digits(struct str s, size_t at, int32_t *ret)
{
    if (!is_digit_at(s, at) || !is_digit_at(s, at + 1))
        return false;
    *ret = (s.ptr[at] - '0') * 10 + (s.ptr[at + 1] - '0');
    return true;
}

static bool take_offset(struct parse *p, const struct layout_chunk *c)
{
    size_t colon = c->has_colon ? 1 : 0, minute_at = 3 + colon, second_at = minute_at + 2 + colon;
    size_t len = c->has_seconds ? second_at + 2 : c->has_minutes ? minute_at + 2 : 3;
    int32_t hours = 0, minutes = 0, seconds = 0;
    struct str s = p->value;

    if (c->has_z && s.len > 0 && s.ptr[0] == 'Z') {
        p->is_utc = true;
        p->value = str_skip(s, 1);
        return true;
    }
    if (s.len < len || (colon && s.ptr[3] != ':') || (colon && c->has_seconds && s.ptr[6] != ':') ||
        !two_digits(s, 1, &hours) || (c->has_minutes && !two_digits(s, minute_at, &minutes)) ||
        (c->has_seconds && !two_digits(s, second_at, &seconds)))
        return false;
    p->out_of_range = hours > 24     ? "time zone offset hour"
                      : minutes > 60 ? "time zone offset minute"
                      : seconds > 60 ? "time zone offset second"
                                     : NULL;
    p->has_offset = true;
    p->offset = (hours * 60 + minutes) * 60 + seconds;
    if (s.ptr[0] == '-')
        p->offset = -p->offset;
    p->value = str_skip(s, len);
    return s.ptr[0] == '+' || s.ptr[0] == '-';
}

static size_t signed_offset_length(struct str s)
{
    size_t n = 1;
    int64_t hours;

    if (s.len == 0 || (s.ptr[0] != '-' && s.ptr[0] != '+'))
        return 0;
    while (is_digit_at(s, n))
        n++;
    return n > 1 && n < 12 && to_number(str_slice(s, 1, n), &hours) && hours <= 23 ? n : 0;
}

static size_t zone_name_length(struct str s)
{
    size_t upper = 0;

    if (s.len < 3)
        return 0;
    if (str_has_prefix(s, STR("ChST")) || str_has_prefix(s, STR("MeST")))
        return 4;
    if (str_has_prefix(s, STR("GMT")))
        return 3 + signed_offset_length(str_skip(s, 3));
    if (s.ptr[0] == '+' || s.ptr[0] == '-')
        return signed_offset_length(s);
    while (upper < 6 && upper < s.len && s.ptr[upper] >= 'A' && s.ptr[upper] <= 'Z')
        upper++;
    if (upper == 5)
        return s.ptr[4] == 'T' ? 5 : 0;
    if (upper == 4)
        return s.ptr[3] == 'T' || str_has_prefix(s, STR("WITA")) ? 4 : 0;
    return upper == 3 ? 3 : 0;
}

static bool take_zone_name(struct parse *p)
{
    size_t len;

    if (str_has_prefix(p->value, STR("UTC"))) {
        p->is_utc = true;
        p->value = str_skip(p->value, 3);
        return true;
    }
    len = zone_name_length(p->value);
    p->zone = str_slice(p->value, 0, len);
    p->value = str_skip(p->value, len);
    return len > 0;
}

static bool take_year(struct parse *p, bool is_long)
{
    if (is_long)
        return is_digit_at(p->value, 0) && take_fixed(p, 4, &p->year);
    if (!take_fixed(p, 2, &p->year))
        return false;
    p->year += p->year >= 69 ? 1900 : 2000;
    return true;
}

static bool take_date_part(struct parse *p, enum layout_part part)
{
    int64_t ignored;

    switch ((int)part) {
    case PART_LONG_YEAR:
    case PART_YEAR:
        return take_year(p, part == PART_LONG_YEAR);
    case PART_LONG_MONTH:
    case PART_MONTH:
        return take_name(p, time_month_name, part == PART_MONTH, 1, &p->month);
    case PART_LONG_WEEKDAY:
    case PART_WEEKDAY:
        return take_name(p, time_weekday_name, part == PART_WEEKDAY, 0, &ignored);
    case PART_NUM_MONTH:
    case PART_ZERO_MONTH:
        if (!take_two(p, part == PART_ZERO_MONTH, &p->month))
            return false;
        if (p->month <= 0 || p->month > 12)
            p->out_of_range = "month";
        return true;
    case PART_UNDER_DAY:
    case PART_DAY:
    case PART_ZERO_DAY:
        if (part == PART_UNDER_DAY && p->value.len > 0 && p->value.ptr[0] == ' ')
            p->value = str_skip(p->value, 1);
        return take_two(p, part == PART_ZERO_DAY, &p->day);
    default: /* days of the year */
        for (int i = 0; i < 2 && part == PART_UNDER_YEARDAY; i++)
            if (p->value.len > 0 && p->value.ptr[0] == ' ')
                p->value = str_skip(p->value, 1);
        return take_three(p, part == PART_ZERO_YEARDAY, &p->yearday);
    }
}

static bool take_clock_part(struct parse *p, const struct layout_chunk *c)
{
    enum layout_part part = c->part;

    switch ((int)part) {
    case PART_HOUR:
    case PART_HOUR12:
    case PART_ZERO_HOUR12:
        if (!take_two(p, part == PART_ZERO_HOUR12, &p->hour))
            return false;
        if (p->hour > (part == PART_HOUR ? 23 : 12))
            p->out_of_range = "hour";
        return true;
    case PART_MINUTE:
    case PART_ZERO_MINUTE:
        if (!take_two(p, part == PART_ZERO_MINUTE, &p->minute))
            return false;
        if (p->minute >= 60)
            p->out_of_range = "minute";
        return true;
    case PART_SECOND:
    case PART_ZERO_SECOND:
        return take_second(p, c);
    default:
        return take_half(p, part == PART_PM_LOWER);
    }
}

static bool take_part(struct parse *p, const struct layout_chunk *c)
{
    if (c->part == PART_OFFSET)
        return take_offset(p, c);
    if (c->part == PART_ZONE_NAME)
        return take_zone_name(p);
    if (c->part == PART_FRACTION_0)
        return take_nanoseconds(p, (size_t)c->digits + 1);
    if (c->part == PART_FRACTION_9)
        return p->value.len < 2 || (p->value.ptr[0] != '.' && p->value.ptr[0] != ',') ||
               !is_digit_at(p->value, 1) || take_nanoseconds(p, fraction_length(p->value));
    if ((c->part >= PART_HOUR && c->part <= PART_ZERO_SECOND) || c->part == PART_PM ||
        c->part == PART_PM_LOWER)
        return take_clock_part(p, c);
    return take_date_part(p, c->part);
}

struct str time_quote(struct arena *a, struct str s)
{
    struct buf out;

    buf_init(&out, a, 0);
    buf_put_byte(&out, '"');
    for (size_t i = 0; i < s.len; i++) {
        uint8_t c = (uint8_t)s.ptr[i];

        if (c >= 0x80 || c < ' ')
            buf_printf(&out, "\\x%02x", c);
        else if (c == '"' || c == '\\')
            buf_printf(&out, "\\%c", c);
        else
            buf_put_byte(&out, (char)c);
    }
    buf_put_byte(&out, '"');
    return buf_str(&out);
}

struct parse_text {
    struct str layout, value;
};

static struct err *bad(struct arena *a, const struct parse_text *whole, struct str part,
                       struct str rest, const char *message)
{
    if (message)
        return err_new(a, ERR_INVALID, "parsing time %.*s%s", STR_ARG(time_quote(a, whole->value)),
                       message);
    return err_new(a, ERR_INVALID, "parsing time %.*s as %.*s: cannot parse %.*s as %.*s",
                   STR_ARG(time_quote(a, whole->value)), STR_ARG(time_quote(a, whole->layout)),
                   STR_ARG(time_quote(a, rest)), STR_ARG(time_quote(a, part)));
}

/* Literal text of the layout: spaces match any number of spaces. */
static bool skip_prefix(struct str *value, struct str prefix)
{
    while (prefix.len > 0) {
        if (prefix.ptr[0] == ' ') {
            if (value->len > 0 && value->ptr[0] != ' ')
                return false;
            while (prefix.len > 0 && prefix.ptr[0] == ' ')
                prefix = str_skip(prefix, 1);
            while (value->len > 0 && value->ptr[0] == ' ')
                *value = str_skip(*value, 1);
            continue;
        }
        if (value->len == 0 || value->ptr[0] != prefix.ptr[0])
            return false;
        prefix = str_skip(prefix, 1);
        *value = str_skip(*value, 1);
    }
    return true;
}

static struct err *take_all(struct arena *a, const struct parse_text *whole, struct parse *p)
{
    struct str layout = whole->layout;

    for (;;) {
        struct layout_chunk c = layout_next(layout);
        struct str held;

        if (!skip_prefix(&p->value, c.prefix))
            return bad(a, whole, c.prefix, p->value, NULL);
        if (c.part == PART_NONE)
            break;
        held = p->value;
        p->out_of_range = NULL;
        if (!take_part(p, &c) && !p->out_of_range)
            return bad(a, whole, c.text, held, NULL);
        if (p->out_of_range)
            return bad(a, whole, c.text, held,
                       str_cstr(a, str_printf(a, ": %s out of range", p->out_of_range)));
        layout = c.suffix;
    }
    if (p->value.len > 0)
        return bad(
            a, whole, STR(""), STR(""),
            str_cstr(a, str_printf(a, ": extra text: %.*s", STR_ARG(time_quote(a, p->value)))));
    return NULL;
}

/* Month and day from the day of the year, or their defaults. NULL, or what is wrong. */
static const char *settle_date(struct parse *p)
{
    int64_t first = time_days(p->year, 1, 1), length = time_days(p->year + 1, 1, 1) - first;

    if (p->yearday >= 0) {
        struct go_time day = time_unix((first + p->yearday - 1) * 86400, 0);
        struct go_date d = time_date(&day);

        if (p->yearday < 1 || p->yearday > length)
            return ": day-of-year out of range";
        if (p->month >= 0 && p->month != d.month)
            return ": day-of-year does not match month";
        if (p->day >= 0 && p->day != d.day)
            return ": day-of-year does not match day";
        p->month = d.month;
        p->day = d.day;
    }
    p->month = p->month < 0 ? 1 : p->month;
    p->day = p->day < 0 ? 1 : p->day;
    if (p->day < 1 ||
        p->day > time_days(p->year, p->month + 1, 1) - time_days(p->year, p->month, 1))
        return ": day out of range";
    return NULL;
}

struct err *time_parse(struct arena *a, struct str layout, struct str text, struct go_time *ret)
{
    struct parse_text whole = { layout, text };
    struct parse p = { .value = text, .month = -1, .day = -1, .yearday = -1 };
    const char *wrong;
    struct err *e;

    *ret = time_zero();
    if (TRY(&e, take_all(a, &whole, &p)))
        return e;
    if (p.is_pm && p.hour < 12)
        p.hour += 12;
    else if (p.is_am && p.hour == 12)
        p.hour = 0;
    wrong = settle_date(&p);
    if (wrong)
        return bad(a, &whole, STR(""), STR(""), wrong);
    *ret = time_unix(time_days(p.year, p.month, p.day) * 86400 + p.hour * 3600 + p.minute * 60 +
                         p.second,
                     p.nanoseconds);
    ret->is_utc = p.is_utc;
    if (p.is_utc)
        return NULL;
    if (p.has_offset) {
        ret->seconds -= p.offset;
        if (p.offset != 0 || (p.zone.len > 0 && !str_is(p.zone, "UTC"))) {
            ret->offset = p.offset;
            ret->name = p.zone;
        }
    } else if (p.zone.len > 0) {
        int64_t hours = 0;

        ret->name = p.zone;
        if (p.zone.len > 3 && str_has_prefix(p.zone, STR("GMT")) &&
            str_to_int64(str_skip(p.zone, 3), &hours))
            ret->offset = (int32_t)hours * 3600;
        ret->seconds += 0;
    }
    return NULL;
}
