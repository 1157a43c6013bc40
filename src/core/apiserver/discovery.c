/* SPDX-License-Identifier: Apache-2.0 */
#include "core/apiserver/discovery.h"

#include "base/vec.h"
#include "core/apiserver/crd.h"

/* Group priorities of kube-aggregator, highest first; groups of CRDs come after, by name. */
static const struct str group_order[] = {
    STR_INIT(""),
    STR_INIT("apiregistration.k8s.io"),
    STR_INIT("apps"),
    STR_INIT("events.k8s.io"),
    STR_INIT("authentication.k8s.io"),
    STR_INIT("authorization.k8s.io"),
    STR_INIT("autoscaling"),
    STR_INIT("batch"),
    STR_INIT("certificates.k8s.io"),
    STR_INIT("networking.k8s.io"),
    STR_INIT("policy"),
    STR_INIT("rbac.authorization.k8s.io"),
    STR_INIT("storage.k8s.io"),
    STR_INIT("admissionregistration.k8s.io"),
    STR_INIT("apiextensions.k8s.io"),
    STR_INIT("scheduling.k8s.io"),
    STR_INIT("coordination.k8s.io"),
    STR_INIT("node.k8s.io"),
    STR_INIT("discovery.k8s.io"),
    STR_INIT("resource.k8s.io"),
    STR_INIT("flowcontrol.apiserver.k8s.io"),
};

struct group_version {
    struct str group;
    struct str version;
    size_t rank;
};

struct group_versions {
    struct group_version *items; /* by group rank, then version, highest first */
    size_t count;
    size_t cap;
};

static size_t group_rank(struct str group)
{
    size_t count = sizeof group_order / sizeof group_order[0];

    for (size_t i = 0; i < count; i++)
        if (str_eq(group_order[i], group))
            return i;
    return count;
}

static int group_version_cmp(const struct group_version *x, const struct group_version *y)
{
    int order;

    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    order = str_cmp(x->group, y->group);
    return order ? order : kube_version_cmp(x->version, y->version);
}

/* Every group and version that is served, in order. */
static struct group_versions versions_of(struct arena *a, const struct served_resources *s)
{
    struct group_versions list = { 0 };

    for (size_t i = 0; i < s->count; i++) {
        const struct api_resource *r = s->items[i];
        struct group_version gv = { r->gvk.group, r->gvk.version, 0 };
        size_t at = 0;

        if (r->crd && !r->crd->served)
            continue;
        gv.rank = group_rank(gv.group);
        while (at < list.count && group_version_cmp(&list.items[at], &gv) < 0)
            at++;
        if (at < list.count && group_version_cmp(&list.items[at], &gv) == 0)
            continue;
        (void)VEC_PUSH(a, &list);
        memmove(&list.items[at + 1], &list.items[at], (list.count - 1 - at) * sizeof list.items[0]);
        list.items[at] = gv;
    }
    return list;
}

static bool is_of(const struct api_resource *r, const struct group_version *gv)
{
    return str_eq(r->gvk.group, gv->group) && str_eq(r->gvk.version, gv->version) &&
           (!r->crd || r->crd->served);
}

/* ---- the plain documents ---- */

static const struct val *text(struct arena *a, struct str s)
{
    return val_string(a, s);
}

const struct val *discovery_api_versions(struct arena *a, struct str server_address)
{
    const struct val *v1 = val_cstring(a, "v1");
    const struct val *address = val_map_of(a, "clientCIDR", val_cstring(a, "0.0.0.0/0"),
                                           "serverAddress", text(a, server_address), NULL);

    return val_map_of(a, "kind", val_cstring(a, "APIVersions"), "versions", val_seq(a, &v1, 1),
                      "serverAddressByClientCIDRs", val_seq(a, &address, 1), NULL);
}

static const struct val *group_version_of(struct arena *a, const struct group_version *gv)
{
    return val_map_of(a, "groupVersion", text(a, api_version_format(a, gv->group, gv->version)),
                      "version", text(a, gv->version), NULL);
}

static const struct val *api_group(struct arena *a, const struct group_versions *list, size_t from,
                                   bool alone)
{
    struct seq_builder versions;

    seq_builder_init(&versions, a);
    for (size_t i = from; i < list->count; i++)
        if (str_eq(list->items[i].group, list->items[from].group))
            seq_builder_add(&versions, group_version_of(a, &list->items[i]));
    return val_map_of(a, "kind", alone ? val_cstring(a, "APIGroup") : NULL, "apiVersion",
                      alone ? val_cstring(a, "v1") : NULL, "name", text(a, list->items[from].group),
                      "versions", seq_builder_done(&versions, NULL), "preferredVersion",
                      group_version_of(a, &list->items[from]), NULL);
}

