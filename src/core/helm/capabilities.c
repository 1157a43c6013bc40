/* SPDX-License-Identifier: Apache-2.0 */
#include "core/helm/capabilities.h"

#include "core/semver/semver.h"

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
    size_t known = o->api_versions_complete ? 0 : context_known_version_count;
    size_t count = known + o->api_version_count;
    struct str *versions = ARENA_ARRAY(a, count, struct str);
    struct err *e;
    if (TRY(&e, read_kube_version(a, o->kube_version.len > 0 ? o->kube_version : STR("v1.37.0"),
                                  ret_kube)))
        return e;
    for (size_t i = 0; i < count; i++)
        versions[i] = i < known ? context_known_versions[i] : o->api_versions[i - known];
    *ret = context_capabilities(a, ret_kube, versions, count, &helm_version);
    return NULL;
}
