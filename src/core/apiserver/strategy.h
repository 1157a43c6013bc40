/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/apiserver/strategy.h - what a kind's strategy does to an object between defaulting and validation.
 *
 * status is dropped on create and kept on update of the main endpoint, the spec is kept on update of the status; generation
 * counts; some kinds get fields that only the server sets. Source of truth: kubernetes pkg/registry strategies (1.35).
 */
#ifndef CORE_APISERVER_STRATEGY_H
#define CORE_APISERVER_STRATEGY_H

#include "core/apiserver/prepare.h"

/* Comma-separated paths that an endpoint resets, for managed fields. */
struct str strategy_reset_fields(const struct api_resource *r, struct str subresource);

/* uid, creationTimestamp, generation and status of a new object, and what its kind gets. */
MUST_CHECK struct err *strategy_create(struct arena *a, const struct prepare_call *call,
                                       const struct val *object, const struct val **ret);

/* The new object of an update through the main endpoint or a subresource. */
MUST_CHECK struct err *strategy_update(struct arena *a, const struct prepare_call *call,
                                       const struct val *live, const struct val *object,
                                       const struct val **ret);

/* Cluster IPs, families and node ports of a Service; `live` NULL on create. ERR 422: taken or out of range. */
MUST_CHECK struct err *service_allocate(struct arena *a, const struct prepare_call *call,
                                        const struct val *live, const struct val *object,
                                        const struct val **ret);

/* Guaranteed, Burstable or BestEffort. */
struct str pod_qos_class(struct arena *a, const struct val *pod);

#endif
