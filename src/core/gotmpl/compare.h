/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/gotmpl/compare.h - eq, ne, lt, le, gt, ge by text/template's type rules. Private to core/gotmpl.
 */
#ifndef CORE_GOTMPL_COMPARE_H
#define CORE_GOTMPL_COMPARE_H

#include "core/gotmpl/function.h"

MUST_CHECK struct err *compare_eq(struct call *c, struct go_value *ret);
MUST_CHECK struct err *compare_ne(struct call *c, struct go_value *ret);
MUST_CHECK struct err *compare_lt(struct call *c, struct go_value *ret);
MUST_CHECK struct err *compare_le(struct call *c, struct go_value *ret);
MUST_CHECK struct err *compare_gt(struct call *c, struct go_value *ret);
MUST_CHECK struct err *compare_ge(struct call *c, struct go_value *ret);

#endif
