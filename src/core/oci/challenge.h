/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/oci/challenge.h - how a registry asks for credentials, and what is to be asked of its token server.
 *
 * Source of truth: RFC 9110 section 11, the distribution project's token authentication, oras-go 2.6 (what it refuses).
 */
#ifndef CORE_OCI_CHALLENGE_H
#define CORE_OCI_CHALLENGE_H

#include "base/err.h"
#include "core/oci/docker_config.h"

enum oci_scheme { OCI_SCHEME_UNKNOWN, OCI_SCHEME_BASIC, OCI_SCHEME_BEARER };

struct oci_challenge {
    enum oci_scheme scheme;
    struct str realm; /* of Bearer: the token server */
    struct str service;
    struct str scope; /* space-separated */
};

/* A WWW-Authenticate header; what is broken ends it early. */
void oci_challenge_parse(struct arena *a, struct str header, struct oci_challenge *ret);

/*
 * ERR_FORBIDDEN: a token server that credentials must not go to: no http or https, http for a registry reached by https,
 * an address of this machine or a private network that is not the registry's own host.
 */
MUST_CHECK struct err *oci_realm_check(struct arena *a, struct str realm, struct str registry_url);

/* "repository:charts/web:pull" and the scopes of a challenge, without doubles, sorted. */
struct str oci_scopes(struct arena *a, struct str repository, struct str challenged);

/* realm?service=...&scope=...: a GET of it, with Basic credentials or none, brings a token. */
struct str oci_token_url(struct arena *a, const struct oci_challenge *c, struct str scopes);

/* The form that a POST to the realm sends: a refresh token, else name and password. */
struct secret oci_token_form(struct arena *a, const struct oci_challenge *c, struct str scopes,
                             const struct oci_credentials *credentials);

/* The token in the answer, its field access_token or token. ERR_INVALID: no JSON, no token. */
MUST_CHECK struct err *oci_token_read(struct arena *a, struct str body, struct str url,
                                      struct secret *ret);

#endif
