/* SPDX-License-Identifier: Apache-2.0 */
#include "value/json_patch.h"

#include "tests/harness.h"
#include "value/json.h"
#include "value/pointer.h"

static const struct val *from_json(struct arena *a, const char *text)
{
    const struct val *v = &val_null;
    struct err *e = json_read(a, str_from_cstr(text), STR("test"), JSON_READ_DEFAULT, &v);
    CHECK(e == NULL);
    return v;
}

struct patch_case {
    const char *name, *target, *patch;
    const char *want; /* NULL: refused */
};

static void try_cases(const struct patch_case *cases, size_t count,
                      const struct json_patch_options *options)
{
    for (size_t i = 0; i < count; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);
        const struct val *target = from_json(a, cases[i].target), *got = &val_null;
        struct err *e;
        test_label(cases[i].name);
        e = json_patch_apply(a, target, from_json(a, cases[i].patch), options, &got);
        if (CHECK((e == NULL) == (cases[i].want != NULL)) && !e)
            CHECK_STR(json_string(a, got, 0), cases[i].want);
        CHECK(val_eq(target, from_json(a, cases[i].target)));
    }
    test_label(NULL);
}

/* The cases of RFC 6902, appendix A, in our words. */
TEST(the_rfcs_cases_hold)
{
    static const struct patch_case cases[] = {
        { "A.1 add a member", "{\"a\":\"x\"}", "[{\"op\":\"add\",\"path\":\"/b\",\"value\":\"y\"}]",
          "{\"a\":\"x\",\"b\":\"y\"}" },
        { "A.2 add an item", "{\"a\":[1,3]}", "[{\"op\":\"add\",\"path\":\"/a/1\",\"value\":2}]",
          "{\"a\":[1,2,3]}" },
        { "A.3 remove a member", "{\"a\":1,\"b\":2}", "[{\"op\":\"remove\",\"path\":\"/a\"}]",
          "{\"b\":2}" },
        { "A.4 remove an item", "{\"a\":[1,2,3]}", "[{\"op\":\"remove\",\"path\":\"/a/1\"}]",
          "{\"a\":[1,3]}" },
        { "A.5 replace", "{\"a\":1,\"b\":2}",
          "[{\"op\":\"replace\",\"path\":\"/a\",\"value\":[0]}]", "{\"a\":[0],\"b\":2}" },
        { "A.6 move a member", "{\"a\":{\"x\":1,\"y\":2},\"b\":{\"z\":3}}",
          "[{\"op\":\"move\",\"from\":\"/a/y\",\"path\":\"/b/w\"}]",
          "{\"a\":{\"x\":1},\"b\":{\"z\":3,\"w\":2}}" },
        { "A.7 move an item", "{\"a\":[1,4,2,3]}",
          "[{\"op\":\"move\",\"from\":\"/a/1\",\"path\":\"/a/3\"}]", "{\"a\":[1,2,3,4]}" },
        { "A.8 tests that hold", "{\"a\":\"x\",\"b\":[1,\"y\",2]}",
          "[{\"op\":\"test\",\"path\":\"/a\",\"value\":\"x\"},"
          "{\"op\":\"test\",\"path\":\"/b/1\",\"value\":\"y\"}]",
          "{\"a\":\"x\",\"b\":[1,\"y\",2]}" },
        { "A.9 a test that fails", "{\"a\":\"x\"}",
          "[{\"op\":\"test\",\"path\":\"/a\",\"value\":\"y\"}]", NULL },
        { "A.10 add a nested member", "{\"a\":1}",
          "[{\"op\":\"add\",\"path\":\"/b\",\"value\":{\"c\":{}}}]", "{\"a\":1,\"b\":{\"c\":{}}}" },
        { "A.11 unknown members are ignored", "{\"a\":1}",
          "[{\"op\":\"add\",\"path\":\"/b\",\"value\":2,\"note\":3}]", "{\"a\":1,\"b\":2}" },
        { "A.12 add below nothing", "{\"a\":1}", "[{\"op\":\"add\",\"path\":\"/b/c\",\"value\":2}]",
          NULL },
        { "A.14 escapes in their order", "{\"/\":9,\"~1\":10}",
          "[{\"op\":\"test\",\"path\":\"/~01\",\"value\":10},{\"op\":\"remove\",\"path\":\"/~1\"}]",
          "{\"~1\":10}" },
        { "A.15 text is no number", "{\"a\":10}",
          "[{\"op\":\"test\",\"path\":\"/a\",\"value\":\"10\"}]", NULL },
        { "A.16 add to the end", "{\"a\":[1]}",
          "[{\"op\":\"add\",\"path\":\"/a/-\",\"value\":[2,3]}]", "{\"a\":[1,[2,3]]}" },
    };
    static const struct json_patch_options strict = { 0 };
    try_cases(cases, sizeof cases / sizeof cases[0], &strict);
}

