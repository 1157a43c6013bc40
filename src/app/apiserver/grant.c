/* SPDX-License-Identifier: Apache-2.0 */
#include "app/apiserver/grant.h"

#include "app/apiserver/access.h"
#include "app/apiserver/storage.h"
#include "core/apiserver/rbac_grant.h"

#define RBAC_GROUP STR("rbac.authorization.k8s.io")

static bool is_master(const struct api_user *u)
{
    for (size_t i = 0; i < u->group_count; i++)
        if (str_is(u->groups[i], "system:masters"))
            return true;
    return false;
}

static struct rbac_request request_of(const struct call *c)
{
    return (struct rbac_request){ .user = c->user.name,
                                  .groups = c->user.groups,
                                  .group_count = c->user.group_count,
                                  .ns = c->resource->namespaced ? c->route.ns : STR("") };
}

/* The right that stands above the rules themselves: "escalate" on roles, "bind" on what a binding names. */
static struct err *has_right(struct call *c, const char *verb, struct str plural, struct str name,
                             bool *ret)
{
    struct rbac_request q = request_of(c);
    struct str reason;

    q.verb = str_from_cstr(verb);
    q.group = RBAC_GROUP;
    q.resource = plural;
    q.name = name;
    return access_allows(c, &q, ret, &reason);
}

static struct err *check_rules(struct call *c, struct str name, const struct val *rules)
{
    struct rbac_request who = request_of(c);
    struct storage_reader reader;
    struct str why = STR("");
    struct err *e;

    storage_reader_init(&reader, c->s, c->r);
    if (TRY(&e, rbac_grant_check(c->a, &who, &reader.port, rules, &why)))
        return e;
    return why.len ? status_forbidden(c->a, c->resource, name, why) : NULL;
}

static struct err *check_role(struct call *c, const struct val *live, const struct val *object)
{
    struct str name = val_at_str(object, "metadata.name");
    bool allowed = live && val_eq(val_get(live, STR("rules")), val_get(object, STR("rules"))) &&
                   val_eq(val_get(live, STR("aggregationRule")),
                          val_get(object, STR("aggregationRule")));
    /* An aggregated role may come to hold anything. */
    const struct val *all = val_map_of(
        c->a, "apiGroups", val_seq(c->a, (const struct val *[]){ val_cstring(c->a, "*") }, 1),
        "resources", val_seq(c->a, (const struct val *[]){ val_cstring(c->a, "*") }, 1), "verbs",
        val_seq(c->a, (const struct val *[]){ val_cstring(c->a, "*") }, 1), NULL);
    struct err *e;

    if (!allowed && TRY(&e, has_right(c, "escalate", c->resource->plural, c->route.name, &allowed)))
        return e;
    if (allowed)
        return NULL;
    if (val_get(object, STR("aggregationRule")) &&
        TRY(&e, check_rules(c, name, val_seq(c->a, &all, 1))))
        return e;
    return check_rules(c, name, val_get(object, STR("rules")));
}

static struct err *check_binding(struct call *c, const struct val *live, const struct val *object)
{
    struct str kind = val_at_str(object, "roleRef.kind");
    struct str role_name = val_at_str(object, "roleRef.name");
    struct str plural = str_is(kind, "Role") ? STR("roles") : STR("clusterroles");
    const struct api_resource *res = registry_find(c->s->registry, c->a, RBAC_GROUP, STR("v1"),
                                                   plural);
    const struct val *role = NULL;
    bool allowed = live && val_eq(val_get(live, STR("roleRef")), val_get(object, STR("roleRef"))) &&
                   val_eq(val_get(live, STR("subjects")), val_get(object, STR("subjects")));
    struct err *e;

    if (!allowed && TRY(&e, has_right(c, "bind", plural, role_name, &allowed)))
        return e;
    if (allowed)
        return NULL;
    if (TRY(&e, storage_get(c->s, c->r, res, c->route.ns, role_name, &role)))
        return e;
    if (!role)
        return status_not_found(c->a, res, role_name);
    return check_rules(c, val_at_str(object, "metadata.name"), val_get(role, STR("rules")));
}

struct err *grant_check(struct call *c, const struct val *live, const struct val *object)
{
    struct str plural = c->resource->plural;

    if (!str_eq(c->resource->gvk.group, RBAC_GROUP) || is_master(&c->user))
        return NULL;
    if (str_is(plural, "roles") || str_is(plural, "clusterroles"))
        return check_role(c, live, object);
    return check_binding(c, live, object);
}
