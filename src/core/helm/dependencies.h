/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/helm/dependencies.h - which sub-charts take part in a rendering, under which names, and what they export.
 */
#ifndef CORE_HELM_DEPENDENCIES_H
#define CORE_HELM_DEPENDENCIES_H

#include "core/helm/chart.h"

/*
 * Applies aliases, tags and conditions with the values of a release (NULL: none), removes disabled sub-charts, and merges
 * import-values into the charts' own values. ERR_INVALID: values of a wrong type.
 */
MUST_CHECK struct err *helm_dependencies_process(struct arena *a, struct helm_chart *c,
                                                 struct go_map *values);

/* ERR_INVALID: dependencies that are in Chart.yaml, but not in charts/. */
MUST_CHECK struct err *helm_dependencies_check(struct arena *a, const struct helm_chart *c);

#endif
