/* SPDX-License-Identifier: Apache-2.0 */
/* What is served beside resources: health, version, discovery, OpenAPI. */
#include "app/apiserver/verbs.h"
#include "base/buf.h"
#include "core/apiserver/discovery.h"

/* Named as kube's checks are; each is what the name says of this server. */
static struct err *serve_health(struct call *c, struct answer *ret)
{
    static const char *const checks[] = { "ping", "log", "etcd",
                                          "poststarthook/rbac/bootstrap-roles" };
    struct str word = c->route.name;
    struct buf b;

    ret->text = STR("ok");
    if (c->route.rest.len) {
        for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++)
            if (str_eq(c->route.rest, str_from_cstr(checks[i])))
                return NULL;
        ret->status = 404;
        ret->text = STR("404 page not found\n");
        return NULL;
    }
    if (!query_has(&c->query, "verbose"))
        return NULL;
    buf_init(&b, c->a, 0);
    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++)
        buf_printf(&b, "[+]%s ok\n", checks[i]);
    buf_printf(&b, "%.*s check passed\n", STR_ARG(word));
    ret->text = buf_str(&b);
    return NULL;
}

static const struct val *discovery_body(struct call *c, struct answer *ret)
{
    bool core = c->route.kind == ROUTE_API;
    struct served_resources all = registry_all(c->s->registry, c->a);

    if (c->accept.aggregated) {
        ret->content_type = str_printf(
            c->a, "application/json;g=apidiscovery.k8s.io;v=%.*s;as=APIGroupDiscoveryList",
            STR_ARG(c->accept.aggregated_version));
        return discovery_aggregated(c->a, &all, core, c->accept.aggregated_version);
    }
    return core ? discovery_api_versions(c->a, c->s->address) : discovery_group_list(c->a, &all);
}

static bool has_group(const struct served_resources *all, struct str group)
{
    for (size_t i = 0; i < all->count; i++)
        if (str_eq(all->items[i]->gvk.group, group))
            return true;
    return false;
}

/* kube answers plain text where no handler is installed at all. */
static struct err *serve_group_version(struct call *c, struct answer *ret)
{
    struct served_resources all = registry_all(c->s->registry, c->a);

    ret->body = discovery_resource_list(c->a, &all, c->route.group, c->route.version);
    if (ret->body || !has_group(&all, c->route.group))
        return NULL;
    return status_no_resource(c->a);
}

struct err *serve_document(struct call *c, struct answer *ret)
{
    struct served_resources all = { 0 };
    struct err *e;

    if (!str_is(c->req->method, "GET") && !str_is(c->req->method, "HEAD"))
        return status_method_not_supported(c->a);
    if (c->route.kind == ROUTE_HEALTH)
        return serve_health(c, ret);
    if (c->route.kind != ROUTE_NONE && c->route.kind != ROUTE_VERSION)
        all = registry_all(c->s->registry, c->a);
    switch (c->route.kind) {
    case ROUTE_ROOT:
        ret->body = discovery_root_paths(c->a, &all);
        break;
    case ROUTE_VERSION:
        ret->body = discovery_version(c->a, STR("2026-01-01T00:00:00Z"));
        break;
    case ROUTE_API:
    case ROUTE_APIS:
        ret->body = discovery_body(c, ret);
        break;
    case ROUTE_GROUP:
        ret->body = discovery_group(c->a, &all, c->route.group);
        break;
    case ROUTE_GROUP_VERSION:
        if (TRY(&e, serve_group_version(c, ret)))
            return e;
        break;
    case ROUTE_OPENAPI_V2:
        ret->body = openapi_v2(c->a, &all);
        break;
    case ROUTE_OPENAPI_INDEX: /* kube sets no media type and Go's guess is plain text */
        ret->body = openapi_index(c->a, &all);
        ret->content_type = STR("text/plain; charset=utf-8");
        break;
    case ROUTE_OPENAPI_GROUP_VERSION:
        ret->body = openapi_document(c->a, &all, c->route.group, c->route.version);
        break;
    case ROUTE_NONE:
    case ROUTE_HEALTH:
    case ROUTE_RESOURCE:
        break;
    }
    if (!ret->body) {
        ret->status = 404;
        ret->content_type = STR("");
        ret->text = STR("404 page not found\n");
    }
    return NULL;
}
