/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/control/query.h - private to the queries: their parts, a file each.
 */
#ifndef APP_CONTROL_QUERY_H
#define APP_CONTROL_QUERY_H

#include "app/control/queries.h"
#include "base/vec.h"

struct found {
    const struct val **items;
    size_t count;
    size_t cap;
};

/* The object with kind and apiVersion. */
const struct val *query_complete(struct arena *a, const struct val *object, const struct gvk *gvk);

/* As in the port; `self` is a control_queries. */
struct err *query_events(void *self, struct run *r, const struct events_query *query,
                         struct objects *ret);
struct err *query_observe_events(void *self, struct run *r, const struct events_query *query,
                                 const struct observer *observer);
struct err *query_trace(void *self, struct run *r, const struct trace_query *query,
                        struct traces *ret);
struct err *query_count(void *self, struct run *r, struct str ns, struct kind_count *ret);
struct err *query_check(void *self, struct run *r, struct str ns, bool before,
                        struct findings *ret);
struct err *query_build(void *self, struct run *r, const struct build_query *query,
                        struct built *ret);
struct err *query_diff(void *self, struct run *r, const struct build_query *query,
                       struct changes *ret);

#endif
