/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/apiserver/crd.h - CustomResourceDefinitions: from the definition to served resources, and custom objects
 * against their schema.
 *
 * Source of truth: apiextensions-apiserver pkg/apiserver/{schema,validation}, pkg/apis/apiextensions/validation,
 * pkg/controller/{status,establish} (1.35). CEL rules (x-kubernetes-validations) are kept and not evaluated.
 */
#ifndef CORE_APISERVER_CRD_H
#define CORE_APISERVER_CRD_H

#include "core/apiserver/prepare.h"

struct crd_column {
    struct str name;
    struct str type; /* integer, number, string, boolean, date */
    struct str format;
    struct str description;
    struct str json_path; /* .spec.replicas */
    int32_t priority;
};

/* One served or stored version of a definition, made once and kept by the app while the CRD stands. */
struct crd_version {
    const struct val *crd;    /* the definition */
    const struct val *schema; /* openAPIV3Schema; NULL: none */
    const struct schema *type;
    bool preserve_unknown; /* spec.preserveUnknownFields */
    bool served;
    bool storage;
    bool deprecated;
    struct str deprecation_warning; /* text of the Warning header */
    bool has_status;
    bool has_scale;
    struct str scale_spec_path; /* .spec.replicas */
    struct str scale_status_path;
    struct str scale_selector_path;   /* "" none */
    const struct crd_column *columns; /* additionalPrinterColumns, with Age when none are given */
    size_t column_count;
    const struct str *selectable; /* JSON paths of selectableFields */
    size_t selectable_count;
};

/* Defaults that the API adds to a definition (names, conversion, listKind ...). */
const struct val *crd_defaults(struct arena *a, const struct val *crd);

/* Everything wrong with a definition; `old` NULL on create. */
void crd_validate(struct arena *a, const struct val *crd, const struct val *old,
                  struct field_errors *errs);

/*
 * The controllers' part after a create or an update: status.acceptedNames, conditions NamesAccepted and Established,
 * storedVersions. `others` are all other definitions (names may be taken). Returns the object with its status;
 * the app commits it as a second write, or at once with the first one.
 */
const struct val *crd_with_status(struct arena *a, const struct val *crd,
                                  const struct val *const *others, size_t count,
                                  struct wall_time now);

/* Established and names accepted: it is served. */
bool crd_is_established(const struct val *crd);

struct crd_resources {
    struct api_resource
        *items; /* one for each version, sorted by kube's version priority, highest first */
    size_t count;
    size_t cap;
};

/* Served and stored versions of an established definition. ERR_INTERNAL: a schema that does not build. */
MUST_CHECK struct err *crd_resources_of(struct arena *a, const struct val *crd,
                                        struct crd_resources *ret);

/* "v2" before "v1" before "v1beta1": negative when a comes first. */
int kube_version_cmp(struct str a, struct str b);

/* ---- objects of a definition ---- */

/* Drops what the schema does not know; unknown ones are reported as dotted paths into `unknown` when not NULL. */
struct field_paths {
    struct str *items;
    size_t count;
    size_t cap;
};
const struct val *crd_prune(struct arena *a, const struct crd_version *v, const struct val *object,
                            struct field_paths *unknown);

/* Fills `default`s; also on reads, for what was stored before the default existed. */
const struct val *crd_default(struct arena *a, const struct crd_version *v,
                              const struct val *object);

/* OpenAPI validation with kube's messages; `old` for ratcheting, NULL on create. */
void crd_validate_object(struct arena *a, const struct crd_version *v, const struct val *object,
                         const struct val *old, struct field_errors *errs);

#endif
