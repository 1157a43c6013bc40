/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/api/kind.h - the Flux kinds as data: fields, defaults, validation, columns.
 *
 * The CustomResourceDefinitions that weir installs derive from these tables. Their content (names, patterns, messages,
 * descriptions) is protocol and follows Flux 2.9: source-controller 1.9, kustomize-controller 1.9 (see NOTICE). Another
 * served version is another row.
 */
#ifndef CORE_API_KIND_H
#define CORE_API_KIND_H

#include "base/err.h"
#include "core/kube/obj_ref.h"

enum api_type {
    API_OBJECT,
    API_MAP,
    API_ARRAY,
    API_STRING,
    API_INTEGER,
    API_NUMBER,
    API_BOOLEAN,
    API_ANY
};

struct api_field {
    struct str name; /* "" for the element of an ARRAY or MAP */
    enum api_type type;
    bool required;
    struct str description;
    struct str
        rules; /* JSON object with further schema keywords (pattern, enum, default ...); "" for none */
    const struct api_field *fields; /* OBJECT: its fields; ARRAY, MAP: one element */
    size_t field_count;
};

struct api_column {
    struct str name;
    struct str type;
    struct str json_path;
    int priority;
};

struct api_kind {
    struct gvk gvk;
    struct str list_kind;
    struct str plural;
    struct str singular;
    struct str short_names; /* comma-separated */
    struct str categories;
    const struct api_column *columns;
    size_t column_count;
    const struct api_field *schema; /* the whole object */
};

extern const struct api_kind api_git_repository;
extern const struct api_kind api_kustomization;

/* Every kind that weir serves, in the order of installation. */
const struct api_kind *const *api_kinds(size_t *ret_count);
const struct api_kind *api_kind_find(struct str group, struct str kind);

/* The CustomResourceDefinition as apiextensions.k8s.io/v1. */
const struct val *api_kind_crd(struct arena *a, const struct api_kind *k);

#endif
