/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/oci/manifest.h - manifests and indexes of the OCI image format 1.1, and Docker's of the same shape.
 */
#ifndef CORE_OCI_MANIFEST_H
#define CORE_OCI_MANIFEST_H

#include "base/err.h"
#include "value/val.h"

#define OCI_MEDIA_INDEX "application/vnd.oci.image.index.v1+json"
#define OCI_MEDIA_MANIFEST "application/vnd.oci.image.manifest.v1+json"
#define DOCKER_MEDIA_LIST "application/vnd.docker.distribution.manifest.list.v2+json"
#define DOCKER_MEDIA_MANIFEST "application/vnd.docker.distribution.manifest.v2+json"

struct oci_descriptor {
    struct str media_type;
    struct str digest;
    uint64_t size;                 /* bytes */
    const struct val *annotations; /* NULL: none */
};

struct oci_descriptors {
    struct oci_descriptor *items;
    size_t count;
    size_t cap;
};

/* What a manifest leads to, in its order: an index its manifests, a manifest its configuration and layers. */
struct oci_manifest {
    bool is_index;
    bool has_config; /* items[0] is the configuration */
    struct oci_descriptors items;
    const struct val *annotations; /* NULL: none */
};

/*
 * media_type as the registry gave it; one that is unknown leads nowhere. ERR_INVALID: no JSON, a descriptor without a valid
 * digest or size. ERR_TOO_LARGE: LIMIT_OCI_DESCRIPTORS.
 */
MUST_CHECK struct err *oci_manifest_read(struct arena *a, struct str text, struct str media_type,
                                         struct str name, struct oci_manifest *ret);

#endif
