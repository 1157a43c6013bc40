/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/kustomize/vars.h - `vars`: $(NAME) in certain fields becomes the value of a field of some object.
 */
#ifndef CORE_KUSTOMIZE_VARS_H
#define CORE_KUSTOMIZE_VARS_H

#include "core/kustomize/build.h"

struct kust_var {
    struct str name;
    struct str field_path;
    const struct val *value; /* once resolved */
};

struct kust_vars {
    struct arena *arena;
    struct map by_name; /* -> struct kust_var */
};

void kust_vars_init(struct kust_vars *vars, struct arena *a);

/*
 * Adds the `vars` of a kustomization and marks the object each one reads. ERR_INVALID: a name used twice, an
 * object that cannot be told from another.
 */
MUST_CHECK struct err *kust_vars_collect(struct kust_build *b, struct kust_vars *vars,
                                         const struct val *list, struct kust_resmap *m);

MUST_CHECK struct err *kust_vars_merge(struct kust_vars *into, const struct kust_vars *from);

/* Reads every var and replaces its uses. ERR_NOT_FOUND: an object or field that is not there. */
MUST_CHECK struct err *kust_vars_resolve(struct kust_build *b, struct kust_vars *vars,
                                         struct kust_resmap *m, const struct kust_config *config);

#endif
