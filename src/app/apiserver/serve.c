/* SPDX-License-Identifier: Apache-2.0 */
/* One request from its bytes to its answer: who, what, may they, the verb, the encoding. */
#include "app/apiserver/serve.h"

#include "app/apiserver/access.h"
#include "app/apiserver/respond.h"
#include "app/apiserver/verbs.h"

void call_init(struct call *c, struct apiserver *s, struct run *r, const struct api_request *req)
{
    *c = (struct call){ .s = s, .r = r, .a = r->arena, .req = req };
    c->query = query_parse(c->a, req->query);
    c->route = route_parse(req->path);
    c->verb = route_verb(&c->route, req->method, &c->query);
    if (c->route.kind == ROUTE_RESOURCE)
        c->resource = registry_find(s->registry, c->a, c->route.group, c->route.version,
                                    c->route.plural);
    if (c->resource && c->route.subresource.len)
        c->subresource = api_resource_subresource(c->resource, c->route.subresource);
}

static enum api_verb verb_bit(struct str verb)
{
    static const enum api_verb all[] = { API_CREATE, API_DELETE, API_DELETE_COLLECTION,
                                         API_GET,    API_LIST,   API_PATCH,
                                         API_UPDATE, API_WATCH };

    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (str_eq(api_verb_name(all[i]), verb))
            return all[i];
    return 0;
}

/* Custom groups are served by another handler in kube, whose unknown paths are plain text. */
static bool group_is_builtin(struct str group)
{
    size_t count;
    const struct api_resource *all = api_resource_builtin_all(&count);

    for (size_t i = 0; i < count; i++)
        if (str_eq(all[i].gvk.group, group))
            return true;
    return false;
}

static struct err *check_route(struct call *c, struct answer *ret)
{
    const struct api_resource *res = c->resource;
    enum api_verb bit = verb_bit(c->verb);

    if (!res || c->route.too_long || (c->route.subresource.len && !c->subresource) ||
        (!res->namespaced && c->route.ns.len && !str_is(res->plural, "namespaces"))) {
        if (res && res->crd && c->route.name.len && !c->route.too_long)
            return status_not_found(c->a, res, c->route.name); /* a subresource it does not have */
        if (res || group_is_builtin(c->route.group))
            return status_no_resource(c->a);
        ret->status = 404;
        ret->text = STR("404 page not found\n");
        return NULL;
    }
    /* A namespaced object has its namespace in the path; reading across namespaces is for collections. */
    if (res->namespaced && !c->route.ns.len && c->route.name.len)
        return status_no_resource(c->a);
    if (res->namespaced && !c->route.ns.len && bit == API_CREATE && !(res->traits & API_VIRTUAL))
        return status_method_not_supported(c->a);
    if (!(bit & (c->subresource ? c->subresource->verbs : res->verbs)) ||
        (bit == API_CREATE && c->route.name.len && !c->subresource))
        return status_method_not_supported(c->a);
    return NULL;
}

static struct err *run_verb(struct call *c, struct answer *ret)
{
    /* One object is updated or patched, never all. */
    if (!c->route.name.len && (verb_bit(c->verb) == API_UPDATE || verb_bit(c->verb) == API_PATCH))
        return status_method_not_supported(c->a);
    switch (verb_bit(c->verb)) {
    case API_GET:
        return verb_get(c, ret);
    case API_LIST:
        return verb_list(c, ret);
    case API_CREATE:
        return verb_create(c, ret);
    case API_UPDATE:
        return verb_update(c, ret);
    case API_PATCH:
        return verb_patch(c, ret);
    case API_DELETE:
        return verb_delete(c, ret);
    case API_DELETE_COLLECTION:
        return verb_delete_collection(c, ret);
    case API_WATCH:
    case API_ALL_VERBS:
        break;
    }
    return status_method_not_supported(c->a);
}

static void warn_deprecated(struct call *c)
{
    struct str warning = c->resource ? api_resource_deprecation(c->resource) : STR("");

    if (warning.len)
        *VEC_PUSH(c->a, &c->warnings) = warning;
}

struct err *call_enter(struct call *c, struct answer *ret)
{
    struct err *e;

    if (TRY(&e, access_user(c)) || TRY(&e, access_check(c)))
        return e;
    if (c->route.kind != ROUTE_RESOURCE)
        return accept_parse(c->a, c->req->accept, &c->accept);
    if (TRY(&e, check_route(c, ret)) || ret->status == 404)
        return e;
    warn_deprecated(c);
    return accept_parse(c->a, c->req->accept, &c->accept);
}

static struct err *answer_call(struct call *c, struct answer *ret)
{
    struct err *e;

    if (c->route.kind == ROUTE_HEALTH) { /* whatever the client accepts, it gets plain text */
        if (TRY(&e, access_user(c)) || TRY(&e, access_check(c)))
            return e;
        return serve_document(c, ret);
    }
    if (TRY(&e, call_enter(c, ret)) || ret->status == 404)
        return e;
    return c->route.kind == ROUTE_RESOURCE ? run_verb(c, ret) : serve_document(c, ret);
}

void serve_request(struct apiserver *s, struct run *r, const struct api_request *req,
                   struct api_response *ret)
{
    struct answer answer = { 0 };
    struct call c;
    struct err *e;

    call_init(&c, s, r, req);
    e = answer_call(&c, &answer);
    if (!e)
        e = respond_answer(&c, &answer, ret);
    if (e)
        respond_error(&c, e, ret);
    if (str_is(req->method, "HEAD"))
        ret->body = STR("");
}
