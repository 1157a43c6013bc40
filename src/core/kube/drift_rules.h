/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/kube/drift_rules.h - fields that others may set without that being drift: a Kustomization's spec.ignore.
 *
 * A rule has JSON pointers and a target: group, version, kind, name and namespace are regular expressions for the whole
 * text, labelSelector and annotationSelector are selector strings; what is left out matches everything. Source of truth:
 * fluxcd/pkg ssa 0.76, jsondiff.CompileIgnoreRules and manager_apply.go. Every rule counts, also several without a target.
 */
#ifndef CORE_KUBE_DRIFT_RULES_H
#define CORE_KUBE_DRIFT_RULES_H

#include "base/err.h"
#include "value/val.h"

struct drift_rules;

/* `rules`: spec.ignore; NULL or empty: *ret is NULL, which ignores nothing. ERR_INVALID: a pattern, selector or pointer. */
MUST_CHECK struct err *drift_rules_parse(struct arena *a, const struct val *rules,
                                         const struct drift_rules **ret);

/* As drift_between, without the ignored fields. Targets are held against the dry run's answer. */
bool drift_rules_differ(struct arena *a, const struct drift_rules *rules, const struct val *live,
                        const struct val *dry_run);

/* `object` without the fields that are ignored in `target` (the dry run's answer, or the object itself); rules are not NULL. */
const struct val *drift_rules_strip(struct arena *a, const struct drift_rules *rules,
                                    const struct val *target, const struct val *object);

/*
 * What is to be sent instead of `desired` where other fields have drifted: an ignored field that differs is left out where
 * another manager than `manager` applied it, and else has the live object's value, so that nothing is put back.
 */
const struct val *drift_rules_resolve(struct arena *a, const struct drift_rules *rules,
                                      const struct val *live, const struct val *dry_run,
                                      const struct val *desired, struct str manager);

#endif
