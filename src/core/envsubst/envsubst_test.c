/* SPDX-License-Identifier: Apache-2.0 */
#include "core/envsubst/envsubst.h"

#include "base/arena.h"
#include "base/limits.h"
#include "core/envsubst/operator.h"
#include "core/envsubst/scan.h"
#include "tests/harness.h"

static bool find(void *self, struct str name, struct str *ret)
{
    static const struct {
        const char *name, *value;
    } vars[] = {
        { "fruit", "kiwi" },    { "nothing", "" },  { "path", "/srv/a.b/c.b" },
        { "city", "łódź" },     { "shout", "ABC" }, { "twelve", "twelve chars" },
        { "pairs", "x=1,y=1" },
    };

    CHECK(self == NULL);
    *ret = STR("");
    for (size_t i = 0; i < sizeof vars / sizeof *vars; i++)
        if (str_eq(name, str_from_cstr(vars[i].name))) {
            *ret = str_from_cstr(vars[i].value);
            return true;
        }
    return false;
}

/* The text expanded, or "error: " and the reason. */
static struct str expand(struct arena *a, const char *text, bool strict)
{
    struct envsubst_vars vars = { .find = find, .strict = strict };
    struct buf out;
    struct err *e;

    buf_init(&out, a, 0);
    e = envsubst_expand(a, str_from_cstr(text), &vars, &out);
    if (e)
        return str_printf(a, "error: %.*s", STR_ARG(err_line(a, e)));
    return out.len ? buf_str(&out) : STR("");
}

struct expansion {
    const char *text, *want;
};

static void check_all(const struct expansion *cases, size_t count, bool strict)
{
    for (size_t i = 0; i < count; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);

        test_label(cases[i].text);
        CHECK_STR(expand(a, cases[i].text, strict), str_from_cstr(cases[i].want));
    }
}

#define CHECK_ALL(cases, strict) check_all((cases), sizeof(cases) / sizeof *(cases), (strict))

TEST(plain_variables_are_replaced_and_the_rest_is_kept)
{
    static const struct expansion cases[] = {
        { "", "" },
        { "no variable", "no variable" },
        { "a ${fruit}.", "a kiwi." },
        { "${fruit}${fruit}", "kiwikiwi" },
        { "${nothing}|${unknown}|", "||" },
        { "$fruit $ $", "$fruit $ $" },
        { "$${fruit}", "${fruit}" },
        { "100$$", "100$" },
    };

    CHECK_ALL(cases, false);
}

TEST(operators_change_the_value)
{
    static const struct expansion cases[] = {
        { "${#fruit} ${#nothing} ${#city}", "4 0 7" },
        { "${fruit^} ${fruit^^} ${shout,} ${shout,,}", "Kiwi KIWI aBC abc" },
        { "${city^} ${city^^}", "Łódź ŁÓDŹ" },
        { "${fruit:1} ${fruit:1:2} ${fruit:9}|", "iwi iw |" },
        { "${path#*b} ${path##*b} ${path%b*} ${path%%b*}", "/c.b  /srv/a.b/c. /srv/a." },
        { "${path#nope} ${path%nope}", "/srv/a.b/c.b /srv/a.b/c.b" },
        { "${pairs/1/one} ${pairs//1/one}", "x=one,y=1 x=one,y=one" },
        { "${pairs/#x/z} ${pairs/%1/2}", "z=1,y=1 x=1,y=2" },
        { "${pairs//=1/}", "x,y" },
    };

    CHECK_ALL(cases, false);
}

TEST(a_default_stands_in_for_what_is_empty_or_unset)
{
    static const struct expansion cases[] = {
        { "${unknown:-plum} ${nothing:-plum} ${fruit:-plum}", "plum plum kiwi" },
        { "${unknown:=plum} ${unknown=plum}", "plum plum" },
        { "${unknown:-${fruit}} ${unknown:-${nothing:-deep}}", "kiwi deep" },
        { "${unknown:-}|", "|" },
    };

    CHECK_ALL(cases, false);
    CHECK_ALL(cases, true);
}

