/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"

#include "base/buf.h"

int64_t mono_diff_ns(struct mono_time later, struct mono_time earlier)
{
    int64_t diff;

    if (__builtin_sub_overflow(later.ns, earlier.ns, &diff))
        return later.ns > earlier.ns ? INT64_MAX : INT64_MIN;
    return diff;
}

struct mono_time mono_add_ns(struct mono_time t, int64_t ns)
{
    int64_t sum;

    if (__builtin_add_overflow(t.ns, ns, &sum))
        sum = ns > 0 ? INT64_MAX : INT64_MIN;
    return (struct mono_time){ sum };
}

static int64_t floor_div(int64_t n, int64_t by)
{
    return n / by - (n % by < 0);
}

/* Days since 1970-01-01 of a civil date, and back; the era arithmetic is Howard Hinnant's. */
static int64_t days_from_civil(int64_t year, int month, int day)
{
    int64_t era, day_of_era, day_of_year, year_of_era;

    year -= month <= 2;
    era = floor_div(year, 400);
    year_of_era = year - era * 400;
    day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

struct civil_time civil_from_wall(struct wall_time t)
{
    struct civil_time c = { 0 };
    int64_t seconds = floor_div(t.ns, NS_PER_S);
    int64_t days = floor_div(seconds, 86400);
    int64_t second_of_day = seconds - days * 86400;
    int64_t z = days + 719468;
    int64_t era = floor_div(z, 146097);
    int64_t doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;

    c.nanosecond = (int)(t.ns - seconds * NS_PER_S);
    c.hour = (int)(second_of_day / 3600);
    c.minute = (int)(second_of_day / 60 % 60);
    c.second = (int)(second_of_day % 60);
    c.day = (int)(doy - (153 * mp + 2) / 5 + 1);
    c.month = (int)(mp < 10 ? mp + 3 : mp - 9);
    c.year = yoe + era * 400 + (c.month <= 2);
    c.weekday = (int)(((days + 4) % 7 + 7) % 7);
    c.yearday = (int)(days - days_from_civil(c.year, 1, 1) + 1);
    return c;
}

struct wall_time wall_from_civil(const struct civil_time *c)
{
    int64_t days = days_from_civil(c->year, c->month, c->day);
    int64_t seconds = days * 86400 + c->hour * 3600 + c->minute * 60 + c->second, ns;

    if (__builtin_mul_overflow(seconds, NS_PER_S, &ns) ||
        __builtin_add_overflow(ns, c->nanosecond, &ns))
        ns = seconds > 0 ? INT64_MAX : INT64_MIN;
    return (struct wall_time){ ns };
}

struct str wall_time_format(struct arena *a, struct wall_time t)
{
    struct civil_time c = civil_from_wall(t);

    return str_printf(a, "%04lld-%02d-%02dT%02d:%02d:%02dZ", (long long)c.year, c.month, c.day,
                      c.hour, c.minute, c.second);
}

struct str wall_time_format_micro(struct arena *a, struct wall_time t)
{
    struct civil_time c = civil_from_wall(t);

    return str_printf(a, "%04lld-%02d-%02dT%02d:%02d:%02d.%06dZ", (long long)c.year, c.month, c.day,
                      c.hour, c.minute, c.second, c.nanosecond / 1000);
}

/* `digits` digits at the front of *s. */
static bool take_number(struct str *s, size_t digits, int *ret)
{
    int n = 0;

    if (s->len < digits)
        return false;
    for (size_t i = 0; i < digits; i++) {
        if (s->ptr[i] < '0' || s->ptr[i] > '9')
            return false;
        n = n * 10 + (s->ptr[i] - '0');
    }
    *s = str_skip(*s, digits);
    *ret = n;
    return true;
}

static bool take_byte(struct str *s, const char *any_of)
{
    if (s->len == 0 || !strchr(any_of, s->ptr[0]) || s->ptr[0] == '\0')
        return false;
    *s = str_skip(*s, 1);
    return true;
}

static bool take_fraction(struct str *s, int *ret_ns)
{
    int ns = 0, digits = 0;

    for (; s->len > 0 && s->ptr[0] >= '0' && s->ptr[0] <= '9'; *s = str_skip(*s, 1), digits++)
        if (digits < 9)
            ns = ns * 10 + (s->ptr[0] - '0');
    for (int i = digits; i < 9; i++)
        ns *= 10;
    *ret_ns = ns;
    return digits > 0;
}

static int days_in_month(int64_t year, int month)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return days[month - 1] + (month == 2 && leap);
}

/* "Z" or "+hh:mm", as seconds east of Greenwich. */
static bool take_offset(struct str *s, int *ret_s)
{
    int sign = s->len > 0 && s->ptr[0] == '-' ? -1 : 1;
    int hours, minutes;

    *ret_s = 0;
    if (take_byte(s, "Zz"))
        return true;
    if (!take_byte(s, "+-") || !take_number(s, 2, &hours) || !take_byte(s, ":") ||
        !take_number(s, 2, &minutes))
        return false;
    *ret_s = sign * (hours * 3600 + minutes * 60);
    return hours < 24 && minutes < 60;
}

