/* SPDX-License-Identifier: Apache-2.0 */
#include "core/apiserver/selector.h"

#include "tests/harness.h"
#include "value/json.h"

static bool matches(struct arena *a, const char *selector, const char *labels)
{
    struct selector s;
    const struct val *v = NULL;

    if (label_selector_parse(a, str_from_cstr(selector), &s) ||
        json_read(a, str_from_cstr(labels), STR("test"), JSON_READ_DEFAULT, &v)) {
        test_fail(__FILE__, __LINE__, "does not parse: %s", selector);
        return false;
    }
    return selector_matches_labels(&s, v);
}

TEST(label_selectors_match)
{
    static const struct {
        const char *selector;
        bool want;
    } cases[] = {
        { "", true },
        { "x=1", true },
        { "x==1", true },
        { "x!=1", false },
        { "x", true },
        { "!x", false },
        { "z", false },
        { "!z", true },
        { "x in (1,2)", true },
        { "x notin (1)", false },
        { "z notin (1)", true },
        { "n>4", true },
        { "n<4", false },
        { "x=1,n=5", true },
        { "x=1,n=6", false },
        { "x=", false },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);

        test_label(cases[i].selector);
        CHECK(matches(a, cases[i].selector, "{\"x\":\"1\",\"n\":\"5\"}") == cases[i].want);
    }
}

TEST(broken_label_selectors_are_named_as_kubernetes_does)
{
    static const char *const cases[][2] = {
        { "=", "found '=', expected: !, identifier, or 'end of string'" },
        { "x in 1", "unable to parse requirement: found '1' expected: '('" },
        { "x=a b", "found 'b', expected: ',' or 'end of string'" },
        { "!", "unable to parse requirement: found '', expected: identifier" },
        { "x,", "found '', expected: identifier after ','" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);
        struct selector s;
        struct err *e = label_selector_parse(a, str_from_cstr(cases[i][0]), &s);

        test_label(cases[i][0]);
        REQUIRE(e != NULL);
        CHECK_STR(e->msg, cases[i][1]);
    }
}
