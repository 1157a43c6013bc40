/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/kustomize/field_edit.h - changes every value that a path of a replacement's target names.
 *
 * Paths as in field_path.h; the value of "[key=value]" is a regular expression here. With `create`, missing
 * fields and items are made on the way.
 */
#ifndef CORE_KUSTOMIZE_FIELD_EDIT_H
#define CORE_KUSTOMIZE_FIELD_EDIT_H

#include "core/kustomize/field_path.h"

struct kust_field_edit {
    struct arena *arena;
    const struct val
        *create; /* NULL: missing fields are not made; else what a made one starts as */
    /* *ret is what takes the place of `old`. */
    struct err *(*set)(const struct kust_field_edit *edit, const struct val *old,
                       const struct val **ret);
    void *context;
    size_t matches; /* fields that were given to `set` */
    size_t visited; /* values and list items looked at */
};

/* ERR_INVALID: the path goes through something else than it says, or what `set` returns. */
MUST_CHECK struct err *kust_field_edit(struct kust_field_edit *edit, const struct kust_strs *path,
                                       const struct val *v, const struct val **ret);

#endif
