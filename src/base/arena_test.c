/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include <stdint.h>
#include <string.h>

#include "base/str.h"
#include "tests/harness.h"

static char order[8];
static size_t order_len;

static void note(void *ptr)
{
    order[order_len++] = *(const char *)ptr;
}

TEST(blocks_are_aligned_and_apart)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    unsigned char *blocks[300];
    for (size_t i = 0; i < 300; i++) {
        blocks[i] = arena_alloc(a, i);
        CHECK_UINT((uintptr_t)blocks[i] % alignof(max_align_t), 0);
        memset(blocks[i], (int)(i & 0xFF), i);
    }
    for (size_t i = 1; i < 300; i++)
        CHECK(blocks[i][0] == (i & 0xFF) && blocks[i][i - 1] == (i & 0xFF));
    CHECK(arena_alloc(a, 0) != arena_alloc(a, 0));
}

TEST(a_large_block_leaves_the_open_chunk_in_use)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    char *first = arena_alloc(a, 16);
    char *large = arena_alloc(a, 10 << 20);
    char *second = arena_alloc(a, 16);
    memset(large, 1, 10 << 20);
    CHECK(second == first + 16);
    CHECK_UINT(arena_used(a), (10u << 20) + 32);
}

TEST(realloc_grows_in_place_at_the_end_and_copies_elsewhere)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    char *p = arena_alloc(a, 16), *grown, *moved;
    memcpy(p, "0123456789abcde", 16);
    grown = arena_realloc(a, p, 16, 64);
    CHECK(grown == p);
    CHECK(arena_realloc(a, p, 64, 8) == p);
    arena_alloc(a, 1);
    moved = arena_realloc(a, p, 64, 128);
    CHECK(moved != p);
    CHECK_STR(moved, "0123456789abcde");
    CHECK_STR(p, "0123456789abcde"); /* the old block stays readable */
    CHECK(arena_realloc(a, NULL, 0, 8) != NULL);
}

TEST(calloc_zeroes_memory_that_was_used_before)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    const char *p;
    memset(arena_alloc(a, 4096), 0xFF, 4096);
    arena_reset(a);
    p = arena_calloc(a, 64, 64);
    for (size_t i = 0; i < 4096; i++)
        if (p[i] != 0) {
            CHECK_INT(p[i], 0);
            break;
        }
    CHECK_UINT(arena_used(a), 4096);
}

TEST(deferred_functions_run_last_first_and_once)
{
    struct arena *a = arena_new(0);
    static char names[] = "abc";
    order_len = 0;
    arena_defer(a, note, &names[0]);
    arena_defer(a, note, &names[1]);
    arena_reset(a);
    CHECK_STR(str_of(order, order_len), "ba");
    arena_defer(a, note, &names[2]);
    arena_free(a);
    CHECK_STR(str_of(order, order_len), "bac");
    arena_free(NULL);
}

TEST(adopting_takes_memory_and_deferred_functions)
{
    struct arena *a = arena_new(0), *from = arena_new(0);
    static char names[] = "ab";
    char *text;
    order_len = 0;
    arena_defer(a, note, &names[0]);
    arena_defer(from, note, &names[1]);
    text = arena_alloc(from, 100000);
    memset(text, 'x', 100000);
    arena_adopt(a, from);
    CHECK(text[99999] == 'x');
    CHECK(arena_used(a) >= 100000);
    arena_free(a);
    CHECK_UINT(order_len, 2);
}

TEST(crossing_the_budget_is_a_flag_not_a_failure)
{
    ARENA_AUTO struct arena *a = arena_new(100);
    arena_alloc(a, 96);
    CHECK(!arena_over_budget(a));
    arena_alloc(a, 16);
    CHECK(arena_over_budget(a));
    arena_reset(a);
    CHECK(!arena_over_budget(a));
}

TEST(a_budget_can_be_lowered_for_a_part_of_the_work)
{
    ARENA_AUTO struct arena *a = arena_new(0);

    (void)arena_alloc(a, 1000);
    CHECK_UINT(arena_set_budget(a, arena_used(a) + 100), 0);
    CHECK(!arena_over_budget(a));
    (void)arena_alloc(a, 200);
    CHECK(arena_over_budget(a));
    (void)arena_set_budget(a, 0);
    CHECK(!arena_over_budget(a));
}
