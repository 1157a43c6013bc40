/* SPDX-License-Identifier: Apache-2.0 */
/*
 * value/val_map.h - private to value/: the lookup index that a map with many fields carries.
 *
 * Layout: index[0] is the number of slots (a power of two), then the slots; a slot is field number + 1, 0 is free.
 */
#ifndef VALUE_VAL_MAP_H
#define VALUE_VAL_MAP_H

#include "value/val.h"

/* Up to this many fields a scan is quicker than hashing. */
enum { VAL_MAP_SCAN_MAX = 12 };

/* Position of the key among fields[0..count), or SIZE_MAX. index is NULL for short maps. */
size_t val_map_find(const struct val_field *fields, size_t count, const uint32_t *index,
                    struct str key);

/* Index over the fields, with room for as many again; NULL for short maps. */
uint32_t *val_map_index(struct arena *a, const struct val_field *fields, size_t count);

#endif
