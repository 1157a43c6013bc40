/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/kustomize/merge_walk.h - what merge.c and merge_list.c share: one merge of two values, by place in the schema.
 */
#ifndef CORE_KUSTOMIZE_MERGE_WALK_H
#define CORE_KUSTOMIZE_MERGE_WALK_H

#include "core/kustomize/merge_schema.h"

struct merge_walk {
    struct arena *arena;
    const struct merge_schema *schema;
    size_t *steps; /* left */
};

struct merge_pair {
    const struct val *target;        /* NULL: missing */
    const struct val *patch;         /* NULL: missing */
    const struct merge_type *type;   /* of a map, or of a list's items; NULL: not in the schema */
    const struct merge_field *field; /* that holds the value; NULL: none, or an item of a list */
    bool in_schema; /* below a known kind: an embedded object's own kind is not looked up */
};

struct merge_result {
    const struct val *value; /* NULL: removed */
    bool from_patch;         /* the patch's value took the place; the target's own was left alone */
};

MUST_CHECK struct err *merge_walk_value(const struct merge_walk *w, const struct merge_pair *pair,
                                        struct merge_result *ret);
MUST_CHECK struct err *merge_walk_list(const struct merge_walk *w, const struct merge_pair *pair,
                                       struct merge_result *ret);

enum merge_directive { MERGE_MERGE, MERGE_REPLACE, MERGE_DELETE };

/* Reads `$patch: x`. ERR_INVALID: another word. */
MUST_CHECK struct err *merge_directive_read(struct arena *a, const struct val *at,
                                            enum merge_directive *ret);

#endif
