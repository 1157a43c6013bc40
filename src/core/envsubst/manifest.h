/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/envsubst/manifest.h - post-build substitution: the variables of a Kustomization expanded in one object.
 *
 * The object is printed as YAML, expanded as one text, and read again, so a value may change its type. Source of truth:
 * fluxcd/pkg kustomize 1.44, kustomize_varsub.go.
 */
#ifndef CORE_ENVSUBST_MANIFEST_H
#define CORE_ENVSUBST_MANIFEST_H

#include "base/map.h"
#include "core/envsubst/envsubst.h"
#include "value/val.h"

struct substitution {
    struct arena *arena;
    struct map values;   /* name to struct str, newlines removed */
    bool always;         /* spec.postBuild.substituteStrategy: Always */
    bool strict;         /* an unset variable without a default fails */
    struct str *secrets; /* values that came from Secrets, for masking */
    size_t secret_count;
    size_t secret_cap;
};

void substitution_init(struct substitution *s, struct arena *a);

/* Later ones win. The value is copied without its newlines; `is_secret` remembers it for substitution_mask. */
void substitution_set(struct substitution *s, struct str name, struct str value, bool is_secret);

/* Names of variables that may not be: ERR_INVALID. */
MUST_CHECK struct err *substitution_check(const struct substitution *s);

/*
 * *ret: the object expanded; the same one when its label or annotation kustomize.toolkit.fluxcd.io/substitute says disabled, or when
 * there is nothing to do. ERR_INVALID names the object.
 */
MUST_CHECK struct err *substitution_apply(const struct substitution *s, struct arena *a,
                                          const struct val *object, const struct val **ret);

/* The text with every secret value replaced by "*****", as Flux does. */
struct str substitution_mask(const struct substitution *s, struct arena *a, struct str text);

#endif
