/* SPDX-License-Identifier: Apache-2.0 */
/* app/charts/dependency.h - one run of dependency build or update. Private to app/charts. */
#ifndef APP_CHARTS_DEPENDENCY_H
#define APP_CHARTS_DEPENDENCY_H

#include "app/charts/work.h"
#include "base/map.h"
#include "core/helm/dependency_plan.h"
#include "core/helm/lock.h"

struct dependency_run {
    const struct work *work;
    const struct chart_dependencies *how;
    struct helm_chart *chart;
    struct helm_repositories known; /* repositories.yaml */
    struct map indexes; /* repository name -> struct helm_index *, read from the cache */
    struct str *names;  /* of the repository of each dependency of the chart */
};

/* A chart's folder on this machine. ERR_NOT_FOUND, ERR_INVALID. */
MUST_CHECK struct err *dependency_load_folder(const struct work *w, struct str folder,
                                              struct helm_chart **ret);
/* A packed chart in memory. */
MUST_CHECK struct err *dependency_load_archive(const struct work *w, struct str name,
                                               struct str bytes, struct helm_chart **ret);

/* There is a folder or file at `path`. ERR_NOT_FOUND: directory ... not found. */
MUST_CHECK struct err *dependency_check_path(const struct work *w, struct str path);

/* The cached index of a repository, read once a run. */
MUST_CHECK struct err *dependency_index(struct dependency_run *d, struct str name,
                                        const struct helm_index **ret);

/* Fetches the indexes of all known repositories, telling of each; what fails is told, not returned. */
MUST_CHECK struct err *dependency_refresh(struct dependency_run *d,
                                          const struct helm_repositories *all);

/* Chooses a version for each dependency. Fills `lock` but for its digest. */
MUST_CHECK struct err *dependency_resolve(struct dependency_run *d, struct helm_lock *lock);

/* Puts what `lock` names into charts/ and removes archives that it does not name. May fill in versions. */
MUST_CHECK struct err *dependency_save(struct dependency_run *d, struct helm_lock *lock);

#endif
