/* SPDX-License-Identifier: Apache-2.0 */
/* The contract of the cluster port over a real HTTPS connection to the embedded server. */
#include "adapters/kube_http/kube_http.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "adapters/apiserver_http/apiserver_http.h"
#include "adapters/clock_linux/clock_linux.h"
#include "adapters/kube_http/kubeconfig.h"
#include "adapters/kube_inproc/kube_inproc.h"
#include "adapters/reactor/reactor.h"
#include "adapters/store_sqlite/store_sqlite.h"
#include "app/apiserver/server.h"
#include "tests/contract/cluster_contract.h"
#include "tests/harness.h"

static void no_log(void *self, enum log_level level, struct str message,
                   const struct log_fields *fields)
{
    (void)self;
    (void)level;
    (void)message;
    (void)fields;
}

static const struct kube_http_options no_options = { .insecure_tls = false };
static const struct kubeconfig_trust no_trust = { .exec = false };

struct server {
    struct arena *arena;
    char dir[32];
    struct reactor *reactor;
    struct store_sqlite *store;
    struct apiserver *api;
    struct apiserver_http *http;
    struct credentials credentials;
    struct str kubeconfig;
};

static struct err *start(struct server *s)
{
    struct random_source random = random_linux();
    struct store_options store = { .clock = clock_linux() };
    struct apiserver_options options = { .clock = clock_linux(),
                                         .random = random,
                                         .log = { .write = no_log },
                                         .address = STR("127.0.0.1:6443") };
    struct apiserver_http_options http = { .clock = clock_linux(), .host = STR("127.0.0.1") };
    struct err *e;

    s->reactor = reactor_new();
    if (TRY(&e, store_sqlite_open(s->arena, str_printf(s->arena, "%s/weir.db", s->dir), &store,
                                  &s->store)))
        return e;
    options.store = store_sqlite_port(s->store);
    if (TRY(&e, apiserver_new(s->arena, &options, &s->api)) ||
        TRY(&e, credentials_open(s->arena, str_printf(s->arena, "%s/pki", s->dir), STR("127.0.0.1"),
                                 &random, &s->credentials)))
        return e;
    http.base = reactor_base(s->reactor);
    http.server = apiserver_port(s->api);
    http.credentials = &s->credentials;
    if (TRY(&e, apiserver_http_new(s->arena, &http, &s->http)))
        return e;
    s->kubeconfig = str_printf(s->arena, "%s/kubeconfig", s->dir);
    if (!reactor_start(s->reactor))
        return err_new(s->arena, ERR_IO, "no thread");
    return credentials_write_kubeconfig(
        s->arena, &s->credentials,
        str_printf(s->arena, "https://127.0.0.1:%u", (unsigned)apiserver_http_port(s->http)),
        s->kubeconfig);
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

static void stop(struct server *s)
{
    reactor_stop(s->reactor);
    apiserver_http_free(s->http);
    apiserver_free(s->api);
    store_sqlite_free(s->store);
    reactor_free(s->reactor);
    CHECK(nftw(s->dir, remove_entry, 8, FTW_DEPTH | FTW_PHYS) == 0);
}

TEST(keeps_the_contract_over_https)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct server s = { .arena = a, .dir = "/tmp/weir-https-XXXXXX" };
    struct run r = { .arena = a, .deadline = MONO_NEVER };
    struct api_user nobody = { .name = STR("") };
    const struct val *ns, *made = NULL;
    struct kube_http *k = NULL;
    struct kube_inproc *client;
    struct cluster c;

    REQUIRE(mkdtemp(s.dir));
    REQUIRE(start(&s) == NULL);
    REQUIRE(kube_http_new(a, &no_options, s.kubeconfig, STR(""), &k) == NULL);
    client = kube_inproc_new(kube_http_port(k), &nobody);
    c = kube_inproc_port(client);
    ns = val_map_of(a, "apiVersion", val_cstring(a, "v1"), "kind", val_cstring(a, "Namespace"),
                    "metadata", val_map_of(a, "name", val_cstring(a, "contract"), NULL), NULL);
    CHECK(cluster_create(&c, &r, ns, STR("test"), &made) == NULL);
    cluster_contract(&c, STR("contract"));
    kube_inproc_free(client);
    kube_http_free(k);
    stop(&s);
}

