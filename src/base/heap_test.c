/* SPDX-License-Identifier: Apache-2.0 */
#include "base/heap.h"

#include "base/arena.h"
#include "base/secret.h"
#include "tests/harness.h"

TEST(a_heap_counts_to_the_byte)
{
    struct heap h = { .owner = "test", .budget = 100 };
    struct str copy;
    unsigned char *p = heap_alloc(&h, 64);
    CHECK_UINT(h.used, 64);
    for (size_t i = 0; i < 64; i++)
        CHECK_INT(p[i], 0);
    copy = heap_str(&h, STR("0123456789012345678901234567890123456789"));
    CHECK(heap_over_budget(&h));
    CHECK_STR(copy, "0123456789012345678901234567890123456789");
    heap_str_free(&h, copy);
    CHECK(!heap_over_budget(&h));
    heap_free(&h, p, 64);
    heap_free(&h, NULL, 0);
    heap_str_free(&h, heap_str(&h, STR("")));
    CHECK_UINT(h.used, 0);
}

TEST(secrets_compare_by_content)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct secret one = secret_new(a, STR("hunter2")), same = secret_new(a, STR("hunter2"));
    struct secret other = secret_new(a, STR("hunter3")), none = { NULL };
    CHECK(secret_eq(one, same) && secret_eq_str(one, STR("hunter2")));
    CHECK(!secret_eq(one, other) && !secret_eq_str(one, STR("hunter")));
    CHECK(!secret_eq(none, none) && !secret_eq(one, none));
    CHECK(secret_is_set(one) && !secret_is_set(none));
    CHECK_STR(secret_reveal(one), "hunter2");
    CHECK_UINT(secret_reveal(none).len, 0);
}

TEST(a_wiped_block_is_zero)
{
    char bytes[16] = "secret";
    secret_wipe(bytes, sizeof bytes);
    for (size_t i = 0; i < sizeof bytes; i++)
        CHECK_INT(bytes[i], 0);
}
