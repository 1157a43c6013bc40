/* SPDX-License-Identifier: Apache-2.0 */
/* When a Flux object is reconciled, and what an outcome means for the next time. */
#include "app/engine/state.h"
#include "base/buf.h"
#include "core/kube/conditions.h"

enum {
    DRIFT_PEACE_S = 120,
    DRIFT_SPACING_MS = 100,
    RETRY_FIRST_MS = 750,
    RETRY_LONGEST_S = 900,
    CONCLUDE_TIMEOUT_S = 30,
    FINALIZE_TIMEOUT_S = 120,
    PROBE_TIMEOUT_S = 20,
    PROBE_EVERY_MS = 1000,
    SUSPECT_PAUSE_MS = 100
};

void schedule_now(struct engine *e, struct subject *s)
{
    s->due = clock_mono(&e->ports.clock);
}

void schedule_after(struct engine *e, struct subject *s, int64_t ns)
{
    struct mono_time at = mono_add_ns(clock_mono(&e->ports.clock), ns);

    if (at.ns < s->due.ns)
        s->due = at;
}

static int64_t duration_of(const struct subject *s, const char *path, int64_t otherwise)
{
    int64_t ns;

    return duration_parse(val_at_str(s->object, path), &ns) && ns > 0 ? ns : otherwise;
}

static int64_t interval_of(const struct subject *s)
{
    return duration_of(s, "spec.interval", 60 * NS_PER_S);
}

static const struct val *find_object(void *self, struct str kind, struct str ns, struct str name)
{
    struct subject *s = subject_find(self, kind, ns, name);

    return s && !s->gone ? s->object : NULL;
}

static struct gate gate_for(struct engine *e, struct arena *a, const struct val *object)
{
    struct gate_reader reader = { .find = find_object, .observe = references_observe, .self = e };

    return gate_of(a, object, &reader, e->ports.options.no_cross_namespace_refs);
}

static void start_git(struct engine *e, struct subject *s, uint64_t attempt)
{
    int64_t timeout = git_repository_timeout_ns(s->object);
    struct engine_job *job = engine_job_new(&e->jobs, JOB_GIT_REPOSITORY, s->id,
                                            timeout + FINALIZE_TIMEOUT_S * NS_PER_S);
    struct gate_reader reader = { .find = find_object, .self = e };
    struct git_repository_input *git = &job->git;
    size_t count = val_count(val_at(s->object, "spec.include"));
    const struct val **copies = ARENA_ARRAY(job->run.arena, count, const struct val *);

    git->object = val_copy(job->run.arena, s->object);
    git->includes = git_includes_find(job->run.arena, git->object, &reader);
    for (size_t i = 0; i < count; i++)
        copies[i] = git->includes.objects[i] ? val_copy(job->run.arena, git->includes.objects[i])
                                             : NULL;
    git->includes.objects = copies;
    git->verify_storage = !s->storage_checked;
    job->attempt = attempt;
    s->running = true;
    jobs_push(&e->jobs, job);
}

/* What it depends on is on its way here; its event brings the run. */
static bool is_looking(struct engine *e, struct subject *s)
{
    if (val_at_bool(s->object, "spec.suspend", false) ||
        val_at_str(s->object, "metadata.deletionTimestamp").len > 0 ||
        gate_for(e, e->scratch, s->object).kind != GATE_LOOKING)
        return false;
    s->blocked = true;
    return true;
}

/* Who ends the wait: a new revision, or a new spec or request; "": nobody, and the wait goes on after this run. */
static struct str end_wait(struct arena *a, struct subject *s, const struct gate *gate)
{
    struct obj_ref source = gate_source_ref(s->object);

    if (gate->kind != GATE_OPEN)
        return STR("");
    if (!str_eq(val_at_str(gate->source, "status.artifact.revision"), s->revision))
        return obj_ref_format(a, &source);
    s->waits_on = subject_is_unchanged(s, s->revision);
    return s->waits_on ? STR("") : str_dup(a, s->id);
}

