/* SPDX-License-Identifier: Apache-2.0 */
#include "core/fleet/scaffold.h"

#include "base/buf.h"
#include "core/apiserver/names.h"

#define KUSTOMIZATION "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"

struct writing {
    struct arena *arena;
    const struct scaffold_options *options;
    struct scaffold *files;
};

static void add(const struct writing *w, struct str path, struct str text)
{
    *VEC_PUSH(w->arena, w->files) = (struct scaffold_file){ path, text };
}

static bool has(const struct names *names, struct str name)
{
    for (size_t i = 0; i < names->count; i++)
        if (str_eq(names->items[i], name))
            return true;
    return false;
}

static struct err *check_names(struct arena *a, const char *what, const struct names *names)
{
    for (size_t i = 0; i < names->count; i++) {
        struct names before = { names->items, i };
        struct name_problems problems = { 0 };

        name_dns_label(a, names->items[i], &problems);
        if (problems.count > 0)
            return err_new(a, ERR_INVALID, "%s \"%.*s\": %.*s", what, STR_ARG(names->items[i]),
                           STR_ARG(problems.items[0]));
        if (has(&before, names->items[i]))
            return err_new(a, ERR_INVALID, "%s \"%.*s\" is given twice", what,
                           STR_ARG(names->items[i]));
        if (str_is(names->items[i], "base"))
            return err_new(a, ERR_INVALID,
                           "%s \"base\": that is the folder which all share, take another name",
                           what);
    }
    return NULL;
}

static struct err *check(struct arena *a, const struct scaffold_options *o)
{
    struct names source = { &o->source, 1 };
    struct err *e;

    if (TRY(&e, check_names(a, "source", &source)) ||
        TRY(&e, check_names(a, "cluster", &o->clusters)) ||
        TRY(&e, check_names(a, "app", &o->apps)) ||
        TRY(&e, check_names(a, "infrastructure", &o->infrastructure)))
        return e;
    if (o->clusters.count == 0 || o->apps.count == 0)
        return err_new(a, ERR_INVALID, "a fleet has at least one %s",
                       o->clusters.count == 0 ? "cluster" : "app");
    for (size_t i = 0; i < o->apps.count; i++)
        if (has(&o->infrastructure, o->apps.items[i]))
            return err_new(a, ERR_INVALID,
                           "\"%.*s\" is an app and infrastructure, which would share a namespace",
                           STR_ARG(o->apps.items[i]));
    return NULL;
}

/* clusters/NAME: what the cluster is pointed at. */
static void add_cluster(const struct writing *w, struct str cluster, const char *layer,
                        const char *depends)
{
    add(w, str_printf(w->arena, "clusters/%.*s/%s.yaml", STR_ARG(cluster), layer),
        str_printf(w->arena,
                   "apiVersion: kustomize.toolkit.fluxcd.io/v1\n"
                   "kind: Kustomization\n"
                   "metadata:\n"
                   "  name: %s\n"
                   "  namespace: flux-system\n"
                   "spec:\n"
                   "  interval: 10m\n"
                   "  retryInterval: 30s\n"
                   "  timeout: 5m\n"
                   "%s"
                   "  sourceRef:\n"
                   "    kind: GitRepository\n"
                   "    name: %.*s\n"
                   "  path: ./%s/%.*s\n"
                   "  prune: true\n"
                   "  wait: true\n",
                   layer, depends, STR_ARG(w->options->source), layer, STR_ARG(cluster)));
}

