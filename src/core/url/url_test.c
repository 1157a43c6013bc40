/* SPDX-License-Identifier: Apache-2.0 */
#include "core/url/url.h"

#include "base/arena.h"
#include "tests/harness.h"

/* Expectations: ResolveReference and String of Go's net/url. */
TEST(references_are_resolved_as_go_does)
{
    static const char *const cases[][3] = {
        { "http://a.b/c/", "index.yaml", "http://a.b/c/index.yaml" },
        { "http://a.b/c/d", "x", "http://a.b/c/x" },
        { "http://a.b/c/d", "/x", "http://a.b/x" },
        { "http://a.b/c/d/", "../x", "http://a.b/c/x" },
        { "http://a.b/c/d/", "../../../x", "http://a.b/x" },
        { "http://a.b/c/d/", "./x/.", "http://a.b/c/d/x/" },
        { "http://a.b/c/d/", "..", "http://a.b/c/" },
        { "http://a.b/c/?q=1", "x?r=2", "http://a.b/c/x?r=2" },
        { "http://a.b/c/?q=1", "", "http://a.b/c/?q=1" },
        { "http://u:p@a.b:80/", "x#f", "http://u:p@a.b:80/x#f" },
        { "http://a.b/", "//c.d/e", "http://c.d/e" },
        { "http://a.b/", "https://c.d/e/../f", "https://c.d/f" },
        { "http://a.b/x%2Fy/", "z", "http://a.b/x%2Fy/z" },
        { "http://a.b", "x y", "http://a.b/x%20y" },
        { "http://a.b", "x+1.tgz", "http://a.b/x+1.tgz" },
    };
    ARENA_AUTO struct arena *a = arena_new(0);

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct url base, reference, out;

        test_label(cases[i][1]);
        REQUIRE(url_parse(a, str_from_cstr(cases[i][0]), &base) == NULL);
        REQUIRE(url_parse(a, str_from_cstr(cases[i][1]), &reference) == NULL);
        out = url_resolve(a, &base, &reference);
        CHECK_STR(url_format(a, &out), cases[i][2]);
    }
}

TEST(origins_differ_in_scheme_host_or_port)
{
    static const struct {
        const char *a, *b;
        bool same;
    } cases[] = {
        { "https://a.b/x", "https://A.b:443/y", true }, { "http://a.b", "http://a.b:80", true },
        { "http://a.b", "https://a.b", false },         { "http://a.b:1", "http://a.b:2", false },
        { "http://a.b", "http://c.a.b", false },        { "http://[::1]:80", "http://[::1]", true },
    };
    ARENA_AUTO struct arena *a = arena_new(0);

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct url x, y;

        test_label(cases[i].b);
        REQUIRE(url_parse(a, str_from_cstr(cases[i].a), &x) == NULL);
        REQUIRE(url_parse(a, str_from_cstr(cases[i].b), &y) == NULL);
        CHECK(url_is_same_origin(&x, &y) == cases[i].same);
    }
}

TEST(a_value_of_a_query_is_escaped)
{
    ARENA_AUTO struct arena *a = arena_new(0);

    CHECK_STR(url_escape_query(a, STR("repository:a/b:pull x")), "repository%3Aa%2Fb%3Apull+x");
}

TEST(a_password_is_not_shown)
{
    ARENA_AUTO struct arena *a = arena_new(0);

    CHECK_STR(url_without_password(a, STR("https://me:secret@a.b/c@d:e")),
              "https://me:xxxxx@a.b/c@d:e");
    CHECK_STR(url_without_password(a, STR("https://a.b:80/c:d@e")), "https://a.b:80/c:d@e");
    CHECK_STR(url_without_password(a, STR("https://me@a.b")), "https://me@a.b");
    CHECK_STR(url_without_password(a, STR("https://me:p@q@a.b")), "https://me:xxxxx@a.b");
}
