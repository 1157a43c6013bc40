/* SPDX-License-Identifier: Apache-2.0 */
#include "core/git/reference.h"

#include "tests/harness.h"
#include "value/json.h"

#define ID "0123456789abcdef0123456789abcdef01234567"

/* source-controller 1.9: commit, name, tag, semver, branch, in this order. */
TEST(the_most_exact_field_of_ref_wins)
{
    static const struct {
        const char *json, *ref, *commit, *range, *shown;
    } cases[] = {
        { "{}", "refs/heads/master", "", "", "master" },
        { "{\"branch\":\"a/b\"}", "refs/heads/a/b", "", "", "a/b" },
        { "{\"branch\":\"b\",\"tag\":\"v1\"}", "refs/tags/v1", "", "", "v1" },
        { "{\"branch\":\"b\",\"semver\":\"1.x\"}", "", "", "1.x", "" },
        { "{\"tag\":\"v1\",\"semver\":\"1.x\"}", "refs/tags/v1", "", "", "v1" },
        { "{\"name\":\"refs/pull/1/head\",\"tag\":\"v1\"}", "refs/pull/1/head", "", "",
          "refs/pull/1/head" },
        { "{\"name\":\"refs/tags/v1^{}\"}", "refs/tags/v1", "", "", "refs/tags/v1^{}" },
        { "{\"name\":\"HEAD\"}", "HEAD", "", "", "HEAD" },
        { "{\"commit\":\"" ID "\",\"name\":\"refs/x/y\"}", "", ID, "", "refs/x/y" },
        { "{\"commit\":\"" ID "\",\"branch\":\"b\"}", "refs/heads/b", ID, "", "b" },
        { "{\"commit\":\"" ID "\"}", "", ID, "", "" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);
        const struct val *ref = NULL;
        struct git_wanted w = { .ref = STR("") };

        test_label(cases[i].json);
        REQUIRE(json_read(a, str_from_cstr(cases[i].json), STR("ref"), JSON_READ_DEFAULT, &ref) ==
                NULL);
        REQUIRE(git_wanted_of(a, ref, &w) == NULL);
        CHECK_STR(w.ref, cases[i].ref);
        CHECK_STR(w.commit, cases[i].commit);
        CHECK_STR(w.range, cases[i].range);
        CHECK_STR(w.shown, cases[i].shown);
    }
}

/* git check-ref-format --allow-onelevel, git 2.39. */
TEST(names_follow_gits_grammar)
{
    static const struct {
        const char *ref;
        bool want;
    } cases[] = {
        { "refs/heads/main", true },
        { "HEAD", true },
        { "refs/heads/a.b-c_d", true },
        { "refs/heads/f\xc3\xbc", true },
        { "refs/heads/a..b", false },
        { "refs/heads/.a", false },
        { "refs/heads/a.lock", false },
        { "refs/heads/a.lock/b", false },
        { "refs/heads/a@{b", false },
        { "refs/heads/a b", false },
        { "refs/heads/a\x01", false },
        { "refs/heads/a~1", false },
        { "refs/heads/a^", false },
        { "refs/heads/a:b", false },
        { "refs/heads/a?b", false },
        { "refs/heads/a*", false },
        { "refs/heads/a[b", false },
        { "refs/heads/a\\b", false },
        { "refs//heads", false },
        { "/refs/heads", false },
        { "refs/heads/", false },
        { "refs/heads/a.", false },
        { "@", false },
        { "../../x", false },
        { "--upload-pack=x", false },
        { "", false },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        test_label(cases[i].ref);
        CHECK(git_ref_is_valid(str_from_cstr(cases[i].ref)) == cases[i].want);
    }
}

