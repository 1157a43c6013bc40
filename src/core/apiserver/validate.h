/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/apiserver/validate.h - is an object valid? Kubernetes' rules and messages for built-in kinds.
 *
 * Rules are written for the kinds named in the design; other kinds get those of their metadata alone. Source of truth:
 * kubernetes pkg/apis/.../validation (1.35).
 */
#ifndef CORE_APISERVER_VALIDATE_H
#define CORE_APISERVER_VALIDATE_H

#include "core/apiserver/checks.h"
#include "core/apiserver/prepare.h"

/* Built-in kinds: finalizers that are neither standard nor of a domain. */
void validate_finalizer_names(const struct check *c, const struct api_resource *r,
                              const struct val *object);

/* metadata of any object; `live` NULL on create. */
void validate_metadata(const struct check *c, const struct api_resource *r,
                       const struct val *object);
void validate_metadata_update(const struct check *c, const struct val *object,
                              const struct val *live);

/* What the kind demands; `live` NULL on create. `subresource` "status" checks the status alone. */
void validate_kind(const struct check *c, const struct prepare_call *call, const struct val *object,
                   const struct val *live);

/* Warnings that accompany an accepted object. */
void warnings_of(const struct check *c, const struct prepare_call *call, const struct val *object);

/* ---- by family ---- */

void validate_pod(const struct check *c, const struct val *pod, const struct val *live);
/* A pod spec at `field`; `is_template` rules apply where it is one. */
void validate_pod_spec(const struct check *c, struct str field, const struct val *spec);
void validate_pod_template(const struct check *c, struct str field, const struct val *template);
void validate_container_list(const struct check *c, struct str field, const struct val *spec);
void validate_volumes(const struct check *c, struct str field, const struct val *volumes);
void validate_resources(const struct check *c, struct str field, const struct val *resources);
void validate_workload(const struct check *c, const struct api_resource *r,
                       const struct val *object, const struct val *live);
void validate_workload_status(const struct check *c, const struct api_resource *r,
                              const struct val *object, const struct val *live);
void validate_service(const struct check *c, const struct val *service, const struct val *live);
/* A write to status or finalize of a namespace. */
void validate_namespace_update(const struct check *c, struct str subresource, const struct val *ns);
void validate_service_status(const struct check *c, const struct val *service);
void validate_core(const struct check *c, const struct api_resource *r, const struct val *object,
                   const struct val *live);
void validate_rbac(const struct check *c, const struct api_resource *r, const struct val *object,
                   const struct val *live);
void validate_other(const struct check *c, const struct api_resource *r, const struct val *object,
                    const struct val *live);

#endif
