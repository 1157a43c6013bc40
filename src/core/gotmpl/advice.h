/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/gotmpl/advice.h - what Helm's error does not say: the value that was nil, the name that was meant, who called whom.
 *
 * Taken down where an execution fails, before the stack of templates is gone; the first note wins, for it is the
 * innermost. Costs nothing while nothing fails. Private to core/gotmpl; template_set_advice() gives the text.
 */
#ifndef CORE_GOTMPL_ADVICE_H
#define CORE_GOTMPL_ADVICE_H

#include "core/gotmpl/exec.h"

/* The calls that led here. */
void advice_note_calls(struct exec *x);

/* A field or variable chain that gives nil somewhere: names that place and what is near it. Other nodes say nothing. */
void advice_note_nil(struct exec *x, const struct go_value *dot, const struct node *n);

/* The operands of a call that failed, each as above. */
void advice_note_operands(struct exec *x, const struct go_value *dot, const struct call_site *site);

#endif
