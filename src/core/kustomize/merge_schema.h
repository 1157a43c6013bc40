/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/kustomize/merge_schema.h - which lists kustomize merges by key, and which kinds are cluster-scoped.
 *
 * kustomize does not use the schema of the cluster or of today's Kubernetes: kyaml carries the OpenAPI
 * document of Kubernetes 1.21.2, and output depends on it. The table is generated from there
 * (scripts/gen-merge-schema); a kustomization's `openapi:` replaces it for one build. core/kube/schema.h is
 * a different thing: today's API, for the API server and server-side apply.
 */
#ifndef CORE_KUSTOMIZE_MERGE_SCHEMA_H
#define CORE_KUSTOMIZE_MERGE_SCHEMA_H

#include "base/err.h"
#include "value/val.h"

struct merge_field {
    struct str name;
    struct str keys; /* merge keys, comma-separated; "" for lists of scalars */
    int16_t
        child; /* type of the value or of the list's items; -1: nothing below is merged by key */
    bool list;
    bool merge; /* list whose patch strategy is merge */
};

struct merge_type {
    const struct merge_field *fields; /* sorted by name */
    size_t field_count;
    struct str name; /* of the definition; "" for a type that is described in place */
};

struct merge_kind {
    struct str kind;
    struct str api_version;
    uint16_t type;
};

struct merge_schema {
    const struct merge_type *types;
    size_t type_count;
    const struct merge_kind *kinds; /* sorted by kind, then api_version */
    size_t kind_count;
    const struct merge_kind *cluster; /* cluster-scoped kinds, sorted likewise; type is unused */
    size_t cluster_count;
};

extern const struct merge_type merge_type_table[];
extern const size_t merge_type_count;
extern const struct merge_kind merge_kind_table[];
extern const size_t merge_kind_count;
extern const struct merge_kind cluster_kind_table[];
extern const size_t cluster_kind_count;

struct merge_schema merge_schema_builtin(void);

/* Type of an object, or NULL for a kind that is not in the schema. */
const struct merge_type *merge_schema_type(const struct merge_schema *s, struct str api_version,
                                           struct str kind);

/* NULL: unknown field, or nothing below it is merged by key. */
const struct merge_field *merge_type_field(const struct merge_type *type, struct str name);

/* Type of a field's value (for a list: of its items); NULL where nothing below is merged by key. */
const struct merge_type *merge_field_type(const struct merge_schema *s,
                                          const struct merge_field *field);

bool merge_schema_is_cluster(const struct merge_schema *s, struct str api_version, struct str kind);

/* Is the kind in the schema at all? */
bool merge_schema_knows(const struct merge_schema *s, struct str api_version, struct str kind);

/*
 * A schema from an OpenAPI document (`definitions`, with x-kubernetes-patch-strategy and
 * x-kubernetes-group-version-kind; `paths` tell the scope), which adds to `base` or, when that is NULL, stands alone.
 * Scopes of built-in kinds always hold. ERR_INVALID: definitions that are no object.
 */
MUST_CHECK struct err *merge_schema_from_openapi(struct arena *a, const struct val *document,
                                                 const struct merge_schema *base,
                                                 struct merge_schema *ret);

#endif
