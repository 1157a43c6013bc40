/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/kube/schema_zero.h - built-in objects as Go's typed structs hold and print them.
 *
 * A struct held by value is always there, a required list that is empty prints as null, everything else that is empty is
 * left out. Custom resources are untyped in Kubernetes and come back as they are.
 */
#ifndef CORE_KUBE_SCHEMA_ZERO_H
#define CORE_KUBE_SCHEMA_ZERO_H

#include "core/kube/schema.h"
#include "value/val.h"

/* A new object of the type. */
const struct val *schema_zero(struct arena *a, const struct schema *type);

/* The object as Go would print it: fields always there added, empty ones that are left out removed. */
const struct val *schema_normalize(struct arena *a, const struct schema *type, const struct val *v);

/* What of it comes back from the store: lists that must be there but are empty are null. */
const struct val *schema_stored(struct arena *a, const struct schema *type, const struct val *v);

#endif
