/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/kustomize/selector.h - targets of patches and replacements.
 *
 * group, version, kind, name and namespace are regular expressions for the whole text; label and annotation
 * selectors are Kubernetes selector strings. Empty parts match everything. Name and namespace may be those the
 * object has or those it had first.
 */
#ifndef CORE_KUSTOMIZE_SELECTOR_H
#define CORE_KUSTOMIZE_SELECTOR_H

#include "core/kustomize/resource.h"

struct kust_selector;

/*
 * From {group, version, kind, name, namespace, labelSelector, annotationSelector}; NULL or {} matches all.
 * ERR_INVALID: a pattern is no regular expression. A selector string that cannot be read is an error only where an
 * object is held against it, as in kustomize.
 */
MUST_CHECK struct err *kust_selector_new(struct arena *a, const struct val *selector,
                                         struct kust_selector **ret);

/* How much work one match may be, for kust_spend. */
size_t kust_selector_steps(const struct kust_selector *s);

/* ERR_INVALID: a selector string cannot be read. */
MUST_CHECK struct err *kust_selector_matches(struct arena *a, const struct kust_selector *s,
                                             const struct kust_resource *r, bool *ret);

/* The parts, for replacements, which combine them otherwise. */
bool kust_selector_matches_id(const struct kust_selector *s, const struct kust_id *id);
MUST_CHECK struct err *kust_selector_matches_metadata(struct arena *a,
                                                      const struct kust_selector *s,
                                                      const struct kust_resource *r, bool *ret);
bool kust_selector_has_id(const struct kust_selector *s);       /* any of the five is given */
bool kust_selector_has_metadata(const struct kust_selector *s); /* a selector string is given */

#endif
