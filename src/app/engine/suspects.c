/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the process died of. Everything that was under way at a death is suspected, and runs alone among the suspected from
 * there on, so that a second death has one cause: that one is left alone until something about it changes. A run that ends
 * well ends the suspicion.
 */
#include "app/engine/state.h"
#include "core/kube/conditions.h"

static struct str requested_at(const struct val *object)
{
    return val_str(
        val_get(val_at(object, "metadata.annotations"), STR("reconcile.fluxcd.io/requestedAt")));
}

static struct str revision_of(struct engine *e, const struct subject *s)
{
    struct obj_ref ref;
    const struct subject *source;

    if (s->is_source)
        return STR("");
    ref = gate_source_ref(s->object);
    source = subject_find(e, ref.kind, ref.ns, ref.name);
    return source ? val_at_str(source->object, "status.artifact.revision") : STR("");
}

/* What a run works from; a change of any of it is worth another try. */
static uint64_t attempt_of(struct engine *e, const struct subject *s)
{
    struct str text = str_printf(e->scratch, "%lld %.*s %.*s %.*s",
                                 (long long)val_at_int(s->object, "metadata.generation", 0),
                                 STR_ARG(requested_at(s->object)), STR_ARG(revision_of(e, s)),
                                 STR_ARG(val_at_str(s->object, "metadata.deletionTimestamp")));

    return str_hash(text);
}

static unsigned strikes_of(struct engine *e, const struct subject *s, uint64_t *ret_attempt)
{
    const struct ledger *l = &e->ports.ledger;

    return l->ops ? l->ops->strikes(l->self, s->id, ret_attempt) : 0;
}

enum suspicion suspects_judge(struct engine *e, const struct subject *s, uint64_t *ret_attempt)
{
    uint64_t died_of = 0;
    unsigned strikes = strikes_of(e, s, &died_of);

    *ret_attempt = attempt_of(e, s);
    if (strikes >= QUARANTINE_STRIKES && died_of == *ret_attempt)
        return SUSPECT_QUARANTINED;
    if (strikes == 0)
        return SUSPECT_NOT;
    return e->suspects > 0 ? SUSPECT_LATER : SUSPECT_ALONE;
}

void suspects_quarantine(struct engine *e, struct subject *s)
{
    struct engine_job *job;
    uint64_t ignored;

    measure_quarantine(e, s, true);
    if (s->quarantined)
        return;
    job = engine_job_new(&e->jobs, JOB_QUARANTINE, s->id, 30 * NS_PER_S);
    job->quarantine = (struct quarantine_input){
        .object = val_copy(job->run.arena, s->object),
        .revision = str_dup(job->run.arena, revision_of(e, s)),
        .strikes = strikes_of(e, s, &ignored),
    };
    s->running = true;
    jobs_push(&e->jobs, job);
}

void suspects_began(struct engine *e, struct subject *s, enum suspicion suspicion)
{
    if (s->quarantined)
        measure_quarantine(e, s, false);
    s->quarantined = false;
    s->suspect = suspicion == SUSPECT_ALONE;
    e->suspects += s->suspect;
}

void suspects_ended(struct engine *e, struct subject *s)
{
    e->suspects -= s->suspect;
    s->suspect = false;
}
