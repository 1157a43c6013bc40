/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/helm/dependency_status.h - whether what Chart.yaml demands is in charts/.
 *
 * For a chart as it was loaded: processing dependencies changes them. Source of truth: Helm 4.3 pkg/action/dependency.go.
 */
#ifndef CORE_HELM_DEPENDENCY_STATUS_H
#define CORE_HELM_DEPENDENCY_STATUS_H

#include "core/helm/chart.h"

/*
 * Helm's words for a dependency of the chart: "ok" (a packed chart in charts/), "unpacked", "missing", "wrong version",
 * "invalid version", "misnamed", "too many matches", "bad pattern". is_packed: the chart itself came from an archive, of
 * which Helm sees every sub-chart as unpacked.
 */
const char *helm_dependency_status(struct arena *a, const struct helm_chart *c,
                                   const struct helm_dependency *d, bool is_packed);

/* The chart has a dependency of that name. */
bool helm_dependency_is_listed(const struct helm_chart *c, struct str name);

#endif
