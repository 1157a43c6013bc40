/* SPDX-License-Identifier: Apache-2.0 */
/* core/helm/tables/api_deprecations.h - kinds of Kubernetes that are on their way out. Source of truth: k8s.io/api 0.37.1. */
#ifndef CORE_HELM_TABLES_API_DEPRECATIONS_H
#define CORE_HELM_TABLES_API_DEPRECATIONS_H

#include "base/str.h"

struct api_deprecation {
    struct str api_version;
    struct str kind;
    unsigned major, minor; /* deprecated since */
    const char *removed;   /* "1.25"; "": still served */
    const char *instead;   /* "policy/v1 PodDisruptionBudget"; "": nothing */
};

extern const struct api_deprecation api_deprecations[];
extern const size_t api_deprecation_count;

#endif
