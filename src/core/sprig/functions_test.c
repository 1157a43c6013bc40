/* SPDX-License-Identifier: Apache-2.0 */
#include "core/sprig/functions.h"

#include "base/arena.h"
#include "core/gotmpl/context.h"
#include "core/gotmpl/template.h"
#include "tests/harness.h"
#include "value/json.h"

/* A clock that stands, and bytes that count. */
static struct wall_time stand_still(void *self)
{
    (void)self;
    return (struct wall_time){ INT64_C(1700000000) * NS_PER_S };
}

static void count_bytes(void *self, void *bytes, size_t size)
{
    uint8_t *next = self, *out = bytes;

    for (size_t i = 0; i < size; i++)
        out[i] = (*next)++;
}

static struct str render_values(struct arena *a, const char *text, const char *values)
{
    uint8_t counter = 0;
    struct host host = { .self = &counter, .now = stand_still, .random = count_bytes };
    struct template_options options = { .host = &host, .functions = sprig_find };
    struct template_set *set = template_set_new(a, &options);
    const struct val *v = NULL;
    struct go_value context;
    struct str out = STR("");
    struct err *e = json_read(a, str_from_cstr(values), STR("values"), JSON_READ_DEFAULT, &v);

    CHECK(e == NULL);
    context = context_values(a, GO_VALUES, v);
    e = template_set_parse(set, STR("t"), str_from_cstr(text));
    if (!e)
        e = template_set_render(set, STR("t"), &context, &out);
    return e ? template_error_as_helm(a, STR("t"), e)->msg : out;
}

static struct str render(struct arena *a, const char *text)
{
    return render_values(a, text, "{}");
}

static void check_examples(const struct function *table, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);

        test_label(table[i].name);
        CHECK(i == 0 || strcmp(table[i - 1].name, table[i].name) < 0); /* lookup is by halving */
        CHECK(table[i].category != NULL);
        if (table[i].example)
            CHECK_STR(render(a, table[i].example), str_from_cstr(table[i].output));
    }
}

TEST(examples_of_the_reference_page_give_what_it_says)
{
    check_examples(sprig_functions, sprig_function_count);
    check_examples(gotmpl_builtins, gotmpl_builtin_count);
}

TEST(env_and_expandenv_do_not_exist)
{
    CHECK(sprig_find(STR("env")) == NULL);
    CHECK(sprig_find(STR("expandenv")) == NULL);
    CHECK(sprig_find(STR("upper")) != NULL);
}

struct rendering {
    const char *text, *want;
};

static void check_all(const struct rendering *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);

        test_label(cases[i].text);
        CHECK_STR(render(a, cases[i].text), str_from_cstr(cases[i].want));
    }
}

#define CHECK_ALL(cases) check_all((cases), sizeof(cases) / sizeof *(cases))

/* Expectations: helm 4.3.1. */
TEST(types_are_go_types)
{
    static const struct rendering cases[] = {
        { "{{ printf \"%T %T %T %T\" 1 1.5 (add 1) (list) }}", "int float64 int64 []interface {}" },
        { "{{ typeOf (split \",\" \"a\") }} {{ typeOf (until 1) }}", "map[string]string []int" },
        { "{{ has 1 (list 1.0) }} {{ has 1 (list 1) }}", "false true" },
        { "{{ printf \"%v %#v\" (list 1 nil \"x\") (dict \"a\" 1.0) }}",
          "[1 <nil> x] map[string]interface {}{\"a\":1}" },
        { "{{ duration 95 }} {{ duration \"95\" }}", "0s 1m35s" },
        { "{{ set (fromJson \"null\") \"a\" 1 }}",
          "template: t:1:3: executing \"t\" at <set (fromJson \"null\") \"a\" 1>: error calling set: assignment to entry in nil map" },
    };

    CHECK_ALL(cases);
}

