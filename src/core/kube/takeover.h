/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/kube/takeover.h - taking back what kubectl took: fields that people set by hand become ours, so that the next apply
 * removes those that Git does not name.
 *
 * Source of truth: fluxcd/pkg ssa 0.76, patch.go, with the managers of kustomize-controller 1.9: kubectl (Apply and Update),
 * before-first-apply (Update), our own from before server-side apply (Update), and those of --override-manager.
 */
#ifndef CORE_KUBE_TAKEOVER_H
#define CORE_KUBE_TAKEOVER_H

#include "value/val.h"

struct takeover {
    struct str field_manager; /* ours */
    const struct str
        *overrides; /* prefixes of further managers whose fields are taken, applied or updated */
    size_t override_count;
};

/*
 * A JSON patch (RFC 6902) for the live object: managedFields with those entries merged into ours, and kubectl's
 * last-applied annotation removed. NULL: there is nothing to take over.
 */
const struct val *takeover_patch(struct arena *a, const struct val *live, const struct takeover *t);

/* Hash of what takeover_patch would take over; 0 when that is nothing. */
uint64_t takeover_hash(const struct val *live, const struct takeover *t);

#endif
