/* SPDX-License-Identifier: Apache-2.0 */
/*
 * adapters/log_json/log_json.h - log lines as JSON, one object a line, on a file descriptor.
 *
 * Each line is one write(2), so lines of several threads and of child processes never mix. Field names are those of
 * Flux' controllers ("level", "ts", "msg", "controller", ...). A descriptor that fails is ignored: logging
 * never stops the work.
 */
#ifndef ADAPTERS_LOG_JSON_LOG_JSON_H
#define ADAPTERS_LOG_JSON_LOG_JSON_H

#include "ports/driven/clock.h"
#include "ports/driven/log.h"

struct log_json {
    int fd;               /* borrowed */
    enum log_level level; /* lines below are dropped */
    struct clock clock;
};

/* `l` is borrowed and outlives every call. */
struct log log_json_port(struct log_json *l);

#endif
