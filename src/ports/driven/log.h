/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ports/driven/log.h - one line of log with named fields. Only app logs; core and adapters return.
 * Thread-safe. Implementation: adapters/log_json.
 */
#ifndef PORTS_DRIVEN_LOG_H
#define PORTS_DRIVEN_LOG_H

#include "base/str.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_ERROR };

/* The fixed table of field names (docs/reference/logs.md). An empty value leaves the field out. */
struct log_fields {
    struct str controller; /* kustomization */
    struct str kind;       /* Kustomization */
    struct str ns;
    struct str name;
    struct str revision;
    struct str reason;
    struct str error;
    int64_t duration_ms; /* 0: left out */
};

struct log {
    void (*write)(void *self, enum log_level level, struct str message,
                  const struct log_fields *fields);
    void *self;
};

static inline void log_write(const struct log *l, enum log_level level, struct str message,
                             const struct log_fields *fields)
{
    l->write(l->self, level, message, fields);
}

#endif
