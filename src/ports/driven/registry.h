/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ports/driven/registry.h - reading from and writing to registries of the OCI distribution specification.
 *
 * Calls block until done, r->deadline or cancellation; results live in r->arena. Thread-safe. A registry that asks for
 * credentials gets those of the remote, at its own origin alone; tokens are bought from the token server it names.
 * Errors are worded as oras words them. Implementation: adapters/oci_http.
 */
#ifndef PORTS_DRIVEN_REGISTRY_H
#define PORTS_DRIVEN_REGISTRY_H

#include "core/oci/docker_config.h"
#include "core/oci/manifest.h"
#include "core/oci/reference.h"
#include "ports/driven/http.h"

/* What a registry let in so far; zeroed by the caller, filled by the adapter, of one remote and one run. */
struct registry_pass {
    bool is_basic;
    struct secret token; /* Bearer */
};

struct registry_remote {
    struct oci_reference repository; /* its `reference` is not looked at */
    struct oci_credentials credentials;
    struct http_tls tls;
    bool plain_http;
    bool
        prefer_oauth2; /* buy tokens with name and password by OAuth2's password grant, as for a log-in */
    struct registry_pass *pass; /* NULL: asked for with every call */
};

struct registry_document {
    struct str media_type; /* as the registry says */
    struct str digest;     /* of the bytes */
    struct str bytes;
};

struct registry_tags {
    struct str *items; /* as the registry orders them */
    size_t count;
    size_t cap;
};

struct registry_ops {
    /* The registry is there and takes the credentials. ERR_UNAUTHORIZED. */
    struct err *(*ping)(void *self, struct run *r, const struct registry_remote *remote);
    /* All pages. ERR_NOT_FOUND; ERR_TOO_LARGE: LIMIT_OCI_TAGS. */
    struct err *(*tags)(void *self, struct run *r, const struct registry_remote *remote,
                        struct registry_tags *ret);
    /* The digest that a tag stands for, or the digest itself where there is such a manifest. ERR_NOT_FOUND. */
    struct err *(*resolve)(void *self, struct run *r, const struct registry_remote *remote,
                           struct str reference, struct str *ret_digest);
    /* A manifest or index by tag or digest; bytes are checked against a digest. ERR_NOT_FOUND, ERR_INVALID. */
    struct err *(*manifest)(void *self, struct run *r, const struct registry_remote *remote,
                            struct str reference, struct registry_document *ret);
    /* ERR_NOT_FOUND; ERR_INVALID: other bytes than the descriptor says; ERR_TOO_LARGE: more than max. */
    struct err *(*blob)(void *self, struct run *r, const struct registry_remote *remote,
                        const struct oci_descriptor *descriptor, size_t max, struct str *ret);
    /* The bytes have the descriptor's digest; where the registry has them nothing is sent. ERR_UNAUTHORIZED, ERR_FORBIDDEN. */
    struct err *(*push_blob)(void *self, struct run *r, const struct registry_remote *remote,
                             const struct oci_descriptor *descriptor, struct str bytes);
    /* An OCI image manifest, once its blobs are there, under a tag or its digest. */
    struct err *(*push_manifest)(void *self, struct run *r, const struct registry_remote *remote,
                                 struct str reference, struct str bytes);
};

struct registry {
    const struct registry_ops *ops; /* no entry is NULL */
    void *self;
};

#endif
