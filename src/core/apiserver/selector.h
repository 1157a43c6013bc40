/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/apiserver/selector.h - label and field selectors: parsing, matching, kube's error texts.
 *
 * Source of truth: apimachinery pkg/labels, pkg/fields; which fields a kind supports: kubernetes pkg/registry and
 * pkg/apis/.../conversion.go (1.35).
 */
#ifndef CORE_APISERVER_SELECTOR_H
#define CORE_APISERVER_SELECTOR_H

#include "core/apiserver/status.h"

enum selector_op {
    SELECTOR_IN,     /* also "=" */
    SELECTOR_NOT_IN, /* also "!=": matches where the key is absent */
    SELECTOR_EXISTS,
    SELECTOR_NOT_EXISTS,
    SELECTOR_GREATER,
    SELECTOR_LESS,
};

struct selector_term {
    struct str key;
    enum selector_op op;
    const struct str *values;
    size_t value_count;
};

struct selector {
    const struct selector_term *terms; /* all must hold; none: everything matches */
    size_t count;
};

/* Query values labelSelector and fieldSelector; "" matches all. ERR 400 with kube's text. */
MUST_CHECK struct err *label_selector_parse(struct arena *a, struct str text, struct selector *ret);
MUST_CHECK struct err *field_selector_parse(struct arena *a, const struct api_resource *r,
                                            struct str text, struct selector *ret);

/* A LabelSelector object (matchLabels, matchExpressions); NULL matches nothing, empty all. */
MUST_CHECK struct err *label_selector_of(struct arena *a, const struct val *label_selector,
                                         struct selector *ret);

bool label_selector_matches(const struct selector *s,
                            const struct val *object); /* metadata.labels */
bool selector_matches_labels(const struct selector *s, const struct val *labels);
bool field_selector_matches(struct arena *a, const struct api_resource *r, const struct selector *s,
                            const struct val *object);

/* metadata.name the selector demands by "=", for a direct read; false: none. */
bool field_selector_name(const struct selector *s, struct str *ret);

/* Text of a LabelSelector as kube prints it: "a=b,c in (d,e)"; scale.status.selector, table cells. */
struct str label_selector_format(struct arena *a, const struct val *label_selector);

#endif