const struct val *discovery_group_list(struct arena *a, const struct served_resources *s)
{
    struct group_versions list = versions_of(a, s);
    struct seq_builder groups;

    seq_builder_init(&groups, a);
    for (size_t i = 0; i < list.count; i++)
        if (list.items[i].group.len &&
            (!i || !str_eq(list.items[i].group, list.items[i - 1].group)))
            seq_builder_add(&groups, api_group(a, &list, i, false));
    return val_map_of(a, "kind", val_cstring(a, "APIGroupList"), "apiVersion", val_cstring(a, "v1"),
                      "groups", seq_builder_done(&groups, NULL), NULL);
}

const struct val *discovery_group(struct arena *a, const struct served_resources *s,
                                  struct str group)
{
    struct group_versions list = versions_of(a, s);

    for (size_t i = 0; i < list.count; i++)
        if (group.len && str_eq(list.items[i].group, group))
            return api_group(a, &list, i, true);
    return NULL;
}

static const struct val *verbs_of(struct arena *a, unsigned verbs)
{
    static const enum api_verb order[] = { API_CREATE, API_DELETE, API_DELETE_COLLECTION,
                                           API_GET,    API_LIST,   API_PATCH,
                                           API_UPDATE, API_WATCH };
    struct seq_builder b;

    seq_builder_init(&b, a);
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
        if (verbs & order[i])
            seq_builder_add(&b, text(a, api_verb_name(order[i])));
    return seq_builder_done(&b, NULL);
}

static const struct val *words(struct arena *a, struct str list)
{
    struct seq_builder b;
    struct str one;

    if (!list.len)
        return NULL;
    seq_builder_init(&b, a);
    while (str_cut(&list, ',', &one))
        seq_builder_add(&b, text(a, one));
    return seq_builder_done(&b, NULL);
}

static const struct val *resource_entry(struct arena *a, const struct api_resource *r)
{
    return val_map_of(a, "name", text(a, r->plural), "singularName", text(a, r->singular),
                      "namespaced", val_bool(r->namespaced), "kind", text(a, r->gvk.kind), "verbs",
                      verbs_of(a, r->verbs), "shortNames", words(a, r->short_names), "categories",
                      words(a, r->categories), "storageVersionHash",
                      r->storage_hash.len ? text(a, r->storage_hash) : NULL, NULL);
}

static const struct val *subresource_entry(struct arena *a, const struct api_resource *r,
                                           const struct api_subresource *s)
{
    bool other = s->version.len > 0;

    return val_map_of(a, "name",
                      text(a, str_printf(a, "%.*s/%.*s", STR_ARG(r->plural), STR_ARG(s->name))),
                      "singularName", &val_empty_string, "namespaced", val_bool(r->namespaced),
                      "group", other && s->group.len ? text(a, s->group) : NULL, "version",
                      other ? text(a, s->version) : NULL, "kind", text(a, s->kind), "verbs",
                      verbs_of(a, s->verbs), NULL);
}

const struct val *discovery_resource_list(struct arena *a, const struct served_resources *s,
                                          struct str group, struct str version)
{
    struct group_version gv = { group, version, 0 };
    struct seq_builder b;

    seq_builder_init(&b, a);
    for (size_t i = 0; i < s->count; i++) {
        const struct api_resource *r = s->items[i];

        if (!is_of(r, &gv))
            continue;
        seq_builder_add(&b, resource_entry(a, r));
        for (size_t j = 0; j < r->subresource_count; j++)
            seq_builder_add(&b, subresource_entry(a, r, &r->subresources[j]));
    }
    if (!b.count)
        return NULL;
    return val_map_of(a, "kind", val_cstring(a, "APIResourceList"), "apiVersion",
                      val_cstring(a, "v1"), "groupVersion",
                      text(a, api_version_format(a, group, version)), "resources",
                      seq_builder_done(&b, NULL), NULL);
}

/* ---- the aggregated document ---- */

static const struct val *response_kind(struct arena *a, const struct api_resource *r,
                                       const struct api_subresource *s)
{
    bool other = s && s->version.len;

    return val_map_of(a, "group", text(a, other ? s->group : r->gvk.group), "version",
                      text(a, other ? s->version : r->gvk.version), "kind",
                      text(a, s ? s->kind : r->gvk.kind), NULL);
}

