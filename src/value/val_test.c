/* SPDX-License-Identifier: Apache-2.0 */
#include "value/val.h"

#include "tests/harness.h"
#include "value/json.h"
#include "value/val_map.h"

static const struct val *from_json(struct arena *a, const char *text)
{
    const struct val *v = NULL;
    CHECK(json_read(a, str_from_cstr(text), STR("test"), JSON_READ_DEFAULT, &v) == NULL);
    return v;
}

TEST(lookups_chain_over_what_is_missing)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    const struct val *v = from_json(a, "{\"a\":{\"b\":[1,\"x\"],\"t\":true,\"n\":7}}");
    CHECK_INT(val_at_int(v, "a.n", 9), 7);
    CHECK_INT(val_at_int(v, "a.b.c", 9), 9);
    CHECK(val_at_bool(v, "a.t", false) && val_at_bool(v, "a.n", true));
    CHECK_STR(val_str(val_item(val_at(v, "a.b"), 1)), "x");
    CHECK(val_item(val_at(v, "a.b"), 2) == NULL && val_get(NULL, STR("a")) == NULL);
    CHECK_UINT(val_count(val_at(v, "a.b")), 2);
    CHECK_UINT(val_count(NULL), 0);
    CHECK_STR(val_at_str(v, "a.n"), "");
    CHECK_STR(val_kind_name(v), "object");
}

TEST(equality_is_by_content)
{
    static const struct {
        const char *a, *b;
        bool equal;
    } cases[] = {
        { "{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":1}", true },
        { "{\"a\":1}", "{\"a\":1,\"b\":2}", false },
        { "{\"a\":1}", "{\"b\":1}", false },
        { "[1,2]", "[2,1]", false },
        { "1", "1.0", true },
        { "9007199254740993", "9007199254740992.0", false },
        { "1.5", "1.5", true },
        { "0", "-0.0", true },
        { "null", "false", false },
        { "\"1\"", "1", false },
        { "[]", "{}", false },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);
        const struct val *x = from_json(a, cases[i].a), *y = from_json(a, cases[i].b);
        test_label(cases[i].a);
        CHECK(val_eq(x, y) == cases[i].equal);
        CHECK(!cases[i].equal || val_hash(x) == val_hash(y));
    }
    CHECK(val_eq(NULL, NULL) && !val_eq(NULL, &val_null));
}

TEST(edits_leave_the_old_value)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    const struct val *v = from_json(a, "{\"a\":1,\"b\":[1,2]}");
    const struct val *w = val_with(a, v, STR("c"), &val_true);
    CHECK_STR(json_string(a, w, 0), "{\"a\":1,\"b\":[1,2],\"c\":true}");
    CHECK_STR(json_string(a, val_with(a, w, STR("a"), &val_null), 0),
              "{\"a\":null,\"b\":[1,2],\"c\":true}");
    CHECK_STR(json_string(a, val_without(a, w, STR("b")), 0), "{\"a\":1,\"c\":true}");
    CHECK_STR(json_string(a, val_with_at(a, v, "a.x.y", &val_true), 0),
              "{\"a\":{\"x\":{\"y\":true}},\"b\":[1,2]}");
    CHECK_STR(json_string(a, val_without_at(a, v, "b.x"), 0), "{\"a\":1,\"b\":[1,2]}");
    CHECK_STR(json_string(a, val_seq_append(a, val_at(v, "b"), &val_null), 0), "[1,2,null]");
    CHECK_STR(json_string(a, val_seq_replace(a, val_at(v, "b"), 0, &val_null), 0), "[null,2]");
    CHECK_STR(json_string(a, val_with(a, NULL, STR("k"), &val_null), 0), "{\"k\":null}");
    CHECK_STR(json_string(a, v, 0), "{\"a\":1,\"b\":[1,2]}");
}

TEST(a_copy_outlives_its_source)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct arena *short_lived = arena_new(0);
    const struct val *copy = val_copy(
        a, from_json(short_lived, "{\"k\":[1.5,\"text\",null],\"m\":{\"z\":1,\"a\":2}}"));
    arena_free(short_lived);
    CHECK_STR(json_string(a, copy, 0), "{\"k\":[1.5,\"text\",null],\"m\":{\"z\":1,\"a\":2}}");
    CHECK_STR(json_string(a, val_sorted(a, copy), 0),
              "{\"k\":[1.5,\"text\",null],\"m\":{\"a\":2,\"z\":1}}");
}

TEST(whole_floats_are_integers_where_they_fit)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    int64_t n = 5;
    CHECK(val_to_int64(val_float(a, 3.0), &n) && n == 3);
    CHECK(!val_to_int64(val_float(a, 3.5), &n) && n == 3);
    CHECK(!val_to_int64(val_float(a, 0x1p63), &n));
    CHECK(val_to_int64(val_float(a, -0x1p63), &n) && n == INT64_MIN);
    CHECK(!val_to_int64(&val_empty_string, &n));
}

/* Above VAL_MAP_SCAN_MAX fields an index is kept. */
TEST(a_builder_keeps_order_and_finds_at_every_size)
{
    for (int count = 0; count < 200; count += 1 + count / 3) {
        ARENA_AUTO struct arena *a = arena_new(0);
        struct map_builder b;
        const struct val *v;
        map_builder_init(&b, a);
        for (int i = 0; i < count; i++)
            CHECK(!map_builder_set(&b, str_printf(a, "k%d", i), val_int(a, i)));
        for (int i = 0; i < count; i += 2)
            CHECK(map_builder_remove(&b, str_printf(a, "k%d", i)));
        CHECK(!map_builder_remove(&b, STR("none")));
        for (int i = 1; i < count; i += 2)
            CHECK(map_builder_set(&b, str_printf(a, "k%d", i), val_int(a, -i)));
        v = map_builder_done(&b, NULL);
        CHECK_UINT(v->count, count / 2);
        for (int i = 0; i < count; i++)
            CHECK_INT(val_at_int(v, str_cstr(a, str_printf(a, "k%d", i)), 1), i % 2 ? -i : 1);
        for (uint32_t i = 0; i < v->count; i++)
            CHECK_STR(v->fields[i].key, str_printf(a, "k%u", 2 * i + 1));
    }
}