static void start_kustomization(struct engine *e, struct subject *s, uint64_t attempt)
{
    int64_t timeout = kustomization_timeout_ns(s->object);
    struct engine_job *job = engine_job_new(&e->jobs, JOB_KUSTOMIZATION, s->id,
                                            timeout + FINALIZE_TIMEOUT_S * NS_PER_S);
    struct gate *gate = &job->kustomization.gate;

    job->kustomization.object = val_copy(job->run.arena, s->object);
    job->kustomization.carried = str_dup(job->run.arena, s->changes);
    *gate = gate_for(e, job->run.arena, job->kustomization.object);
    if (gate->source)
        gate->source = val_copy(job->run.arena, gate->source);
    s->blocked = gate->kind != GATE_OPEN;
    s->waits_on = false;
    if (s->waiting)
        job->kustomization.supersedes = end_wait(job->run.arena, s, gate);
    s->waiting = false;
    s->drift_run = s->drifted;
    if (s->drifted)
        s->drift_at = clock_mono(&e->ports.clock);
    s->drifted = false;
    job->attempt = attempt;
    s->running = true;
    jobs_push(&e->jobs, job);
}

/* Nothing that a run would look at has changed, and all of it is being watched. */
static bool may_skip(struct engine *e, struct subject *s, struct mono_time now)
{
    struct gate gate;

    if (s->is_source || mono_diff_ns(now, s->verified) >= e->options.verify_ns)
        return false;
    if (val_count(val_at(s->object, "spec.postBuild.substituteFrom")) > 0)
        return false; /* ConfigMaps and Secrets with variables are not watched */
    gate = gate_for(e, e->scratch, s->object);
    if (gate.kind != GATE_OPEN ||
        !subject_is_settled(s, val_at_str(gate.source, "status.artifact.revision")))
        return false;
    for (const struct managed *m = s->first; m; m = m->next)
        if (!m->feed || m->feed->state != FEED_OPEN || m->absent)
            return false;
    return true;
}

/* Asks for what no watch tells of. */
static void start_probe(struct engine *e, struct subject *s)
{
    struct engine_job *job;
    struct obj_refs refs;

    s->probe_at = MONO_NEVER;
    if (s->running) /* what runs now looks at all of it, or is followed by a wait of its own */
        return;
    job = engine_job_new(&e->jobs, JOB_PROBE, s->id, PROBE_TIMEOUT_S * NS_PER_S);
    refs = observed_polled(job->run.arena, s);
    for (size_t i = 0; i < refs.count; i++)
        refs.items[i] = obj_ref_copy(job->run.arena, &refs.items[i]);
    job->probe = (struct kustomization_probe){ .object = val_copy(job->run.arena, s->object),
                                               .refs = refs.items,
                                               .count = refs.count };
    s->running = true;
    jobs_push(&e->jobs, job);
}

static void probe_later(struct engine *e, struct subject *s)
{
    bool polls = observed_polled(e->scratch, s).count > 0;

    s->probe_at = polls && s->waiting
                      ? mono_add_ns(clock_mono(&e->ports.clock), PROBE_EVERY_MS * NS_PER_MS)
                      : MONO_NEVER;
}

static void start(struct engine *e, struct subject *s)
{
    uint64_t attempt;
    enum suspicion suspicion = suspects_judge(e, s, &attempt);

    if (suspicion == SUSPECT_QUARANTINED) {
        suspects_quarantine(e, s);
        return;
    }
    if (suspicion == SUSPECT_LATER) {
        schedule_after(e, s, SUSPECT_PAUSE_MS * NS_PER_MS);
        return;
    }
    suspects_began(e, s, suspicion);
    if (s->is_source)
        start_git(e, s, attempt);
    else
        start_kustomization(e, s, attempt);
}

static void run_due(struct engine *e, struct subject *s, struct mono_time now)
{
    s->due = MONO_NEVER;
    if (!s->is_ours)
        return;
    if (s->running)
        s->again = true;
    else if (may_skip(e, s, now))
        schedule_after(e, s, interval_of(s));
    else if (s->is_source || !is_looking(e, s))
        start(e, s);
}

