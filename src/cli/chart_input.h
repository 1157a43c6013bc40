/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/chart_input.h - the chart and the values that a helm command was given.
 */
#ifndef CLI_CHART_INPUT_H
#define CLI_CHART_INPUT_H

#include "cli/command.h"
#include "core/helm/chart.h"
#include "core/helm/value_sources.h"

/* Where a chart is, before it is read. */
struct chart_place {
    struct tree tree;
    struct str path;     /* the chart's folder in the tree */
    struct str absolute; /* the same on this machine; the file of a packed chart */
    struct helm_archives archives;
};

bool chart_input_is_packed(struct str chart); /* by its name */

/* As chart_input_load, which reads what is there. */
MUST_CHECK struct err *chart_input_place(const struct cli *cli, struct str chart,
                                         struct chart_place *ret);

/* A chart's folder or packed chart. ERR_UNSUPPORTED: a repository or registry, by name. */
MUST_CHECK struct err *chart_input_load(const struct cli *cli, struct str chart,
                                        struct helm_chart **ret);

/*
 * As chart_input_load, of a chart that may also be one of a repository or registry, as `helm template` takes it: with --repo, by
 * URL, oci://... or REPOSITORY/NAME where no file has that name. It is fetched into helm's content cache. With
 * --dependency-update, what is missing in charts/ is fetched too.
 */
MUST_CHECK struct err *chart_input_fetch(const struct cli *cli, const struct invocation *in,
                                         struct str chart, struct helm_chart **ret);

/* -f files in order, then --set-json, --set, --set-string, --set-file, --set-literal, as Helm merges them. */
MUST_CHECK struct err *chart_input_values(const struct cli *cli, const struct invocation *in,
                                          struct go_map **ret);

struct value_layers {
    struct value_layer *items;
    size_t count;
    size_t cap;
};

/* The same, each by itself, in the order in which they are applied. Standard input is read again, so it has to be a file. */
MUST_CHECK struct err *chart_input_layers(const struct cli *cli, const struct invocation *in,
                                          struct value_layers *ret);

#endif
