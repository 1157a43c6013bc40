/* SPDX-License-Identifier: Apache-2.0 */
#include "core/jsonschema/state.h"
#include "foreign/regex.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_hex(char c)
{
    return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

static bool is_alnum(char c)
{
    return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* Digits at a place of a fixed layout; -1: there are none. */
static int number_at(struct str s, size_t at, size_t width)
{
    int n = 0;
    if (at + width > s.len)
        return -1;
    for (size_t i = at; i < at + width; i++) {
        if (!is_digit(s.ptr[i]))
            return -1;
        n = n * 10 + (s.ptr[i] - '0');
    }
    return n;
}

static bool is_date(struct str s)
{
    static const int days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    int year = number_at(s, 0, 4), month = number_at(s, 5, 2), day = number_at(s, 8, 2);
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    if (s.len != 10 || s.ptr[4] != '-' || s.ptr[7] != '-' || year < 0 || month < 1 || month > 12)
        return false;
    return day >= 1 && day <= (month == 2 && !leap ? 28 : days[month - 1]);
}

static bool is_time(struct str s)
{
    int hour = number_at(s, 0, 2), minute = number_at(s, 3, 2), second = number_at(s, 6, 2);
    size_t at = 8;
    if (s.len < 9 || s.ptr[2] != ':' || s.ptr[5] != ':' || hour < 0 || hour > 23 || minute < 0 ||
        minute > 59 || second < 0 || second > 60)
        return false;
    if (s.ptr[at] == '.')
        for (at++; at < s.len && is_digit(s.ptr[at]);)
            at++;
    struct str zone = str_skip(s, at);
    if (zone.len == 1)
        return (zone.ptr[0] | 0x20) == 'z';
    return zone.len == 6 && (zone.ptr[0] == '+' || zone.ptr[0] == '-') && zone.ptr[3] == ':' &&
           number_at(zone, 1, 2) >= 0 && number_at(zone, 1, 2) <= 23 &&
           number_at(zone, 4, 2) >= 0 && number_at(zone, 4, 2) <= 59;
}

static bool is_date_time(struct str s)
{
    return s.len > 11 && (s.ptr[10] | 0x20) == 't' && is_date(str_slice(s, 0, 10)) &&
           is_time(str_skip(s, 11));
}

static bool is_hostname(struct str s)
{
    s = str_trim_suffix(s, STR("."));
    if (s.len == 0 || s.len > 253)
        return false;
    for (struct str label, rest = s; str_cut(&rest, '.', &label);) {
        if (label.len == 0 || label.len > 63 || label.ptr[0] == '-' ||
            label.ptr[label.len - 1] == '-')
            return false;
        for (size_t i = 0; i < label.len; i++)
            if (!is_alnum(label.ptr[i]) && label.ptr[i] != '-')
                return false;
    }
    return true;
}

static bool is_ipv4(struct str s)
{
    size_t parts = 0;
    for (struct str part, rest = s; str_cut(&rest, '.', &part); parts++) {
        int n = number_at(part, 0, part.len);
        if (part.len == 0 || part.len > 3 || n < 0 || n > 255 ||
            (part.len > 1 && part.ptr[0] == '0'))
            return false;
    }
    return parts == 4;
}

static bool is_ipv6(struct str s)
{
    size_t groups = 0, gap = str_find(s, STR("::"), 0);
    if (!str_contains(s, STR(":")) ||
        (gap != SIZE_MAX && str_find(s, STR("::"), gap + 1) != SIZE_MAX))
        return false;
    for (struct str part, rest = s; str_cut(&rest, ':', &part);) {
        if (!rest.ptr && str_contains(part, STR("."))) {
            if (!is_ipv4(part))
                return false;
            groups += 2;
            continue;
        }
        if (part.len > 4)
            return false;
        for (size_t i = 0; i < part.len; i++)
            if (!is_hex(part.ptr[i]))
                return false;
        groups += part.len > 0;
    }
    bool edges = gap == 0 || s.ptr[0] != ':';
    return edges && (gap == SIZE_MAX ? groups == 8 : groups < 8);
}

static bool is_email(struct str s)
{
    size_t at = str_rfind_byte(s, '@');
    if (s.len > 254 || at == SIZE_MAX || at == 0 || at > 64)
        return false;
    struct str local = str_slice(s, 0, at), domain = str_skip(s, at + 1);
    if (str_has_prefix(domain, STR("[")) && str_has_suffix(domain, STR("]"))) {
        domain = str_slice(domain, 1, domain.len - 1);
        return is_ipv4(domain) || is_ipv6(str_trim_prefix(domain, STR("IPv6:")));
    }
    if (str_has_prefix(local, STR(".")) || str_has_suffix(local, STR(".")) ||
        str_contains(local, STR("..")) || str_contains(local, STR(" ")))
        return false;
    return is_hostname(domain);
}

static bool has_only_uri_characters(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if (c <= ' ' || c >= 0x7F || strchr("\"<>\\^`{|}", c))
            return false;
        if (c == '%' && (i + 2 >= s.len || !is_hex(s.ptr[i + 1]) || !is_hex(s.ptr[i + 2])))
            return false;
    }
    return true;
}

static bool is_uri(struct str s)
{
    size_t colon = str_find_byte(s, ':', 0);
    if (colon == SIZE_MAX || colon == 0 || !is_alnum(s.ptr[0]) || is_digit(s.ptr[0]))
        return false;
    for (size_t i = 0; i < colon; i++)
        if (!is_alnum(s.ptr[i]) && !strchr("+-.", s.ptr[i]))
            return false;
    return has_only_uri_characters(s);
}

static bool is_uuid(struct str s)
{
    if (s.len != 36)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? s.ptr[i] != '-' : !is_hex(s.ptr[i]))
            return false;
    }
    return true;
}

static bool is_json_pointer(struct str s)
{
    if (s.len > 0 && s.ptr[0] != '/')
        return false;
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] == '~' && (i + 1 == s.len || (s.ptr[i + 1] != '0' && s.ptr[i + 1] != '1')))
            return false;
    return true;
}

static bool is_regex(struct arena *a, struct str s)
{
    struct regex *re;
    return regex_compile(a, s, &re) == NULL;
}

bool format_fits(struct arena *a, struct str format, struct str text)
{
    static const struct {
        const char *name;
        bool (*fits)(struct str s);
    } formats[] = {
        { "date", is_date },
        { "time", is_time },
        { "date-time", is_date_time },
        { "hostname", is_hostname },
        { "ipv4", is_ipv4 },
        { "ipv6", is_ipv6 },
        { "email", is_email },
        { "uri", is_uri },
        { "uri-reference", has_only_uri_characters },
        { "uuid", is_uuid },
        { "json-pointer", is_json_pointer },
    };
    if (str_is(format, "regex"))
        return is_regex(a, text);
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++)
        if (str_eq(format, str_from_cstr(formats[i].name)))
            return formats[i].fits(text);
    return true;
}
