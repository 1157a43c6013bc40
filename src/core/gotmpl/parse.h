/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/gotmpl/parse.h - a template's text to its trees. Private to core/gotmpl.
 */
#ifndef CORE_GOTMPL_PARSE_H
#define CORE_GOTMPL_PARSE_H

#include "core/gotmpl/node.h"

struct definitions {
    struct definition **items; /* in the order of their completion; the text's own is last */
    size_t count;
    size_t cap;
};

/*
 * ERR_INVALID: "template: NAME:LINE: ..." in Go's words. ERR_TOO_LARGE: nested deeper than LIMIT_TEMPLATE_NESTING.
 * `functions` is asked first, then the builtins.
 */
MUST_CHECK struct err *template_parse(struct arena *a, struct str name, struct str text,
                                      const struct function *(*functions)(struct str name),
                                      struct definitions *ret);

/* Number constants: text of a NUMBER, COMPLEX or CONSTANT token. The error is Go's text. */
MUST_CHECK struct err *number_parse(struct arena *a, struct str text, bool is_rune, bool is_complex,
                                    struct node_number *ret);

#endif