TEST(strict_names_the_variable_that_is_not_set)
{
    ARENA_AUTO struct arena *a = arena_new(0);

    CHECK_STR(expand(a, "${nothing}|${fruit}", true), "|kiwi");
    CHECK_HAS(expand(a, "${fruit} ${unknown}", true), "unknown");
    CHECK_HAS(expand(a, "${fruit} ${unknown}", true), "error: ");
    CHECK_HAS(expand(a, "${fruit:-${unknown}}", true), "error: ");
}

TEST(bad_syntax_is_an_error)
{
    static const char *const cases[] = { "${",         "${}",         "${ fruit}", "${fruit",
                                         "${fruit.x}", "${fruit[0]}", "a\nb ${" };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);

        test_label(cases[i]);
        CHECK(str_has_prefix(expand(a, cases[i], false), STR("error: ")));
    }
}

/* A default in a default in a default: the depth is bounded, not the stack. */
TEST(nesting_is_bounded)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct buf text;

    buf_init(&text, a, 0);
    for (size_t i = 0; i < 100000; i++)
        buf_lit(&text, "${u:-");
    CHECK(str_has_prefix(expand(a, str_cstr(a, buf_str(&text)), false), STR("error: ")));
}

TEST(names_of_variables)
{
    CHECK(envsubst_name_is_valid(STR("a")));
    CHECK(envsubst_name_is_valid(STR("_a_1")));
    CHECK(!envsubst_name_is_valid(STR("")));
    CHECK(!envsubst_name_is_valid(STR("1a")));
    CHECK(!envsubst_name_is_valid(STR("a-b")));
    CHECK(!envsubst_name_is_valid(STR("a.b")));
}

TEST(patterns_match_as_the_shell_does)
{
    static const struct {
        const char *pattern, *text;
        bool want, bad;
    } cases[] = {
        { "", "", true, false },
        { "*", "", true, false },
        { "*", "a/b", true, false },
        { "a*c", "abbc", true, false },
        { "a*c", "abbd", false, false },
        { "?", "ł", true, false },
        { "??", "ł", false, false },
        { "[a-c]x", "bx", true, false },
        { "[^a-c]x", "bx", false, false },
        { "[^a-c]x", "dx", true, false },
        { "\\*", "*", true, false },
        { "\\*", "a", false, false },
        { "[a", "a", false, true },
        { "[]", "a", false, true },
        { "*a*b*c", "xaybzc", true, false },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bool bad = false;

        test_label(cases[i].pattern);
        CHECK(pattern_match(str_from_cstr(cases[i].pattern), str_from_cstr(cases[i].text), &bad) ==
              cases[i].want);
        CHECK(bad == cases[i].bad);
    }
}

TEST(the_scanner_splits_at_braces)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct scanner s = { .arena = a, .text = STR("ab${c}") };

    CHECK_INT(scan_next(&s, SCAN_WANT_TEXT | SCAN_WANT_OPEN | SCAN_ESCAPES, scan_any), SCAN_TEXT);
    CHECK_STR(s.token, "ab");
    CHECK_INT(scan_next(&s, SCAN_WANT_TEXT | SCAN_WANT_OPEN, scan_any), SCAN_OPEN);
    CHECK_UINT(scan_peek(&s), 'c');
    CHECK_INT(scan_next(&s, SCAN_WANT_TEXT, scan_name), SCAN_TEXT);
    CHECK_STR(s.token, "c");
    CHECK_INT(scan_next(&s, SCAN_WANT_CLOSE, scan_any), SCAN_CLOSE);
    CHECK_INT(scan_next(&s, SCAN_WANT_TEXT, scan_any), SCAN_END);
    CHECK_UINT(scan_peek(&s), 0);
}
