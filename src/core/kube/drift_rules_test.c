/* SPDX-License-Identifier: Apache-2.0 */
/* Expectations: fluxcd/pkg ssa 0.76 (manager_apply_ignore_test.go describes the same cases), in our own objects. */
#include "core/kube/drift_rules.h"

#include "tests/harness.h"
#include "value/json.h"
#include "value/yaml.h"

static const struct val *yaml(struct arena *a, const char *text)
{
    const struct val *v = NULL;

    CHECK(yaml_read(a, str_from_cstr(text), STR("test"), YAML_SIGS, &v) == NULL);
    return v;
}

static const struct drift_rules *rules_of(struct arena *a, const char *text)
{
    const struct drift_rules *rules = NULL;

    CHECK(drift_rules_parse(a, yaml(a, text), &rules) == NULL);
    return rules;
}

#define OBJECT(replicas, image)                                                                        \
    "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop, labels: {t: x}}, " \
    "spec: {replicas: " replicas ", image: " image "}}"

TEST(an_ignored_field_is_no_drift_and_another_is)
{
    static const struct {
        const char *name, *rules;
        bool drift; /* of replicas alone */
    } cases[] = {
        { "no target", "[{paths: [/spec/replicas]}]", false },
        { "whole name", "[{paths: [/spec/replicas], target: {kind: Deployment, name: we.}}]",
          false },
        { "part of a name", "[{paths: [/spec/replicas], target: {name: w}}]", true },
        { "another kind", "[{paths: [/spec/replicas], target: {kind: StatefulSet}}]", true },
        { "labels", "[{paths: [/spec/replicas], target: {labelSelector: 't in (x, y)'}}]", false },
        { "other labels", "[{paths: [/spec/replicas], target: {labelSelector: t!=x}}]", true },
        { "annotations", "[{paths: [/spec/replicas], target: {annotationSelector: a}}]", true },
        { "group and version", "[{paths: [/spec/replicas], target: {group: apps, version: v.}}]",
          false },
        { "two rules", "[{paths: [/spec/other]}, {paths: [/spec/replicas]}]", false },
        { "two rules, the first", "[{paths: [/spec/replicas]}, {paths: [/spec/other]}]", false },
        { "another path", "[{paths: [/spec/replica]}]", true },
        { "everything", "[{paths: ['']}]", false },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);
        const struct drift_rules *rules = rules_of(a, cases[i].rules);
        const struct val *live = yaml(a, OBJECT("5", "one")), *wanted = yaml(a, OBJECT("2", "one"));

        test_label(cases[i].name);
        CHECK(drift_rules_differ(a, rules, live, wanted) == cases[i].drift);
        CHECK(drift_rules_differ(a, rules, NULL, wanted));
        if (i + 1 < sizeof cases / sizeof cases[0])
            CHECK(drift_rules_differ(a, rules, live, yaml(a, OBJECT("5", "two"))));
    }
}

TEST(no_rules_are_ordinary_drift)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    const struct drift_rules *rules = rules_of(a, "[]");

    CHECK(rules == NULL);
    CHECK(drift_rules_differ(a, rules, yaml(a, OBJECT("5", "x")), yaml(a, OBJECT("2", "x"))));
}

static void resolves(const char *rules, const char *live, const char *wanted, const char *want)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    const struct val *desired = yaml(a, wanted);
    const struct val *got = drift_rules_resolve(a, rules_of(a, rules), yaml(a, live), desired,
                                                desired, STR("flux"));

    CHECK_STR(json_string(a, got, JSON_SORTED), want);
}

TEST(what_is_sent_puts_nothing_ignored_back)
{
    test_label("nobody else applies it: the live value");
    resolves("[{paths: [/spec/r]}]", "{kind: A, spec: {r: 5}}", "{kind: A, spec: {r: 2, m: 1}}",
             "{\"kind\":\"A\",\"spec\":{\"m\":1,\"r\":5}}");
    test_label("an update is no apply");
    resolves("[{paths: [/spec/r]}]",
             "{kind: A, metadata: {managedFields: [{manager: hpa, operation: Update, fieldsV1: "
             "{'f:spec': {'f:r': {}}}}]}, spec: {r: 5}}",
             "{kind: A, spec: {r: 2}}", "{\"kind\":\"A\",\"spec\":{\"r\":5}}");
    test_label("another applies it");
    resolves("[{paths: [/spec/r]}]",
             "{kind: A, metadata: {managedFields: [{manager: flux, operation: Apply, fieldsV1: "
             "{'f:spec': {'f:r': {}}}}, {manager: vpa, operation: Apply, fieldsV1: {'f:spec': "
             "{'f:r': {}}}}]}, spec: {r: 5}}",
             "{kind: A, spec: {r: 2, m: 1}}", "{\"kind\":\"A\",\"spec\":{\"m\":1}}");
    test_label("an item of a list by its key");
    resolves("[{paths: [/spec/c/1/cpu]}]",
             "{kind: A, metadata: {managedFields: [{manager: vpa, operation: Apply, fieldsV1: "
             "{'f:spec': {'f:c': {'k:{\"name\":\"b\"}': {'f:cpu': {}}}}}}]}, spec: {c: [{name: a, "
             "cpu: 1}, {name: b, cpu: 9}]}}",
             "{kind: A, spec: {c: [{name: a, cpu: 1}, {name: b, cpu: 2}]}}",
             "{\"kind\":\"A\",\"spec\":{\"c\":[{\"cpu\":1,\"name\":\"a\"},{\"name\":\"b\"}]}}");
    test_label("of another item");
    resolves(
        "[{paths: [/spec/c/0/cpu]}]",
        "{kind: A, metadata: {managedFields: [{manager: vpa, operation: Apply, fieldsV1: "
        "{'f:spec': {'f:c': {'k:{\"name\":\"b\"}': {'f:cpu': {}}}}}}]}, spec: {c: [{name: a, "
        "cpu: 7}, {name: b, cpu: 2}]}}",
        "{kind: A, spec: {c: [{name: a, cpu: 1}, {name: b, cpu: 2}]}}",
        "{\"kind\":\"A\",\"spec\":{\"c\":[{\"cpu\":7,\"name\":\"a\"},{\"cpu\":2,\"name\":\"b\"}]}}");
    test_label("taken away by somebody");
    resolves("[{paths: [/spec/r]}]", "{kind: A, spec: {m: 1}}", "{kind: A, spec: {r: 2, m: 2}}",
             "{\"kind\":\"A\",\"spec\":{\"m\":2}}");
    test_label("the same");
    resolves("[{paths: [/spec/r]}]", "{kind: A, spec: {r: 2, m: 1}}", "{kind: A, spec: {r: 2}}",
             "{\"kind\":\"A\",\"spec\":{\"r\":2}}");
}

TEST(rules_that_cannot_be_read_are_told)
{
    static const struct {
        const char *rules, *want;
    } cases[] = {
        { "[{paths: [/a], target: {kind: '('}}]", "invalid kind regex" },
        { "[{paths: [/a], target: {labelSelector: 'a in b'}}]", "invalid label selector" },
        { "[{paths: [/a]}, {paths: [a]}]", "spec.ignore[1]" },
    };
    ARENA_AUTO struct arena *a = arena_new(0);
    const struct drift_rules *rules;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct err *e = drift_rules_parse(a, yaml(a, cases[i].rules), &rules);

        REQUIRE(e != NULL);
        CHECK_INT(e->code, ERR_INVALID);
        CHECK_HAS(err_line(a, e), cases[i].want);
    }
}
