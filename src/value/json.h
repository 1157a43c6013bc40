/* SPDX-License-Identifier: Apache-2.0 */
/*
 * value/json.h - JSON text to tree and back (RFC 8259).
 *
 * Numbers as Kubernetes decodes them: an integer that fits int64 is VAL_INT, every other one VAL_FLOAT; a
 * float that overflows is refused. Printing follows Go's encoding/json: shortest digits that read back, exponent
 * form below 1e-6 and from 1e21.
 */
#ifndef VALUE_JSON_H
#define VALUE_JSON_H

#include "base/buf.h"
#include "base/err.h"
#include "value/val.h"

enum json_read_flags {
    JSON_READ_DEFAULT = 0,
    JSON_READ_LAST_KEY_WINS = 1, /* duplicate keys: the last one stays; default refuses them */
    JSON_READ_BORROW = 2,        /* strings may point into `text`, which then outlives the tree */
    JSON_READ_GO = 4,            /* "-0" is the float, as where Go decodes into an interface */
};

/*
 * One JSON text with nothing but white space after it. `name` begins the messages ("name:line:col: ...").
 * ERR_INVALID: malformed, bad UTF-8, duplicate key. ERR_TOO_LARGE: LIMIT_TREE_DEPTH, _NODES or
 * LIMIT_DOCUMENT_BYTES.
 */
MUST_CHECK struct err *json_read(struct arena *a, struct str text, struct str name, unsigned flags,
                                 const struct val **ret);

enum json_write_flags {
    JSON_COMPACT = 0,
    JSON_SORTED = 1,      /* keys in byte order, as Go prints maps */
    JSON_ESCAPE_HTML = 2, /* <, >, & and U+2028, U+2029 as \u003c ..., as Go does by default */
    JSON_INDENT = 4,      /* four spaces, "key": value, as kubectl -o json */
    JSON_INDENT2 = 8,     /* two spaces */
};

void json_write(struct buf *out, const struct val *v, unsigned flags);
struct str json_string(struct arena *a, const struct val *v, unsigned flags);

/* One string with its quotes. */
void json_write_string(struct buf *out, struct str s, unsigned flags);

#endif
