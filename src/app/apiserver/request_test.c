/* SPDX-License-Identifier: Apache-2.0 */
#include "app/apiserver/request.h"

#include "tests/harness.h"

TEST(decodes_queries)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct query q = query_parse(a, STR("labelSelector=a%3Db%2Cc&watch&limit=5&x=1+2&x=3&bad=%zz"));

    CHECK_STR(query_get(&q, "labelSelector"), "a=b,c");
    CHECK_STR(query_get(&q, "x"), "1 2");
    CHECK_STR(query_get(&q, "bad"), "%zz");
    CHECK_STR(query_get(&q, "missing"), "");
    CHECK(query_has(&q, "watch"));
    CHECK(query_bool(&q, "watch"));
    q = query_parse(a, STR("watch=false&dryRun=All"));
    CHECK(!query_bool(&q, "watch"));
    q = query_parse(a, STR(""));
    CHECK_UINT(q.count, 0);
}

TEST(takes_paths_apart)
{
    static const struct {
        const char *path;
        enum route_kind kind;
        const char *words; /* group version ns plural name subresource */
    } cases[] = {
        { "/", ROUTE_ROOT, "|||||" },
        { "/healthz", ROUTE_HEALTH, "||||healthz|" },
        { "/api", ROUTE_API, "|||||" },
        { "/api/v1", ROUTE_GROUP_VERSION, "|v1||||" },
        { "/apis", ROUTE_APIS, "|||||" },
        { "/apis/apps", ROUTE_GROUP, "apps|||||" },
        { "/apis/apps/v1/", ROUTE_GROUP_VERSION, "apps|v1||||" },
        { "/api/v1/namespaces", ROUTE_RESOURCE, "|v1||namespaces||" },
        { "/api/v1/namespaces/x", ROUTE_RESOURCE, "|v1|x|namespaces|x|" },
        { "/api/v1/namespaces/x/status", ROUTE_RESOURCE, "|v1|x|namespaces|x|status" },
        { "/api/v1/namespaces/x/finalize", ROUTE_RESOURCE, "|v1|x|namespaces|x|finalize" },
        { "/api/v1/namespaces/x/pods", ROUTE_RESOURCE, "|v1|x|pods||" },
        { "/api/v1/namespaces/x/pods/p/log", ROUTE_RESOURCE, "|v1|x|pods|p|log" },
        { "/apis/apps/v1/deployments", ROUTE_RESOURCE, "apps|v1||deployments||" },
        { "/apis/a.b/v1/namespaces/n/ws/w/scale", ROUTE_RESOURCE, "a.b|v1|n|ws|w|scale" },
        { "/openapi/v3", ROUTE_OPENAPI_INDEX, "|||||" },
        { "/openapi/v3/apis/apps/v1", ROUTE_OPENAPI_GROUP_VERSION, "apps|v1||||" },
        { "/openapi/v4", ROUTE_NONE, "|||||" },
        { "/metrics2", ROUTE_NONE, "|||||" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);
        struct route r = route_parse(str_from_cstr(cases[i].path));

        test_label(cases[i].path);
        CHECK_INT(r.kind, cases[i].kind);
        CHECK_STR(str_printf(a, "%.*s|%.*s|%.*s|%.*s|%.*s|%.*s", STR_ARG(r.group),
                             STR_ARG(r.version), STR_ARG(r.ns), STR_ARG(r.plural), STR_ARG(r.name),
                             STR_ARG(r.subresource)),
                  cases[i].words);
    }
    test_label(NULL);
}

TEST(names_verbs_as_rbac_does)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct query none = { 0 };
    struct query watch = query_parse(a, STR("watch=true"));
    struct route all = route_parse(STR("/api/v1/namespaces/x/pods"));
    struct route one = route_parse(STR("/api/v1/namespaces/x/pods/p"));
    struct route other = route_parse(STR("/version"));

    CHECK_STR(route_verb(&all, STR("GET"), &none), "list");
    CHECK_STR(route_verb(&all, STR("GET"), &watch), "watch");
    CHECK_STR(route_verb(&one, STR("GET"), &watch), "get");
    CHECK_STR(route_verb(&all, STR("DELETE"), &none), "deletecollection");
    CHECK_STR(route_verb(&one, STR("DELETE"), &none), "delete");
    CHECK_STR(route_verb(&one, STR("PUT"), &none), "update");
    CHECK_STR(route_verb(&other, STR("GET"), &none), "get");
    CHECK_STR(route_verb(&other, STR("POST"), &none), "post");
}
