/* SPDX-License-Identifier: Apache-2.0 */
#include "core/tree.h"

#include "base/arena.h"
#include "core/tree_memory.h"
#include "tests/harness.h"

TEST(paths_are_joined_and_never_leave_the_root)
{
    static const struct {
        const char *name, *base, *path, *want; /* NULL: refused */
    } cases[] = {
        { "below", "apps", "web", "apps/web" },
        { "up and down", "apps/web", "../common", "apps/common" },
        { "to the root", "apps", "..", "" },
        { "above the root", "apps", "../..", NULL },
        { "absolute", "apps", "/etc", NULL },
        { "empty parts and dots", "a", "./b//c/.", "a/b/c" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);
        struct str got = STR("");
        test_label(cases[i].name);
        bool ok = tree_path_join(a, str_from_cstr(cases[i].base), str_from_cstr(cases[i].path),
                                 &got);
        CHECK(ok == (cases[i].want != NULL));
        if (ok && cases[i].want)
            CHECK_STR(got, cases[i].want);
    }
}

TEST(parts_of_a_path)
{
    CHECK_STR(tree_path_dir(STR("a/b/c")), "a/b");
    CHECK_STR(tree_path_dir(STR("a")), "");
    CHECK_STR(tree_path_base(STR("a/b/c")), "c");
}

TEST(a_tree_in_memory_lists_in_byte_order)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct tree_memory *m = tree_memory_new(a);
    tree_memory_put(m, STR("z.yaml"), STR("1"), false);
    tree_memory_put(m, STR("apps/b.yaml"), STR("2"), false);
    tree_memory_put(m, STR("apps/a.sh"), STR("3"), true);
    struct tree t = tree_memory_port(m, STR("test"));
    struct tree_list list;
    REQUIRE(tree_list(&t, a, STR("apps"), &list) == NULL);
    REQUIRE(list.count == 2);
    CHECK_STR(list.items[0].name, "a.sh");
    CHECK(list.items[0].executable);
    struct str content;
    REQUIRE(tree_read(&t, a, STR("apps/b.yaml"), 10, &content) == NULL);
    CHECK_STR(content, "2");
    struct err *e = tree_read(&t, a, STR("apps"), 10, &content);
    REQUIRE(e != NULL);
    CHECK_INT(e->code, ERR_INVALID);
    e = tree_read(&t, a, STR("z.yaml"), 0 + 1, &content);
    CHECK(e == NULL);
}

TEST(an_overlay_shows_both_and_prefers_the_upper)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct tree_memory *low = tree_memory_new(a), *high = tree_memory_new(a);
    tree_memory_put(low, STR("d/a"), STR("low a"), false);
    tree_memory_put(low, STR("d/b"), STR("low b"), false);
    tree_memory_put(high, STR("d/b"), STR("high b"), false);
    tree_memory_put(high, STR("d/c"), STR("high c"), false);
    struct tree under = tree_memory_port(low, STR("")), over = tree_memory_port(high, STR(""));
    struct tree both = tree_overlay(a, &under, &over);
    struct tree_list list;
    struct str content;
    REQUIRE(tree_list(&both, a, STR("d"), &list) == NULL);
    REQUIRE(list.count == 3);
    CHECK_STR(list.items[2].name, "c");
    REQUIRE(tree_read(&both, a, STR("d/b"), 100, &content) == NULL);
    CHECK_STR(content, "high b");
    REQUIRE(tree_read(&both, a, STR("d/a"), 100, &content) == NULL);
    CHECK_STR(content, "low a");
}
