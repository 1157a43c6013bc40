/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/fault/fault_cluster.h"

#include <signal.h>

/* splitmix64 */
static uint64_t draw(struct fault_chance *c)
{
    uint64_t z = (c->state += 0x9E3779B97F4A7C15u);

    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static bool happens(struct fault_chance *c, unsigned per_mille)
{
    return draw(c) % 1000 < per_mille;
}

/* What shall happen instead of a call. */
static struct err *by_chance(struct fault_cluster *f, struct run *r)
{
    static const enum err_code codes[] = { ERR_UNAVAILABLE, ERR_CONFLICT, ERR_TIMEOUT,
                                           ERR_INTERNAL };
    struct fault_chance *c = f->chance;

    if (!c)
        return NULL;
    c->dead = c->dead || happens(c, c->dies);
    if (c->dead)
        return err_new(r->arena, ERR_CANCELLED, "the process has ended");
    if (!happens(c, c->refused))
        return NULL;
    return err_new(r->arena, codes[draw(c) % 4], "the server is unable to handle the request");
}

/* A write was done; whether its answer is lost. */
static struct err *lost_answer(struct fault_cluster *f, struct run *r)
{
    if (!f->chance || !happens(f->chance, f->chance->unheard))
        return NULL;
    return err_new(r->arena, ERR_TIMEOUT, "no answer within the deadline");
}

/* Counts a write; what shall happen instead of it. */
static struct err *before_write(struct fault_cluster *f, struct run *r)
{
    long long n = atomic_fetch_add(&f->writes, 1) + 1;
    struct err *e = by_chance(f, r);

    if (e)
        return e;
    if (n == f->kill_at)
        (void)raise(SIGKILL);
    if (n == f->fail_at)
        return err_new(r->arena, f->fail_with,
                       "the server is unable to handle the request (write %lld)", n);
    return NULL;
}

static bool writes_something(const struct cluster_apply *reqs, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!reqs[i].dry_run)
            return true;
    return false;
}

/* Writes go one at a time, so that a crash can fall between any two. */
static struct err *apply(void *self, struct run *r, const struct cluster_apply *reqs, size_t count,
                         struct cluster_result *ret)
{
    struct fault_cluster *f = self;
    struct err *e;

    if (!writes_something(reqs, count))
        return f->inner.ops->apply(f->inner.self, r, reqs, count, ret);
    for (size_t i = 0; i < count; i++) {
        ret[i] = (struct cluster_result){ .err = reqs[i].dry_run ? by_chance(f, r)
                                                                 : before_write(f, r) };
        if (ret[i].err)
            continue;
        if (TRY(&e, f->inner.ops->apply(f->inner.self, r, &reqs[i], 1, &ret[i])))
            return e;
        if (!reqs[i].dry_run && TRY(&e, lost_answer(f, r)))
            ret[i] = (struct cluster_result){ .err = e };
    }
    return NULL;
}

static struct err *get(void *self, struct run *r, const struct obj_ref *refs, size_t count,
                       struct cluster_result *ret)
{
    struct fault_cluster *f = self;
    struct err *e = by_chance(f, r);

    return e ? e : f->inner.ops->get(f->inner.self, r, refs, count, ret);
}

static struct err *create(void *self, struct run *r, const struct val *object,
                          struct str field_manager, const struct val **ret)
{
    struct fault_cluster *f = self;
    struct err *e = before_write(f, r);

    return e ? e : f->inner.ops->create(f->inner.self, r, object, field_manager, ret);
}

static struct err *patch(void *self, struct run *r, const struct cluster_patch *req,
                         const struct val **ret)
{
    struct fault_cluster *f = self;
    struct err *e = before_write(f, r);

    if (e || TRY(&e, f->inner.ops->patch(f->inner.self, r, req, ret)))
        return e;
    return lost_answer(f, r);
}

static struct err *delete_objects(void *self, struct run *r, const struct cluster_delete *reqs,
                                  size_t count, struct cluster_result *ret)
{
    struct fault_cluster *f = self;
    struct err *e;

    for (size_t i = 0; i < count; i++) {
        ret[i] = (struct cluster_result){ .err = before_write(f, r) };
        if (ret[i].err)
            continue;
        if (TRY(&e, f->inner.ops->delete_objects(f->inner.self, r, &reqs[i], 1, &ret[i])))
            return e;
        if (TRY(&e, lost_answer(f, r)))
            ret[i].err = e;
    }
    return NULL;
}

static struct err *list(void *self, struct run *r, const struct cluster_selector *sel,
                        struct cluster_list *ret)
{
    struct fault_cluster *f = self;

    return f->inner.ops->list(f->inner.self, r, sel, ret);
}

static struct err *watch(void *self, struct run *r, const struct cluster_selector *sel,
                         struct str resource_version, const struct cluster_watcher *watcher,
                         struct cluster_watch **ret)
{
    struct fault_cluster *f = self;

    return f->inner.ops->watch(f->inner.self, r, sel, resource_version, watcher, ret);
}

static void watch_close(void *self, struct cluster_watch *w)
{
    struct fault_cluster *f = self;

    f->inner.ops->watch_close(f->inner.self, w);
}

static struct err *version(void *self, struct run *r, struct str *ret)
{
    struct fault_cluster *f = self;

    return f->inner.ops->version(f->inner.self, r, ret);
}

static struct err *scope(void *self, struct run *r, const struct gvk *gvk, bool *ret_namespaced)
{
    struct fault_cluster *f = self;

    return f->inner.ops->scope(f->inner.self, r, gvk, ret_namespaced);
}

static struct err *token(void *self, struct run *r, const struct cluster_account *account,
                         struct secret *ret, struct wall_time *ret_expires)
{
    struct fault_cluster *f = self;

    return f->inner.ops->token(f->inner.self, r, account, ret, ret_expires);
}

struct cluster fault_cluster_port(struct fault_cluster *f)
{
    static const struct cluster_ops ops = {
        .apply = apply,
        .get = get,
        .create = create,
        .patch = patch,
        .delete_objects = delete_objects,
        .list = list,
        .watch = watch,
        .watch_close = watch_close,
        .scope = scope,
        .token = token,
        .version = version,
    };

    return (struct cluster){ .ops = &ops, .self = f };
}