void schedule_due(struct engine *e, struct mono_time now, struct mono_time *ret_next)
{
    struct subject *s;
    size_t at = 0;

    while ((s = table_next(&e->subjects, &at)) != NULL) {
        if (s->waiting && s->wait_until.ns <= now.ns)
            schedule_health(e, s);
        if (s->due.ns <= now.ns)
            run_due(e, s, now);
        if (s->waiting && s->probe_at.ns <= now.ns)
            start_probe(e, s);
        if (s->due.ns < ret_next->ns)
            *ret_next = s->due;
        if (s->waiting && s->wait_until.ns < ret_next->ns)
            *ret_next = s->wait_until;
        if (s->waiting && s->probe_at.ns < ret_next->ns)
            *ret_next = s->probe_at;
    }
}

static void begin_waiting(struct engine *e, struct subject *s, const struct outcome *o)
{
    struct str digest = heap_str(&e->heap, o->digest);

    heap_str_free(&e->heap, s->digest);
    s->digest = digest;
    s->waiting = true;
    if (!s->waits_on) {
        s->wait_since = clock_mono(&e->ports.clock);
        s->wait_until = mono_add_ns(s->wait_since, kustomization_timeout_ns(s->object));
    }
    s->waits_on = false;
    s->wait_drifted = o->drift_corrected;
    s->wait_was_healthy = o->was_healthy;
    probe_later(e, s);
    schedule_health(e, s);
}

void schedule_unwatched(struct engine *e)
{
    struct subject *s;
    size_t at = 0;

    while ((s = table_next(&e->subjects, &at)) != NULL)
        if (s->waiting && s->probe_at.ns == MONO_NEVER.ns)
            probe_later(e, s);
}

/* Only a run that had something to put right counts: what controllers write is no rival. */
static void count_correction(struct engine *e, struct subject *s, const struct outcome *o)
{
    if (s->drift_run)
        s->corrections = o->drift_corrected ? s->corrections + 1 : 0;
    if (s->drift_run && o->drift_corrected)
        measure_drift(e, s, METRIC_DRIFT_CORRECTED);
    s->drift_run = false;
}

static void after_kustomization(struct engine *e, struct subject *s, struct engine_job *job)
{
    struct outcome *o = &job->outcome;
    bool settled = o->kind == OUTCOME_DONE || o->kind == OUTCOME_WAIT_HEALTH;

    if (job->kind == JOB_KUSTOMIZATION) {
        struct str changes = heap_str(&e->heap, o->changes);

        heap_str_free(&e->heap, s->changes);
        s->changes = changes;
        count_correction(e, s, o);
    }
    if (job->kind == JOB_KUSTOMIZATION && (settled || o->prune_pending > 0))
        measure_pending(e, s, o->prune_pending);
    if (o->kind == OUTCOME_DONE && o->revision.len > 0)
        measure_success(e, s,
                        job->kind == JOB_CONCLUDE ? job->health.object : job->kustomization.object,
                        o->revision);
    if (job->kind == JOB_KUSTOMIZATION && settled &&
        !val_at_bool(s->object, "spec.suspend", false)) {
        observed_applied(e, s, o);
        subject_settle(e, s, job->kustomization.object, o->revision);
    }
    if (observed_has_drift(s))
        schedule_drift(e, s);
    if (o->kind == OUTCOME_WAIT_HEALTH)
        begin_waiting(e, s, o);
}

/*
 * As controller-runtime with Flux' defaults: 750 ms, twice as long each time, up to a quarter of an hour. A tenth more
 * or less by name, so that those who lost one server together do not come back together.
 */
static int64_t retry_pause(const struct subject *s)
{
    int64_t ns = RETRY_FIRST_MS * NS_PER_MS, longest = RETRY_LONGEST_S * NS_PER_S;

    for (unsigned i = 1; i < s->failures && ns < longest; i++)
        ns *= 2;
    if (ns > longest)
        ns = longest;
    return ns / 10 * 9 + (int64_t)((str_hash(s->id) + s->failures) % 2000) * (ns / 10000);
}

static int64_t requeue_of(struct subject *s, const struct outcome *o)
{
    if (o->requeue_ns > 0)
        return o->requeue_ns;
    if (!s->is_source)
        return interval_of(s);
    s->failures++;
    return retry_pause(s);
}

