/* SPDX-License-Identifier: Apache-2.0 */
/* The roles that people expect of a cluster. The many system: roles of Kubernetes' own components are not among them. */
#include "core/apiserver/rbac.h"

#define READ "get,list,watch"
#define WRITE "create,delete,deletecollection,patch,update"
#define GROUP "rbac.authorization.k8s.io"

struct rule {
    const char *role; /* the role that holds it */
    const char *groups;
    const char *resources;
    const char *verbs;
};

static const struct rule rules[] = {
    { "cluster-admin", "*", "*", "*" },
    { "system:aggregate-to-view", "",
      "configmaps,endpoints,persistentvolumeclaims,persistentvolumeclaims/status,pods,"
      "replicationcontrollers,replicationcontrollers/scale,serviceaccounts,services,services/status",
      READ },
    { "system:aggregate-to-view", "",
      "bindings,events,limitranges,namespaces/status,pods/log,pods/status,"
      "replicationcontrollers/status,resourcequotas,resourcequotas/status",
      READ },
    { "system:aggregate-to-view", "", "namespaces", READ },
    { "system:aggregate-to-view", "discovery.k8s.io", "endpointslices", READ },
    { "system:aggregate-to-view", "apps",
      "controllerrevisions,daemonsets,daemonsets/status,deployments,deployments/scale,"
      "deployments/status,replicasets,replicasets/scale,replicasets/status,statefulsets,"
      "statefulsets/scale,statefulsets/status",
      READ },
    { "system:aggregate-to-view", "autoscaling",
      "horizontalpodautoscalers,horizontalpodautoscalers/status", READ },
    { "system:aggregate-to-view", "batch", "cronjobs,cronjobs/status,jobs,jobs/status", READ },
    { "system:aggregate-to-view", "policy", "poddisruptionbudgets,poddisruptionbudgets/status",
      READ },
    { "system:aggregate-to-view", "networking.k8s.io", "ingresses,ingresses/status,networkpolicies",
      READ },
    { "system:aggregate-to-edit", "",
      "pods/attach,pods/exec,pods/portforward,pods/proxy,secrets,services/proxy", READ },
    { "system:aggregate-to-edit", "", "serviceaccounts", "impersonate" },
    { "system:aggregate-to-edit", "", "pods,pods/attach,pods/exec,pods/portforward,pods/proxy",
      WRITE },
    { "system:aggregate-to-edit", "", "pods/eviction", "create" },
    { "system:aggregate-to-edit", "",
      "configmaps,events,persistentvolumeclaims,replicationcontrollers,"
      "replicationcontrollers/scale,secrets,serviceaccounts,services,services/proxy",
      WRITE },
    { "system:aggregate-to-edit", "", "serviceaccounts/token", "create" },
    { "system:aggregate-to-edit", "apps",
      "daemonsets,deployments,deployments/rollback,deployments/scale,replicasets,"
      "replicasets/scale,statefulsets,statefulsets/scale",
      WRITE },
    { "system:aggregate-to-edit", "autoscaling", "horizontalpodautoscalers", WRITE },
    { "system:aggregate-to-edit", "batch", "cronjobs,jobs", WRITE },
    { "system:aggregate-to-edit", "policy", "poddisruptionbudgets", WRITE },
    { "system:aggregate-to-edit", "networking.k8s.io", "ingresses,networkpolicies", WRITE },
    { "system:aggregate-to-edit", "coordination.k8s.io", "leases", WRITE ",get,list,watch" },
    { "system:aggregate-to-admin", "authorization.k8s.io", "localsubjectaccessreviews", "create" },
    { "system:aggregate-to-admin", GROUP, "rolebindings,roles", WRITE ",get,list,watch" },
    { "system:basic-user", "authorization.k8s.io",
      "selfsubjectaccessreviews,selfsubjectrulesreviews", "create" },
    { "system:basic-user", "authentication.k8s.io", "selfsubjectreviews", "create" },
};

/* What everybody may read: "system:discovery" only for those who are known. */
static const struct {
    const char *role;
    const char *paths;
} path_rules[] = {
    { "cluster-admin", "*" },
    { "system:discovery",
      "/api,/api/*,/apis,/apis/*,/healthz,/livez,/openapi,/openapi/*,/readyz,/version,/version/" },
    { "system:public-info-viewer", "/healthz,/livez,/readyz,/version,/version/" },
};

static const struct {
    const char *role;
    const char *aggregate_to; /* label "true" of rbac...aggregate-to-X; "" none */
    const char *aggregates;   /* selectors, comma-separated */
} roles[] = {
    { "cluster-admin", "", "" },
    { "admin", "", "admin" },
    { "edit", "admin", "edit" },
    { "view", "edit", "view" },
    { "system:aggregate-to-admin", "admin", "" },
    { "system:aggregate-to-edit", "edit", "" },
    { "system:aggregate-to-view", "view", "" },
    { "system:basic-user", "", "" },
    { "system:discovery", "", "" },
    { "system:public-info-viewer", "", "" },
};

