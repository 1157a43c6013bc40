/* SPDX-License-Identifier: Apache-2.0 */
/*
 * adapters/apiserver_http/credentials.h - the server's own certificate authority, and what clients need to be let in.
 *
 * Made on the first start and kept in a folder, each file 0600: ca.crt ca.key server.crt server.key client.crt
 * client.key token. Keys are EC P-256: made in a millisecond where RSA takes a second. The client's certificate is of
 * weir-admin in system:masters; the token is the same user. Existing files are used as they are; a server
 * certificate that has expired, or lacks the address, is made anew from the CA.
 */
#ifndef ADAPTERS_APISERVER_HTTP_CREDENTIALS_H
#define ADAPTERS_APISERVER_HTTP_CREDENTIALS_H

#include "base/err.h"
#include "base/secret.h"
#include "ports/driven/random.h"

#define CREDENTIALS_USER "weir-admin"
#define CREDENTIALS_GROUP "system:masters"

struct credentials {
    struct str ca_crt; /* PEM */
    struct str server_crt;
    struct secret server_key;
    struct str client_crt;
    struct secret client_key;
    struct secret token;
};

/* `dir` exists. `host` goes into the server's names besides localhost and 127.0.0.1. ERR_IO names the file. */
MUST_CHECK struct err *credentials_open(struct arena *a, struct str dir, struct str host,
                                        const struct random_source *random,
                                        struct credentials *ret);

/* A kubeconfig with cluster, user and context "weir". Written beside its place, then renamed over it; 0600. */
MUST_CHECK struct err *credentials_write_kubeconfig(struct arena *a, const struct credentials *c,
                                                    struct str server_url, struct str path);

#endif
