/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/gotmpl/quote.h - Go's strconv for strings: Quote, QuoteToASCII, Unquote, and what unicode calls printable.
 */
#ifndef CORE_GOTMPL_QUOTE_H
#define CORE_GOTMPL_QUOTE_H

#include "base/buf.h"

/* Appends the text between `quote` characters, escaped as strconv.Quote or, with ascii, QuoteToASCII. */
void quote_put(struct buf *out, struct str s, char quote, bool ascii);
/* One rune in single quotes, as strconv.QuoteRune. */
void quote_put_rune(struct buf *out, uint32_t rune, bool ascii);
struct str quote_go(struct arena *a, struct str s); /* strconv.Quote */

/* As fmt's %#U: U+0041 'A'. */
struct str quote_unicode(struct arena *a, uint32_t rune);

/* strconv.Unquote of a Go literal with its quotes (", ' or `); false: invalid syntax. */
bool quote_undo(struct arena *a, struct str literal, struct str *ret);

/* The rune between single quotes; false: invalid syntax. */
bool quote_undo_rune(struct str literal, uint32_t *ret);

/* strconv.CanBackquote. */
bool quote_can_be_raw(struct str s);

/* strconv.IsPrint: letters, marks, numbers, punctuation, symbols and the ASCII space. */
bool rune_is_print(uint32_t rune);

#endif
