/* SPDX-License-Identifier: Apache-2.0 */
#include "app/reconcile/prune.h"

#include "base/buf.h"
#include "base/vec.h"

struct failures {
    struct err **items;
    size_t count;
    size_t cap;
};

static void survive(struct run *run, struct prune_result *ret, struct failures *failures,
                    const struct obj_ref *ref, struct err *why, const char *what)
{
    *VEC_PUSH(run->arena, &ret->survivors) = *ref;
    *VEC_PUSH(run->arena, failures) = err_wrap(run->arena, why, "%.*s %s failed",
                                               STR_ARG(obj_ref_format(run->arena, ref)), what);
}

static void delete_one(const struct cluster *cluster, struct run *run, const struct obj_ref *ref,
                       const struct val *live, struct prune_result *ret, struct failures *failures)
{
    struct cluster_delete req = {
        .ref = *ref,
        .uid = val_at_str(live, "metadata.uid"),
        .propagation = CLUSTER_BACKGROUND,
    };
    struct cluster_result answer = { 0 };
    struct err *e = cluster_delete_set(cluster, run, &req, 1, &answer);

    if (!e)
        e = answer.err;
    if (e)
        survive(run, ret, failures, ref, e, "delete");
    else
        *VEC_PUSH(run->arena, &ret->deleted) = *ref;
}

static void prune_one(const struct cluster *cluster, struct run *run, const struct obj_ref *ref,
                      const struct owner *owner, struct prune_result *ret,
                      struct failures *failures)
{
    const struct val *live = NULL;
    struct err *e = cluster_get_one(cluster, run, ref, &live);

    if (e)
        survive(run, ret, failures, ref, e, "query");
    else if (prune_verdict_of(live, owner) == PRUNE_DELETE)
        delete_one(cluster, run, ref, live, ret, failures);
}

struct err *prune_run(const struct cluster *cluster, struct run *run,
                      const struct obj_refs *candidates, const struct owner *owner,
                      struct prune_result *ret)
{
    struct failures failures = VEC_INIT;
    struct err *joined;

    *ret = (struct prune_result){ .deleted = VEC_INIT, .survivors = VEC_INIT };
    for (size_t i = 0; i < candidates->count; i++)
        prune_one(cluster, run, &candidates->items[i], owner, ret, &failures);
    joined = err_join(run->arena, failures.items, failures.count);
    return joined ? err_wrap(run->arena, joined, "delete failed, errors") : NULL;
}

struct str prune_change_log(struct arena *a, const struct prune_result *result)
{
    struct buf log;

    buf_init(&log, a, 0);
    for (size_t i = 0; i < result->deleted.count; i++) {
        if (i > 0)
            buf_put_byte(&log, '\n');
        buf_put(&log, obj_ref_format(a, &result->deleted.items[i]));
        buf_lit(&log, " deleted");
    }
    return buf_str(&log);
}
