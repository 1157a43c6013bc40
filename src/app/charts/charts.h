/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/charts/charts.h - ports/driving/charts.h over http, registries and the user's files, as helm 4.3 behaves.
 */
#ifndef APP_CHARTS_CHARTS_H
#define APP_CHARTS_CHARTS_H

#include "ports/driven/clock.h"
#include "ports/driven/files.h"
#include "ports/driven/http.h"
#include "ports/driven/process.h"
#include "ports/driven/registry.h"
#include "ports/driving/chart_registries.h"

struct chart_tools {
    struct http http;
    struct registry registry;
    struct files files;
    struct clock clock;
    struct process process;         /* runs the user's credential helpers, nothing else */
    const char *const *environment; /* of those: the user's */
};

/* `tools` is borrowed and outlives the port. */
struct charts charts_port(struct chart_tools *tools);
struct chart_registries chart_registries_port(struct chart_tools *tools);

#endif