static void next_run(struct engine *e, struct subject *s, const struct outcome *o)
{
    switch (o->kind) {
    case OUTCOME_DONE:
    case OUTCOME_WAIT_HEALTH:
        s->failures = 0;
        if (!val_at_bool(s->object, "spec.suspend", false))
            schedule_after(e, s, interval_of(s));
        break;
    case OUTCOME_RETRY:
    case OUTCOME_WAIT_STAGE:
        s->settled = false;
        schedule_after(e, s, requeue_of(s, o));
        break;
    case OUTCOME_AGAIN: /* the event of its own write is on the way; this is for the case that it was missed */
        schedule_after(e, s, 5 * NS_PER_S);
        break;
    case OUTCOME_STALLED:
    case OUTCOME_GONE:
        break;
    }
}

static void after_probe(struct engine *e, struct subject *s, const struct outcome *o)
{
    observed_probed(e, s, o);
    if (!s->waiting)
        return;
    probe_later(e, s);
    schedule_health(e, s);
}

static void after_source(struct engine *e, struct subject *s, const struct outcome *o)
{
    if (o->kind != OUTCOME_DONE)
        return;
    s->storage_checked = true;
    if (o->revision.len > 0)
        measure_success(e, s, s->object, o->revision);
    if (o->committed.ns == 0)
        return;
    s->committed = o->committed;
    heap_str_free(&e->heap, s->stored);
    s->stored = heap_str(&e->heap, o->revision);
}

void schedule_outcome(struct engine *e, struct subject *s, struct engine_job *job)
{
    s->running = false;
    suspects_ended(e, s);
    if (s->gone) {
        measure_run(e, s, job);
        subject_remove(e, s);
        return;
    }
    if (job->kind == JOB_PROBE) {
        after_probe(e, s, &job->outcome);
        if (s->again && !s->running)
            schedule_now(e, s);
        s->again = s->again && s->running;
        return;
    }
    if (job->kind == JOB_QUARANTINE) {
        s->quarantined = job->outcome.kind == OUTCOME_STALLED;
        next_run(e, s, &job->outcome);
        return;
    }
    measure_run(e, s, job);
    if (s->is_source)
        after_source(e, s, &job->outcome);
    else
        after_kustomization(e, s, job);
    next_run(e, s, &job->outcome);
    if (s->again)
        schedule_now(e, s);
    s->again = false;
}

static bool names(const struct subject *changed, const struct obj_ref *ref)
{
    struct obj_ref self = obj_ref_of(changed->object);

    return str_eq(self.kind, ref->kind) && str_eq(self.ns, ref->ns) && str_eq(self.name, ref->name);
}

static bool includes(const struct subject *s, const struct subject *changed)
{
    struct obj_ref ref = obj_ref_of(s->object);

    for (size_t i = 0; i < val_count(val_at(s->object, "spec.include")); i++) {
        ref.name = git_include_name(s->object, i);
        if (names(changed, &ref))
            return true;
    }
    return false;
}

static void schedule_including(struct engine *e, struct subject *s)
{
    struct gate_reader reader = { .find = find_object, .self = e };
    struct git_includes in = git_includes_find(e->scratch, s->object, &reader);

    if (git_includes_changed(s->object, &in))
        schedule_now(e, s);
}

static bool depends_on(const struct subject *s, const struct subject *changed)
{
    struct obj_ref ref = gate_source_ref(s->object);

    if (names(changed, &ref))
        return true;
    for (size_t i = 0; i < val_count(val_at(s->object, "spec.dependsOn")); i++) {
        ref = gate_dependency_at(s->object, i).ref;
        if (names(changed, &ref))
            return true;
    }
    return false;
}

/* What holds it up is not what its condition says; details that follow ": " may come and go. */
static bool is_held_otherwise(const struct subject *s, const struct gate *gate)
{
    struct str said = val_get_str(condition_get(s->object, STR("Ready")), "message");

    return gate->kind != GATE_OPEN && gate->kind != GATE_LOOKING &&
           !str_eq(str_slice(said, 0, str_find(said, STR(": "), 0)),
                   str_slice(gate->message, 0, str_find(gate->message, STR(": "), 0)));
}

void schedule_held(struct engine *e, struct subject *s)
{
    struct gate gate = gate_for(e, e->scratch, s->object);

    if (s->blocked && is_held_otherwise(s, &gate))
        schedule_now(e, s);
    if (gate.kind == GATE_OPEN &&
        (s->blocked || !subject_is_settled(s, val_at_str(gate.source, "status.artifact.revision"))))
        schedule_now(e, s);
}

