/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/gotmpl/escape.h - text made safe for HTML, JavaScript and URL queries as text/template and net/url do.
 */
#ifndef CORE_GOTMPL_ESCAPE_H
#define CORE_GOTMPL_ESCAPE_H

#include "base/buf.h"

void escape_html(struct buf *out, struct str s);
void escape_js(struct buf *out, struct str s);
void escape_query(struct buf *out, struct str s); /* url.QueryEscape */

#endif