bool wall_time_parse(struct str s, struct wall_time *ret)
{
    struct civil_time c = { 0 };
    int year, offset_s;

    if (!take_number(&s, 4, &year) || !take_byte(&s, "-") || !take_number(&s, 2, &c.month) ||
        !take_byte(&s, "-") || !take_number(&s, 2, &c.day) || !take_byte(&s, "Tt") ||
        !take_number(&s, 2, &c.hour) || !take_byte(&s, ":") || !take_number(&s, 2, &c.minute) ||
        !take_byte(&s, ":") || !take_number(&s, 2, &c.second))
        return false;
    if (take_byte(&s, ".") && !take_fraction(&s, &c.nanosecond))
        return false;
    if (!take_offset(&s, &offset_s) || s.len > 0)
        return false;
    c.year = year;
    if (c.month < 1 || c.month > 12 || c.day < 1 || c.day > days_in_month(c.year, c.month) ||
        c.hour > 23 || c.minute > 59 || c.second > 59)
        return false;
    *ret = wall_from_civil(&c);
    if (__builtin_sub_overflow(ret->ns, offset_s * NS_PER_S, &ret->ns))
        ret->ns = offset_s > 0 ? INT64_MIN : INT64_MAX;
    return true;
}

/* Unit at the front of *s in ns, 0 when there is none; longest match first. */
static int64_t take_unit(struct str *s)
{
    static const struct {
        struct str name;
        int64_t ns;
    } units[] = {
        { STR_INIT("ns"), 1 },
        { STR_INIT("us"), 1000 },
        { STR_INIT("\xc2\xb5s"), 1000 },
        { STR_INIT("\xce\xbcs"), 1000 },
        { STR_INIT("ms"), NS_PER_MS },
        { STR_INIT("s"), NS_PER_S },
        { STR_INIT("m"), 60 * NS_PER_S },
        { STR_INIT("h"), 3600 * NS_PER_S },
    };

    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (str_has_prefix(*s, units[i].name)) {
            *s = str_skip(*s, units[i].name.len);
            return units[i].ns;
        }
    return 0;
}

/* One "1.5h" at the front of *s, added to *sum. */
static bool take_duration_part(struct str *s, int64_t *sum)
{
    int64_t whole = 0, unit;
    double fraction = 0, scale = 1;
    size_t digits = 0;

    for (; s->len > 0 && s->ptr[0] >= '0' && s->ptr[0] <= '9'; *s = str_skip(*s, 1), digits++)
        if (__builtin_mul_overflow(whole, 10, &whole) ||
            __builtin_add_overflow(whole, s->ptr[0] - '0', &whole))
            return false;
    if (take_byte(s, "."))
        for (; s->len > 0 && s->ptr[0] >= '0' && s->ptr[0] <= '9'; *s = str_skip(*s, 1), digits++) {
            scale /= 10;
            fraction += (s->ptr[0] - '0') * scale;
        }
    unit = take_unit(s);
    if (digits == 0 || unit == 0 || __builtin_mul_overflow(whole, unit, &whole) ||
        __builtin_add_overflow(*sum, whole, sum))
        return false;
    return !__builtin_add_overflow(*sum, (int64_t)(fraction * (double)unit + 0.5), sum);
}

bool duration_parse(struct str s, int64_t *ret_ns)
{
    bool negative = s.len > 0 && s.ptr[0] == '-';
    int64_t sum = 0;

    (void)take_byte(&s, "+-");
    if (str_is(s, "0")) {
        *ret_ns = 0;
        return true;
    }
    if (s.len == 0)
        return false;
    while (s.len > 0)
        if (!take_duration_part(&s, &sum))
            return false;
    *ret_ns = negative ? -sum : sum;
    return true;
}

/* n / per with the fraction's trailing zeros dropped. */
static void put_decimal(struct buf *out, uint64_t n, uint64_t per, const char *unit)
{
    uint64_t rest = n % per;

    buf_printf(out, "%llu", (unsigned long long)(n / per));
    if (rest > 0) {
        buf_put_byte(out, '.');
        for (per /= 10; rest > 0; per /= 10) {
            buf_put_byte(out, (char)('0' + rest / per));
            rest %= per;
        }
    }
    buf_put(out, str_from_cstr(unit));
}

struct str duration_format(struct arena *a, int64_t ns)
{
    uint64_t n = ns < 0 ? 0 - (uint64_t)ns : (uint64_t)ns;
    uint64_t minutes = n / (60 * (uint64_t)NS_PER_S);
    struct buf out;

    if (n == 0)
        return STR("0s");
    buf_init(&out, a, 0);
    if (ns < 0)
        buf_put_byte(&out, '-');
    if (n < 1000)
        put_decimal(&out, n, 1, "ns");
    else if (n < (uint64_t)NS_PER_MS)
        put_decimal(&out, n, 1000, "\xc2\xb5s");
    else if (n < (uint64_t)NS_PER_S)
        put_decimal(&out, n, (uint64_t)NS_PER_MS, "ms");
    else {
        if (minutes >= 60)
            buf_printf(&out, "%lluh", (unsigned long long)(minutes / 60));
        if (minutes > 0)
            buf_printf(&out, "%llum", (unsigned long long)(minutes % 60));
        put_decimal(&out, n % (60 * (uint64_t)NS_PER_S), (uint64_t)NS_PER_S, "s");
    }
    return buf_str(&out);
}
