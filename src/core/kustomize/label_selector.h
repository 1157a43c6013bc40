/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/kustomize/label_selector.h - Kubernetes selector strings: "a=b,c!=d,e in (x, y),f notin (z),g,!h,i>1".
 *
 * Source of truth: apimachinery's labels.Parse.
 */
#ifndef CORE_KUSTOMIZE_LABEL_SELECTOR_H
#define CORE_KUSTOMIZE_LABEL_SELECTOR_H

#include "base/err.h"
#include "value/val.h"

enum kust_label_op {
    LABEL_IN,
    LABEL_NOT_IN,
    LABEL_EXISTS,
    LABEL_ABSENT,
    LABEL_GREATER,
    LABEL_LESS
};

struct kust_label_rule {
    struct str key;
    enum kust_label_op op;
    const struct str *values;
    size_t value_count;
};

struct kust_labels {
    struct kust_label_rule *items;
    size_t count;
    size_t cap;
};

/* "" gives no rules, which match everything. ERR_INVALID: not a selector. */
MUST_CHECK struct err *kust_labels_parse(struct arena *a, struct str text, struct kust_labels *ret);

/* `map`: labels or annotations; NULL is none. */
bool kust_labels_match(struct arena *a, const struct kust_labels *rules, const struct val *map);

#endif
