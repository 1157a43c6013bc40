/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/apiserver/decode_typed.h - a tree into an object of a built-in type, and what JSON says twice.
 */
#ifndef CORE_APISERVER_DECODE_TYPED_H
#define CORE_APISERVER_DECODE_TYPED_H

#include "base/err.h"
#include "core/apiserver/crd.h"

/*
 * Unknown fields are dropped and, when `unknown` is not NULL, named by path below `prefix`. ERR_INVALID in the words of Go's
 * decoder.
 */
MUST_CHECK struct err *typed_decode(struct arena *a, const struct schema *type,
                                    const struct val *tree, struct str prefix,
                                    struct field_paths *unknown, const struct val **ret);

/* Paths of fields that a JSON text, known to be well-formed, gives more than once. */
void json_duplicates(struct arena *a, struct str text, struct field_paths *ret);

/*
 * What keeps an untyped tree from becoming an object of the type, in the words of Go's unstructured converter; "" nothing. It
 * looks at the kinds of values only.
 */
struct str restore_problem(struct arena *a, const struct schema *type, const struct val *v);

#endif
