/* SPDX-License-Identifier: Apache-2.0 */
#include "core/helm/capabilities.h"

#include "core/semver/semver.h"

/* What Helm 4.3.1 knows without a cluster: the API versions of client-go 1.37, in its order. */
static const struct str known_versions[] = {
    STR_INIT("v1"),
    STR_INIT("admissionregistration.k8s.io/v1"),
    STR_INIT("admissionregistration.k8s.io/v1alpha1"),
    STR_INIT("admissionregistration.k8s.io/v1beta1"),
    STR_INIT("internal.apiserver.k8s.io/v1alpha1"),
    STR_INIT("apps/v1"),
    STR_INIT("apps/v1beta1"),
    STR_INIT("apps/v1beta2"),
    STR_INIT("authentication.k8s.io/v1"),
    STR_INIT("authentication.k8s.io/v1alpha1"),
    STR_INIT("authentication.k8s.io/v1beta1"),
    STR_INIT("authorization.k8s.io/v1"),
    STR_INIT("authorization.k8s.io/v1beta1"),
    STR_INIT("autoscaling/v1"),
    STR_INIT("autoscaling/v2"),
    STR_INIT("batch/v1"),
    STR_INIT("batch/v1beta1"),
    STR_INIT("certificates.k8s.io/v1"),
    STR_INIT("certificates.k8s.io/v1beta1"),
    STR_INIT("certificates.k8s.io/v1alpha1"),
    STR_INIT("coordination.k8s.io/v1alpha2"),
    STR_INIT("coordination.k8s.io/v1beta1"),
    STR_INIT("coordination.k8s.io/v1"),
    STR_INIT("discovery.k8s.io/v1"),
    STR_INIT("discovery.k8s.io/v1beta1"),
    STR_INIT("events.k8s.io/v1"),
    STR_INIT("events.k8s.io/v1beta1"),
    STR_INIT("extensions/v1beta1"),
    STR_INIT("flowcontrol.apiserver.k8s.io/v1"),
    STR_INIT("flowcontrol.apiserver.k8s.io/v1beta1"),
    STR_INIT("flowcontrol.apiserver.k8s.io/v1beta2"),
    STR_INIT("flowcontrol.apiserver.k8s.io/v1beta3"),
    STR_INIT("lifecycle.k8s.io/v1alpha1"),
    STR_INIT("networking.k8s.io/v1"),
    STR_INIT("networking.k8s.io/v1beta1"),
    STR_INIT("node.k8s.io/v1"),
    STR_INIT("node.k8s.io/v1alpha1"),
    STR_INIT("node.k8s.io/v1beta1"),
    STR_INIT("policy/v1"),
    STR_INIT("policy/v1beta1"),
    STR_INIT("rbac.authorization.k8s.io/v1"),
    STR_INIT("rbac.authorization.k8s.io/v1beta1"),
    STR_INIT("rbac.authorization.k8s.io/v1alpha1"),
    STR_INIT("resource.k8s.io/v1"),
    STR_INIT("resource.k8s.io/v1beta2"),
    STR_INIT("resource.k8s.io/v1beta1"),
    STR_INIT("resource.k8s.io/v1alpha3"),
    STR_INIT("scheduling.k8s.io/v1alpha3"),
    STR_INIT("scheduling.k8s.io/v1beta1"),
    STR_INIT("scheduling.k8s.io/v1"),
    STR_INIT("storage.k8s.io/v1beta1"),
    STR_INIT("storage.k8s.io/v1"),
    STR_INIT("storage.k8s.io/v1alpha1"),
    STR_INIT("storagemigration.k8s.io/v1"),
    STR_INIT("storagemigration.k8s.io/v1beta1"),
    STR_INIT("apiextensions.k8s.io/v1beta1"),
    STR_INIT("apiextensions.k8s.io/v1"),
};

enum { KNOWN_COUNT = sizeof known_versions / sizeof known_versions[0] };

static const struct helm_version_info helm_version = {
    .version = STR_INIT("v4.3"),
    .git_commit = STR_INIT(""),
    .git_tree_state = STR_INIT(""),
    .go_version = STR_INIT("go1.26.8"),
    .kube_client_version = STR_INIT("v1.37"),
};

/* "1.35.4-eks-1" is v1.35.4-eks-1, 1, 35; a vendor's suffix stays out of the plain form, which constraints see. */
static struct err *read_kube_version(struct arena *a, struct str text,
                                     struct kube_version_info *ret)
{
    struct semver v;
    const char *wrong = semver_parse(text, &v);
    if (wrong)
        return err_new(a, ERR_INVALID, "invalid kube version '%.*s': %s", STR_ARG(text), wrong);
    *ret = (struct kube_version_info){
        .version = str_has_prefix(text, STR("v")) ? text : str_concat(a, STR("v"), text),
        .plain = str_printf(a, "v%llu.%llu.%llu", (unsigned long long)v.major,
                            (unsigned long long)v.minor, (unsigned long long)v.patch),
        .major = str_printf(a, "%llu", (unsigned long long)v.major),
        .minor = str_printf(a, "%llu", (unsigned long long)v.minor),
    };
    return NULL;
}

struct err *helm_capabilities(struct arena *a, const struct helm_release_options *o,
                              struct kube_version_info *ret_kube, struct go_value *ret)
{
    size_t known = o->api_versions_complete ? 0 : KNOWN_COUNT;
    size_t count = known + o->api_version_count;
    struct str *versions = ARENA_ARRAY(a, count, struct str);
    struct err *e;
    if (TRY(&e, read_kube_version(a, o->kube_version.len > 0 ? o->kube_version : STR("v1.37.0"),
                                  ret_kube)))
        return e;
    for (size_t i = 0; i < count; i++)
        versions[i] = i < known ? known_versions[i] : o->api_versions[i - known];
    *ret = context_capabilities(a, ret_kube, versions, count, &helm_version);
    return NULL;
}