static void add_app(const struct writing *w, struct str app)
{
    struct arena *a = w->arena;

    add(w, str_printf(a, "apps/base/%.*s/kustomization.yaml", STR_ARG(app)),
        str_printf(a,
                   KUSTOMIZATION "namespace: %.*s\n"
                                 "resources:\n"
                                 "  - deployment.yaml\n"
                                 "  - service.yaml\n"
                                 "configMapGenerator:\n"
                                 "  - name: %.*s-settings\n"
                                 "    literals:\n"
                                 "      - LOG_LEVEL=info\n"
                                 "images:\n"
                                 "  - name: %.*s\n"
                                 "    newName: %.*s/%.*s\n"
                                 "    newTag: 1.0.0\n",
                   STR_ARG(app), STR_ARG(app), STR_ARG(app), STR_ARG(w->options->registry),
                   STR_ARG(app)));
    add(w, str_printf(a, "apps/base/%.*s/deployment.yaml", STR_ARG(app)),
        str_printf(a,
                   "apiVersion: apps/v1\n"
                   "kind: Deployment\n"
                   "metadata:\n"
                   "  name: %.*s\n"
                   "spec:\n"
                   "  replicas: 1\n"
                   "  selector:\n"
                   "    matchLabels:\n"
                   "      app: %.*s\n"
                   "  template:\n"
                   "    metadata:\n"
                   "      labels:\n"
                   "        app: %.*s\n"
                   "    spec:\n"
                   "      containers:\n"
                   "        - name: %.*s\n"
                   "          image: %.*s\n"
                   "          envFrom:\n"
                   "            - configMapRef:\n"
                   "                name: %.*s-settings\n"
                   "          ports:\n"
                   "            - name: http\n"
                   "              containerPort: 8080\n"
                   "          resources:\n"
                   "            requests:\n"
                   "              cpu: 50m\n"
                   "              memory: 64Mi\n",
                   STR_ARG(app), STR_ARG(app), STR_ARG(app), STR_ARG(app), STR_ARG(app),
                   STR_ARG(app)));
    add(w, str_printf(a, "apps/base/%.*s/service.yaml", STR_ARG(app)),
        str_printf(a,
                   "apiVersion: v1\n"
                   "kind: Service\n"
                   "metadata:\n"
                   "  name: %.*s\n"
                   "spec:\n"
                   "  selector:\n"
                   "    app: %.*s\n"
                   "  ports:\n"
                   "    - name: http\n"
                   "      port: 80\n"
                   "      targetPort: http\n",
                   STR_ARG(app), STR_ARG(app)));
}

/* apps/CLUSTER: all apps, in production with more replicas. */
static void add_apps_of(const struct writing *w, struct str cluster)
{
    const struct names *apps = &w->options->apps;
    struct buf out;

    buf_init(&out, w->arena, 0);
    buf_lit(&out, KUSTOMIZATION "resources:\n");
    for (size_t i = 0; i < apps->count; i++)
        buf_printf(&out, "  - ../base/%.*s\n", STR_ARG(apps->items[i]));
    if (str_is(cluster, "production")) {
        buf_lit(&out, "replicas:\n");
        for (size_t i = 0; i < apps->count; i++)
            buf_printf(&out, "  - name: %.*s\n    count: 3\n", STR_ARG(apps->items[i]));
    }
    add(w, str_printf(w->arena, "apps/%.*s/kustomization.yaml", STR_ARG(cluster)), buf_str(&out));
}

struct component {
    const char *name;
    const char *text; /* for one namespace, whose name stands for NAMESPACE */
};

static const struct component components[] = {
    { "access", "apiVersion: v1\n"
                "kind: ServiceAccount\n"
                "metadata:\n"
                "  name: deployer\n"
                "  namespace: NAMESPACE\n"
                "---\n"
                "apiVersion: rbac.authorization.k8s.io/v1\n"
                "kind: RoleBinding\n"
                "metadata:\n"
                "  name: deployer-edit\n"
                "  namespace: NAMESPACE\n"
                "roleRef:\n"
                "  apiGroup: rbac.authorization.k8s.io\n"
                "  kind: ClusterRole\n"
                "  name: edit\n"
                "subjects:\n"
                "  - kind: ServiceAccount\n"
                "    name: deployer\n"
                "    namespace: NAMESPACE\n" },
    { "quotas", "apiVersion: v1\n"
                "kind: ResourceQuota\n"
                "metadata:\n"
                "  name: default\n"
                "  namespace: NAMESPACE\n"
                "spec:\n"
                "  hard:\n"
                "    pods: \"50\"\n" },
    { "network-policies", "apiVersion: networking.k8s.io/v1\n"
                          "kind: NetworkPolicy\n"
                          "metadata:\n"
                          "  name: from-own-namespace\n"
                          "  namespace: NAMESPACE\n"
                          "spec:\n"
                          "  podSelector: {}\n"
                          "  policyTypes:\n"
                          "    - Ingress\n"
                          "  ingress:\n"
                          "    - from:\n"
                          "        - podSelector: {}\n" },
};

static void put_for_namespace(struct buf *out, const char *text, struct str ns)
{
    struct str rest = str_from_cstr(text);
    size_t at;

    while ((at = str_find(rest, STR("NAMESPACE"), 0)) != SIZE_MAX) {
        buf_put(out, str_slice(rest, 0, at));
        buf_put(out, ns);
        rest = str_skip(rest, at + sizeof "NAMESPACE" - 1);
    }
    buf_put(out, rest);
}

static struct str namespace_text(struct arena *a, struct str name)
{
    return str_printf(a, "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: %.*s\n",
                      STR_ARG(name));
}

