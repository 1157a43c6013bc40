/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/gotmpl/time.h - Go's time package over struct go_time: calendar, layouts, zones.
 *
 * "Local" is UTC: what a template prints does not depend on the machine. Zones with names are read from the TZif bytes
 * that core/host.h's `zone` gives (RFC 8536, version 1 or 2 data and the rule behind it).
 */
#ifndef CORE_GOTMPL_TIME_H
#define CORE_GOTMPL_TIME_H

#include "base/buf.h"
#include "base/clock.h"
#include "core/gotmpl/value.h"

struct host;

/* Proleptic Gregorian calendar; any year. */
struct go_date {
    int64_t year;
    int month, day; /* 1.. */
    int hour, minute, second;
    int weekday; /* 0: Sunday */
    int yearday; /* 1.. */
};
struct go_date time_date(const struct go_time *t); /* in its zone */
int64_t time_days(int64_t year, int64_t month,
                  int64_t day); /* since 1970-01-01; month and day may overflow */

struct go_time time_now(const struct host *host); /* 1970-01-01 without a clock */
struct go_time time_unix(int64_t seconds, int64_t nanoseconds);
struct go_time time_zero(void); /* year 1: IsZero */
struct go_time time_add(const struct go_time *t, int64_t ns);
/* later - earlier in ns, saturating, as Time.Sub. */
int64_t time_sub(const struct go_time *later, const struct go_time *earlier);
int time_compare(const struct go_time *a, const struct go_time *b);

/* Time.Format */
void time_put(struct buf *out, const struct go_time *t, struct str layout);

/* time.Parse in UTC. The error is Go's text: parsing time "x" as "2006": cannot parse "x" as "2006". */
MUST_CHECK struct err *time_parse(struct arena *a, struct str layout, struct str text,
                                  struct go_time *ret);

/* Duration text as time.ParseDuration; the error is Go's text. */
MUST_CHECK struct err *time_parse_duration(struct arena *a, struct str text, int64_t *ret_ns);
/* In quotes, bytes that are not printable ASCII in hexadecimal, as package time quotes in its messages. */
struct str time_quote(struct arena *a, struct str s);
/* Duration.Round and Truncate. */
int64_t time_round(int64_t d, int64_t m);

struct str time_go_string(struct arena *a, const struct go_time *t); /* %#v */
const char *time_month_name(int64_t month);                          /* 1..12 */
const char *time_weekday_name(int64_t day);                          /* 0..6 */

/* The same moment in a zone by name; false: no such zone. "", "UTC" and "Local" are UTC. */
bool time_in_zone(struct arena *a, const struct host *host, struct str zone, struct go_time *t);

#endif
