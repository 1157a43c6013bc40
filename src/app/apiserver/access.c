/* SPDX-License-Identifier: Apache-2.0 */
#include "app/apiserver/access.h"

#include "app/apiserver/storage.h"

static bool in_group(const struct api_user *u, struct str group)
{
    for (size_t i = 0; i < u->group_count; i++)
        if (str_eq(u->groups[i], group))
            return true;
    return false;
}

struct err *access_allows(struct call *c, const struct rbac_request *q, bool *ret_allowed,
                          struct str *ret_reason)
{
    struct api_user user = { .groups = q->groups, .group_count = q->group_count };
    struct storage_reader reader;

    *ret_reason = STR("");
    *ret_allowed = in_group(&user, STR("system:masters"));
    if (*ret_allowed)
        return NULL;
    storage_reader_init(&reader, c->s, c->r);
    return rbac_allows(c->a, q, &reader.port, ret_allowed, ret_reason);
}

#define SERVICE_ACCOUNT STR("system:serviceaccount:")

struct api_user access_with_groups(struct arena *a, const struct api_user *user)
{
    struct str *groups = ARENA_ARRAY(a, user->group_count + 3, struct str);
    struct api_user out = { .name = user->name, .groups = groups };
    struct str all = STR("system:authenticated");

    for (size_t i = 0; i < user->group_count; i++)
        groups[out.group_count++] = user->groups[i];
    if (!user->group_count && str_has_prefix(user->name, SERVICE_ACCOUNT)) {
        struct str rest = str_skip(user->name, SERVICE_ACCOUNT.len);
        struct str ns;

        (void)str_cut(&rest, ':', &ns);
        groups[out.group_count++] = STR("system:serviceaccounts");
        groups[out.group_count++] = str_printf(a, "system:serviceaccounts:%.*s", STR_ARG(ns));
    }
    if (str_is(user->name, "system:anonymous"))
        all = STR("system:unauthenticated");
    if (!in_group(&out, all))
        groups[out.group_count++] = all;
    return out;
}

/* May the real user take this name or group? */
static struct err *may_impersonate(struct call *c, struct str resource, struct str ns,
                                   struct str name)
{
    struct rbac_request q = {
        .user = c->req->user.name,
        .groups = c->req->user.groups,
        .group_count = c->req->user.group_count,
        .verb = STR("impersonate"),
        .resource = resource,
        .ns = ns,
        .name = name,
    };
    const struct api_resource named = { .plural = resource };
    struct str reason;
    bool allowed = false;
    struct err *e;

    if (TRY(&e, access_allows(c, &q, &allowed, &reason)) || allowed)
        return e;
    return status_forbidden(c->a, &named, name, rbac_denial(c->a, &q));
}

struct err *access_user(struct call *c)
{
    const struct api_user *as = &c->req->impersonate;
    struct err *e;

    c->user = c->req->user;
    if (!as->name.len)
        return as->group_count
                   ? status_internal(c->a, "requested groups without impersonating a user")
                   : NULL;
    if (str_has_prefix(as->name, SERVICE_ACCOUNT)) {
        struct str name = str_skip(as->name, SERVICE_ACCOUNT.len);
        struct str ns;

        (void)str_cut(&name, ':', &ns);
        e = may_impersonate(c, STR("serviceaccounts"), ns, name);
    } else {
        e = may_impersonate(c, STR("users"), STR(""), as->name);
    }
    for (size_t i = 0; !e && i < as->group_count; i++)
        e = may_impersonate(c, STR("groups"), STR(""), as->groups[i]);
    if (!e)
        c->user = access_with_groups(c->a, as);
    return e;
}

/* A selector that names one object makes LIST, WATCH and DELETE ask for that name. */
static struct str asked_name(const struct call *c)
{
    struct str fields = query_get(&c->query, "fieldSelector");
    struct str key = STR("metadata.name=");

    if (c->route.name.len)
        return c->route.name;
    if (!str_has_prefix(fields, key) || str_find_byte(fields, ',', 0) != SIZE_MAX)
        return STR("");
    fields = str_skip(fields, key.len);
    return str_trim_prefix(fields, STR("="));
}

struct err *access_check(struct call *c)
{
    bool resource = c->route.kind == ROUTE_RESOURCE;
    struct rbac_request q = {
        .user = c->user.name,
        .groups = c->user.groups,
        .group_count = c->user.group_count,
        .verb = c->verb,
    };
    struct api_resource unknown = { .gvk = { .group = c->route.group }, .plural = c->route.plural };
    struct str reason = STR("");
    struct str why;
    bool allowed = false;
    struct err *e;

    if (resource) {
        q.group = c->route.group;
        q.resource = c->route.plural;
        q.subresource = c->route.subresource;
        q.ns = c->route.ns;
        q.name = asked_name(c);
    } else {
        q.path = c->req->path;
    }
    if (TRY(&e, access_allows(c, &q, &allowed, &reason)) || allowed)
        return e;
    if (!resource)
        return status_forbidden_path(c->a, c->user.name, c->verb, c->req->path);
    why = rbac_denial(c->a, &q);
    if (reason.len)
        why = str_printf(c->a, "%.*s: %.*s", STR_ARG(why), STR_ARG(reason));
    return status_forbidden(c->a, c->resource ? c->resource : &unknown, q.name, why);
}
