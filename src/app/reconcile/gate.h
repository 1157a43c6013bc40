/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/reconcile/gate.h - whether a Kustomization may be built now: its source and its dependencies, from observed objects.
 *
 * Pure: the engine asks it at each event, so nothing is polled. Reasons and messages are kustomize-controller's.
 */
#ifndef APP_RECONCILE_GATE_H
#define APP_RECONCILE_GATE_H

#include "core/kube/obj_ref.h"

/* One of spec.dependsOn: a Kustomization, or any object by apiVersion and kind. */
struct gate_dependency {
    struct obj_ref ref;
    bool is_kustomization;
    bool is_malformed; /* apiVersion without kind, or kind without apiVersion */
    bool ready; /* it must be healthy, not only be there: dependsOn[].ready, by default true */
};

enum gate_sight {
    GATE_UNSEEN, /* it is being asked for: the answer comes as an event */
    GATE_ABSENT,
    GATE_UNHEALTHY,
    GATE_HEALTHY
};

/* What the engine has observed. */
struct gate_reader {
    /* A Flux object, or NULL. */
    const struct val *(*find)(void *self, struct str kind, struct str ns, struct str name);
    /* Any object; *ret_why: for ABSENT and UNHEALTHY more words, "" for none. NULL: there are no others. */
    enum gate_sight (*observe)(void *self, const struct obj_ref *ref, struct str *ret_why);
    void *self;
};

enum gate_kind {
    GATE_OPEN,
    GATE_SOURCE_MISSING,
    GATE_NO_ARTIFACT,
    GATE_DENIED,
    GATE_DEPENDENCY,
    GATE_LOOKING /* a dependency has not been seen yet */
};

struct gate {
    enum gate_kind kind;
    const struct val *source; /* OPEN, NO_ARTIFACT, DEPENDENCY, LOOKING */
    const char *reason;       /* Flux' condition reason; NULL when open */
    struct str message;
};

struct gate gate_of(struct arena *a, const struct val *kustomization,
                    const struct gate_reader *reader, bool no_cross_namespace_refs);

/* spec.sourceRef with the namespace filled in. */
struct obj_ref gate_source_ref(const struct val *kustomization);
/* spec.dependsOn[i], likewise. */
struct gate_dependency gate_dependency_at(const struct val *kustomization, size_t i);

#endif
