/* SPDX-License-Identifier: Apache-2.0 */
#include "core/sourceignore/ignore.h"

#include "base/arena.h"
#include "core/sourceignore/glob.h"
#include "core/tree_memory.h"
#include "tests/harness.h"

/* gitignore(5). */
TEST(wildcards_are_gitignores)
{
    static const struct {
        const char *glob, *path;
        bool want;
    } cases[] = {
        { "a", "a", true },
        { "a", "ab", false },
        { "*.txt", "b.txt", true },
        { "*.txt", "d/b.txt", false },
        { "?", "a", true },
        { "?", "/", false },
        { "[a-c]x", "bx", true },
        { "[!a-c]x", "bx", false },
        { "[!a-c]x", "dx", true },
        { "[]]", "]", true },
        { "**/foo", "foo", true },
        { "**/foo", "a/b/foo", true },
        { "foo/**", "foo/a/b", true },
        { "foo/**", "foo", false },
        { "a/**/b", "a/b", true },
        { "a/**/b", "a/x/y/b", true },
        { "a/*/b", "a/x/y/b", false },
        { "\\*", "*", true },
        { "\\*", "x", false },
        { "", "", true },
        { "*", "", true },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        test_label(cases[i].glob);
        CHECK(glob_match(str_from_cstr(cases[i].glob), str_from_cstr(cases[i].path)) ==
              cases[i].want);
    }
}

TEST(a_hostile_pattern_ends)
{
    CHECK(!glob_match(STR("*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b"),
                      STR("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")));
    CHECK(!glob_match(STR("**/**/**/**/**/**/**/**/**/**/x"),
                      STR("a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a")));
}

TEST(the_last_pattern_that_matches_decides)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    static const struct {
        const char *path;
        bool is_dir, want;
    } cases[] = {
        { ".git", true, true },   { "x.png", false, true },   { "deploy.yaml", false, false },
        { "docs", true, true },   { "docs", false, false },   { "a/docs", true, true },
        { "build", true, true },  { "a/build", true, false }, { "keep.log", false, false },
        { "x.log", false, true }, { "a/x.log", false, true }, { "sub/only", false, true },
        { "only", false, false }, { "#file", false, true },   { "sp ace", false, true },
    };
    struct ignore_rules r;
    ignore_rules_init(&r, a);
    ignore_rules_add(&r, STR(""),
                     STR("# comment\n\ndocs/\n/build\n*.log\r\n!keep.log\n\\#file\nsp ace  \n"));
    ignore_rules_add(&r, STR("sub"), STR("/only\n"));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        test_label(cases[i].path);
        CHECK(ignore_rules_match(&r, str_from_cstr(cases[i].path), cases[i].is_dir) ==
              cases[i].want);
    }
}

TEST(ignore_files_of_folders_are_read)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct tree_memory *m = tree_memory_new(a);
    struct tree t;
    struct ignore_rules r;
    tree_memory_put(m, STR(".sourceignore"), STR("*.md\n"), false);
    tree_memory_put(m, STR("a/b/.sourceignore"), STR("!README.md\n"), false);
    t = tree_memory_port(m, STR(""));
    ignore_rules_init(&r, a);
    REQUIRE(ignore_rules_load(&r, &t) == NULL);
    CHECK(ignore_rules_match(&r, STR("README.md"), false));
    CHECK(!ignore_rules_match(&r, STR("a/b/README.md"), false));
    CHECK(ignore_rules_match(&r, STR("a/bc/README.md"), false));
}
