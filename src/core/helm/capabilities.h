/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/helm/capabilities.h - .Capabilities: what a chart is told of the cluster and of Helm.
 */
#ifndef CORE_HELM_CAPABILITIES_H
#define CORE_HELM_CAPABILITIES_H

#include "core/gotmpl/context.h"
#include "core/helm/release.h"

/*
 * The value, and the Kubernetes version in it. Without a version and without a cluster they are those that Helm 4.3.1 was
 * built with. ERR_INVALID: kube_version is no version.
 */
MUST_CHECK struct err *helm_capabilities(struct arena *a, const struct helm_release_options *o,
                                         struct kube_version_info *ret_kube, struct go_value *ret);

/* values.schema.json of the chart and its sub-charts against their values. ERR_INVALID: all that do not fit, joined. */
MUST_CHECK struct err *helm_schemas_check(struct arena *a, const struct helm_chart *c,
                                          struct go_map *values);

#endif
