/* SPDX-License-Identifier: Apache-2.0 */
/*
 * foreign/regex.h - regular expressions as Go's regexp package means them, over RE2.
 *
 * Linear in the text, memory bounded by LIMIT_REGEX_BYTES per pattern. What Debian's RE2 takes and Go
 * refuses, or the other way round, is settled before compiling: "\C" is refused, "(?<n>" becomes
 * "(?P<n>". A compiled pattern belongs to its arena and may be used by one thread at a time.
 */
#ifndef FOREIGN_REGEX_H
#define FOREIGN_REGEX_H

#include "base/err.h"

#ifdef __cplusplus
extern "C" {
#endif

struct regex;

/* ERR_INVALID: not a pattern, or too large; the message has RE2's reason. */
MUST_CHECK struct err *regex_compile(struct arena *a, struct str pattern, struct regex **ret);

/* True when some part of the text matches; anchor in the pattern for the whole. */
bool regex_is_match(const struct regex *re, struct str text);

/*
 * First match at or after `from`: true and 2 * count offsets (begin, end of the whole match, then of
 * each group; SIZE_MAX where a group took no part).
 */
bool regex_find(const struct regex *re, struct str text, size_t from, size_t *ret_offsets,
                size_t count);

/* Groups of the pattern, the whole match not counted. */
size_t regex_group_count(const struct regex *re);

/* Number of the group with this name; 0 when there is none. */
size_t regex_group_named(const struct regex *re, struct str name);

#ifdef __cplusplus
}
#endif

#endif
