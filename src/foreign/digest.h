/* SPDX-License-Identifier: Apache-2.0 */
/*
 * foreign/digest.h - message digests over OpenSSL's EVP.
 *
 * One-shot and incremental; the same bytes give the same digest, nothing else is touched.
 */
#ifndef FOREIGN_DIGEST_H
#define FOREIGN_DIGEST_H

#include "base/arena.h"
#include "base/str.h"

enum digest_kind { DIGEST_MD5, DIGEST_SHA1, DIGEST_SHA256, DIGEST_SHA384, DIGEST_SHA512 };

#define DIGEST_BYTES_MAX 64

/* Length of a digest in bytes; twice that in hexadecimal digits. */
size_t digest_size(enum digest_kind kind);

/* Writes digest_size() bytes. */
void digest_bytes(enum digest_kind kind, struct str data, uint8_t *ret);

/* Lower-case hexadecimal text. */
struct str digest_hex(struct arena *a, enum digest_kind kind, struct str data);

/* Incremental: the object lives in the arena; digest_finish once, which writes digest_size() bytes. */
struct digest;
struct digest *digest_new(struct arena *a, enum digest_kind kind);
void digest_add(struct digest *d, struct str data);
void digest_finish(struct digest *d, uint8_t *ret);

struct str hex_encode(struct arena *a, const uint8_t *bytes, size_t count);

#endif
