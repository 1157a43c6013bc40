/* SPDX-License-Identifier: Apache-2.0 */
#include "core/apiserver/int_or_percent.h"

static bool percent_of(const struct val *v, int64_t *ret)
{
    struct str digits = str_trim_suffix(val_str(v), STR("%"));

    *ret = 0;
    if (!val_is(v, VAL_STRING) || digits.len == v->text.len || !digits.len)
        return false;
    for (size_t i = 0; i < digits.len; i++)
        if (digits.ptr[i] < '0' || digits.ptr[i] > '9')
            return false;
    return str_to_int64(digits, ret);
}

int64_t int_or_percent_value(const struct val *v)
{
    int64_t n = 0;

    if (val_is(v, VAL_STRING))
        (void)percent_of(v, &n);
    else
        (void)val_to_int64(v, &n);
    return n;
}

void check_int_or_percent(const struct check *c, struct str field, const struct val *v)
{
    int64_t n;

    if (val_is(v, VAL_STRING) && !percent_of(v, &n))
        check_invalid(c, field, v,
                      "a valid percent string must be a numeric string followed by an ending '%' "
                      "(e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')");
    else if (v && !val_is(v, VAL_STRING))
        (void)check_non_negative(c, field, v);
}

void check_percent_max(const struct check *c, struct str field, const struct val *v)
{
    int64_t n;

    if (percent_of(v, &n) && n > 100)
        check_invalid(c, field, v, "must not be greater than 100%");
}
