/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/apiserver/quantity.h - resource quantities: "100m", "1Gi", "2".
 *
 * Exact decimal arithmetic to nano units; beyond int64 at that scale the text stays as it was written. Source of truth:
 * apimachinery pkg/api/resource.
 */
#ifndef CORE_APISERVER_QUANTITY_H
#define CORE_APISERVER_QUANTITY_H

#include "value/val.h"

enum quantity_format { QUANTITY_DECIMAL, QUANTITY_BINARY, QUANTITY_EXPONENT };

__extension__ typedef __int128 quantity_nano;

struct quantity {
    quantity_nano nano; /* value times 10^9 */
    enum quantity_format format;
};

/* False: not a quantity. */
bool quantity_parse(struct str text, struct quantity *ret);
/* A string or number of an object. */
bool quantity_of(struct arena *a, const struct val *v, struct quantity *ret);
/* Kubernetes' canonical text. */
struct str quantity_format(struct arena *a, const struct quantity *q);
int quantity_cmp(const struct quantity *p, const struct quantity *q);

#endif
