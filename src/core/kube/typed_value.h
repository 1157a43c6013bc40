/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/kube/typed_value.h - a tree seen through its schema: the four operations of structured-merge-diff.
 *
 * Values are borrowed; results share them. A NULL value is an absent one, val_null an explicit null. Depth is bounded
 * by the readers' LIMIT_TREE_DEPTH. Source of truth: structured-merge-diff v6, typed.
 */
#ifndef CORE_KUBE_TYPED_VALUE_H
#define CORE_KUBE_TYPED_VALUE_H

#include "core/kube/field_set.h"

/* What a value is to its schema. ANY decides by the value; a null there counts as a map. */
enum typed_atom { ATOM_SCALAR, ATOM_LIST, ATOM_MAP };
enum typed_atom typed_atom_of(const struct schema *type, const struct val *v);

/* Owned as a whole. */
bool typed_is_atomic(const struct schema *type, enum typed_atom atom);
const struct schema *typed_elem(const struct schema *type);
/* Type of a map's value; NULL: the field is not declared. */
const struct schema *typed_field(const struct schema *type, struct str name);
extern const struct schema typed_any;

/* Identity of a list element. The error text has no path. */
MUST_CHECK struct err *typed_element(struct arena *a, const struct schema *list,
                                     const struct val *item, struct path_element *ret);

/* ERR_INVALID with the texts of structured-merge-diff, path first. */
MUST_CHECK struct err *typed_validate(struct arena *a, const struct schema *type,
                                      const struct val *v, bool allow_duplicates);

/* Every field that is set. */
const struct field_set *typed_fields(struct arena *a, const struct schema *type,
                                     const struct val *v);

/* rhs laid over lhs. */
const struct val *typed_merge(struct arena *a, const struct schema *type, const struct val *lhs,
                              const struct val *rhs);

struct typed_comparison {
    const struct field_set *removed;
    const struct field_set *modified;
    const struct field_set *added;
};
struct typed_comparison typed_compare(struct arena *a, const struct schema *type,
                                      const struct val *lhs, const struct val *rhs);

/* The value without the items; NULL when nothing is left. */
const struct val *typed_remove(struct arena *a, const struct schema *type, const struct val *v,
                               const struct field_set *items);

/* What the schema made atomic since the set was written is owned as a whole; `s` itself when nothing changes. */
const struct field_set *typed_reconcile(struct arena *a, const struct schema *type,
                                        const struct field_set *s);

#endif
