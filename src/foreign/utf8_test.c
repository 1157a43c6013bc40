/* SPDX-License-Identifier: Apache-2.0 */
#include "foreign/utf8.h"

#include "base/arena.h"
#include "base/buf.h"
#include "tests/harness.h"

TEST(only_well_formed_sequences_are_utf8)
{
    static const struct {
        const char *s;
        size_t want; /* offset of the first bad byte */
    } cases[] = {
        { "", SIZE_MAX },
        { "0123456789abcdef", SIZE_MAX },
        { "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80", SIZE_MAX },
        { "\xEF\xBF\xBF\xF4\x8F\xBF\xBF", SIZE_MAX },
        { "ab\x80", 2 },       /* a continuation alone */
        { "01234567\xC3", 8 }, /* cut off */
        { "\xC0\xAF", 0 },     /* longer than need be */
        { "\xE0\x9F\xBF", 0 },
        { "\xF0\x8F\xBF\xBF", 0 },
        { "a\xED\xA0\x80", 1 },    /* a surrogate */
        { "\xF4\x90\x80\x80", 0 }, /* beyond U+10FFFF */
        { "\xF5\x80\x80\x80", 0 },
        { "\xE2\x82(", 0 },
        { "\xFF", 0 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        test_label(cases[i].s);
        CHECK_UINT(utf8_find_invalid(str_from_cstr(cases[i].s)), cases[i].want);
    }
}

TEST(an_ill_formed_byte_decodes_to_the_replacement)
{
    uint32_t r = 1;
    CHECK_UINT(utf8_decode(STR(""), &r), 0);
    CHECK_UINT(utf8_decode(STR("\xE2\x82\xAC!"), &r), 3);
    CHECK_UINT(r, 0x20AC);
    CHECK_UINT(utf8_decode(STR("\xE2\x82"), &r), 1);
    CHECK_UINT(r, 0xFFFD);
    CHECK_UINT(utf8_decode(STR("\0"), &r), 1);
    CHECK_UINT(r, 0);
}

TEST(every_rune_reads_back)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    for (uint32_t r = 0; r <= 0x110000; r += r < 0x3000 ? 1 : 257) {
        bool real = r <= 0x10FFFF && (r < 0xD800 || r > 0xDFFF);
        struct buf b;
        uint32_t back;
        buf_init(&b, a, 0);
        utf8_put(&b, r);
        if (utf8_decode(buf_str(&b), &back) != b.len || back != (real ? r : 0xFFFD))
            CHECK_UINT(back, r);
        arena_reset(a);
    }
}

TEST(letters_and_digits_are_unicodes)
{
    CHECK(utf8_is_letter('a') && utf8_is_letter(0xE9) && utf8_is_letter(0x4E2D));
    CHECK(!utf8_is_letter('1') && !utf8_is_letter('-') && !utf8_is_letter(0x0301));
    CHECK(utf8_is_digit('7') && utf8_is_digit(0x0663));
    CHECK(!utf8_is_digit(0x2167) && !utf8_is_digit('x'));
}
