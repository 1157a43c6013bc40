/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/helm/oci_push.h - a packed chart as an image of an OCI registry: configuration, layers, manifest, as Helm 4.3 writes them,
 * byte for byte, so that both tools push one digest.
 */
#ifndef CORE_HELM_OCI_PUSH_H
#define CORE_HELM_OCI_PUSH_H

#include "base/clock.h"
#include "core/helm/chart.h"
#include "core/helm/oci_chart.h"

struct helm_oci_blob {
    struct oci_descriptor descriptor;
    struct str bytes;
};

struct helm_oci_image {
    struct helm_oci_blob blobs[3]; /* the configuration, then the layers */
    size_t blob_count;
    struct str manifest; /* of OCI_MEDIA_MANIFEST */
    struct str digest;   /* of it */
};

/* archive: the chart's bytes; provenance: of its .prov file, ptr NULL: none; created: when the archive was written. */
void helm_oci_image_make(struct arena *a, const struct helm_chart *chart, struct str archive,
                         struct str provenance, struct wall_time created,
                         struct helm_oci_image *ret);

/* "registry/repository/NAME:VERSION" of a chart pushed to `remote` ("oci://registry/repository"). ERR_INVALID: no oci://. */
MUST_CHECK struct err *helm_oci_push_reference(struct arena *a, const struct helm_chart *chart,
                                               struct str remote, struct helm_oci_reference *ret);

#endif
