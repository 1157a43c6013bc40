/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/http_plain/http_plain.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "adapters/reactor/reactor.h"
#include "base/arena.h"
#include "tests/harness.h"

struct place {
    struct arena *a;
    struct reactor *reactor;
    struct http_plain *http;
    char folder[64];
    atomic_bool ready;
};

static void print(void *self, struct buf *out)
{
    (void)self;
    buf_lit(out, "gotk_reconcile_total 7\n");
}

static bool is_ready(void *self)
{
    struct place *p = self;
    return atomic_load(&p->ready);
}

static void write_file(struct place *p, const char *path, const char *text)
{
    int fd = open(str_cstr(p->a, str_printf(p->a, "%s/%s", p->folder, path)),
                  O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

    REQUIRE(fd >= 0);
    CHECK_INT(write(fd, text, strlen(text)), strlen(text));
    CHECK_INT(close(fd), 0);
}

static void remove_file(struct place *p, const char *path)
{
    CHECK_INT(unlink(str_cstr(p->a, str_printf(p->a, "%s/%s", p->folder, path))), 0);
}

static void place_new(struct place *p)
{
    struct http_plain_options options = { .host = STR("127.0.0.1"),
                                          .artifact_root = p->folder,
                                          .print_metrics = print,
                                          .is_ready = is_ready,
                                          .self = p };

    *p = (struct place){ .a = arena_new(0), .folder = "/tmp/weir-http-XXXXXX" };
    REQUIRE(mkdtemp(p->folder));
    write_file(p, "a.tar.gz", "artifact");
    write_file(p, ".hidden", "secret");
    REQUIRE(symlink("/etc/passwd", str_cstr(p->a, str_printf(p->a, "%s/out", p->folder))) == 0);
    REQUIRE(mkfifo(str_cstr(p->a, str_printf(p->a, "%s/pipe", p->folder)), 0600) == 0);
    p->reactor = reactor_new();
    REQUIRE(p->reactor);
    options.base = reactor_base(p->reactor);
    REQUIRE(http_plain_new(p->a, &options, &p->http) == NULL);
    REQUIRE(reactor_start(p->reactor));
}

static void place_done(struct place *p)
{
    reactor_stop(p->reactor);
    http_plain_free(p->http);
    reactor_free(p->reactor);
    remove_file(p, "a.tar.gz");
    remove_file(p, ".hidden");
    remove_file(p, "out");
    remove_file(p, "pipe");
    CHECK_INT(rmdir(p->folder), 0);
    arena_free(p->a);
}

/* The whole answer to a request as it stands on the wire. */
static struct str ask(struct place *p, const char *line)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(http_plain_port(p->http)) };
    struct str request = str_printf(p->a, "%s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                                    line);
    struct buf answer;
    char bytes[1024];
    ssize_t n = -1;

    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    buf_init(&answer, p->a, 0);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof to) == 0 &&
        write(fd, request.ptr, request.len) == (ssize_t)request.len)
        while ((n = read(fd, bytes, sizeof bytes)) > 0)
            buf_put(&answer, str_of(bytes, (size_t)n));
    CHECK_INT(n, 0);
    if (fd >= 0)
        (void)close(fd);
    return answer.len ? buf_str(&answer) : STR("");
}

TEST(serves_artifacts_health_and_metrics)
{
    struct place p;

    place_new(&p);
    CHECK_HAS(ask(&p, "GET /a.tar.gz"), "200 OK");
    CHECK_HAS(ask(&p, "GET /a.tar.gz"), "\r\n\r\nartifact");
    CHECK_HAS(ask(&p, "HEAD /a.tar.gz"), "Content-Length: 8");
    CHECK(!str_has_suffix(ask(&p, "HEAD /a.tar.gz"), STR("artifact")));
    CHECK_HAS(ask(&p, "GET /healthz"), "200 OK");
    CHECK_HAS(ask(&p, "GET /readyz"), "503 ");
    atomic_store(&p.ready, true);
    CHECK_HAS(ask(&p, "GET /readyz"), "200 OK");
    CHECK_HAS(ask(&p, "GET /metrics"), "gotk_reconcile_total 7\n");
    place_done(&p);
}

/* Nothing outside the folder, nothing hidden, nothing that would block the only thread. */
TEST(serves_nothing_else)
{
    static const char *const lines[] = {
        "GET /",           "GET /none",         "GET /.hidden",     "GET /../etc/passwd",
        "GET /out",        "GET /pipe",         "GET //etc/passwd", "GET /a.tar.gz/",
        "GET /%2e%2e/etc", "GET /x/../.hidden", "GET /%2ehidden",
    };
    struct place p;

    place_new(&p);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        test_label(lines[i]);
        CHECK_HAS(ask(&p, lines[i]), "404 ");
    }
    test_label(NULL);
    CHECK_HAS(ask(&p, "POST /a.tar.gz"), " 501 ");
    place_done(&p);
}

TEST(a_port_that_is_taken_is_named)
{
    struct place p;
    struct http_plain *second = NULL;
    struct http_plain_options options = { .host = STR("127.0.0.1") };
    struct err *e;

    place_new(&p);
    options.base = reactor_base(p.reactor);
    options.port = http_plain_port(p.http);
    e = http_plain_new(p.a, &options, &second);
    REQUIRE(e);
    CHECK_HAS(err_line(p.a, e), "could not listen on 127.0.0.1:");
    place_done(&p);
}
