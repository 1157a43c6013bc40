/* SPDX-License-Identifier: Apache-2.0 */
#include "core/apiserver/names.h"

#include "core/apiserver/checks.h"

#define LABEL_FORMAT "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
#define QUALIFIED_FORMAT "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_alnum(char c)
{
    return is_lower(c) || is_digit(c) || (c >= 'A' && c <= 'Z');
}

static void add(struct arena *a, struct name_problems *p, struct str text)
{
    *VEC_PUSH(a, p) = text;
}

static void add_length(struct arena *a, struct name_problems *p, size_t max)
{
    add(a, p, str_printf(a, "must be no more than %zu characters", max));
}

/* Starts and ends as `edge` wants, `inner` or `edge` between. */
static bool shaped(struct str s, bool (*edge)(char c), const char *inner)
{
    if (!s.len || !edge(s.ptr[0]) || !edge(s.ptr[s.len - 1]))
        return false;
    for (size_t i = 0; i < s.len; i++)
        if (!edge(s.ptr[i]) && !strchr(inner, s.ptr[i]))
            return false;
    return true;
}

static bool label_edge(char c)
{
    return is_lower(c) || is_digit(c);
}

static bool is_label_shape(struct str s)
{
    return shaped(s, label_edge, "-");
}

static bool is_subdomain_shape(struct str s)
{
    struct str part;

    for (struct str rest = s; str_cut(&rest, '.', &part);)
        if (!is_label_shape(part))
            return false;
    return s.len > 0;
}

bool is_dns_label(struct str s)
{
    return s.len <= 63 && is_label_shape(s);
}

bool is_dns_subdomain(struct str s)
{
    return s.len <= 253 && is_subdomain_shape(s);
}

void name_dns_label(struct arena *a, struct str s, struct name_problems *ret)
{
    if (s.len > 63)
        add_length(a, ret, 63);
    if (is_label_shape(s))
        return;
    if (is_subdomain_shape(s))
        add(a, ret, STR("must not contain dots"));
    else
        add(a, ret,
            STR("a lowercase RFC 1123 label must consist of lower case alphanumeric characters or "
                "'-', and must start and end with an alphanumeric character (e.g. 'my-name',  or "
                "'123-abc', regex used for validation is '" LABEL_FORMAT "')"));
}

void name_dns_subdomain(struct arena *a, struct str s, struct name_problems *ret)
{
    if (s.len > 253)
        add_length(a, ret, 253);
    if (!is_subdomain_shape(s))
        add(a, ret,
            STR("a lowercase RFC 1123 subdomain must consist of lower case alphanumeric "
                "characters, '-' or '.', and must start and end with an alphanumeric character "
                "(e.g. 'example.com', regex used for validation is '" LABEL_FORMAT
                "(\\." LABEL_FORMAT ")*')"));
}

void name_dns1035_label(struct arena *a, struct str s, struct name_problems *ret)
{
    if (s.len > 63)
        add_length(a, ret, 63);
    if (!is_label_shape(s) || !is_lower(s.ptr[0]))
        add(a, ret,
            STR("a DNS-1035 label must consist of lower case alphanumeric characters or '-', start "
                "with an alphabetic character, and end with an alphanumeric character (e.g. "
                "'my-name',  or 'abc-123', regex used for validation is "
                "'[a-z]([-a-z0-9]*[a-z0-9])?')"));
}

void name_path_segment(struct arena *a, struct str s, struct name_problems *ret)
{
    static const struct str names[] = { STR_INIT("."), STR_INIT("..") };
    static const struct str parts[] = { STR_INIT("/"), STR_INIT("%") };

    for (size_t i = 0; i < 2; i++)
        if (str_eq(s, names[i]))
            add(a, ret, str_printf(a, "may not be '%.*s'", STR_ARG(names[i])));
    for (size_t i = 0; i < 2; i++)
        if (str_contains(s, parts[i]))
            add(a, ret, str_printf(a, "may not contain '%.*s'", STR_ARG(parts[i])));
}

static bool is_qualified_shape(struct str s)
{
    return shaped(s, is_alnum, "-_.");
}

static void prefix_part(struct arena *a, struct str s, struct name_problems *ret)
{
    struct name_problems in_prefix = { 0 };

    if (!s.len)
        add(a, ret, STR("prefix part must be non-empty"));
    else
        name_dns_subdomain(a, s, &in_prefix);
    for (size_t i = 0; i < in_prefix.count; i++)
        add(a, ret, str_concat(a, STR("prefix part "), in_prefix.items[i]));
}

#define QUALIFIED_TEXT                                                                          \
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an " \
    "alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for "      \
    "validation is '" QUALIFIED_FORMAT "')"

