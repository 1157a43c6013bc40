/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/kustomize/timestamp.h - plain YAML timestamps as JSON has them.
 *
 * kustomize converts its nodes to JSON at the end, and there `2001-01-01` without quotes is a point in time:
 * "2001-01-01T00:00:00Z". Source of truth: go-yaml v3's layouts, Go's RFC3339Nano.
 */
#ifndef CORE_KUSTOMIZE_TIMESTAMP_H
#define CORE_KUSTOMIZE_TIMESTAMP_H

#include "base/arena.h"
#include "base/str.h"

/* The text as JSON has it; `text` itself when it is no timestamp. */
struct str kust_timestamp(struct arena *a, struct str text);

#endif
