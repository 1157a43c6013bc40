/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/sprig/argument.h - what sprig's functions do with their arguments and results. Private to core/sprig.
 */
#ifndef CORE_SPRIG_ARGUMENT_H
#define CORE_SPRIG_ARGUMENT_H

#include "base/buf.h"
#include "base/limits.h"
#include "base/vec.h"
#include "core/gotmpl/exec.h"

/* spf13/cast v1.7: what cannot be converted is 0. */
int64_t arg_int64(const struct go_value *v);
double arg_float(const struct go_value *v);

/* sprig's strval: a text as it is, everything else as %v. */
MUST_CHECK struct err *arg_text(struct call *c, const struct go_value *v, struct str *ret);
/* sprig's strslice: the items as texts without nils; a single value is a list of one. */
struct texts {
    struct str *items;
    size_t count;
};
MUST_CHECK struct err *arg_texts(struct call *c, const struct go_value *v, struct texts *ret);

/* sprig's empty: the zero of its type. */
bool arg_is_empty(const struct go_value *v);

struct err *call_fail(struct call *c, const char *format, ...)
    __attribute__((format(printf, 2, 3), returns_nonnull));

/* The panic of Go where reflect looks at nothing. */
struct err *call_nil(struct call *c) __attribute__((returns_nonnull));

/* A buffer for a text result, and its end; ERR_TOO_LARGE over LIMIT_TEMPLATE_STRING_BYTES. */
void call_text(struct call *c, struct buf *out);
MUST_CHECK struct err *call_finish(struct call *c, const struct buf *out, struct go_value *ret);
/* Before making a text of that size or a list of that many items. */
MUST_CHECK struct err *call_check_bytes(struct call *c, uint64_t bytes);
MUST_CHECK struct err *call_check_items(struct call *c, uint64_t items);
MUST_CHECK struct err *call_charge(struct call *c, uint64_t steps);

struct go_value texts_value(struct call *c, const struct texts *t); /* as []string */

typedef VEC(struct str) text_vec;
typedef VEC(struct go_value) value_vec;

/* Random bytes from the host; zeros without one. */
void call_random(struct call *c, void *bytes, size_t size);
/* A random number below `bound`, which is positive. */
uint64_t call_random_below(struct call *c, uint64_t bound);

#endif
