/* SPDX-License-Identifier: Apache-2.0 */
#include "value/pack.h"

#include "base/limits.h"
#include "tests/harness.h"
#include "value/json.h"
#include "value/yaml.h"

static struct str packed(struct arena *a, const struct val *v)
{
    struct buf out;

    buf_init(&out, a, 0);
    pack_val(&out, v);
    return buf_str(&out);
}

static const struct val *sample(struct arena *a)
{
    static const char text[] = "a: [1, -2, 1.50, 1e3, true, null, '', \"x\"]\n"
                               "long: {a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7, h: 8, i: 9, j: 1, "
                               "k: 2, l: 3, m: 4, n: 5}\n"
                               "folded: >\n  some\n  text\n"
                               "tagged: !!str 3\nsingle: '3'\nliteral: |\n  some\n";
    const struct val *v = NULL;

    return yaml_read(a, str_from_cstr(text), STR("sample"), YAML_KYAML, &v) ? NULL : v;
}

TEST(a_tree_comes_back_with_its_styles_and_number_texts)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    const struct val *v = sample(a);
    REQUIRE(v != NULL);
    struct unpack u = { .arena = a, .rest = packed(a, v) };
    const struct val *back = unpack_val(&u);

    CHECK(!u.bad);
    CHECK_UINT(u.rest.len, 0);
    CHECK(val_eq(back, v));
    CHECK_STR(yaml_string(a, back, YAML_WRITE_DEFAULT), yaml_string(a, v, YAML_WRITE_DEFAULT));
    CHECK_STR(val_item(val_get(back, STR("a")), 2)->text, "1.50");
    CHECK_INT(val_at_int(back, "long.n", 0), 5);
    CHECK_INT(val_get(v, STR("tagged"))->style, VAL_STYLE_TAGGED);
    CHECK_INT(val_get(back, STR("tagged"))->style, VAL_STYLE_TAGGED);
}

TEST(every_truncation_is_bad_and_none_reads_beyond_the_message)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    const struct val *v = sample(a);
    REQUIRE(v != NULL);
    struct str whole = packed(a, v);

    for (size_t len = 0; len < whole.len; len++) {
        struct unpack u = { .arena = a, .rest = str_dup(a, str_slice(whole, 0, len)) };
        (void)unpack_val(&u);
        CHECK(u.bad);
    }
}

TEST(any_byte_that_changes_is_bad_or_another_tree_but_never_a_crash)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    const struct val *v = sample(a);
    REQUIRE(v != NULL);
    struct str whole = packed(a, v);
    char *bytes = arena_alloc(a, whole.len);

    for (size_t at = 0; at < whole.len; at++)
        for (unsigned flip = 1; flip < 256; flip *= 2) {
            memcpy(bytes, whole.ptr, whole.len);
            bytes[at] = (char)((unsigned char)bytes[at] ^ flip);
            struct unpack u = { .arena = a, .rest = str_of(bytes, whole.len) };
            const struct val *back = unpack_val(&u);
            CHECK(u.bad || json_string(a, back, JSON_COMPACT).len > 0);
        }
}

TEST(depth_counts_and_duplicate_keys_are_bounded)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct buf deep, huge, twice, infinite;

    buf_init(&deep, a, 0);
    for (int i = 0; i < 100000; i++) {
        pack_byte(&deep, VAL_SEQ);
        pack_u32(&deep, 1);
    }
    pack_byte(&deep, VAL_NULL);
    buf_init(&huge, a, 0);
    pack_byte(&huge, VAL_MAP);
    pack_u32(&huge, UINT32_MAX);
    buf_init(&twice, a, 0);
    pack_byte(&twice, VAL_MAP);
    pack_u32(&twice, 2);
    for (int i = 0; i < 2; i++) {
        pack_str(&twice, STR("key"));
        pack_byte(&twice, VAL_NULL);
    }
    buf_init(&infinite, a, 0);
    pack_byte(&infinite, VAL_FLOAT);
    pack_u64(&infinite, 0x7ff0000000000000);
    pack_str(&infinite, STR(""));
    const struct buf *const all[] = { &deep, &huge, &twice, &infinite };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        struct unpack u = { .arena = a, .rest = buf_str(all[i]) };
        (void)unpack_val(&u);
        CHECK(u.bad);
    }
}
