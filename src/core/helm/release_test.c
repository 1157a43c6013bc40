/* SPDX-License-Identifier: Apache-2.0 */
#include "core/helm/release.h"

#include "core/helm/ignore.h"
#include "core/tree_memory.h"
#include "tests/harness.h"
#include "value/json.h"

#define CHART(name) "apiVersion: v2\nname: " name "\nversion: 1.0.0\n"

static const char app_chart[] = CHART("app"), db_chart[] = CHART("db"), lib_chart[] = CHART("lib");
static const char umbrella[] = CHART(
    "app") "dependencies:\n- {name: db, version: 1.x, condition: db.enabled, alias: store}\n"
           "- {name: lib, version: '*', import-values: [shared]}\n";

static struct helm_chart *load(struct arena *a, const char *const *pairs, struct err **ret_error)
{
    struct tree_memory *m = tree_memory_new(a);
    struct helm_archives none = { .open = NULL };
    struct helm_chart *c = NULL;
    struct tree tree;
    for (; pairs[0]; pairs += 2)
        tree_memory_put(m, str_from_cstr(pairs[0]), str_from_cstr(pairs[1]), false);
    tree = tree_memory_port(m, STR("app"));
    *ret_error = helm_chart_load(a, &tree, STR(""), &none, &c);
    return c;
}

/* Sources and contents of what a chart renders with these values, or the error. */
static struct str rendered(struct arena *a, const char *const *pairs, const char *values)
{
    struct helm_release_options options = { .name = STR("rel"), .ns = STR("apps"), .revision = 1 };
    struct helm_release release;
    struct go_map *given;
    struct buf out;
    struct err *e;
    struct helm_chart *c = load(a, pairs, &e);
    if (!e)
        e = helm_values_read(a, str_from_cstr(values), STR("values"), &given);
    if (!e)
        e = helm_release_render(a, c, given, &options, &release);
    if (e)
        return err_line(a, e);
    buf_init(&out, a, 0);
    for (size_t i = 0; i < release.objects.count; i++)
        buf_printf(&out, "%.*s|%.*s\n", STR_ARG(release.objects.items[i].source),
                   STR_ARG(str_trim(release.objects.items[i].content)));
    return buf_str(&out);
}

TEST(values_meet_as_helm_merges_them)
{
    static const char *const pairs[] = {
        "Chart.yaml",
        umbrella,
        "values.yaml",
        "a: 1\nb: {c: 2, d: 3}\nstore: {size: 9}\nglobal: {zone: x}\n",
        "templates/x.yaml",
        "v: {{ toJson .Values }}\n",
        "charts/db/Chart.yaml",
        db_chart,
        "charts/db/values.yaml",
        "size: 1\nname: db\n",
        "charts/db/templates/y.yaml",
        "v: {{ toJson .Values }}\nc: {{ .Chart.Name }}\n",
        "charts/lib/Chart.yaml",
        "apiVersion: v2\nname: lib\nversion: 1.0.0\ntype: library\n",
        "charts/lib/values.yaml",
        "exports: {shared: {from: lib}}\n",
        "charts/lib/templates/z.yaml",
        "never: rendered\n",
        NULL,
    };
    ARENA_AUTO struct arena *a = arena_new(0);
    CHECK_STR(rendered(a, pairs, "b: {c: null, e: 5}\n"),
              "app/charts/store/templates/y.yaml|v: "
              "{\"global\":{\"zone\":\"x\"},\"name\":\"db\",\"size\":9}\nc: store\n"
              "app/templates/x.yaml|v: {\"a\":1,\"b\":{\"d\":3,\"e\":5},\"from\":\"lib\","
              "\"global\":{\"zone\":\"x\"},\"lib\":{\"exports\":{\"shared\":{\"from\":\"lib\"}},"
              "\"global\":{\"zone\":\"x\"}},\"store\":{\"global\":{\"zone\":\"x\"},\"name\":\"db\","
              "\"size\":9}}\n");
    CHECK_STR(
        rendered(a, pairs, "store: 1\n"),
        "chart dependencies processing failed: type mismatch on store: %!t(float64=1): values "
        "of a sub-chart must be an object");
    CHECK(!str_contains(rendered(a, pairs, "store: {enabled: false}\ndb: {enabled: false}\n"),
                        STR("charts/store")));
}

/* Expectations: helm 4.3.1. */
TEST(what_helm_passes_has_the_types_of_go)
{
    static const struct {
        const char *expression, *want;
    } cases[] = {
        { "printf \"%T %T\" . .Subcharts.store", "common.Values map[string]interface {}" },
        { "toJson .Capabilities.KubeVersion",
          "{\"Version\":\"v1.37.0\",\"Major\":\"1\",\"Minor\":\"37\"}" },
        { "toYamlPretty .Capabilities.HelmVersion | sha256sum | trunc 8", "97b7a51c" },
        { "toJson .Chart.Annotations", "null" },
        { "toYamlPretty .Chart.Annotations", "{}" },
        { "deepCopy .Chart.Annotations | toJson", "null" },
        { "printf \"%#v\" .Chart.Annotations", "map[string]string(nil)" },
        { "toJson .Chart.Maintainers", "[{\"Email\":\"\",\"Name\":\"false\",\"URL\":\"7\"}]" },
        { "toJson (index .Chart.Dependencies 1).ImportValues",
          "[{\"child\":\"exports.shared\",\"parent\":\".\"}]" },
        { "printf \"%T\" (index (index .Chart.Dependencies 1).ImportValues 0)",
          "map[string]string" },
        { "toJson .Files.Nope", "null" },
        { "toJson (.Files.GetBytes \"nope\")", "\"\"" },
        { "toYamlPretty (.Files.Glob \"*.txt\") | quote", "\"a.txt:\\n  - 104\\n  - 105\"" },
        { "html .Capabilities.HelmVersion", "{v4.3   go1.26.8 v1.37}" },
        { "dict \"c\" .Capabilities | printf \"%#v\"",
          "map[string]interface {}{\"c\":(*common.Capabilities)(0xc000010000)}" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);
        struct str text = str_printf(a, "{{ %s }}", cases[i].expression);
        const char *const pairs[] = { "Chart.yaml",
                                      str_cstr(a, str_concat(a, str_from_cstr(umbrella),
                                                             STR("maintainers: [{name: n, url: "
                                                                 "7}]\n"))),
                                      "a.txt",
                                      "hi",
                                      "templates/x.yaml",
                                      str_cstr(a, str_concat(a, STR("#"), text)),
                                      "charts/db/Chart.yaml",
                                      db_chart,
                                      "charts/lib/Chart.yaml",
                                      lib_chart,
                                      NULL };
        test_label(cases[i].expression);
        CHECK_STR(rendered(a, pairs, ""),
                  str_cstr(a, str_printf(a, "app/templates/x.yaml|#%s\n", cases[i].want)));
    }
}

