/* SPDX-License-Identifier: Apache-2.0 */
#include "core/apiserver/checks.h"

#include "core/apiserver/names.h"

/* ---- places ---- */

struct str at_field(const struct check *c, struct str parent, const char *child)
{
    if (!parent.len)
        return str_from_cstr(child);
    return str_printf(c->arena, "%.*s.%s", STR_ARG(parent), child);
}

struct str at_index(const struct check *c, struct str parent, size_t index)
{
    return str_printf(c->arena, "%.*s[%zu]", STR_ARG(parent), index);
}

struct str at_key(const struct check *c, struct str parent, struct str key)
{
    return str_printf(c->arena, "%.*s[%.*s]", STR_ARG(parent), STR_ARG(key));
}

/* ---- reports ---- */

void check_required(const struct check *c, struct str field, const char *detail)
{
    field_error_add(c->arena, c->errs, FIELD_REQUIRED, field, NULL, str_from_cstr(detail));
}

void check_invalid(const struct check *c, struct str field, const struct val *v, const char *detail)
{
    field_error_add(c->arena, c->errs, FIELD_INVALID, field, v, str_from_cstr(detail));
}

void check_invalid_text(const struct check *c, struct str field, struct str value,
                        struct str detail)
{
    field_error_add(c->arena, c->errs, FIELD_INVALID, field, val_string(c->arena, value), detail);
}

void check_forbidden(const struct check *c, struct str field, const char *detail)
{
    field_error_add(c->arena, c->errs, FIELD_FORBIDDEN, field, NULL, str_from_cstr(detail));
}

void check_duplicate(const struct check *c, struct str field, const struct val *v)
{
    field_error_add(c->arena, c->errs, FIELD_DUPLICATE, field, v, STR(""));
}

void check_too_long(const struct check *c, struct str field, size_t bytes_max)
{
    field_error_add(c->arena, c->errs, FIELD_TOO_LONG, field, NULL,
                    str_printf(c->arena, "may not be more than %zu bytes", bytes_max));
}

void check_not_supported(const struct check *c, struct str field, const struct val *v,
                         const char *supported)
{
    struct str list = STR("supported values: ");
    struct str one;
    bool first = true;

    for (struct str rest = str_from_cstr(supported); str_cut(&rest, ',', &one); first = false)
        list = str_printf(c->arena, "%.*s%s\"%.*s\"", STR_ARG(list), first ? "" : ", ",
                          STR_ARG(one));
    field_error_add(c->arena, c->errs, FIELD_NOT_SUPPORTED, field, v, list);
}

/* ---- rules ---- */

bool check_one_of(const struct check *c, struct str field, const struct val *v,
                  const char *supported)
{
    struct str one;

    for (struct str rest = str_from_cstr(supported); str_cut(&rest, ',', &one);)
        if (str_eq(one, val_str(v)))
            return true;
    check_not_supported(c, field, v ? v : &val_empty_string, supported);
    return false;
}

bool check_non_negative(const struct check *c, struct str field, const struct val *v)
{
    int64_t n = 0;

    if (!val_to_int64(v, &n) || n >= 0)
        return true;
    check_invalid(c, field, v, "must be greater than or equal to 0");
    return false;
}

bool check_port(const struct check *c, struct str field, const struct val *v)
{
    int64_t n = 0;

    if (val_to_int64(v, &n) && n >= 1 && n <= 65535)
        return true;
    check_invalid(c, field, v ? v : val_int(c->arena, 0), "must be between 1 and 65535, inclusive");
    return false;
}

/* Reports every problem that a rule of names.h finds. */
static bool report(const struct check *c, struct str field, struct str value,
                   const struct name_problems *p)
{
    for (size_t i = 0; i < p->count; i++)
        check_invalid_text(c, field, value, p->items[i]);
    return p->count == 0;
}