TEST(a_ref_that_could_be_something_else_is_refused_by_field)
{
    static const struct {
        const char *json, *says;
    } cases[] = {
        { "{\"branch\":\"-x\"}", "spec.ref.branch '-x' violates" },
        { "{\"branch\":\"../../x\"}", "spec.ref.branch" },
        { "{\"tag\":\"a..b\"}", "spec.ref.tag 'a..b'" },
        { "{\"name\":\"--upload-pack=x\"}", "spec.ref.name" },
        { "{\"name\":\"refs/heads/@{\"}", "spec.ref.name" },
        { "{\"commit\":\"abc\"}", "spec.ref.commit 'abc' is no commit id" },
        { "{\"commit\":\"--0123456789abcdef0123456789abcdef012345\"}", "spec.ref.commit" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);
        const struct val *ref = NULL;
        struct git_wanted w;
        struct err *e;

        test_label(cases[i].json);
        REQUIRE(json_read(a, str_from_cstr(cases[i].json), STR("ref"), JSON_READ_DEFAULT, &ref) ==
                NULL);
        e = git_wanted_of(a, ref, &w);
        REQUIRE(e != NULL);
        CHECK_INT(e->code, ERR_INVALID);
        CHECK_HAS(err_line(a, e), cases[i].says);
    }
}

/* The choice of fluxcd/pkg git 0.52, with the candidates of a tie given back. */
TEST(the_highest_version_in_range_is_chosen)
{
    static const struct str tags[] = {
        STR_INIT("v1.0.0"),  STR_INIT("v1.2.0+b2"),   STR_INIT("v1.2.0+b1"),
        STR_INIT("v1.10.0"), STR_INIT("v2.0.0-rc.1"), STR_INIT("v2"),
        STR_INIT("latest"),  STR_INIT("0.9.0"),       STR_INIT("release-9.9.9"),
    };
    static const struct {
        const char *range, *first, *second;
    } cases[] = {
        { "*", "v1.10.0", NULL },
        { ">=1.0.0", "v1.10.0", NULL },
        { ">=1.0.0-0", "v2.0.0-rc.1", NULL },
        { "~1.2", "v1.2.0+b1", "v1.2.0+b2" },
        { "<1.0.0", "0.9.0", NULL },
        { "1.0.x", "v1.0.0", NULL },
    };
    enum { COUNT = sizeof tags / sizeof tags[0] };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);
        size_t found[COUNT], n = 0;

        test_label(cases[i].range);
        REQUIRE(git_tags_choose(a, str_from_cstr(cases[i].range), tags, COUNT, found, &n) == NULL);
        REQUIRE(n == (cases[i].second ? 2 : 1));
        CHECK_STR(tags[found[0]], cases[i].first);
        if (n == 2)
            CHECK_STR(tags[found[1]], cases[i].second);
    }
}

TEST(a_range_without_a_tag_and_a_bad_range_are_told)
{
    static const struct str tags[] = { STR_INIT("v1.0.0") };
    ARENA_AUTO struct arena *a = arena_new(0);
    size_t found[1], n = 0;
    struct err *e = git_tags_choose(a, STR(">=2"), tags, 1, found, &n);

    REQUIRE(e != NULL);
    CHECK_STR(err_line(a, e), "no match found for semver: >=2");
    e = git_tags_choose(a, STR("not a range"), tags, 1, found, &n);
    REQUIRE(e != NULL);
    CHECK_INT(e->code, ERR_INVALID);
    CHECK_HAS(err_line(a, e), "semver parse error: ");
}

/* RFC-0005. */
TEST(revisions_show_the_reference_and_the_id)
{
    ARENA_AUTO struct arena *a = arena_new(0);

    CHECK_STR(git_revision(a, STR("main"), STR(ID)), "main@sha1:" ID);
    CHECK_STR(git_revision(a, STR(""), STR(ID)), "sha1:" ID);
}

TEST(a_sparse_checkout_takes_what_begins_with_a_prefix)
{
    static const struct str prefixes[] = { STR_INIT("./apps/web"), STR_INIT("charts") };

    CHECK(git_sparse_has(prefixes, 2, STR("apps/web/a.yaml")));
    CHECK(git_sparse_has(prefixes, 2, STR("charts/x/Chart.yaml")));
    CHECK(git_sparse_has(prefixes, 2, STR("charts-old/x"))); /* as source-controller 1.9 */
    CHECK(!git_sparse_has(prefixes, 2, STR("apps/api/a.yaml")));
    CHECK(!git_sparse_has(prefixes, 2, STR("README.md")));
    CHECK(git_sparse_has(NULL, 0, STR("README.md")));
}
