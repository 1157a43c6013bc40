/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/engine/state.h - private to the engine: what its thread alone owns.
 */
#ifndef APP_ENGINE_STATE_H
#define APP_ENGINE_STATE_H

#include "app/engine/engine.h"
#include "app/engine/feed.h"
#include "app/engine/jobs.h"
#include "base/table.h"

struct managed;

/* A Flux object. */
struct subject {
    struct str id;            /* "Kind/ns/name"; the table's key */
    bool is_source;           /* GitRepository; else Kustomization */
    bool is_ours;             /* to work on; others' are only looked at */
    struct arena *arena;      /* owns `object` */
    const struct val *object; /* as last seen */
    bool gone;                /* deleted; dropped when it is not running */
    bool unseen;              /* during a relist */

    bool suspect;     /* the present run is of one during whose work the process has died */
    bool quarantined; /* and it is left alone */
    bool running;
    bool again;           /* something happened while it ran */
    struct mono_time due; /* next run; MONO_NEVER: only an event brings one */

    /* What the last completed run handled; a run at the interval is skipped while all of it still holds. */
    bool settled;
    int64_t generation;
    struct str request; /* reconcile.fluxcd.io/requestedAt */
    struct str revision;
    struct mono_time verified;  /* when it last ran in full */
    bool storage_checked;       /* source: the artifact's file was read since the start */
    unsigned failures;          /* source: in a row */
    struct wall_time committed; /* source: when the commit of `stored` was; 0: not known */
    struct str stored;          /* source: the revision that this process stored */

    /* Kustomization */
    bool blocked; /* by its source or a dependency */
    bool drifted;
    bool drift_run;            /* the present or last run was brought by drift */
    unsigned corrections;      /* of drift, in a row */
    struct mono_time drift_at; /* when the last run for drift began */
    bool waiting;              /* for health */
    bool waits_on;             /* the present run goes on with the wait of before */
    struct mono_time wait_since;
    struct mono_time wait_until;
    struct mono_time probe_at; /* while waiting; MONO_NEVER: nothing is polled */
    struct str digest;
    struct str changes; /* of a run that waited for a stage: what its event shall tell */
    bool wait_drifted;
    bool wait_was_healthy;
    struct managed *first; /* its inventory, linked by next */
};

/* An object that a Kustomization applied, or that carries owner labels. */
struct managed {
    struct str id;     /* inventory id, behind the owner's id where it is polled; the table's key */
    struct str shown;  /* Kind/ns/name */
    struct feed *feed; /* NULL: it is polled */
    struct obj_ref *polled; /* to ask for it; NULL: it is watched */
    struct subject *owner;  /* NULL: not (yet) known */
    struct managed *next;   /* of the same owner */
    uint64_t applied_hash;
    uint64_t seen_hash;
    int64_t resource_version; /* of seen_hash */
    enum kstatus_code health;
    struct str why;  /* what keeps its health from being known; "": nothing does */
    bool check;      /* health is waited for */
    bool may_vanish; /* a Job with ttlSecondsAfterFinished */
    bool absent;     /* it was deleted */
    bool unseen;     /* during a relist */
    bool kept;       /* during an update of the inventory */
};

struct engine {
    struct reconcile_ports ports;
    struct engine_options options;
    struct heap heap; /* subjects, managed, feeds */
    struct table subjects;
    struct table managed;
    struct table feeds; /* by "group/version/Kind" */
    struct inbox inbox;
    struct jobs jobs;
    pthread_t thread;
    atomic_bool stopping;
    atomic_bool ready;
    unsigned suspects;     /* running; at most one, so that a death has one cause */
    struct arena *scratch; /* of the message being handled */
};

/* ---- subjects.c ---- */
struct subject *subject_find(struct engine *e, struct str kind, struct str ns, struct str name);
/* Takes the arena over. True when the change asks for a run. */
bool subject_update(struct engine *e, struct arena *arena, const struct val *object,
                    struct subject **ret);
void subject_remove(struct engine *e, struct subject *s);
void subject_settle(struct engine *e, struct subject *s, const struct val *object,
                    struct str revision);
/* Spec, request and revision are those of the last run. */
bool subject_is_unchanged(const struct subject *s, struct str source_revision);
/* And nobody has changed what it applied. */
bool subject_is_settled(const struct subject *s, struct str source_revision);

