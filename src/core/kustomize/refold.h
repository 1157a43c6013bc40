/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/kustomize/refold.h - what folded text (">-") becomes when the peer prints an object and reads it again.
 *
 * kustomize's last step goes through YAML text, and its writer mistreats line breaks in folded scalars: one before an
 * indented line doubles, and in text that begins with a space paragraphs run together. A negative
 * zero loses its sign. Output depends on it.
 */
#ifndef CORE_KUSTOMIZE_REFOLD_H
#define CORE_KUSTOMIZE_REFOLD_H

#include "base/err.h"
#include "value/val.h"

/*
 * The object with every folded string and plain timestamp as the peer would have it; the same pointer when nothing
 * changes. ERR_INVALID: text that the peer's reader would refuse.
 */
MUST_CHECK struct err *kust_refold(struct arena *a, const struct val *v, const struct val **ret);

/* One string. */
struct str kust_refold_text(struct arena *a, struct str text);

#endif
