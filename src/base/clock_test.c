/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"

#include "base/arena.h"
#include "tests/harness.h"

#define SECOND INT64_C(1000000000)

TEST(times_read_and_print_as_rfc3339)
{
    static const struct {
        const char *in, *want; /* NULL: refused */
    } cases[] = {
        { "1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z" },
        { "2026-01-31T09:30:00Z", "2026-01-31T09:30:00Z" },
        { "2024-02-29T23:59:59.999999999Z", "2024-02-29T23:59:59Z" },
        { "2026-01-01T00:30:00+01:00", "2025-12-31T23:30:00Z" },
        { "2026-01-01T00:30:00-05:30", "2026-01-01T06:00:00Z" },
        { "1969-12-31T23:59:59Z", "1969-12-31T23:59:59Z" },
        { "1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59Z" },
        { "2023-02-29T00:00:00Z", NULL },
        { "2026-13-01T00:00:00Z", NULL },
        { "2026-01-01T24:00:00Z", NULL },
        { "2026-01-01T00:00:00", NULL },
        { "2026-01-01 00:00:00Z", NULL },
        { "2026-01-01T00:00:00.Z", NULL },
        { "2026-01-01T00:00:00+1:00", NULL },
        { "2026-01-01T00:00:00Zx", NULL },
        { "", NULL },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);
        struct wall_time t;
        test_label(cases[i].in);
        if (CHECK(wall_time_parse(str_from_cstr(cases[i].in), &t) == (cases[i].want != NULL)) &&
            cases[i].want)
            CHECK_STR(wall_time_format(a, t), cases[i].want);
    }
}

TEST(microseconds_keep_six_digits)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct wall_time t;
    REQUIRE(wall_time_parse(STR("2026-01-31T09:30:00.000042999Z"), &t));
    CHECK_STR(wall_time_format_micro(a, t), "2026-01-31T09:30:00.000042Z");
}

TEST(the_calendar_knows_weekdays_and_leap_years)
{
    static const struct {
        const char *in;
        int weekday, yearday;
    } cases[] = {
        { "1970-01-01T00:00:00Z", 4, 1 },
        { "2000-02-29T12:00:00Z", 2, 60 },
        { "2024-12-31T00:00:00Z", 2, 366 },
        { "1900-03-01T00:00:00Z", 4, 60 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct wall_time t;
        struct civil_time c;
        test_label(cases[i].in);
        REQUIRE(wall_time_parse(str_from_cstr(cases[i].in), &t));
        c = civil_from_wall(t);
        CHECK_INT(c.weekday, cases[i].weekday);
        CHECK_INT(c.yearday, cases[i].yearday);
        CHECK_INT(wall_from_civil(&c).ns, t.ns);
    }
}

/* Expected texts: Go's time package. */
TEST(durations_are_gos)
{
    static const struct {
        const char *in;
        int64_t ns;
        const char *want; /* NULL: refused */
    } cases[] = {
        { "0", 0, "0s" },
        { "0s", 0, "0s" },
        { "5m", 300 * SECOND, "5m0s" },
        { "1h30m", 5400 * SECOND, "1h30m0s" },
        { "1.5s", 3 * SECOND / 2, "1.5s" },
        { "100ms", SECOND / 10, "100ms" },
        { "-1m", -60 * SECOND, "-1m0s" },
        { "+2s", 2 * SECOND, "2s" },
        { "1.000000001s", SECOND + 1, "1.000000001s" },
        { "1us", 1000, "1\xC2\xB5s" },
        { "1\xC2\xB5s", 1000, "1\xC2\xB5s" },
        { "1\xCE\xBCs", 1000, "1\xC2\xB5s" },
        { "1ns", 1, "1ns" },
        { ".5h", 1800 * SECOND, "30m0s" },
        { "2562047h47m16.854775807s", INT64_MAX, "2562047h47m16.854775807s" },
        { "2562047h47m16.854775808s", 0, NULL },
        { "9999999999h", 0, NULL },
        { "", 0, NULL },
        { "5", 0, NULL },
        { "m", 0, NULL },
        { ".s", 0, NULL },
        { "1d", 0, NULL },
        { "1s ", 0, NULL },
        { "--1s", 0, NULL },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);
        int64_t ns = 0;
        test_label(cases[i].in);
        if (!CHECK(duration_parse(str_from_cstr(cases[i].in), &ns) == (cases[i].want != NULL)) ||
            !cases[i].want)
            continue;
        CHECK_INT(ns, cases[i].ns);
        CHECK_STR(duration_format(a, ns), cases[i].want);
    }
}

TEST(monotonic_sums_saturate)
{
    struct mono_time early = { INT64_MIN }, late = { INT64_MAX };
    CHECK_INT(mono_diff_ns(late, early), INT64_MAX);
    CHECK_INT(mono_diff_ns(early, late), INT64_MIN);
    CHECK_INT(mono_add_ns(late, 1).ns, MONO_NEVER.ns);
    CHECK_INT(mono_add_ns((struct mono_time){ 5 }, 7).ns, 12);
}