TEST(a_server_that_is_not_there_is_unavailable)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    char path[] = "/tmp/weir-kubeconfig-XXXXXX";
    struct obj_ref ref = {
        .version = STR("v1"), .kind = STR("Pod"), .ns = STR("default"), .name = STR("x")
    };
    struct run r = { .arena = a, .deadline = MONO_NEVER };
    struct api_user nobody = { .name = STR("") };
    static const char text[] =
        "current-context: c\ncontexts: [{name: c, context: {cluster: c, user: u}}]\n"
        "clusters: [{name: c, cluster: {server: \"https://127.0.0.1:1\"}}]\n"
        "users: [{name: u, user: {token: canary}}]\n";
    const struct val *object = NULL;
    struct kube_http *k = NULL;
    struct kube_inproc *client;
    struct cluster c;
    struct err *e;
    int fd = mkstemp(path);

    REQUIRE(fd >= 0 && write(fd, text, sizeof text - 1) == (ssize_t)sizeof text - 1);
    (void)close(fd);
    REQUIRE(kube_http_new(a, &no_options, str_from_cstr(path), STR(""), &k) == NULL);
    client = kube_inproc_new(kube_http_port(k), &nobody);
    c = kube_inproc_port(client);
    e = cluster_get_one(&c, &r, &ref, &object);
    REQUIRE(e != NULL);
    CHECK_INT(e->code, ERR_UNAVAILABLE);
    CHECK_HAS(err_line(a, e), "could not reach https://127.0.0.1:1");
    CHECK(!str_contains(err_line(a, e), STR("canary")));
    kube_inproc_free(client);
    kube_http_free(k);
    (void)unlink(path);
}

static struct err *read_secret(struct arena *a, const char *cluster, const char *user,
                               struct kubeconfig *ret)
{
    struct str text = str_printf(
        a,
        "current-context: c\ncontexts: [{name: c, context: {cluster: c, user: u}}]\n"
        "clusters: [{name: c, cluster: %s}]\nusers: [{name: u, user: %s}]\n",
        cluster, user);

    return kubeconfig_from_secret(a, no_trust, text, STR("Secret/ns/k"), ret);
}

TEST(kubeconfigs_of_others_use_nothing_of_this_machine)
{
    static const struct {
        const char *cluster, *user, *want;
    } cases[] = {
        { "{server: \"https://a\", insecure-skip-tls-verify: true}", "{token: x}",
          "insecure-skip" },
        { "{server: \"https://a\", certificate-authority: /etc/ca}", "{token: x}", "is a file" },
        { "{server: \"https://a\"}", "{tokenFile: /etc/passwd}", "is a file" },
        { "{server: \"https://a\"}", "{client-certificate: c, client-key: k}", "is a file" },
        { "{server: \"https://a\"}", "{exec: {command: sh}}", "would run a program" },
        { "{server: \"https://a\"}", "{auth-provider: {name: gcp}}", "auth-provider" },
    };
    ARENA_AUTO struct arena *a = arena_new(0);
    struct kubeconfig config;
    struct err *e;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        e = read_secret(a, cases[i].cluster, cases[i].user, &config);
        REQUIRE(e != NULL);
        CHECK_INT(e->code, ERR_UNSUPPORTED);
        CHECK_HAS(err_line(a, e), cases[i].want);
    }
    CHECK(read_secret(a,
                      "{server: \"https://a/\", proxy-url: \"http://p:1\", tls-server-name: name}",
                      "{username: u, password: p}", &config) == NULL);
    CHECK_STR(config.server, "https://a");
    CHECK_STR(config.proxy_url, "http://p:1");
    CHECK_STR(config.tls_server_name, "name");
    CHECK_STR(secret_reveal(config.basic), "u:p");
    e = kubeconfig_from_secret(a, no_trust, STR("token: [hunter2"), STR("Secret/ns/k"), &config);
    REQUIRE(e != NULL);
    CHECK(!str_contains(err_line(a, e), STR("hunter2")));
}

static void write_text(const char *path, const char *text)
{
    FILE *f = fopen(path, "we");

    CHECK(f && fputs(text, f) >= 0);
    CHECK(f && fclose(f) == 0);
}

static struct str read_text(struct arena *a, const char *path)
{
    char *text = arena_alloc(a, 65536);
    FILE *f = fopen(path, "re");
    size_t n = 0;

    if (f) {
        n = fread(text, 1, 65536, f);
        CHECK(fclose(f) == 0);
    }
    CHECK(n > 0);
    return str_of(text, n);
}

