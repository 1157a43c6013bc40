/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/kustomize/image_name.h - container image references as `images:` sees them.
 */
#ifndef CORE_KUSTOMIZE_IMAGE_NAME_H
#define CORE_KUSTOMIZE_IMAGE_NAME_H

#include "base/str.h"

struct image_name {
    struct str name;
    struct str tag;    /* "" where there is none */
    struct str digest; /* with its algorithm: sha256:... */
};

/* Splits after the first "/", so that a registry's port is no tag. */
struct image_name image_name_split(struct str image);

/*
 * How `images[].name` finds images: the name, which is a regular expression, then perhaps :tag and @algorithm:digest.
 * Names without special characters cost no regular expression; one that is no expression matches nothing.
 */
struct image_matcher;
struct image_matcher *image_matcher_new(struct arena *a, struct str name);
bool image_matcher_matches(const struct image_matcher *m, struct str image);

#endif
