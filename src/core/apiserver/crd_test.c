/* SPDX-License-Identifier: Apache-2.0 */
#include "core/apiserver/crd.h"

#include "core/apiserver/table.h"
#include "tests/harness.h"
#include "value/json.h"

#define SCHEMA                                                                                  \
    "{\"type\":\"object\",\"properties\":{\"spec\":{\"type\":\"object\",\"properties\":{"       \
    "\"a\":{\"type\":\"integer\",\"minimum\":1},\"d\":{\"type\":\"string\",\"default\":\"x\"}," \
    "\"free\":{\"type\":\"object\",\"x-kubernetes-preserve-unknown-fields\":true}}}}}"

static const struct val *json(struct arena *a, const char *text)
{
    const struct val *v = NULL;

    if (json_read(a, str_from_cstr(text), STR("test"), JSON_READ_DEFAULT, &v))
        test_fail(__FILE__, __LINE__, "not JSON: %s", text);
    return v;
}

TEST(unknown_fields_of_custom_objects_go_and_are_named)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct crd_version v = { .schema = json(a, SCHEMA) };
    struct field_paths unknown = { 0 };
    const struct val *out = crd_prune(
        a, &v, json(a, "{\"spec\":{\"a\":1,\"z\":2,\"free\":{\"q\":3}},\"y\":1}"), &unknown);

    CHECK_STR(json_string(a, out, JSON_SORTED), "{\"spec\":{\"a\":1,\"free\":{\"q\":3}}}");
    REQUIRE(unknown.count == 2);
    CHECK_STR(unknown.items[0], "spec.z");
    CHECK_STR(unknown.items[1], "y");
}

TEST(defaults_fill_what_is_there)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct crd_version v = { .schema = json(a, SCHEMA) };

    CHECK_STR(json_string(a, crd_default(a, &v, json(a, "{\"spec\":{}}")), JSON_SORTED),
              "{\"spec\":{\"d\":\"x\"}}");
    CHECK_STR(json_string(a, crd_default(a, &v, json(a, "{}")), JSON_SORTED), "{}");
}

TEST(custom_objects_are_checked_unless_nothing_changed)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct crd_version v = { .schema = json(a, SCHEMA) };
    const struct val *bad = json(a, "{\"spec\":{\"a\":0}}");
    struct field_errors errs = { 0 };

    crd_validate_object(a, &v, bad, NULL, &errs);
    REQUIRE(errs.count == 1);
    CHECK_STR(errs.items[0].field, "spec.a");
    CHECK_STR(errs.items[0].message,
              "Invalid value: 0: spec.a in body should be greater than or equal to 1");
    errs.count = 0;
    crd_validate_object(a, &v, bad, bad, &errs);
    CHECK_UINT(errs.count, 0);
}

TEST(versions_sort_as_kubernetes_does)
{
    static const char *const order[] = {
        "v10", "v2", "v1", "v2beta1", "v1beta2", "v1alpha1", "foo"
    };

    for (size_t i = 1; i < sizeof order / sizeof order[0]; i++) {
        test_label(order[i]);
        CHECK(kube_version_cmp(str_from_cstr(order[i - 1]), str_from_cstr(order[i])) < 0);
    }
}

TEST(ages_have_one_or_two_units)
{
    static const struct {
        int64_t seconds;
        const char *want;
    } cases[] = { { 0, "0s" },
                  { 59, "59s" },
                  { 120, "2m" },
                  { 150, "2m30s" },
                  { 601, "10m" },
                  { 3 * 3600, "3h" },
                  { 3 * 3600 + 1200, "3h20m" },
                  { 86400 * 3, "3d" },
                  { 86400 * 800, "2y70d" } };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);

        test_label(cases[i].want);
        CHECK_STR(age_format(a, cases[i].seconds * NS_PER_S), cases[i].want);
    }
}
