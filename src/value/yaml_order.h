/* SPDX-License-Identifier: Apache-2.0 */
/*
 * value/yaml_order.h - private to value/: the key order of go-yaml's printer.
 */
#ifndef VALUE_YAML_ORDER_H
#define VALUE_YAML_ORDER_H

#include "value/val.h"

/*
 * The fields sorted "naturally": runs of digits as numbers, letters behind everything else. Not a strict order for mixes
 * such as v1, v1beta1, v2, where the peer itself varies.
 */
const struct val_field *yaml_order(struct arena *a, const struct val *map);

#endif