static const struct {
    const char *role;
    const char *groups;
} bindings[] = {
    { "cluster-admin", "system:masters" },
    { "system:basic-user", "system:authenticated" },
    { "system:discovery", "system:authenticated" },
    { "system:public-info-viewer", "system:authenticated,system:unauthenticated" },
};

static const struct val *words(struct arena *a, const char *list)
{
    struct seq_builder b;
    struct str one;

    seq_builder_init(&b, a);
    for (struct str rest = str_from_cstr(list); str_cut(&rest, ',', &one);)
        seq_builder_add(&b, val_string(a, one));
    return seq_builder_done(&b, NULL);
}

static const struct val *metadata(struct arena *a, const char *name, const char *aggregate_to)
{
    const struct val *labels = val_map_of(a, "kubernetes.io/bootstrapping",
                                          val_cstring(a, "rbac-defaults"), NULL);

    if (*aggregate_to)
        labels = val_with(a, labels,
                          str_printf(a, "rbac.authorization.k8s.io/aggregate-to-%s", aggregate_to),
                          val_cstring(a, "true"));
    return val_map_of(
        a, "name", val_cstring(a, name), "labels", labels, "annotations",
        val_map_of(a, "rbac.authorization.kubernetes.io/autoupdate", val_cstring(a, "true"), NULL),
        NULL);
}

static const struct val *role_rules(struct arena *a, const char *role)
{
    struct seq_builder b;

    seq_builder_init(&b, a);
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
        if (!strcmp(rules[i].role, role))
            seq_builder_add(&b, val_map_of(a, "apiGroups", words(a, rules[i].groups), "resources",
                                           words(a, rules[i].resources), "verbs",
                                           words(a, rules[i].verbs), NULL));
    for (size_t i = 0; i < sizeof path_rules / sizeof path_rules[0]; i++)
        if (!strcmp(path_rules[i].role, role))
            seq_builder_add(
                &b, val_map_of(a, "nonResourceURLs", words(a, path_rules[i].paths), "verbs",
                               words(a, strcmp(role, "cluster-admin") ? "get" : "*"), NULL));
    return b.count ? seq_builder_done(&b, NULL) : &val_null;
}

static const struct val *aggregation(struct arena *a, const char *to)
{
    const struct val *selector = val_map_of(
        a, "matchLabels",
        val_with(a, NULL, str_printf(a, "rbac.authorization.k8s.io/aggregate-to-%s", to),
                 val_cstring(a, "true")),
        NULL);

    return val_map_of(a, "clusterRoleSelectors", val_seq(a, &selector, 1), NULL);
}

static const struct val *binding(struct arena *a, const char *role, const char *groups)
{
    struct seq_builder b;
    struct str one;

    seq_builder_init(&b, a);
    for (struct str rest = str_from_cstr(groups); str_cut(&rest, ',', &one);)
        seq_builder_add(&b, val_map_of(a, "kind", val_cstring(a, "Group"), "apiGroup",
                                       val_cstring(a, GROUP), "name", val_string(a, one), NULL));
    return val_map_of(a, "apiVersion", val_cstring(a, GROUP "/v1"), "kind",
                      val_cstring(a, "ClusterRoleBinding"), "metadata", metadata(a, role, ""),
                      "roleRef",
                      val_map_of(a, "apiGroup", val_cstring(a, GROUP), "kind",
                                 val_cstring(a, "ClusterRole"), "name", val_cstring(a, role), NULL),
                      "subjects", seq_builder_done(&b, NULL), NULL);
}

const struct val *const *rbac_bootstrap(struct arena *a, size_t *ret_count)
{
    size_t role_count = sizeof roles / sizeof roles[0];
    size_t binding_count = sizeof bindings / sizeof bindings[0];
    const struct val **out = ARENA_ARRAY(a, role_count + binding_count, const struct val *);

    for (size_t i = 0; i < role_count; i++)
        out[i] = val_map_of(
            a, "apiVersion", val_cstring(a, GROUP "/v1"), "kind", val_cstring(a, "ClusterRole"),
            "metadata", metadata(a, roles[i].role, roles[i].aggregate_to), "rules",
            role_rules(a, roles[i].role), "aggregationRule",
            *roles[i].aggregates ? aggregation(a, roles[i].aggregates) : NULL, NULL);
    for (size_t i = 0; i < binding_count; i++)
        out[role_count + i] = binding(a, bindings[i].role, bindings[i].groups);
    *ret_count = role_count + binding_count;
    return out;
}
