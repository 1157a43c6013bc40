/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"
#include "core/helm/host_path.h"
#include "core/helm/lock.h"
#include "core/helm/oci_chart.h"
#include "core/helm/repositories.h"
#include "core/helm/repository_index.h"
#include "tests/harness.h"
#include "value/yaml.h"

#define ENTRY(version, more) \
    "  - {name: web, version: " version ", urls: [web-" version ".tgz]" more "}\n"

static const char index_text[] = "apiVersion: v1\nentries:\n  web:\n" ENTRY("1.0.0", "")
    ENTRY("2.0.0-rc.1", "") ENTRY("1.2.0", ", digest: abc") ENTRY("1.10.0", "") "  none: []\n";

static struct str chosen(struct arena *a, const char *chart, const char *wanted)
{
    const struct helm_index_entry *entry = NULL;
    struct helm_index index;
    bool is_fallback = false;
    struct err *e = helm_index_read(a, str_from_cstr(index_text), STR("index.yaml"), &index);

    if (!e)
        e = helm_index_get(a, &index, str_from_cstr(chart), str_from_cstr(wanted), &entry,
                           &is_fallback);
    if (e)
        return err_line(a, e);
    return str_concat(a, entry->version, is_fallback ? STR(" instead") : STR(""));
}

/* Expectations: helm 4.3. */
TEST(an_index_gives_the_highest_version_that_fits)
{
    static const char *const cases[][3] = {
        { "web", "", "1.10.0" },
        { "web", "^1.0", "1.10.0" },
        { "web", "~1.2", "1.2.0" },
        { "web", "1.2.0", "1.2.0" },
        { "web", "1.2", "1.2.0 instead" },
        { "web", ">0.0.0-0", "2.0.0-rc.1" },
        { "web", "v1.2.0", "1.2.0 instead" },
        { "web", "^3", "no chart version found for web-^3" },
        { "web", "abc", "improper constraint: \"abc\"" },
        { "db", "", "no chart name found" },
        { "none", "", "no chart version found" },
    };
    ARENA_AUTO struct arena *a = arena_new(0);

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        test_label(cases[i][1]);
        CHECK_STR(chosen(a, cases[i][0], cases[i][1]), cases[i][2]);
    }
}

TEST(an_index_is_read_strictly_and_bad_entries_are_left_out)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct helm_index index;
    struct err *e = helm_index_read(a, STR("apiVersion: v1\nfoo: 1\n"), STR("i"), &index);

    REQUIRE(e != NULL);
    CHECK_STR(e->msg, "error unmarshaling JSON: while decoding JSON: json: unknown field \"foo\"");
    CHECK(helm_index_read(a, STR("entries: {}\n"), STR("i"), &index) != NULL);
    CHECK(helm_index_read(a, STR(""), STR("i"), &index) != NULL);
    CHECK(helm_index_read(a, STR("apiVersion: v1\napiVersion: v1\n"), STR("i"), &index) != NULL);
    CHECK(helm_index_read(a, STR("apiVersion: v1\nentries: [1]\n"), STR("i"), &index) != NULL);
    CHECK(helm_index_read(a, STR("[1]\n"), STR("i"), &index) != NULL);
    REQUIRE(helm_index_read(a,
                            STR("{\"apiVersion\": \"v1\", \"foo\": 1, \"entries\": {\"a\": null}}"),
                            STR("i"), &index) == NULL);
    REQUIRE(
        helm_index_read(a,
                        STR("apiVersion: v1\nentries:\n  a:\n  - null\n  - {name: a}\n  - {name: "
                            "a/b, version: 1.0.0}\n  - {name: a, version: 1.0.0}\n  - {name: a, "
                            "version: x}\n"),
                        STR("i"), &index) == NULL);
    CHECK(index.fault_count == 4);
    CHECK(helm_index_versions(&index, STR("a"))->count == 1);
}

TEST(urls_of_an_index_are_seen_from_the_repository)
{
    static const char *const cases[][3] = {
        { "http://h/charts", "web-1.tgz", "http://h/charts/web-1.tgz" },
        { "http://h/charts/", "/web-1.tgz", "http://h/web-1.tgz" },
        { "http://h/charts?token=x", "index.yaml", "http://h/charts/index.yaml?token=x" },
        { "http://h/charts", "https://cdn/web-1.tgz?a=b", "https://cdn/web-1.tgz?a=b" },
        { "http://h/a%2fb", "c", "http://h/a%2fb/c" },
    };
    ARENA_AUTO struct arena *a = arena_new(0);

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str out;

        test_label(cases[i][1]);
        REQUIRE(helm_url_resolve(a, str_from_cstr(cases[i][0]), str_from_cstr(cases[i][1]), &out) ==
                NULL);
        CHECK_STR(out, cases[i][2]);
    }
    CHECK(helm_url_is_same(a, STR("http://h/a/"), STR("http://h/a")));
    CHECK(helm_url_is_same(a, STR("http://h"), STR("http://h/")));
    CHECK(!helm_url_is_same(a, STR("http://h"), STR("https://h")));
    CHECK(helm_url_is_same(a, STR("/a/."), STR("/a")));
}

