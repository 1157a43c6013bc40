/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/helm/value_sources.h - where each effective value of a chart was set.
 *
 * Asks the layers in the order in which Helm lets them win: flags and files of the user, then values.yaml of the chart, of its
 * sub-charts for what is below their names; a parent's `global` before a sub-chart's own. A list is one value.
 */
#ifndef CORE_HELM_VALUE_SOURCES_H
#define CORE_HELM_VALUE_SOURCES_H

#include "base/buf.h"
#include "core/helm/chart.h"

/* What the user gave: a file's documents, or what a flag alone makes. */
struct value_layer {
    struct str label;       /* of a flag: "--set a=1"; of a file: its name */
    const struct val *tree; /* with places, of a file; made, of a flag */
};

/*
 * One line a value: "image.tag: \"2.0\"  <- values.yaml:3:8" or "<- --set image.tag=2.0"; "<- import-values" for what came from a
 * sub-chart by that way. `layers` has the weakest first. The chart's dependencies are processed. ERR_TOO_LARGE: values within themselves.
 */
MUST_CHECK struct err *helm_value_sources(struct arena *a, const struct helm_chart *c,
                                          struct go_map *effective,
                                          const struct value_layer *layers, size_t count,
                                          struct buf *out);

/* The same, asked for single values. */
struct value_origins;
struct value_origins *value_origins_new(struct arena *a, const struct helm_chart *c,
                                        const struct value_layer *layers, size_t count);

/* "values.yaml:3:9" or "--set image.tag=2.0" of the value at a path from the chart's values; "": nothing sets it. */
struct str value_origin_of(const struct value_origins *o, const struct str *path, size_t depth);

#endif
