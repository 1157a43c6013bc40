/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kube/conditions.h"

#include "base/arena.h"
#include "tests/harness.h"

static const struct condition ready = { STR_INIT("Ready"), STR_INIT("False"), STR_INIT("Failed"),
                                        STR_INIT("why"), 3 };

static struct str types(struct arena *a, const struct val *list)
{
    struct str all = STR("");
    for (size_t i = 0; i < val_count(list); i++)
        all = str_printf(a, "%.*s%.*s ", STR_ARG(all),
                         STR_ARG(val_get_str(val_item(list, i), "type")));
    return all;
}

TEST(the_time_of_transition_moves_with_the_status_alone)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct condition c = ready;
    const struct val *list = conditions_set(a, NULL, &c, (struct wall_time){ 0 });
    CHECK_STR(val_get_str(val_item(list, 0), "lastTransitionTime"), "1970-01-01T00:00:00Z");
    c.message = STR("why else");
    c.observed_generation = 4;
    list = conditions_set(a, list, &c, (struct wall_time){ 5000000000 });
    CHECK_STR(val_get_str(val_item(list, 0), "lastTransitionTime"), "1970-01-01T00:00:00Z");
    CHECK_STR(val_get_str(val_item(list, 0), "message"), "why else");
    CHECK_INT(val_at_int(val_item(list, 0), "observedGeneration", 0), 4);
    c.status = STR("True");
    list = conditions_set(a, list, &c, (struct wall_time){ 5000000000 });
    CHECK_STR(val_get_str(val_item(list, 0), "lastTransitionTime"), "1970-01-01T00:00:05Z");
    CHECK_UINT(val_count(list), 1);
}

TEST(stalled_reconciling_and_ready_stand_first)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    static const char *const in[] = { "Healthy", "Stalled", "ArtifactInStorage", "Ready",
                                      "Reconciling" };
    const struct val *list = NULL, *object;
    for (size_t i = 0; i < 5; i++) {
        struct condition c = ready;
        c.type = str_from_cstr(in[i]);
        list = conditions_set(a, list, &c, (struct wall_time){ 0 });
    }
    CHECK_STR(types(a, list), "Stalled Reconciling Ready ArtifactInStorage Healthy ");
    CHECK_STR(types(a, conditions_remove(a, list, STR("Stalled"))),
              "Reconciling Ready ArtifactInStorage Healthy ");
    object = val_with_at(a, &val_empty_map, "status.conditions", list);
    CHECK(condition_is(object, "Ready", "False") && !condition_is(object, "Gone", "False"));
    CHECK(condition_get(object, STR("Gone")) == NULL && condition_get(NULL, STR("Ready")) == NULL);
}
