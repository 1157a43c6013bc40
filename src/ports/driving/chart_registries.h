/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ports/driving/chart_registries.h - what helm's commands do to registries: put charts there, keep credentials for them.
 *
 * Calls block. What they tell on their way goes to the request's report at once. Implementation: app/charts.
 */
#ifndef PORTS_DRIVING_CHART_REGISTRIES_H
#define PORTS_DRIVING_CHART_REGISTRIES_H

#include "ports/driving/charts.h"

struct chart_registries_ops {
    /* A packed chart, with its .prov file where there is one, to "oci://registry/repository". */
    struct err *(*push)(void *self, struct run *r, const struct chart_request *request,
                        struct str file, struct str remote);
    /* Keeps request->access for a registry that takes it. ERR_UNAUTHORIZED. */
    struct err *(*login)(void *self, struct run *r, const struct chart_request *request,
                         struct str host);
    struct err *(*logout)(void *self, struct run *r, const struct chart_request *request,
                          struct str host);
};

struct chart_registries {
    const struct chart_registries_ops *ops; /* no entry is NULL */
    void *self;
};

#endif