void schedule_anew(struct engine *e, struct subject *s)
{
    s->settled = false;
    schedule_now(e, s);
}

void schedule_dependents(struct engine *e, const struct subject *changed)
{
    struct subject *s;
    size_t at = 0;

    while ((s = table_next(&e->subjects, &at)) != NULL) {
        if (s == changed || s->gone)
            continue;
        if (s->is_source && includes(s, changed))
            schedule_including(e, s);
        if (!s->is_source && depends_on(s, changed))
            schedule_held(e, s);
    }
}

/*
 * The first correction is immediate; a rival who keeps writing is met ever more slowly, up to the interval. Two minutes
 * of peace end the count.
 */
void schedule_drift(struct engine *e, struct subject *s)
{
    int64_t since = s->drift_at.ns ? mono_diff_ns(clock_mono(&e->ports.clock), s->drift_at)
                                   : INT64_MAX;
    int64_t wait = DRIFT_SPACING_MS * NS_PER_MS, longest = interval_of(s);

    if (s->running) /* it may be our own write; the outcome looks again */
        return;
    if (!s->drifted)
        measure_drift(e, s, METRIC_DRIFT_FOUND);
    s->drifted = true;
    if (since > DRIFT_PEACE_S * NS_PER_S)
        s->corrections = 0;
    if (s->corrections > 0)
        wait = NS_PER_S;
    for (unsigned i = 1; i < s->corrections && wait < longest; i++)
        wait *= 2;
    if (wait > longest)
        wait = longest;
    if (since >= wait)
        schedule_now(e, s);
    else
        schedule_after(e, s, wait - since);
}

/* What stands in the way: "" when all is healthy. `failed`: something will not get healthy by itself. */
static struct str unhealthy(struct engine *e, const struct subject *s, bool timed_out,
                            bool *ret_failed)
{
    struct buf list;

    buf_init(&list, e->scratch, 0);
    *ret_failed = false;
    for (const struct managed *m = s->first; m; m = m->next) {
        bool failed = m->health == KSTATUS_FAILED;

        if (!m->check || health_is_good(m->health, m->may_vanish))
            continue;
        *ret_failed = *ret_failed || failed;
        if (!failed && !timed_out)
            continue;
        if (list.len > 0)
            buf_lit(&list, ", ");
        buf_printf(&list, "%.*s status: '%s'%s%.*s", STR_ARG(m->shown), kstatus_name(m->health),
                   m->why.len && m->health == KSTATUS_UNKNOWN ? ": " : "",
                   m->health == KSTATUS_UNKNOWN ? (int)m->why.len : 0,
                   m->why.ptr ? m->why.ptr : "");
    }
    return buf_str(&list);
}

static bool all_healthy(const struct subject *s)
{
    for (const struct managed *m = s->first; m; m = m->next)
        if (m->check && !health_is_good(m->health, m->may_vanish))
            return false;
    return true;
}

void schedule_health(struct engine *e, struct subject *s)
{
    struct mono_time now = clock_mono(&e->ports.clock);
    bool timed_out = s->wait_until.ns <= now.ns, failed;
    struct str problem = unhealthy(e, s, timed_out, &failed);
    struct engine_job *job;

    if (s->running || (!failed && !timed_out && !all_healthy(s)))
        return;
    job = engine_job_new(&e->jobs, JOB_CONCLUDE, s->id, CONCLUDE_TIMEOUT_S * NS_PER_S);
    job->health = (struct kustomization_health){
        .object = val_copy(job->run.arena, s->object),
        .revision = str_dup(job->run.arena, s->revision),
        .digest = str_dup(job->run.arena, s->digest),
        .waited_ns = mono_diff_ns(now, s->wait_since),
        .drifted = s->wait_drifted,
        .was_healthy = s->wait_was_healthy,
    };
    if (problem.len > 0)
        job->health.failure = str_printf(job->run.arena, "%s: [%.*s]",
                                         timed_out ? "timeout waiting for"
                                                   : "failed early due to stalled resources",
                                         STR_ARG(problem));
    s->waiting = false;
    s->running = true;
    jobs_push(&e->jobs, job);
}
