/* SPDX-License-Identifier: Apache-2.0 */
/*
 * adapters/metrics_text/metrics_text.h - ports/driven/metrics.h in memory, printed as Prometheus' text format 0.0.4.
 */
#ifndef ADAPTERS_METRICS_TEXT_METRICS_TEXT_H
#define ADAPTERS_METRICS_TEXT_METRICS_TEXT_H

#include "base/buf.h"
#include "ports/driven/metrics.h"

struct metrics_text;

struct metrics_text *metrics_text_new(void);
void metrics_text_free(struct metrics_text *m);
struct metrics metrics_text_port(struct metrics_text *m);

/* Appends every series. Any thread. */
void metrics_text_print(struct metrics_text *m, struct buf *out);

#endif
