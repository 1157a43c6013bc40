/* SPDX-License-Identifier: Apache-2.0 */
#include "foreign/base64.h"

#include "base/arena.h"
#include "tests/harness.h"

/* RFC 4648 section 10. */
TEST(the_rfcs_examples_read_and_print)
{
    static const char *const cases[][2] = {
        { "", "" },
        { "f", "Zg==" },
        { "fo", "Zm8=" },
        { "foo", "Zm9v" },
        { "foob", "Zm9vYg==" },
        { "fooba", "Zm9vYmE=" },
        { "foobar", "Zm9vYmFy" },
        { "\xFB\xFF", "+/8=" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);
        struct str back;
        test_label(cases[i][1]);
        CHECK_STR(base64_encode(a, str_from_cstr(cases[i][0])), cases[i][1]);
        REQUIRE(base64_decode(a, str_from_cstr(cases[i][1]), BASE64_STRICT, &back));
        CHECK_STR(back, cases[i][0]);
    }
}

TEST(what_is_not_base64_is_refused)
{
    static const char *const cases[] = {
        "Z",    "Zg",        "Zg=",        "Zg===", "=Zg=", "Zg==Zg==",
        "Zm9-", "Zm9v Yg==", "Zm9v\nYg==", "====",  "Z===",
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);
        struct str back = STR("untouched");
        test_label(cases[i]);
        CHECK(!base64_decode(a, str_from_cstr(cases[i]), BASE64_STRICT, &back));
        CHECK_STR(back, "untouched");
    }
}

TEST(line_breaks_are_skipped_when_asked)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct str back;
    REQUIRE(base64_decode(a, STR("Zm9v\r\nYm\nFy\n"), BASE64_SKIP_LINE_BREAKS, &back));
    CHECK_STR(back, "foobar");
    CHECK(!base64_decode(a, STR("Zm9v Yg=="), BASE64_SKIP_LINE_BREAKS, &back));
}
