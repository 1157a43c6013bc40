/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/gotmpl/format.h - Go's fmt: Sprintf, Sprint, Sprintln over values of core/gotmpl/value.h, in full.
 *
 * Verbs, flags, width, precision and argument indexes as package fmt of Go 1.26, its error forms included:
 * %!d(string=x), %!v(MISSING), %!(EXTRA int=1). What is nested deeper than LIMIT_TREE_DEPTH (a map inside itself) makes the
 * functions false; the text is then not to be used.
 */
#ifndef CORE_GOTMPL_FORMAT_H
#define CORE_GOTMPL_FORMAT_H

#include "base/buf.h"
#include "core/gotmpl/value.h"

bool format_printf(struct buf *out, struct str format, const struct go_value *args, size_t count);
bool format_print(struct buf *out, const struct go_value *args, size_t count);   /* Sprint */
bool format_println(struct buf *out, const struct go_value *args, size_t count); /* Sprintln */

/* One value as %v, or Sprint, prints it. */
bool format_value(struct buf *out, const struct go_value *v);

/* time.Time.String() and time.Duration.String(). */
struct str format_time(struct arena *a, const struct go_time *t);
struct str format_go_name(const struct go_value *v); /* String of a MONTH or WEEKDAY */

#endif
