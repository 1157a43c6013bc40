/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/render.h - what a Kustomization renders: Flux' build of a folder, then substitution.
 *
 * A function of its request: no network, no disk but the tree. So it runs in a worker process as well as in ours
 * (ports/driven/renderer.h).
 */
#ifndef CORE_RENDER_H
#define CORE_RENDER_H

#include "core/envsubst/manifest.h"
#include "core/kustomize/kustomize.h"
#include "core/tree.h"
#include "value/val.h"

struct render_request {
    struct str tenant; /* namespace; a worker process serves one tenant only */
    const struct tree *tree;
    struct str path;                      /* folder of the tree */
    const struct val *spec;               /* of the Kustomization; NULL: none */
    const struct substitution *variables; /* NULL: no substitution */
    struct kustomize_fetch fetch;         /* zero: remote resources are refused */
};

struct render_result {
    const struct val **objects; /* in load order */
    size_t count;
    const struct str *warnings;
    size_t warning_count;
    struct str digest; /* sha256:<hex> of the objects as they are printed */
};

/* Errors as flux_build and substitution_apply. */
MUST_CHECK struct err *render(struct arena *a, const struct render_request *request,
                              struct render_result *ret);

#endif
