/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/apiserver/crds.h - private to app/apiserver: the life of CustomResourceDefinitions.
 * Source of truth: apiextensions-apiserver pkg/controller/{status,establish,finalizer} (1.35).
 */
#ifndef APP_APISERVER_CRDS_H
#define APP_APISERVER_CRDS_H

#include "app/apiserver/state.h"

#define CRD_CLEANUP_FINALIZER STR("customresourcecleanup.apiextensions.k8s.io")

const struct api_resource *crd_resource(struct apiserver *s, struct arena *a);

/* Serves an established definition, or withdraws it; watches on what changed end. */
void crd_serve(struct apiserver *s, struct arena *a, const struct val *crd);
void crd_withdraw(struct apiserver *s, struct arena *a, struct str name);

/* Serves every stored definition; at the start. */
MUST_CHECK struct err *crd_load_all(struct apiserver *s, struct run *r);

bool crd_is_terminating(const struct val *crd);
/* Deletes the objects of a terminating definition, then lets it go. False: some are left, try again later. */
bool crd_finish_deletion(struct apiserver *s, struct run *r, struct str name);

#endif
