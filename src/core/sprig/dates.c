/* SPDX-License-Identifier: Apache-2.0 */
/* Dates and durations. */
#include <math.h>

#include "base/clock.h"
#include "core/gotmpl/number.h"
#include "core/gotmpl/quote.h"
#include "core/gotmpl/time.h"
#include "core/sprig/argument.h"
#include "core/sprig/implementations.h"

#define TEXT(i) (c->args[i].text)

static const struct host *host_of(const struct call *c)
{
    return c->exec->engine->options.host;
}

static struct err *give_time(struct call *c, struct go_time t, struct go_value *ret)
{
    *ret = go_time_of(c->arena, &t);
    return NULL;
}

struct err *sprig_now(struct call *c, struct go_value *ret)
{
    return give_time(c, time_now(host_of(c)), ret);
}

/* A time, or seconds as an int or int64; everything else is now. */
static struct go_time moment(struct call *c, const struct go_value *v)
{
    if (v->type == GO_TIME)
        return *v->time;
    if (v->type == GO_INT || v->type == GO_INT64)
        return time_unix(v->integer, 0);
    return time_now(host_of(c));
}

static struct err *format_in(struct call *c, struct str layout, const struct go_value *date,
                             struct str zone, struct go_value *ret)
{
    struct go_time t = moment(c, date);
    struct buf out;

    if (!time_in_zone(c->arena, host_of(c), zone, &t))
        (void)time_in_zone(c->arena, host_of(c), STR("UTC"), &t);
    call_text(c, &out);
    time_put(&out, &t, layout);
    return call_finish(c, &out, ret);
}

struct err *sprig_date(struct call *c, struct go_value *ret)
{
    return format_in(c, TEXT(0), &c->args[1], STR("Local"), ret);
}

struct err *sprig_date_in_zone(struct call *c, struct go_value *ret)
{
    return format_in(c, TEXT(0), &c->args[1], TEXT(2), ret);
}

struct err *sprig_html_date(struct call *c, struct go_value *ret)
{
    return format_in(c, STR("2006-01-02"), &c->args[0], STR("Local"), ret);
}

struct err *sprig_html_date_in_zone(struct call *c, struct go_value *ret)
{
    return format_in(c, STR("2006-01-02"), &c->args[0], TEXT(1), ret);
}

struct err *sprig_date_modify(struct call *c, struct go_value *ret)
{
    int64_t ns = 0;
    struct err *e = time_parse_duration(c->arena, TEXT(0), &ns);

    if (e && (str_has_prefix(str_from_cstr(c->name), STR("must"))))
        return e;
    *ret = c->args[1];
    return e ? NULL : give_time(c, time_add(c->args[1].time, ns), ret);
}

struct err *sprig_to_date(struct call *c, struct go_value *ret)
{
    struct go_time t;
    struct err *e = time_parse(c->arena, TEXT(0), TEXT(1), &t);

    if (e)
        t = time_zero();
    return give_time(c, t, ret);
}

struct err *sprig_must_to_date(struct call *c, struct go_value *ret)
{
    struct go_time t;
    struct err *e = time_parse(c->arena, TEXT(0), TEXT(1), &t);

    return e ? e : give_time(c, t, ret);
}

struct err *sprig_unix_epoch(struct call *c, struct go_value *ret)
{
    *ret = go_string(str_printf(c->arena, "%lld", (long long)c->args[0].time->seconds));
    return NULL;
}

struct err *sprig_ago(struct call *c, struct go_value *ret)
{
    struct go_time t = moment(c, &c->args[0]), now = time_now(host_of(c));

    *ret = go_string(duration_format(c->arena, time_round(time_sub(&now, &t), NS_PER_S)));
    return NULL;
}

struct err *sprig_duration(struct call *c, struct go_value *ret)
{
    int64_t seconds = 0;

    if (c->args[0].type == GO_STRING)
        (void)number_read_int(TEXT(0), 10, &seconds);
    else if (c->args[0].type == GO_INT64)
        seconds = c->args[0].integer;
    *ret = go_string(duration_format(c->arena, (int64_t)((uint64_t)seconds * (uint64_t)NS_PER_S)));
    return NULL;
}

struct err *sprig_duration_round(struct call *c, struct go_value *ret)
{
    static const struct {
        const char *unit;
        uint64_t seconds;
    } units[] = { { "y", 31536000 }, { "mo", 2592000 }, { "d", 86400 },
                  { "h", 3600 },     { "m", 60 },       { "s", 1 } };
    int64_t ns = 0;
    uint64_t size;
    struct go_time now = time_now(host_of(c));

