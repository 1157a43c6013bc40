/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/kustomize/flux.h - a build as Flux' kustomize-controller does it.
 *
 * A folder without a kustomization gets one with all its manifests; then the fields of the Kustomization's spec are merged
 * in (targetNamespace, namePrefix, nameSuffix, patches, images, components, buildMetadata); objects stay in load
 * order. Not here: decryption, substitution, commonMetadata (its function is below), owner labels. Source of truth:
 * fluxcd/pkg kustomize (generator), kustomize-controller 1.9.
 */
#ifndef CORE_KUSTOMIZE_FLUX_H
#define CORE_KUSTOMIZE_FLUX_H

#include "core/kustomize/kustomize.h"

struct flux_build {
    const struct val *spec;       /* of the Kustomization; NULL: none, the folder alone */
    struct str label;             /* how messages name the folder; "": its path in the tree */
    bool machine_root;            /* as in kustomize_options */
    struct kustomize_fetch fetch; /* zero: remote bases are refused (--no-remote-bases) */
    /* Manifests to leave out of a generated kustomization; the path is from the folder. NULL: none. */
    bool (*is_ignored)(void *self, struct str path);
    void *ignore_self;
};

/*
 * Builds the folder `path` of the tree. Errors as kustomize_build; ERR_INVALID also for a manifest of a generated
 * kustomization that is no Kubernetes YAML, and a component that is not local and relative.
 */
MUST_CHECK struct err *flux_build(struct arena *a, const struct flux_build *build,
                                  const struct tree *tree, struct str path,
                                  struct kustomize_result *ret);

/*
 * The kustomization that flux_build uses: the folder's own or a generated one, with the spec merged in. *ret_name is
 * its file name ("kustomization.yaml" for a generated one).
 */
MUST_CHECK struct err *flux_kustomization(struct arena *a, const struct flux_build *build,
                                          const struct tree *tree, struct str path,
                                          const struct val **ret, struct str *ret_name);

/* An object with commonMetadata's labels and annotations, which win over its own. */
const struct val *flux_common_metadata(struct arena *a, const struct val *object,
                                       const struct val *common_metadata);

#endif