#define NAME_CHECK(function, rule)                                          \
    bool function(const struct check *c, struct str field, struct str name) \
    {                                                                       \
        struct name_problems p = { 0 };                                     \
                                                                            \
        rule(c->arena, name, &p);                                           \
        return report(c, field, name, &p);                                  \
    }

NAME_CHECK(check_port_name, name_port)
NAME_CHECK(check_dns_label, name_dns_label)
NAME_CHECK(check_dns_subdomain, name_dns_subdomain)
NAME_CHECK(check_dns1035_label, name_dns1035_label)
NAME_CHECK(check_path_segment, name_path_segment)
NAME_CHECK(check_qualified_name, name_label_key)
NAME_CHECK(check_label_value, name_label_value)
NAME_CHECK(check_config_key, name_config_key)
NAME_CHECK(check_env_name, name_env)

bool check_labels(const struct check *c, struct str field, const struct val *labels)
{
    bool good = true;

    for (size_t i = 0; i < val_count(labels); i++) {
        good = check_qualified_name(c, field, labels->fields[i].key) && good;
        good = check_label_value(c, field, val_str(labels->fields[i].value)) && good;
    }
    return good;
}

bool check_ip(const struct check *c, struct str field, struct str text)
{
    if (is_ip(text))
        return true;
    check_invalid_text(c, field, text,
                       STR("must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"));
    return false;
}

static bool check_expression(const struct check *c, struct str field, const struct val *e)
{
    struct str op = val_get_str(e, "operator");
    const struct val *values = val_get(e, STR("values"));
    bool good = true;

    if (str_is(op, "In") || str_is(op, "NotIn")) {
        good = val_count(values) > 0;
        if (!good)
            check_required(c, at_field(c, field, "values"),
                           "must be specified when `operator` is 'In' or 'NotIn'");
    } else if (str_is(op, "Exists") || str_is(op, "DoesNotExist")) {
        good = val_count(values) == 0;
        if (!good)
            check_forbidden(c, at_field(c, field, "values"),
                            "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
    } else {
        good = false;
        check_invalid_text(c, at_field(c, field, "operator"), op,
                           STR("not a valid selector operator"));
    }
    good = check_qualified_name(c, at_field(c, field, "key"), val_get_str(e, "key")) && good;
    for (size_t i = 0; i < val_count(values); i++)
        good = check_label_value(c, at_index(c, at_field(c, field, "values"), i),
                                 val_str(values->items[i])) &&
               good;
    return good;
}

bool check_label_selector(const struct check *c, struct str field, const struct val *selector)
{
    const struct val *list = val_get(selector, STR("matchExpressions"));
    bool good = check_labels(c, at_field(c, field, "matchLabels"),
                             val_get(selector, STR("matchLabels")));

    for (size_t i = 0; i < val_count(list); i++)
        good = check_expression(c, at_index(c, at_field(c, field, "matchExpressions"), i),
                                list->items[i]) &&
               good;
    return good;
}

bool check_immutable(const struct check *c, struct str field, const struct val *v,
                     const struct val *old)
{
    if (v == old || (v && old && val_eq(v, old)))
        return true;
    check_invalid(c, field, v, "field is immutable");
    return false;
}

struct str label_key_problem(struct arena *a, struct str key)
{
    struct name_problems p = { 0 };

    name_label_key(a, key, &p);
    return p.count ? str_join(a, p.items, p.count, STR("; ")) : STR("");
}

struct str label_value_problem(struct arena *a, struct str value)
{
    struct name_problems p = { 0 };

    name_label_value(a, value, &p);
    return p.count ? str_join(a, p.items, p.count, STR("; ")) : STR("");
}

bool is_cidr(struct str s)
{
    size_t slash = str_find_byte(s, '/', 0);
    struct str address = str_slice(s, 0, slash);
    int64_t limit = str_find_byte(address, ':', 0) == SIZE_MAX ? 32 : 128;
    int64_t bits;

    return slash != SIZE_MAX && is_ip(address) && str_to_int64(str_skip(s, slash + 1), &bits) &&
           bits >= 0 && bits <= limit;
}
