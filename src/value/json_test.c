/* SPDX-License-Identifier: Apache-2.0 */
#include "value/json.h"

#include "base/limits.h"
#include "tests/harness.h"

/* Printing: what Go's encoding/json prints. */
TEST(what_is_read_prints_as_go_does)
{
    static const char *const cases[][2] = {
        { " null ", "null" },
        { "[1, -0, 1.0, 1e2, 1E-7, 0.000001, 1e21, 123456789012345678901]",
          "[1,0,1,100,1e-7,0.000001,1e+21,123456789012345680000]" },
        { "9223372036854775807", "9223372036854775807" },
        { "-9223372036854775809", "-9223372036854776000" },
        { "\"\\u00e9\\ud83d\\ude00\"", "\"\xC3\xA9\xF0\x9F\x98\x80\"" },
        { "\"\\ud800x\"", "\"\xEF\xBF\xBDx\"" },
        { "\"\\/\\b\\f\\n\\r\\t\\\"\\\\\"", "\"/\\b\\f\\n\\r\\t\\\"\\\\\"" },
        { "\"\\u0000\\u001f\x7F<&>\"", "\"\\u0000\\u001f\x7F<&>\"" },
        { "\"\xE2\x80\xA8\"", "\"\\u2028\"" },
        { "{\"b\":1,\"a\":{}}", "{\"b\":1,\"a\":{}}" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);
        const struct val *v;
        test_label(cases[i][0]);
        REQUIRE(json_read(a, str_from_cstr(cases[i][0]), STR("t"), JSON_READ_DEFAULT, &v) == NULL);
        CHECK_STR(json_string(a, v, JSON_COMPACT), cases[i][1]);
    }
}

TEST(bad_text_is_refused_with_its_place)
{
    static const struct {
        const char *text, *want;
    } cases[] = {
        { "", "t:1:1: " },
        { "[1,]", "t:1:4: expected a value" },
        { "[1 2]", "t:1:4: expected ',' or ']'" },
        { "{\"a\":1\n,}", "t:2:2: expected a string as key" },
        { "{\"a\" 1}", "t:1:6: expected ':' after a key" },
        { "{\"a\":1,\n \"a\":2}", "t:2:2: duplicate key \"a\"" },
        { "01", "t:1:2: text after the top-level value" },
        { "-", "unexpected end" },
        { "1.", "unexpected end" },
        { "[1.]", "invalid number" },
        { "[-]", "invalid number" },
        { ".5", "t:1:1: " },
        { "1e999", "t:1:1: number out of range" },
        { "tru", "expected a value" },
        { "nullx", "text after the top-level value" },
        { "\"a", "unexpected end" },
        { "\"a\nb\"", "control character in a string" },
        { "\"\\x\"", "invalid escape in a string" },
        { "\"\\u12g4\"", "invalid escape in a string" },
        { "\"\xC3(\"", "t: byte 1 is not UTF-8" },
        { "'a'", "expected a value" },
        { "[1] x", "text after the top-level value" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);
        const struct val *v = &val_true;
        struct err *e = json_read(a, str_from_cstr(cases[i].text), STR("t"), 0, &v);
        test_label(cases[i].text);
        REQUIRE(e != NULL);
        CHECK_INT(e->code, ERR_INVALID);
        CHECK_HAS(err_line(a, e), cases[i].want);
        CHECK(v == &val_true);
    }
}

TEST(depth_ends_at_the_limit)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    const struct val *v;
    struct buf b;
    struct err *e;
    buf_init(&b, a, 0);
    buf_fill(&b, '[', LIMIT_TREE_DEPTH);
    buf_fill(&b, ']', LIMIT_TREE_DEPTH);
    CHECK(json_read(a, buf_str(&b), STR("t"), 0, &v) == NULL);
    buf_truncate(&b, 0);
    buf_fill(&b, '[', 100000);
    e = json_read(a, buf_str(&b), STR("t"), 0, &v);
    REQUIRE(e != NULL);
    CHECK_INT(e->code, ERR_TOO_LARGE);
}

TEST(flags_change_duplicates_and_layout)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    const struct val *v;
    REQUIRE(json_read(a, STR("{\"b\":[1,{}],\"a\":1,\"b\":\"<\"}"), STR("t"),
                      JSON_READ_LAST_KEY_WINS | JSON_READ_BORROW, &v) == NULL);
    CHECK_STR(json_string(a, v, JSON_ESCAPE_HTML), "{\"b\":\"\\u003c\",\"a\":1}");
    CHECK_STR(json_string(a, v, JSON_SORTED | JSON_INDENT2), "{\n  \"a\": 1,\n  \"b\": \"<\"\n}");
    CHECK_STR(json_string(a, v, JSON_SORTED | JSON_INDENT),
              "{\n    \"a\": 1,\n    \"b\": \"<\"\n}");
    CHECK_STR(json_string(a, &val_empty_map, JSON_INDENT), "{}");
}
