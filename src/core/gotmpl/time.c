/* SPDX-License-Identifier: Apache-2.0 */
/* Calendar and arithmetic; layouts are time_layout.c's and time_parse.c's. */
#include "core/gotmpl/time.h"

#include "core/gotmpl/format.h"
#include "core/gotmpl/quote.h"
#include "core/host.h"

enum { SECONDS_A_DAY = 86400 };

static const char *const months[] = { "January",   "February", "March",    "April",
                                      "May",       "June",     "July",     "August",
                                      "September", "October",  "November", "December" };
static const char *const weekdays[] = { "Sunday",   "Monday", "Tuesday", "Wednesday",
                                        "Thursday", "Friday", "Saturday" };

const char *time_month_name(int64_t month)
{
    return month >= 1 && month <= 12 ? months[month - 1] : NULL;
}

const char *time_weekday_name(int64_t day)
{
    return day >= 0 && day <= 6 ? weekdays[day] : NULL;
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

int64_t time_days(int64_t year, int64_t month, int64_t day)
{
    int64_t era, of_era, of_year;

    year += floor_div(month - 1, 12);
    month = month - 1 - floor_div(month - 1, 12) * 12 + 1;
    year -= month <= 2;
    era = floor_div(year, 400);
    of_era = year - era * 400;
    of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

struct go_date time_date(const struct go_time *t)
{
    int64_t local = t->seconds + t->offset;
    int64_t days = floor_div(local, SECONDS_A_DAY), rest = local - days * SECONDS_A_DAY;
    int64_t z = days + 719468, era = floor_div(z, 146097), of_era = z - era * 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t part = (5 * of_year + 2) / 153;
    struct go_date d = { 0 };

    d.day = (int)(of_year - (153 * part + 2) / 5 + 1);
    d.month = (int)(part < 10 ? part + 3 : part - 9);
    d.year = year + era * 400 + (d.month <= 2);
    d.hour = (int)(rest / 3600);
    d.minute = (int)(rest / 60 % 60);
    d.second = (int)(rest % 60);
    d.weekday = (int)(((days + 4) % 7 + 7) % 7);
    d.yearday = (int)(days - time_days(d.year, 1, 1)) + 1;
    return d;
}

struct go_time time_unix(int64_t seconds, int64_t nanoseconds)
{
    int64_t carry = floor_div(nanoseconds, NS_PER_S);

    return (struct go_time){ .seconds = seconds + carry,
                             .nanoseconds = (int32_t)(nanoseconds - carry * NS_PER_S),
                             .name = STR("UTC") };
}

struct go_time time_now(const struct host *host)
{
    return time_unix(0, host && host->now ? host->now(host->self).ns : 0);
}

struct go_time time_zero(void)
{
    struct go_time t = time_unix(time_days(1, 1, 1) * SECONDS_A_DAY, 0);

    t.is_utc = true;
    return t;
}

struct go_time time_add(const struct go_time *t, int64_t ns)
{
    struct go_time sum = *t;
    int64_t whole = floor_div(ns, NS_PER_S), rest = ns - whole * NS_PER_S + t->nanoseconds;

    sum.seconds += whole + rest / NS_PER_S;
    sum.nanoseconds = (int32_t)(rest % NS_PER_S);
    return sum;
}

int time_compare(const struct go_time *a, const struct go_time *b)
{
    if (a->seconds != b->seconds)
        return a->seconds < b->seconds ? -1 : 1;
    return (a->nanoseconds > b->nanoseconds) - (a->nanoseconds < b->nanoseconds);
}

int64_t time_sub(const struct go_time *later, const struct go_time *earlier)
{
    int64_t seconds, ns;

    if (__builtin_sub_overflow(later->seconds, earlier->seconds, &seconds) ||
        __builtin_mul_overflow(seconds, NS_PER_S, &ns) ||
        __builtin_add_overflow(ns, (int64_t)later->nanoseconds - earlier->nanoseconds, &ns))
        return time_compare(later, earlier) < 0 ? INT64_MIN : INT64_MAX;
    return ns;
}

int64_t time_round(int64_t d, int64_t m)
{
    int64_t rest, up;

    if (m <= 0)
        return d;
    rest = d % m;
    if (d < 0) {
        rest = -rest;
        if (rest < m - rest)
            return d + rest;
        return __builtin_sub_overflow(d, m - rest, &up) ? INT64_MIN : up;
    }
    if (rest < m - rest)
        return d - rest;
    return __builtin_add_overflow(d, m - rest, &up) ? INT64_MAX : up;
}

struct err *time_parse_duration(struct arena *a, struct str text, int64_t *ret_ns)
{
    struct str s = text, quoted = time_quote(a, text);
    bool number = false;

    if (duration_parse(text, ret_ns))
        return NULL;
    if (s.len > 0 && (s.ptr[0] == '-' || s.ptr[0] == '+'))
        s = str_skip(s, 1);
    while (s.len > 0) {
        size_t digits = 0, unit = 0, points = 0;
        static const char *const units[] = { "ns", "us", "µs", "μs", "ms", "s", "m", "h" };
        bool known = false;

        while (digits < s.len &&
               ((s.ptr[digits] >= '0' && s.ptr[digits] <= '9') || s.ptr[digits] == '.'))
            digits++;
        for (size_t i = 0; i < digits; i++)
            points += s.ptr[i] == '.';
        if (points > 1) /* a second point begins what is no unit */
            digits = str_find_byte(s, '.', str_find_byte(s, '.', 0) + 1);
        number = digits > 0 && !(digits == 1 && s.ptr[0] == '.');
        if (!number)
            break;
        s = str_skip(s, digits);
        while (unit < s.len && s.ptr[unit] != '.' && (s.ptr[unit] < '0' || s.ptr[unit] > '9'))
            unit++;
        if (unit == 0)
            return err_new(a, ERR_INVALID, "time: missing unit in duration %.*s", STR_ARG(quoted));
        for (size_t i = 0; i < sizeof units / sizeof *units; i++)
            known = known || str_eq(str_slice(s, 0, unit), str_from_cstr(units[i]));
        if (!known)
            return err_new(a, ERR_INVALID, "time: unknown unit %.*s in duration %.*s",
                           STR_ARG(time_quote(a, str_slice(s, 0, unit))), STR_ARG(quoted));
        s = str_skip(s, unit);
    }
    return err_new(a, ERR_INVALID, "time: invalid duration %.*s", STR_ARG(quoted));
}

struct str format_time(struct arena *a, const struct go_time *t)
{
    struct buf out;

    buf_init(&out, a, 0);
    time_put(&out, t, STR("2006-01-02 15:04:05.999999999 -0700 MST"));
    return buf_str(&out);
}

struct str format_go_name(const struct go_value *v)
{
    const char *name = v->type == GO_MONTH ? time_month_name(v->integer)
                                           : time_weekday_name(v->integer);

    return name ? str_from_cstr(name) : STR("%!(BADTIME)");
}

struct str time_go_string(struct arena *a, const struct go_time *t)
{
    struct go_date d = time_date(t);
    struct buf out;

    buf_init(&out, a, 0);
    buf_printf(&out, "time.Date(%lld, time.%s, %d, %d, %d, %d, %d, ", (long long)d.year,
               time_month_name(d.month), d.day, d.hour, d.minute, d.second, t->nanoseconds);
    if (t->offset == 0 && str_is(t->name, "UTC")) {
        buf_put(&out, t->is_utc ? STR("time.UTC)") : STR("time.Local)"));
    } else {
        buf_lit(&out, "time.Location(");
        quote_put(&out, t->name, '"', false);
        buf_lit(&out, "))");
    }
    return buf_str(&out);
}
