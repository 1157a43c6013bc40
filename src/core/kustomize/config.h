/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/kustomize/config.h - which fields each transformer touches: the defaults, and what `configurations:` adds.
 *
 * The defaults are a constant table (tables/config_table.c). A configuration is merged into a copy; it holds for
 * the kustomization that names it and for those that include that one. Lists are kept in kustomize's order of
 * kinds, which decides the order in which references are followed.
 */
#ifndef CORE_KUSTOMIZE_CONFIG_H
#define CORE_KUSTOMIZE_CONFIG_H

#include "core/kustomize/fieldspec.h"

/* Objects of kind `target` are named in these fields of others. */
struct kust_name_reference {
    struct kust_gvk target;
    struct kust_fieldspecs fields;
};

struct kust_config {
    struct kust_fieldspecs name_prefix;
    struct kust_fieldspecs name_suffix;
    struct kust_fieldspecs namespace;
    struct kust_fieldspecs common_labels;   /* selectors, templates and metadata */
    struct kust_fieldspecs labels;          /* always, for `labels:`; empty by default */
    struct kust_fieldspecs template_labels; /* templates and metadata */
    struct kust_fieldspecs claim_labels;    /* volume claim templates */
    struct kust_fieldspecs common_annotations;
    struct kust_fieldspecs images;
    struct kust_fieldspecs replicas;
    struct kust_fieldspecs var_reference;
    const struct kust_name_reference *name_references;
    size_t name_reference_count;
};

extern const struct kust_config kust_config_default;
extern const struct kust_config kust_config_empty;

/*
 * into becomes both together; `into` and `more` may be the default or empty. The order matters: an entry for all kinds
 * is dropped behind one for a single kind. ERR_INVALID: field specs that conflict; ERR_TOO_LARGE: more than
 * LIMIT_KUSTOMIZE_CONFIG_ENTRIES.
 */
MUST_CHECK struct err *kust_config_merge(struct arena *a, const struct kust_config **into,
                                         const struct kust_config *more);

/* How much work that is, for kust_spend. */
size_t kust_config_merge_steps(const struct kust_config *into, const struct kust_config *more);

/* A document of `configurations:`. ERR_INVALID names the field that is wrong. */
MUST_CHECK struct err *kust_config_read(struct arena *a, const struct val *document,
                                        struct kust_config *ret);

/* One list of field specs: [{path, group, version, kind, create}]. */
MUST_CHECK struct err *kust_fieldspecs_read(struct arena *a, const struct val *list,
                                            struct kust_fieldspecs *ret);

/* Order of kinds in which kustomize sorts: Namespace first, webhooks last. Negative, 0, positive. */
int kust_gvk_order(const struct kust_gvk *a, const struct kust_gvk *b);

#endif
