/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Golden folders of `kustomize build`: tests/golden/build/NAME/in is built and must give want.yaml byte for byte, or fail with
 * the message in want.err. `origin` in the folder says where the expectation is from. `make golden-update`
 * writes the want files anew; the review is the diff.
 */

#include "adapters/fs_posix/tree_disk.h"
#include "base/limits.h"
#include "core/kustomize/kustomize.h"
#include "tests/harness.h"

#define FOLDER "tests/golden/build"

static void try_case(const struct tree *top, struct str name)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct str dir = str_printf(a, FOLDER "/%.*s", STR_ARG(name)), want = STR(""),
               refusal = STR("");
    struct kustomize_options options = { .label = STR("in"), .legacy_order = true };
    struct kustomize_result result = { 0 };
    struct str in = str_printf(a, "%.*s/in", STR_ARG(dir));
    bool builds = tree_read(top, a, str_printf(a, "%.*s/want.yaml", STR_ARG(dir)),
                            LIMIT_DOCUMENT_BYTES, &want) == NULL;
    bool refused = tree_read(top, a, str_printf(a, "%.*s/want.err", STR_ARG(dir)),
                             LIMIT_DOCUMENT_BYTES, &refusal) == NULL;
    test_label(str_cstr(a, name));
    CHECK(builds != refused);
    struct err *e = kustomize_build(a, &options, top, in, &result);
    if ((e != NULL) != refused) {
        test_true(TEST_WHERE("the build succeeds or fails as the folder says"), false);
        return;
    }
    struct buf out;
    buf_init(&out, a, 0);
    if (e)
        buf_printf(&out, "%.*s\n", STR_ARG(err_line(a, e)));
    else
        kustomize_print(&out, &result);
    CHECK_STR(buf_str(&out), e ? refusal : want);
}

TEST(every_golden_folder_builds_as_written)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct tree top;
    struct tree_list list;
    REQUIRE(tree_disk_open(a, STR("."), STR(""), &top) == NULL);
    REQUIRE(tree_list(&top, a, STR(FOLDER), &list) == NULL);
    CHECK(list.count >= 10);
    for (size_t i = 0; i < list.count; i++)
        if (list.items[i].kind == TREE_DIR)
            try_case(&top, list.items[i].name);
}
