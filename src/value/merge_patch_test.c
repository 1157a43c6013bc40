/* SPDX-License-Identifier: Apache-2.0 */
#include "value/merge_patch.h"

#include "tests/harness.h"
#include "value/diff.h"
#include "value/json.h"

static const struct val *from_json(struct arena *a, const char *text)
{
    const struct val *v = &val_null;
    struct err *e = json_read(a, str_from_cstr(text), STR("test"), JSON_READ_DEFAULT, &v);
    CHECK(e == NULL);
    return v;
}

/* The table of RFC 7386, appendix A. */
TEST(the_rfcs_table_holds)
{
    static const char *const cases[][3] = {
        { "{\"a\":\"b\"}", "{\"a\":\"c\"}", "{\"a\":\"c\"}" },
        { "{\"a\":\"b\"}", "{\"b\":\"c\"}", "{\"a\":\"b\",\"b\":\"c\"}" },
        { "{\"a\":\"b\"}", "{\"a\":null}", "{}" },
        { "{\"a\":\"b\",\"b\":\"c\"}", "{\"a\":null}", "{\"b\":\"c\"}" },
        { "{\"a\":[\"b\"]}", "{\"a\":\"c\"}", "{\"a\":\"c\"}" },
        { "{\"a\":\"c\"}", "{\"a\":[\"b\"]}", "{\"a\":[\"b\"]}" },
        { "{\"a\":{\"b\":\"c\"}}", "{\"a\":{\"b\":\"d\",\"c\":null}}", "{\"a\":{\"b\":\"d\"}}" },
        { "{\"a\":[{\"b\":\"c\"}]}", "{\"a\":[1]}", "{\"a\":[1]}" },
        { "[\"a\",\"b\"]", "[\"c\",\"d\"]", "[\"c\",\"d\"]" },
        { "{\"a\":\"b\"}", "[\"c\"]", "[\"c\"]" },
        { "{\"a\":\"foo\"}", "null", "null" },
        { "{\"a\":\"foo\"}", "\"bar\"", "\"bar\"" },
        { "{\"e\":null}", "{\"a\":1}", "{\"e\":null,\"a\":1}" },
        { "[1,2]", "{\"a\":\"b\",\"c\":null}", "{\"a\":\"b\"}" },
        { "{}", "{\"a\":{\"bb\":{\"ccc\":null}}}", "{\"a\":{\"bb\":{}}}" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);
        test_label(cases[i][1]);
        CHECK_STR(
            json_string(
                a, merge_patch_apply(a, from_json(a, cases[i][0]), from_json(a, cases[i][1])), 0),
            cases[i][2]);
    }
}

TEST(a_made_patch_leads_to_its_target)
{
    static const char *const cases[][3] = {
        { "{\"a\":1}", "{\"a\":1}", "{}" },
        { "{\"a\":1,\"b\":{\"c\":1,\"d\":2}}", "{\"b\":{\"c\":1,\"d\":3},\"e\":4}",
          "{\"a\":null,\"b\":{\"d\":3},\"e\":4}" },
        { "{\"a\":[1,2]}", "{\"a\":[1]}", "{\"a\":[1]}" },
        { "{\"a\":{\"x\":1}}", "{\"a\":2}", "{\"a\":2}" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);
        const struct val *from = from_json(a, cases[i][0]), *to = from_json(a, cases[i][1]);
        const struct val *patch = merge_patch_create(a, from, to);
        test_label(cases[i][1]);
        CHECK_STR(json_string(a, patch, 0), cases[i][2]);
        CHECK(val_eq(merge_patch_apply(a, from, patch), to));
    }
}

TEST(time_does_not_grow_with_the_square_of_removed_keys)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct map_builder target, patch;
    const struct val *from;
    size_t before;
    map_builder_init(&target, a);
    map_builder_init(&patch, a);
    for (int i = 0; i < 20000; i++) {
        map_builder_set(&target, str_printf(a, "k%d", i), &val_true);
        map_builder_set(&patch, str_printf(a, "k%d", i), &val_null);
    }
    from = map_builder_done(&target, NULL);
    before = arena_used(a);
    CHECK_UINT(val_count(merge_patch_apply(a, from, map_builder_done(&patch, NULL))), 0);
    CHECK(arena_used(a) - before < 10000000);
}

TEST(a_diff_names_each_place_with_both_sides)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct diff d = diff_of(a, from_json(a, "{\"a\":1,\"b\":[1,2],\"c\":{\"x/y\":1}}"),
                            from_json(a, "{\"b\":[1,3,4],\"c\":{\"x/y\":2},\"d\":null}"));
    static const char *const want[] = { "/a 1 -", "/b/1 2 3", "/b/2 - 4", "/c/x~1y 1 2",
                                        "/d - null" };
    REQUIRE(d.count == 5);
    for (size_t i = 0; i < 5; i++) {
        const struct diff_entry *e = &d.items[i];
        CHECK_STR(str_printf(a, "%.*s %.*s %.*s", STR_ARG(e->pointer),
                             STR_ARG(e->before ? json_string(a, e->before, 0) : STR("-")),
                             STR_ARG(e->after ? json_string(a, e->after, 0) : STR("-"))),
                  want[i]);
    }
    CHECK_UINT(diff_of(a, &val_true, &val_true).count, 0);
    CHECK_STR(diff_of(a, &val_true, &val_false).items[0].pointer, "");
}
