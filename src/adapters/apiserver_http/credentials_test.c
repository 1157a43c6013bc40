/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/apiserver_http/credentials.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "adapters/apiserver_http/certificate.h"
#include "adapters/clock_linux/clock_linux.h"
#include "tests/harness.h"

struct place {
    struct arena *a;
    char top[40];
    struct str dir;
    struct random_source random;
};

static struct place place_new(void)
{
    struct place p = { .a = arena_new(0),
                       .top = "/tmp/weir-credentials-XXXXXX",
                       .random = random_linux() };

    CHECK(mkdtemp(p.top) != NULL);
    p.dir = str_printf(p.a, "%s/pki", p.top);
    return p;
}

static const char *file(struct place *p, const char *name)
{
    return str_cstr(p->a, str_printf(p->a, "%.*s/%s", STR_ARG(p->dir), name));
}

static void place_done(struct place *p)
{
    static const char *const names[] = { "ca.crt",     "ca.key",     "server.crt", "server.key",
                                         "client.crt", "client.key", "token",      "kubeconfig" };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        (void)unlink(file(p, names[i]));
    (void)rmdir(str_cstr(p->a, p->dir));
    CHECK(rmdir(p->top) == 0);
    arena_free(p->a);
}

static struct err *open_in(struct place *p, const char *host, struct credentials *ret)
{
    return credentials_open(p->a, p->dir, str_from_cstr(host), &p->random, ret);
}

static int mode_of(struct place *p, const char *name)
{
    struct stat st;

    return stat(file(p, name), &st) == 0 ? (int)(st.st_mode & 0777) : -1;
}

TEST(makes_credentials_once_and_uses_them_again)
{
    struct place p = place_new();
    struct credentials first = { 0 };
    struct credentials second = { 0 };

    REQUIRE(!open_in(&p, "127.0.0.1", &first));
    CHECK(str_has_prefix(first.ca_crt, STR("-----BEGIN CERTIFICATE-----")));
    CHECK_UINT(secret_reveal(first.token).len, 64);
    CHECK_INT(mode_of(&p, "ca.key"), 0600);
    CHECK_INT(mode_of(&p, "client.crt"), 0600);
    CHECK_INT(mode_of(&p, "token"), 0600);
    REQUIRE(!open_in(&p, "127.0.0.1", &second));
    CHECK_STR(second.ca_crt, first.ca_crt);
    CHECK_STR(second.server_crt, first.server_crt);
    CHECK(secret_eq(second.token, first.token));
    place_done(&p);
}

TEST(makes_a_new_server_certificate_for_a_new_address)
{
    struct place p = place_new();
    struct credentials first = { 0 };
    struct credentials second = { 0 };
    struct certificate crt;
    struct certificate ca;

    REQUIRE(!open_in(&p, "127.0.0.1", &first));
    REQUIRE(!open_in(&p, "10.1.2.3", &second));
    CHECK_STR(second.ca_crt, first.ca_crt);
    CHECK(!str_eq(second.server_crt, first.server_crt));
    CHECK_STR(second.client_crt, first.client_crt);
    crt = (struct certificate){ .crt = second.server_crt };
    ca = (struct certificate){ .crt = second.ca_crt };
    CHECK(certificate_is_good(&crt, &ca, STR("10.1.2.3")));
    CHECK(certificate_is_good(&crt, &ca, STR("127.0.0.1")));
    CHECK(certificate_is_good(&crt, &ca, STR("localhost")));
    CHECK(!certificate_is_good(&crt, &ca, STR("10.1.2.4")));
    CHECK(!certificate_is_good(&crt, &ca, STR("example.com")));
    place_done(&p);
}

TEST(trusts_its_own_authority_alone)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct certificate_request ca_request = { .name = "weir", .is_ca = true };
    struct certificate_request request = { .name = "jane", .group = "dev" };
    struct certificate ours = { 0 };
    struct certificate theirs = { 0 };
    struct certificate crt = { 0 };

    REQUIRE(!certificate_make(a, &ca_request, NULL, &ours));
    REQUIRE(!certificate_make(a, &ca_request, NULL, &theirs));
    REQUIRE(!certificate_make(a, &request, &theirs, &crt));
    CHECK(certificate_is_good(&crt, &theirs, STR("")));
    CHECK(!certificate_is_good(&crt, &ours, STR("")));
    crt.crt = STR("no certificate");
    CHECK(!certificate_is_good(&crt, &ours, STR("")));
}

TEST(refuses_half_a_pair)
{
    struct place p = place_new();
    struct credentials c = { 0 };
    struct err *e;

    REQUIRE(!open_in(&p, "127.0.0.1", &c));
    REQUIRE(unlink(file(&p, "ca.key")) == 0);
    e = open_in(&p, "127.0.0.1", &c);
    REQUIRE(e);
    CHECK_INT(e->code, ERR_IO);
    CHECK_HAS(err_line(p.a, e), "ca.crt is there but ca.key is missing");
    place_done(&p);
}

TEST(writes_a_kubeconfig_for_its_owner)
{
    struct place p = place_new();
    struct credentials c = { 0 };
    char text[16384];
    int fd;
    ssize_t n;

    REQUIRE(!open_in(&p, "127.0.0.1", &c));
    REQUIRE(!credentials_write_kubeconfig(p.a, &c, STR("https://127.0.0.1:1"),
                                          str_from_cstr(file(&p, "kubeconfig"))));
    CHECK_INT(mode_of(&p, "kubeconfig"), 0600);
    fd = open(file(&p, "kubeconfig"), O_RDONLY | O_CLOEXEC);
    REQUIRE(fd >= 0);
    n = read(fd, text, sizeof text);
    (void)close(fd);
    REQUIRE(n > 0 && (size_t)n < sizeof text);
    CHECK_HAS(str_of(text, (size_t)n), "server: https://127.0.0.1:1\n");
    CHECK_HAS(str_of(text, (size_t)n), "client-key-data: ");
    CHECK_HAS(str_of(text, (size_t)n), secret_reveal(c.token));
    place_done(&p);
}
