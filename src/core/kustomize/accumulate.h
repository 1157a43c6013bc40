/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/kustomize/accumulate.h - a kustomization and all that it includes, turned into objects.
 *
 * Order, as in the peer: resources, configurations, generators, components, transformers, vars. Name hashes,
 * references and vars are resolved once, at the end, by kustomize_build.
 */
#ifndef CORE_KUSTOMIZE_ACCUMULATE_H
#define CORE_KUSTOMIZE_ACCUMULATE_H

#include "core/kustomize/spec.h"
#include "core/kustomize/vars.h"

struct kust_accum {
    struct kust_resmap map;
    const struct kust_config *config;
    struct kust_vars vars;
};

void kust_accum_init(struct kust_accum *acc, struct kust_build *b);

/*
 * Adds everything of dir's kustomization to acc (a component's: to the one that includes it). What is wrong is reported
 * to b; an error that is returned ends the build. The same holds for all below.
 */
MUST_CHECK struct err *kust_accumulate(struct kust_build *b, const struct kust_dir *dir,
                                       const struct kust_spec *spec, struct kust_accum *acc);

/* The paths of a list field: files with objects, or folders with kustomizations. */
MUST_CHECK struct err *kust_accumulate_resources(struct kust_build *b, const struct kust_dir *dir,
                                                 const char *field, const struct val *paths,
                                                 struct kust_accum *acc);

/* The kustomization's own transformers, in the peer's order, then those of `transformers`. */
MUST_CHECK struct err *kust_run_transformers(struct kust_build *b, const struct kust_dir *dir,
                                             const struct kust_spec *spec, struct kust_accum *acc);
MUST_CHECK struct err *kust_run_generators(struct kust_build *b, const struct kust_dir *dir,
                                           const struct kust_spec *spec, struct kust_accum *acc);

/* Reads the patches of a kustomization whose objects are not all there, for what is wrong with their texts. */
MUST_CHECK struct err *kust_check_patches(struct kust_build *b, const struct kust_dir *dir,
                                          const struct kust_spec *spec);

/* The builtin plugins that a list field of the kustomization names, inline or by path. */
enum kust_plugin_kind { KUST_GENERATORS, KUST_TRANSFORMERS, KUST_VALIDATORS };
MUST_CHECK struct err *kust_run_plugins(struct kust_build *b, const struct kust_dir *dir,
                                        const char *field, const struct val *spec,
                                        enum kust_plugin_kind kind, struct kust_accum *acc);

#endif
