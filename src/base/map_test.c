/* SPDX-License-Identifier: Apache-2.0 */
#include "base/map.h"

#include "base/arena.h"
#include "base/table.h"
#include "base/vec.h"
#include "tests/harness.h"

enum { MANY = 1000 };

static struct str key_of(struct arena *a, int i)
{
    return str_printf(a, "key-%d", i);
}

TEST(a_map_keeps_the_order_of_insertion)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct map m;
    static int values[MANY];
    map_init(&m, a);
    CHECK(map_get(&m, STR("none")) == NULL && map_remove(&m, STR("none")) == NULL);
    for (int i = 0; i < MANY; i++)
        CHECK(map_set(&m, key_of(a, i), &values[i]) == NULL);
    CHECK_UINT(m.count, MANY);
    for (int i = 0; i < MANY; i++) {
        CHECK(map_get(&m, key_of(a, i)) == &values[i]);
        CHECK_STR(m.entries[i].key, key_of(a, i));
    }
    CHECK(map_set(&m, STR("key-7"), &values[0]) == &values[7]);
    CHECK_UINT(m.count, MANY);
}

TEST(a_removed_key_can_come_back)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct map m;
    int one, two;
    map_init(&m, a);
    map_set(&m, STR(""), &one);
    CHECK(map_remove(&m, STR("")) == &one);
    CHECK(map_remove(&m, STR("")) == NULL);
    CHECK_UINT(m.count, 0);
    CHECK(map_get(&m, STR("")) == NULL);
    CHECK(map_set(&m, STR(""), &two) == NULL);
    CHECK(map_get(&m, STR("")) == &two);
    CHECK_UINT(m.count, 1);
}

TEST(a_table_survives_coming_and_going)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct heap h = { .owner = "test" };
    struct table t;
    static int values[MANY];
    size_t seen = 0;
    table_init(&t, &h);
    CHECK(table_get(&t, STR("x")) == NULL && table_remove(&t, STR("x")) == NULL);
    for (int round = 0; round < 5; round++) {
        for (int i = 0; i < MANY; i++)
            CHECK(table_put(&t, key_of(a, i), &values[i]) == NULL);
        CHECK(table_put(&t, STR("key-1"), &values[2]) == &values[1]);
        for (int i = 0; i < MANY; i += 1 + (round == 4))
            CHECK(table_remove(&t, key_of(a, i)) != NULL);
        CHECK_UINT(t.count, round == 4 ? MANY / 2 : 0);
    }
    CHECK(t.slot_count <= 8 * MANY); /* removed entries are not kept for ever */
    for (size_t at = 0; table_next(&t, &at);)
        seen++;
    CHECK_UINT(seen, MANY / 2);
    CHECK(table_get(&t, STR("key-3")) == &values[3] && table_get(&t, STR("key-4")) == NULL);
    table_done(&t);
    CHECK_UINT(h.used, 0);
}

TEST(removing_while_walking_a_table_visits_all)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct heap h = { .owner = "test" };
    struct table t;
    static int values[100];
    size_t seen = 0;
    table_init(&t, &h);
    for (int i = 0; i < 100; i++)
        table_put(&t, key_of(a, i), &values[i]);
    for (size_t at = 0;; seen++) {
        const int *v = table_next(&t, &at);
        if (!v)
            break;
        table_remove(&t, key_of(a, (int)(v - values)));
    }
    CHECK_UINT(seen, 100);
    CHECK_UINT(t.count, 0);
    table_done(&t);
}

TEST(a_vector_gives_zeroed_elements_and_keeps_old_ones)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    VEC(int) v = VEC_INIT;
    for (int i = 0; i < 100; i++) {
        int *last = VEC_PUSH(a, &v);
        CHECK_INT(*last, 0);
        *last = i;
        arena_alloc(a, 1); /* so that growing has to move */
    }
    for (int i = 0; i < 100; i++)
        CHECK_INT(v.items[i], i);
}
