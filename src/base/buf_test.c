/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"

#include "base/arena.h"
#include "tests/harness.h"

TEST(appending_grows_and_keeps)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct buf b;
    buf_init(&b, a, 0);
    CHECK_UINT(buf_str(&b).len, 0);
    buf_put(&b, STR("ab"));
    buf_put(&b, STR_NONE);
    buf_put_byte(&b, '-');
    buf_fill(&b, 'x', 3);
    buf_fill(&b, 'y', 0);
    buf_printf(&b, "[%d|%s]", 42, "z");
    buf_printf(&b, "%s", "");
    CHECK_STR(buf_str(&b), "ab-xxx[42|z]");
    buf_truncate(&b, 2);
    buf_truncate(&b, 9);
    CHECK_STR(buf_str(&b), "ab");
    buf_truncate(&b, 0);
    buf_printf(&b, "%0300d", 7);
    CHECK_UINT(b.len, 300);
    buf_truncate(&b, 2);
    for (int i = 0; i < 1000; i++)
        buf_put(&b, STR("0123456789"));
    CHECK_UINT(b.len, 10002);
    CHECK_STR(str_slice(buf_str(&b), 0, 5), "00012");
    CHECK_STR(str_slice(buf_str(&b), 9992, SIZE_MAX), "0123456789");
}

TEST(integers_print_to_their_ends)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct buf b;
    buf_init(&b, a, 0);
    buf_put_int(&b, 0);
    buf_put_byte(&b, ' ');
    buf_put_int(&b, INT64_MIN);
    buf_put_byte(&b, ' ');
    buf_put_int(&b, INT64_MAX);
    CHECK_STR(buf_str(&b), "0 -9223372036854775808 9223372036854775807");
}

TEST(what_crosses_the_maximum_is_dropped_and_told)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct buf b;
    buf_init(&b, a, 4);
    buf_put(&b, STR("abcd"));
    CHECK(!b.overflowed);
    buf_put_byte(&b, 'e');
    CHECK(b.overflowed);
    CHECK_STR(buf_str(&b), "abcd");
    CHECK(buf_reserve(&b, SIZE_MAX) == NULL);
}

TEST(printing_fills_the_maximum_to_its_last_byte)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct buf b;
    buf_init(&b, a, 4);
    buf_printf(&b, "%s", "abcd");
    CHECK_STR(buf_str(&b), "abcd");
    CHECK(!b.overflowed);
}

TEST(wiping_leaves_no_byte)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct buf b;
    buf_init(&b, a, 0);
    buf_put(&b, STR("secret"));
    buf_wipe(&b);
    CHECK_UINT(b.len, 0);
    CHECK(str_eq(str_of(b.ptr, 6), STR("\0\0\0\0\0\0")));
}
