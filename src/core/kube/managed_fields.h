/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/kube/managed_fields.h - who owns which field: FieldsV1 sets and server-side apply.
 *
 * Source of truth: structured-merge-diff v6 and apimachinery's managedfields package (Kubernetes 1.35); encoding of
 * FieldsV1: keys "f:name", "k:{...}", "v:...", "i:n" and ".".
 */
#ifndef CORE_KUBE_MANAGED_FIELDS_H
#define CORE_KUBE_MANAGED_FIELDS_H

#include "base/clock.h"
#include "base/err.h"
#include "core/kube/schema.h"

/* Who writes, from the request. */
struct field_writer {
    struct str manager;     /* fieldManager, or the first part of the user agent */
    struct str subresource; /* "", "status", "scale" */
    struct str api_version; /* of the request's object */
    struct wall_time now;
    /* Comma-separated dotted paths that this endpoint resets and nobody may own through it: "status". */
    struct str reset_fields;
    bool untimed; /* the entry gets no time: writes through the scale endpoint */
    bool force;   /* apply: takes fields from other managers instead of reporting a conflict */
};

struct apply_conflict {
    struct str manager; /* as in messages: "kubectl" using apps/v1 */
    struct str field;   /* .spec.replicas */
};

struct apply_result {
    const struct val *object;         /* merged, with metadata.managedFields brought up to date */
    bool changed;                     /* differs from the live object, times of managers aside */
    struct apply_conflict *conflicts; /* when not forced: nothing was merged, object is NULL */
    size_t conflict_count;
};

/*
 * Server-side apply of `config` (the manifest as sent) on `live` (NULL: create). `type` is the schema of the
 * kind. ERR_INVALID: config does not fit the schema (unknown field, duplicate list key); the message is the one
 * kube-apiserver gives.
 */
MUST_CHECK struct err *managed_fields_apply(struct arena *a, const struct schema *type,
                                            const struct val *live, const struct val *config,
                                            const struct field_writer *writer,
                                            struct apply_result *ret);

/*
 * Bookkeeping of every other write (create, update, patch): `after` with managedFields such that the writer owns
 * what it changed. `before` NULL: create.
 */
MUST_CHECK struct err *managed_fields_update(struct arena *a, const struct schema *type,
                                             const struct val *before, const struct val *after,
                                             const struct field_writer *writer,
                                             const struct val **ret);

#endif
