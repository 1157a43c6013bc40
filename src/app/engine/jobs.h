/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/engine/jobs.h - the stage workers: a pool of threads that take jobs and post their outcomes to the inbox.
 */
#ifndef APP_ENGINE_JOBS_H
#define APP_ENGINE_JOBS_H

#include "app/engine/inbox.h"
#include "app/reconcile/git_repository.h"
#include "app/reconcile/kustomization.h"
#include "app/reconcile/quarantine.h"

enum engine_job_kind {
    JOB_GIT_REPOSITORY,
    JOB_KUSTOMIZATION,
    JOB_PROBE, /* of what a Kustomization waits for and cannot be watched */
    JOB_CONCLUDE,
    JOB_QUARANTINE,
    JOB_WATCH
};

struct engine_job {
    struct engine_job *next;
    enum engine_job_kind kind;
    struct run run;     /* its arena holds the job itself */
    struct str subject; /* id of the Flux object; "" for WATCH */
    struct feed *feed;  /* WATCH */
    struct git_repository_input git;
    struct kustomization_input kustomization;
    struct kustomization_probe probe;
    struct kustomization_health health;
    struct quarantine_input quarantine;
    uint64_t attempt;       /* for the ledger */
    struct outcome outcome; /* out */
    struct mono_time pushed;
    int64_t took_ns; /* out */
};

enum { WORKERS_MAX = 256 };

struct jobs {
    const struct reconcile_ports *ports;
    struct inbox *inbox;
    atomic_bool *stopping;
    pthread_mutex_t lock;
    pthread_cond_t filled;
    struct engine_job *first; /* under lock, as all below */
    struct engine_job *last;
    pthread_t threads[WORKERS_MAX];
    size_t thread_count;
};

void jobs_init(struct jobs *j, const struct reconcile_ports *ports, struct inbox *inbox,
               atomic_bool *stopping);

/* False: not one thread could be made. */
bool jobs_start(struct jobs *j, size_t workers);
void jobs_stop(struct jobs *j); /* wakes the workers, waits for them, drops what was not begun */

/* A job in an arena of its own, with a deadline from now. */
struct engine_job *engine_job_new(struct jobs *j, enum engine_job_kind kind, struct str subject,
                                  int64_t timeout_ns);
void jobs_push(struct jobs *j, struct engine_job *job);

#endif