static const struct val *aggregated_resource(struct arena *a, const struct api_resource *r)
{
    struct seq_builder subs;

    seq_builder_init(&subs, a);
    for (size_t i = 0; i < r->subresource_count; i++) {
        const struct api_subresource *s = &r->subresources[i];

        seq_builder_add(&subs,
                        val_map_of(a, "subresource", text(a, s->name), "responseKind",
                                   response_kind(a, r, s), "verbs", verbs_of(a, s->verbs), NULL));
    }
    return val_map_of(a, "resource", text(a, r->plural), "responseKind", response_kind(a, r, NULL),
                      "scope", val_cstring(a, r->namespaced ? "Namespaced" : "Cluster"),
                      "singularResource", text(a, r->singular), "verbs", verbs_of(a, r->verbs),
                      "shortNames", words(a, r->short_names), "categories", words(a, r->categories),
                      "subresources", subs.count ? seq_builder_done(&subs, NULL) : NULL, NULL);
}

static const struct val *aggregated_version(struct arena *a, const struct served_resources *s,
                                            const struct group_version *gv)
{
    struct seq_builder b;

    seq_builder_init(&b, a);
    for (size_t i = 0; i < s->count; i++)
        if (is_of(s->items[i], gv))
            seq_builder_add(&b, aggregated_resource(a, s->items[i]));
    return val_map_of(a, "version", text(a, gv->version), "resources", seq_builder_done(&b, NULL),
                      "freshness", val_cstring(a, "Current"), NULL);
}

const struct val *discovery_aggregated(struct arena *a, const struct served_resources *s, bool core,
                                       struct str version)
{
    struct group_versions list = versions_of(a, s);
    struct seq_builder groups;

    seq_builder_init(&groups, a);
    for (size_t i = 0; i < list.count;) {
        struct str group = list.items[i].group;
        struct seq_builder versions;

        seq_builder_init(&versions, a);
        for (; i < list.count && str_eq(list.items[i].group, group); i++)
            if (core == !group.len)
                seq_builder_add(&versions, aggregated_version(a, s, &list.items[i]));
        if (versions.count)
            seq_builder_add(&groups,
                            val_map_of(a, "metadata",
                                       val_map_of(a, "name", group.len ? text(a, group) : NULL,
                                                  "creationTimestamp", &val_null, NULL),
                                       "versions", seq_builder_done(&versions, NULL), NULL));
    }
    return val_map_of(a, "kind", val_cstring(a, "APIGroupDiscoveryList"), "apiVersion",
                      text(a, str_printf(a, "apidiscovery.k8s.io/%.*s", STR_ARG(version))),
                      "metadata", &val_empty_map, "items", seq_builder_done(&groups, NULL), NULL);
}

const struct val *discovery_version(struct arena *a, struct str build_date)
{
    return val_map_of(a, "major", val_cstring(a, "1"), "minor", val_cstring(a, "35"),
                      "emulationMajor", val_cstring(a, "1"), "emulationMinor", val_cstring(a, "35"),
                      "minCompatibilityMajor", val_cstring(a, "1"), "minCompatibilityMinor",
                      val_cstring(a, "34"), "gitVersion", val_cstring(a, "v1.35.4+weir"),
                      "gitCommit", &val_empty_string, "gitTreeState", val_cstring(a, "clean"),
                      "buildDate", text(a, build_date), "goVersion", &val_empty_string, "compiler",
                      val_cstring(a, "gcc"), "platform", val_cstring(a, "linux/amd64"), NULL);
}

const struct val *discovery_root_paths(struct arena *a, const struct served_resources *s)
{
    static const char *const fixed[] = { "/healthz",    "/livez",  "/openapi/v2",
                                         "/openapi/v3", "/readyz", "/version" };
    struct group_versions list = versions_of(a, s);
    struct seq_builder b;

    seq_builder_init(&b, a);
    seq_builder_add(&b, val_cstring(a, "/api"));
    seq_builder_add(&b, val_cstring(a, "/api/v1"));
    seq_builder_add(&b, val_cstring(a, "/apis"));
    for (size_t i = 0; i < list.count; i++) {
        struct str group = list.items[i].group;

        if (!group.len)
            continue;
        if (!str_eq(group, list.items[i - (i > 0)].group) || !i)
            seq_builder_add(&b, text(a, str_printf(a, "/apis/%.*s", STR_ARG(group))));
        seq_builder_add(&b, text(a, str_printf(a, "/apis/%.*s/%.*s", STR_ARG(group),
                                               STR_ARG(list.items[i].version))));
    }
    for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++)
        seq_builder_add(&b, val_cstring(a, fixed[i]));
    return val_map_of(a, "paths", seq_builder_done(&b, NULL), NULL);
}
