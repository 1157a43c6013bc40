/* SPDX-License-Identifier: Apache-2.0 */
/* core/apiserver/int_or_percent.h - values such as 3 and "25%": maxSurge, minAvailable. */
#ifndef CORE_APISERVER_INT_OR_PERCENT_H
#define CORE_APISERVER_INT_OR_PERCENT_H

#include "core/apiserver/checks.h"

/* 25 of "25%", 3 of 3; 0 of anything else. */
int64_t int_or_percent_value(const struct val *v);
/* A number from 0, or a percentage. NULL is fine. */
void check_int_or_percent(const struct check *c, struct str field, const struct val *v);
/* At most 100%. */
void check_percent_max(const struct check *c, struct str field, const struct val *v);

#endif
