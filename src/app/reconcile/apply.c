/* SPDX-License-Identifier: Apache-2.0 */
#include "app/reconcile/apply.h"

#include "base/buf.h"
#include "base/vec.h"
#include "core/kube/apply_order.h"
#include "core/kube/kstatus.h"
#include "core/kube/takeover.h"

/* Objects of one stage, with what is known of each. */
struct stage {
    const struct reconcile_ports *ports;
    struct run *run;
    const struct apply_request *req;
    struct apply_result *result;
    const struct val **objects;
    struct obj_ref *refs;
    struct cluster_result *live;
    struct apply_entry *done; /* by index; those of `known` */
    bool *known;
    struct err **wrong; /* by index: what the object cannot be applied for; NULL: nothing so far */
    size_t count;
};

static struct str name_of(struct stage *s, const struct obj_ref *ref)
{
    return obj_ref_format(s->run->arena, ref);
}

static void record(struct stage *s, size_t i, enum apply_action action, const struct val *object)
{
    s->done[i] = (struct apply_entry){ .ref = s->refs[i], .action = action, .object = object };
    s->known[i] = true;
}

/* The stage's entries, in the order of its objects. */
static void hand_over(struct stage *s)
{
    for (size_t i = 0; i < s->count; i++)
        if (s->known[i])
            *VEC_PUSH(s->run->arena, s->result) = s->done[i];
}

static struct err *before_write(struct stage *s)
{
    if (s->result->wrote)
        return NULL;
    s->result->wrote = true;
    return s->req->before_write ? s->req->before_write(s->req->self) : NULL;
}

/* Namespaces on cluster-scoped kinds are dropped; a missing one on others is the author's mistake. */
static struct err *check_scope(struct stage *s, size_t i)
{
    struct obj_ref *ref = &s->refs[i];
    struct gvk gvk = obj_ref_gvk(ref);
    bool namespaced = true;
    struct err *e;

    if (TRY(&e, cluster_scope(&s->req->cluster, s->run, &gvk, &namespaced)))
        return err_wrap(s->run->arena, e, "%.*s dry-run failed", STR_ARG(name_of(s, ref)));
    if (!namespaced) {
        ref->ns = STR("");
        s->objects[i] = val_without_at(s->run->arena, s->objects[i], "metadata.namespace");
    } else if (ref->ns.len == 0) {
        return err_new(
            s->run->arena, ERR_INVALID,
            "%.*s namespace not specified: the server could not find the requested resource",
            STR_ARG(name_of(s, ref)));
    }
    return NULL;
}

/* All that is wrong with the stage at once, a line an object; NULL: nothing. */
static struct err *all_wrong(struct stage *s)
{
    struct err *first = NULL;
    struct buf lines;
    size_t count = 0;

    buf_init(&lines, s->run->arena, 0);
    for (size_t i = 0; i < s->count; i++) {
        if (!s->wrong[i])
            continue;
        first = first ? first : s->wrong[i];
        if (count++ > 0)
            buf_put_byte(&lines, '\n');
        buf_put(&lines, err_line(s->run->arena, s->wrong[i]));
    }
    if (count < 2)
        return first;
    return err_new(s->run->arena, first->code, "%.*s", STR_ARG(buf_str(&lines)));
}

static struct err *read_live(struct stage *s)
{
    struct err *e;

    for (size_t i = 0; i < s->count; i++)
        s->wrong[i] = check_scope(s, i);
    s->live = ARENA_ARRAY(s->run->arena, s->count, struct cluster_result);
    if (TRY(&e, cluster_get_set(&s->req->cluster, s->run, s->refs, s->count, s->live)))
        return e;
    for (size_t i = 0; i < s->count; i++)
        /* Who may write but not read is told by the dry run what it may not. */
        if (!s->wrong[i] && s->live[i].err && s->live[i].err->code != ERR_NOT_FOUND &&
            s->live[i].err->code != ERR_FORBIDDEN)
            return err_wrap(s->run->arena, s->live[i].err, "%.*s query failed",
                            STR_ARG(name_of(s, &s->refs[i])));
    return NULL;
}

static bool is_immutable_error(const struct err *e)
{
    struct str msg = e->msg;

    if (e->status && e->status->http_code != 409 && e->status->http_code != 422)
        return false;
    return str_contains(msg, STR("field is immutable")) || str_contains(msg, STR("is immutable")) ||
           str_contains(msg, STR("immutable field"));
}

/* Deletes what cannot be changed, where that is allowed. What is gone at once is created by this run, else by the next. */
static struct err *recreate(struct stage *s, size_t i)
{
    struct cluster_delete del = {
        .ref = s->refs[i],
        .uid = val_at_str(s->live[i].object, "metadata.uid"),
        .propagation = CLUSTER_BACKGROUND,
    };
    struct cluster_result gone = { 0 };
    const struct val *left = NULL;
    struct err *e = before_write(s);

