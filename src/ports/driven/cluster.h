/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ports/driven/cluster.h - what the use-cases need from a Kubernetes API server.
 *
 * Calls block until done, r->deadline or r->cancelled; results live in r->arena. Thread-safe: one handle serves many
 * runs at once. Calls on sets answer per object, in the order asked; the call itself fails only when nothing
 * could be asked at all.
 * Implementations: adapters/kube_http, adapters/kube_inproc, adapters/kube_fake; all pass
 * tests/contract/cluster_contract.c.
 *
 * Errors carry err->status where a server answered. ERR_NOT_FOUND also for a kind that the server does not
 * know; its message says which.
 */
#ifndef PORTS_DRIVEN_CLUSTER_H
#define PORTS_DRIVEN_CLUSTER_H

#include <assert.h>

#include "base/run.h"
#include "base/secret.h"
#include "core/kube/obj_ref.h"

struct cluster_result {
    struct err *err;          /* NULL: success */
    const struct val *object; /* as the server returned it; NULL on error and after a delete */
};

struct cluster_apply {
    const struct val *object; /* full manifest: apiVersion, kind, metadata.name present */
    struct str field_manager; /* 1..128 bytes */
    struct str subresource;   /* "" or "status" */
    bool dry_run;             /* server-side dry run: nothing is stored */
    bool force;               /* take fields that other managers own; else ERR_CONFLICT */
};

enum cluster_patch_type { CLUSTER_PATCH_MERGE, CLUSTER_PATCH_JSON };

struct cluster_patch {
    struct obj_ref ref;
    enum cluster_patch_type type;
    const struct val *patch;
    struct str field_manager;
    struct str subresource;
};

enum cluster_propagation { CLUSTER_BACKGROUND, CLUSTER_FOREGROUND, CLUSTER_ORPHAN };

struct cluster_delete {
    struct obj_ref ref;
    struct str uid;              /* precondition; "" only where no object was read before */
    struct str resource_version; /* precondition; "" for none */
    enum cluster_propagation propagation;
};

struct cluster_selector {
    struct gvk gvk;
    struct str ns;             /* "": all namespaces */
    struct str label_selector; /* "" for all */
    struct str field_selector;
};

struct cluster_list {
    const struct val *const *items;
    size_t count;
    struct str resource_version; /* to watch from */
};

enum cluster_event {
    CLUSTER_ADDED,
    CLUSTER_MODIFIED,
    CLUSTER_DELETED,
    CLUSTER_BOOKMARK,
    CLUSTER_WATCH_ENDED
};

/*
 * Called on the adapter's thread: must copy what it keeps and return at once. WATCH_ENDED is the last call; `e` says
 * why (ERR_GONE: list again), object is NULL. An object's val lives for the call only.
 */
struct cluster_watcher {
    void (*on_event)(void *self, enum cluster_event event, const struct val *object,
                     const struct err *e);
    void *self;
};

struct cluster_watch; /* an open watch */

/* A service account whose token is asked for (TokenRequest). */
struct cluster_account {
    struct str ns;
    struct str name;
    const struct str *audiences; /* none: the server's own */
    size_t audience_count;
};

struct cluster_ops {
    struct err *(*apply)(void *self, struct run *r, const struct cluster_apply *reqs, size_t count,
                         struct cluster_result *ret);
    struct err *(*get)(void *self, struct run *r, const struct obj_ref *refs, size_t count,
                       struct cluster_result *ret);
    /* ERR_ALREADY_EXISTS. metadata.generateName works. */
    struct err *(*create)(void *self, struct run *r, const struct val *object,
                          struct str field_manager, const struct val **ret);
    struct err *(*patch)(void *self, struct run *r, const struct cluster_patch *req,
                         const struct val **ret);
    /* Deletion is asked for, not waited for. An object that is gone already is success. ERR_CONFLICT: precondition. */
    struct err *(*delete_objects)(void *self, struct run *r, const struct cluster_delete *reqs,
                                  size_t count, struct cluster_result *ret);
    struct err *(*list)(void *self, struct run *r, const struct cluster_selector *sel,
                        struct cluster_list *ret);
    /* Events after `resource_version` with bookmarks, until the watch is closed or ends. */
    struct err *(*watch)(void *self, struct run *r, const struct cluster_selector *sel,
                         struct str resource_version, const struct cluster_watcher *watcher,
                         struct cluster_watch **ret);
    /* No call to the watcher comes after this returns. */
    void (*watch_close)(void *self, struct cluster_watch *watch);
    /* Plural and scope of a kind. ERR_NOT_FOUND: the server does not serve it (asked anew when not cached). */
    struct err *(*scope)(void *self, struct run *r, const struct gvk *gvk, bool *ret_namespaced);
    /* A token of the account, and when it ends. ERR_NOT_FOUND: no such account. */
    struct err *(*token)(void *self, struct run *r, const struct cluster_account *account,
                         struct secret *ret, struct wall_time *ret_expires);
    /* The server's version, "v1.35.4". */
    struct err *(*version)(void *self, struct run *r, struct str *ret);
};

