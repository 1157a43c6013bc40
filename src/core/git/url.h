/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/git/url.h - URLs of Git repositories: which are taken, whose server they name, and how messages show them.
 *
 * A URL reaches the git program's arguments, so one that could be an option, a command or a hidden password is refused
 * here, before anything runs. Used by app/reconcile, app/build and adapters/git_cli.
 */
#ifndef CORE_GIT_URL_H
#define CORE_GIT_URL_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

struct git_url {
    struct str scheme; /* https, http, ssh, file */
    struct str user;   /* "" when none */
    struct str host;   /* with the brackets of an IPv6 address; "" for file */
    uint16_t port;     /* the scheme's own when none is given; 0 for file */
    struct str path;   /* with its "/" */
};

/*
 * Parts of a URL, pointing into it. ERR_INVALID: scheme not allowed (file: only with allow_file), host or user that
 * begins with "-", control characters, spaces or quotes, an embedded password, a port that is no number.
 */
MUST_CHECK struct err *git_url_parse(struct arena *a, struct str url, bool allow_file,
                                     struct git_url *ret);

/* The same host and port by the same scheme: what credentials of one are good for. */
bool git_url_same_server(const struct git_url *a, const struct git_url *b);

/* The URL without user and password, for messages. */
struct str git_url_shown(struct arena *a, struct str url);

/*
 * A submodule's URL seen from its repository's: "../other.git" leaves the last part; absolute ones stay, and
 * "git@host:path" becomes "ssh://git@host/path". ERR_INVALID: it climbs above the server's root.
 */
MUST_CHECK struct err *git_url_join(struct arena *a, struct str base, struct str url,
                                    struct str *ret);

#endif
