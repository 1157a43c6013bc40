/* SPDX-License-Identifier: Apache-2.0 */
/*
 * foreign/certificate.h - private keys and X.509 certificates over OpenSSL, as Go's crypto/x509 writes them.
 *
 * Everything is PEM text in the arena. Keys are drawn from OpenSSL's own generator: the one thing in foreign/ that
 * differs from run to run. Times and serial numbers are the caller's.
 */
#ifndef FOREIGN_CERTIFICATE_H
#define FOREIGN_CERTIFICATE_H

#include "base/err.h"

enum key_kind { KEY_RSA_2048, KEY_RSA_4096, KEY_DSA_2048, KEY_ECDSA_P256, KEY_ED25519 };

/*
 * A new private key: "RSA PRIVATE KEY" (PKCS #1), "DSA PRIVATE KEY", "EC PRIVATE KEY" (SEC 1) or, for ed25519,
 * "PRIVATE KEY" (PKCS #8).
 */
MUST_CHECK struct err *key_generate(struct arena *a, enum key_kind kind, struct str *ret_pem);

/* ERR_INVALID: not a private key, or not a certificate, in PEM. */
MUST_CHECK struct err *key_check(struct arena *a, struct str pem);
MUST_CHECK struct err *certificate_check(struct arena *a, struct str pem);

struct certificate_request {
    struct str common_name;
    const struct str *addresses; /* 4 or 16 bytes each */
    size_t address_count;
    const struct str *dns_names;
    size_t dns_name_count;
    int64_t not_before, not_after; /* seconds since 1970 */
    uint8_t serial[16];
    bool is_ca;
};

/*
 * The certificate of a key. Signed by `ca_certificate` and `ca_key`, or by itself where these are empty. Usages: key
 * encipherment, digital signature and, for an authority, certificate signing; server and client authentication.
 */
MUST_CHECK struct err *certificate_issue(struct arena *a, const struct certificate_request *request,
                                         struct str key, struct str ca_certificate,
                                         struct str ca_key, struct str *ret_pem);

#endif
