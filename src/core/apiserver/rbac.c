/* SPDX-License-Identifier: Apache-2.0 */
#include "core/apiserver/rbac.h"

#include "core/apiserver/selector.h"

/* ---- rules ---- */

static bool list_has(const struct val *list, struct str text)
{
    for (size_t i = 0; i < val_count(list); i++)
        if (str_eq(val_str(list->items[i]), text))
            return true;
    return false;
}

static bool has_or_star(const struct val *list, struct str text)
{
    return list_has(list, STR("*")) || list_has(list, text);
}

/* "pods/log", and "*" followed by "/log" for every resource's. */
static bool resource_matches(struct arena *a, const struct val *list, const struct rbac_request *q)
{
    struct str full = q->resource;

    if (list_has(list, STR("*")))
        return true;
    if (!q->subresource.len)
        return list_has(list, full);
    full = str_printf(a, "%.*s/%.*s", STR_ARG(q->resource), STR_ARG(q->subresource));
    return list_has(list, full) || list_has(list, str_concat(a, STR("*/"), q->subresource));
}

static bool path_matches(const struct val *list, struct str path)
{
    for (size_t i = 0; i < val_count(list); i++) {
        struct str pattern = val_str(list->items[i]);

        if (str_eq(pattern, path) || str_is(pattern, "*"))
            return true;
        if (str_has_suffix(pattern, STR("*")) &&
            str_has_prefix(path, str_slice(pattern, 0, pattern.len - 1)))
            return true;
    }
    return false;
}

static bool rule_allows(struct arena *a, const struct val *rule, const struct rbac_request *q)
{
    const struct val *names = val_get(rule, STR("resourceNames"));

    if (!has_or_star(val_get(rule, STR("verbs")), q->verb))
        return false;
    if (!q->resource.len)
        return path_matches(val_get(rule, STR("nonResourceURLs")), q->path);
    return has_or_star(val_get(rule, STR("apiGroups")), q->group) &&
           resource_matches(a, val_get(rule, STR("resources")), q) &&
           (!val_count(names) || list_has(names, q->name));
}

static bool role_allows(struct arena *a, const struct val *role, const struct rbac_request *q)
{
    const struct val *rules = val_get(role, STR("rules"));

    for (size_t i = 0; i < val_count(rules); i++)
        if (rule_allows(a, rules->items[i], q))
            return true;
    return false;
}

/* ---- subjects ---- */

static bool in_group(const struct rbac_request *q, struct str group)
{
    for (size_t i = 0; i < q->group_count; i++)
        if (str_eq(q->groups[i], group))
            return true;
    return false;
}

static bool subject_is(struct arena *a, const struct val *subject, struct str binding_ns,
                       const struct rbac_request *q)
{
    struct str kind = val_get_str(subject, "kind");
    struct str name = val_get_str(subject, "name");
    struct str ns = val_get_str(subject, "namespace");

    if (str_is(kind, "User"))
        return str_eq(name, q->user);
    if (str_is(kind, "Group"))
        return in_group(q, name);
    if (!str_is(kind, "ServiceAccount"))
        return false;
    if (!ns.len)
        ns = binding_ns;
    return str_eq(q->user,
                  str_printf(a, "system:serviceaccount:%.*s:%.*s", STR_ARG(ns), STR_ARG(name)));
}

static const struct val *subject_of(struct arena *a, const struct val *binding,
                                    const struct rbac_request *q)
{
    const struct val *subjects = val_get(binding, STR("subjects"));

    for (size_t i = 0; i < val_count(subjects); i++)
        if (subject_is(a, subjects->items[i], val_at_str(binding, "metadata.namespace"), q))
            return subjects->items[i];
    return NULL;
}

static struct str subject_text(struct arena *a, const struct val *s)
{
    if (str_is(val_get_str(s, "kind"), "ServiceAccount"))
        return str_printf(a, "ServiceAccount \"%.*s/%.*s\"", STR_ARG(val_get_str(s, "name")),
                          STR_ARG(val_get_str(s, "namespace")));
    return str_printf(a, "%.*s \"%.*s\"", STR_ARG(val_get_str(s, "kind")),
                      STR_ARG(val_get_str(s, "name")));
}

/* ---- bindings ---- */

static struct err *role_of(struct arena *a, const struct object_reader *r,
                           const struct val *binding, const struct val **ret)
{
    struct str name = val_at_str(binding, "roleRef.name");

    *ret = NULL;
    if (str_is(val_at_str(binding, "roleRef.kind"), "ClusterRole"))
        return r->get(r->self, a, STR("rbac.authorization.k8s.io/clusterroles"), STR(""), name,
                      ret);
    return r->get(r->self, a, STR("rbac.authorization.k8s.io/roles"),
                  val_at_str(binding, "metadata.namespace"), name, ret);
}

/* The roles that bindings name and that do not exist, each once. */
struct missing {
    struct str text;
    size_t count;
};

static void note_missing(struct arena *a, const struct val *binding, struct missing *missing)
{
    bool cluster = str_is(val_at_str(binding, "roleRef.kind"), "ClusterRole");
    struct str text = str_printf(a, "%s.rbac.authorization.k8s.io \"%.*s\" not found",
                                 cluster ? "clusterrole" : "role",
                                 STR_ARG(val_at_str(binding, "roleRef.name")));

    if (str_contains(missing->text, text))
        return;
    missing->text = missing->count++
                        ? str_printf(a, "%.*s, %.*s", STR_ARG(missing->text), STR_ARG(text))
                        : text;
}

static struct str missing_text(struct arena *a, const struct missing *missing)
{
    if (!missing->count)
        return STR("");
    return str_printf(a, missing->count == 1 ? "RBAC: %.*s" : "RBAC: [%.*s]",
                      STR_ARG(missing->text));
}