    if (!e)
        e = cluster_delete_set(&s->req->cluster, s->run, &del, 1, &gone);
    if (!e)
        e = gone.err;
    if (!e)
        e = cluster_get_one(&s->req->cluster, s->run, &s->refs[i], &left);
    if (e)
        return err_wrap(s->run->arena, e, "%.*s immutable field detected, failed to delete object",
                        STR_ARG(name_of(s, &s->refs[i])));
    s->live[i].object = NULL;
    if (left) {
        s->result->waiting = true;
        s->result->waiting_for = name_of(s, &s->refs[i]);
    }
    return NULL;
}

static struct err *dry_run_error(struct stage *s, size_t i, struct err *cause)
{
    struct arena *a = s->run->arena;
    struct str reason = cause->status ? cause->status->reason : STR("");

    if (cause->code == ERR_NOT_FOUND)
        return err_wrap(a, cause, "%.*s not found", STR_ARG(name_of(s, &s->refs[i])));
    if (reason.len > 0)
        return err_wrap(a, cause, "%.*s dry-run failed (%.*s)", STR_ARG(name_of(s, &s->refs[i])),
                        STR_ARG(reason));
    return err_wrap(a, cause, "%.*s dry-run failed", STR_ARG(name_of(s, &s->refs[i])));
}

static bool may_recreate(const struct stage *s, size_t i)
{
    return s->live[i].object &&
           (s->req->force || policy_is(s->objects[i], &s->req->owner, "force", "enabled"));
}

/* Indexes of the stage's objects, of those that a step works on. */
struct picks {
    size_t *items;
    size_t count;
    size_t cap;
};

static void fill_requests(struct stage *s, const struct picks *picks, bool dry_run,
                          struct cluster_apply *reqs)
{
    for (size_t i = 0; i < picks->count; i++)
        reqs[i] = (struct cluster_apply){
            .object = s->objects[picks->items[i]],
            .field_manager = s->req->field_manager,
            .dry_run = dry_run,
            .force = true,
        };
}

static struct picks pick_applicable(struct stage *s)
{
    struct picks picks = VEC_INIT;

    for (size_t i = 0; i < s->count; i++)
        if (s->wrong[i])
            continue;
        else if (policy_forbids_apply(s->objects[i], s->live[i].object, &s->req->owner))
            record(s, i, APPLY_SKIPPED, s->live[i].object);
        else
            *VEC_PUSH(s->run->arena, &picks) = i;
    return picks;
}

/* Fields that kubectl set become ours, so that applying removes what Git does not name. *ret: there were some. */
static struct err *take_over(struct stage *s, size_t i, bool *ret)
{
    const struct val *patch = NULL, *ignored;
    struct cluster_patch req = { .ref = s->refs[i],
                                 .type = CLUSTER_PATCH_JSON,
                                 .field_manager = s->req->field_manager };
    struct err *e;

    if (s->live[i].object && !policy_is(s->objects[i], &s->req->owner, "ssa", "Merge") &&
        !policy_is(s->live[i].object, &s->req->owner, "ssa", "Merge"))
        patch = takeover_patch(s->run->arena, s->live[i].object, &s->ports->options.takeover);
    *ret = patch != NULL;
    if (!patch)
        return NULL;
    req.patch = patch;
    if (TRY(&e, before_write(s)))
        return e;
    if (TRY(&e, cluster_patch_one(&s->req->cluster, s->run, &req, &ignored)))
        return err_wrap(s->run->arena, e, "%.*s metadata.managedFields cleanup failed",
                        STR_ARG(name_of(s, &s->refs[i])));
    return NULL;
}

static bool is_recreated(const struct stage *s, size_t at, const struct err *e)
{
    return e && is_immutable_error(e) && may_recreate(s, at);
}

/* Makes room for what cannot be changed, takes over what kubectl set, and tells whether something is left to change. */
static struct err *settle_one(struct stage *s, size_t at, const struct cluster_apply *req,
                              struct cluster_result *answer, struct picks *ret_changed)
{
    struct err *e;
    bool taken;

    if (is_recreated(s, at, answer->err)) {
        if (TRY(&e, recreate(s, at)))
            return e;
        if (s->result->waiting)
            return NULL;
        if (TRY(&e, cluster_apply_set(&s->req->cluster, s->run, req, 1, answer)))
            return e;
        if (answer->err)
            return dry_run_error(s, at, answer->err);
    }
    if (TRY(&e, take_over(s, at, &taken)))
        return e;
    if (!taken &&
        !drift_rules_differ(s->run->arena, s->req->ignore, s->live[at].object, answer->object)) {
        record(s, at, APPLY_UNCHANGED, s->live[at].object);
        return NULL;
    }
    s->objects[at] = drift_rules_resolve(s->run->arena, s->req->ignore, s->live[at].object,
                                         answer->object, s->objects[at], s->req->field_manager);
    *VEC_PUSH(s->run->arena, ret_changed) = at;
    return NULL;
}

/* Dry run of all, before anything is written: whatever is wrong is told at once. *ret_changed: those that would change something. */
static struct err *try_all(struct stage *s, const struct picks *picks, struct picks *ret_changed)
{
    struct cluster_apply *reqs = ARENA_ARRAY(s->run->arena, picks->count, struct cluster_apply);
    struct cluster_result *answers = ARENA_ARRAY(s->run->arena, picks->count,
                                                 struct cluster_result);
    struct err *e;

