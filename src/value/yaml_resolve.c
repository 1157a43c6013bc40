/* SPDX-License-Identifier: Apache-2.0 */
#include "value/yaml_resolve.h"

#include "foreign/float_text.h"

enum { WORD_V2_ONLY = 1 };

static const struct word {
    struct str text;
    enum yaml_tag tag;
    bool boolean;
    unsigned flags;
} words[] = {
    { STR_INIT("y"), YAML_TAG_BOOL, true, WORD_V2_ONLY },
    { STR_INIT("Y"), YAML_TAG_BOOL, true, WORD_V2_ONLY },
    { STR_INIT("yes"), YAML_TAG_BOOL, true, WORD_V2_ONLY },
    { STR_INIT("Yes"), YAML_TAG_BOOL, true, WORD_V2_ONLY },
    { STR_INIT("YES"), YAML_TAG_BOOL, true, WORD_V2_ONLY },
    { STR_INIT("on"), YAML_TAG_BOOL, true, WORD_V2_ONLY },
    { STR_INIT("On"), YAML_TAG_BOOL, true, WORD_V2_ONLY },
    { STR_INIT("ON"), YAML_TAG_BOOL, true, WORD_V2_ONLY },
    { STR_INIT("n"), YAML_TAG_BOOL, false, WORD_V2_ONLY },
    { STR_INIT("N"), YAML_TAG_BOOL, false, WORD_V2_ONLY },
    { STR_INIT("no"), YAML_TAG_BOOL, false, WORD_V2_ONLY },
    { STR_INIT("No"), YAML_TAG_BOOL, false, WORD_V2_ONLY },
    { STR_INIT("NO"), YAML_TAG_BOOL, false, WORD_V2_ONLY },
    { STR_INIT("off"), YAML_TAG_BOOL, false, WORD_V2_ONLY },
    { STR_INIT("Off"), YAML_TAG_BOOL, false, WORD_V2_ONLY },
    { STR_INIT("OFF"), YAML_TAG_BOOL, false, WORD_V2_ONLY },
    { STR_INIT("true"), YAML_TAG_BOOL, true, 0 },
    { STR_INIT("True"), YAML_TAG_BOOL, true, 0 },
    { STR_INIT("TRUE"), YAML_TAG_BOOL, true, 0 },
    { STR_INIT("false"), YAML_TAG_BOOL, false, 0 },
    { STR_INIT("False"), YAML_TAG_BOOL, false, 0 },
    { STR_INIT("FALSE"), YAML_TAG_BOOL, false, 0 },
    { STR_INIT("~"), YAML_TAG_NULL, false, 0 },
    { STR_INIT("null"), YAML_TAG_NULL, false, 0 },
    { STR_INIT("Null"), YAML_TAG_NULL, false, 0 },
    { STR_INIT("NULL"), YAML_TAG_NULL, false, 0 },
    { STR_INIT("<<"), YAML_TAG_MERGE, false, 0 },
};

/* Spellings of infinity and not-a-number behind an optional sign. */
static bool is_not_finite(struct str s)
{
    static const struct str inf[] = { STR_INIT(".inf"), STR_INIT(".Inf"), STR_INIT(".INF") };
    static const struct str nan[] = { STR_INIT(".nan"), STR_INIT(".NaN"), STR_INIT(".NAN") };
    bool is_signed = s.len > 0 && (s.ptr[0] == '+' || s.ptr[0] == '-');

    for (size_t i = 0; i < 3; i++)
        if (str_eq(is_signed ? str_skip(s, 1) : s, inf[i]) || str_eq(s, nan[i]))
            return true;
    return false;
}

/* Words are at most five bytes and begin with few letters, so most scalars leave at once. */
static bool resolve_word(struct str s, enum yaml_dialect dialect, struct yaml_meaning *ret)
{
    if (s.len > 5 || s.ptr[0] == '\0' || !strchr("yYnNoOtTfF~<", s.ptr[0]))
        return false;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (!str_eq(words[i].text, s))
            continue;
        if ((words[i].flags & WORD_V2_ONLY) &&
            (dialect == YAML_KYAML || dialect == YAML_KYAML_LOOSE))
            return false;
        ret->tag = words[i].tag;
        ret->boolean = words[i].boolean;
        return true;
    }
    return false;
}

static int digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'z' ? c - 'a' + 10 : 99;
}