/* infrastructure/base/NAME: its content for each app, or a namespace to begin with. */
static void add_component(const struct writing *w, struct str name)
{
    const struct names *apps = &w->options->apps;
    const char *text = NULL;
    struct buf out;

    for (size_t i = 0; i < sizeof components / sizeof components[0]; i++)
        if (str_eq(name, str_from_cstr(components[i].name)))
            text = components[i].text;
    buf_init(&out, w->arena, 0);
    for (size_t i = 0; text && i < apps->count; i++) {
        if (i > 0)
            buf_lit(&out, "---\n");
        put_for_namespace(&out, text, apps->items[i]);
    }
    if (!text)
        buf_put(&out, namespace_text(w->arena, name));
    add(w, str_printf(w->arena, "infrastructure/base/%.*s/kustomization.yaml", STR_ARG(name)),
        str_printf(w->arena, KUSTOMIZATION "resources:\n  - %s.yaml\n",
                   text ? "objects" : "namespace"));
    add(w,
        str_printf(w->arena, "infrastructure/base/%.*s/%s.yaml", STR_ARG(name),
                   text ? "objects" : "namespace"),
        buf_str(&out));
}

static void add_infrastructure(const struct writing *w)
{
    const struct scaffold_options *o = w->options;
    struct buf list, namespaces;

    buf_init(&list, w->arena, 0);
    buf_init(&namespaces, w->arena, 0);
    buf_lit(&list, KUSTOMIZATION "resources:\n  - namespaces.yaml\n");
    for (size_t i = 0; i < o->infrastructure.count; i++) {
        buf_printf(&list, "  - %.*s\n", STR_ARG(o->infrastructure.items[i]));
        add_component(w, o->infrastructure.items[i]);
    }
    for (size_t i = 0; i < o->apps.count; i++) {
        if (i > 0)
            buf_lit(&namespaces, "---\n");
        buf_put(&namespaces, namespace_text(w->arena, o->apps.items[i]));
    }
    add(w, STR("infrastructure/base/kustomization.yaml"), buf_str(&list));
    add(w, STR("infrastructure/base/namespaces.yaml"), buf_str(&namespaces));
    for (size_t i = 0; i < o->clusters.count; i++)
        add(w,
            str_printf(w->arena, "infrastructure/%.*s/kustomization.yaml",
                       STR_ARG(o->clusters.items[i])),
            str_printf(w->arena,
                       KUSTOMIZATION "resources:\n"
                                     "  - ../base\n"
                                     "labels:\n"
                                     "  - pairs:\n"
                                     "      environment: %.*s\n",
                       STR_ARG(o->clusters.items[i])));
}

static void add_readme(const struct writing *w)
{
    struct str source = w->options->source, cluster = w->options->clusters.items[0];

    add(w, STR("README.md"),
        str_printf(
            w->arena,
            "# %.*s\n\n"
            "Everything under `clusters/NAME/` is what one cluster is pointed at: which "
            "folders to apply, in which order.\n\n"
            "- `infrastructure/base` is what every cluster stands on, `infrastructure/NAME` "
            "what differs in one.\n"
            "- `apps/base` holds the applications, `apps/NAME` what differs in one cluster.\n"
            "- A change that concerns every cluster is made in a `base`.\n\n"
            "Look at what a cluster would get: `weir kustomize build apps/%.*s`.\n\n"
            "Point a cluster at it:\n\n"
            "```sh\n"
            "weir create source git %.*s --url URL --branch main\n"
            "weir create kustomization %.*s --source %.*s --path ./clusters/%.*s --prune\n"
            "```\n",
            STR_ARG(source), STR_ARG(cluster), STR_ARG(source), STR_ARG(source), STR_ARG(source),
            STR_ARG(cluster)));
}

struct err *scaffold_fleet(struct arena *a, const struct scaffold_options *options,
                           struct scaffold *ret)
{
    struct writing w = { a, options, ret };
    struct err *e;

    *ret = (struct scaffold){ .count = 0 };
    if (TRY(&e, check(a, options)))
        return e;
    add_readme(&w);
    for (size_t i = 0; i < options->clusters.count; i++) {
        add_cluster(&w, options->clusters.items[i], "infrastructure", "");
        add_cluster(&w, options->clusters.items[i], "apps",
                    "  dependsOn:\n    - name: infrastructure\n");
        add_apps_of(&w, options->clusters.items[i]);
    }
    for (size_t i = 0; i < options->apps.count; i++)
        add_app(&w, options->apps.items[i]);
    add_infrastructure(&w);
    return NULL;
}
