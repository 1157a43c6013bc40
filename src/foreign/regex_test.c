/* SPDX-License-Identifier: Apache-2.0 */
#include "foreign/regex.h"

#include "base/arena.h"
#include "foreign/digest.h"
#include "tests/harness.h"

TEST(patterns_are_gos)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct regex *re;
    size_t at[4];
    REQUIRE(regex_compile(a, STR("^(?<word>[a-z]+)$"), &re) == NULL);
    CHECK(regex_is_match(re, STR("abc")));
    CHECK(!regex_is_match(re, STR("abc1")));
    CHECK_UINT(regex_group_named(re, STR("word")), 1);
    REQUIRE(regex_find(re, STR("xyz"), 0, at, 2));
    CHECK_UINT(at[3], 3);
    CHECK(regex_compile(a, STR("a\\Cb"), &re) != NULL);
    CHECK(regex_compile(a, STR("(a"), &re) != NULL);
    CHECK(regex_compile(a, STR("(?=a)"), &re) != NULL);
}

TEST(an_evil_pattern_is_linear)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct regex *re;
    char text[4096];
    memset(text, 'a', sizeof text);
    REQUIRE(regex_compile(a, STR("^(a+)+$"), &re) == NULL);
    CHECK(regex_is_match(re, str_of(text, sizeof text)));
    text[sizeof text - 1] = '!';
    CHECK(!regex_is_match(re, str_of(text, sizeof text)));
}

TEST(digests)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    uint8_t whole[DIGEST_BYTES_MAX], parts[DIGEST_BYTES_MAX];
    CHECK_STR(digest_hex(a, DIGEST_SHA256, STR("abc")),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    struct digest *d = digest_new(a, DIGEST_SHA512);
    digest_add(d, STR("ab"));
    digest_add(d, STR("c"));
    digest_finish(d, parts);
    digest_bytes(DIGEST_SHA512, STR("abc"), whole);
    CHECK(memcmp(whole, parts, digest_size(DIGEST_SHA512)) == 0);
}
