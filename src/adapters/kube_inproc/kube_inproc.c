/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/kube_inproc/kube_inproc.h"

#include "adapters/kube_inproc/inproc_state.h"
#include "adapters/kube_inproc/inproc_watch.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/vec.h"
#include "value/json.h"

/* Path of a reference; ERR_NOT_FOUND when its kind is not served. */
static struct err *ref_path(struct kube_inproc *k, struct run *r, const struct obj_ref *ref,
                            struct str subresource, struct str *ret)
{
    struct gvk gvk = obj_ref_gvk(ref);
    struct kind_entry kind = { 0 };
    struct err *e;

    if (TRY(&e, inproc_kind(k, r, &gvk, &kind)))
        return e;
    *ret = inproc_path(r->arena, &gvk, &kind, ref->ns, ref->name, subresource);
    return NULL;
}

static struct err *apply_request(struct kube_inproc *k, struct run *r,
                                 const struct cluster_apply *req, struct inproc_request *ret)
{
    struct obj_ref ref = obj_ref_of(req->object);
    struct buf query;
    struct err *e;

    *ret = (struct inproc_request){ .method = "PATCH",
                                    .content_type = "application/apply-patch+yaml" };
    if (TRY(&e, ref_path(k, r, &ref, req->subresource, &ret->path)))
        return e;
    buf_init(&query, r->arena, 0);
    inproc_query(&query, "fieldManager", req->field_manager);
    inproc_query(&query, "force", req->force ? STR("true") : STR("false"));
    inproc_query(&query, "dryRun", req->dry_run ? STR("All") : STR(""));
    ret->query = buf_str(&query);
    ret->body = json_string(r->arena, req->object, JSON_COMPACT);
    return NULL;
}

static bool all_are_dry(const struct cluster_apply *reqs, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!reqs[i].dry_run)
            return false;
    return true;
}

/* Dry runs go at once; what is written goes in the order given, which callers chose. */
static struct err *inproc_apply(void *self, struct run *r, const struct cluster_apply *reqs,
                                size_t count, struct cluster_result *ret)
{
    struct inproc_request *requests = ARENA_ARRAY(r->arena, count, struct inproc_request);
    bool together = all_are_dry(reqs, count);

    for (size_t i = 0; i < count; i++) {
        ret[i] = (struct cluster_result){ 0 };
        ret[i].err = apply_request(self, r, &reqs[i], &requests[i]);
        if (!together && !ret[i].err)
            ret[i].err = inproc_serve(self, r, &requests[i], &ret[i].object);
    }
    if (together)
        inproc_serve_all(self, r, requests, count, ret);
    return NULL;
}

static struct err *inproc_get(void *self, struct run *r, const struct obj_ref *refs, size_t count,
                              struct cluster_result *ret)
{
    struct inproc_request *requests = ARENA_ARRAY(r->arena, count, struct inproc_request);

    for (size_t i = 0; i < count; i++) {
        requests[i] = (struct inproc_request){ .method = "GET" };
        ret[i] = (struct cluster_result){ 0 };
        ret[i].err = ref_path(self, r, &refs[i], STR(""), &requests[i].path);
    }
    inproc_serve_all(self, r, requests, count, ret);
    return NULL;
}

static struct err *inproc_create(void *self, struct run *r, const struct val *object,
                                 struct str field_manager, const struct val **ret)
{
    struct obj_ref ref = obj_ref_of(object);
    struct inproc_request q = { .method = "POST" };
    struct buf query;
    struct err *e;

    ref.name = STR("");
    if (TRY(&e, ref_path(self, r, &ref, STR(""), &q.path)))
        return e;
    buf_init(&query, r->arena, 0);
    inproc_query(&query, "fieldManager", field_manager);
    q.query = buf_str(&query);
    q.body = json_string(r->arena, object, JSON_COMPACT);
    return inproc_serve(self, r, &q, ret);
}

