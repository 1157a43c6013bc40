/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/oci/reference.h - what names a thing in a registry: HOST[:PORT]/REPOSITORY[:TAG][@DIGEST].
 *
 * Source of truth: the OCI distribution specification 1.1 and oras-go 2.6, which Helm and Flux read references with.
 */
#ifndef CORE_OCI_REFERENCE_H
#define CORE_OCI_REFERENCE_H

#include "base/err.h"

struct oci_reference {
    struct str registry;   /* host[:port] as written */
    struct str repository; /* "charts/web" */
    struct str
        reference; /* a tag, or a digest where the text has one (its tag is dropped); "": neither */
    bool is_digest;
};

/* ERR_INVALID, in oras' words: invalid reference: ... The scheme "oci://" is not part of it. */
MUST_CHECK struct err *oci_reference_parse(struct arena *a, struct str text,
                                           struct oci_reference *ret);

struct str oci_reference_format(struct arena *a, const struct oci_reference *r);

bool oci_is_tag(struct str s);

/* "sha256:<64 hexadecimal digits>", or sha384 or sha512. */
bool oci_is_digest(struct str s);

/* The digest is that of the bytes; false also for what is no digest. */
bool oci_digest_matches(struct str digest, struct str bytes);

/* Where the registry is reached: docker.io is served by another host. */
struct str oci_registry_host(struct str registry);

/* "https://host/v2/repository/<part>/<name>"; part "manifests", "blobs" or "tags", name "list" for the last. */
struct str oci_url(struct arena *a, const struct oci_reference *r, bool plain_http,
                   const char *part, struct str name);

#endif
