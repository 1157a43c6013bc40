/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kustomize/explain.h"

#include "core/kustomize/graph.h"
#include "core/tree_memory.h"
#include "tests/harness.h"

static const char web[] = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n"
                          "  replicas: 1\n  paused: true\n";
static const char prod[] = "resources:\n- ../base\nnamespace: shop\npatches:\n- path: scale.yaml\n"
                           "- target: {kind: Deployment}\n  patch: |-\n    - op: remove\n"
                           "      path: /spec/paused\n";
static const char *const fleet[] = {
    "base/kustomization.yaml",
    "resources:\n- web.yaml\nconfigMapGenerator:\n- name: conf\n  files: [k=data.txt]\n",
    "base/web.yaml",
    web,
    "base/data.txt",
    "x\n",
    "prod/kustomization.yaml",
    prod,
    "prod/scale.yaml",
    "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  replicas: 5\n",
    NULL,
};

static struct tree fleet_tree(struct arena *a)
{
    struct tree_memory *m = tree_memory_new(a);
    for (const char *const *p = fleet; *p; p += 2)
        tree_memory_put(m, str_from_cstr(p[0]), str_from_cstr(p[1]), false);
    return tree_memory_port(m, STR(""));
}

static struct str explained(struct arena *a, const char *wanted)
{
    struct kustomize_options options = { .trace = true };
    struct kustomize_result result = { 0 };
    struct tree tree = fleet_tree(a);
    struct buf out;
    struct err *e = kustomize_build(a, &options, &tree, STR("prod"), &result);
    buf_init(&out, a, 0);
    if (!e)
        e = kustomize_explain(a, &result, str_from_cstr(wanted), &out);
    return e ? err_line(a, e) : buf_str(&out);
}

TEST(a_field_has_the_history_of_its_values)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    CHECK_STR(explained(a, "Deployment/shop/web:spec.replicas"),
              "Deployment/shop/web\nspec.replicas: 5\n"
              "    1  <- base/web.yaml:6:13\n"
              "    5  <- prod/scale.yaml:6:13 (PatchTransformer, prod/kustomization.yaml:5:3: "
              "patches)\n");
    CHECK_STR(explained(a, "Deployment/web:metadata.namespace"),
              "Deployment/shop/web\nmetadata.namespace: \"shop\"\n"
              "    \"shop\"  <- NamespaceTransformer, prod/kustomization.yaml:3:12: namespace\n");
}

TEST(a_field_that_was_removed_says_by_whom)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    CHECK_STR(explained(a, "Deployment/web:spec.paused"),
              "Deployment/shop/web\nspec.paused: (absent)\n"
              "    true  <- base/web.yaml:7:11\n"
              "    (absent)  <- PatchTransformer, prod/kustomization.yaml:6:3: patches\n");
}

TEST(what_is_not_there_is_said_with_what_is)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    CHECK_HAS(explained(a, "Deployment/api"), "Deployment/shop/web");
    CHECK_HAS(explained(a, "Deployment/web:spec.foo"), "never had a field \"spec.foo\"");
}

TEST(a_graph_names_files_and_fields)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct kustomize_options options = { .trace = false };
    struct kustomize_graph g;
    struct tree tree = fleet_tree(a);
    static const struct {
        const char *from, *field, *to;
        unsigned line;
    } want[] = {
        { "prod/kustomization.yaml", "resources", "base/kustomization.yaml", 2 },
        { "base/kustomization.yaml", "resources", "base/web.yaml", 2 },
        { "base/kustomization.yaml", "configMapGenerator", "base/data.txt", 5 },
        { "prod/kustomization.yaml", "patches", "prod/scale.yaml", 5 },
    };
    REQUIRE(kustomize_graph(a, &options, &tree, STR("prod"), &g) == NULL);
    REQUIRE(g.count == sizeof want / sizeof want[0]);
    for (size_t i = 0; i < g.count; i++) {
        CHECK_STR(g.items[i].from, want[i].from);
        CHECK_STR(g.items[i].field, want[i].field);
        CHECK_STR(g.items[i].to, want[i].to);
        CHECK_INT(g.items[i].line, want[i].line);
    }
}

TEST(file_names_of_objects_are_the_peers)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct kustomize_options options = { .trace = false };
    struct kustomize_result result = { 0 };
    struct tree tree = fleet_tree(a);
    REQUIRE(kustomize_build(a, &options, &tree, STR("prod"), &result) == NULL);
    REQUIRE(result.count == 2);
    CHECK_STR(kustomize_file_name(a, &result, 0), "apps_v1_deployment_web.yaml");
    result.items[1].ns = STR("other");
    CHECK_STR(kustomize_file_name(a, &result, 0), "shop_apps_v1_deployment_web.yaml");
}
