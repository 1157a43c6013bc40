/* SPDX-License-Identifier: Apache-2.0 */
#include "app/reconcile/gate.h"

#include "app/reconcile/history.h"
#include "base/arena.h"
#include "tests/harness.h"
#include "value/json.h"
#include "value/yaml.h"

static const struct val *from_yaml(struct arena *a, const char *text)
{
    const struct val *v = &val_null;
    CHECK(yaml_read(a, str_from_cstr(text), STR("test"), YAML_SIGS, &v) == NULL);
    return v;
}

struct world {
    struct arena *arena;
    const struct val *objects; /* by "Kind/ns/name" */
};

static const struct val *find(void *self, struct str kind, struct str ns, struct str name)
{
    struct world *w = self;
    return val_get(w->objects, str_printf(w->arena, "%.*s/%.*s/%.*s", STR_ARG(kind), STR_ARG(ns),
                                          STR_ARG(name)));
}

#define K \
    "metadata: {name: apps, namespace: ns}\nspec:\n  sourceRef: {kind: GitRepository, name: repo}\n"
#define REPO "GitRepository/ns/repo: {status: {artifact: {revision: main@sha1:1}}}\n"
#define DEP(generation, ready, revision)                                                 \
    "Kustomization/ns/infra:\n  metadata: {namespace: ns, generation: " generation "}\n" \
    "  spec: {sourceRef: {kind: GitRepository, name: repo}}\n"                           \
    "  status: {observedGeneration: 1, lastAppliedRevision: \"" revision                 \
    "\", conditions: [{type: Ready, status: \"" ready "\"}]}\n"

/* Reasons and messages: kustomize-controller 1.9. */
TEST(a_build_waits_for_source_and_dependencies)
{
    static const struct {
        const char *name, *kustomization, *world;
        bool locked;
        enum gate_kind kind;
        const char *message;
    } cases[] = {
        { "open", K, REPO, false, GATE_OPEN, "" },
        { "no source", K, "{}", false, GATE_SOURCE_MISSING,
          "GitRepository.source.toolkit.fluxcd.io \"repo\" not found" },
        { "no artifact", K, "GitRepository/ns/repo: {status: {}}\n", false, GATE_NO_ARTIFACT,
          "Source artifact not found" },
        { "another namespace",
          "metadata: {name: apps, namespace: ns}\nspec: {sourceRef: {kind: GitRepository, name: repo, namespace: other}}\n",
          "GitRepository/other/repo: {status: {artifact: {revision: x}}}\n", true, GATE_DENIED,
          "can't access 'GitRepository/other/repo', cross-namespace references have been blocked" },
        { "another namespace, allowed",
          "metadata: {name: apps, namespace: ns}\nspec: {sourceRef: {kind: GitRepository, name: repo, namespace: other}}\n",
          "GitRepository/other/repo: {status: {artifact: {revision: x}}}\n", false, GATE_OPEN, "" },
        { "own namespace named",
          "metadata: {name: apps, namespace: ns}\nspec: {sourceRef: {kind: GitRepository, name: repo, namespace: ns}}\n",
          REPO, true, GATE_OPEN, "" },
        { "dependency missing", K "  dependsOn: [{name: infra}]\n", REPO, false, GATE_DEPENDENCY,
          "dependency 'ns/infra' not found: kustomizations.kustomize.toolkit.fluxcd.io \"infra\" not found" },
        { "dependency ready", K "  dependsOn: [{name: infra}]\n",
          REPO DEP("1", "True", "main@sha1:1"), false, GATE_OPEN, "" },
        { "dependency not ready", K "  dependsOn: [{name: infra}]\n",
          REPO DEP("1", "False", "main@sha1:1"), false, GATE_DEPENDENCY,
          "dependency 'ns/infra' is not ready" },
        { "dependency not observed", K "  dependsOn: [{name: infra}]\n",
          REPO DEP("2", "True", "main@sha1:1"), false, GATE_DEPENDENCY,
          "dependency 'ns/infra' is not ready" },
        { "dependency behind", K "  dependsOn: [{name: infra}]\n",
          REPO DEP("1", "True", "main@sha1:0"), false, GATE_DEPENDENCY,
          "dependency 'ns/infra' revision is not up to date" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);
        struct world w = { a, from_yaml(a, cases[i].world) };
        struct gate_reader reader = { .find = find, .self = &w };
        struct gate g = gate_of(a, from_yaml(a, cases[i].kustomization), &reader, cases[i].locked);
        test_label(cases[i].name);
        CHECK_INT(g.kind, cases[i].kind);
        CHECK_STR(g.message, cases[i].message);
        CHECK((g.reason == NULL) == (g.kind == GATE_OPEN));
    }
}