/* ns "": the bindings of the cluster. *ret_reason is set only when one of them allows. */
static struct err *bindings_allow(struct arena *a, const struct rbac_request *q,
                                  const struct object_reader *r, struct str ns,
                                  struct missing *missing, struct str *ret_reason)
{
    struct str resource = ns.len ? STR("rbac.authorization.k8s.io/rolebindings")
                                 : STR("rbac.authorization.k8s.io/clusterrolebindings");
    const struct val *const *items = NULL;
    size_t count = 0;
    struct err *e;

    if (TRY(&e, r->list(r->self, a, resource, ns, &items, &count)))
        return e;
    for (size_t i = 0; i < count && !ret_reason->len; i++) {
        const struct val *subject = subject_of(a, items[i], q);
        const struct val *role = NULL;
        struct str name = val_at_str(items[i], "metadata.name");

        if (!subject)
            continue;
        if (TRY(&e, role_of(a, r, items[i], &role)))
            return e;
        if (!role)
            note_missing(a, items[i], missing);
        if (!role || !role_allows(a, role, q))
            continue;
        if (ns.len)
            name = str_printf(a, "%.*s/%.*s", STR_ARG(name), STR_ARG(ns));
        *ret_reason = str_printf(a, "RBAC: allowed by %s \"%.*s\" of %.*s \"%.*s\" to %.*s",
                                 ns.len ? "RoleBinding" : "ClusterRoleBinding", STR_ARG(name),
                                 STR_ARG(val_at_str(items[i], "roleRef.kind")),
                                 STR_ARG(val_at_str(items[i], "roleRef.name")),
                                 STR_ARG(subject_text(a, subject)));
    }
    return NULL;
}

struct err *rbac_allows(struct arena *a, const struct rbac_request *q,
                        const struct object_reader *reader, bool *ret_allowed,
                        struct str *ret_reason)
{
    struct missing missing = { 0 };
    struct err *e;

    *ret_allowed = in_group(q, STR("system:masters"));
    *ret_reason = STR("");
    if (*ret_allowed || !reader)
        return NULL;
    if (TRY(&e, bindings_allow(a, q, reader, STR(""), &missing, ret_reason)))
        return e;
    if (!ret_reason->len && q->ns.len &&
        TRY(&e, bindings_allow(a, q, reader, q->ns, &missing, ret_reason)))
        return e;
    *ret_allowed = ret_reason->len;
    if (!*ret_allowed)
        *ret_reason = missing_text(a, &missing);
    return NULL;
}

struct str rbac_denial(struct arena *a, const struct rbac_request *q)
{
    struct str resource = q->resource;
    struct str where = STR(" at the cluster scope");

    if (!resource.len)
        return str_printf(a, "User \"%.*s\" cannot %.*s path \"%.*s\"", STR_ARG(q->user),
                          STR_ARG(q->verb), STR_ARG(q->path));
    if (q->subresource.len)
        resource = str_printf(a, "%.*s/%.*s", STR_ARG(resource), STR_ARG(q->subresource));
    if (q->ns.len)
        where = str_printf(a, " in the namespace \"%.*s\"", STR_ARG(q->ns));
    return str_printf(a, "User \"%.*s\" cannot %.*s resource \"%.*s\" in API group \"%.*s\"%.*s",
                      STR_ARG(q->user), STR_ARG(q->verb), STR_ARG(resource), STR_ARG(q->group),
                      STR_ARG(where));
}

/* ---- aggregation ---- */

static bool rules_have(const struct seq_builder *rules, const struct val *rule)
{
    for (size_t i = 0; i < rules->count; i++)
        if (val_eq(rules->items[i], rule))
            return true;
    return false;
}

static void sort_by_name(const struct val **items, size_t count)
{
    for (size_t i = 1; i < count; i++)
        for (size_t j = i; j && str_cmp(val_at_str(items[j], "metadata.name"),
                                        val_at_str(items[j - 1], "metadata.name")) < 0;
             j--) {
            const struct val *swap = items[j];

            items[j] = items[j - 1];
            items[j - 1] = swap;
        }
}

const struct val *rbac_aggregate(struct arena *a, const struct val *cluster_role,
                                 const struct val *const *all, size_t count)
{
    const struct val *selectors = val_at(cluster_role, "aggregationRule.clusterRoleSelectors");
    const struct val **sorted = ARENA_ARRAY(a, count, const struct val *);
    const struct val *rules;
    struct seq_builder b;

    if (!val_count(selectors))
        return NULL;
    if (count)
        memcpy(sorted, all, count * sizeof sorted[0]);
    sort_by_name(sorted, count);
    seq_builder_init(&b, a);
    for (size_t s = 0; s < selectors->count; s++) {
        struct selector selector;

        if (label_selector_of(a, selectors->items[s], &selector))
            continue;
        for (size_t i = 0; i < count; i++) {
            const struct val *from = val_get(sorted[i], STR("rules"));

            if (str_eq(val_at_str(sorted[i], "metadata.name"),
                       val_at_str(cluster_role, "metadata.name")) ||
                !label_selector_matches(&selector, sorted[i]))
                continue;
            for (size_t j = 0; j < val_count(from); j++)
                if (!rules_have(&b, from->items[j]))
                    seq_builder_add(&b, from->items[j]);
        }
    }
    rules = b.count ? seq_builder_done(&b, NULL) : &val_null;
    if (val_eq(rules, val_get(cluster_role, STR("rules")) ? val_get(cluster_role, STR("rules"))
                                                          : &val_null))
        return NULL;
    return val_with(a, cluster_role, STR("rules"), rules);
}
