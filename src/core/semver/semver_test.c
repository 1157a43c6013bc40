/* SPDX-License-Identifier: Apache-2.0 */
#include "core/semver/semver.h"

#include "tests/harness.h"

static bool satisfies(const char *constraint, const char *version)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct semver_constraints *c = NULL;
    struct semver v;
    struct err *e = semver_constraints_parse(a, str_from_cstr(constraint), &c);

    CHECK(e == NULL);
    CHECK(semver_parse(str_from_cstr(version), &v) == NULL);
    return !e && semver_satisfies(c, &v);
}

/* Expectations: Masterminds/semver v3.5. */
TEST(constraints_decide_as_masterminds_does)
{
    static const struct {
        const char *constraint, *version;
        bool want;
    } cases[] = {
        { "1.2.3", "1.2.3", true },
        { "^1.2.0", "1.9.9", true },
        { "^1.2.0", "2.0.0", false },
        { "^0.2.3", "0.2.9", true },
        { "^0.2.3", "0.3.0", false },
        { "^0.0.3", "0.0.4", false },
        { "~1.2", "1.2.9", true },
        { "~1.2", "1.3.0", false },
        { ">=1.2 <2", "1.5.0", true },
        { ">=1.2, <2", "2.0.0", false },
        { "1.2 - 1.4", "1.4.7", true },
        { "1.2 - 1.4", "1.5.0", false },
        { "*", "1.0.0", true },
        { "*", "1.0.0-rc.1", false },
        { ">=1.0.0-0", "1.0.0-rc.1", true },
        { "1.x || 3.x", "3.1.0", true },
        { "!=1.2", "1.2.5", false },
        { ">1", "1.5.0", false },
        { ">=1.19-0", "v1.35.4", true },
        { "<=1.2", "1.2.9", true },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        test_label(cases[i].constraint);
        CHECK(satisfies(cases[i].constraint, cases[i].version) == cases[i].want);
    }
}

TEST(versions_order_by_precedence)
{
    static const char *const order[] = { "1.0.0-alpha",
                                         "1.0.0-alpha.1",
                                         "1.0.0-alpha.beta",
                                         "1.0.0-beta.2",
                                         "1.0.0-beta.11",
                                         "1.0.0-rc.1",
                                         "1.0.0",
                                         "1.0.1",
                                         "v1.1",
                                         "2" };

    for (size_t i = 0; i + 1 < sizeof order / sizeof *order; i++) {
        struct semver a, b;

        test_label(order[i]);
        CHECK(semver_parse(str_from_cstr(order[i]), &a) == NULL);
        CHECK(semver_parse(str_from_cstr(order[i + 1]), &b) == NULL);
        CHECK(semver_compare(&a, &b) < 0);
        CHECK(semver_compare(&b, &a) > 0);
    }
}

TEST(what_is_no_version_or_constraint_is_refused)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct semver_constraints *c;
    struct semver v;
    struct err *e = semver_constraints_parse(a, STR("abc"), &c);

    CHECK_STR(semver_parse(STR("abc"), &v), "invalid semantic version");
    CHECK_STR(semver_parse(STR("1.2.3-01"), &v), "version segment starts with 0");
    CHECK_STR(semver_parse(STR(""), &v), "invalid semantic version");
    REQUIRE(e != NULL);
    CHECK_STR(e->msg, "improper constraint: \"abc\"");
}
