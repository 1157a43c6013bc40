/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/kustomize/generate.h - ConfigMaps and Secrets made from literals, files and env files, and their name hashes.
 */
#ifndef CORE_KUSTOMIZE_GENERATE_H
#define CORE_KUSTOMIZE_GENERATE_H

#include "core/kustomize/build.h"

enum kust_generator { KUST_CONFIG_MAP, KUST_SECRET };

/*
 * One entry of configMapGenerator or secretGenerator (validated), with the kustomization's generatorOptions (or NULL)
 * merged in. ERR_INVALID: no name, a source without a key, a key given twice; else what reading files says.
 */
MUST_CHECK struct err *kust_generate(struct kust_build *b, const struct kust_dir *dir,
                                     enum kust_generator kind, const struct val *args,
                                     const struct val *options, struct kust_resource **ret);

/* r, which merges with or replaces old, takes over old's name, labels, annotations, and data when it merges. */
void kust_generated_inherit(struct arena *a, const struct merge_schema *s, struct kust_resource *r,
                            const struct kust_resource *old);

/* Ten characters that depend on kind and data. ERR_UNSUPPORTED: other kinds than ConfigMap and Secret. */
MUST_CHECK struct err *kust_content_hash(struct arena *a, const struct kust_resource *r,
                                         struct str *ret);

struct kust_pair {
    struct str key;
    struct str value;
};

struct kust_pairs {
    struct kust_pair *items;
    size_t count;
    size_t cap;
};

/* Key and value of each env file line, literal and file, in that order. */
MUST_CHECK struct err *kust_pairs_load(struct kust_build *b, const struct kust_dir *dir,
                                       const struct val *args, struct kust_pairs *ret);

#endif
