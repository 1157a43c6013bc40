/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a cluster has what weir needs, and what it has of weir. */
#include "app/control/query.h"
#include "core/api/kind.h"
#include "core/kube/kstatus.h"
#include "core/semver/semver.h"

#define KUBERNETES_CONSTRAINT ">=1.33.0-0"
#define PART_OF "app.kubernetes.io/part-of=flux"

struct checking {
    struct control_queries *q;
    struct run *run;
    struct finding *items;
    size_t count;
    size_t cap;
    bool failed;
};

static void find(struct checking *c, enum finding_kind kind, struct str text)
{
    *VEC_PUSH(c->run->arena, c) = (struct finding){ kind, text };
    c->failed = c->failed || kind == FINDING_BAD;
}

static void check_version(struct checking *c)
{
    struct arena *a = c->run->arena;
    struct semver_constraints *wanted;
    struct semver version;
    struct str text;
    struct err *e = cluster_version(&c->q->cluster, c->run, &text);

    if (e) {
        find(c, FINDING_BAD,
             str_printf(a, "Kubernetes API call failed: %.*s", STR_ARG(err_line(a, e))));
    } else if (semver_parse(text, &version) ||
               semver_constraints_parse(a, STR(KUBERNETES_CONSTRAINT), &wanted)) {
        find(c, FINDING_BAD, STR("Kubernetes version can't be determined"));
    } else if (!semver_satisfies(wanted, &version)) {
        find(c, FINDING_BAD,
             str_printf(a, "Kubernetes version %.*s does not match " KUBERNETES_CONSTRAINT,
                        STR_ARG(text)));
    } else {
        find(c, FINDING_GOOD,
             str_printf(a, "Kubernetes %.*s " KUBERNETES_CONSTRAINT,
                        STR_ARG(semver_format(a, &version))));
    }
}

static void check_crd(struct checking *c, const struct api_kind *kind)
{
    struct arena *a = c->run->arena;
    struct obj_ref ref = { .group = STR("apiextensions.k8s.io"),
                           .version = STR("v1"),
                           .kind = STR("CustomResourceDefinition") };
    const struct val *crd = NULL, *versions;
    struct err *e;

    ref.name = str_printf(a, "%.*s.%.*s", STR_ARG(kind->plural), STR_ARG(kind->gvk.group));
    e = cluster_get_one(&c->q->cluster, c->run, &ref, &crd);
    versions = val_at(crd, "status.storedVersions");
    if (e)
        find(c, FINDING_BAD, err_line(a, e));
    else if (!crd)
        find(c, FINDING_BAD,
             str_printf(a, "%.*s is not there: `weir run --install-crds` brings it",
                        STR_ARG(ref.name)));
    else if (val_count(versions) == 0)
        find(c, FINDING_BAD, str_printf(a, "no stored versions for %.*s", STR_ARG(ref.name)));
    else
        find(c, FINDING_GOOD,
             str_printf(a, "%.*s/%.*s", STR_ARG(ref.name),
                        STR_ARG(val_str(val_item(versions, val_count(versions) - 1)))));
}

/* The flag is among the arguments, with a value that closes the lock. */
static bool has_lock(const struct val *args, struct str flag)
{
    for (size_t i = 0; i < val_count(args); i++) {
        struct str arg = val_str(val_item(args, i)), value;

        if (!str_has_prefix(arg, flag))
            continue;
        value = str_skip(arg, flag.len);
        if (value.len == 0 || (value.ptr[0] == '=' && value.len > 1 && !str_is(value, "=false")))
            return true;
    }
    return false;
}

/* Flux' multi-tenancy lockdown: what a tenant could reach beyond its namespace while these are not set. */
static void check_locks(struct checking *c, struct str name, const struct val *args)
{
    static const struct {
        const char *flag, *open, *controllers;
    } locks[] = {
        { "--no-cross-namespace-refs", "sources of other namespaces can be named",
          "weir kustomize-controller helm-controller notification-controller" },
        { "--no-remote-bases", "builds may fetch from other machines",
          "weir kustomize-controller" },
        { "--default-service-account", "what names no service account is applied as the controller",
          "weir kustomize-controller helm-controller" },
    };

    for (size_t i = 0; i < sizeof locks / sizeof locks[0]; i++)
        if (str_contains(str_from_cstr(locks[i].controllers), name) &&
            !has_lock(args, str_from_cstr(locks[i].flag)))
            find(c, FINDING_WARNING,
                 str_printf(c->run->arena, "%.*s: %s is not set: %s", STR_ARG(name), locks[i].flag,
                            locks[i].open));
}

static void check_controller(struct checking *c, const struct val *deployment)
{
    static const struct gvk gvk = { STR_INIT("apps"), STR_INIT("v1"), STR_INIT("Deployment") };
    struct arena *a = c->run->arena;
    const struct val *whole = query_complete(a, deployment, &gvk),
                     *containers = val_at(whole, "spec.template.spec.containers");
    struct kstatus status = kstatus_of(a, whole, clock_wall(&c->q->clock));
    struct str name = val_at_str(whole, "metadata.name");

    if (status.code == KSTATUS_CURRENT)
        find(c, FINDING_GOOD, str_printf(a, "%.*s: deployment ready", STR_ARG(name)));
    else
        find(c, FINDING_BAD,
             str_printf(a, "%.*s: deployment not ready: %.*s", STR_ARG(name),
                        STR_ARG(status.message)));
    for (size_t i = 0; i < val_count(containers); i++) {
        find(c, FINDING_NOTE, val_get_str(val_item(containers, i), "image"));
        check_locks(c, name, val_get(val_item(containers, i), STR("args")));
    }
}

static void check_controllers(struct checking *c, struct str ns)
{
    struct arena *a = c->run->arena;
    struct cluster_selector sel = { .gvk = { STR("apps"), STR("v1"), STR("Deployment") },
                                    .ns = ns,
                                    .label_selector = STR(PART_OF) };
    struct cluster_list list = { .count = 0 };
    struct err *e = cluster_list_all(&c->q->cluster, c->run, &sel, &list);

    if (e)
        find(c, FINDING_BAD, err_line(a, e));
    else if (list.count == 0)
        find(c, FINDING_WARNING,
             str_printf(a,
                        "no controllers found in the '%.*s' namespace with the label selector "
                        "'" PART_OF "': weir must run outside of the cluster",
                        STR_ARG(ns)));
    for (size_t i = 0; !e && i < list.count; i++)
        check_controller(c, list.items[i]);
}

struct err *query_check(void *self, struct run *r, struct str ns, bool before, struct findings *ret)
{
    struct checking c = { .q = self, .run = r };
    size_t count;
    const struct api_kind *const *kinds = api_kinds(&count);

    find(&c, FINDING_SECTION, STR("checking prerequisites"));
    check_version(&c);
    if (before && !c.failed)
        find(&c, FINDING_GOOD, STR("prerequisites checks passed"));
    if (!before) {
        find(&c, FINDING_SECTION, STR("checking controllers"));
        check_controllers(&c, ns);
        find(&c, FINDING_SECTION, STR("checking crds"));
        for (size_t i = 0; i < count; i++)
            check_crd(&c, kinds[i]);
        if (!c.failed)
            find(&c, FINDING_GOOD, STR("all checks passed"));
    }
    *ret = (struct findings){ .items = c.items, .count = c.count, .failed = c.failed };
    return NULL;
}