static struct str digests(struct arena *a, const struct val *history)
{
    struct str all = STR("");
    for (size_t i = 0; i < val_count(history); i++)
        all = str_printf(a, "%.*s%.*s*%lld ", STR_ARG(all),
                         STR_ARG(val_get_str(val_item(history, i), "digest")),
                         (long long)val_at_int(val_item(history, i), "totalReconciliations", 0));
    return all;
}

TEST(history_keeps_five_and_counts_what_comes_again)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct history_entry e = { .status = STR("ReconciliationSucceeded"),
                               .revision = STR("main@sha1:1"),
                               .duration_ns = 1500000000 };
    const struct val *h = NULL;
    static const char in[] = "abcdefc";
    for (size_t i = 0; i < sizeof in - 1; i++) {
        e.digest = str_of(in + i, 1);
        e.at.ns = (int64_t)i * 1000000000;
        h = history_upsert(a, h, &e);
    }
    CHECK_STR(digests(a, h), "c*2 f*1 e*1 d*1 b*1 ");
    CHECK_STR(val_get_str(val_item(h, 0), "firstReconciled"), "1970-01-01T00:00:02Z");
    CHECK_STR(val_get_str(val_item(h, 0), "lastReconciled"), "1970-01-01T00:00:06Z");
    CHECK_STR(val_get_str(val_item(h, 0), "lastReconciledDuration"), "1.5s");
    CHECK_STR(val_at_str(val_item(h, 0), "metadata.revision"), "main@sha1:1");
    e.status = STR("HealthCheckFailed");
    CHECK_STR(digests(a, history_upsert(a, h, &e)), "c*1 c*2 f*1 e*1 d*1 ");
}

static enum gate_sight observe(void *self, const struct obj_ref *ref, struct str *ret_why)
{
    (void)self;
    *ret_why = str_is(ref->name, "sick") ? STR("0 of 1") : STR("");
    return str_is(ref->name, "sick")     ? GATE_UNHEALTHY
           : str_is(ref->name, "well")   ? GATE_HEALTHY
           : str_is(ref->name, "unseen") ? GATE_UNSEEN
                                         : GATE_ABSENT;
}

/* Ours; Flux 2.9 knows Kustomizations only. */
TEST(a_build_waits_for_objects_of_any_kind)
{
#define ON(dependency) K "  dependsOn: [" dependency "]\n"
    static const struct {
        const char *name, *kustomization, *more;
        enum gate_kind kind;
        const char *message;
    } cases[] = {
        { "well", ON("{apiVersion: apps/v1, kind: Deployment, name: well}"), "", GATE_OPEN, "" },
        { "sick", ON("{apiVersion: apps/v1, kind: Deployment, name: sick}"), "", GATE_DEPENDENCY,
          "dependency 'Deployment/ns/sick' is not ready: 0 of 1" },
        { "sick, but there",
          ON("{apiVersion: apps/v1, kind: Deployment, name: sick, ready: false}"), "", GATE_OPEN,
          "" },
        { "unseen", ON("{apiVersion: v1, kind: ConfigMap, name: unseen, namespace: other}"), "",
          GATE_LOOKING, "dependency 'ConfigMap/other/unseen' is being looked for" },
        { "absent", ON("{apiVersion: v1, kind: ConfigMap, name: absent}"), "", GATE_DEPENDENCY,
          "dependency 'ConfigMap/ns/absent' not found" },
        { "no version", ON("{kind: ConfigMap, name: well}"), "", GATE_DEPENDENCY,
          "dependency 'ConfigMap/ns/well': apiVersion and kind go together" },
        { "itself", ON("{name: apps}"), "", GATE_DEPENDENCY,
          "dependency cycle: 'ns/apps' -> 'ns/apps': none of them can ever be ready; take one "
          "dependsOn away" },
        { "a circle of three", ON("{name: leaf}, {name: b}"),
          "Kustomization/ns/leaf: {metadata: {namespace: ns}, spec: {dependsOn: [{name: gone}]}}\n"
          "Kustomization/ns/b: {metadata: {namespace: ns}, spec: {dependsOn: [{name: leaf}, "
          "{name: c}]}}\n"
          "Kustomization/ns/c: {metadata: {namespace: ns}, spec: {dependsOn: [{name: apps}]}}\n",
          GATE_DEPENDENCY,
          "dependency cycle: 'ns/apps' -> 'ns/b' -> 'ns/c' -> 'ns/apps': none of them can ever be "
          "ready; take one dependsOn away" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);
        struct str world = str_printf(a, "%s%s", REPO, cases[i].more);
        struct world w = { a, from_yaml(a, str_cstr(a, world)) };
        struct gate_reader reader = { .find = find, .observe = observe, .self = &w };
        struct gate g = gate_of(a, from_yaml(a, cases[i].kustomization), &reader, false);

        test_label(cases[i].name);
        CHECK_INT(g.kind, cases[i].kind);
        CHECK(str_eq(g.message, str_from_cstr(cases[i].message)));
    }
}
