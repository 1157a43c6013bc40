/* SPDX-License-Identifier: Apache-2.0 */
#include "base/sort.h"

#include "base/arena.h"
#include "tests/harness.h"

struct item {
    int key;
    int place; /* before sorting */
};

static bool by_key(const void *x, const void *y)
{
    return ((const struct item *)x)->key < ((const struct item *)y)->key;
}

TEST(any_length_is_sorted_and_equals_stay_in_order)
{
    for (size_t count = 0; count < 70; count++) {
        ARENA_AUTO struct arena *a = arena_new(0);
        struct item items[70];

        for (size_t i = 0; i < count; i++)
            items[i] = (struct item){ (int)(i * 7 % 5), (int)i };
        sort_stable(a, items, count, sizeof *items, by_key);
        for (size_t i = 1; i < count; i++)
            CHECK(items[i - 1].key < items[i].key ||
                  (items[i - 1].key == items[i].key && items[i - 1].place < items[i].place));
    }
}
