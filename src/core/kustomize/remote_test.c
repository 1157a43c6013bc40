/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kustomize/remote.h"

#include "base/arena.h"
#include "base/clock.h"
#include "tests/harness.h"

TEST(urls_of_repositories_are_taken_apart)
{
    static const struct {
        const char *text, *repository, *path, *ref;
    } cases[] = {
        { "https://github.com/org/repo//apps/web?ref=v1", "https://github.com/org/repo", "apps/web",
          "v1" },
        { "https://github.com/org/repo/apps/web?ref=v1", "https://github.com/org/repo", "apps/web",
          "v1" },
        { "github.com/org/repo/apps", "https://github.com/org/repo", "apps", "" },
        { "GitHub.com/org/repo", "https://github.com/org/repo", "", "" },
        { "github.com:org/repo.git/apps", "https://github.com/org/repo.git", "apps", "" },
        { "git@github.com:org/repo.git//apps?version=2", "git@github.com:org/repo.git", "apps",
          "2" },
        { "git@github.com/org/repo", "git@github.com:org/repo", "", "" },
        { "ssh://git@github.com/org/repo?ref=a&version=b", "git@github.com:org/repo", "", "a" },
        { "ssh://git@host.example:7999/org/repo.git/x", "ssh://git@host.example:7999/org/repo.git",
          "x", "" },
        { "git::https://host.example/org/repo.git//x/y", "https://host.example/org/repo.git", "x/y",
          "" },
        { "https://dev.example/org/project/_git/repo/path/to",
          "https://dev.example/org/project/_git/repo", "path/to", "" },
        { "user@host.example:group/sub/repo.git/x", "user@host.example:group/sub/repo.git", "x",
          "" },
        { "file:///srv/repo", "file:///srv/repo", "", "" },
        { "file:///srv/repo//x?ref=feature%2Fone", "file:///srv/repo", "x", "feature/one" },
        { "https://host.example/a/b/c/d", "https://host.example/a/b", "c/d", "" },
        { "https://github.com/org/repo?ref=%zz", "https://github.com/org/repo", "", "" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);
        struct kustomize_remote r;
        test_label(cases[i].text);
        REQUIRE(kustomize_remote_parse(a, str_from_cstr(cases[i].text), &r));
        CHECK_STR(r.repository, cases[i].repository);
        CHECK_STR(r.path, cases[i].path);
        CHECK_STR(r.ref, cases[i].ref);
    }
}

TEST(paths_and_files_are_no_repositories)
{
    static const char *const cases[] = {
        "../base",
        "apps/web",
        "/srv/repo.git",
        "deployment.yaml",
        "https://host.example/file.yaml",
        "https://host.example",
        "https://github.com/org/repo//../../etc",
        "org/repo.git/x",
        "",
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);
        struct kustomize_remote r;
        test_label(cases[i]);
        CHECK(!kustomize_remote_parse(a, str_from_cstr(cases[i]), &r));
    }
}

TEST(a_query_says_how_long_and_whether_with_submodules)
{
    static const struct {
        const char *query;
        int64_t seconds;
        bool submodules;
    } cases[] = {
        { "", 27, true },
        { "?timeout=61&submodules=false", 61, false },
        { "?timeout=2m&submodules=0", 120, false },
        { "?timeout=-5&submodules=maybe", 27, true },
        { "?timeout=x", 27, true },
        { "?submodules=true", 27, true },
        { "?timeout=1m;ref=x", 27, true },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);
        struct kustomize_remote r;
        struct str url = str_printf(a, "https://host.example/a/b%s", cases[i].query);
        test_label(cases[i].query);
        REQUIRE(kustomize_remote_parse(a, url, &r));
        CHECK_INT(r.timeout_ns / NS_PER_S, cases[i].seconds);
        CHECK(r.submodules == cases[i].submodules);
    }
}

TEST(short_ssh_addresses_become_urls)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct kustomize_remote r = { .repository = STR("git@host.example:org/repo.git") };
    CHECK_STR(kustomize_remote_url(a, &r), "ssh://git@host.example/org/repo.git");
    r.repository = STR("git@host.example:/srv/repo.git");
    CHECK_STR(kustomize_remote_url(a, &r), "ssh://git@host.example/srv/repo.git");
    r.repository = STR("https://host.example:8443/org/repo");
    CHECK_STR(kustomize_remote_url(a, &r), "https://host.example:8443/org/repo");
}
