/* SPDX-License-Identifier: Apache-2.0 */
#include "value/yaml.h"

#include "tests/harness.h"
#include "value/json.h"

/* What sigs.k8s.io/yaml 1.6.0 makes of it; kyaml where it differs. */
TEST(yaml_reads_as_kubernetes_tools_do)
{
    static const struct {
        const char *yaml, *sigs, *kyaml; /* kyaml NULL: the same */
    } cases[] = {
        { "", "null", NULL },
        { "# nothing\n", "null", NULL },
        { "a: [yes, on, y, No, ~]\n", "{\"a\":[true,true,true,false,null]}",
          "{\"a\":[\"yes\",\"on\",\"y\",\"No\",null]}" },
        { "on: 1\n", "{\"true\":1}", "{\"on\":1}" },
        { "a: 0777\nb: 0o17\nc: 0x1F\nd: 0b11\ne: 1_000\n",
          "{\"a\":511,\"b\":15,\"c\":31,\"d\":3,\"e\":1000}", NULL },
        { "a: 12:30:45\nb: 1.5\nc: .5\nd: 1e3\n",
          "{\"a\":\"12:30:45\",\"b\":1.5,\"c\":0.5,\"d\":1000}", NULL },
        { "1: x\n1.5: w\nnull-ish: z\n", "{\"1\":\"x\",\"1.5\":\"w\",\"null-ish\":\"z\"}", NULL },
        { "1e307: x\n-1e307: w\n", "{\".inf\":\"x\",\"-.inf\":\"w\"}", NULL },
        { "base: &b {x: 1, w: 2}\nc:\n  <<: *b\n  w: 3\n",
          "{\"base\":{\"x\":1,\"w\":2},\"c\":{\"x\":1,\"w\":3}}", NULL },
        { "a: |\n  one\n   two\n\nb: >-\n  x\n  y\n", "{\"a\":\"one\\n two\\n\",\"b\":\"x y\"}",
          NULL },
        { "a: 'it''s'\nb: \"\\t\\x41\\u263A\"\n", "{\"a\":\"it's\",\"b\":\"\\tA\xE2\x98\xBA\"}",
          NULL },
        { "a: !!str 1\nb: !!binary aGk=\nc: !!binary /w==\nd: !own e\n",
          "{\"a\":\"1\",\"b\":\"hi\",\"c\":\"\xEF\xBF\xBD\",\"d\":\"e\"}", NULL },
        { "a: 18446744073709551615\n", "{\"a\":18446744073709552000}", NULL },
        { "\xEF\xBB\xBF"
          "a: b\r\nc:\r\n- d\r\n",
          "{\"a\":\"b\",\"c\":[\"d\"]}", NULL },
        { "a: 2001-01-01\nb: 1999-02-30\n", "{\"a\":\"2001-01-01\",\"b\":\"1999-02-30\"}", NULL },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);
        const struct val *v;
        test_label(cases[i].yaml);
        REQUIRE(yaml_read(a, str_from_cstr(cases[i].yaml), STR("t"), YAML_SIGS, &v) == NULL);
        CHECK_STR(json_string(a, v, 0), cases[i].sigs);
        REQUIRE(yaml_read(a, str_from_cstr(cases[i].yaml), STR("t"), YAML_KYAML, &v) == NULL);
        CHECK_STR(json_string(a, v, 0), cases[i].kyaml ? cases[i].kyaml : cases[i].sigs);
    }
}

TEST(bad_yaml_is_refused_with_its_place)
{
    static const struct {
        const char *text, *want;
    } cases[] = {
        { "a: 1\nb: 2\na: 3\n", "t:" },
        { "a: 1\nb: 2\na: 3\n", "duplicate key \"a\", first on line 1" },
        { "---\na: 1\n---\nb: [\n", "t:5:1: " },
        { "a: b: c\n", "t:1:5: " },
        { "a: *none\n", "unknown anchor \"none\" referenced" },
        { "a: &x [*x]\n", "anchor \"x\" contains itself" },
        { "a: .inf\n", "has no JSON form" },
        { "~: 1\n", "null cannot be a map key" },
        { "? [1]\n: 2\n", "cannot be a map key" },
        { "<<: 1\n", "map merge requires" },
        { "a: \xC3(\n", "is not UTF-8" },
        { "a: !!int x\n", "cannot read \"x\" as !!int" },
        { "a: 1\n--- b\n", "t:2:4: invalid document separator" },
        { "a: 1\n---\nb: 1\n", "expected one document, found 2" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);
        const struct val *v;
        struct err *e = yaml_read(a, str_from_cstr(cases[i].text), STR("t"), YAML_SIGS, &v);
        test_label(cases[i].text);
        REQUIRE(e != NULL);
        CHECK_INT(e->code, ERR_INVALID);
        CHECK_HAS(err_line(a, e), cases[i].want);
    }
}

