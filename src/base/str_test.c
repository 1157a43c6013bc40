/* SPDX-License-Identifier: Apache-2.0 */
#include "base/str.h"

#include "base/arena.h"
#include "tests/harness.h"

TEST(byte_order_puts_the_shorter_first)
{
    static const struct {
        const char *a, *b;
        int sign;
    } cases[] = {
        { "", "", 0 },    { "", "a", -1 },  { "a", "", 1 },
        { "a", "b", -1 }, { "ab", "a", 1 }, { "a\xC3", "az", 1 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int got = str_cmp(str_from_cstr(cases[i].a), str_from_cstr(cases[i].b));
        test_label(cases[i].b);
        CHECK_INT((got > 0) - (got < 0), cases[i].sign);
    }
}

TEST(find_answers_with_a_place_or_none)
{
    static const struct {
        const char *s, *needle;
        size_t from, want;
    } cases[] = {
        { "banana", "an", 0, 1 },        { "banana", "an", 2, 3 },
        { "banana", "an", 4, SIZE_MAX }, { "banana", "", 3, 3 },
        { "banana", "", 7, SIZE_MAX },   { "", "a", 0, SIZE_MAX },
        { "ab", "abc", 0, SIZE_MAX },    { "banana", "banana", 0, 0 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        test_label(cases[i].needle);
        CHECK_UINT(
            str_find(str_from_cstr(cases[i].s), str_from_cstr(cases[i].needle), cases[i].from),
            cases[i].want);
    }
    CHECK_UINT(str_find_byte(STR("a/b/c"), '/', 2), 3);
    CHECK_UINT(str_find_byte(STR("abc"), '/', 9), SIZE_MAX);
    CHECK_UINT(str_rfind_byte(STR("a/b/c"), '/'), 3);
    CHECK_UINT(str_rfind_byte(STR_NONE, '/'), SIZE_MAX);
    CHECK(str_contains(STR("abc"), STR("bc")) && !str_contains(STR("abc"), STR("cb")));
}

TEST(slices_are_clamped)
{
    CHECK_STR(str_slice(STR("abc"), 1, 9), "bc");
    CHECK_STR(str_slice(STR("abc"), 2, 1), "");
    CHECK_STR(str_slice(STR("abc"), 5, 9), "");
    CHECK_STR(str_skip(STR("abc"), 2), "c");
    CHECK_STR(str_skip(STR("abc"), 4), "");
    CHECK_STR(str_trim(STR(" \t\n a b \r\n")), "a b");
    CHECK_STR(str_trim(STR(" \t")), "");
    CHECK_STR(str_trim_suffix(STR("a.git"), STR(".git")), "a");
    CHECK_STR(str_trim_prefix(STR("v1"), STR("v")), "1");
    CHECK_STR(str_trim_prefix(STR("v"), STR("v1")), "v");
}

TEST(cut_visits_every_field_and_ends)
{
    static const struct {
        const char *s;
        const char *want; /* fields in brackets */
    } cases[] = {
        { "", "[]" },
        { "a", "[a]" },
        { "a,b", "[a][b]" },
        { ",", "[][]" },
        { "a,,b,", "[a][][b][]" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);
        struct str all = STR("");
        for (struct str part, rest = str_from_cstr(cases[i].s); str_cut(&rest, ',', &part);)
            all = str_printf(a, "%.*s[%.*s]", STR_ARG(all), STR_ARG(part));
        test_label(cases[i].s);
        CHECK_STR(all, cases[i].want);
    }
}

TEST(integers_are_the_whole_text_and_fit)
{
    static const struct {
        const char *text;
        bool ok;
        int64_t want;
    } cases[] = {
        { "0", true, 0 },
        { "-0", true, 0 },
        { "+7", true, 7 },
        { "0012", true, 12 },
        { "9223372036854775807", true, INT64_MAX },
        { "-9223372036854775808", true, INT64_MIN },
        { "9223372036854775808", false, 0 },
        { "-9223372036854775809", false, 0 },
        { "99999999999999999999999", false, 0 },
        { "", false, 0 },
        { "-", false, 0 },
        { "1 ", false, 0 },
        { "0x1", false, 0 },
    };
    uint64_t u = 42;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t n = 77;
        test_label(cases[i].text);
        CHECK(str_to_int64(str_from_cstr(cases[i].text), &n) == cases[i].ok);
        CHECK_INT(n, cases[i].ok ? cases[i].want : 77);
    }
    test_label(NULL);
    CHECK(str_to_uint64(STR("18446744073709551615"), &u));
    CHECK_UINT(u, UINT64_MAX);
    CHECK(!str_to_uint64(STR("18446744073709551616"), &u));
    CHECK(!str_to_uint64(STR("+1"), &u) && !str_to_uint64(STR("-1"), &u));
    CHECK_UINT(u, UINT64_MAX);
}

/* High half of the product over its low half. */
static uint64_t fold_of(uint64_t a, uint64_t b)
{
    uint64_t al = a & 0xFFFFFFFF, ah = a >> 32, bl = b & 0xFFFFFFFF, bh = b >> 32;
    uint64_t middle = ah * bl + (al * bl >> 32), cross = (middle & 0xFFFFFFFF) + al * bh;
    return (ah * bh + (middle >> 32) + (cross >> 32)) ^ (a * b);
}

/* Keys whose second word undoes the first leave the same state behind, for whoever knows the seed. */
TEST(keys_made_to_collide_under_one_seed_do_not_under_another)
{
    uint64_t words[2][2];
    struct str keys[2];
    for (uint64_t i = 0; i < 2; i++) {
        /* What str_hash's first round leaves, so that the second starts from zero. */
        words[i][1] = fold_of(UINT64_C(0x9e3779b97f4a7c15) ^ 16 ^ i, UINT64_C(0xd6e8feb86659fd93));
        words[i][0] = i;
        keys[i] = str_of((const char *)words[i], 16);
    }
    CHECK(str_hash(keys[0]) == str_hash(keys[1]));
    CHECK(str_hash_seeded(keys[0], 7) != str_hash_seeded(keys[1], 7));
}

TEST(copies_live_in_the_arena)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    static const struct str parts[] = { STR_INIT("a"), STR_INIT(""), STR_INIT("c") };
    char bytes[] = "xy";
    struct str copy = str_dup(a, str_of(bytes, 2));
    bytes[0] = '!';
    CHECK_STR(copy, "xy");
    CHECK_STR(str_cstr(a, STR("abc")), "abc");
    CHECK_STR(str_join(a, parts, 3, STR(", ")), "a, , c");
    CHECK_STR(str_join(a, parts, 0, STR(", ")), "");
    CHECK_STR(str_concat(a, STR("ab"), STR_NONE), "ab");
    CHECK_STR(str_lower(a, STR("AbZ\xC3\x84")), "abz\xC3\x84");
    CHECK_STR(str_printf(a, "%d-%s", 7, "x"), "7-x");
    CHECK(str_eq_nocase(STR("True"), STR("tRUE")) && !str_eq_nocase(STR("a"), STR("ab")));
    CHECK(!str_eq_nocase(STR("@"), STR("`")));
    CHECK(str_hash(STR("a")) != str_hash(STR("b")) && str_hash(copy) == str_hash(STR("xy")));
    CHECK(str_has_prefix(STR("abc"), STR("")) && !str_has_prefix(STR("a"), STR("ab")));
    CHECK(str_has_suffix(STR("abc"), STR("bc")) && !str_has_suffix(STR("c"), STR("bc")));
}
