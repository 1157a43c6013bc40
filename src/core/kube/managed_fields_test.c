/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kube/managed_fields.h"

#include "tests/harness.h"
#include "value/json.h"
#include "value/val.h"

#define CONFIG_MAP "io.k8s.api.core.v1.ConfigMap"
#define SERVICE "io.k8s.api.core.v1.Service"

static const struct val *json(struct arena *a, const char *text)
{
    const struct val *v = NULL;

    if (json_read(a, str_from_cstr(text), STR("test"), JSON_READ_DEFAULT, &v))
        test_fail(__FILE__, __LINE__, "not JSON: %s", text);
    return v;
}

/* "manager operation: fields" for each entry. */
static struct str owners(struct arena *a, const struct val *object)
{
    const struct val *list = val_at(object, "metadata.managedFields");
    struct str out = STR("");

    for (size_t i = 0; i < val_count(list); i++)
        out = str_printf(
            a, "%.*s%s%.*s %.*s: %.*s", STR_ARG(out), i ? "; " : "",
            STR_ARG(val_get_str(list->items[i], "manager")),
            STR_ARG(val_get_str(list->items[i], "operation")),
            STR_ARG(json_string(a, val_get(list->items[i], STR("fieldsV1")), JSON_SORTED)));
    return out;
}

static struct field_writer writer(const char *manager)
{
    return (struct field_writer){ .manager = str_from_cstr(manager), .api_version = STR("v1") };
}

struct step {
    char how; /* a apply, f apply by force, u update */
    const char *manager;
    const char *object;
    const char *want; /* owners, or the conflicts */
};

static const struct val *do_step(struct arena *a, const struct schema *type, const struct val *live,
                                 const struct step *s, struct str *ret)
{
    const struct val *sent = json(a, s->object);
    struct field_writer w = writer(s->manager);
    struct apply_result r = { 0 };
    struct err *e;

    w.force = s->how == 'f';
    e = s->how == 'u' ? managed_fields_update(a, type, live, sent, &w, &r.object)
                      : managed_fields_apply(a, type, live, sent, &w, &r);

    if (e) {
        *ret = e->msg;
        return live;
    }
    *ret = STR("");
    for (size_t i = 0; i < r.conflict_count; i++)
        *ret = str_printf(a, "%.*s%s%.*s %.*s", STR_ARG(*ret), i ? "; " : "",
                          STR_ARG(r.conflicts[i].manager), STR_ARG(r.conflicts[i].field));
    if (!r.object)
        return live;
    *ret = owners(a, r.object);
    return r.object;
}

static void run(const char *type_name, const struct step *steps, size_t count)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    const struct schema *type = schema_type_named(str_from_cstr(type_name));
    const struct val *live = NULL;

    REQUIRE(type != NULL);
    for (size_t i = 0; i < count; i++) {
        struct str got;

        test_label(steps[i].object);
        live = do_step(a, type, live, &steps[i], &got);
        CHECK_STR(got, steps[i].want);
    }
}

#define MAP(data) \
    "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"c\"}" data "}"

TEST(an_applier_owns_what_it_sent_and_conflicts_with_others)
{
    static const struct step steps[] = {
        { 'a', "one", MAP(",\"data\":{\"a\":\"1\"}"), "one Apply: {\"f:data\":{\"f:a\":{}}}" },
        { 'a', "two", MAP(",\"data\":{\"a\":\"2\"}"), "\"one\" .data.a" },
        { 'f', "two", MAP(",\"data\":{\"a\":\"2\"}"), "two Apply: {\"f:data\":{\"f:a\":{}}}" },
    };

    run(CONFIG_MAP, steps, 3);
}

TEST(a_value_that_all_agree_on_is_shared)
{
    static const struct step steps[] = {
        { 'a', "one", MAP(",\"data\":{\"a\":\"1\"}"), "one Apply: {\"f:data\":{\"f:a\":{}}}" },
        { 'a', "two", MAP(",\"data\":{\"a\":\"1\",\"b\":\"2\"}"),
          "one Apply: {\"f:data\":{\"f:a\":{}}}; two Apply: {\"f:data\":{\"f:a\":{},\"f:b\":{}}}" },
    };

    run(CONFIG_MAP, steps, 2);
}

TEST(an_update_owns_what_it_changed)
{
    static const struct step steps[] = {
        { 'u', "put", MAP(",\"data\":{\"a\":\"1\"}"),
          "put Update: {\"f:data\":{\".\":{},\"f:a\":{}}}" },
    };

    run(CONFIG_MAP, steps, 1);
}

TEST(lists_of_maps_are_owned_by_their_keys)
{
    static const struct step steps[] = {
        { 'a', "one",
          "{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"s\"},"
          "\"spec\":{\"ports\":[{\"port\":80}]}}",
          "one Apply: {\"f:spec\":{\"f:ports\":{\"k:{\\\"port\\\":80,\\\"protocol\\\":\\\"TCP\\\"}\":"
          "{\".\":{},\"f:port\":{}}}}}" },
    };

    run(SERVICE, steps, 1);
}

TEST(a_field_that_is_no_longer_applied_goes)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    const struct schema *type = schema_type_named(STR(CONFIG_MAP));
    struct step first = { 'a', "one", MAP(",\"data\":{\"a\":\"1\",\"b\":\"2\"}"), "" };
    struct step second = { 'a', "one", MAP(",\"data\":{\"b\":\"2\"}"), "" };
    struct str got;
    const struct val *live = do_step(a, type, NULL, &first, &got);

    live = do_step(a, type, live, &second, &got);
    CHECK_STR(json_string(a, val_get(live, STR("data")), JSON_SORTED), "{\"b\":\"2\"}");
}

TEST(a_configuration_that_does_not_fit_is_refused)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    const struct schema *type = schema_type_named(STR(CONFIG_MAP));
    struct field_writer w = writer("one");
    struct apply_result r = { 0 };
    struct err *e = managed_fields_apply(a, type, NULL, json(a, MAP(",\"data\":[]")), &w, &r);

    REQUIRE(e != NULL);
    CHECK_HAS(err_line(a, e), ".data: expected map, got");
}
