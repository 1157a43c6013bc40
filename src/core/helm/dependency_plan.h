/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/helm/dependency_plan.h - from which repository each dependency of a chart comes.
 *
 * Source of truth: Helm 4.3 pkg/downloader/manager.go.
 */
#ifndef CORE_HELM_DEPENDENCY_PLAN_H
#define CORE_HELM_DEPENDENCY_PLAN_H

#include "core/helm/chart.h"
#include "core/helm/repositories.h"

bool helm_is_local(struct str repository); /* file://... */

/* The folder that a file:// repository means, seen from the chart's; messages show it so. */
struct str helm_local_path(struct arena *a, struct str repository, struct str chart_folder);

/*
 * Puts URLs in place of "@name" and "alias:name", and the name of each dependency's repository into names[]: of file:// and
 * oci:// the URL, "" for a URL that no known repository has. ERR_INVALID, in helm's words: no repository definition for ...
 * (helm keeps one name for all dependencies that name the same chart, so that two repositories cannot both have it.)
 */
MUST_CHECK struct err *helm_dependency_repositories(struct arena *a,
                                                    struct helm_dependencies *dependencies,
                                                    const struct helm_repositories *known,
                                                    struct str *names);

/* "helm-manager-<sha256 of the URL>": what the cached index of a repository without a name is called. */
struct str helm_unmanaged_name(struct arena *a, struct str url);
bool helm_is_unmanaged(struct str name);

/* Repositories without those that have the URL of a later one, a slash at the end aside. */
void helm_repositories_unique(struct arena *a, const struct helm_repositories *all,
                              struct helm_repositories *ret);

/* ERR_NOT_FOUND: URLs of a lock that no known repository has. */
MUST_CHECK struct err *helm_lock_repositories_check(struct arena *a,
                                                    const struct helm_dependencies *locked,
                                                    const struct helm_repositories *known);

#endif
