/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/envsubst/scan.h - private to envsubst: one token of a text under a rule that says which characters belong to it.
 */
#ifndef CORE_ENVSUBST_SCAN_H
#define CORE_ENVSUBST_SCAN_H

#include "base/buf.h"

enum scan_token { SCAN_ILLEGAL, SCAN_END, SCAN_TEXT, SCAN_OPEN /* "${" */, SCAN_CLOSE /* "}" */ };
enum scan_mode { SCAN_WANT_TEXT = 1, SCAN_WANT_OPEN = 2, SCAN_WANT_CLOSE = 4, SCAN_ESCAPES = 8 };

/* Whether a rune belongs to the token; `at` is the length of the token with it, in bytes. */
typedef bool scan_accept(uint32_t rune, size_t at);

struct scanner {
    struct arena *arena;
    struct str text;
    size_t at;
    bool backslash; /* "\/" and "\\" are escapes too, not only "$$" */
    struct str token;
};

enum scan_token scan_next(struct scanner *s, unsigned mode, scan_accept *accept);
uint32_t scan_peek(const struct scanner *s); /* 0 at the end */

scan_accept scan_any, scan_name, scan_not_close, scan_not_slash, scan_not_colon_or_close;

#endif
