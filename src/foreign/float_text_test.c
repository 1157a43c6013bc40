/* SPDX-License-Identifier: Apache-2.0 */
#include "foreign/float_text.h"

#include "tests/harness.h"

TEST(decimal_text_reads_as_the_nearest_double)
{
    static const struct {
        const char *text;
        bool ok;
        double want;
    } cases[] = {
        { "0", true, 0 },
        { "-1.5", true, -1.5 },
        { "+.5", true, 0.5 },
        { "5.", true, 5 },
        { "1e3", true, 1000 },
        { "1E-3", true, 0.001 },
        { "9007199254740993", true, 9007199254740992.0 },
        { "4.9e-324", true, 0x1p-1074 },
        { "1e-400", true, 0 },
        { "", false, 0 },
        { ".", false, 0 },
        { "e5", false, 0 },
        { "1e", false, 0 },
        { "1e+", false, 0 },
        { "0x10", false, 0 },
        { "1_0", false, 0 },
        { " 1", false, 0 },
        { "1 ", false, 0 },
        { "nan", false, 0 },
        { "inf", false, 0 },
    };
    double x = 0;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        test_label(cases[i].text);
        x = 77;
        CHECK(float_parse(str_from_cstr(cases[i].text), &x) == cases[i].ok);
        CHECK(x == (cases[i].ok ? cases[i].want : 77));
    }
    test_label(NULL);
    CHECK(float_parse(STR("-1e400"), &x) && x == -__builtin_inf());
}

TEST(the_shortest_digits_read_back)
{
    static const struct {
        double x;
        const char *digits;
        int point;
    } cases[] = {
        { 0.1, "1", 0 },          { 1, "1", 1 },
        { 123.25, "12325", 3 },   { 1e21, "1", 22 },
        { 0x1p-1074, "5", -323 }, { 1.7976931348623157e308, "17976931348623157", 309 },
    };
    char digits[FLOAT_TEXT_MAX];
    int point;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int count = float_shortest(cases[i].x, digits, &point);
        test_label(cases[i].digits);
        CHECK_STR(str_of(digits, (size_t)count), cases[i].digits);
        CHECK_INT(point, cases[i].point);
    }
    test_label(NULL);
    CHECK_INT(float_shortest32(0.1, digits, &point), 1);
    CHECK_INT(float_shortest32(16777217, digits, &point), 8);
    CHECK_STR(str_of(digits, 8), "16777216");
}
