/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/api/flux_kinds.h - every kind that Flux 2.9 has, whether weir reconciles it or not: what tools list, count and name.
 *
 * The kinds that weir serves, with their schemas, are in core/api/kind.h.
 */
#ifndef CORE_API_FLUX_KINDS_H
#define CORE_API_FLUX_KINDS_H

#include "core/kube/obj_ref.h"

/* In the order in which `get all` shows them. */
enum flux_kind_id {
    FLUX_OCI_REPOSITORY,
    FLUX_BUCKET,
    FLUX_GIT_REPOSITORY,
    FLUX_HELM_REPOSITORY,
    FLUX_HELM_CHART,
    FLUX_EXTERNAL_ARTIFACT,
    FLUX_IMAGE_REPOSITORY,
    FLUX_IMAGE_POLICY,
    FLUX_IMAGE_UPDATE_AUTOMATION,
    FLUX_HELM_RELEASE,
    FLUX_KUSTOMIZATION,
    FLUX_RECEIVER,
    FLUX_PROVIDER,
    FLUX_ALERT,
    FLUX_ARTIFACT_GENERATOR,
    FLUX_KIND_COUNT
};

struct flux_kind {
    struct gvk gvk;
    const char *human; /* as in the flux CLI's commands and messages: "source git" */
};

extern const struct flux_kind flux_kinds[FLUX_KIND_COUNT];

/* By kind alone, letters of either case. NULL: Flux has none such. */
const struct flux_kind *flux_kind_find(struct str kind);

#endif
