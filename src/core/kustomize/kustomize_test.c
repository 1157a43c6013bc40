/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kustomize/kustomize.h"

#include "base/arena.h"
#include "core/kustomize/flux.h"
#include "core/kustomize/image_name.h"
#include "core/kustomize/label_selector.h"
#include "core/tree_memory.h"
#include "tests/harness.h"
#include "value/json.h"
#include "value/yaml.h"

#define CM(name) "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: " name "\n"

static const char map_a[] = CM("a"), map_s[] = CM("s"), map_z[] = CM("z");

static struct tree files(struct arena *a, const char *const *pairs)
{
    struct tree_memory *m = tree_memory_new(a);
    for (; pairs[0]; pairs += 2)
        tree_memory_put(m, str_from_cstr(pairs[0]), str_from_cstr(pairs[1]), false);
    return tree_memory_port(m, STR(""));
}

/* What is printed, or the error's text. */
static struct str build(struct arena *a, const char *const *pairs, const char *path)
{
    struct tree t = files(a, pairs);
    struct kustomize_options options = { .load_anywhere = true };
    struct kustomize_result result = { 0 };
    struct buf out;
    struct err *e = kustomize_build(a, &options, &t, str_from_cstr(path), &result);
    if (e)
        return err_line(a, e);
    buf_init(&out, a, 0);
    kustomize_print(&out, &result);
    return buf_str(&out);
}

TEST(an_overlay_of_a_base)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    const char *const pairs[] = { "base/kustomization.yaml",
                                  "resources: [a.yaml]\n",
                                  "base/a.yaml",
                                  map_a,
                                  "over/kustomization.yaml",
                                  "resources: [../base]\nnamePrefix: p-\nnamespace: shop\n",
                                  NULL };
    CHECK_STR(build(a, pairs, "over"),
              "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: p-a\n  namespace: shop\n");
}

TEST(what_is_wrong_is_named_with_its_place)
{
    static const struct {
        const char *name, *kustomization, *want;
    } cases[] = {
        { "unknown field", "resources: [a.yaml]\nnamePrefix: x\nfoo: 1\n",
          "kustomization.yaml:3:1: unknown field \"foo\"" },
        { "type of a field", "resources: a.yaml\n",
          "field \"resources\" must be an array of strings, not string" },
        { "missing file", "resources: [gone.yaml]\n", "resource \"gone.yaml\" does not exist" },
        { "path that escapes", "resources: [../../etc]\n", "escapes the root" },
        { "remote base", "resources: [\"https://example.com/x\"]\n",
          "remote resource \"https://example.com/x\" is not allowed" },
        { "helm", "helmCharts: [{name: x}]\n", "helmCharts: not supported" },
        { "same object twice", "resources: [a.yaml, b.yaml]\n", "already registered id" },
        { "container plugin",
          "resources: [a.yaml]\ntransformers: [\"apiVersion: x/v1\\nkind: "
          "F\\nmetadata: {name: f}\\n\"]\n",
          "only builtin plugins" },
        { "empty", "kind: Kustomization\n", "the kustomization is empty" },
        { "cycle", "resources: [.]\n", "cycle" },
        { "patch without target", "resources: [a.yaml]\npatches: [{patch: '[{op: x}]'}]\n",
          "patch" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);
        const char *const pairs[] = {
            "kustomization.yaml", cases[i].kustomization, "a.yaml", map_a, "b.yaml", map_a, NULL
        };
        test_label(cases[i].name);
        CHECK_HAS(build(a, pairs, ""), cases[i].want);
    }
}

TEST(a_build_with_another_schema_does_not_touch_the_next)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    const char *const plain[] = {
        "kustomization.yaml",
        "resources: [p.yaml]\npatches: [{path: q.yaml}]\n",
        "p.yaml",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: a}]}\n",
        "q.yaml",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: b}]}\n",
        NULL,
    };
    const char *const other[] = {
        "kustomization.yaml",
        "resources: [p.yaml]\npatches: [{path: q.yaml}]\nopenapi: {path: s.json}\n",
        "s.json",
        "{\"definitions\": {}}",
        "p.yaml",
        plain[3],
        "q.yaml",
        plain[5],
        NULL,
    };
    struct str before = str_dup(a, build(a, plain, ""));
    struct str replaced = build(a, other, "");
    CHECK(!str_contains(replaced, STR("name: a")));
    CHECK_HAS(before, "name: a");
    CHECK_STR(build(a, plain, ""), before);
}