/* ---- measure.c ---- */
void measure_run(struct engine *e, const struct subject *s, const struct engine_job *job);
/* What describes the object; before NULL: it is new; after NULL: it is gone, and so are its series. */
void measure_object(struct engine *e, const struct val *before, const struct val *after);
/* A Kustomization that ended well: when, and how long its commit took to get here. */
void measure_success(struct engine *e, const struct subject *s, const struct val *began_as,
                     struct str revision);
void measure_drift(struct engine *e, const struct subject *s, enum metric which);
void measure_quarantine(struct engine *e, const struct subject *s, bool is);
void measure_pending(struct engine *e, const struct subject *s, size_t count);

/* ---- observed.c ---- */
/* Takes a sighting in; *ret_drift: the owner must correct it. */
struct managed *observed_see(struct engine *e, const struct sighting *s, bool *ret_drift);
struct managed *observed_lose(struct engine *e, const struct sighting *s, bool *ret_drift);
/* The inventory of a Kustomization after a run. */
void observed_applied(struct engine *e, struct subject *owner, const struct outcome *o);
/* The objects that `owner` waits for and that are polled; in the arena, borrowing from the observed. */
struct obj_refs observed_polled(struct arena *a, const struct subject *owner);
/* What a probe of them found. */
void observed_probed(struct engine *e, struct subject *owner, const struct outcome *o);
bool observed_is_drift(const struct managed *m);
bool observed_has_drift(const struct subject *owner);
void observed_forget_owner(struct engine *e, struct subject *owner);
void observed_drop(struct engine *e, struct managed *m);

/* ---- feeds.c ---- */
struct feed *feed_ensure(struct engine *e, const struct gvk *gvk, enum feed_role role);
struct feed *feed_of_dependency(struct engine *e, const struct obj_ref *ref);
/* Closes those of dependencies that are not `wanted`. */
void feeds_sweep(struct engine *e);
void feed_opened(struct engine *e, struct feed *f);
void feed_ended(struct engine *e, struct feed *f, const struct err *why);
void feeds_retry(struct engine *e, struct mono_time now, struct mono_time *ret_next);
void feeds_close(struct engine *e);

/* ---- references.c: what Kustomizations wait for or read, and do not own ---- */
enum gate_sight references_observe(void *engine, const struct obj_ref *ref, struct str *ret_why);
void references_listed(struct engine *e, const struct message *m);
void references_seen(struct engine *e, struct feed *f, const struct sighting *s, bool gone);
void references_failed(struct engine *e, struct feed *f, const struct err *why);
/* The spec of a Kustomization is new or gone: what nobody waits for any more is not watched. */
void references_changed(struct engine *e, const struct val *before, const struct val *after);

/* ---- suspects.c ---- */
enum suspicion { SUSPECT_NOT, SUSPECT_LATER, SUSPECT_ALONE, SUSPECT_QUARANTINED };
/* How a run from this state may begin. */
enum suspicion suspects_judge(struct engine *e, const struct subject *s, uint64_t *ret_attempt);
/* Leaves it alone, and says so once. */
void suspects_quarantine(struct engine *e, struct subject *s);
void suspects_began(struct engine *e, struct subject *s, enum suspicion suspicion);
void suspects_ended(struct engine *e, struct subject *s);

/* ---- schedule.c ---- */
void schedule_now(struct engine *e, struct subject *s);
void schedule_after(struct engine *e, struct subject *s, int64_t ns);
/* Runs what is due; *ret_next is brought forward to the next moment something will be. */
void schedule_due(struct engine *e, struct mono_time now, struct mono_time *ret_next);
void schedule_outcome(struct engine *e, struct subject *s, struct engine_job *job);
/* A subject changed: those that depend on it may go on. */
void schedule_dependents(struct engine *e, const struct subject *changed);
/* Something that it depends on changed: it runs where it was held up by it, or has a revision to apply. */
void schedule_held(struct engine *e, struct subject *s);
/* What it reads changed: it runs in full. */
void schedule_anew(struct engine *e, struct subject *s);
void schedule_drift(struct engine *e, struct subject *s);
/* A watch has ended: who waits for health asks for what it told until it is open again. */
void schedule_unwatched(struct engine *e);
/* A wait for health may be over. */
void schedule_health(struct engine *e, struct subject *s);

#endif
