/* SPDX-License-Identifier: Apache-2.0 */
#include "app/reconcile/prune.h"

#include "base/buf.h"
#include "base/vec.h"

struct failures {
    struct err **items;
    size_t count;
    size_t cap;
};

/* In one line, each with a semicolon behind it, as Flux has it. */
static struct err *failures_join(struct arena *a, const struct failures *failures)
{
    struct buf list;

    buf_init(&list, a, 0);
    for (size_t i = 0; i < failures->count; i++) {
        buf_put(&list, err_line(a, failures->items[i]));
        buf_put_byte(&list, ';');
    }
    return err_new(a, failures->items[0]->code, "delete failed, errors: %.*s",
                   STR_ARG(buf_str(&list)));
}

static void survive(struct run *run, struct prune_result *ret, struct failures *failures,
                    const struct obj_ref *ref, struct err *why, const char *what)
{
    *VEC_PUSH(run->arena, &ret->survivors) = *ref;
    *VEC_PUSH(run->arena, failures) = err_wrap(run->arena, why, "%.*s %s failed",
                                               STR_ARG(obj_ref_format(run->arena, ref)), what);
}

static void settle(struct run *run, struct prune_result *ret, const struct obj_ref *ref,
                   bool skipped)
{
    ret->skipped[ret->settled.count] = skipped;
    *VEC_PUSH(run->arena, &ret->settled) = *ref;
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
        settle(run, ret, ref, false);
}

static void prune_one(const struct cluster *cluster, struct run *run, const struct obj_ref *ref,
                      const struct owner *owner, struct prune_result *ret,
                      struct failures *failures)
{
    const struct val *live = NULL;
    struct err *e = cluster_get_one(cluster, run, ref, &live);

    if (e) {
        survive(run, ret, failures, ref, e, "query");
        return;
    }
    switch (prune_verdict_of(live, owner)) {
    case PRUNE_DELETE:
        delete_one(cluster, run, ref, live, ret, failures);
        break;
    case PRUNE_GONE:
        settle(run, ret, ref, false);
        break;
    case PRUNE_FOREIGN:
    case PRUNE_DISABLED:
        settle(run, ret, ref, true);
        break;
    }
}

struct err *prune_run(const struct cluster *cluster, struct run *run,
                      const struct obj_refs *candidates, const struct owner *owner,
                      struct prune_result *ret)
{
    struct failures failures = VEC_INIT;

    *ret = (struct prune_result){
        .settled = VEC_INIT,
        .skipped = ARENA_ARRAY(run->arena, candidates->count, bool),
        .survivors = VEC_INIT,
    };
    for (size_t i = 0; i < candidates->count; i++)
        prune_one(cluster, run, &candidates->items[i], owner, ret, &failures);
    return failures.count ? failures_join(run->arena, &failures) : NULL;
}

struct str prune_change_log(struct arena *a, const struct prune_result *result)
{
    struct buf log;

    buf_init(&log, a, 0);
    for (size_t i = 0; i < result->settled.count; i++) {
        if (i > 0)
            buf_put_byte(&log, '\n');
        buf_put(&log, obj_ref_format(a, &result->settled.items[i]));
        buf_put(&log, result->skipped[i] ? STR(" skipped") : STR(" deleted"));
    }
    return buf_str(&log);
}
