/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/helm/package.h - a chart as the tree that its archive holds.
 */
#ifndef CORE_HELM_PACKAGE_H
#define CORE_HELM_PACKAGE_H

#include "core/helm/chart.h"

struct helm_package_options {
    struct str version;     /* "": the chart's own */
    struct str app_version; /* "": the chart's own */
    bool keeps_missing;     /* dependencies that are not in charts/ are no error */
};

/*
 * One folder with the chart's name and in it its files, those of .helmignore left out, Chart.yaml as helm writes it,
 * sub-charts as folders.
 * *ret_file is the archive's name, NAME-VERSION.tgz. ERR_INVALID: a version, or dependencies that are not in charts/. The
 * tree lives in the arena and borrows the chart.
 */
MUST_CHECK struct err *helm_package(struct arena *a, const struct helm_chart *c,
                                    const struct helm_package_options *options,
                                    struct tree *ret_tree, struct str *ret_file);

#endif
