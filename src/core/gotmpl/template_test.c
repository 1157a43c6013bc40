/* SPDX-License-Identifier: Apache-2.0 */
#include "core/gotmpl/template.h"

#include "base/arena.h"
#include "core/gotmpl/context.h"
#include "tests/harness.h"
#include "value/json.h"

/* What a template gives for a JSON context, or its error. */
static struct str render(struct arena *a, const char *text, const char *json)
{
    struct template_options options = { 0 };
    struct template_set *set = template_set_new(a, &options);
    const struct val *v = NULL;
    struct go_value context;
    struct str out = STR("");
    struct err *e = json_read(a, str_from_cstr(json), STR("context"), JSON_READ_DEFAULT, &v);

    CHECK(e == NULL);
    context = context_values(a, GO_VALUES, v);
    e = template_set_parse(set, STR("t"), str_from_cstr(text));
    if (!e)
        e = template_set_render(set, STR("t"), &context, &out);
    return e ? err_line(a, e) : out;
}

struct rendering {
    const char *text, *json, *want;
};

/* Expectations: Go 1.26 text/template. */
static const struct rendering renderings[] = {
    { "a {{- 1 -}} b", "{}", "a1b" },
    { "{{ .a.b }}", "{\"a\":{\"b\":3}}", "3" },
    { "{{ .x }}", "{}", "" },
    { "{{ .x.y }}", "{}",
      "template: t:1:5: executing \"t\" at <.x.y>: nil pointer evaluating interface {}.y" },
    { "{{ range $i, $e := .l }}{{ $i }}{{ $e }},{{ else }}none{{ end }}", "{\"l\":[\"a\",\"b\"]}",
      "0a,1b," },
    { "{{ range 3 }}{{ . }}{{ if eq . 1 }}{{ break }}{{ end }}{{ end }}", "{}", "01" },
    { "{{ range .l }}{{ if eq . \"a\" }}{{ continue }}{{ end }}{{ . }}{{ end }}",
      "{\"l\":[\"a\",\"b\"]}", "b" },
    { "{{ with .a }}{{ .b }}{{ else with .c }}{{ . }}{{ end }}", "{\"c\":\"x\"}", "x" },
    { "{{ $x := 1 }}{{ if true }}{{ $x = 2 }}{{ end }}{{ $x }}", "{}", "2" },
    { "{{ define \"d\" }}<{{ . }}>{{ end }}{{ template \"d\" .s }}", "{\"s\":\"v\"}", "<v>" },
    { "{{ block \"b\" 7 }}[{{ . }}]{{ end }}", "{}", "[7]" },
    { "{{ printf \"%d %v %T %q\" 3 .n .n \"x\" }}", "{\"n\":2}", "3 2 float64 \"x\"" },
    { "{{ and 0 (index .l 9) }}", "{\"l\":[]}", "0" },
    { "{{ index .l 9 }}", "{\"l\":[]}",
      "template: t:1:3: executing \"t\" at <index .l 9>: error calling index: index out of range: 9" },
    { "{{ eq .a 1 }}", "{\"a\":1}",
      "template: t:1:3: executing \"t\" at <eq .a 1>: error calling eq: incompatible types for comparison: float64 and int" },
    { "x\n{{ if }}", "{}", "template: t:2: missing value for if" },
    { "{{ nope }}", "{}", "template: t:1: function \"nope\" not defined" },
    { "{{ $y }}", "{}", "template: t:1: undefined variable \"$y\"" },
    { "{{ \"a\" | printf \"%s-%s\" \"b\" }}", "{}", "b-a" },
    { "{{ .m }}", "{\"m\":{\"b\":[1,null],\"a\":\"x\"}}", "map[a:x b:[1 <nil>]]" },
};

TEST(templates_render_as_go_renders_them)
{
    for (size_t i = 0; i < sizeof renderings / sizeof *renderings; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);

        test_label(renderings[i].text);
        CHECK_STR(render(a, renderings[i].text, renderings[i].json),
                  str_from_cstr(renderings[i].want));
    }
}

TEST(a_template_that_calls_itself_ends_with_an_error)
{
    ARENA_AUTO struct arena *a = arena_new(0);

    CHECK_HAS(
        render(a, "{{ define \"d\" }}{{ template \"d\" }}{{ end }}{{ template \"d\" }}", "{}"),
        "exceeded maximum template depth");
}

TEST(work_is_bounded_by_steps)
{
    ARENA_AUTO struct arena *a = arena_new(0);

    CHECK_HAS(render(a, "{{ range 1000000000 }}{{ end }}", "{}"), "LIMIT_TEMPLATE_STEPS");
}

TEST(nesting_is_bounded)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct buf text;

    buf_init(&text, a, 0);
    buf_lit(&text, "{{ ");
    buf_fill(&text, '(', 100000);
    CHECK_HAS(render(a, str_cstr(a, buf_str(&text)), "{}"), "max expression depth exceeded");
}

TEST(helm_shows_where_fail_was_called)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct err *inner = err_new(a, ERR_INVALID, "HELM_ERR_STARTneed itHELM_ERR_END");
    struct err *e = err_wrap(
        a, inner,
        "template: c/t.yaml:1:3: executing \"c/t.yaml\" at <fail \"x\">: error calling fail");

    CHECK_STR(template_error_as_helm(a, STR("c/t.yaml"), e)->msg,
              "execution error at (c/t.yaml:1:3): need it");
    e = err_new(a, ERR_INVALID, "template: c/t.yaml:2: unexpected {{end}}");
    CHECK_STR(template_error_as_helm(a, STR("c/t.yaml"), e)->msg,
              "parse error at (c/t.yaml:2): unexpected {{end}}");
}
