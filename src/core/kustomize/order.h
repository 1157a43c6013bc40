/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/kustomize/order.h - sortOptions: the order in which objects are printed.
 *
 * fifo is load order. legacy puts some kinds first and some last, and sorts the rest by group, version, kind,
 * namespace and name.
 */
#ifndef CORE_KUSTOMIZE_ORDER_H
#define CORE_KUSTOMIZE_ORDER_H

#include "core/kustomize/resmap.h"

struct kust_order {
    const struct str *first;
    size_t first_count;
    const struct str *last;
    size_t last_count;
};

extern const struct kust_order kust_order_default;

/* Negative for kinds that come first, positive for those at the end, 0 for the rest. */
int kust_order_rank(const struct kust_order *order, struct str kind);

/* Sorts; linear in the objects times their logarithm. */
void kust_order_apply(struct kust_resmap *m, const struct kust_order *order);

/* From a kustomization's sortOptions (validated). *ret_legacy false: load order. ERR_INVALID. */
MUST_CHECK struct err *kust_order_read(struct arena *a, const struct val *sort_options,
                                       bool *ret_legacy, struct kust_order *ret);

#endif
