/* SPDX-License-Identifier: Apache-2.0 */
#include "core/jsonschema/format.h"

#include "core/jsonschema/state.h"
#include "core/semver/semver.h"
#include "core/url/url.h"
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
        int n = format_number_at(part, 0, part.len);
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

static bool is_mail_name(struct str s)
{
    if (s.len > 1 && s.ptr[0] == '"' && s.ptr[s.len - 1] == '"')
        return !str_contains(str_slice(s, 1, s.len - 1), STR("\"")) && !str_contains(s, STR("\\"));
    if (str_has_prefix(s, STR(".")) || str_has_suffix(s, STR(".")) || str_contains(s, STR("..")))
        return false;
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] == '\0' || (!is_alnum(s.ptr[i]) && !strchr(".!#$%&'*+-/=?^_`{|}~", s.ptr[i])))
            return false;
    return true;
}

static bool is_email(struct str s)
{
    size_t at = str_rfind_byte(s, '@');
    if (s.len > 254 || at == SIZE_MAX || at > 64 || !is_mail_name(str_slice(s, 0, at)))
        return false;
    struct str domain = str_skip(s, at + 1);
    if (!str_has_prefix(domain, STR("[")) || !str_has_suffix(domain, STR("]")))
        return is_hostname(domain);
    domain = str_slice(domain, 1, domain.len - 1);
    return str_has_prefix(domain, STR("IPv6:")) ? is_ipv6(str_skip(domain, 5)) : is_ipv4(domain);
}

static bool is_address(struct arena *a, struct str s, struct str *ret_scheme)
{
    struct url u;
    if (url_parse(a, s, &u))
        return false;
    struct str host = url_host_name(u.host);
    *ret_scheme = u.scheme;
    return (!str_contains(host, STR(":")) || (is_ipv6(host) && str_contains(s, STR("["))));
}

static bool is_uri(struct arena *a, struct str s)
{
    struct str scheme;
    return is_address(a, s, &scheme) && scheme.len > 0;
}

static bool is_uri_reference(struct arena *a, struct str s)
{
    struct str scheme;
    return !str_contains(s, STR("\\")) && is_address(a, s, &scheme);
}

/* Braces of the path open and close in turn, within each of its parts. */
static bool is_uri_template(struct arena *a, struct str s)
{
    bool open = false;
    struct str scheme;
    if (!is_address(a, s, &scheme))
        return false;
    for (size_t i = 0; i < s.len && s.ptr[i] != '?' && s.ptr[i] != '#'; i++) {
        char c = s.ptr[i];
        if ((c == '/' && open) || (c == '{' && open) || (c == '}' && !open))
            return false;
        if (c == '{' || c == '}')
            open = c == '{';
    }
    return !open;
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

static bool is_relative_pointer(struct str s)
{
    size_t digits = 0;
    while (digits < s.len && is_digit(s.ptr[digits]))
        digits++;
    if (digits == 0 || (digits > 1 && s.ptr[0] == '0'))
        return false;
    s = str_skip(s, digits);
    return str_is(s, "#") || is_json_pointer(s);
}

static bool is_semver(struct str s)
{
    return !str_has_prefix(s, STR("v")) && semver_is_strict(s);
}

bool format_fits(struct arena *a, struct str format, struct str text)
{
    static const struct {
        const char *name;
        bool (*fits)(struct str s);
    } formats[] = {
        { "date", format_is_date },
        { "time", format_is_time },
        { "date-time", format_is_date_time },
        { "duration", format_is_duration },
        { "period", format_is_period },
        { "hostname", is_hostname },
        { "ipv4", is_ipv4 },
        { "ipv6", is_ipv6 },
        { "email", is_email },
        { "uuid", is_uuid },
        { "json-pointer", is_json_pointer },
        { "relative-json-pointer", is_relative_pointer },
        { "semver", is_semver },
    };
    if (str_is(format, "regex"))
        return is_regex(a, text);
    if (str_is(format, "uri") || str_is(format, "iri"))
        return is_uri(a, text);
    if (str_is(format, "uri-template"))
        return is_uri_template(a, text);
    if (str_is(format, "uri-reference") || str_is(format, "iri-reference"))
        return is_uri_reference(a, text);
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++)
        if (str_eq(format, str_from_cstr(formats[i].name)))
            return formats[i].fits(text);
    return true;
}
