/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/gotmpl/time_layout.h - the parts that a Go time layout is made of. Private to core/gotmpl.
 */
#ifndef CORE_GOTMPL_TIME_LAYOUT_H
#define CORE_GOTMPL_TIME_LAYOUT_H

#include "base/str.h"

enum layout_part {
    PART_NONE,
    PART_LONG_MONTH,
    PART_MONTH,
    PART_NUM_MONTH,
    PART_ZERO_MONTH,
    PART_LONG_WEEKDAY,
    PART_WEEKDAY,
    PART_DAY,
    PART_UNDER_DAY,
    PART_ZERO_DAY,
    PART_UNDER_YEARDAY,
    PART_ZERO_YEARDAY,
    PART_HOUR,
    PART_HOUR12,
    PART_ZERO_HOUR12,
    PART_MINUTE,
    PART_ZERO_MINUTE,
    PART_SECOND,
    PART_ZERO_SECOND,
    PART_LONG_YEAR,
    PART_YEAR,
    PART_PM,
    PART_PM_LOWER,
    PART_ZONE_NAME,
    PART_OFFSET,     /* see struct layout_chunk */
    PART_FRACTION_0, /* ".000": exactly so many digits */
    PART_FRACTION_9, /* ".999": at most so many, zeros left out */
};

struct layout_chunk {
    struct str prefix; /* literal text before */
    enum layout_part part;
    struct str text;   /* of the part */
    struct str suffix; /* what follows */
    /* PART_OFFSET: "Z" for zero, colons between, minutes and seconds shown. */
    bool has_z, has_colon, has_minutes, has_seconds;
    int digits; /* of a fraction */
};

/* The first part of a layout; PART_NONE: all is literal. */
struct layout_chunk layout_next(struct str layout);

#endif
