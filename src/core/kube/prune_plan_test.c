/* SPDX-License-Identifier: Apache-2.0 */
/* What decides over deleting, together: inventory, order, ownership, the plan, drift. */
#include "core/kube/prune_plan.h"

#include "base/arena.h"
#include "base/vec.h"
#include "core/kube/apply_order.h"
#include "core/kube/drift.h"
#include "core/kube/inventory.h"
#include "tests/harness.h"
#include "value/json.h"
#include "value/yaml.h"

static const struct owner owner = { STR_INIT("kustomize.toolkit.fluxcd.io"), STR_INIT("apps"),
                                    STR_INIT("flux-system") };

static const struct val *from_yaml(struct arena *a, const char *text)
{
    const struct val *v = &val_null;
    CHECK(yaml_read(a, str_from_cstr(text), STR("test"), YAML_SIGS, &v) == NULL);
    return v;
}

/* Refs from a comma-separated list of kind/ns/name, all of the core group. */
static struct obj_refs refs_of(struct arena *a, const char *list)
{
    struct obj_refs refs = { 0 };
    for (struct str part, rest = str_from_cstr(list); str_cut(&rest, ',', &part);) {
        struct obj_ref *ref = VEC_PUSH(a, &refs);
        ref->version = STR("v1");
        if (part.len == 0) {
            refs.count--;
            continue;
        }
        (void)(str_cut(&part, '/', &ref->kind) && str_cut(&part, '/', &ref->ns) &&
               str_cut(&part, '/', &ref->name));
    }
    return refs;
}

static struct str list_of(struct arena *a, const struct obj_refs *refs)
{
    struct str all = STR("");
    for (size_t i = 0; i < refs->count; i++)
        all = str_printf(a, "%.*s%s%.*s", STR_ARG(all), i ? "," : "",
                         STR_ARG(obj_ref_format(a, &refs->items[i])));
    return all;
}

TEST(an_inventory_reads_back_and_holds_each_object_once)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct obj_refs refs = refs_of(a, "Secret/b/x,ConfigMap/a/y,Secret/b/x"), back;
    const struct val *v = inventory_format(a, &refs);
    CHECK_STR(
        json_string(a, v, 0),
        "{\"entries\":[{\"id\":\"b_x__Secret\",\"v\":\"v1\"},{\"id\":\"a_y__ConfigMap\",\"v\":\"v1\"}]}");
    REQUIRE(inventory_parse(a, v, &back) == NULL);
    CHECK_STR(list_of(a, &back), "Secret/b/x,ConfigMap/a/y");
    CHECK_STR(back.items[0].version, "v1");
    REQUIRE(inventory_parse(a, NULL, &back) == NULL);
    CHECK_UINT(back.count, 0);
}

TEST(an_entry_that_does_not_parse_is_an_error)
{
    static const char *const cases[] = { "entries: [{id: a_b, v: v1}]", "entries: [{v: v1}]",
                                         "entries: [7]", "entries: 7", "7" };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);
        struct obj_refs refs;
        test_label(cases[i]);
        CHECK(inventory_parse(a, from_yaml(a, cases[i]), &refs) != NULL);
    }
}

TEST(union_and_difference_ignore_versions)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct obj_refs x = refs_of(a, "Secret/n/a,Secret/n/b"),
                    y = refs_of(a, "Secret/n/b,Secret/n/c");
    struct obj_refs both, left;
    y.items[0].version = STR("v2");
    both = inventory_union(a, &x, &y);
    left = inventory_difference(a, &x, &y);
    CHECK_STR(list_of(a, &both), "Secret/n/a,Secret/n/b,Secret/n/c");
    CHECK_STR(list_of(a, &left), "Secret/n/a");
}

/* Order: fluxcd/pkg ssa 2.9. */
TEST(applying_has_an_order_and_deleting_its_reverse)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct obj_refs refs = refs_of(
        a, "ValidatingWebhookConfiguration//v,Widget/n/w,Deployment/n/d,Secret/n/s,"
           "ConfigMap/n/b,ConfigMap/n/a,ConfigMap/m/z,StorageClass//c,Namespace//n,"
           "CustomResourceDefinition//x");
    struct obj_refs none = { 0 }, pruned;
    apply_order_sort_refs(a, &refs, false);
    CHECK_STR(list_of(a, &refs),
              "CustomResourceDefinition/x,Namespace/n,StorageClass/c,ConfigMap/m/z,"
              "ConfigMap/n/a,ConfigMap/n/b,Secret/n/s,Deployment/n/d,Widget/n/w,"
              "ValidatingWebhookConfiguration/v");
    pruned = prune_candidates(a, &refs, &none);
    CHECK_STR(obj_ref_format(a, &pruned.items[0]), "ValidatingWebhookConfiguration/v");
    CHECK_STR(obj_ref_format(a, &pruned.items[9]), "CustomResourceDefinition/x");
    CHECK_INT(apply_stage_of(&refs.items[0]), APPLY_STAGE_DEFINITIONS);
    CHECK_INT(apply_stage_of(&refs.items[2]), APPLY_STAGE_CLASSES);
    CHECK_INT(apply_stage_of(&refs.items[3]), APPLY_STAGE_REST);
}

