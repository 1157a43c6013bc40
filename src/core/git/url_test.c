/* SPDX-License-Identifier: Apache-2.0 */
#include "core/git/url.h"

#include "tests/harness.h"

TEST(only_urls_that_cannot_be_options_or_hold_passwords_pass)
{
    static const struct {
        const char *url;
        bool allow_file, ok;
    } cases[] = {
        { "https://example.org/a.git", false, true },
        { "http://127.0.0.1:8080/a", false, true },
        { "ssh://git@example.org/a", false, true },
        { "https://user@example.org/a", false, true },
        { "https://[::1]:8443/a", false, true },
        { "file:///srv/a.git", true, true },
        { "file:///srv/a.git", false, false },
        { "file://host/a.git", true, false },
        { "https://user:hunter2@example.org/a", false, false },
        { "ext://user:hunter2@example.org/a", false, false },
        { "ssh://-oProxyCommand=x/a", false, false },
        { "ssh://git@-oProxyCommand=x/a", false, false },
        { "ssh://-l@example.org/a", false, false },
        { "https://example.org:0/a", false, false },
        { "https://example.org:99999/a", false, false },
        { "https://example.org:x/a", false, false },
        { "https:///a", false, false },
        { "-uhttps://x", false, false },
        { "ext::sh -c id", false, false },
        { "fd::3/a", false, false },
        { "git@example.org:a.git", false, false },
        { "git://example.org/a", false, false },
        { "https://example.org/a b", false, false },
        { "https://example.org/a\nb", false, false },
        { "https://example.org/\"a", false, false },
        { "https://example.org/'a", false, false },
        { "", false, false },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);
        struct git_url u;
        struct err *e = git_url_parse(a, str_from_cstr(cases[i].url), cases[i].allow_file, &u);
        test_label(cases[i].url);
        CHECK((e == NULL) == cases[i].ok);
        CHECK(!e || (e->code == ERR_INVALID && !str_contains(err_line(a, e), STR("hunter2"))));
    }
}

TEST(the_parts_of_a_url)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct git_url u = { .port = 0 };

    REQUIRE(git_url_parse(a, STR("ssh://me@git.example.org:2222/team/a.git"), false, &u) == NULL);
    CHECK_STR(u.scheme, "ssh");
    CHECK_STR(u.user, "me");
    CHECK_STR(u.host, "git.example.org");
    CHECK_INT(u.port, 2222);
    CHECK_STR(u.path, "/team/a.git");
    REQUIRE(git_url_parse(a, STR("https://[::1]/a"), false, &u) == NULL);
    CHECK_STR(u.host, "[::1]");
    CHECK_INT(u.port, 443);
}

TEST(credentials_are_good_for_one_server)
{
    static const struct {
        const char *other;
        bool want;
    } cases[] = {
        { "https://example.org/b", true },           { "https://EXAMPLE.org:443/b", true },
        { "https://example.org:8443/b", false },     { "http://example.org/b", false },
        { "https://example.org.evil.net/b", false },
    };
    ARENA_AUTO struct arena *a = arena_new(0);
    struct git_url u = { .port = 0 }, other = { .port = 0 };

    REQUIRE(git_url_parse(a, STR("https://example.org/a"), false, &u) == NULL);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        test_label(cases[i].other);
        REQUIRE(git_url_parse(a, str_from_cstr(cases[i].other), false, &other) == NULL);
        CHECK(git_url_same_server(&u, &other) == cases[i].want);
    }
}

TEST(messages_show_urls_without_passwords)
{
    ARENA_AUTO struct arena *a = arena_new(0);

    CHECK_STR(git_url_shown(a, STR("https://u:p@example.org/a")), "https://***@example.org/a");
    CHECK_STR(git_url_shown(a, STR("ssh://git@example.org/a")), "ssh://git@example.org/a");
    CHECK_STR(git_url_shown(a, STR("no url")), "no url");
}

/* git-submodule(1), "add". */
TEST(submodule_urls_may_be_relative)
{
    static const struct {
        const char *base, *url, *want;
    } cases[] = {
        { "https://example.org/team/a.git", "../b.git", "https://example.org/team/b.git" },
        { "https://example.org/team/a/", "../../c/d", "https://example.org/c/d" },
        { "https://example.org/team/a", "./sub", "https://example.org/team/a/sub" },
        { "https://example.org/team/a", "https://other.org/x", "https://other.org/x" },
        { "file:///srv/a.git", "../b.git", "file:///srv/b.git" },
        { "https://example.org/a", "git@h.org:x/y", "ssh://git@h.org/x/y" },
        { "https://example.org/a", "ext::sh -c x/y", "ext::sh -c x/y" },
        { "https://example.org/a", "../../b", NULL },
        { "https://example.org/a", "../../../../b", NULL },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);
        struct str got = STR("");
        struct err *e = git_url_join(a, str_from_cstr(cases[i].base), str_from_cstr(cases[i].url),
                                     &got);
        test_label(cases[i].url);
        CHECK((e == NULL) == (cases[i].want != NULL));
        if (!e && cases[i].want)
            CHECK_STR(got, cases[i].want);
    }
}