TEST(edges_are_decided)
{
    static const struct patch_case cases[] = {
        { "copy", "{\"a\":{\"x\":1}}", "[{\"op\":\"copy\",\"from\":\"/a\",\"path\":\"/b\"}]",
          "{\"a\":{\"x\":1},\"b\":{\"x\":1}}" },
        { "replace an item", "[1,2,3]", "[{\"op\":\"replace\",\"path\":\"/1\",\"value\":9}]",
          "[1,9,3]" },
        { "replace the last item", "[1,2]", "[{\"op\":\"replace\",\"path\":\"/1\",\"value\":9}]",
          "[1,9]" },
        { "replace the root", "{\"a\":1}", "[{\"op\":\"replace\",\"path\":\"\",\"value\":[1]}]",
          "[1]" },
        { "the empty key", "{\"\":1}", "[{\"op\":\"replace\",\"path\":\"/\",\"value\":2}]",
          "{\"\":2}" },
        { "add behind the end", "[1]", "[{\"op\":\"add\",\"path\":\"/2\",\"value\":9}]", NULL },
        { "add at the end", "[1]", "[{\"op\":\"add\",\"path\":\"/1\",\"value\":9}]", "[1,9]" },
        { "leading zero", "[1,2]", "[{\"op\":\"remove\",\"path\":\"/01\"}]", NULL },
        { "sign", "[1,2]", "[{\"op\":\"remove\",\"path\":\"/+1\"}]", NULL },
        { "remove nothing", "{\"a\":1}", "[{\"op\":\"remove\",\"path\":\"/b\"}]", NULL },
        { "replace nothing", "{\"a\":1}", "[{\"op\":\"replace\",\"path\":\"/b\",\"value\":1}]",
          NULL },
        { "into itself", "{\"a\":{\"b\":1}}",
          "[{\"op\":\"move\",\"from\":\"/a\",\"path\":\"/a/b\"}]", NULL },
        { "onto itself", "{\"a\":1}", "[{\"op\":\"move\",\"from\":\"/a\",\"path\":\"/a\"}]",
          "{\"a\":1}" },
        { "all or nothing", "{\"a\":1}",
          "[{\"op\":\"remove\",\"path\":\"/a\"},{\"op\":\"remove\",\"path\":\"/a\"}]", NULL },
        { "below a scalar", "{\"a\":1}", "[{\"op\":\"add\",\"path\":\"/a/b\",\"value\":1}]", NULL },
        { "unknown op", "{}", "[{\"op\":\"merge\",\"path\":\"/a\",\"value\":1}]", NULL },
        { "no value", "{}", "[{\"op\":\"add\",\"path\":\"/a\"}]", NULL },
        { "a null value", "{}", "[{\"op\":\"add\",\"path\":\"/a\",\"value\":null}]",
          "{\"a\":null}" },
        { "no path", "{}", "[{\"op\":\"add\",\"value\":1}]", NULL },
        { "no slash", "{}", "[{\"op\":\"add\",\"path\":\"a\",\"value\":1}]", NULL },
        { "bad escape", "{}", "[{\"op\":\"add\",\"path\":\"/a~2\",\"value\":1}]", NULL },
        { "no list", "{}", "{\"op\":\"add\",\"path\":\"/a\",\"value\":1}", NULL },
        { "no object", "{}", "[1]", NULL },
    };
    static const struct json_patch_options strict = { 0 };
    try_cases(cases, sizeof cases / sizeof cases[0], &strict);
}

