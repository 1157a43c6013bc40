/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/sprig/yaml_numbers.h - numbers on their way from JSON to YAML: sigs.k8s.io/yaml reads the JSON text again as YAML,
 * where a whole number that fits 64 bits is an integer. Bytes that are no UTF-8 become U+FFFD on that way.
 */
#ifndef CORE_SPRIG_YAML_NUMBERS_H
#define CORE_SPRIG_YAML_NUMBERS_H

#include "base/arena.h"

struct val;

/* The tree with those floats as integers, unless they are to be kept, and with valid texts. */
const struct val *yaml_numbers(struct arena *a, const struct val *v, bool keep_floats);

#endif
