/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kustomize/timestamp.h"

struct scan {
    struct str text;
    size_t at;
};

/* Between `min` and `max` digits; false when they are fewer. */
static bool digits(struct scan *s, size_t min, size_t max, unsigned *ret)
{
    size_t from = s->at;
    unsigned n = 0;
    for (; s->at < s->text.len && s->at - from < max; s->at++) {
        char c = s->text.ptr[s->at];
        if (c < '0' || c > '9')
            break;
        n = n * 10 + (unsigned)(c - '0');
    }
    *ret = n;
    return s->at - from >= min;
}

static bool one(struct scan *s, char c)
{
    if (s->at >= s->text.len || s->text.ptr[s->at] != c)
        return false;
    s->at++;
    return true;
}

static bool is_day(unsigned year, unsigned month, unsigned day)
{
    static const unsigned days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    if (month < 1 || month > 12 || day < 1)
        return false;
    return day <= days[month - 1] + (leap && month == 2);
}

/* ".250" of ".25000", nothing of ".000"; nine digits count. */
static struct str fraction(struct scan *s)
{
    size_t from = s->at;
    if (!one(s, '.') && !one(s, ','))
        return STR("");
    while (s->at < s->text.len && s->text.ptr[s->at] >= '0' && s->text.ptr[s->at] <= '9')
        s->at++;
    struct str all = str_slice(s->text, from + 1, s->at);
    if (all.len == 0)
        s->at = from; /* a bare point, which nobody takes */
    all = str_slice(all, 0, all.len < 9 ? all.len : 9);
    while (all.len > 0 && all.ptr[all.len - 1] == '0')
        all.len--;
    return all;
}

/* "Z" or "+02:00"; an offset of nothing is "Z". */
static bool zone(struct scan *s, struct str *ret)
{
    size_t from = s->at;
    unsigned hours, minutes;
    *ret = STR("Z");
    if (one(s, 'Z'))
        return true;
    if (!one(s, '+') && !one(s, '-'))
        return false;
    if (!digits(s, 2, 2, &hours) || !one(s, ':') || !digits(s, 2, 2, &minutes) || hours > 24 ||
        minutes > 60)
        return false;
    if (hours + minutes > 0)
        *ret = str_slice(s->text, from, s->at);
    return true;
}

struct str kust_timestamp(struct arena *a, struct str text)
{
    struct scan s = { text, 0 };
    unsigned year, month, day, hour = 0, minute = 0, second = 0;
    struct str part = STR(""), offset = STR("Z");
    if (text.len < 8 || text.ptr[4] != '-' || !digits(&s, 4, 4, &year) || !one(&s, '-') ||
        !digits(&s, 1, 2, &month) || !one(&s, '-') || !digits(&s, 1, 2, &day) ||
        !is_day(year, month, day))
        return text;
    if (s.at < text.len) {
        bool spaced = one(&s, ' ');
        if (!spaced && !one(&s, 'T') && !one(&s, 't'))
            return text;
        if (!digits(&s, 1, 2, &hour) || !one(&s, ':') || !digits(&s, 1, 2, &minute) ||
            !one(&s, ':') || !digits(&s, 1, 2, &second) || hour > 23 || minute > 59 || second > 59)
            return text;
        part = fraction(&s);
        if ((!spaced && !zone(&s, &offset)) || s.at < text.len)
            return text;
    }
    return str_printf(a, "%04u-%02u-%02uT%02u:%02u:%02u%s%.*s%.*s", year, month, day, hour, minute,
                      second, part.len > 0 ? "." : "", STR_ARG(part), STR_ARG(offset));
}
