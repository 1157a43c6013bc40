/* SPDX-License-Identifier: Apache-2.0 */
/* Zones by name, read from TZif bytes (RFC 8536). */
#include "core/gotmpl/time.h"
#include "core/host.h"

struct tzif {
    struct str data;
    size_t word;                /* bytes of a transition: 4 or 8 */
    size_t times, types, chars; /* counts */
    size_t at;                  /* of the first transition */
};

static int64_t big_endian(struct str s, size_t at, size_t bytes)
{
    uint64_t n = 0;

    for (size_t i = 0; i < bytes; i++)
        n = n << 8 | (at + i < s.len ? (uint8_t)s.ptr[at + i] : 0);
    return bytes == 4 ? (int64_t)(int32_t)n : (int64_t)n;
}

/* A header of 44 bytes; the version-2 block follows the first one. */
static bool open_tzif(struct str data, struct tzif *ret)
{
    size_t begin = 0, leaps = 0, standards = 0, locals = 0;

    *ret = (struct tzif){ .data = data, .word = 4 };
    for (int pass = 0; pass < 2; pass++) {
        if (begin + 44 > data.len || !str_has_prefix(str_skip(data, begin), STR("TZif")))
            return false;
        locals = (size_t)big_endian(data, begin + 20, 4);
        standards = (size_t)big_endian(data, begin + 24, 4);
        leaps = (size_t)big_endian(data, begin + 28, 4);
        ret->times = (size_t)big_endian(data, begin + 32, 4);
        ret->types = (size_t)big_endian(data, begin + 36, 4);
        ret->chars = (size_t)big_endian(data, begin + 40, 4);
        ret->at = begin + 44;
        if (pass == 1 || data.ptr[begin + 4] < '2')
            break;
        if (ret->times > data.len || ret->types > data.len || ret->chars > data.len ||
            leaps > data.len)
            return false;
        begin += 44 + ret->times * 5 + ret->types * 6 + ret->chars + leaps * 8 + standards + locals;
        ret->word = 8;
    }
    return ret->types > 0 && ret->times <= data.len && ret->types <= data.len &&
           ret->chars <= data.len &&
           ret->at + ret->times * (ret->word + 1) + ret->types * 6 + ret->chars <= data.len;
}

/* Rules like "EST5EDT,M3.2.0,M11.1.0" for what lies behind the last transition. */
struct rule {
    struct str standard, daylight;
    int32_t standard_offset, daylight_offset;
    int month[2], week[2], weekday[2];
    int32_t second[2];
    bool has_daylight;
};

static struct str take_zone_letters(struct str *s)
{
    size_t n = 0;
    struct str name;

    if (s->len > 0 && s->ptr[0] == '<') {
        n = str_find_byte(*s, '>', 0);
        if (n == SIZE_MAX)
            return STR_NONE;
        name = str_slice(*s, 1, n);
        *s = str_skip(*s, n + 1);
        return name;
    }
    while (n < s->len && ((s->ptr[n] | 0x20) >= 'a' && (s->ptr[n] | 0x20) <= 'z'))
        n++;
    name = str_slice(*s, 0, n);
    *s = str_skip(*s, n);
    return name;
}

static int64_t take_int(struct str *s)
{
    int64_t n = 0;

    while (s->len > 0 && s->ptr[0] >= '0' && s->ptr[0] <= '9' && n < 100000) {
        n = n * 10 + (s->ptr[0] - '0');
        *s = str_skip(*s, 1);
    }
    return n;
}

static bool take_byte(struct str *s, char c)
{
    if (s->len == 0 || s->ptr[0] != c)
        return false;
    *s = str_skip(*s, 1);
    return true;
}

/* [+-]hh[:mm[:ss]] in seconds */
static int32_t take_clock(struct str *s)
{
    bool negative = take_byte(s, '-');
    int64_t seconds;

    (void)take_byte(s, '+');
    seconds = take_int(s) * 3600;
    if (take_byte(s, ':'))
        seconds += take_int(s) * 60;
    if (take_byte(s, ':'))
        seconds += take_int(s);
    return (int32_t)(negative ? -seconds : seconds);
}

