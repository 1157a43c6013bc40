/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/kube/go_format.h - how Go's %v prints a decoded tree: Kubernetes quotes patches that way in messages.
 *
 * map[a:1 b:[x y]], keys sorted, texts bare, nothing as <nil>. Source of truth: Go's fmt, print.go.
 */
#ifndef CORE_KUBE_GO_FORMAT_H
#define CORE_KUBE_GO_FORMAT_H

#include "value/val.h"

struct str go_format(struct arena *a, const struct val *v);

#endif
