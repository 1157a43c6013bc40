/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/fs_posix/tree_disk.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/harness.h"

/* A folder of its own, with files in and one beside the root. */
static struct str make_folder(struct arena *a)
{
    char name[] = "tree-test-XXXXXX";
    if (!mkdtemp(name))
        return STR("");
    struct str dir = str_dup(a, str_from_cstr(name));
    const char *const folders[] = { "root", "root/sub" };
    for (size_t i = 0; i < 2; i++)
        mkdir(str_cstr(a, str_printf(a, "%s/%s", name, folders[i])), 0700);
    const char *const paths[] = { "secret", "root/a.yaml", "root/sub/b.yaml" };
    for (size_t i = 0; i < 3; i++) {
        FILE *f = fopen(str_cstr(a, str_printf(a, "%s/%s", name, paths[i])), "w");
        if (f) {
            fputs(paths[i], f);
            fclose(f);
        }
    }
    const char *const links[][2] = { { "../secret", "root/out" },
                                     { "/etc", "root/absolute" },
                                     { "sub/b.yaml", "root/in" },
                                     { "sub", "root/dir" },
                                     { "loop", "root/loop" } };
    for (size_t i = 0; i < 5; i++)
        if (symlink(links[i][0], str_cstr(a, str_printf(a, "%s/%s", name, links[i][1]))) != 0)
            return STR("");
    return dir;
}

static void remove_folder(struct arena *a, struct str dir)
{
    const char *const paths[] = { "root/loop", "root/dir",    "root/in",         "root/absolute",
                                  "root/out",  "root/a.yaml", "root/sub/b.yaml", "secret",
                                  "root/sub",  "root" };
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        (void)remove(str_cstr(a, str_printf(a, "%.*s/%s", STR_ARG(dir), paths[i])));
    (void)remove(str_cstr(a, dir));
}

TEST(a_tree_on_disk_never_leaves_its_root)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct str dir = make_folder(a), content = STR(""), real;
    struct tree t;
    enum tree_kind kind;
    REQUIRE(dir.len > 0);
    REQUIRE(tree_disk_open(a, str_printf(a, "%.*s/root", STR_ARG(dir)), STR("x"), &t) == NULL);
    REQUIRE(tree_read(&t, a, STR("sub/b.yaml"), 100, &content) == NULL);
    CHECK_STR(content, "root/sub/b.yaml");
    REQUIRE(tree_read(&t, a, STR("dir/b.yaml"), 100, &content) == NULL);
    REQUIRE(tree_resolve(&t, a, STR("in"), &real) == NULL);
    CHECK_STR(real, "sub/b.yaml");
    REQUIRE(tree_stat(&t, a, STR("gone/x"), &kind) == NULL);
    CHECK_INT(kind, TREE_ABSENT);
    const char *const outside[] = { "out", "absolute" };
    for (size_t i = 0; i < 2; i++) {
        struct err *e = tree_read(&t, a, str_from_cstr(outside[i]), 100, &content);
        test_label(outside[i]);
        REQUIRE(e != NULL);
        CHECK_INT(e->code, ERR_FORBIDDEN);
    }
    CHECK(tree_read(&t, a, STR("loop"), 100, &content) != NULL);
    CHECK(tree_read(&t, a, STR("a.yaml"), 3, &content) != NULL);
    struct tree_list list;
    REQUIRE(tree_list(&t, a, STR(""), &list) == NULL);
    CHECK_UINT(list.count, 7);
    CHECK_STR(list.items[0].name, "a.yaml");
    remove_folder(a, dir);
}
