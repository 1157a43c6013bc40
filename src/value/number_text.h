/* SPDX-License-Identifier: Apache-2.0 */
/*
 * value/number_text.h - how numbers are printed.
 */
#ifndef VALUE_NUMBER_TEXT_H
#define VALUE_NUMBER_TEXT_H

#include "base/buf.h"

/* As Go's encoding/json: exponent form below 1e-6 and from 1e21; "1e+21", "1e-07" as "1e-7". */
void number_put_json(struct buf *out, double x);

/* As strconv.FormatFloat(x, 'g', -1, 64): "1e+06", "1.5". */
void number_put_g(struct buf *out, double x);

/* As strconv.FormatFloat(x, 'g', -1, 32); what float32 cannot hold is ".inf" or "-.inf", as sigs.k8s.io/yaml has it. */
void number_put_g32(struct buf *out, double x);

#endif
