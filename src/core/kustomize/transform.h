/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/kustomize/transform.h - the transformers: each changes the objects of one accumulator in one way.
 *
 * One file each (transform_*.c). Arguments are validated values of the kustomization (spec.h) or of a builtin plugin's
 * configuration, which has the same fields. All are linear in the objects.
 */
#ifndef CORE_KUSTOMIZE_TRANSFORM_H
#define CORE_KUSTOMIZE_TRANSFORM_H

#include "core/kustomize/build.h"

/* Applies an edit at the field specs to one resource, and brings its id up to date. */
MUST_CHECK struct err *kust_transform_one(struct kust_build *b, const struct kust_edit *edit,
                                          struct kust_fieldspecs specs, struct kust_resource *r);

enum kust_subjects { KUST_SUBJECTS_DEFAULT, KUST_SUBJECTS_ALL, KUST_SUBJECTS_NONE };

struct kust_namespace {
    struct str ns;
    struct kust_fieldspecs specs;
    enum kust_subjects
        subjects; /* of role bindings: those named default, all service accounts, none */
    bool unset_only;
};
MUST_CHECK struct err *kust_transform_namespace(struct kust_build *b, struct kust_resmap *m,
                                                const struct kust_namespace *args);

MUST_CHECK struct err *kust_transform_prefix(struct kust_build *b, struct kust_resmap *m,
                                             struct str prefix, struct kust_fieldspecs specs);
MUST_CHECK struct err *kust_transform_suffix(struct kust_build *b, struct kust_resmap *m,
                                             struct str suffix, struct kust_fieldspecs specs);
/* Appends the hash of their content to the names of generated objects. */
MUST_CHECK struct err *kust_transform_hash(struct kust_build *b, struct kust_resmap *m);

/* Sets keys of a map of strings: labels and annotations. */
MUST_CHECK struct err *kust_transform_pairs(struct kust_build *b, struct kust_resmap *m,
                                            const struct val *pairs, struct kust_fieldspecs specs);

MUST_CHECK struct err *kust_transform_image(struct kust_build *b, struct kust_resmap *m,
                                            const struct val *image, struct kust_fieldspecs specs);

MUST_CHECK struct err *kust_transform_replicas(struct kust_build *b, struct kust_resmap *m,
                                               const struct val *replica,
                                               struct kust_fieldspecs specs);

/* One entry of `patches`. */
MUST_CHECK struct err *kust_transform_patch(struct kust_build *b, const struct kust_dir *dir,
                                            struct kust_resmap *m, const struct val *patch);
/* All of patchesStrategicMerge: file names or texts. `inline_text` "": none besides the list. */
MUST_CHECK struct err *kust_transform_patches_strategic(struct kust_build *b,
                                                        const struct kust_dir *dir,
                                                        struct kust_resmap *m,
                                                        const struct val *paths,
                                                        struct str inline_text);
/* One entry of patchesJson6902. */
MUST_CHECK struct err *kust_transform_patch_json(struct kust_build *b, const struct kust_dir *dir,
                                                 struct kust_resmap *m, const struct val *patch);

/* All of `replacements`. */
MUST_CHECK struct err *kust_transform_replacements(struct kust_build *b, const struct kust_dir *dir,
                                                   struct kust_resmap *m, const struct val *list);

/* ValueAddTransformer's configuration: {value, targets: [{selector, fieldPath}]}. */
MUST_CHECK struct err *kust_transform_value_add(struct kust_build *b, const struct kust_dir *dir,
                                                struct kust_resmap *m, const struct val *config);

/* Updates the fields that name objects which were renamed. */
MUST_CHECK struct err *kust_transform_references(struct kust_build *b, struct kust_resmap *m,
                                                 const struct kust_config *config);

#endif
