/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kustomize/merge.h"

#include "base/arena.h"
#include "core/kustomize/refold.h"
#include "tests/harness.h"
#include "value/yaml.h"

static const struct val *read(struct arena *a, const char *text)
{
    const struct val *v = NULL;
    struct err *e = yaml_read(a, str_from_cstr(text), STR("test"), YAML_KYAML, &v);
    CHECK(e == NULL);
    return v ? v : &val_null;
}

#define POD "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\n"

static const struct {
    const char *name, *target, *patch, *want; /* want: "": deleted; NULL: refused */
} cases[] = {
    { "the patch's items come first", POD "spec: {containers: [{name: a}, {name: b}]}\n",
      POD "spec: {containers: [{name: c}, {name: b, image: x}]}\n",
      POD "spec: {containers: [{name: c}, {name: b, image: x}, {name: a}]}\n" },
    { "a list without a merge key is replaced",
      POD "spec: {containers: [{name: a, args: [x, y]}]}\n",
      POD "spec: {containers: [{name: a, args: [z]}]}\n",
      POD "spec: {containers: [{name: a, args: [z]}]}\n" },
    { "null removes", POD "spec: {nodeName: n, hostIPC: true}\n", POD "spec: {nodeName: null}\n",
      POD "spec: {hostIPC: true}\n" },
    { "an item is deleted by its key", POD "spec: {containers: [{name: a}, {name: b}]}\n",
      POD "spec: {containers: [{name: a, $patch: delete}]}\n",
      POD "spec: {containers: [{name: b}]}\n" },
    { "a list is replaced by directive", POD "spec: {containers: [{name: a}, {name: b}]}\n",
      POD "spec: {containers: [{$patch: replace}, {name: c}]}\n",
      POD "spec: {containers: [{name: c}]}\n" },
    { "a port without a protocol is lost to one that has it, as in the peer",
      POD "spec: {containers: [{name: a, ports: [{containerPort: 80, protocol: TCP}]}]}\n",
      POD "spec: {containers: [{name: a, ports: [{containerPort: 80, name: w}]}]}\n",
      POD "spec: {containers: [{name: a, ports: [{containerPort: 80, protocol: TCP}]}]}\n" },
    { "lists of unknown kinds are replaced",
      "apiVersion: x.y/v1\nkind: K\nmetadata: {name: p}\nspec: {l: [{name: a}]}\n",
      "apiVersion: x.y/v1\nkind: K\nmetadata: {name: p}\nspec: {l: [{name: b}]}\n",
      "apiVersion: x.y/v1\nkind: K\nmetadata: {name: p}\nspec: {l: [{name: b}]}\n" },
    { "the whole is deleted", POD, POD "$patch: delete\n", "" },
    { "an unknown directive is refused", POD "spec: {a: b}\n", POD "spec: {$patch: crush}\n",
      NULL },
    { "a map cannot become a list", POD "spec: {a: {b: c}}\n", POD "spec: {a: [b]}\n", NULL },
};

TEST(strategic_merge)
{
    struct merge_schema schema = merge_schema_builtin();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);
        const struct val *got = NULL;
        test_label(cases[i].name);
        size_t steps = 1000;
        struct err *e = kust_merge(a, &schema, read(a, cases[i].target), read(a, cases[i].patch),
                                   &steps, &got);
        CHECK((e == NULL) == (cases[i].want != NULL));
        if (e || !cases[i].want)
            continue;
        struct str text = got ? yaml_string(a, got, 0) : STR("");
        CHECK_STR(text, cases[i].want[0] ? yaml_string(a, read(a, cases[i].want), 0) : STR(""));
    }
}

TEST(the_schema_is_that_of_kyaml)
{
    struct merge_schema s = merge_schema_builtin();
    CHECK(merge_schema_type(&s, STR("batch/v1beta1"), STR("CronJob")) != NULL);
    CHECK(merge_schema_type(&s, STR("autoscaling/v2"), STR("HorizontalPodAutoscaler")) == NULL);
    CHECK(merge_schema_is_cluster(&s, STR("v1"), STR("Namespace")));
    CHECK(!merge_schema_is_cluster(&s, STR("v1"), STR("Pod")));
    const struct merge_type *service = merge_schema_type(&s, STR("v1"), STR("Service"));
    const struct merge_type *spec = merge_field_type(&s, merge_type_field(service, STR("spec")));
    const struct merge_field *ports = merge_type_field(spec, STR("ports"));
    REQUIRE(ports != NULL);
    CHECK_STR(ports->keys, "port,protocol");
}

TEST(folded_text_as_the_peer_rewrites_it)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    CHECK_STR(kust_refold_text(a, STR("a\n  b\nc")), "a\n\n  b\nc");
    CHECK_STR(kust_refold_text(a, STR("a\nb")), "a\nb");
    CHECK_STR(kust_refold_text(a, STR("a\n")), "a\n");
}
