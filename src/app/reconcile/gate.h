/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/reconcile/gate.h - whether a Kustomization may be built now: its source and its dependencies, from observed objects.
 *
 * Pure: the engine asks it at each event, so nothing is polled. Reasons and messages are kustomize-controller's.
 */
#ifndef APP_RECONCILE_GATE_H
#define APP_RECONCILE_GATE_H

#include "core/kube/obj_ref.h"

/* What the engine has observed; the object, or NULL. */
struct gate_reader {
    const struct val *(*find)(void *self, struct str kind, struct str ns, struct str name);
    void *self;
};

enum gate_kind { GATE_OPEN, GATE_SOURCE_MISSING, GATE_NO_ARTIFACT, GATE_DENIED, GATE_DEPENDENCY };

struct gate {
    enum gate_kind kind;
    const struct val *source; /* OPEN, NO_ARTIFACT, DEPENDENCY */
    const char *reason;       /* Flux' condition reason; NULL when open */
    struct str message;
};

struct gate gate_of(struct arena *a, const struct val *kustomization,
                    const struct gate_reader *reader, bool no_cross_namespace_refs);

/* spec.sourceRef with the namespace filled in. */
struct obj_ref gate_source_ref(const struct val *kustomization);
/* spec.dependsOn[i], likewise. */
struct obj_ref gate_dependency_ref(const struct val *kustomization, size_t i);

#endif
