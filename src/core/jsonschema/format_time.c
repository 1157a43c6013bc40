/* SPDX-License-Identifier: Apache-2.0 */
/* Formats of dates, times and spans: RFC 3339, appendix A for spans. */
#include "core/jsonschema/format.h"

int format_number_at(struct str s, size_t at, size_t width)
{
    int n = 0;
    if (at + width > s.len)
        return -1;
    for (size_t i = at; i < at + width; i++) {
        if (s.ptr[i] < '0' || s.ptr[i] > '9')
            return -1;
        n = n * 10 + (s.ptr[i] - '0');
    }
    return n;
}

bool format_is_date(struct str s)
{
    static const int days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    int year = format_number_at(s, 0, 4), month = format_number_at(s, 5, 2),
        day = format_number_at(s, 8, 2);
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    if (s.len != 10 || s.ptr[4] != '-' || s.ptr[7] != '-' || year < 0 || month < 1 || month > 12)
        return false;
    return day >= 1 && day <= (month == 2 && !leap ? 28 : days[month - 1]);
}

/* Minutes east of UTC; false: no offset. */
static bool read_offset(struct str zone, int *ret)
{
    int hours = format_number_at(zone, 1, 2), minutes = format_number_at(zone, 4, 2);
    *ret = 0;
    if (zone.len == 1)
        return (zone.ptr[0] | 0x20) == 'z';
    if (zone.len != 6 || (zone.ptr[0] != '+' && zone.ptr[0] != '-') || zone.ptr[3] != ':' ||
        hours < 0 || hours > 23 || minutes < 0 || minutes > 59)
        return false;
    *ret = (zone.ptr[0] == '+' ? 1 : -1) * (hours * 60 + minutes);
    return true;
}

bool format_is_time(struct str s)
{
    int hour = format_number_at(s, 0, 2), minute = format_number_at(s, 3, 2),
        second = format_number_at(s, 6, 2), offset;
    size_t at = 8;
    if (s.len < 9 || s.ptr[2] != ':' || s.ptr[5] != ':' || hour < 0 || hour > 23 || minute < 0 ||
        minute > 59 || second < 0 || second > 60)
        return false;
    if (s.ptr[at] == '.') {
        for (at++; at < s.len && s.ptr[at] >= '0' && s.ptr[at] <= '9';)
            at++;
        if (at == 9)
            return false;
    }
    if (!read_offset(str_skip(s, at), &offset))
        return false;
    int utc = (hour * 60 + minute - offset + 2 * 24 * 60) % (24 * 60);
    return second < 60 || utc == 23 * 60 + 59;
}

bool format_is_date_time(struct str s)
{
    return s.len >= 20 && (s.ptr[10] | 0x20) == 't' && format_is_date(str_slice(s, 0, 10)) &&
           format_is_time(str_skip(s, 11));
}

/* Numbers with units in their order: "1Y2D". */
static bool are_elements(struct str s, const char *units)
{
    while (s.len > 0) {
        size_t digits = 0;
        while (digits < s.len && s.ptr[digits] >= '0' && s.ptr[digits] <= '9')
            digits++;
        if (digits == 0 || digits == s.len || s.ptr[digits] == '\0')
            return false;
        units = strchr(units, s.ptr[digits]);
        if (!units)
            return false;
        units++;
        s = str_skip(s, digits + 1);
    }
    return true;
}

bool format_is_duration(struct str s)
{
    struct str date;
    if (!str_has_prefix(s, STR("P")) || s.len == 1)
        return false;
    s = str_skip(s, 1);
    if (str_has_suffix(s, STR("W"))) {
        for (size_t i = 0; i + 1 < s.len; i++)
            if (s.ptr[i] < '0' || s.ptr[i] > '9')
                return false;
        return s.len > 1;
    }
    bool has_time = str_find_byte(s, 'T', 0) != SIZE_MAX;
    (void)str_cut(&s, 'T', &date);
    return are_elements(date, "YMD") && (!has_time || (s.len > 0 && are_elements(s, "HMS")));
}

bool format_is_period(struct str s)
{
    size_t slash = str_find_byte(s, '/', 0);
    if (slash == SIZE_MAX)
        return false;
    struct str start = str_slice(s, 0, slash), end = str_skip(s, slash + 1);
    if (str_has_prefix(start, STR("P")))
        return format_is_duration(start) && format_is_date_time(end);
    return format_is_date_time(start) &&
           (str_has_prefix(end, STR("P")) ? format_is_duration(end) : format_is_date_time(end));
}