struct cluster {
    const struct cluster_ops *ops; /* static const in the adapter; no entry is NULL */
    void *self;                    /* borrowed; outlives every call */
};

/* Use-cases call these, never ops: the contract is asserted in one place. */
MUST_CHECK static inline struct err *cluster_apply_set(const struct cluster *c, struct run *r,
                                                       const struct cluster_apply *reqs,
                                                       size_t count, struct cluster_result *ret)
{
    assert(count == 0 || reqs[0].field_manager.len > 0);
    return count ? c->ops->apply(c->self, r, reqs, count, ret) : NULL;
}

MUST_CHECK static inline struct err *cluster_get_set(const struct cluster *c, struct run *r,
                                                     const struct obj_ref *refs, size_t count,
                                                     struct cluster_result *ret)
{
    assert(count == 0 || (refs[0].kind.len > 0 && refs[0].name.len > 0));
    return count ? c->ops->get(c->self, r, refs, count, ret) : NULL;
}

/* *ret is NULL where there is none; that is no error. */
MUST_CHECK static inline struct err *cluster_get_one(const struct cluster *c, struct run *r,
                                                     const struct obj_ref *ref,
                                                     const struct val **ret)
{
    struct cluster_result one = { 0 };
    struct err *e = cluster_get_set(c, r, ref, 1, &one);

    if (!e && one.err && one.err->code != ERR_NOT_FOUND)
        e = one.err;
    if (!e)
        *ret = one.err ? NULL : one.object;
    return e;
}

MUST_CHECK static inline struct err *cluster_create(const struct cluster *c, struct run *r,
                                                    const struct val *object,
                                                    struct str field_manager,
                                                    const struct val **ret)
{
    assert(field_manager.len > 0);
    return c->ops->create(c->self, r, object, field_manager, ret);
}

MUST_CHECK static inline struct err *cluster_patch_one(const struct cluster *c, struct run *r,
                                                       const struct cluster_patch *req,
                                                       const struct val **ret)
{
    assert(req->field_manager.len > 0);
    return c->ops->patch(c->self, r, req, ret);
}

MUST_CHECK static inline struct err *cluster_delete_set(const struct cluster *c, struct run *r,
                                                        const struct cluster_delete *reqs,
                                                        size_t count, struct cluster_result *ret)
{
    return count ? c->ops->delete_objects(c->self, r, reqs, count, ret) : NULL;
}

MUST_CHECK static inline struct err *cluster_list_all(const struct cluster *c, struct run *r,
                                                      const struct cluster_selector *sel,
                                                      struct cluster_list *ret)
{
    assert(sel->gvk.kind.len > 0);
    return c->ops->list(c->self, r, sel, ret);
}

MUST_CHECK static inline struct err *cluster_watch_open(const struct cluster *c, struct run *r,
                                                        const struct cluster_selector *sel,
                                                        struct str resource_version,
                                                        const struct cluster_watcher *watcher,
                                                        struct cluster_watch **ret)
{
    return c->ops->watch(c->self, r, sel, resource_version, watcher, ret);
}

static inline void cluster_watch_close(const struct cluster *c, struct cluster_watch *watch)
{
    c->ops->watch_close(c->self, watch);
}

MUST_CHECK static inline struct err *cluster_scope(const struct cluster *c, struct run *r,
                                                   const struct gvk *gvk, bool *ret_namespaced)
{
    return c->ops->scope(c->self, r, gvk, ret_namespaced);
}

MUST_CHECK static inline struct err *cluster_token(const struct cluster *c, struct run *r,
                                                   const struct cluster_account *account,
                                                   struct secret *ret,
                                                   struct wall_time *ret_expires)
{
    assert(account->ns.len > 0 && account->name.len > 0);
    return c->ops->token(c->self, r, account, ret, ret_expires);
}

MUST_CHECK static inline struct err *cluster_version(const struct cluster *c, struct run *r,
                                                     struct str *ret)
{
    return c->ops->version(c->self, r, ret);
}

#endif