/* As strconv.ParseInt and ParseUint with base 0: 0x, 0o, 0b and a leading 0 for octal. */
static bool parse_integer(struct str s, bool *ret_negative, uint64_t *ret)
{
    bool negative = s.len > 0 && s.ptr[0] == '-';
    unsigned base = 10;
    uint64_t n = 0;

    if (s.len > 0 && (s.ptr[0] == '-' || s.ptr[0] == '+'))
        s = str_skip(s, 1);
    if (s.len > 1 && s.ptr[0] == '0') {
        char letter = (char)(s.ptr[1] | 0x20);

        base = letter == 'x' ? 16 : letter == 'b' ? 2 : 8;
        s = str_skip(s, base != 8 || letter == 'o' ? 2 : 1);
    }
    if (s.len == 0)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        unsigned digit = (unsigned)digit_value(s.ptr[i]);

        if (digit >= base || __builtin_mul_overflow(n, base, &n) ||
            __builtin_add_overflow(n, digit, &n))
            return false;
    }
    *ret_negative = negative;
    *ret = n;
    return true;
}

static bool resolve_integer(struct str s, bool had_sign_plus, struct yaml_meaning *ret)
{
    bool negative;
    uint64_t n;

    if (!parse_integer(s, &negative, &n))
        return false;
    ret->tag = YAML_TAG_INT;
    if (n <= (uint64_t)INT64_MAX + negative) {
        ret->integer = negative ? (int64_t)(0 - n) : (int64_t)n;
        return true;
    }
    if (negative || had_sign_plus)
        return false; /* ParseUint takes no sign */
    ret->beyond_int64 = true;
    ret->natural = n;
    ret->real = (double)n;
    return true;
}

static bool take_digits(struct str s, size_t *at, size_t min, size_t max, int *ret)
{
    size_t from = *at;
    int n = 0;

    for (; *at < s.len && *at - from < max && s.ptr[*at] >= '0' && s.ptr[*at] <= '9'; ++*at)
        if (n < 1000000) /* a fraction may be long; nobody asks for its value */
            n = n * 10 + (s.ptr[*at] - '0');
    *ret = n;
    return *at - from >= min;
}

static bool take_one_of(struct str s, size_t *at, const char *set)
{
    if (*at >= s.len || s.ptr[*at] == '\0' || !strchr(set, s.ptr[*at]))
        return false;
    ++*at;
    return true;
}

/* "15:4:5", a fraction, and behind a T also a zone. */
static bool is_time_of_day(struct str s, size_t at, bool with_zone)
{
    int hour, minute, second, ignored;

    if (!take_digits(s, &at, 1, 2, &hour) || !take_one_of(s, &at, ":") ||
        !take_digits(s, &at, 1, 2, &minute) || !take_one_of(s, &at, ":") ||
        !take_digits(s, &at, 1, 2, &second))
        return false;
    if (hour > 23 || minute > 59 || second > 59)
        return false;
    if (take_one_of(s, &at, ".,") && !take_digits(s, &at, 1, SIZE_MAX, &ignored))
        return false;
    if (!with_zone)
        return at == s.len;
    if (take_one_of(s, &at, "Z"))
        return at == s.len;
    return take_one_of(s, &at, "+-") && take_digits(s, &at, 2, 2, &ignored) &&
           take_one_of(s, &at, ":") && take_digits(s, &at, 2, 2, &ignored) && at == s.len;
}

/* The layouts 2006-1-2, 2006-1-2T15:4:5.9Z07:00 and 2006-1-2 15:4:5.9. */
static bool is_timestamp(struct str s)
{
    static const int days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    int year, month, day;
    size_t at = 0;

    if (s.len < 8 || s.ptr[4] != '-' || !take_digits(s, &at, 4, 4, &year) ||
        !take_one_of(s, &at, "-") || !take_digits(s, &at, 1, 2, &month) ||
        !take_one_of(s, &at, "-") || !take_digits(s, &at, 1, 2, &day))
        return false;
    if (month < 1 || month > 12 || day < 1 || day > days[month - 1])
        return false;
    if (month == 2 && day == 29 && (year % 4 != 0 || (year % 100 == 0 && year % 400 != 0)))
        return false;
    if (at == s.len)
        return true;
    if (take_one_of(s, &at, "Tt"))
        return is_time_of_day(s, at, true);
    return take_one_of(s, &at, " ") && is_time_of_day(s, at, false);
}