TEST(objects_come_in_the_order_of_installing)
{
    static const char *const pairs[] = {
        "Chart.yaml",
        app_chart,
        "templates/b.yaml",
        "kind: Zebra\n---\nkind: Service\n--- \nkind: Namespace\n",
        "templates/a.yaml",
        "kind: Ant\n---\n\n---\n# only a comment\n---\nkind: Deployment\n",
        "templates/_x.tpl",
        "kind: Partial\n",
        "templates/h.yaml",
        "kind: Job\nmetadata: {annotations: {helm.sh/hook: 'pre-install, test'}}\n",
        NULL,
    };
    ARENA_AUTO struct arena *a = arena_new(0);
    CHECK_STR(rendered(a, pairs, ""), "app/templates/b.yaml|kind: Namespace\n"
                                      "app/templates/b.yaml|kind: Service\n"
                                      "app/templates/a.yaml|kind: Deployment\n"
                                      "app/templates/a.yaml|# only a comment\n"
                                      "app/templates/a.yaml|kind: Ant\n"
                                      "app/templates/b.yaml|kind: Zebra\n");
}

TEST(what_is_wrong_with_a_chart_is_named)
{
    static const struct {
        const char *name, *chart, *extra, *text, *want;
    } cases[] = {
        { "name", "apiVersion: v2\nname: a/b\nversion: 1.0.0\n", "x", "",
          "name \"a/b\" is invalid" },
        { "dot", "apiVersion: v2\nname: ..\nversion: 1.0.0\n", "x", "",
          "name \"..\" is not allowed" },
        { "version", "apiVersion: v2\nname: a\nversion: one\n", "x", "",
          "version \"one\" is invalid" },
        { "no version", "apiVersion: v2\nname: a\n", "x", "", "version is required" },
        { "null dependency", CHART("a") "dependencies: [null]\n", "x", "",
          "Chart.yaml:4:16: dependencies must not contain empty or null nodes" },
        { "missing", CHART("a") "dependencies: [{name: db, version: '1'}]\n", "x", "",
          "missing in charts/ directory: db" },
        { "twice",
          CHART("a") "dependencies: [{name: b, version: '1'}, {name: c, alias: b, version: '1'}]\n",
          "x", "", "more than one dependency with name or alias \"b\"" },
        { "library", CHART("a") "type: library\n", "x", "", "library charts are not installable" },
        { "kube", CHART("a") "kubeVersion: '>=1.99'\n", "x", "", "incompatible with Kubernetes" },
        { "template", CHART("a"), "templates/x.yaml", "{{ fail \"no\" }}",
          "execution error at (a/templates/x.yaml:1:3): no" },
        { "yaml", CHART("a"), "templates/x.yaml", "a: [\n",
          "YAML parse error on a/templates/x.yaml" },
        { "schema", CHART("a"), "values.schema.json", "{\"required\": [\"b\"]}",
          "chart(s):\na:\n- at '': missing property 'b'" },
        { "values", CHART("a"), "values.yaml", "- 1\n", "values must be an object" },
        { "ignore", CHART("a"), ".helmignore", "x/**\n", ".helmignore:1: double-star" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *const pairs[] = { "Chart.yaml", cases[i].chart, cases[i].extra, cases[i].text,
                                      NULL };
        ARENA_AUTO struct arena *a = arena_new(0);
        test_label(cases[i].name);
        CHECK_HAS(rendered(a, pairs, ""), cases[i].want);
    }
}

TEST(patterns_match_as_filepath_match_does)
{
    static const struct {
        const char *pattern, *path;
        enum path_match want;
    } cases[] = {
        { "*.yaml", "a.yaml", PATH_MATCHES },
        { "*.yaml", "a/b.yaml", PATH_DIFFERS },
        { "a/*/c", "a/b/c", PATH_MATCHES },
        { "a/*", "a/b/c", PATH_DIFFERS },
        { "?", "ü", PATH_MATCHES },
        { "[a-c]x", "bx", PATH_MATCHES },
        { "[^a-c]x", "bx", PATH_DIFFERS },
        { "\\*", "*", PATH_MATCHES },
        { "[", "a", PATH_PATTERN_BAD },
        { "*a*b*c", "xaybzc", PATH_MATCHES },
        { "*a*b*c", "xaybz", PATH_DIFFERS },
        { "", "", PATH_MATCHES },
        { "a", "", PATH_DIFFERS },
        { "*", "", PATH_MATCHES },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        test_label(cases[i].pattern);
        CHECK_INT(path_match(str_from_cstr(cases[i].pattern), str_from_cstr(cases[i].path)),
                  cases[i].want);
    }
}
