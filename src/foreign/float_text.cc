/* SPDX-License-Identifier: Apache-2.0 */
#include "foreign/float_text.h"

#include <double-conversion/double-to-string.h>
#include <double-conversion/string-to-double.h>

using double_conversion::DoubleToStringConverter;
using double_conversion::StringToDoubleConverter;

/* The converter also takes what strtod would ("inf", "1."), so the grammar is checked here. */
static bool is_decimal(struct str s)
{
    size_t i = 0, digits = 0;

    if (i < s.len && (s.ptr[i] == '+' || s.ptr[i] == '-'))
        i++;
    for (; i < s.len && s.ptr[i] >= '0' && s.ptr[i] <= '9'; i++)
        digits++;
    if (i < s.len && s.ptr[i] == '.')
        for (i++; i < s.len && s.ptr[i] >= '0' && s.ptr[i] <= '9'; i++)
            digits++;
    if (digits == 0)
        return false;
    if (i < s.len && (s.ptr[i] == 'e' || s.ptr[i] == 'E')) {
        size_t from = ++i;

        if (i < s.len && (s.ptr[i] == '+' || s.ptr[i] == '-'))
            from = ++i;
        for (; i < s.len && s.ptr[i] >= '0' && s.ptr[i] <= '9'; i++)
            ;
        if (i == from)
            return false;
    }
    return i == s.len;
}

bool float_parse(struct str s, double *ret)
{
    int used = 0;
    double x;

    if (!is_decimal(s) || s.len > 100000)
        return false;
    StringToDoubleConverter converter(StringToDoubleConverter::NO_FLAGS, 0.0, 0.0, nullptr,
                                      nullptr);
    x = converter.StringToDouble(s.ptr, static_cast<int>(s.len), &used);
    if (used != static_cast<int>(s.len))
        return false;
    *ret = x;
    return true;
}

static int shortest(double x, DoubleToStringConverter::DtoaMode mode, char *digits, int *ret_point)
{
    bool negative = false;
    int count = 0;

    DoubleToStringConverter::DoubleToAscii(x, mode, 0, digits, FLOAT_TEXT_MAX, &negative, &count,
                                           ret_point);
    return count;
}

int float_shortest(double x, char digits[FLOAT_TEXT_MAX], int *ret_point)
{
    return shortest(x, DoubleToStringConverter::SHORTEST, digits, ret_point);
}

int float_shortest32(double x, char digits[FLOAT_TEXT_MAX], int *ret_point)
{
    return shortest(static_cast<double>(static_cast<float>(x)),
                    DoubleToStringConverter::SHORTEST_SINGLE, digits, ret_point);
}