TEST(flux_generates_a_kustomization)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    const char *const pairs[] = { "app/z.yaml",
                                  map_z,
                                  "app/notes.txt",
                                  "x",
                                  "app/sub/kustomization.yaml",
                                  "resources: [s.yml]\nnamePrefix: q-\n",
                                  "app/sub/s.yml",
                                  map_s,
                                  NULL };
    struct tree t = files(a, pairs);
    const struct val *spec = NULL;
    struct kustomize_result result = { 0 };
    REQUIRE(yaml_read(a,
                      STR("targetNamespace: prod\n"
                          "patches: [{patch: '[{\"op\":\"add\",\"path\":\"/data\",\"value\":{}}]',"
                          " target: {name: z}}]\n"),
                      STR("ks"), YAML_SIGS, &spec) == NULL);
    struct flux_build build_args = { .spec = spec };
    REQUIRE(flux_build(a, &build_args, &t, STR("app"), &result) == NULL);
    REQUIRE(result.count == 2);
    CHECK_STR(val_at_str(result.items[0].object, "metadata.name"), "q-s");
    CHECK_STR(val_at_str(result.items[1].object, "metadata.namespace"), "prod");
    CHECK(val_get(result.items[1].object, STR("data")) != NULL);
}

TEST(flux_leaves_out_what_has_no_name_as_text)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    const char *const pairs[] = { "app/s.yml",
                                  "apiVersion: v1\nkind: Secret\nmetadata: {name: true}\n", NULL };
    struct tree t = files(a, pairs);
    struct kustomize_result result = { 0 };
    struct flux_build build_args = { 0 };
    REQUIRE(flux_build(a, &build_args, &t, STR("app"), &result) == NULL);
    CHECK_UINT(result.count, 0);
}

TEST(flux_replaces_build_metadata_and_rounds_large_integers)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    const char *const pairs[] = {
        "app/s.yml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\nbig: 12345678901234567890\n",
        "app/kustomization.yaml",
        "resources: [s.yml]\nbuildMetadata: [originAnnotations]\n",
        NULL,
    };
    struct tree t = files(a, pairs);
    struct kustomize_result result = { 0 };
    const struct val *spec = val_map_of(
        a, "buildMetadata",
        val_seq(a, (const struct val *[]){ val_cstring(a, "transformerAnnotations") }, 1), NULL);
    struct flux_build build_args = { .spec = spec };
    REQUIRE(flux_build(a, &build_args, &t, STR("app"), &result) == NULL);
    REQUIRE(result.count == 1);
    CHECK(val_at(result.items[0].object, "metadata.annotations") == NULL);
    CHECK_STR(json_string(a, val_get(result.items[0].object, STR("big")), JSON_COMPACT),
              "12345678901234567000");
}

TEST(flux_sets_common_metadata)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    const struct val *object = NULL, *common = NULL;
    REQUIRE(yaml_read(a, STR("metadata: {labels: {a: own, k: ~}, annotations: {bad: 1}}\n"),
                      STR("object"), YAML_SIGS, &object) == NULL);
    REQUIRE(yaml_read(a, STR("{labels: {a: theirs, b: x}, annotations: {c: z}}\n"), STR("common"),
                      YAML_SIGS, &common) == NULL);
    object = flux_common_metadata(a, object, common);
    CHECK_STR(
        json_string(a, val_get(object, STR("metadata")), JSON_COMPACT),
        "{\"labels\":{\"a\":\"theirs\",\"k\":\"\",\"b\":\"x\"},\"annotations\":{\"c\":\"z\"}}");
}

TEST(flux_refuses_remote_components)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    const char *const pairs[] = { "app/z.yaml", map_z, NULL };
    struct tree t = files(a, pairs);
    const struct val *name = val_cstring(a, "https://example.com/c");
    struct flux_build args = { .spec = val_map_of(a, "components", val_seq(a, &name, 1),
                                                  (char *)NULL) };
    struct kustomize_result result;
    struct err *e = flux_build(a, &args, &t, STR("app"), &result);
    REQUIRE(e != NULL);
    CHECK_HAS(err_line(a, e), "must be local and relative");
}