static bool parse_rule(struct str s, struct rule *ret)
{
    *ret = (struct rule){ 0 };
    ret->standard = take_zone_letters(&s);
    if (ret->standard.len == 0)
        return false;
    ret->standard_offset = -take_clock(&s);
    if (s.len == 0)
        return true;
    ret->has_daylight = true;
    ret->daylight = take_zone_letters(&s);
    ret->daylight_offset = ret->standard_offset + 3600;
    if (s.len > 0 && s.ptr[0] != ',')
        ret->daylight_offset = -take_clock(&s);
    for (int i = 0; i < 2; i++) {
        if (!take_byte(&s, ',') || !take_byte(&s, 'M'))
            return false;
        ret->month[i] = (int)take_int(&s);
        (void)take_byte(&s, '.');
        ret->week[i] = (int)take_int(&s);
        (void)take_byte(&s, '.');
        ret->weekday[i] = (int)take_int(&s);
        ret->second[i] = 7200;
        if (take_byte(&s, '/'))
            ret->second[i] = take_clock(&s);
    }
    return true;
}

/* Seconds since 1970 in local standard or daylight time at which a change falls in a year. */
static int64_t change_in(const struct rule *r, int i, int64_t year)
{
    int64_t first = time_days(year, r->month[i], 1), end = time_days(year, r->month[i] + 1, 1);
    int64_t weekday = ((first + 4) % 7 + 7) % 7;
    int64_t day = first + ((r->weekday[i] - weekday) % 7 + 7) % 7 + (r->week[i] - 1) * 7;

    while (day >= end)
        day -= 7;
    return day * 86400 + r->second[i];
}

static void apply_rule(struct go_time *t, const struct rule *r)
{
    struct go_date d = time_date(&(struct go_time){ .seconds = t->seconds + r->standard_offset });
    int64_t begin, end;
    bool is_daylight = false;

    if (r->has_daylight) {
        begin = change_in(r, 0, d.year) - r->standard_offset;
        end = change_in(r, 1, d.year) - r->daylight_offset;
        is_daylight = begin < end ? t->seconds >= begin && t->seconds < end
                                  : t->seconds >= begin || t->seconds < end;
    }
    t->offset = is_daylight ? r->daylight_offset : r->standard_offset;
    t->name = is_daylight ? r->daylight : r->standard;
}

static void apply_type(struct go_time *t, const struct tzif *z, size_t type)
{
    size_t types = z->at + z->times * (z->word + 1), chars = types + z->types * 6, name;

    type = type < z->types ? type : 0;
    t->offset = (int32_t)big_endian(z->data, types + type * 6, 4);
    name = chars + (uint8_t)z->data.ptr[types + type * 6 + 5];
    t->name = name < z->data.len ? str_slice(z->data, name, str_find_byte(z->data, '\0', name))
                                 : STR("");
}

static void apply_zone(struct go_time *t, const struct tzif *z)
{
    size_t low = 0, high = z->times;
    size_t footer = z->at + z->times * (z->word + 1) + z->types * 6 + z->chars;
    struct rule rule;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (big_endian(z->data, z->at + middle * z->word, z->word) <= t->seconds)
            low = middle + 1;
        else
            high = middle;
    }
    /* The rule stands on the last line. */
    if (low == z->times && z->word == 8) {
        size_t begin = str_find_byte(z->data, '\n', footer);

        if (begin != SIZE_MAX &&
            parse_rule(str_slice(z->data, begin + 1, str_find_byte(z->data, '\n', begin + 1)),
                       &rule)) {
            apply_rule(t, &rule);
            return;
        }
    }
    apply_type(t, z, low > 0 ? (uint8_t)z->data.ptr[z->at + z->times * z->word + low - 1] : 0);
}

bool time_in_zone(struct arena *a, const struct host *host, struct str zone, struct go_time *t)
{
    struct tzif z;
    struct str data;

    if (zone.len == 0 || str_is(zone, "UTC") || str_is(zone, "Local")) {
        t->offset = 0;
        t->name = STR("UTC");
        return true;
    }
    if (!host || !host->zone || str_contains(zone, STR("..")) || zone.ptr[0] == '/' ||
        str_find_byte(zone, '\\', 0) != SIZE_MAX || !host->zone(host->self, a, zone, &data) ||
        !open_tzif(data, &z))
        return false;
    apply_zone(t, &z);
    return true;
}