TEST(repositories_are_read_and_written_as_helm_does)
{
    struct str text = STR("apiVersion: \"\"\ngenerated: \"0001-01-01T00:00:00Z\"\nrepositories:\n- "
                          "caFile: ca.pem\n  certFile: \"\"\n  insecure_skip_tls_verify: true\n  "
                          "keyFile: \"\"\n  name: a\n  pass_credentials_all: false\n  password: "
                          "secret\n  url: http://h\n  username: me\n");
    ARENA_AUTO struct arena *a = arena_new(0);
    struct helm_repositories all;

    REQUIRE(helm_repositories_read(a, text, STR("r"), &all) == NULL);
    REQUIRE(helm_repository_find(&all, STR("a")) != NULL);
    CHECK(helm_repository_find(&all, STR("b")) == NULL);
    CHECK(secret_eq_str(all.items[0].password, STR("secret")));
    CHECK_STR(helm_repositories_format(a, &all), text.ptr);
    CHECK(helm_repositories_read(a, STR("repositories: [{name: [1]}]"), STR("r"), &all) != NULL);
    CHECK(helm_repositories_read(a, STR("repositories: [1]"), STR("r"), &all) != NULL);
}

TEST(tags_become_versions_and_one_is_chosen)
{
    static const struct str tags[] = { STR_INIT("1.0.0"),      STR_INIT("latest"),
                                       STR_INIT("1.10.0"),     STR_INIT("1.2.0_build.5"),
                                       STR_INIT("2.0.0-rc.1"), STR_INIT("v3.0.0") };
    ARENA_AUTO struct arena *a = arena_new(0);
    struct helm_versions versions;
    struct str out = STR("");

    helm_oci_versions(a, tags, sizeof tags / sizeof *tags, &versions);
    CHECK_STR(str_join(a, versions.items, versions.count, STR(" ")),
              "2.0.0-rc.1 1.10.0 1.2.0+build.5 1.0.0");
    CHECK(!helm_oci_choose(a, &versions, STR(""), &out));
    CHECK_STR(out, "1.10.0");
    CHECK(!helm_oci_choose(a, &versions, STR("~1.2"), &out));
    CHECK_STR(out, "1.2.0+build.5");
    CHECK(!helm_oci_choose(a, &versions, STR(">0-0"), &out));
    CHECK_STR(out, "2.0.0-rc.1");
    CHECK(helm_oci_choose(a, &versions, STR("^5"), &out) != NULL);
}

TEST(a_plus_in_a_version_is_an_underscore_in_its_tag)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct helm_oci_reference r;

    REQUIRE(helm_oci_reference_parse(a, STR("oci://h:5000/a/b:1.0.0+x"), &r) == NULL);
    CHECK_STR(oci_reference_format(a, &r.oci), "h:5000/a/b:1.0.0_x");
    CHECK_STR(r.digest, "");
    REQUIRE(helm_oci_reference_parse(a, STR("h:5000/a/b@sha256:0"), &r) == NULL);
    CHECK_STR(r.digest, "sha256:0");
    CHECK_STR(oci_reference_format(a, &r.oci), "h:5000/a/b");
}

/* The digest: as helm 4.3.1 wrote it for this chart. */
TEST(the_digest_of_a_lock_is_helms)
{
    static const char text[] =
        "dependencies:\n- {name: web, repository: \"http://127.0.0.1:18081\", version: "
        "1.1.0}\n- {name: local, repository: \"file://../local\", version: 0.3.0}\n";
    static const char demands[] =
        "dependencies:\n- {name: web, version: ^1, repository: \"http://127.0.0.1:18081\", alias: front, "
        "condition: x.y, tags: [a, b], import-values: [data, {child: a, parent: b}]}\n"
        "- {name: local, version: '>0.1', repository: \"file://../local\"}\n";
    ARENA_AUTO struct arena *a = arena_new(0);
    struct helm_lock lock, demanded;
    const struct val *v;

    REQUIRE(yaml_read(a, str_from_cstr(text), STR("l"), YAML_SIGS, &v) == NULL);
    REQUIRE(helm_lock_read(a, v, STR("l"), &lock) == NULL);
    REQUIRE(yaml_read(a, str_from_cstr(demands), STR("d"), YAML_SIGS, &v) == NULL);
    REQUIRE(helm_lock_read(a, v, STR("d"), &demanded) == NULL);
    lock.digest = helm_lock_digest(a, &demanded.dependencies, true, &lock);
    CHECK_STR(lock.digest,
              "sha256:9e0000c282191e042111e0c458013b104ecd08a7f08a63a961a9b589ec07af07");
    CHECK_STR(helm_lock_format(a, &lock, (struct wall_time){ 1500000000 }),
              "dependencies:\n- name: web\n  repository: http://127.0.0.1:18081\n  version: 1.1.0\n"
              "- name: local\n  repository: file://../local\n  version: 0.3.0\n"
              "digest: sha256:9e0000c282191e042111e0c458013b104ecd08a7f08a63a961a9b589ec07af07\n"
              "generated: \"1970-01-01T00:00:01.5Z\"\n");
}

TEST(paths_are_cleaned_as_go_does)
{
    static const char *const cases[][2] = {
        { "", "." },          { "a/./b/../c/", "a/c" }, { "../../a", "../../a" },
        { "/../a", "/a" },    { "a/../..", ".." },      { "./", "." },
        { "//a//b", "/a/b" }, { "a/..", "." }
    };
    ARENA_AUTO struct arena *a = arena_new(0);

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        test_label(cases[i][0]);
        CHECK_STR(host_path_clean(a, str_from_cstr(cases[i][0])), cases[i][1]);
    }
    CHECK_STR(host_path_join(a, STR("."), STR("web")), "web");
    CHECK_STR(host_path_base(STR("/a/b/")), "b");
}