static bool resolve_float(struct str s, struct yaml_meaning *ret)
{
    if (!float_parse(s, &ret->real) || !__builtin_isfinite(ret->real))
        return false;
    ret->tag = YAML_TAG_FLOAT;
    return true;
}

/* Text that begins with a digit or a sign; underscores are dropped first, as go-yaml does. */
static bool resolve_number(struct str s, struct yaml_meaning *ret)
{
    char plain[128];
    size_t len = 0;

    if (is_timestamp(s)) {
        ret->tag = YAML_TAG_TIMESTAMP;
        return true;
    }
    if (str_find_byte(s, '_', 0) != SIZE_MAX) {
        if (s.len > sizeof plain)
            return false; /* no number that fits is that long */
        for (size_t i = 0; i < s.len; i++)
            if (s.ptr[i] != '_')
                plain[len++] = s.ptr[i];
        s = str_of(plain, len);
    }
    return resolve_integer(s, s.len > 0 && s.ptr[0] == '+', ret) || resolve_float(s, ret);
}

struct yaml_meaning yaml_resolve(struct str text, enum yaml_dialect dialect)
{
    struct yaml_meaning m = { .tag = YAML_TAG_NULL };
    char first = text.len ? text.ptr[0] : '\0';

    if (text.len == 0 || resolve_word(text, dialect, &m))
        return m;
    if (is_not_finite(text)) {
        m.tag = YAML_TAG_FLOAT;
        m.not_finite = true;
        return m;
    }
    if ((first >= '0' && first <= '9') || first == '+' || first == '-') {
        if (resolve_number(text, &m))
            return m;
    } else if (first == '.' && resolve_float(text, &m)) {
        return m;
    }
    return (struct yaml_meaning){ .tag = YAML_TAG_STR };
}

static const struct {
    struct str suffix;
    const char *shown;
    enum yaml_tag tag;
} tags[] = {
    { STR_INIT("null"), "!!null", YAML_TAG_NULL },
    { STR_INIT("bool"), "!!bool", YAML_TAG_BOOL },
    { STR_INIT("int"), "!!int", YAML_TAG_INT },
    { STR_INIT("float"), "!!float", YAML_TAG_FLOAT },
    { STR_INIT("str"), "!!str", YAML_TAG_STR },
    { STR_INIT("timestamp"), "!!timestamp", YAML_TAG_TIMESTAMP },
    { STR_INIT("merge"), "!!merge", YAML_TAG_MERGE },
    { STR_INIT("binary"), "!!binary", YAML_TAG_BINARY },
};

enum yaml_tag yaml_tag_parse(struct str tag)
{
    const struct str prefix = STR("tag:yaml.org,2002:");

    if (tag.len == 0)
        return YAML_TAG_NONE;
    if (str_is(tag, "!"))
        return YAML_TAG_STR;
    if (!str_has_prefix(tag, prefix))
        return YAML_TAG_OTHER;
    tag = str_skip(tag, prefix.len);
    for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++)
        if (str_eq(tags[i].suffix, tag))
            return tags[i].tag;
    return YAML_TAG_OTHER;
}

const char *yaml_tag_name(enum yaml_tag tag)
{
    for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++)
        if (tags[i].tag == tag)
            return tags[i].shown;
    return "a tag of its own";
}

/* Base-60 numbers are text for Go but not for older readers, so Go's printer quotes them. */
static bool is_sexagesimal(struct str s)
{
    size_t at = 0, groups = 0;
    int n;

    (void)take_one_of(s, &at, "+-");
    if (at >= s.len || s.ptr[at] < '0' || s.ptr[at] > '9')
        return false;
    while (at < s.len && ((s.ptr[at] >= '0' && s.ptr[at] <= '9') || s.ptr[at] == '_'))
        at++;
    while (take_one_of(s, &at, ":")) {
        size_t from = at;

        if (!take_digits(s, &at, 1, 2, &n) || (at - from == 2 && n > 59))
            return false;
        groups++;
    }
    if (take_one_of(s, &at, "."))
        while (at < s.len && ((s.ptr[at] >= '0' && s.ptr[at] <= '9') || s.ptr[at] == '_'))
            at++;
    return groups > 0 && at == s.len;
}

bool yaml_plain_is_string(struct str text, enum yaml_dialect dialect)
{
    enum yaml_tag tag = yaml_resolve(text, dialect).tag;

    return (tag == YAML_TAG_STR || tag == YAML_TAG_MERGE) && !is_sexagesimal(text);
}
