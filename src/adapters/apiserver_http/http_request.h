/* SPDX-License-Identifier: Apache-2.0 */
/*
 * adapters/apiserver_http/http_request.h - private to the adapter: HTTP/1.1 from bytes to fields.
 *
 * Pure: no sockets. The head must be whole (it ends in an empty line); bodies come piece by piece. What is not clearly
 * right is refused, because two readers who disagree on where a request ends can be played against each other.
 * Source of truth: RFC 9112.
 */
#ifndef ADAPTERS_APISERVER_HTTP_HTTP_REQUEST_H
#define ADAPTERS_APISERVER_HTTP_HTTP_REQUEST_H

#include "base/arena.h"
#include "base/str.h"

struct http_head {
    struct str method;
    struct str path;  /* percent-decoded */
    struct str query; /* as sent */
    struct str content_type;
    struct str accept; /* several headers joined with ", " */
    struct str user_agent;
    struct str authorization;
    struct str impersonate_user;
    struct str *impersonate_groups;
    size_t impersonate_group_count;
    bool impersonates_more; /* Impersonate-Uid or -Extra-...: not known here */
    bool keep_alive;
    bool expects_continue;
    bool chunked;
    uint64_t content_length; /* 0 when chunked */
};

/* HTTP status to refuse with, 0 when all is well. Strings are views into `text` or live in the arena. */
int http_head_parse(struct arena *a, struct str text, struct http_head *ret);

/* ---- chunked bodies ---- */

enum chunk_state { CHUNK_SIZE, CHUNK_DATA, CHUNK_DATA_END, CHUNK_TRAILER, CHUNK_DONE, CHUNK_BAD };

struct chunk_reader {
    enum chunk_state state;
    uint64_t left; /* bytes of this chunk */
};

/*
 * Looks at input. *ret_skip bytes are framing to be dropped, then *ret_data bytes are content; both 0: more input is
 * needed. state says when the body is over or malformed.
 */
void chunk_next(struct chunk_reader *r, struct str input, size_t *ret_skip, size_t *ret_data);

#endif
