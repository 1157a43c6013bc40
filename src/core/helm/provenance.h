/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/helm/provenance.h - what a chart's .prov file says once its signature was checked.
 *
 * The signed text is Chart.yaml, a line "...", and `files`, a map of archive names to "sha256:<hex>". Source of truth: Helm 4.3
 * pkg/provenance.
 */
#ifndef CORE_HELM_PROVENANCE_H
#define CORE_HELM_PROVENANCE_H

#include "base/err.h"

/* Whether the signed text vouches for the archive. *ret_hash: "sha256:<hex>" of it. ERR_INVALID: it does not. */
MUST_CHECK struct err *helm_provenance_check(struct arena *a, struct str signed_text,
                                             struct str file_name, struct str archive,
                                             struct str *ret_hash);

/* Who signed, by the status lines of gpgv ("[GNUPG:] VALIDSIG ..."). */
struct helm_signer {
    struct str name;        /* "Ann <ann@example.com>" */
    struct str fingerprint; /* of the primary key, hexadecimal in capitals */
};

/* false: no valid signature is told of. */
bool helm_signer_read(struct str status, struct helm_signer *ret);

#endif
