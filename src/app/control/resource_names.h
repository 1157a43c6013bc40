/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/control/resource_names.h - what people call a kind: plural, singular, short or with its group, as kubectl takes it.
 */
#ifndef APP_CONTROL_RESOURCE_NAMES_H
#define APP_CONTROL_RESOURCE_NAMES_H

#include "ports/driven/cluster.h"

/* Built-in kinds first, then the cluster's CRDs. ERR_NOT_FOUND: neither has it. */
MUST_CHECK struct err *resource_name_find(const struct cluster *cluster, struct run *r,
                                          struct str name, struct gvk *ret);

#endif
