/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/envsubst/operator.h - private to envsubst: what each operator makes of a value.
 */
#ifndef CORE_ENVSUBST_OPERATOR_H
#define CORE_ENVSUBST_OPERATOR_H

#include "base/str.h"

enum { OPERATOR_ARGS_MAX = 64 };

/* "" as name is the plain ${v}. Unknown names do what a default does. */
struct str operator_apply(struct arena *a, struct str name, struct str value,
                          const struct str *args, size_t count);

/* The operators that supply a value of their own when there is none. */
bool operator_has_default(struct str name);

/* The shell's pattern matches the whole text; *ret_bad: the pattern is malformed. "*" also matches "/". */
bool pattern_match(struct str pattern, struct str text, bool *ret_bad);

#endif
