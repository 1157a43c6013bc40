/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/blob.h - bytes shared between threads: immutable, reference-counted.
 *
 * The only thing, beside a frozen arena, that travels between runs. Counting is atomic.
 */
#ifndef BASE_BLOB_H
#define BASE_BLOB_H

#include "base/str.h"

struct blob;

/* Copies the bytes; one reference belongs to the caller. Never NULL. */
struct blob *blob_new(struct str bytes);
struct blob *blob_ref(struct blob *b);
void blob_unref(struct blob *b); /* NULL is fine */
struct str blob_str(const struct blob *b);

#endif
