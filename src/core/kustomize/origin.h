/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/kustomize/origin.h - buildMetadata: where objects came from and what changed them, as annotations.
 */
#ifndef CORE_KUSTOMIZE_ORIGIN_H
#define CORE_KUSTOMIZE_ORIGIN_H

#include "core/kustomize/build.h"

/* base/path with "." and ".." taken out where that is possible, as Go's filepath.Join has it. */
struct str kust_origin_join(struct arena *a, struct str base, struct str path);

/* Objects of a file that dir's kustomization names. */
void kust_origin_file(const struct kust_build *b, const struct kust_dir *dir, struct str path,
                      const struct kust_resources *list);

/* Origin of what a builtin of this kind makes or changes for dir's kustomization. */
struct kust_origin kust_origin_builtin(const struct kust_build *b, const struct kust_dir *dir,
                                       struct str kind);

/* Origin of what the plugin that `config` configures makes or changes. */
struct kust_origin kust_origin_plugin(const struct kust_resource *config);

/* Every object was changed by `by`; those without an origin were made by it. No-op unless origins are tracked. */
void kust_origin_transformed(const struct kust_build *b, const struct kust_resmap *m,
                             const struct kust_origin *by);

/* Writes the annotations config.kubernetes.io/origin and alpha.config.kubernetes.io/transformations. */
void kust_origin_annotate(struct arena *a, struct kust_resource *r, bool origins,
                          bool transformations);

#endif
