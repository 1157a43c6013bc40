/* SPDX-License-Identifier: Apache-2.0 */
#include "core/api/flux_kinds.h"

#define SOURCE(kind) { STR_INIT("source.toolkit.fluxcd.io"), STR_INIT("v1"), STR_INIT(kind) }
#define IMAGE(kind) { STR_INIT("image.toolkit.fluxcd.io"), STR_INIT("v1"), STR_INIT(kind) }
#define NOTIFICATION(version, kind) \
    { STR_INIT("notification.toolkit.fluxcd.io"), STR_INIT(version), STR_INIT(kind) }

const struct flux_kind flux_kinds[FLUX_KIND_COUNT] = {
    [FLUX_OCI_REPOSITORY] = { SOURCE("OCIRepository"), "source oci" },
    [FLUX_BUCKET] = { SOURCE("Bucket"), "source bucket" },
    [FLUX_GIT_REPOSITORY] = { SOURCE("GitRepository"), "source git" },
    [FLUX_HELM_REPOSITORY] = { SOURCE("HelmRepository"), "source helm" },
    [FLUX_HELM_CHART] = { SOURCE("HelmChart"), "source chart" },
    [FLUX_EXTERNAL_ARTIFACT] = { SOURCE("ExternalArtifact"), "source external-artifact" },
    [FLUX_IMAGE_REPOSITORY] = { IMAGE("ImageRepository"), "image repository" },
    [FLUX_IMAGE_POLICY] = { IMAGE("ImagePolicy"), "image policy" },
    [FLUX_IMAGE_UPDATE_AUTOMATION] = { IMAGE("ImageUpdateAutomation"), "image update automation" },
    [FLUX_HELM_RELEASE] = { { STR_INIT("helm.toolkit.fluxcd.io"), STR_INIT("v2"),
                              STR_INIT("HelmRelease") },
                            "helmrelease" },
    [FLUX_KUSTOMIZATION] = { { STR_INIT("kustomize.toolkit.fluxcd.io"), STR_INIT("v1"),
                               STR_INIT("Kustomization") },
                             "kustomization" },
    [FLUX_RECEIVER] = { NOTIFICATION("v1", "Receiver"), "receiver" },
    [FLUX_PROVIDER] = { NOTIFICATION("v1beta3", "Provider"), "alert provider" },
    [FLUX_ALERT] = { NOTIFICATION("v1beta3", "Alert"), "alert" },
    [FLUX_ARTIFACT_GENERATOR] = { { STR_INIT("source.extensions.fluxcd.io"), STR_INIT("v1beta1"),
                                    STR_INIT("ArtifactGenerator") },
                                  "artifactgenerator" },
};

const struct flux_kind *flux_kind_find(struct str kind)
{
    for (size_t i = 0; i < FLUX_KIND_COUNT; i++)
        if (str_eq_nocase(flux_kinds[i].gvk.kind, kind))
            return &flux_kinds[i];
    return NULL;
}
