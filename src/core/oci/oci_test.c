/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"
#include "core/oci/challenge.h"
#include "core/oci/ip_literal.h"
#include "core/oci/manifest.h"
#include "core/oci/reference.h"
#include "core/oci/registry_error.h"
#include "tests/harness.h"
#include "value/json.h"

#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"

/* Expectations: oras-go 2.6. */
TEST(references_are_read_as_oras_does)
{
    static const char *const cases[][2] = {
        { "localhost:5000/charts/web:1.0.0", "localhost:5000/charts/web:1.0.0" },
        { "ghcr.io/a/b", "ghcr.io/a/b" },
        { "h/a@sha256:" ZEROS, "h/a@sha256:" ZEROS },
        { "h/a:tag@sha256:" ZEROS, "h/a@sha256:" ZEROS },
        { "h/a-b__c.d--e/f", "h/a-b__c.d--e/f" },
        { "h", "invalid reference: missing registry or repository" },
        { "h/A", "invalid reference: invalid repository \"A\"" },
        { "h/a//b", "invalid reference: invalid repository \"a//b\"" },
        { "h/a-", "invalid reference: invalid repository \"a-\"" },
        { "h/a___b", "invalid reference: invalid repository \"a___b\"" },
        { "h/a._b", "invalid reference: invalid repository \"a._b\"" },
        { "h/a:1+2", "invalid reference: invalid tag \"1+2\"" },
        { "h/a:-x", "invalid reference: invalid tag \"-x\"" },
        { "h/a@sha256:ab", "invalid reference: invalid digest \"sha256:ab\"" },
        { "h:x/a", "invalid reference: invalid registry \"h:x\"" },
        { "/a", "invalid reference: invalid registry \"\"" },
    };
    ARENA_AUTO struct arena *a = arena_new(0);

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct oci_reference r;
        struct err *e = oci_reference_parse(a, str_from_cstr(cases[i][0]), &r);

        test_label(cases[i][0]);
        CHECK_STR(e ? e->msg : oci_reference_format(a, &r), cases[i][1]);
    }
}

TEST(the_address_of_a_thing_follows_its_reference)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct oci_reference r;

    REQUIRE(oci_reference_parse(a, STR("docker.io/library/web:1"), &r) == NULL);
    CHECK_STR(oci_url(a, &r, false, "manifests", r.reference),
              "https://registry-1.docker.io/v2/library/web/manifests/1");
}

TEST(a_digest_is_that_of_the_bytes_alone)
{
    struct str empty = STR(
        "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");

    CHECK(oci_digest_matches(empty, STR("")));
    CHECK(!oci_digest_matches(empty, STR("x")));
    CHECK(!oci_digest_matches(STR("md5:d41d8cd98f00b204e9800998ecf8427e"), STR("")));
    CHECK(!oci_is_digest(
        STR("sha256:E3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")));
}

TEST(challenges_are_read_with_and_without_quotes)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct oci_challenge c;

    oci_challenge_parse(
        a,
        STR("Bearer realm=\"https://auth.example.com/token\" , service = reg ,scope=\"repository:a/b:pull,push\""),
        &c);
    CHECK(c.scheme == OCI_SCHEME_BEARER);
    CHECK_STR(c.realm, "https://auth.example.com/token");
    CHECK_STR(c.service, "reg");
    CHECK_STR(c.scope, "repository:a/b:pull,push");
    oci_challenge_parse(a, STR("BASIC realm=\"x\""), &c);
    CHECK(c.scheme == OCI_SCHEME_BASIC);
    oci_challenge_parse(a, STR("Bearer realm=\"open"), &c);
    CHECK(c.scheme == OCI_SCHEME_BEARER);
    CHECK_STR(c.realm, "");
    oci_challenge_parse(a, STR("Negotiate"), &c);
    CHECK(c.scheme == OCI_SCHEME_UNKNOWN);
    oci_challenge_parse(a, STR(""), &c);
    CHECK(c.scheme == OCI_SCHEME_UNKNOWN);
}

