/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/reconcile/variables.h - the variables of spec.postBuild: from ConfigMaps and Secrets of the namespace, then those in line.
 */
#ifndef APP_RECONCILE_VARIABLES_H
#define APP_RECONCILE_VARIABLES_H

#include "core/envsubst/manifest.h"
#include "ports/driven/cluster.h"

/*
 * Each referenced object is read once; cluster NULL: none, and only those in line count. ERR_NOT_FOUND names one that is missing and not optional; ERR_INVALID a variable whose name may not
 * be.
 */
MUST_CHECK struct err *variables_load(const struct cluster *cluster, struct run *run,
                                      const struct val *kustomization, struct substitution *ret);

#endif
