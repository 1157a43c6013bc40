/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/helm/oci_chart.h - charts in OCI registries: Helm's conventions on top of core/oci.
 *
 * A version's "+" is "_" in a tag, which cannot hold it. Source of truth: Helm 4.3 pkg/registry.
 */
#ifndef CORE_HELM_OCI_CHART_H
#define CORE_HELM_OCI_CHART_H

#include "core/oci/manifest.h"
#include "core/oci/reference.h"

#define HELM_MEDIA_CONFIG "application/vnd.cncf.helm.config.v1+json"
#define HELM_MEDIA_CHART "application/vnd.cncf.helm.chart.content.v1.tar+gzip"
#define HELM_MEDIA_CHART_OLD "application/tar+gzip"
#define HELM_MEDIA_PROVENANCE "application/vnd.cncf.helm.chart.provenance.v1.prov"

struct helm_oci_reference {
    struct oci_reference oci; /* reference: the tag alone, "+" replaced */
    struct str digest;        /* behind "@"; "": none */
};

/* "oci://" may stand in front. ERR_INVALID, in oras' words. */
MUST_CHECK struct err *helm_oci_reference_parse(struct arena *a, struct str text,
                                                struct helm_oci_reference *ret);

bool helm_is_oci(struct str url); /* by its scheme */

struct helm_versions {
    struct str *items;
    size_t count;
    size_t cap;
};

/* The tags that are semantic versions, with "+" again, the highest first. */
void helm_oci_versions(struct arena *a, const struct str *tags, size_t count,
                       struct helm_versions *ret);

/*
 * The tag that is `wanted`, else the first that satisfies it as a constraint; "": the first that is no pre-release.
 * ERR_NOT_FOUND, ERR_INVALID in helm's words.
 */
MUST_CHECK struct err *helm_oci_choose(struct arena *a, const struct helm_versions *versions,
                                       struct str wanted, struct str *ret);

/* What of a chart's manifests is to be fetched. NULL: it is not there. */
struct helm_oci_parts {
    const struct oci_descriptor *config;
    const struct oci_descriptor *chart;
    const struct oci_descriptor *provenance;
    bool is_old; /* the chart has the media type of before Helm 3.7 */
};

/* Takes what `manifest` has into *parts; later ones replace earlier ones. */
void helm_oci_parts_take(const struct oci_manifest *manifest, struct helm_oci_parts *parts);

/*
 * manifests: how many manifests and indexes led to the parts. ERR_INVALID in helm's words: no configuration, no chart
 * where one is wanted, no provenance where it is.
 */
MUST_CHECK struct err *helm_oci_parts_check(struct arena *a, const struct helm_oci_parts *parts,
                                            size_t manifests, bool wants_provenance);

#endif
