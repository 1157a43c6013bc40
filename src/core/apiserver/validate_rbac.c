/* SPDX-License-Identifier: Apache-2.0 */
#include "core/apiserver/validate.h"

static void check_rule(const struct check *c, struct str at, const struct val *rule,
                       bool namespaced)
{
    const struct val *urls = val_get(rule, STR("nonResourceURLs"));

    if (!val_count(val_get(rule, STR("verbs"))))
        check_required(c, at_field(c, at, "verbs"), "verbs must contain at least one value");
    if (val_count(urls)) {
        if (namespaced)
            check_invalid(c, at_field(c, at, "nonResourceURLs"), urls,
                          "namespaced rules cannot apply to non-resource URLs");
        if (val_count(val_get(rule, STR("apiGroups"))) ||
            val_count(val_get(rule, STR("resources"))) ||
            val_count(val_get(rule, STR("resourceNames"))))
            check_invalid(c, at_field(c, at, "nonResourceURLs"), urls,
                          "rules cannot apply to both regular resources and non-resource URLs");
        return;
    }
    if (!val_count(val_get(rule, STR("apiGroups"))))
        check_required(c, at_field(c, at, "apiGroups"),
                       "resource rules must supply at least one api group");
    if (!val_count(val_get(rule, STR("resources"))))
        check_required(c, at_field(c, at, "resources"),
                       "resource rules must supply at least one resource");
}

static void check_subject(const struct check *c, struct str at, const struct val *s,
                          bool namespaced)
{
    struct str kind = val_get_str(s, "kind");
    struct str name = val_get_str(s, "name");
    struct str group = val_get_str(s, "apiGroup");

    if (!name.len)
        check_required(c, at_field(c, at, "name"), "");
    if (str_is(kind, "ServiceAccount")) {
        if (name.len)
            (void)check_dns_subdomain(c, at_field(c, at, "name"), name);
        if (group.len)
            check_not_supported(c, at_field(c, at, "apiGroup"), val_get(s, STR("apiGroup")), "");
        if (!namespaced && !val_get_str(s, "namespace").len)
            check_required(c, at_field(c, at, "namespace"), "");
    } else if (str_is(kind, "User") || str_is(kind, "Group")) {
        if (!str_is(group, "rbac.authorization.k8s.io"))
            check_not_supported(c, at_field(c, at, "apiGroup"), val_string(c->arena, group),
                                "rbac.authorization.k8s.io");
    } else {
        check_not_supported(c, at_field(c, at, "kind"), val_string(c->arena, kind),
                            "Group,ServiceAccount,User");
    }
}

static void check_role_ref(const struct check *c, const struct val *ref, bool namespaced)
{
    struct str name = val_get_str(ref, "name");
    const char *kinds = namespaced ? "Role,ClusterRole" : "ClusterRole";

    if (!str_is(val_get_str(ref, "apiGroup"), "rbac.authorization.k8s.io"))
        check_not_supported(c, STR("roleRef.apiGroup"), val_get(ref, STR("apiGroup")),
                            "rbac.authorization.k8s.io");
    (void)check_one_of(c, STR("roleRef.kind"), val_get(ref, STR("kind")), kinds);
    if (!name.len)
        check_required(c, STR("roleRef.name"), "");
    else
        (void)check_path_segment(c, STR("roleRef.name"), name);
}

void validate_rbac(const struct check *c, const struct api_resource *r, const struct val *object,
                   const struct val *live)
{
    const struct val *rules = val_get(object, STR("rules"));
    const struct val *subjects = val_get(object, STR("subjects"));
    const struct val *selectors = val_at(object, "aggregationRule.clusterRoleSelectors");

    if (str_is(r->gvk.kind, "Role") || str_is(r->gvk.kind, "ClusterRole")) {
        for (size_t i = 0; i < val_count(rules); i++)
            check_rule(c, at_index(c, STR("rules"), i), rules->items[i], r->namespaced);
        if (val_get(object, STR("aggregationRule")) && !val_count(selectors))
            check_required(c, STR("aggregationRule.clusterRoleSelectors"),
                           "at least one clusterRoleSelector required if aggregationRule is "
                           "non-nil");
        return;
    }
    if (live && !val_eq(val_get(object, STR("roleRef")), val_get(live, STR("roleRef"))))
        check_invalid(c, STR("roleRef"), val_get(object, STR("roleRef")), "cannot change roleRef");
    check_role_ref(c, val_get(object, STR("roleRef")), r->namespaced);
    for (size_t i = 0; i < val_count(subjects); i++)
        check_subject(c, at_index(c, STR("subjects"), i), subjects->items[i], r->namespaced);
}
