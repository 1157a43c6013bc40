/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/apiserver/admission.h - the admission plugins that are on: NamespaceLifecycle, Priority,
 * DefaultTolerationSeconds, LimitRanger, StorageObjectInUseProtection.
 *
 * Source of truth: kubernetes plugin/pkg/admission (1.35).
 */
#ifndef CORE_APISERVER_ADMISSION_H
#define CORE_APISERVER_ADMISSION_H

#include "core/apiserver/prepare.h"

/* Mutates and refuses; `live` NULL on create. ERR 403, 404. */
MUST_CHECK struct err *admission_admit(struct arena *a, const struct prepare_call *call,
                                       const struct val *live, const struct val *object,
                                       const struct val **ret);

/* A delete that no policy allows: the namespaces default, kube-system, kube-public. */
MUST_CHECK struct err *admission_delete(struct arena *a, const struct prepare_call *call);

/* LimitRanges of the namespace: defaults into a pod, then what exceeds them. */
MUST_CHECK struct err *limits_admit(struct arena *a, const struct prepare_call *call,
                                    const struct val *object, const struct val **ret);

#endif
