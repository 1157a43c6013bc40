/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/oci/registry_error.h - the answer of a registry that refuses, in words (distribution specification, "Error Codes").
 */
#ifndef CORE_OCI_REGISTRY_ERROR_H
#define CORE_OCI_REGISTRY_ERROR_H

#include "base/err.h"

struct registry_refusal {
    const char *method; /* "GET" */
    struct str url;
    int status;
    struct str body;
};

/*
 * As oras words it: GET "url": response status code 404: name unknown: repository name not known to registry. The code follows
 * the status: ERR_UNAUTHORIZED, ERR_FORBIDDEN, ERR_NOT_FOUND, ERR_UNAVAILABLE (429, 5xx), else ERR_INVALID.
 */
struct err *registry_error(struct arena *a, const struct registry_refusal *r)
    __attribute__((returns_nonnull));

#endif