    if (c->args[0].type == GO_STRING && time_parse_duration(c->arena, TEXT(0), &ns) != NULL)
        ns = 0;
    else if (c->args[0].type == GO_INT64)
        ns = c->args[0].integer;
    else if (c->args[0].type == GO_TIME)
        ns = time_sub(&now, c->args[0].time);
    size = ns < 0 ? 0 - (uint64_t)ns : (uint64_t)ns;
    *ret = go_string(STR("0s"));
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        uint64_t unit = units[i].seconds * (uint64_t)NS_PER_S;

        if (size > unit) {
            *ret = go_string(
                str_printf(c->arena, "%llu%s", (unsigned long long)(size / unit), units[i].unit));
            break;
        }
    }
    return NULL;
}

/* ---- Helm's own duration functions ---- */

static struct str shown(struct call *c, double x)
{
    struct buf out;

    buf_init(&out, c->arena, 0);
    number_put_float(&out, x, 'g', -1);
    return buf_str(&out);
}

static struct err *seconds_to_ns(struct call *c, double seconds, int64_t *ret)
{
    double ns = seconds * 1e9;

    if (!(seconds <= 9223372036.854775807 && seconds >= -9223372036.854775808) || ns >= 0x1p63)
        return call_fail(c, "%s: %.*s",
                         isnan(seconds) || isinf(seconds) ? "invalid duration seconds"
                                                          : "duration seconds overflow",
                         STR_ARG(shown(c, seconds)));
    *ret = (int64_t)ns;
    return NULL;
}

static struct err *text_to_ns(struct call *c, struct str text, int64_t *ret)
{
    struct str s = str_trim(text);
    double seconds;

    if (s.len == 0)
        return call_fail(c, "empty duration");
    if (duration_parse(s, ret))
        return NULL;
    if (number_read_float(s, &seconds) == NUMBER_OK)
        return seconds_to_ns(c, seconds, ret);
    return call_fail(c, "could not parse duration %.*s", STR_ARG(quote_go(c->arena, text)));
}

static struct err *to_ns(struct call *c, const struct go_value *v, int64_t *ret)
{
    const int64_t most = INT64_MAX / NS_PER_S;

    *ret = 0;
    if (v->type <= GO_NIL)
        return call_fail(c, "invalid duration");
    if (v->type == GO_DURATION) {
        *ret = v->integer;
        return NULL;
    }
    if (v->type == GO_STRING)
        return text_to_ns(c, v->text, ret);
    if (v->type == GO_FLOAT64)
        return seconds_to_ns(c, v->real, ret);
    if (!go_is_integer(v))
        return call_fail(c, "unsupported duration type %s", go_type_name(v));
    if (v->integer > most || v->integer < -most)
        return call_fail(c, "duration seconds overflow: %lld", (long long)v->integer);
    *ret = v->integer * NS_PER_S;
    return NULL;
}

struct err *sprig_must_to_duration(struct call *c, struct go_value *ret)
{
    int64_t ns;
    struct err *e = to_ns(c, &c->args[0], &ns);

    *ret = go_number_of(GO_DURATION, ns);
    return e;
}

/* What is no duration counts as 0. */
static int64_t ns_or_zero(struct call *c, size_t i)
{
    int64_t ns;

    return to_ns(c, &c->args[i], &ns) ? 0 : ns;
}

static double in_units(int64_t ns, int64_t unit)
{
    int64_t whole = ns / unit, rest = ns % unit;

    return (double)whole + (double)rest / (double)unit;
}

struct err *sprig_duration_in_float(struct call *c, struct go_value *ret)
{
    int64_t ns = ns_or_zero(c, 0);
    double hours = in_units(ns, 3600 * NS_PER_S);

    *ret = go_float(strcmp(c->name, "durationSeconds") == 0   ? in_units(ns, NS_PER_S)
                    : strcmp(c->name, "durationMinutes") == 0 ? in_units(ns, 60 * NS_PER_S)
                    : strcmp(c->name, "durationHours") == 0   ? hours
                    : strcmp(c->name, "durationDays") == 0    ? hours / 24
                                                              : hours / 24 / 7);
    return NULL;
}

struct err *sprig_duration_in_integer(struct call *c, struct go_value *ret)
{
    int64_t ns = ns_or_zero(c, 0);

    *ret = go_int64(strcmp(c->name, "durationMilliseconds") == 0   ? ns / NS_PER_MS
                    : strcmp(c->name, "durationMicroseconds") == 0 ? ns / 1000
                                                                   : ns);
    return NULL;
}

struct err *sprig_duration_to(struct call *c, struct go_value *ret)
{
    int64_t ns = ns_or_zero(c, 0), unit = 0;
    bool rounds = strcmp(c->name, "durationRoundTo") == 0;

    if (to_ns(c, &c->args[1], &unit) != NULL)
        unit = 0;
    *ret = go_number_of(GO_DURATION, unit <= 0 ? ns
                                     : rounds  ? time_round(ns, unit)
                                               : ns - ns % unit);
    return NULL;
}
