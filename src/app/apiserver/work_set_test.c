/* SPDX-License-Identifier: Apache-2.0 */
#include "app/apiserver/keeper.h"
#include "tests/harness.h"

static struct mono_time at(int64_t ms)
{
    return (struct mono_time){ ms * NS_PER_MS };
}

/* The next key, or "" for none. */
static struct str take(struct work_set *set, struct arena *a, int64_t ms, int *ret_attempts)
{
    struct str key = STR("");

    return work_take(set, a, at(ms), &key, ret_attempts) ? key : STR("");
}

TEST(gives_each_key_once_in_the_order_they_came)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct work_set set = { 0 };
    int attempts;

    work_add(&set, STR("a"));
    work_add(&set, STR("b"));
    work_add(&set, STR("a"));
    CHECK_STR(take(&set, a, 0, &attempts), "a");
    CHECK_STR(take(&set, a, 0, &attempts), "b");
    CHECK_STR(take(&set, a, 0, &attempts), "");
    CHECK(set.home == NULL);
    work_add(&set, STR("c"));
    CHECK_STR(take(&set, a, 0, &attempts), "c");
    work_free(&set);
}

TEST(waits_longer_after_each_failure)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct work_set set = { 0 };
    int attempts = 0;

    work_retry(&set, STR("a"), 0, at(0));
    CHECK_INT(work_due(&set, at(0)).ns, 50 * NS_PER_MS);
    CHECK_STR(take(&set, a, 49, &attempts), "");
    CHECK_STR(take(&set, a, 50, &attempts), "a");
    CHECK_INT(attempts, 1);
    work_retry(&set, STR("a"), attempts, at(50));
    CHECK_INT(work_due(&set, at(50)).ns, 150 * NS_PER_MS);
    work_retry(&set, STR("b"), 60, at(0));
    CHECK_STR(take(&set, a, 59999, &attempts), "a");
    CHECK_STR(take(&set, a, 59999, &attempts), "");
    CHECK_STR(take(&set, a, 60000, &attempts), "b");
    work_free(&set);
}

TEST(hastens_what_waits_and_nothing_else)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct work_set set = { 0 };
    int attempts;

    work_hasten(&set, STR("a"));
    CHECK_STR(take(&set, a, 0, &attempts), "");
    work_retry(&set, STR("a"), 5, at(0));
    work_hasten(&set, STR("a"));
    CHECK_STR(take(&set, a, 0, &attempts), "a");
    work_delay(&set, STR("b"), at(10));
    work_delay(&set, STR("b"), at(20));
    CHECK_STR(take(&set, a, 9, &attempts), "");
    CHECK_STR(take(&set, a, 10, &attempts), "b");
    work_free(&set);
}

TEST(keeps_little_memory_when_one_key_never_succeeds)
{
    struct work_set set = { 0 };

    work_retry(&set, STR("stuck"), 20, at(0));
    for (int i = 0; i < 100000; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);
        struct str key;
        int attempts;

        work_add(&set, str_printf(a, "key-%d", i));
        REQUIRE(work_take(&set, a, at(0), &key, &attempts));
    }
    CHECK_UINT(set.count, 1);
    CHECK(arena_used(set.home) < 2 * 1024 * 1024);
    work_free(&set);
}
