/* SPDX-License-Identifier: Apache-2.0 */
/*
 * foreign/utf8.h - UTF-8 (RFC 3629): validity, decoding, encoding; Unicode letters from utf8proc's tables.
 */
#ifndef FOREIGN_UTF8_H
#define FOREIGN_UTF8_H

#include "base/str.h"

struct buf;

/* Offset of the first byte that is not part of a well-formed sequence, or SIZE_MAX. */
size_t utf8_find_invalid(struct str s);

/*
 * Rune at s.ptr[0]; *ret_rune gets it and the result is its length. An ill-formed byte gives U+FFFD and 1; the
 * empty string 0.
 */
size_t utf8_decode(struct str s, uint32_t *ret_rune);

/* Appends the rune; surrogates and what is beyond U+10FFFF become U+FFFD. */
void utf8_put(struct buf *out, uint32_t rune);

/* Unicode category L*, as Go's unicode.IsLetter; Nd, as unicode.IsDigit. */
bool utf8_is_letter(uint32_t rune);
bool utf8_is_digit(uint32_t rune);

/* As Go's unicode package: IsSpace, IsUpper (Lu), IsLower (Ll), IsTitle (Lt), IsNumber (N*), IsPunct (P*). */
bool utf8_is_space(uint32_t rune);
bool utf8_is_upper(uint32_t rune);
bool utf8_is_lower(uint32_t rune);
bool utf8_is_title(uint32_t rune);
bool utf8_is_number(uint32_t rune);
bool utf8_is_punct(uint32_t rune);

/* Letters, marks, numbers, punctuation, symbols and the ASCII space, as Go's unicode.IsPrint. */
bool utf8_is_print(uint32_t rune);

/* Simple case mappings, one rune to one. */
uint32_t utf8_upper(uint32_t rune);
uint32_t utf8_lower(uint32_t rune);
uint32_t utf8_title(uint32_t rune);

#endif