TEST(image_names_are_split_behind_the_registry)
{
    struct image_name n = image_name_split(STR("reg:5000/web:1.2@sha256:aa"));
    CHECK_STR(n.name, "reg:5000/web");
    CHECK_STR(n.tag, "1.2");
    CHECK_STR(n.digest, "sha256:aa");
    ARENA_AUTO struct arena *a = arena_new(0);
    struct image_matcher *m = image_matcher_new(a, STR("nginx"));
    CHECK(image_matcher_matches(m, STR("nginx:1@sha512:bb")));
    CHECK(!image_matcher_matches(m, STR("nginx-extra")));
    CHECK(!image_matcher_matches(image_matcher_new(a, STR("[")), STR("[")));
    CHECK(image_matcher_matches(image_matcher_new(a, STR("ngin(x|y)")), STR("nginy:2")));
}

TEST(selector_strings)
{
    static const struct {
        const char *text;
        bool matches;
    } cases[] = {
        { "a=1", true },          { "a==1,b!=3", true }, { "a in (1, 2)", true },
        { "a notin (1)", false }, { "!c", true },        { "c", false },
        { "n>3", true },          { "n<3", false },      { "b!=2", false },
    };
    ARENA_AUTO struct arena *a = arena_new(0);
    const struct val *labels = val_map_of(a, "a", val_cstring(a, "1"), "b", val_cstring(a, "2"),
                                          "n", val_cstring(a, "5"), (char *)NULL);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct kust_labels rules;
        test_label(cases[i].text);
        REQUIRE(kust_labels_parse(a, str_from_cstr(cases[i].text), &rules) == NULL);
        CHECK(kust_labels_match(a, &rules, labels) == cases[i].matches);
    }
    struct kust_labels rules;
    CHECK(kust_labels_parse(a, STR("a in 1"), &rules) != NULL);
    CHECK(kust_labels_parse(a, STR("a,,b"), &rules) != NULL);
}

#define WIDGET(items) \
    "apiVersion: x.y/v1\nkind: Widget\nmetadata: {name: w}\nspec:\n  parts: [" items "]\n"

/* A schema by which a Widget's parts are merged by name. */
#define WIDGET_SCHEMA                                                                                        \
    "{\"definitions\": {\"y.x.v1.Widget\": {\"type\": \"object\", \"properties\": {\"spec\": {\"type\": "    \
    "\"object\", \"properties\": {\"parts\": {\"type\": \"array\", \"items\": {\"type\": \"object\"}, "      \
    "\"x-kubernetes-patch-merge-key\": \"name\", \"x-kubernetes-patch-strategy\": \"merge\"}}}}, "           \
    "\"x-kubernetes-group-version-kind\": [{\"group\": \"x.y\", \"version\": \"v1\", \"kind\": \"Widget\"}]" \
    "}}}"

TEST(the_openapi_of_one_build_is_not_seen_by_the_next)
{
    static const char resources[] = "resources: [w.yaml]\npatches: [{path: p.yaml}]\n",
                      with_schema[] = "resources: [w.yaml]\npatches: [{path: p.yaml}]\n"
                                      "openapi: {path: s.json}\n";
    ARENA_AUTO struct arena *a = arena_new(0);
    const char *const pairs[] = { "plain/kustomization.yaml",
                                  resources,
                                  "plain/w.yaml",
                                  WIDGET("{name: a}, {name: b}"),
                                  "plain/p.yaml",
                                  WIDGET("{name: b, size: 1}"),
                                  "keyed/kustomization.yaml",
                                  with_schema,
                                  "keyed/w.yaml",
                                  WIDGET("{name: a}, {name: b}"),
                                  "keyed/p.yaml",
                                  WIDGET("{name: b, size: 1}"),
                                  "keyed/s.json",
                                  WIDGET_SCHEMA,
                                  NULL };
    struct str clean = build(a, pairs, "plain"), keyed = build(a, pairs, "keyed");

    CHECK_HAS(clean, "parts:\n  - name: b\n    size: 1\n");
    CHECK_HAS(keyed, "name: a");
    CHECK_STR(build(a, pairs, "plain"), clean);
    CHECK_STR(build(a, pairs, "keyed"), keyed);
}

TEST(a_build_gives_the_arena_its_own_budget_back)
{
    ARENA_AUTO struct arena *a = arena_new(7);
    const char *const pairs[] = { "kustomization.yaml", "resources: [a.yaml]\n", "a.yaml", map_a,
                                  NULL };

    CHECK_HAS(build(a, pairs, ""), "name: a");
    CHECK_UINT(arena_set_budget(a, 0), 7);
}