TEST(several_kubeconfigs_are_one)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    char dir[] = "/tmp/weir-kubeconfigs-XXXXXX";
    const char *first, *second;
    struct kubeconfig config;
    struct str paths;

    REQUIRE(mkdtemp(dir));
    first = str_cstr(a, str_printf(a, "%s/1", dir));
    second = str_cstr(a, str_printf(a, "%s/2", dir));
    write_text(first, "current-context: x\nusers: [{name: u, user: {token: one}}]\n");
    write_text(second, "current-context: y\ncontexts: [{name: x, context: {cluster: c, user: u}}]\n"
                       "clusters: [{name: c, cluster: {server: \"https://a\"}}]\n"
                       "users: [{name: u, user: {token: two}}]\n");
    paths = str_printf(a, "%s:%s/gone:%s", first, dir, second);
    CHECK(kubeconfig_read(a, no_trust, paths, STR(""), &config) == NULL);
    CHECK_STR(config.server, "https://a");
    CHECK_STR(secret_reveal(config.token), "one");
    CHECK(kubeconfig_read(a, no_trust, str_printf(a, "%s/gone", dir), STR(""), &config)->code ==
          ERR_NOT_FOUND);
    CHECK(nftw(dir, remove_entry, 8, FTW_DEPTH | FTW_PHYS) == 0);
}

TEST(a_certificate_may_be_for_another_name)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct server s = { .arena = a, .dir = "/tmp/weir-https-XXXXXX" };
    struct run r = { .arena = a, .deadline = MONO_NEVER };
    struct api_user nobody = { .name = STR("") };
    struct obj_ref ref = { .version = STR("v1"), .kind = STR("Namespace"), .name = STR("default") };
    static const char *const names[] = { "localhost", "elsewhere.example" };
    struct str text = STR("");

    REQUIRE(mkdtemp(s.dir));
    REQUIRE(start(&s) == NULL);
    text = read_text(a, str_cstr(a, s.kubeconfig));
    for (size_t i = 0; i < 2; i++) {
        size_t at = str_find(text, STR("server:"), 0);
        struct str changed = str_printf(a, "%.*stls-server-name: %s\n    %.*s",
                                        STR_ARG(str_slice(text, 0, at)), names[i],
                                        STR_ARG(str_skip(text, at)));
        const struct val *object = NULL;
        struct kube_http *k = NULL;
        struct kube_inproc *client;
        struct cluster c;
        struct err *e;

        test_label(names[i]);
        write_text(str_cstr(a, s.kubeconfig), str_cstr(a, changed));
        REQUIRE(kube_http_new(a, &no_options, s.kubeconfig, STR(""), &k) == NULL);
        client = kube_inproc_new(kube_http_port(k), &nobody);
        c = kube_inproc_port(client);
        e = cluster_get_one(&c, &r, &ref, &object);
        CHECK((e == NULL) == (i == 0));
        kube_inproc_free(client);
        kube_http_free(k);
    }
    stop(&s);
}

TEST(kubeconfigs_that_are_refused_say_why)
{
    static const struct {
        const char *name, *cluster, *user, *want;
        enum err_code code;
    } cases[] = {
        { "plain http", "{server: \"http://a\"}", "{token: x}", "is not https", ERR_INVALID },
        { "a plugin", "{server: \"https://a\"}", "{exec: {command: sh}}", "\"exec\"",
          ERR_UNSUPPORTED },
        { "data that is not base64", "{server: \"https://a\", certificate-authority-data: \"%%\"}",
          "{token: x}", "not base64", ERR_INVALID },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);
        char path[] = "/tmp/weir-kubeconfig-XXXXXX";
        struct str text = str_printf(
            a,
            "current-context: c\ncontexts: [{name: c, context: {cluster: c, user: u}}]\n"
            "clusters: [{name: c, cluster: %s}]\nusers: [{name: u, user: %s}]\n",
            cases[i].cluster, cases[i].user);
        struct kubeconfig config;
        struct err *e;
        int fd = mkstemp(path);

        test_label(cases[i].name);
        REQUIRE(fd >= 0 && write(fd, text.ptr, text.len) == (ssize_t)text.len);
        (void)close(fd);
        e = kubeconfig_read(a, no_trust, str_from_cstr(path), STR(""), &config);
        (void)unlink(path);
        REQUIRE(e != NULL);
        CHECK_INT(e->code, cases[i].code);
        CHECK_HAS(err_line(a, e), cases[i].want);
    }
}
