/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/clock.h - two kinds of time as two types, and their texts.
 *
 * Wall time is what a person or a certificate means; it can jump. Monotonic time measures and never goes
 * back. Neither is read here: a clock is a port (ports/driven/clock.h), so that the simulator can run one.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include "base/str.h"

struct wall_time {
    int64_t ns; /* since 1970-01-01T00:00:00Z */
};

struct mono_time {
    int64_t ns; /* since some fixed moment of this process */
};

#define MONO_NEVER ((struct mono_time){ INT64_MAX })
#define NS_PER_MS INT64_C(1000000)
#define NS_PER_S INT64_C(1000000000)

/* later - earlier, saturating. */
int64_t mono_diff_ns(struct mono_time later, struct mono_time earlier);
struct mono_time mono_add_ns(struct mono_time t, int64_t ns); /* saturates at MONO_NEVER */

/* RFC 3339 in UTC with whole seconds, as Kubernetes' metav1.Time: 2026-01-31T09:30:00Z. */
struct str wall_time_format(struct arena *a, struct wall_time t);
/* With microseconds, as metav1.MicroTime. */
struct str wall_time_format_micro(struct arena *a, struct wall_time t);
/* Without separators of time: 20260131093000. */
bool wall_time_parse(struct str s,
                     struct wall_time *ret); /* RFC 3339, any offset, fraction optional */

/* Calendar of a moment in UTC. */
struct civil_time {
    int64_t year;
    int month, day; /* 1.. */
    int hour, minute, second;
    int nanosecond;
    int weekday; /* 0 = Sunday */
    int yearday; /* 1.. */
};
struct civil_time civil_from_wall(struct wall_time t);
/* Weekday and yearday are not read; beyond the years 1677..2262 it saturates. */
struct wall_time wall_from_civil(const struct civil_time *c);

/*
 * Go durations: "5m0s", "1h30m", "1.5s", "100ms". Parse accepts what time.ParseDuration does (ns us µs ms
 * s m h, sign, fractions); format prints as Duration.String() does.
 */
bool duration_parse(struct str s, int64_t *ret_ns);
struct str duration_format(struct arena *a, int64_t ns);

#endif
