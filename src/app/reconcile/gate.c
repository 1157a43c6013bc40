/* SPDX-License-Identifier: Apache-2.0 */
#include "app/reconcile/gate.h"

#include "base/buf.h"
#include "base/map.h"
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

struct gate_dependency gate_dependency_at(const struct val *k, size_t i)
{
    const struct val *ref = val_item(val_at(k, "spec.dependsOn"), i);
    struct str ns = val_get_str(ref, "namespace"), kind = val_get_str(ref, "kind");
    struct gate_dependency d = {
        .ref = { .group = STR("kustomize.toolkit.fluxcd.io"),
                 .version = STR("v1"),
                 .kind = kind.len ? kind : STR("Kustomization"),
                 .ns = ns.len ? ns : own_namespace(k),
                 .name = val_get_str(ref, "name") },
        .ready = val_at_bool(ref, "ready", true),
    };

    d.is_malformed = (kind.len > 0) != (val_get_str(ref, "apiVersion").len > 0);
    if (kind.len > 0)
        (void)api_version_parse(val_get_str(ref, "apiVersion"), &d.ref.group, &d.ref.version);
    d.is_kustomization = !d.is_malformed && str_is(d.ref.kind, "Kustomization") &&
                         str_is(d.ref.group, "kustomize.toolkit.fluxcd.io");
    return d;
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

/* The way from `k` to itself through dependsOn, as it is being walked. */
struct walk {
    struct arena *arena;
    const struct gate_reader *reader;
    struct str self;     /* ns/name */
    struct map been;     /* ns/name of what leads to no cycle */
    struct str path[64]; /* longer chains are not looked through */
    size_t depth;
};

static bool leads_back(struct walk *w, const struct val *k);

static bool step_leads_back(struct walk *w, const struct gate_dependency *d)
{
    struct str name = str_printf(w->arena, "%.*s/%.*s", STR_ARG(d->ref.ns), STR_ARG(d->ref.name));
    const struct val *next;

    if (!d->is_kustomization || w->depth == sizeof w->path / sizeof w->path[0] ||
        map_get(&w->been, name))
        return false;
    w->path[w->depth++] = name;
    next = w->reader->find(w->reader->self, d->ref.kind, d->ref.ns, d->ref.name);
    if (str_eq(name, w->self) || (next && leads_back(w, next)))
        return true;
    w->depth--;
    (void)map_set(&w->been, name, w);
    return false;
}

static bool leads_back(struct walk *w, const struct val *k)
{
    for (size_t i = 0; i < val_count(val_at(k, "spec.dependsOn")); i++) {
        struct gate_dependency d = gate_dependency_at(k, i);

        if (step_leads_back(w, &d))
            return true;
    }
    return false;
}

/* "'ns/a' -> 'ns/b' -> 'ns/a'", or "". */
static struct str find_cycle(struct arena *a, const struct val *k, const struct gate_reader *reader)
{
    struct walk w = { .arena = a, .reader = reader };
    struct buf out;

    w.self = str_printf(a, "%.*s/%.*s", STR_ARG(own_namespace(k)),
                        STR_ARG(val_at_str(k, "metadata.name")));
    map_init(&w.been, a);
    if (!leads_back(&w, k))
        return STR("");
    buf_init(&out, a, 0);
    buf_printf(&out, "'%.*s'", STR_ARG(w.self));
    for (size_t i = 0; i < w.depth; i++)
        buf_printf(&out, " -> '%.*s'", STR_ARG(w.path[i]));
    return buf_str(&out);
}

/* What is wrong with a dependency of another kind, or ""; *ret_unseen: it is not known yet. */
static struct str object_problem(struct arena *a, const struct gate_dependency *d,
                                 const struct gate_reader *reader, bool *ret_unseen)
{
    struct str shown = obj_ref_format(a, &d->ref), why = STR("");
    enum gate_sight sight = reader->observe && !d->is_malformed
                                ? reader->observe(reader->self, &d->ref, &why)
                                : GATE_ABSENT;

    if (d->is_malformed)
        return str_printf(a, "dependency '%.*s': apiVersion and kind go together", STR_ARG(shown));
    *ret_unseen = sight == GATE_UNSEEN;
    if (sight == GATE_UNSEEN)
        return str_printf(a, "dependency '%.*s' is being looked for", STR_ARG(shown));
    if (sight == GATE_ABSENT)
        return str_printf(a, "dependency '%.*s' not found%s%.*s", STR_ARG(shown),
                          why.len ? ": " : "", STR_ARG(why));
    if (sight == GATE_UNHEALTHY && d->ready)
        return str_printf(a, "dependency '%.*s' is not ready%s%.*s", STR_ARG(shown),
                          why.len ? ": " : "", STR_ARG(why));
    return STR("");
}

static void check_dependencies(struct arena *a, const struct val *k,
                               const struct gate_reader *reader, struct gate *g)
{
    struct str cycle = val_count(val_at(k, "spec.dependsOn")) ? find_cycle(a, k, reader) : STR("");

    if (cycle.len > 0) {
        g->kind = GATE_DEPENDENCY;
        g->reason = "DependencyNotReady";
        g->message = str_printf(a,
                                "dependency cycle: %.*s: none of them can ever be ready; take one "
                                "dependsOn away",
                                STR_ARG(cycle));
        return;
    }
    for (size_t i = 0; i < val_count(val_at(k, "spec.dependsOn")); i++) {
        struct gate_dependency d = gate_dependency_at(k, i);
        bool unseen = false;
        struct str problem = d.is_kustomization
                                 ? dependency_problem(
                                       a, k, &d.ref,
                                       reader->find(reader->self, d.ref.kind, d.ref.ns, d.ref.name),
                                       g->source)
                                 : object_problem(a, &d, reader, &unseen);

        if (problem.len == 0)
            continue;
        g->kind = unseen ? GATE_LOOKING : GATE_DEPENDENCY;
        g->reason = "DependencyNotReady";
        g->message = problem;
        return;
    }
}

/* With --no-cross-namespace-refs an object of another kind is not looked for elsewhere: whether it is there is told. */
static bool reaches_out(struct arena *a, const struct val *k, struct gate *g)
{
    for (size_t i = 0; i < val_count(val_at(k, "spec.dependsOn")); i++) {
        struct gate_dependency d = gate_dependency_at(k, i);

        if (d.is_kustomization || str_eq(d.ref.ns, own_namespace(k)))
            continue;
        g->kind = GATE_DENIED;
        g->reason = "AccessDenied";
        g->message = str_printf(a,
                                "can't access '%.*s', cross-namespace references have been blocked",
                                STR_ARG(obj_ref_format(a, &d.ref)));
        return true;
    }
    return false;
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
    if (no_cross_namespace_refs && reaches_out(a, k, &g))
        return g;
    g.source = reader->find(reader->self, ref.kind, ref.ns, ref.name);
    if (!g.source) {
        g.kind = GATE_SOURCE_MISSING;
        g.reason = "ArtifactFailed";
        g.message = str_is(ref.kind, "GitRepository")
                        ? str_printf(a, "GitRepository.source.toolkit.fluxcd.io \"%.*s\" not found",
                                     STR_ARG(ref.name))
                        : str_printf(a, "source kind '%.*s' is not built yet: use a GitRepository",
                                     STR_ARG(ref.kind));
    } else if (!val_at(g.source, "status.artifact")) {
        g.kind = GATE_NO_ARTIFACT;
        g.reason = "ArtifactFailed";
        g.message = STR("Source artifact not found");
    } else {
        check_dependencies(a, k, reader, &g);
    }
    return g;
}