void name_label_key(struct arena *a, struct str s, struct name_problems *ret)
{
    size_t slash = str_find_byte(s, '/', 0);
    struct str name = s;

    if (slash != SIZE_MAX) {
        name = str_skip(s, slash + 1);
        if (str_find_byte(name, '/', 0) != SIZE_MAX) {
            add(a, ret,
                STR("a valid label key " QUALIFIED_TEXT
                    " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"));
            return;
        }
        prefix_part(a, str_slice(s, 0, slash), ret);
    }
    if (!name.len)
        add(a, ret, STR("name part must be non-empty"));
    else if (name.len > 63)
        add(a, ret, STR("name part must be no more than 63 bytes"));
    if (!is_qualified_shape(name))
        add(a, ret, STR("name part " QUALIFIED_TEXT));
}

void name_label_value(struct arena *a, struct str s, struct name_problems *ret)
{
    if (s.len > 63)
        add(a, ret, STR("must be no more than 63 bytes"));
    if (s.len && !is_qualified_shape(s))
        add(a, ret,
            STR("a valid label must be an empty string or consist of alphanumeric characters, '-', "
                "'_' or '.', and must start and end with an alphanumeric character (e.g. "
                "'MyValue',  or 'my_value',  or '12345', regex used for validation is "
                "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"));
}

void name_port(struct arena *a, struct str s, struct name_problems *ret)
{
    bool charset = s.len > 0;
    bool letter = false;

    for (size_t i = 0; i < s.len; i++) {
        charset = charset && (label_edge(s.ptr[i]) || s.ptr[i] == '-');
        letter = letter || is_lower(s.ptr[i]);
    }
    if (s.len > 15)
        add_length(a, ret, 15);
    if (!charset)
        add(a, ret, STR("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)"));
    if (!letter)
        add(a, ret, STR("must contain at least one letter (a-z)"));
    if (str_contains(s, STR("--")))
        add(a, ret, STR("must not contain consecutive hyphens"));
    if (s.len && (s.ptr[0] == '-' || s.ptr[s.len - 1] == '-'))
        add(a, ret, STR("must not begin or end with a hyphen"));
}

static void no_parent_folder(struct arena *a, struct str s, struct name_problems *ret)
{
    if (str_is(s, "."))
        add(a, ret, STR("must not be '.'"));
    else if (str_is(s, ".."))
        add(a, ret, STR("must not be '..'"));
    else if (str_has_prefix(s, STR("..")))
        add(a, ret, STR("must not start with '..'"));
}

void name_config_key(struct arena *a, struct str s, struct name_problems *ret)
{
    bool good = s.len > 0;

    for (size_t i = 0; i < s.len; i++)
        good = good && (is_alnum(s.ptr[i]) || strchr("-._", s.ptr[i]));
    if (s.len > 253)
        add_length(a, ret, 253);
    if (!good)
        add(a, ret,
            STR("a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. "
                "'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is "
                "'[-._a-zA-Z0-9]+')"));
    no_parent_folder(a, s, ret);
}

void name_env(struct arena *a, struct str s, struct name_problems *ret)
{
    if (!s.len)
        add(a, ret, STR("environment variable name must be non-empty"));
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] < ' ' || s.ptr[i] > '~' || s.ptr[i] == '=') {
            add(a, ret,
                STR("a valid environment variable name must consist only of printable ASCII "
                    "characters other than '='"));
            return;
        }
}

/* ---- addresses ---- */

static bool is_ipv4(struct str s)
{
    struct str part;
    size_t parts = 0;

    for (struct str rest = s; str_cut(&rest, '.', &part); parts++) {
        int64_t n;

        if (!part.len || part.len > 3 || !is_digit(part.ptr[0]) || !str_to_int64(part, &n) ||
            n > 255 || (part.len > 1 && part.ptr[0] == '0'))
            return false;
    }
    return parts == 4;
}

static bool is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_ipv6(struct str s)
{
    size_t gap = str_find(s, STR("::"), 0);
    size_t groups = 0;
    struct str part;

    if (str_find_byte(s, ':', 0) == SIZE_MAX ||
        (gap != SIZE_MAX && str_find(s, STR("::"), gap + 1) != SIZE_MAX))
        return false;
    for (struct str rest = s; str_cut(&rest, ':', &part);) {
        if (!part.len)
            continue;
        if (!rest.ptr && is_ipv4(part)) {
            groups += 2;
            continue;
        }
        if (part.len > 4)
            return false;
        for (size_t i = 0; i < part.len; i++)
            if (!is_hex(part.ptr[i]))
                return false;
        groups++;
    }
    return gap != SIZE_MAX ? groups < 8 : groups == 8;
}

bool is_ip(struct str s)
{
    return is_ipv4(s) || is_ipv6(s);
}
