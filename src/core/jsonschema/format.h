/* SPDX-License-Identifier: Apache-2.0 */
/* core/jsonschema/format.h - formats of dates and times. Private to core/jsonschema. */
#ifndef CORE_JSONSCHEMA_FORMAT_H
#define CORE_JSONSCHEMA_FORMAT_H

#include "base/str.h"

/* Digits at a place of a fixed layout; -1: there are none. */
int format_number_at(struct str s, size_t at, size_t width);

bool format_is_date(struct str s);      /* 2024-02-29 */
bool format_is_time(struct str s);      /* 12:00:00.5+01:00 */
bool format_is_date_time(struct str s); /* both with a T between */
bool format_is_duration(struct str s);  /* P1DT2H */
bool format_is_period(struct str s);    /* two moments, or a moment and a duration */

#endif
