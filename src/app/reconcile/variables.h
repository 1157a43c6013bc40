/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/reconcile/variables.h - the variables of spec.postBuild: from ConfigMaps and Secrets of the namespace, then those in line.
 */
#ifndef APP_RECONCILE_VARIABLES_H
#define APP_RECONCILE_VARIABLES_H

#include "app/reconcile/ports.h"
#include "core/envsubst/manifest.h"

/*
 * Each referenced object is read once. ERR_NOT_FOUND names one that is missing and not optional; ERR_INVALID a variable whose name may not
 * be.
 */
MUST_CHECK struct err *variables_load(const struct reconcile_ports *ports, struct run *run,
                                      const struct val *kustomization, struct substitution *ret);

#endif
