/* SPDX-License-Identifier: Apache-2.0 */
#include "core/apiserver/schedule.h"

#include "base/buf.h"
#include "base/clock.h"

struct bounds {
    const char *name;
    int64_t min;
    int64_t max;
    const char *words; /* names of values from min, three letters each */
};

static const struct bounds fields[] = {
    { "minute", 0, 59, "" },
    { "hour", 0, 23, "" },
    { "day of month", 1, 31, "" },
    { "month", 1, 12, "janfebmaraprmayjunjulaugsepoctnovdec" },
    { "day of week", 0, 6, "sunmontuewedthufrisat" },
};

static bool value_of(struct arena *a, const struct bounds *b, struct str text, int64_t *ret)
{
    struct str words = str_from_cstr(b->words);
    struct str lower = str_lower(a, text);

    for (size_t i = 0; i + 3 <= words.len; i += 3)
        if (str_eq(str_slice(words, i, i + 3), lower)) {
            *ret = b->min + (int64_t)(i / 3);
            return true;
        }
    return str_to_int64(text, ret) && *ret >= 0;
}

/* What is wrong with one part of a comma list; "" nothing. */
static struct str part_problem(struct arena *a, const struct bounds *b, struct str part)
{
    struct str step = part;
    struct str range;
    struct str first;
    int64_t low = b->min;
    int64_t high = b->max;
    int64_t by = 1;

    (void)str_cut(&step, '/', &range);
    if (!str_is(range, "*") && !str_is(range, "?")) {
        struct str last = range;

        (void)str_cut(&last, '-', &first);
        if (!value_of(a, b, first, &low))
            return str_printf(a,
                              "failed to parse int from %.*s: strconv.Atoi: parsing \"%.*s\": "
                              "invalid syntax",
                              STR_ARG(first), STR_ARG(first));
        high = last.ptr ? high : step.ptr ? b->max : low;
        if (last.ptr && !value_of(a, b, last, &high))
            return str_printf(a,
                              "failed to parse int from %.*s: strconv.Atoi: parsing \"%.*s\": "
                              "invalid syntax",
                              STR_ARG(last), STR_ARG(last));
    }
    if (step.ptr && (!str_to_int64(step, &by) || by < 0))
        return str_printf(a,
                          "failed to parse int from %.*s: strconv.Atoi: parsing \"%.*s\": "
                          "invalid syntax",
                          STR_ARG(step), STR_ARG(step));
    if (low < b->min)
        return str_printf(a, "beginning of range (%lld) below minimum (%lld): %.*s", (long long)low,
                          (long long)b->min, STR_ARG(part));
    if (high > b->max)
        return str_printf(a, "end of range (%lld) above maximum (%lld): %.*s", (long long)high,
                          (long long)b->max, STR_ARG(part));
    if (low > high)
        return str_printf(a, "beginning of range (%lld) beyond end of range (%lld): %.*s",
                          (long long)low, (long long)high, STR_ARG(part));
    return by ? STR("")
              : str_printf(a, "step of range should be a positive number: %.*s", STR_ARG(part));
}

static size_t words_of(struct str text, struct str *ret, size_t max)
{
    size_t count = 0;
    struct str word;

    for (struct str rest = text; str_cut(&rest, ' ', &word);)
        if (word.len && count++ < max)
            ret[count - 1] = word;
    return count;
}

void check_schedule(const struct check *c, struct str field, struct str schedule)
{
    static const struct str names[] = { STR_INIT("@yearly"),  STR_INIT("@annually"),
                                        STR_INIT("@monthly"), STR_INIT("@weekly"),
                                        STR_INIT("@daily"),   STR_INIT("@midnight"),
                                        STR_INIT("@hourly") };
    struct str words[5];
    struct str text = str_trim(schedule);
    struct str part;
    int64_t every;
    size_t count;

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (str_eq(text, names[i]))
            return;
    if (str_has_prefix(text, STR("@every ")) && duration_parse(str_skip(text, 7), &every))
        return;
    if (str_contains(text, STR("TZ"))) {
        check_invalid_text(c, field, schedule,
                           STR("cannot use TZ or CRON_TZ in schedule, use timeZone field instead"));
        return;
    }
    count = words_of(text, words, 5);
    if (count != 5) {
        check_invalid_text(c, field, schedule,
                           str_printf(c->arena, "expected exactly 5 fields, found %zu: [%.*s]",
                                      count, STR_ARG(text)));
        return;
    }
    for (size_t i = 0; i < 5; i++)
        for (struct str rest = words[i]; str_cut(&rest, ',', &part);) {
            struct str problem = part_problem(c->arena, &fields[i], part);

            if (!problem.len)
                continue;
            check_invalid_text(c, field, schedule, problem);
            return;
        }
}

void check_time_zone(const struct check *c, struct str field, const struct val *zone)
{
    static const struct str areas[] = {
        STR_INIT("Africa"), STR_INIT("America"),  STR_INIT("Antarctica"), STR_INIT("Arctic"),
        STR_INIT("Asia"),   STR_INIT("Atlantic"), STR_INIT("Australia"),  STR_INIT("Europe"),
        STR_INIT("Indian"), STR_INIT("Pacific"),  STR_INIT("Etc"),        STR_INIT("US"),
        STR_INIT("Canada"), STR_INIT("Brazil"),   STR_INIT("Chile"),      STR_INIT("Mexico"),
    };
    struct str name = val_str(zone);
    size_t slash = str_find_byte(name, '/', 0);

    if (!zone)
        return;
    if (!name.len) {
        check_invalid(c, field, zone, "timeZone must be nil or non-empty string");
        return;
    }
    if (str_eq_nocase(name, STR("local"))) {
        check_invalid(c, field, zone,
                      "timeZone must be an explicit time zone as defined in "
                      "https://www.iana.org/time-zones");
        return;
    }
    for (size_t i = 0; slash != SIZE_MAX && i < sizeof areas / sizeof areas[0]; i++)
        if (str_eq(str_slice(name, 0, slash), areas[i]))
            return;
    if (slash == SIZE_MAX)
        return;
    check_invalid(
        c, field, zone,
        str_cstr(c->arena, str_printf(c->arena, "unknown time zone %.*s", STR_ARG(name))));
}