/* evanphx/json-patch, as kube-apiserver and kustomize call it. */
TEST(options_are_looser)
{
    static const struct patch_case cases[] = {
        { "replace makes a key", "{\"a\":1}", "[{\"op\":\"replace\",\"path\":\"/b\",\"value\":2}]",
          "{\"a\":1,\"b\":2}" },
        { "remove may miss", "{\"a\":1}", "[{\"op\":\"remove\",\"path\":\"/b\"}]", "{\"a\":1}" },
        { "parents are made", "{}", "[{\"op\":\"add\",\"path\":\"/a/b/c\",\"value\":1}]",
          "{\"a\":{\"b\":{\"c\":1}}}" },
        { "from the end", "[1,2,3]", "[{\"op\":\"remove\",\"path\":\"/-1\"}]", "[1,2]" },
        { "before the end", "[1,2,3]", "[{\"op\":\"replace\",\"path\":\"/-3\",\"value\":9}]",
          "[9,2,3]" },
    };
    static const struct json_patch_options loose = {
        .replace_missing_key = true,
        .remove_missing_ok = true,
        .ensure_path = true,
        .negative_indices = true,
    };
    try_cases(cases, sizeof cases / sizeof cases[0], &loose);
}

TEST(a_failed_test_is_a_conflict_and_names_its_operation)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    static const struct json_patch_options strict = { 0 };
    const struct val *got;
    struct err *e = json_patch_apply(a, from_json(a, "{\"a\":1}"),
                                     from_json(a, "[{\"op\":\"add\",\"path\":\"/b\",\"value\":1},"
                                                  "{\"op\":\"test\",\"path\":\"/a\",\"value\":2}]"),
                                     &strict, &got);
    REQUIRE(e != NULL);
    CHECK_INT(e->code, ERR_CONFLICT);
    CHECK_HAS(err_line(a, e), "operation 2 of the JSON patch");
    CHECK_HAS(err_line(a, e), "/a");
}

TEST(copies_and_depth_are_bounded)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    static const struct json_patch_options options = { .ensure_path = true };
    struct buf b;
    const struct val *got;
    struct err *e;
    buf_init(&b, a, 0);
    buf_put_byte(&b, '[');
    for (int i = 0; i < 60; i++)
        buf_printf(&b, "%s{\"op\":\"copy\",\"from\":\"\",\"path\":\"/k%d\"}", i ? "," : "", i);
    buf_put(&b, STR("]\0"));
    e = json_patch_apply(a, &val_empty_map, from_json(a, b.ptr), &options, &got);
    REQUIRE(e != NULL);
    CHECK_INT(e->code, ERR_TOO_LARGE);
    buf_truncate(&b, 0);
    buf_put(&b, STR("[{\"op\":\"add\",\"value\":1,\"path\":\""));
    for (int i = 0; i < 100000; i++)
        buf_put(&b, STR("/x"));
    buf_put(&b, STR("\"}]\0"));
    e = json_patch_apply(a, &val_empty_map, from_json(a, b.ptr), &options, &got);
    REQUIRE(e != NULL);
    CHECK_INT(e->code, ERR_TOO_LARGE);
}

/* RFC 6901, section 5. */
TEST(pointers_read_back)
{
    static const char *const cases[] = { "", "/", "/a~1b", "/m~0n", "/ ", "/c%d", "/foo/0", "//" };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);
        struct pointer p;
        test_label(cases[i]);
        REQUIRE(pointer_parse(a, str_from_cstr(cases[i]), &p) == NULL);
        CHECK_STR(pointer_format(a, &p), cases[i]);
    }
}