static struct err *inproc_patch(void *self, struct run *r, const struct cluster_patch *req,
                                const struct val **ret)
{
    struct inproc_request q = { .method = "PATCH",
                                .content_type = req->type == CLUSTER_PATCH_JSON
                                                    ? "application/json-patch+json"
                                                    : "application/merge-patch+json" };
    struct buf query;
    struct err *e;

    if (TRY(&e, ref_path(self, r, &req->ref, req->subresource, &q.path)))
        return e;
    buf_init(&query, r->arena, 0);
    inproc_query(&query, "fieldManager", req->field_manager);
    q.query = buf_str(&query);
    q.body = json_string(r->arena, req->patch, JSON_COMPACT);
    return inproc_serve(self, r, &q, ret);
}

static const struct val *delete_options(struct arena *a, const struct cluster_delete *req)
{
    static const char *const policies[] = { "Background", "Foreground", "Orphan" };
    struct map_builder preconditions;

    map_builder_init(&preconditions, a);
    if (req->uid.len)
        map_builder_set(&preconditions, STR("uid"), val_string(a, req->uid));
    if (req->resource_version.len)
        map_builder_set(&preconditions, STR("resourceVersion"),
                        val_string(a, req->resource_version));
    return val_map_of(a, "kind", val_cstring(a, "DeleteOptions"), "apiVersion",
                      val_cstring(a, "v1"), "propagationPolicy",
                      val_cstring(a, policies[req->propagation]), "preconditions",
                      map_builder_done(&preconditions, NULL), NULL);
}

static struct err *inproc_delete(void *self, struct run *r, const struct cluster_delete *reqs,
                                 size_t count, struct cluster_result *ret)
{
    for (size_t i = 0; i < count; i++) {
        struct inproc_request q = { .method = "DELETE" };
        struct err *e = ref_path(self, r, &reqs[i].ref, STR(""), &q.path);

        ret[i] = (struct cluster_result){ 0 };
        q.body = json_string(r->arena, delete_options(r->arena, &reqs[i]), JSON_COMPACT);
        if (!e)
            e = inproc_serve(self, r, &q, NULL);
        /* Gone already is what was asked for, and so is a kind that is gone. */
        ret[i].err = e && e->code == ERR_NOT_FOUND ? NULL : e;
    }
    return NULL;
}

/* Items of a list do not say what they are; each is given the list's version and its kind. */
static const struct val *complete(struct arena *a, const struct gvk *gvk, const struct val *item)
{
    struct str version = api_version_format(a, gvk->group, gvk->version);

    if (!val_get(item, STR("kind")))
        item = val_with(a, item, STR("kind"), val_string(a, gvk->kind));
    if (!val_get(item, STR("apiVersion")))
        item = val_with(a, item, STR("apiVersion"), val_string(a, version));
    return item;
}

struct listing {
    VEC(const struct val *) items;
    struct str version;
    struct str token;
};

static struct err *list_page(struct kube_inproc *k, struct run *r,
                             const struct cluster_selector *sel, struct str path, struct listing *l)
{
    struct inproc_request q = { .method = "GET", .path = path };
    const struct val *page = NULL;
    const struct val *items;
    struct buf query;
    struct err *e;

    buf_init(&query, r->arena, 0);
    buf_printf(&query, "limit=%u", LIMIT_LIST_ITEMS);
    inproc_query(&query, "labelSelector", sel->label_selector);
    inproc_query(&query, "fieldSelector", sel->field_selector);
    inproc_query(&query, "continue", l->token);
    q.query = buf_str(&query);
    if (TRY(&e, inproc_serve(k, r, &q, &page)))
        return e;
    items = val_get(page, STR("items"));
    for (size_t i = 0; i < val_count(items); i++)
        *VEC_PUSH(r->arena, &l->items) = complete(r->arena, &sel->gvk, val_item(items, i));
    l->token = val_at_str(page, "metadata.continue");
    l->version = val_at_str(page, "metadata.resourceVersion");
    return NULL;
}

static struct err *inproc_list(void *self, struct run *r, const struct cluster_selector *sel,
                               struct cluster_list *ret)
{
    struct kind_entry kind = { 0 };
    struct listing l = { 0 };
    struct str path;
    struct err *e;

    if (TRY(&e, inproc_kind(self, r, &sel->gvk, &kind)))
        return e;
    path = inproc_path(r->arena, &sel->gvk, &kind, sel->ns, STR(""), STR(""));
    do {
        if (TRY(&e, list_page(self, r, sel, path, &l)))
            return e;
    } while (l.token.len);
    *ret = (struct cluster_list){ .items = l.items.items,
                                  .count = l.items.count,
                                  .resource_version = l.version };
    return NULL;
}

