/* SPDX-License-Identifier: Apache-2.0 */
/*
 * foreign/cipher.h - symmetric ciphers, message authentication and password hashes over OpenSSL and libcrypt.
 *
 * Deterministic: salts and initialisation vectors are the caller's.
 */
#ifndef FOREIGN_CIPHER_H
#define FOREIGN_CIPHER_H

#include "base/err.h"

enum { AES_KEY_BYTES = 32, AES_BLOCK_BYTES = 16, BCRYPT_SALT_BYTES = 16, HMAC_SHA256_BYTES = 32 };

/* AES-256-CBC without padding: the length is a multiple of AES_BLOCK_BYTES. The result has the same length. */
struct str aes_cbc(struct arena *a, bool encrypt, const uint8_t key[AES_KEY_BYTES],
                   const uint8_t iv[AES_BLOCK_BYTES], struct str data);

void hmac_sha256(struct str key, struct str data, uint8_t ret[HMAC_SHA256_BYTES]);

/* scrypt (RFC 7914) with N = 2^log_n; writes `size` bytes. False: the cost is out of range. */
struct scrypt_cost {
    unsigned log_n, r, p;
};
bool scrypt_derive(struct str password, struct str salt, struct scrypt_cost cost, uint8_t *ret,
                   size_t size);

/* "$2a$10$..." of a password of at most 72 bytes, none of them NUL; false where libcrypt refuses it. */
bool bcrypt_hash(struct arena *a, struct str password, unsigned cost,
                 const uint8_t salt[BCRYPT_SALT_BYTES], struct str *ret);

#endif
