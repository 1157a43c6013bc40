/* SPDX-License-Identifier: Apache-2.0 */
#include "app/reconcile/gate.h"

#include "core/kube/conditions.h"

static struct str own_namespace(const struct val *object)
{
    return val_at_str(object, "metadata.namespace");
}

struct obj_ref gate_source_ref(const struct val *k)
{
    const struct val *ref = val_at(k, "spec.sourceRef");
    struct str ns = val_get_str(ref, "namespace");

    return (struct obj_ref){
        .group = STR("source.toolkit.fluxcd.io"),
        .version = STR("v1"),
        .kind = val_get_str(ref, "kind"),
        .ns = ns.len ? ns : own_namespace(k),
        .name = val_get_str(ref, "name"),
    };
}

struct obj_ref gate_dependency_ref(const struct val *k, size_t i)
{
    const struct val *ref = val_item(val_at(k, "spec.dependsOn"), i);
    struct str ns = val_get_str(ref, "namespace");

    return (struct obj_ref){
        .group = STR("kustomize.toolkit.fluxcd.io"),
        .version = STR("v1"),
        .kind = STR("Kustomization"),
        .ns = ns.len ? ns : own_namespace(k),
        .name = val_get_str(ref, "name"),
    };
}

static bool same_source(const struct val *a, const struct val *b)
{
    struct obj_ref x = gate_source_ref(a), y = gate_source_ref(b);

    return str_eq(x.kind, y.kind) && str_eq(x.ns, y.ns) && str_eq(x.name, y.name);
}

/* What is wrong with one dependency, or "" when it is ready. */
static struct str dependency_problem(struct arena *a, const struct val *k,
                                     const struct obj_ref *ref, const struct val *dep,
                                     const struct val *source)
{
    if (!dep)
        return str_printf(
            a,
            "dependency '%.*s/%.*s' not found: kustomizations.kustomize.toolkit.fluxcd.io \"%.*s\" not found",
            STR_ARG(ref->ns), STR_ARG(ref->name), STR_ARG(ref->name));
    if (val_count(val_at(dep, "status.conditions")) == 0 ||
        val_at_int(dep, "metadata.generation", 0) !=
            val_at_int(dep, "status.observedGeneration", -1) ||
        !condition_is(dep, "Ready", "True"))
        return str_printf(a, "dependency '%.*s/%.*s' is not ready", STR_ARG(ref->ns),
                          STR_ARG(ref->name));
    if (same_source(k, dep) && !str_eq(val_at_str(dep, "status.lastAppliedRevision"),
                                       val_at_str(source, "status.artifact.revision")))
        return str_printf(a, "dependency '%.*s/%.*s' revision is not up to date", STR_ARG(ref->ns),
                          STR_ARG(ref->name));
    return STR("");
}

static void check_dependencies(struct arena *a, const struct val *k,
                               const struct gate_reader *reader, struct gate *g)
{
    for (size_t i = 0; i < val_count(val_at(k, "spec.dependsOn")); i++) {
        struct obj_ref ref = gate_dependency_ref(k, i);
        const struct val *dep = reader->find(reader->self, ref.kind, ref.ns, ref.name);
        struct str problem = dependency_problem(a, k, &ref, dep, g->source);

        if (problem.len == 0)
            continue;
        g->kind = GATE_DEPENDENCY;
        g->reason = "DependencyNotReady";
        g->message = problem;
        return;
    }
}

struct gate gate_of(struct arena *a, const struct val *k, const struct gate_reader *reader,
                    bool no_cross_namespace_refs)
{
    struct obj_ref ref = gate_source_ref(k);
    struct gate g = { .kind = GATE_OPEN };

    if (no_cross_namespace_refs && !str_eq(ref.ns, own_namespace(k))) {
        g.kind = GATE_DENIED;
        g.reason = "AccessDenied";
        g.message = str_printf(
            a, "can't access '%.*s/%.*s/%.*s', cross-namespace references have been blocked",
            STR_ARG(ref.kind), STR_ARG(ref.ns), STR_ARG(ref.name));
        return g;
    }
    g.source = reader->find(reader->self, ref.kind, ref.ns, ref.name);
    if (!g.source) {
        g.kind = GATE_SOURCE_MISSING;
        g.reason = "ArtifactFailed";
        g.message = str_is(ref.kind, "GitRepository")
                        ? str_printf(a,
                                     "gitrepositories.source.toolkit.fluxcd.io \"%.*s\" not found",
                                     STR_ARG(ref.name))
                        : str_printf(a, "source kind '%.*s' is not built yet: use a GitRepository",
                                     STR_ARG(ref.kind));
    } else if (!val_at(g.source, "status.artifact")) {
        g.kind = GATE_NO_ARTIFACT;
        g.reason = "ArtifactFailed";
        g.message = STR("Source artifact not found, retrying in 30s");
    } else {
        check_dependencies(a, k, reader, &g);
    }
    return g;
}
