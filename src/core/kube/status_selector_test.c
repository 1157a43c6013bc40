/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kube/status_selector.h"

#include "tests/harness.h"
#include "value/json.h"

/* Origin: flux 2.9, get --status-selector. */
TEST(objects_are_selected_by_the_status_of_a_condition)
{
    static const struct {
        const char *selector, *conditions;
        bool want;
    } cases[] = {
        { "", "[]", true },
        { "ready=true", "[{\"type\":\"Ready\",\"status\":\"True\"}]", true },
        { "Ready=TRUE", "[{\"type\":\"Ready\",\"status\":\"True\"}]", true },
        { "ready=false", "[{\"type\":\"Ready\",\"status\":\"True\"}]", false },
        { "ready=false", "[]", false },
        { "ready!=true", "[]", true },
        { "ready!=true", "[{\"type\":\"Ready\",\"status\":\"Unknown\"}]", true },
        { "ready!=true", "[{\"type\":\"Ready\",\"status\":\"True\"}]", false },
        { "healthy=true", "[{\"type\":\"Ready\",\"status\":\"True\"}]", false },
        { "=true", "[{\"type\":\"Ready\",\"status\":\"True\"}]", false },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);
        const struct val *object;
        struct status_selector s;

        test_label(str_cstr(a, str_printf(a, "%s on %s", cases[i].selector, cases[i].conditions)));
        REQUIRE(json_read(a, str_printf(a, "{\"status\":{\"conditions\":%s}}", cases[i].conditions),
                          STR("object"), JSON_READ_BORROW, &object) == NULL);
        REQUIRE(status_selector_parse(a, str_from_cstr(cases[i].selector), &s) == NULL);
        CHECK_INT(status_selector_matches(&s, object), cases[i].want);
    }
}

TEST(a_selector_without_an_equals_sign_is_refused)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct status_selector s;
    struct err *e = status_selector_parse(a, STR("ready"), &s);

    REQUIRE(e != NULL);
    CHECK_HAS(err_line(a, e), "type=status or type!=status");
}
