/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kube/obj_ref.h"

#include "base/arena.h"
#include "tests/harness.h"

TEST(an_inventory_id_reads_back)
{
    static const struct obj_ref refs[] = {
        { STR_INIT("apps"), STR_INIT(""), STR_INIT("Deployment"), STR_INIT("shop"),
          STR_INIT("web") },
        { STR_INIT(""), STR_INIT(""), STR_INIT("Service"), STR_INIT("default"),
          STR_INIT("podinfo") },
        { STR_INIT("rbac.authorization.k8s.io"), STR_INIT(""), STR_INIT("ClusterRole"),
          STR_INIT(""), STR_INIT("system:node:x") },
    };
    static const char *const ids[] = {
        "shop_web_apps_Deployment",
        "default_podinfo__Service",
        "_system__node__x_rbac.authorization.k8s.io_ClusterRole",
    };
    for (size_t i = 0; i < 3; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);
        struct obj_ref back;
        struct str id = inventory_id_format(a, &refs[i]);
        CHECK_STR(id, ids[i]);
        REQUIRE(inventory_id_parse(a, id, &back) == NULL);
        CHECK(obj_ref_eq(&refs[i], &back));
    }
}

TEST(what_is_no_inventory_id_is_refused)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct obj_ref ref;
    CHECK(inventory_id_parse(a, STR("a_b"), &ref) != NULL);
    CHECK(inventory_id_parse(a, STR(""), &ref) != NULL);
}

TEST(api_versions_are_cut_at_their_slash)
{
    struct str group, version;
    CHECK(api_version_parse(STR("apps/v1"), &group, &version));
    CHECK_STR(group, "apps");
    CHECK_STR(version, "v1");
    CHECK(api_version_parse(STR("v1"), &group, &version));
    CHECK_STR(group, "");
    CHECK(!api_version_parse(STR("a/b/c"), &group, &version));
    CHECK(!api_version_parse(STR(""), &group, &version));
}
