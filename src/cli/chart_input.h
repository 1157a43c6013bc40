/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/chart_input.h - the chart and the values that a helm command was given.
 */
#ifndef CLI_CHART_INPUT_H
#define CLI_CHART_INPUT_H

#include "cli/command.h"
#include "core/helm/chart.h"

/* A chart's folder or packed chart. ERR_UNSUPPORTED: a repository or registry, by name. */
MUST_CHECK struct err *chart_input_load(const struct cli *cli, struct str chart,
                                        struct helm_chart **ret);

/* -f files in order, then --set-json, --set, --set-string, --set-file, --set-literal, as Helm merges them. */
MUST_CHECK struct err *chart_input_values(const struct cli *cli, const struct invocation *in,
                                          struct go_map **ret);

#endif
