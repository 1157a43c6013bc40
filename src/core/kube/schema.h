/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/kube/schema.h - the shape of Kubernetes types: what strategic merge, server-side apply, pruning and
 * kustomize need to know.
 *
 * Built-in types come from a compact table generated from Kubernetes' OpenAPI document (core/kube/tables/); those of
 * custom resources are built from the CRD's structural schema into an arena. Both are the same struct. Source
 * of truth: kubernetes 1.35 api/openapi-spec, x-kubernetes-* extensions; structured-merge-diff v6.
 */
#ifndef CORE_KUBE_SCHEMA_H
#define CORE_KUBE_SCHEMA_H

#include "base/err.h"
#include "core/kube/obj_ref.h"

enum schema_kind {
    SCHEMA_ANY, /* unknown content, kept as it is: RawExtension, x-kubernetes-preserve-unknown-fields */
    SCHEMA_STRUCT, /* object with named fields */
    SCHEMA_DICT,   /* object with arbitrary keys, all of type `elem` */
    SCHEMA_LIST,
    SCHEMA_STRING,
    SCHEMA_INT,
    SCHEMA_NUMBER,
    SCHEMA_BOOL,
    SCHEMA_INT_OR_STRING,
    SCHEMA_QUANTITY, /* string in the API; numbers are accepted */
    SCHEMA_TIME,     /* metav1.Time: string or null */
    SCHEMA_MICRO_TIME,
    SCHEMA_DURATION,
    SCHEMA_BYTES, /* base64 text */
};

enum schema_list_type { SCHEMA_LIST_ATOMIC, SCHEMA_LIST_SET, SCHEMA_LIST_MAP };
enum schema_patch_strategy {
    SCHEMA_PATCH_MERGE = 1,
    SCHEMA_PATCH_RETAIN_KEYS = 2
}; /* bits; 0: replace */

struct schema;

/* What Go prints for a field of a built-in type that holds nothing. */
enum schema_presence {
    SCHEMA_OMIT_EMPTY,
    SCHEMA_ALWAYS_NULL,   /* lists, maps, pointers and times without omitempty */
    SCHEMA_ALWAYS_ZERO,   /* "", 0, false, "0" */
    SCHEMA_ALWAYS_STRUCT, /* {}: a struct held by value, with its own such fields */
    SCHEMA_OMIT_ZERO,     /* "", 0 and false are left out, too: scalars held by value */
};

struct schema_field {
    struct str name;
    const struct schema *type;
    uint8_t patch_strategy; /* enum schema_patch_strategy, of the field */
    uint8_t presence;       /* enum schema_presence */
    bool required;
    struct str patch_merge_key; /* "" where there is none */
};

struct schema {
    uint8_t kind;      /* enum schema_kind */
    uint8_t list_type; /* LIST: enum schema_list_type */
    bool atomic;       /* STRUCT or DICT that is owned as a whole (x-kubernetes-map-type: atomic) */
    bool preserve_unknown; /* STRUCT: unknown fields are kept */
    bool embedded;         /* x-kubernetes-embedded-resource */
    bool nullable;
    uint8_t bits; /* INT: 32, or 0 for 64 */
    uint16_t field_count;
    uint16_t key_count;
    const struct schema_field *fields; /* STRUCT: sorted by name, in byte order */
    const struct schema *elem;         /* LIST, DICT: never NULL there */
    const struct str *keys;            /* LIST_MAP: the keys, in the order of the document */
    struct str name;                   /* io.k8s.api.apps.v1.Deployment; "" for inner types */
    /* CRD: `default`. Built in: only of keys of list maps, for identity; defaulting is code in core/apiserver. */
    const struct val *defaults;
    const struct val *source; /* CRD: the JSON schema node, for validation; NULL for built-ins */
};

/* One resource that a server can serve. */
struct schema_resource {
    struct gvk gvk;
    struct str plural;       /* deployments */
    struct str singular;     /* deployment */
    struct str short_names;  /* comma-separated: "deploy" */
    struct str categories;   /* comma-separated: "all" */
    struct str subresources; /* comma-separated, of ours: "status,scale" */
    bool namespaced;
    const struct schema *type; /* never NULL */
};

/* Field of a STRUCT, or NULL. Binary search. */
const struct schema_field *schema_field(const struct schema *type, struct str name);

/* Type of the value under `name`: a field's type, a DICT's elem; NULL when unknown or ANY. */
const struct schema *schema_child(const struct schema *type, struct str name);

/* Built-in kinds. NULL: not built in. */
const struct schema_resource *schema_builtin(struct str group, struct str version, struct str kind);
const struct schema_resource *schema_builtin_by_plural(struct str group, struct str version,
                                                       struct str plural);
const struct schema_resource *schema_builtin_all(
    size_t *ret_count); /* sorted by group, version, kind */

/* A built-in type by its OpenAPI name, such as "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"; NULL: none. */
const struct schema *schema_type_named(struct str name);

/*
 * Type of a custom resource from spec.versions[].schema.openAPIV3Schema, with apiVersion, kind and metadata added.
 * ERR_INVALID names the path of what is not structural.
 */
MUST_CHECK struct err *schema_from_crd(struct arena *a, const struct val *openapi_v3_schema,
                                       const struct schema **ret);

#endif
