/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/sprig/functions.h - the functions of sprig v3.3 as Helm exposes them, and Helm's own: a table.
 *
 * `env` and `expandenv` do not exist, as in Helm; getHostByName gives "". Give sprig_find to template_options.functions.
 * What costs more than a step charges it, so that a loop over genPrivateKey ends (LIMIT_TEMPLATE_STEPS).
 *
 * Differences from Helm, by decision: "Local" time is UTC; the order of `keys` and `values`, random in Go, is that of the
 * keys; private keys are drawn from OpenSSL's generator and not from core/host.h; RE2 does not match bytes that are no
 * UTF-8; deepCopy keeps the parts of a semver.Version; toYamlPretty quotes times and prints durations as numbers.
 */
#ifndef CORE_SPRIG_FUNCTIONS_H
#define CORE_SPRIG_FUNCTIONS_H

#include "core/gotmpl/function.h"

extern const struct function sprig_functions[]; /* sorted by name */
extern const size_t sprig_function_count;

/* NULL: no such function. */
const struct function *sprig_find(struct str name);

#endif