    fill_requests(s, picks, true, reqs);
    if (TRY(&e, cluster_apply_set(&s->req->cluster, s->run, reqs, picks->count, answers)))
        return e;
    for (size_t i = 0; i < picks->count; i++)
        if (answers[i].err && !is_recreated(s, picks->items[i], answers[i].err))
            s->wrong[picks->items[i]] = dry_run_error(s, picks->items[i], answers[i].err);
    if (TRY(&e, all_wrong(s)))
        return e;
    for (size_t i = 0; i < picks->count; i++)
        if (TRY(&e, settle_one(s, picks->items[i], &reqs[i], &answers[i], ret_changed)))
            return e;
    return NULL;
}

static struct err *write_changed(struct stage *s, const struct picks *changed)
{
    struct cluster_apply *reqs = ARENA_ARRAY(s->run->arena, changed->count, struct cluster_apply);
    struct cluster_result *answers = ARENA_ARRAY(s->run->arena, changed->count,
                                                 struct cluster_result);
    struct err *e, *first = NULL;

    if (changed->count == 0)
        return NULL;
    if (TRY(&e, before_write(s)))
        return e;
    fill_requests(s, changed, false, reqs);
    if (TRY(&e, cluster_apply_set(&s->req->cluster, s->run, reqs, changed->count, answers)))
        return e;
    for (size_t i = 0; i < changed->count; i++) {
        size_t at = changed->items[i];

        if (!answers[i].err)
            record(s, at, s->live[at].object ? APPLY_CONFIGURED : APPLY_CREATED, answers[i].object);
        else if (!first)
            first = err_wrap(s->run->arena, answers[i].err, "%.*s apply failed",
                             STR_ARG(name_of(s, &s->refs[at])));
    }
    return first;
}

static struct err *run_stage(struct stage *s)
{
    struct picks picks, changed = VEC_INIT;
    struct err *e;

    if (TRY(&e, read_live(s)))
        return e;
    picks = pick_applicable(s);
    if (TRY(&e, try_all(s, &picks, &changed)))
        return e;
    return write_changed(s, &changed);
}

/* The first object of an early stage that what follows could stumble over. */
static void check_ready(struct stage *s, size_t first_entry)
{
    struct wall_time now = clock_wall(&s->ports->clock);

    for (size_t i = first_entry; i < s->result->count && !s->result->waiting; i++) {
        struct apply_entry *entry = &s->result->items[i];

        if (entry->action == APPLY_SKIPPED ||
            kstatus_of(s->run->arena, entry->object, now).code == KSTATUS_CURRENT)
            continue;
        s->result->waiting = true;
        s->result->waiting_for = name_of(s, &entry->ref);
    }
}

static void collect_stage(struct stage *s, const struct val **sorted, enum apply_stage which)
{
    s->objects = ARENA_ARRAY(s->run->arena, s->req->count, const struct val *);
    s->refs = ARENA_ARRAY(s->run->arena, s->req->count, struct obj_ref);
    s->done = ARENA_ARRAY(s->run->arena, s->req->count, struct apply_entry);
    s->known = ARENA_ARRAY(s->run->arena, s->req->count, bool);
    s->wrong = ARENA_ARRAY(s->run->arena, s->req->count, struct err *);
    s->count = 0;
    for (size_t i = 0; i < s->req->count; i++) {
        struct obj_ref ref = obj_ref_of(sorted[i]);

        if (apply_stage_of(&ref) != which)
            continue;
        s->objects[s->count] = sorted[i];
        s->refs[s->count++] = ref;
    }
}

struct err *apply_run(const struct reconcile_ports *ports, struct run *run,
                      const struct apply_request *req, struct apply_result *ret)
{
    const struct val **sorted = apply_order_sort(run->arena, req->objects, req->count);
    struct stage s = { .ports = ports, .run = run, .req = req, .result = ret };
    struct err *e;

    *ret = (struct apply_result){ 0 };
    for (int which = 0; which < APPLY_STAGE_COUNT && !ret->waiting; which++) {
        size_t first_entry = ret->count;

        collect_stage(&s, sorted, (enum apply_stage)which);
        if (s.count == 0)
            continue;
        e = run_stage(&s);
        hand_over(&s);
        if (e)
            return e;
        if (which != APPLY_STAGE_REST)
            check_ready(&s, first_entry);
    }
    return NULL;
}

struct str apply_change_log(struct arena *a, const struct apply_result *result)
{
    struct buf log;

    buf_init(&log, a, 0);
    for (size_t i = 0; i < result->count; i++) {
        const struct apply_entry *entry = &result->items[i];

        if (entry->action != APPLY_CREATED && entry->action != APPLY_CONFIGURED)
            continue;
        if (log.len > 0)
            buf_put_byte(&log, '\n');
        buf_put(&log, obj_ref_format(a, &entry->ref));
        buf_put(&log, entry->action == APPLY_CREATED ? STR(" created") : STR(" configured"));
    }
    return buf_str(&log);
}
