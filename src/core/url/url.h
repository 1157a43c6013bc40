/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/url/url.h - URLs taken apart and put together as Go's net/url does (1.26), whose rules Helm, Flux and sprig expose.
 *
 * Parts point into the parsed text or live in the arena. Percent signs are undone in host, path, fragment and user.
 */
#ifndef CORE_URL_URL_H
#define CORE_URL_URL_H

#include "base/err.h"

struct url {
    struct str scheme; /* lower case; "": a relative reference */
    struct str opaque; /* behind the scheme of "mailto:a@b" */
    struct str user;   /* "name" or "name:password", escaped again */
    struct str host;   /* with its port */
    struct str path;
    struct str raw_path; /* as written, where escaping `path` would give something else */
    struct str query;    /* without "?" */
    struct str fragment;
    bool has_user, force_query, omit_host;
};

/* ERR_INVALID: the reason alone, in net/url's words; the URL is not in the message. */
MUST_CHECK struct err *url_parse(struct arena *a, struct str text, struct url *ret);

/* As URL.String. */
struct str url_format(struct arena *a, const struct url *u);

/* The host without port and brackets. */
struct str url_host_name(struct str host);

/* The path with what has to be escaped escaped, as it was written where that is possible. */
struct str url_escaped_path(struct arena *a, const struct url *u);

/* `reference` seen from `base` (RFC 3986, section 5.2). */
struct url url_resolve(struct arena *a, const struct url *base, const struct url *reference);

/* Scheme, host and port are the same; a missing port is the scheme's own. */
bool url_is_same_origin(const struct url *a, const struct url *b);

/* The text with the password of its user:password@ as "xxxxx", for messages. What is no URL stays as it is. */
struct str url_without_password(struct arena *a, struct str text);

/* For a value in a query: all but letters, digits and -_.~ as %XX, a space as "+". */
struct str url_escape_query(struct arena *a, struct str s);

#endif