TEST(scopes_are_merged_and_sorted)
{
    ARENA_AUTO struct arena *a = arena_new(0);

    CHECK_STR(oci_scopes(a, STR("a/b"), STR("")), "repository:a/b:pull");
    CHECK_STR(oci_scopes(a, STR("b"), STR("repository:b:push,pull registry:catalog:* other")),
              "other registry:catalog:* repository:b:pull,push");
    CHECK_STR(oci_scopes(a, STR(""), STR("")), "");
}

TEST(a_token_is_asked_for_at_the_realm)
{
    struct oci_challenge c = { OCI_SCHEME_BEARER, STR("https://h/t?x=1"), STR("a b"), STR("") };
    ARENA_AUTO struct arena *a = arena_new(0);
    struct oci_credentials own = { .username = STR("me"), .password = secret_new(a, STR("p&w")) };
    struct secret token;

    CHECK_STR(
        oci_token_url(a, &c, STR("repository:a:pull repository:b:pull")),
        "https://h/t?x=1&scope=repository%3Aa%3Apull&scope=repository%3Ab%3Apull&service=a+b");
    CHECK_STR(
        secret_reveal(oci_token_form(a, &c, STR("s"), &own)),
        "client_id=oras-go&grant_type=password&username=me&password=p%26w&scope=s&service=a+b");
    REQUIRE(oci_token_read(a, STR("{\"token\": \"t1\"}"), c.realm, &token) == NULL);
    CHECK(secret_eq_str(token, STR("t1")));
    CHECK(oci_token_read(a, STR("{}"), c.realm, &token) != NULL);
    CHECK(oci_token_read(a, STR("<html>"), c.realm, &token) != NULL);
}

TEST(credentials_do_not_go_to_strange_token_servers)
{
    static const struct {
        const char *realm, *registry;
        bool fine;
    } cases[] = {
        { "https://auth.docker.io/token", "https://registry-1.docker.io/v2/", true },
        { "http://auth.docker.io/token", "https://registry-1.docker.io/v2/", false },
        { "http://auth.example.com/token", "http://localhost:5000/v2/", true },
        { "ftp://auth.example.com/token", "http://localhost:5000/v2/", false },
        { "http://169.254.169.254/latest", "http://registry.example.com/v2/", false },
        { "http://127.0.0.1:8080/token", "http://127.0.0.1:5000/v2/", true },
        { "https://10.1.2.3/token", "https://registry.example.com/v2/", false },
        { "https://[::1]/token", "https://registry.example.com/v2/", false },
        { "https://[fd00::5]/token", "https://registry.example.com/v2/", false },
        { "https://[::ffff:192.168.1.1]/token", "https://registry.example.com/v2/", false },
        { "https://[2001:db8::1]/token", "https://registry.example.com/v2/", true },
        { "https://8.8.8.8/token", "https://registry.example.com/v2/", true },
    };
    ARENA_AUTO struct arena *a = arena_new(0);

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        test_label(cases[i].realm);
        CHECK((oci_realm_check(a, str_from_cstr(cases[i].realm),
                               str_from_cstr(cases[i].registry)) == NULL) == cases[i].fine);
    }
}

TEST(a_manifest_leads_to_its_configuration_and_layers)
{
    struct str text = STR(
        "{\"config\": {\"mediaType\": \"c\", \"digest\": \"sha256:" ZEROS
        "\", \"size\": 2}, \"layers\": [{\"mediaType\": \"l\", \"digest\": \"sha256:" ZEROS
        "\", \"size\": 3}], \"annotations\": {\"a\": \"b\"}}");
    ARENA_AUTO struct arena *a = arena_new(0);
    struct oci_manifest m;

    REQUIRE(oci_manifest_read(a, text, STR(OCI_MEDIA_MANIFEST), STR("m"), &m) == NULL);
    CHECK(m.items.count == 2 && m.has_config && !m.is_index);
    CHECK_STR(m.items.items[1].media_type, "l");
    CHECK(m.items.items[1].size == 3);
    REQUIRE(oci_manifest_read(a, text, STR("application/unknown"), STR("m"), &m) == NULL);
    CHECK(m.items.count == 0);
    CHECK(oci_manifest_read(a, STR("{\"config\": {\"digest\": \"../x\", \"size\": 2}}"),
                            STR(OCI_MEDIA_MANIFEST), STR("m"), &m) != NULL);
    CHECK(oci_manifest_read(a,
                            STR("{\"config\": {\"digest\": \"sha256:" ZEROS "\", \"size\": -2}}"),
                            STR(OCI_MEDIA_MANIFEST), STR("m"), &m) != NULL);
    CHECK(oci_manifest_read(a, STR("[]"), STR(OCI_MEDIA_MANIFEST), STR("m"), &m) != NULL);
}

