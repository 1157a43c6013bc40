/* SPDX-License-Identifier: Apache-2.0 */
/* main/chart_stack.h - what commands fetch charts with: http, registries, the user's files. */
#ifndef MAIN_CHART_STACK_H
#define MAIN_CHART_STACK_H

#include "app/charts/charts.h"

struct chart_stack {
    struct chart_tools tools;
};

/* `stack` is filled, and outlives the port. Nothing is opened yet. */
struct charts chart_stack_open(struct chart_stack *stack);

#endif