static struct err *inproc_scope(void *self, struct run *r, const struct gvk *gvk,
                                bool *ret_namespaced)
{
    struct kind_entry kind = { 0 };
    struct err *e;

    if (TRY(&e, inproc_kind(self, r, gvk, &kind)))
        return e;
    *ret_namespaced = kind.namespaced;
    return NULL;
}

static struct err *inproc_token(void *self, struct run *r, const struct cluster_account *account,
                                struct secret *ret, struct wall_time *ret_expires)
{
    struct arena *a = r->arena;
    struct inproc_request q = { .method = "POST" };
    struct seq_builder audiences;
    const struct val *answer = NULL, *body;
    struct str token;
    struct err *e;

    seq_builder_init(&audiences, a);
    for (size_t i = 0; i < account->audience_count; i++)
        seq_builder_add(&audiences, val_string(a, account->audiences[i]));
    body = val_map_of(a, "apiVersion", val_cstring(a, "authentication.k8s.io/v1"), "kind",
                      val_cstring(a, "TokenRequest"), "spec",
                      val_map_of(a, "audiences", seq_builder_done(&audiences, NULL), NULL), NULL);
    q.path = str_printf(a, "/api/v1/namespaces/%.*s/serviceaccounts/%.*s/token",
                        STR_ARG(account->ns), STR_ARG(account->name));
    q.body = json_string(a, body, JSON_COMPACT);
    if (TRY(&e, inproc_serve(self, r, &q, &answer)))
        return e;
    token = val_at_str(answer, "status.token");
    if (token.len == 0 ||
        !wall_time_parse(val_at_str(answer, "status.expirationTimestamp"), ret_expires))
        return err_new(a, ERR_INTERNAL, "the server's TokenRequest holds no token");
    *ret = secret_new(a, token);
    return NULL;
}

static struct err *inproc_version(void *self, struct run *r, struct str *ret)
{
    struct inproc_request req = { .method = "GET", .path = STR("/version") };
    const struct val *answer = NULL;
    struct err *e;

    if (TRY(&e, inproc_serve(self, r, &req, &answer)))
        return e;
    *ret = val_get_str(answer, "gitVersion");
    if (ret->len == 0)
        return err_new(r->arena, ERR_INVALID, "the server does not say its version");
    return NULL;
}

static const struct cluster_ops kube_inproc_ops = {
    .apply = inproc_apply,
    .get = inproc_get,
    .create = inproc_create,
    .patch = inproc_patch,
    .delete_objects = inproc_delete,
    .list = inproc_list,
    .watch = inproc_watch,
    .watch_close = inproc_watch_close,
    .scope = inproc_scope,
    .token = inproc_token,
    .version = inproc_version,
};

struct kube_inproc *kube_inproc_new(struct api_server server, const struct api_user *user)
{
    return kube_inproc_new_as(server, user, STR(""));
}

struct kube_inproc *kube_inproc_new_as(struct api_server server, const struct api_user *user,
                                       struct str as)
{
    struct arena *home = arena_new(0);
    struct kube_inproc *k = ARENA_NEW(home, struct kube_inproc);
    struct str *groups = ARENA_ARRAY(home, user->group_count + 1, struct str);

    for (size_t i = 0; i < user->group_count; i++)
        groups[i] = str_dup(home, user->groups[i]);
    k->home = home;
    k->server = server;
    k->user = (struct api_user){ .name = str_dup(home, user->name),
                                 .groups = groups,
                                 .group_count = user->group_count };
    k->impersonate.name = str_dup(home, as);
    (void)pthread_mutex_init(&k->lock, NULL);
    map_init(&k->kinds, home);
    return k;
}

struct cluster kube_inproc_port(struct kube_inproc *k)
{
    return (struct cluster){ .ops = &kube_inproc_ops, .self = k };
}

void kube_inproc_free(struct kube_inproc *k)
{
    if (!k)
        return;
    (void)pthread_mutex_destroy(&k->lock);
    arena_free(k->home);
}