/* Expectations: docker/cli and oras-go 2.6. */
TEST(credentials_are_found_by_host)
{
    struct str text = STR(
        "{\"auths\": {\"a.example.com\": {\"auth\": \"bWU6c2VjcmV0OjE=\"},"
        "\"https://b.example.com/v2/\": {\"username\": \"u\", \"password\": \"p\"},"
        "\"https://index.docker.io/v1/\": {\"identitytoken\": \"i\"}, \"bad\": {\"auth\": \"bWU=\"}},"
        "\"credHelpers\": {\"c.example.com\": \"pass\"}}");
    ARENA_AUTO struct arena *a = arena_new(0);
    const struct val *config, *edited;
    struct oci_credentials c;

    REQUIRE(docker_config_read(a, text, STR("config.json"), &config) == NULL);
    REQUIRE(docker_config_find(a, config, STR("a.example.com"), &c) == NULL);
    CHECK_STR(c.username, "me");
    CHECK(secret_eq_str(c.password, STR("secret:1")));
    REQUIRE(docker_config_find(a, config, STR("b.example.com"), &c) == NULL);
    CHECK_STR(c.username, "u");
    REQUIRE(docker_config_find(a, config, STR("docker.io"), &c) == NULL);
    CHECK(secret_eq_str(c.refresh_token, STR("i")));
    REQUIRE(docker_config_find(a, config, STR("c.example.com"), &c) == NULL);
    CHECK_STR(c.helper, "pass");
    REQUIRE(docker_config_find(a, config, STR("d.example.com"), &c) == NULL);
    CHECK(!oci_has_credentials(&c));
    CHECK(docker_config_find(a, config, STR("bad"), &c) != NULL);
    CHECK(docker_config_read(a, STR("[]"), STR("config.json"), &edited) != NULL);

    REQUIRE(docker_config_read(a, STR(""), STR("config.json"), &config) == NULL);
    c = (struct oci_credentials){ .username = STR("me"), .password = secret_new(a, STR("pw")) };
    REQUIRE(docker_config_with(a, config, STR("h:5000"), &c, &edited) == NULL);
    CHECK_STR(docker_config_format(a, edited),
              "{\n\t\"auths\": {\n\t\t\"h:5000\": {\n\t\t\t\"auth\": \"bWU6cHc=\"\n\t\t}\n\t}\n}");
    docker_config_without(a, edited, STR("h:5000"), &config);
    CHECK_STR(docker_config_format(a, config), "{\n\t\"auths\": {}\n}");
    docker_config_without(a, config, STR("h:5000"), &edited);
    CHECK(edited == NULL);
}

TEST(a_refusal_is_worded_as_oras_does)
{
    struct registry_refusal r = {
        "GET", STR("http://h/v2/a/tags/list"), 404,
        STR("{\"errors\":[{\"code\":\"NAME_UNKNOWN\",\"message\":\"not known\",\"detail\":{\"name\":\"a\"}}]}")
    };
    ARENA_AUTO struct arena *a = arena_new(0);
    struct err *e = registry_error(a, &r);

    CHECK_STR(e->msg,
              "GET \"http://h/v2/a/tags/list\": response status code 404: name unknown: not "
              "known: map[name:a]");
    CHECK(e->code == ERR_NOT_FOUND);
    r.body = STR("<html>");
    CHECK_STR(registry_error(a, &r)->msg,
              "GET \"http://h/v2/a/tags/list\": response status code 404: Not Found");
}
