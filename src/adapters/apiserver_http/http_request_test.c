/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/apiserver_http/http_request.h"

#include "tests/harness.h"

TEST(reads_a_request_of_kubectl)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct http_head h;

    REQUIRE(http_head_parse(a,
                            STR("GET /api/v1/namespaces/a%20b?limit=5&watch=1 HTTP/1.1\r\n"
                                "Host: x\r\nUser-Agent: kubectl/v1.35\r\n"
                                "Accept: application/json;as=Table\r\naccept: application/json\r\n"
                                "AUTHORIZATION:  Bearer abc \r\n"
                                "Impersonate-User: jane\r\nImpersonate-Group: dev\r\n"
                                "Impersonate-Group: ops\r\nContent-Length: 12\r\n\r\n"),
                            &h) == 0);
    CHECK_STR(h.method, "GET");
    CHECK_STR(h.path, "/api/v1/namespaces/a b");
    CHECK_STR(h.query, "limit=5&watch=1");
    CHECK_STR(h.user_agent, "kubectl/v1.35");
    CHECK_STR(h.accept, "application/json;as=Table, application/json");
    CHECK_STR(h.authorization, "Bearer abc");
    CHECK_STR(h.impersonate_user, "jane");
    REQUIRE(h.impersonate_group_count == 2);
    CHECK_STR(h.impersonate_groups[1], "ops");
    CHECK_UINT(h.content_length, 12);
    CHECK(h.keep_alive);
    CHECK(!h.chunked);
}

TEST(refuses_what_two_readers_could_read_differently)
{
    static const struct {
        const char *name;
        const char *text;
        int status;
    } cases[] = {
        { "no version", "GET /\r\n\r\n", 505 },
        { "HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\n", 400 },
        { "an absolute target", "GET http://x/ HTTP/1.1\r\n\r\n", 400 },
        { "two lengths", "GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400 },
        { "a signed length", "GET / HTTP/1.1\r\nContent-Length: +1\r\n\r\n", 400 },
        { "a length and chunks",
          "GET / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400 },
        { "an unknown encoding", "GET / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", 501 },
        { "a folded line", "GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n", 400 },
        { "a space before the colon", "GET / HTTP/1.1\r\nContent-Length : 1\r\n\r\n", 400 },
        { "a control character", "GET / HTTP/1.1\r\nA: b\x01\r\n\r\n", 400 },
        { "two authorizations",
          "GET / HTTP/1.1\r\nAuthorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n", 400 },
        { "a NUL in the path", "GET /a%00b HTTP/1.1\r\n\r\n", 400 },
        { "half an escape", "GET /a%2 HTTP/1.1\r\n\r\n", 400 },
        { "an unknown expectation", "GET / HTTP/1.1\r\nExpect: miracles\r\n\r\n", 417 },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);
        struct http_head h;

        test_label(cases[i].name);
        CHECK_INT(http_head_parse(a, str_from_cstr(cases[i].text), &h), cases[i].status);
    }
    test_label(NULL);
}

TEST(ends_the_connection_when_asked)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct http_head h;

    REQUIRE(http_head_parse(a, STR("GET / HTTP/1.1\r\nConnection: close\r\n\r\n"), &h) == 0);
    CHECK(!h.keep_alive);
    REQUIRE(http_head_parse(a, STR("GET / HTTP/1.0\r\n\r\n"), &h) == 0);
    CHECK(!h.keep_alive);
    REQUIRE(http_head_parse(a, STR("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"), &h) ==
            0);
    CHECK(h.chunked);
}

/* Feeds a body in pieces of `step` bytes; the content, or "bad" or "short". */
static struct str read_body(struct arena *a, struct str text, size_t step)
{
    struct chunk_reader r = { .state = CHUNK_SIZE };
    char *out = arena_alloc(a, text.len + 1);
    size_t len = 0;
    size_t at = 0;
    size_t end = 0;

    while (r.state != CHUNK_DONE && r.state != CHUNK_BAD) {
        size_t skip;
        size_t data;

        chunk_next(&r, str_slice(text, at, end), &skip, &data);
        at += skip;
        memcpy(out + len, text.ptr + at, data);
        len += data;
        at += data;
        if (!skip && !data) {
            if (end == text.len)
                return r.state == CHUNK_DONE  ? str_of(out, len)
                       : r.state == CHUNK_BAD ? STR("bad")
                                              : STR("short");
            end = end + step < text.len ? end + step : text.len;
        }
    }
    return r.state == CHUNK_BAD ? STR("bad") : str_of(out, len);
}

TEST(reads_chunks_however_they_arrive)
{
    static const struct {
        const char *text;
        const char *want;
    } cases[] = {
        { "5\r\nhello\r\n0\r\n\r\n", "hello" },
        { "2;x=y\r\nhe\r\n3\r\nllo\r\n0\r\nTrailer: x\r\n\r\n", "hello" },
        { "0\r\n\r\n", "" },
        { "5\r\nhel", "short" },
        { "x\r\n", "bad" },
        { "\r\n", "bad" },
        { "-1\r\n", "bad" },
        { "fffffffff\r\n", "bad" },
        { "2\r\nhello\r\n0\r\n\r\n", "bad" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);

        test_label(cases[i].text);
        CHECK_STR(read_body(a, str_from_cstr(cases[i].text), 1), cases[i].want);
        CHECK_STR(read_body(a, str_from_cstr(cases[i].text), 3), cases[i].want);
        CHECK_STR(read_body(a, str_from_cstr(cases[i].text), 100), cases[i].want);
    }
    test_label(NULL);
}
