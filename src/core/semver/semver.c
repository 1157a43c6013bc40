/* SPDX-License-Identifier: Apache-2.0 */
#include "core/semver/semver.h"

#include "base/buf.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_identifier(char c)
{
    return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '-';
}

static bool all_digits(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!is_digit(s.ptr[i]))
            return false;
    return s.len > 0;
}

const char *semver_check_pre(struct str s)
{
    struct str part;

    while (str_cut(&s, '.', &part)) {
        for (size_t i = 0; i < part.len; i++)
            if (!is_identifier(part.ptr[i]))
                return "invalid prerelease string";
        if (all_digits(part) && part.len > 1 && part.ptr[0] == '0')
            return "version segment starts with 0";
    }
    return NULL;
}

const char *semver_check_metadata(struct str s)
{
    struct str part;

    while (str_cut(&s, '.', &part))
        for (size_t i = 0; i < part.len; i++)
            if (!is_identifier(part.ptr[i]))
                return "invalid metadata string";
    return NULL;
}

/* Identifiers between dots, none of them empty. */
static bool take_identifiers(struct str *s, struct str *ret)
{
    size_t n = 0;

    for (;;) {
        size_t begin = n;

        while (n < s->len && is_identifier(s->ptr[n]))
            n++;
        if (n == begin)
            return false;
        if (n + 1 >= s->len || s->ptr[n] != '.' || !is_identifier(s->ptr[n + 1]))
            break;
        n++;
    }
    *ret = str_slice(*s, 0, n);
    *s = str_skip(*s, n);
    return true;
}

static const char *take_number(struct str *s, uint64_t *ret)
{
    size_t n = 0;

    while (n < s->len && is_digit(s->ptr[n]))
        n++;
    if (n == 0)
        return "invalid semantic version";
    if (!str_to_uint64(str_slice(*s, 0, n), ret))
        return "error parsing version segment: value out of range";
    *s = str_skip(*s, n);
    return NULL;
}

const char *semver_parse(struct str s, struct semver *ret)
{
    uint64_t *const parts[] = { &ret->major, &ret->minor, &ret->patch };
    const char *wrong;

    *ret = (struct semver){ .original = s, .pre = STR(""), .metadata = STR("") };
    if (s.len > SEMVER_VERSION_BYTES_MAX)
        return "version string is too long (max 256 bytes)";
    if (s.len > 0 && s.ptr[0] == 'v')
        s = str_skip(s, 1);
    for (int i = 0; i < 3; i++) {
        if (i > 0 && !(s.len > 1 && s.ptr[0] == '.' && is_digit(s.ptr[1])))
            break;
        s = str_skip(s, i > 0 ? 1 : 0);
        wrong = take_number(&s, parts[i]);
        if (wrong)
            return wrong;
    }
    if (s.len > 0 && s.ptr[0] == '-') {
        s = str_skip(s, 1);
        if (!take_identifiers(&s, &ret->pre))
            return "invalid semantic version";
    }
    if (s.len > 0 && s.ptr[0] == '+') {
        s = str_skip(s, 1);
        if (!take_identifiers(&s, &ret->metadata))
            return "invalid semantic version";
    }
    return s.len > 0 ? "invalid semantic version" : semver_check_pre(ret->pre);
}

static int compare_numbers(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int compare_part(struct str a, struct str b)
{
    bool a_number = all_digits(a), b_number = all_digits(b);
    uint64_t na = 0, nb = 0;

    if (str_eq(a, b))
        return 0;
    if (a.len == 0 || b.len == 0) /* the shorter one is smaller */
        return a.len == 0 ? -1 : 1;
    if (a_number && b_number && str_to_uint64(a, &na) && str_to_uint64(b, &nb))
        return na > nb ? 1 : -1;
    if (a_number != b_number)
        return a_number ? -1 : 1;
    return str_cmp(a, b) > 0 ? 1 : -1;
}

static int compare_pre(struct str a, struct str b)
{
    struct str pa = STR(""), pb = STR("");

    if (str_eq(a, b))
        return 0;
    if (a.len == 0 || b.len == 0)
        return a.len == 0 ? 1 : -1;
    for (;;) {
        bool has_a = str_cut(&a, '.', &pa), has_b = str_cut(&b, '.', &pb);
        int order;

        if (!has_a && !has_b)
            return 0;
        order = compare_part(has_a ? pa : STR(""), has_b ? pb : STR(""));
        if (order != 0)
            return order;
    }
}

bool semver_is_strict(struct str s)
{
    struct str core = str_slice(s, 0, str_find_byte(s, '-', 0)), part;
    struct semver v;
    size_t parts = 0;

    core = str_slice(core, 0, str_find_byte(core, '+', 0));
    while (str_cut(&core, '.', &part)) {
        if (part.len > 1 && part.ptr[0] == '0')
            return false;
        parts++;
    }
    return parts == 3 && s.ptr[0] != 'v' && !semver_parse(s, &v);
}

int semver_compare(const struct semver *a, const struct semver *b)
{
    int order = compare_numbers(a->major, b->major);

    if (order == 0)
        order = compare_numbers(a->minor, b->minor);
    if (order == 0)
        order = compare_numbers(a->patch, b->patch);
    return order != 0 ? order : compare_pre(a->pre, b->pre);
}

struct str semver_format(struct arena *a, const struct semver *v)
{
    struct buf out;

    buf_init(&out, a, 0);
    buf_printf(&out, "%llu.%llu.%llu", (unsigned long long)v->major, (unsigned long long)v->minor,
               (unsigned long long)v->patch);
    if (v->pre.len > 0)
        buf_printf(&out, "-%.*s", STR_ARG(v->pre));
    if (v->metadata.len > 0)
        buf_printf(&out, "+%.*s", STR_ARG(v->metadata));
    return buf_str(&out);
}