TEST(the_loose_reader_lets_the_last_key_win)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    const struct val *v;
    REQUIRE(yaml_read(a, STR("a: 1\nb: 2\na: 3\n"), STR("t"), YAML_SIGS_LOOSE, &v) == NULL);
    CHECK_STR(json_string(a, v, 0), "{\"a\":3,\"b\":2}");
}

TEST(aliases_cannot_blow_up)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    const struct val *v;
    struct err *e;
    struct buf b;
    buf_init(&b, a, 0);
    buf_put(&b, STR("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"));
    for (int i = 1; i < 10; i++)
        buf_printf(&b, "a%d: &a%d [*a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d]\n", i, i,
                   i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1);
    e = yaml_read(a, buf_str(&b), STR("t"), YAML_SIGS, &v);
    REQUIRE(e != NULL);
    CHECK_INT(e->code, ERR_TOO_LARGE);
}

TEST(many_tags_do_not_take_the_square_of_their_time)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    const struct val *v;
    struct buf b;
    buf_init(&b, a, 0);
    buf_put_byte(&b, '[');
    for (int i = 0; i < 300000; i++) /* minutes, were each to count from the beginning */
        buf_put(&b, STR("!a ,"));
    buf_put_byte(&b, ']');
    REQUIRE(yaml_read(a, buf_str(&b), STR("t"), YAML_SIGS, &v) == NULL);
    CHECK_UINT(val_count(v), 300000);
}

TEST(null_documents_are_left_out_and_places_count_on)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct yaml_docs docs;
    REQUIRE(yaml_read_all(a, STR("---\n# none\n---\na: 1\n---\n\nb:\n  c: 2\n"), STR("t"),
                          YAML_KYAML, &docs) == NULL);
    REQUIRE(docs.count == 2);
    CHECK_UINT(docs.items[1]->line, 7);
    CHECK_UINT(val_at(docs.items[1], "b.c")->line, 8);
    CHECK_UINT(val_at(docs.items[1], "b.c")->column, 6);
    CHECK_STR(docs.items[1]->file, "t");
}

/* What sigs.k8s.io/yaml 1.6.0 prints. */
TEST(yaml_prints_as_kubernetes_tools_do)
{
    static const char *const cases[][2] = {
        { "{\"b\":1,\"a10\":1,\"a9\":[],\"A\":{}}", "A: {}\na9: []\na10: 1\nb: 1\n" },
        { "[\"yes\",\"1\",\"\",\"null\",\"a: b\",\"- x\",\" x\",\"12:30\",\"x\"]",
          "- \"yes\"\n- \"1\"\n- \"\"\n- \"null\"\n- 'a: b'\n- '- x'\n- ' x'\n- \"12:30\"\n- x\n" },
        { "[-0.0,1e21,1e-7,100000000000000000000]", "- 0\n- 1e+21\n- 1e-07\n- 1e+20\n" },
        { "\"a\\nb\\n\"", "|\n  a\n  b\n" },
        { "\"a\\n\\n\"", "|+\n  a\n\n" },
        { "\"a\\nb\"", "|-\n  a\n  b\n" },
        { "\" a\\n\"", "|2\n   a\n" },
        { "\"a\xE2\x80\xA8\\n\"", "|+\n  a\xE2\x80\xA8\n" },
        { "\"a\\n\xE2\x80\xA9\"", "|+\n  a\n\xE2\x80\xA9" },
        { "\"a\xE2\x80\xA8z\"", "'a\xE2\x80\xA8  z'\n" },
        { "\"tab\\tx\\u0007\"", "\"tab\\tx\\a\"\n" },
        { "[[1,[2]],{\"a\":[{\"b\":1}]}]", "- - 1\n  - - 2\n- a:\n  - b: 1\n" },
        { "{\"<<\":1}", "<<: 1\n" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);
        const struct val *v;
        test_label(cases[i][0]);
        REQUIRE(json_read(a, str_from_cstr(cases[i][0]), STR("t"), 0, &v) == NULL);
        CHECK_STR(yaml_string(a, v, YAML_WRITE_DEFAULT), cases[i][1]);
    }
}

TEST(order_and_indent_of_sequences_can_be_chosen)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    const struct val *v;
    REQUIRE(json_read(a, STR("{\"b\":[1,{\"x\":[2]}],\"a\":1}"), STR("t"), 0, &v) == NULL);
    CHECK_STR(yaml_string(a, v, YAML_KEEP_ORDER | YAML_SEQ_INDENT),
              "b:\n  - 1\n  - x:\n      - 2\na: 1\n");
    CHECK(yaml_plain_is_string(STR("yes"), YAML_KYAML) &&
          !yaml_plain_is_string(STR("yes"), YAML_SIGS));
}