#define LABELS \
    "metadata:\n  labels: {kustomize.toolkit.fluxcd.io/name: apps, kustomize.toolkit.fluxcd.io/namespace: flux-system}\n"

TEST(only_what_is_ours_and_free_is_deleted)
{
    static const struct {
        const char *name, *yaml;
        enum prune_verdict want;
    } cases[] = {
        { "ours", LABELS, PRUNE_DELETE },
        { "no labels", "metadata: {name: x}\n", PRUNE_FOREIGN },
        { "one label", "metadata: {labels: {kustomize.toolkit.fluxcd.io/name: apps}}\n",
          PRUNE_FOREIGN },
        { "another name",
          "metadata: {labels: {kustomize.toolkit.fluxcd.io/name: app, kustomize.toolkit.fluxcd.io/namespace: flux-system}}\n",
          PRUNE_FOREIGN },
        { "another group",
          "metadata: {labels: {helm.toolkit.fluxcd.io/name: apps, helm.toolkit.fluxcd.io/namespace: flux-system}}\n",
          PRUNE_FOREIGN },
        { "prune disabled", LABELS "  annotations: {kustomize.toolkit.fluxcd.io/prune: Disabled}\n",
          PRUNE_DISABLED },
        { "reconcile disabled",
          LABELS "  annotations: {kustomize.toolkit.fluxcd.io/reconcile: disabled}\n",
          PRUNE_DISABLED },
        { "ssa ignore", LABELS "  annotations: {kustomize.toolkit.fluxcd.io/ssa: ignore}\n",
          PRUNE_DISABLED },
        { "prune enabled", LABELS "  annotations: {kustomize.toolkit.fluxcd.io/prune: enabled}\n",
          PRUNE_DELETE },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);
        test_label(cases[i].name);
        CHECK_INT(prune_verdict_of(from_yaml(a, cases[i].yaml), &owner), cases[i].want);
    }
    test_label(NULL);
    CHECK_INT(prune_verdict_of(NULL, &owner), PRUNE_GONE);
}

TEST(owner_labels_are_set_beside_others)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    const struct val *o = owner_labels_set(a, from_yaml(a, "metadata: {labels: {app: web}}"),
                                           &owner);
    CHECK(owner_labels_match(o, &owner));
    CHECK_STR(val_get_str(val_at(o, "metadata.labels"), "app"), "web");
    CHECK(owner_labels_match(owner_labels_set(a, &val_empty_map, &owner), &owner));
}

TEST(applying_is_forbidden_by_annotation)
{
    static const struct {
        const char *desired, *live;
        bool want;
    } cases[] = {
        { "kind: X", NULL, false },
        { "metadata: {annotations: {kustomize.toolkit.fluxcd.io/reconcile: disabled}}", NULL,
          true },
        { "metadata: {annotations: {kustomize.toolkit.fluxcd.io/ssa: Ignore}}", NULL, true },
        { "metadata: {annotations: {kustomize.toolkit.fluxcd.io/ssa: IfNotPresent}}", NULL, false },
        { "metadata: {annotations: {kustomize.toolkit.fluxcd.io/ssa: IfNotPresent}}", "kind: X",
          true },
        { "kind: X", "metadata: {annotations: {kustomize.toolkit.fluxcd.io/reconcile: disabled}}",
          true },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);
        test_label(cases[i].desired);
        CHECK(policy_forbids_apply(from_yaml(a, cases[i].desired),
                                   cases[i].live ? from_yaml(a, cases[i].live) : NULL,
                                   &owner) == cases[i].want);
    }
}

#define MANAGED(fields)                                                                                   \
    "metadata: {resourceVersion: \"1\", managedFields: [{manager: m, operation: Apply, fieldsV1: " fields \
    "}]}\n"

TEST(drift_is_what_takes_a_field_from_us)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    const struct val *ours = from_yaml(a, MANAGED("{f:data: {f:x: {}}}") "data: {x: \"1\"}\n");
    const struct val *theirs = from_yaml(
        a, MANAGED("{f:data: {f:x: {}}}") "data: {x: \"1\", y: \"2\"}\n");
    const struct val *taken = from_yaml(a, MANAGED("{}") "data: {x: \"2\"}\n");
    const struct takeover by = { .field_manager = STR("m") };

    CHECK(drift_hash(a, ours, &by) == drift_hash(a, theirs, &by));
    CHECK(drift_hash(a, ours, &by) != drift_hash(a, taken, &by));
    CHECK(drift_between(a, NULL, ours) && drift_between(a, ours, theirs));
    CHECK(!drift_between(
        a,
        from_yaml(a,
                  "metadata: {name: x, resourceVersion: \"1\", generation: 1}\nstatus: {a: 1}\n"),
        from_yaml(a, "metadata: {name: x, resourceVersion: \"2\", generation: 2}\n")));
}
