/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/helm/failures.h - all failures of a rendering as one error, with what Helm does not say. Private to core/helm.
 */
#ifndef CORE_HELM_FAILURES_H
#define CORE_HELM_FAILURES_H

#include "core/helm/release.h"

/*
 * Adds the advice of documents that are no YAML (the lines around the fault as they were rendered, each with the template line that
 * wrote it), and joins all: helm's words first, the advice indented below. NULL: nothing failed.
 */
MUST_CHECK struct err *helm_failures_join(struct arena *a, struct helm_release *r);

#endif
