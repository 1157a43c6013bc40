/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/apiserver/table.h - meta.k8s.io output: Table with kube's columns for each kind, PartialObjectMetadata.
 *
 * Cells of ages are computed from `now`. Source of truth: kubernetes pkg/printers/internalversion, apiextensions
 * tableconvertor (1.35).
 */
#ifndef CORE_APISERVER_TABLE_H
#define CORE_APISERVER_TABLE_H

#include "base/clock.h"
#include "core/apiserver/status.h"

enum include_object { INCLUDE_NONE, INCLUDE_METADATA, INCLUDE_OBJECT };

/* Query value includeObject; ERR 400. */
MUST_CHECK struct err *include_object_parse(struct arena *a, struct str text,
                                            enum include_object *ret);

struct table_options {
    struct str version; /* "v1" */
    enum include_object include;
    bool no_headers; /* watch events after the first */
    struct wall_time now;
};

/*
 * Table of objects. `list_meta` is the metadata of the list (resourceVersion, continue), or of a single object
 * resourceVersion alone; NULL: empty.
 */
const struct val *table_of(struct arena *a, const struct api_resource *r,
                           const struct val *const *objects, size_t count,
                           const struct val *list_meta, const struct table_options *options);

/* PartialObjectMetadata of an object; apiVersion meta.k8s.io/<version>. */
const struct val *partial_metadata_of(struct arena *a, const struct val *object,
                                      struct str version);
const struct val *partial_metadata_list(struct arena *a, const struct val *const *objects,
                                        size_t count, const struct val *list_meta,
                                        struct str version);

/* "3d4h", as kubectl prints ages. */
struct str age_format(struct arena *a, int64_t ns);

#endif
