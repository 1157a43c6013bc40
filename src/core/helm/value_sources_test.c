/* SPDX-License-Identifier: Apache-2.0 */
#include "core/helm/value_sources.h"

#include "core/helm/dependencies.h"
#include "core/helm/values.h"
#include "core/tree_memory.h"
#include "tests/harness.h"
#include "value/yaml.h"

static const char chart_file[] =
    "apiVersion: v2\nname: app\nversion: 1.0.0\ndependencies:\n"
    "- {name: db, version: '*', alias: store, import-values: [shared]}\n";

static struct helm_chart *load(struct arena *a)
{
    static const char *const files[][2] = {
        { "Chart.yaml", chart_file },
        { "values.yaml", "image:\n  tag: \"1\"\n  name: web\nstore: {size: 9}\n"
                         "global: {zone: x}\nl: [1, 2]\ngone: 1\n" },
        { "charts/db/Chart.yaml", "apiVersion: v2\nname: db\nversion: 1.0.0\n" },
        { "charts/db/values.yaml", "size: 1\nkind: big\nglobal: {zone: y, own: 1}\n"
                                   "exports: {shared: {from: db}}\n" },
    };
    struct tree_memory *m = tree_memory_new(a);
    struct helm_archives none = { .open = NULL };
    struct helm_chart *c = NULL;
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        tree_memory_put(m, str_from_cstr(files[i][0]), str_from_cstr(files[i][1]), false);
    struct tree tree = tree_memory_port(m, STR("app"));
    CHECK(helm_chart_load(a, &tree, STR(""), &none, &c) == NULL);
    return c;
}

/* Expectations: ours. */
TEST(each_value_names_what_set_it)
{
    static const struct str user = STR_INIT("image:\n  tag: \"2\"\na.b: {c: {}}\ngone: null\n");
    ARENA_AUTO struct arena *a = arena_new(0);
    struct helm_chart *c = load(a);
    REQUIRE(c != NULL);
    struct go_map *given, *effective;
    const struct val *file, *flag;
    struct buf out;
    REQUIRE(yaml_read(a, user, STR("p.yaml"), YAML_SIGS_LOOSE, &file) == NULL);
    flag = val_map_of(a, "image", val_map_of(a, "pull", &val_true, NULL), NULL);
    const struct value_layer layers[] = { { STR("p.yaml"), file },
                                          { STR("--set image.pull=true"), flag } };
    struct go_value over = go_from_val(a, flag);
    REQUIRE(helm_values_read(a, user, STR("p.yaml"), &given) == NULL);
    given = values_merge(a, given, over.map);
    REQUIRE(helm_dependencies_process(a, c, given) == NULL);
    REQUIRE(values_coalesce(a, c, given, VALUES_COALESCE, &effective) == NULL);
    buf_init(&out, a, 0);
    REQUIRE(helm_value_sources(a, c, effective, layers, 2, &out) == NULL);
    CHECK_STR(buf_str(&out), "a\\.b.c: {}  <- p.yaml:3:10\n"
                             "from: \"db\"  <- import-values\n"
                             "global.zone: \"x\"  <- values.yaml:5:16\n"
                             "image.name: \"web\"  <- values.yaml:3:9\n"
                             "image.pull: true  <- --set image.pull=true\n"
                             "image.tag: \"2\"  <- p.yaml:2:8\n"
                             "l: [1,2]  <- values.yaml:6:4\n"
                             "store.exports.shared.from: \"db\"  <- charts/db/values.yaml:4:26\n"
                             "store.global.own: 1  <- charts/db/values.yaml:3:24\n"
                             "store.global.zone: \"x\"  <- values.yaml:5:16\n"
                             "store.kind: \"big\"  <- charts/db/values.yaml:2:7\n"
                             "store.size: 9  <- values.yaml:4:15\n");
}