TEST(errors_are_helms)
{
    static const struct rendering cases[] = {
        { "{{ fail \"stop\" }}", "execution error at (t:1:3): stop" },
        { "{{ required \"need it\" .x }}", "execution error at (t:1:3): need it" },
        { "{{ upper 1 }}", "t:1:9\n  executing \"t\" at <1>:\n    expected string; found 1" },
        { "{{ include \"none\" . }}",
          "t:1:3\n  executing \"t\" at <include \"none\" .>:\n    error calling include:\n"
          "template: no template \"none\" associated with template \"gotpl\"" },
        { "{{ fromYaml \"a: [\" }}",
          "map[Error:error converting YAML to JSON: yaml: line 1: did not find expected node content]" },
        { "{{ fromYaml \"a: 1\\nb\\nc: 2\" }}",
          "map[Error:error converting YAML to JSON: yaml: line 3: could not find expected ':']" },
        { "{{ fromYaml \"a: *z\\nb: [\" }}",
          "map[Error:error converting YAML to JSON: yaml: unknown anchor 'z' referenced]" },
        { "{{ fromJson \"[2.\" }}",
          "map[Error:invalid character ' ' after decimal point in numeric literal]" },
        { "{{ mustChunk -3 (list 1) }}", "[[1]]" },
        { "{{ fromJson \"{\" }}", "map[Error:unexpected end of JSON input]" },
        { "{{ b64dec \"!!\" }}", "illegal base64 data at input byte 0" },
    };

    CHECK_ALL(cases);
}

TEST(maps_are_changed_in_place)
{
    static const struct rendering cases[] = {
        { "{{ $d := dict \"a\" 1 }}{{ $_ := set $d \"b\" 2 }}{{ $d }}", "map[a:1 b:2]" },
        { "{{ $d := dict \"n\" (dict \"x\" 1) }}{{ $_ := merge $d (dict \"n\" (dict \"y\" 2)) }}{{ $d }}",
          "map[n:map[x:1 y:2]]" },
        { "{{ $l := splitList \",\" \"b,a\" }}{{ $_ := sortAlpha $l }}{{ $l }}", "[a b]" },
        { "{{ $d := dict \"a\" 1 }}{{ range $k, $v := $d }}{{ $_ := set $d \"b\" 2 }}{{ $k }}{{ end }}",
          "a" },
    };

    CHECK_ALL(cases);
}

TEST(tpl_sees_what_it_defines_and_the_set_does_not)
{
    static const struct rendering cases[] = {
        { "{{ tpl `{{ define \"x\" }}in{{ end }}{{ include \"x\" . }}` . }}", "in" },
        { "{{ define \"x\" }}out{{ end }}{{ tpl `{{ define \"x\" }}in{{ end }}{{ include \"x\" . }}` . }}"
          "{{ include \"x\" . }}",
          "inout" },
        { "{{ tpl \"{{ .none }}\" (dict) }}|", "|" },
    };

    CHECK_ALL(cases);
}

/* B64 and B65 of the reliability rules. */
TEST(hostile_templates_end_with_an_error)
{
    static const struct rendering cases[] = {
        { "{{ define \"d\" }}{{ include \"d\" . }}{{ end }}{{ include \"d\" . }}",
          "nested reference name: d" },
        { "{{ range until 1000000000 }}{{ end }}", "LIMIT_TEMPLATE_LIST_ITEMS" },
        { "{{ repeat 1000000000 \"x\" }}", "LIMIT_TEMPLATE_STRING_BYTES" },
        { "{{ range until 1000 }}{{ $_ := genPrivateKey \"none\" }}{{ range until 100000 }}{{ end }}{{ end }}",
          "LIMIT_TEMPLATE_STEPS" },
        { "{{ $t := \"{{ tpl .t . }}\" }}{{ tpl $t (dict \"t\" $t) }}", "tpl is nested deeper" },
        { "{{ $d := dict }}{{ $_ := set $d \"d\" $d }}{{ $d }}", "inside itself" },
        { "{{ $d := dict }}{{ $_ := set $d \"d\" $d }}{{ toYaml $d }}", "inside itself" },
        { "{{ env \"HOME\" }}", "function \"env\" not defined" },
        { "{{ indent 1000000000 \"x\" }}", "LIMIT_TEMPLATE_STRING_BYTES" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);

        test_label(cases[i].text);
        struct str out = render(a, cases[i].text);
        /* Instrumented builds have larger frames: there the limit of the stack may be the first. */
        if (!str_contains(out, STR("LIMIT_TEMPLATE_STACK_BYTES")))
            CHECK_HAS(out, cases[i].want);
    }
}

TEST(random_bytes_and_time_come_from_the_host)
{
    ARENA_AUTO struct arena *a = arena_new(0);

    CHECK_STR(render(a, "{{ uuidv4 }}"), "00010203-0405-4607-8809-0a0b0c0d0e0f");
    CHECK_STR(render(a, "{{ now | date \"2006-01-02T15:04:05\" }}"), "2023-11-14T22:13:20");
    CHECK_STR(render(a, "{{ lookup \"v1\" \"Secret\" \"a\" \"b\" }}"), "map[]");
}
