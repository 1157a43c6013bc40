/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/apiserver/discovery.h - the documents clients read to learn what is served.
 *
 * `served` in every call: all resources, built-in and custom, in the order of group priority or any; these functions
 * order them as kube-aggregator does (group priority, version priority, registration order).
 */
#ifndef CORE_APISERVER_DISCOVERY_H
#define CORE_APISERVER_DISCOVERY_H

#include "core/apiserver/resource.h"

struct served_resources {
    const struct api_resource *const *items;
    size_t count;
};

const struct val *discovery_api_versions(struct arena *a, struct str server_address); /* /api */
const struct val *discovery_group_list(struct arena *a,
                                       const struct served_resources *s); /* /apis */
/* /apis/GROUP; NULL: no such group. */
const struct val *discovery_group(struct arena *a, const struct served_resources *s,
                                  struct str group);
/* /api/v1, /apis/GROUP/VERSION; NULL: not served. */
const struct val *discovery_resource_list(struct arena *a, const struct served_resources *s,
                                          struct str group, struct str version);
/* apidiscovery.k8s.io/v2 of /api (core true) or /apis. */
const struct val *discovery_aggregated(struct arena *a, const struct served_resources *s, bool core,
                                       struct str version);

const struct val *discovery_version(struct arena *a, struct str build_date); /* /version */
/* {"paths": [...]} of "/". */
const struct val *discovery_root_paths(struct arena *a, const struct served_resources *s);

/* /openapi/v3: paths with serverRelativeURL and hash. */
const struct val *openapi_index(struct arena *a, const struct served_resources *s);
/* /openapi/v3/api/v1, /openapi/v3/apis/GROUP/VERSION; NULL: not served. */
const struct val *openapi_document(struct arena *a, const struct served_resources *s,
                                   struct str group, struct str version);
/* /openapi/v2 in JSON, minimal: definitions of the same types. */
const struct val *openapi_v2(struct arena *a, const struct served_resources *s);

#endif
