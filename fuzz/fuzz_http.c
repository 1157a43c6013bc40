/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A request to the API server's door: head and chunked body. What is accepted is whole and consistent, and a body read in
 * one piece is the same as one that arrives byte by byte.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "adapters/apiserver_http/http_request.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_head(struct arena *a, struct str text)
{
    struct http_head h;
    int status = http_head_parse(a, text, &h);

    assert(status == 0 || (status >= 400 && status <= 505));
    if (status)
        return;
    assert(h.method.len > 0 && h.path.len > 0 && h.path.ptr[0] == '/');
    assert(memchr(h.path.ptr, 0, h.path.len) == NULL);
    assert(!h.chunked || h.content_length == 0);
}

/* The content when `step` bytes come at a time; *ret_state says how it ended. */
static struct str read_body(struct arena *a, struct str text, size_t step,
                            enum chunk_state *ret_state)
{
    struct chunk_reader r = { .state = CHUNK_SIZE };
    char *out = arena_alloc(a, text.len + 1);
    size_t len = 0;
    size_t at = 0;
    size_t end = 0;

    for (;;) {
        size_t skip;
        size_t more;

        chunk_next(&r, str_slice(text, at, end), &skip, &more);
        assert(at + skip + more <= end);
        memcpy(out + len, text.ptr + at + skip, more);
        len += more;
        at += skip + more;
        if (r.state == CHUNK_DONE || r.state == CHUNK_BAD || (!skip && !more && end == text.len))
            break;
        if (!skip && !more)
            end = text.len - end < step ? text.len : end + step;
    }
    *ret_state = r.state;
    return str_of(out, len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct str text = str_of((const char *)data, size);
    enum chunk_state at_once;
    enum chunk_state bit_by_bit;
    struct str whole = read_body(a, text, size ? size : 1, &at_once);
    struct str pieces = read_body(a, text, 1, &bit_by_bit);

    check_head(a, text);
    assert((at_once == CHUNK_DONE) == (bit_by_bit == CHUNK_DONE));
    assert(at_once != CHUNK_DONE || str_eq(whole, pieces));
    return 0;
}
