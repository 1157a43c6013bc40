/* SPDX-License-Identifier: Apache-2.0 */
/* GET of one object and of its subresources. */
#include "app/apiserver/verbs.h"

/* A version from the future is answered with 504 at once: it will not come while we wait. */
static struct err *check_version(struct call *c)
{
    struct str text = query_get(&c->query, "resourceVersion");
    int64_t current = c->s->store.ops->revision(c->s->store.self);
    int64_t asked = 0;

    if (!text.len)
        return NULL;
    if (!str_to_int64(text, &asked) || asked < 0)
        return status_bad_request(c->a,
                                  "resourceVersion: Invalid value: \"%.*s\": strconv.ParseUint: "
                                  "parsing \"%.*s\": invalid syntax",
                                  STR_ARG(text), STR_ARG(text));
    return asked > current ? status_too_large_version(c->a, asked, current) : NULL;
}

static struct err *check_subresource(struct call *c)
{
    struct str sub = c->route.subresource;

    if (!sub.len || str_is(sub, "status") || str_is(sub, "scale") || str_is(sub, "resize") ||
        str_is(sub, "ephemeralcontainers") || str_is(sub, "approval"))
        return NULL;
    return status_not_implemented(c->a, "%.*s/%.*s is not implemented: no containers run here",
                                  STR_ARG(c->resource->plural), STR_ARG(sub));
}

struct err *verb_get(struct call *c, struct answer *ret)
{
    const struct val *object = NULL;
    struct err *e;

    if (TRY(&e, check_subresource(c)) || TRY(&e, check_version(c)) ||
        TRY(&e, storage_get(c->s, c->r, c->resource, c->route.ns, c->route.name, &object)))
        return e;
    if (!object)
        return status_not_found(c->a, c->resource, c->route.name);
    ret->is_object = true;
    if (str_is(c->route.subresource, "scale")) {
        ret->is_object = false;
        if (TRY(&e, scale_of(c->a, c->resource, object, &object)))
            return e;
    }
    ret->body = object;
    return NULL;
}
