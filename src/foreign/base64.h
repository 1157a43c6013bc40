/* SPDX-License-Identifier: Apache-2.0 */
/*
 * foreign/base64.h - base64 (RFC 4648 section 4), standard alphabet with padding.
 */
#ifndef FOREIGN_BASE64_H
#define FOREIGN_BASE64_H

#include "base/str.h"

enum base64_flags { BASE64_STRICT = 0, BASE64_SKIP_LINE_BREAKS = 1 };

struct str base64_encode(struct arena *a, struct str bytes);

/* False on a byte outside the alphabet, wrong padding or length. */
bool base64_decode(struct arena *a, struct str text, unsigned flags, struct str *ret);

#endif
