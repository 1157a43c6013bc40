/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ports/driven/http.h - requests to other machines over http and https.
 *
 * Calls block until done, r->deadline or cancellation. Thread-safe. Redirects are followed, to http and https only;
 * credentials stay with the origin (scheme, host, port) they were given for. A proxy of the environment is used.
 * Implementation: adapters/http_curl.
 */
#ifndef PORTS_DRIVEN_HTTP_H
#define PORTS_DRIVEN_HTTP_H

#include "base/run.h"
#include "base/secret.h"

struct http_header {
    struct str name;
    struct str value;
};

/* PEM texts: whom to trust and who we are. All empty: the system's authorities, no certificate of our own. */
struct http_tls {
    struct str ca; /* in place of the system's authorities */
    struct str certificate;
    struct secret key;
    bool skip_verify; /* any certificate will do */
};

/* At most one of the two; neither: what the URL holds as user:password@, or nothing. */
struct http_credentials {
    struct str username; /* with `password`: Basic */
    struct secret password;
    struct secret token; /* Bearer */
};

struct http_request {
    const char *method; /* NULL: GET */
    struct str url;
    const struct http_header *headers;
    size_t header_count;
    struct http_credentials credentials;
    struct http_tls tls;
    struct secret body; /* of a POST or PUT; unset: none */
    size_t body_max;    /* bytes of the answer */
};

struct http_answer {
    int status;        /* of the last answer; a status that means failure is no error here */
    struct str reason; /* the server's words for it, else the standard's */
    struct str url;    /* where redirects led */
    const struct http_header *headers; /* of the last answer */
    size_t header_count;
    struct str body; /* all in r->arena */
};

struct http_ops {
    /*
     * ERR_INVALID: the URL, a certificate; ERR_UNAVAILABLE, ERR_TIMEOUT, ERR_CANCELLED; ERR_TOO_LARGE beyond body_max.
     * Messages name the URL without its password.
     */
    struct err *(*send)(void *self, struct run *r, const struct http_request *request,
                        struct http_answer *ret);
};

struct http {
    const struct http_ops *ops; /* no entry is NULL */
    void *self;
};

/* The first header of that name, in any case; "" when there is none. */
static inline struct str http_answer_header(const struct http_answer *answer, struct str name)
{
    for (size_t i = 0; i < answer->header_count; i++)
        if (str_eq_nocase(answer->headers[i].name, name))
            return answer->headers[i].value;
    return STR("");
}

#endif
