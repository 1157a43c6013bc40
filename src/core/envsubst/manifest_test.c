/* SPDX-License-Identifier: Apache-2.0 */
#include "core/envsubst/manifest.h"

#include "base/arena.h"
#include "tests/harness.h"
#include "value/yaml.h"

static const struct val *from_yaml(struct arena *a, const char *text)
{
    const struct val *v = &val_null;

    CHECK(yaml_read(a, str_from_cstr(text), STR("test"), YAML_SIGS, &v) == NULL);
    return v;
}

#define HEAD "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\n  namespace: shop\n"

TEST(a_value_may_change_the_type_of_a_field)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    const struct val *object = from_yaml(a, HEAD "spec: {replicas: '${n}', name: 'x-${word}'}\n");
    struct substitution s;

    substitution_init(&s, a);
    substitution_set(&s, STR("n"), STR("3"), false);
    substitution_set(&s, STR("word"), STR("y\nz\n"), false);
    REQUIRE(substitution_check(&s) == NULL);
    REQUIRE(substitution_apply(&s, a, object, &object) == NULL);
    CHECK_INT(val_at_int(object, "spec.replicas", 0), 3);
    CHECK_STR(val_str(val_at(object, "spec.name")), "x-yz");
}

TEST(nothing_is_touched_without_variables_or_when_switched_off)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    const struct val *plain = from_yaml(a, HEAD "data: {a: '$${x}'}\n");
    const struct val *off = from_yaml(
        a,
        HEAD "  labels: {kustomize.toolkit.fluxcd.io/substitute: disabled}\ndata: {a: '$${x}'}\n");
    const struct val *noted = from_yaml(
        a, HEAD
        "  annotations: {kustomize.toolkit.fluxcd.io/substitute: disabled}\ndata: {a: '$${x}'}\n");
    const struct val *got = NULL;
    struct substitution s;

    substitution_init(&s, a);
    REQUIRE(substitution_apply(&s, a, plain, &got) == NULL);
    CHECK(got == plain);
    s.always = true;
    REQUIRE(substitution_apply(&s, a, plain, &got) == NULL);
    CHECK_STR(val_str(val_at(got, "data.a")), "${x}");
    REQUIRE(substitution_apply(&s, a, off, &got) == NULL);
    CHECK(got == off);
    REQUIRE(substitution_apply(&s, a, noted, &got) == NULL);
    CHECK(got == noted);
}

TEST(an_unset_variable_fails_by_name_unless_lenient)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    const struct val *object = from_yaml(a, HEAD "data: {a: 'x${who}'}\n");
    const struct val *got = NULL;
    struct substitution s;
    struct err *e;

    substitution_init(&s, a);
    s.always = true;
    e = substitution_apply(&s, a, object, &got);
    REQUIRE(e);
    CHECK_HAS(err_line(a, e), "ConfigMap/shop/c");
    CHECK_HAS(err_line(a, e), "who");
    s.strict = false;
    REQUIRE(substitution_apply(&s, a, object, &got) == NULL);
    CHECK_STR(val_str(val_at(got, "data.a")), "x");
}

TEST(a_name_no_variable_may_have_is_refused)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct substitution s;
    struct err *e;

    substitution_init(&s, a);
    substitution_set(&s, STR("a-b"), STR("1"), false);
    e = substitution_check(&s);
    REQUIRE(e);
    CHECK_HAS(err_line(a, e), "'a-b' var name is invalid");
}

TEST(what_came_from_secrets_is_masked)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct substitution s;

    substitution_init(&s, a);
    substitution_set(&s, STR("open"), STR("seen"), false);
    substitution_set(&s, STR("empty"), STR(""), true);
    substitution_set(&s, STR("hidden"), STR("s3cret"), true);
    CHECK_STR(substitution_mask(&s, a, STR("s3cret seen s3crets3cret")), "***** seen **********");
    CHECK_STR(substitution_mask(&s, a, STR("s3cret")), "*****");
    CHECK_STR(substitution_mask(&s, a, STR("")), "");
}
