/* SPDX-License-Identifier: Apache-2.0 */
#include "app/engine/jobs.h"

#include "app/engine/feed.h"
#include "base/limits.h"

/* Value trees are walked recursively, up to LIMIT_TREE_DEPTH; stacks are address space until they are used. */
enum { STACK_BYTES = 4 * 1024 * 1024 };

void jobs_init(struct jobs *j, const struct reconcile_ports *ports, struct inbox *inbox,
               atomic_bool *stopping)
{
    *j = (struct jobs){ .ports = ports, .inbox = inbox, .stopping = stopping };
    (void)pthread_mutex_init(&j->lock, NULL);
    (void)pthread_cond_init(&j->filled, NULL);
}

struct engine_job *engine_job_new(struct jobs *j, enum engine_job_kind kind, struct str subject,
                                  int64_t timeout_ns)
{
    struct arena *a = arena_new(LIMIT_BUILD_BYTES);
    struct engine_job *job = ARENA_NEW(a, struct engine_job);

    job->kind = kind;
    job->run = (struct run){
        .arena = a,
        .deadline = mono_add_ns(clock_mono(&j->ports->clock), timeout_ns),
        .cancelled = j->stopping,
    };
    job->subject = str_dup(a, subject);
    return job;
}

/* Name of its controller; "" for what is no reconcile. */
static struct str controller_of(const struct engine_job *job)
{
    switch (job->kind) {
    case JOB_GIT_REPOSITORY:
        return STR("gitrepository");
    case JOB_KUSTOMIZATION:
    case JOB_CONCLUDE:
        return STR("kustomization");
    case JOB_PROBE:
    case JOB_QUARANTINE:
    case JOB_WATCH:
        break;
    }
    return STR("");
}

static void measure_push(const struct jobs *j, const struct engine_job *job)
{
    const struct metrics *m = &j->ports->metrics;
    struct str queue[] = { controller_of(job), controller_of(job) };

    if (queue[0].len == 0)
        return;
    m->ops->add(m->self, METRIC_QUEUE_ADDS, queue, 1);
    m->ops->add(m->self, METRIC_QUEUE_DEPTH, queue, 1);
}

static void measure_begin(const struct jobs *j, const struct engine_job *job,
                          struct mono_time started)
{
    const struct metrics *m = &j->ports->metrics;
    struct str queue[] = { controller_of(job), controller_of(job) };

    if (queue[0].len == 0)
        return;
    m->ops->add(m->self, METRIC_QUEUE_DEPTH, queue, -1);
    m->ops->add(m->self, METRIC_ACTIVE_WORKERS, queue, 1);
    m->ops->observe(m->self, METRIC_QUEUE_WAIT, queue,
                    (double)mono_diff_ns(started, job->pushed) / (double)NS_PER_S);
}

static void measure_end(const struct jobs *j, const struct engine_job *job)
{
    const struct metrics *m = &j->ports->metrics;
    struct str queue[] = { controller_of(job), controller_of(job) };
    double seconds = (double)job->took_ns / (double)NS_PER_S;

    if (queue[0].len == 0)
        return;
    m->ops->add(m->self, METRIC_ACTIVE_WORKERS, queue, -1);
    m->ops->observe(m->self, METRIC_QUEUE_WORK, queue, seconds);
    m->ops->observe(m->self, METRIC_RECONCILE_TIME, queue, seconds);
}

void jobs_push(struct jobs *j, struct engine_job *job)
{
    job->next = NULL;
    job->pushed = clock_mono(&j->ports->clock);
    measure_push(j, job);
    (void)pthread_mutex_lock(&j->lock);
    if (j->last)
        j->last->next = job;
    else
        j->first = job;
    j->last = job;
    (void)pthread_cond_signal(&j->filled);
    (void)pthread_mutex_unlock(&j->lock);
}

static struct engine_job *next_job(struct jobs *j)
{
    struct engine_job *job;

    (void)pthread_mutex_lock(&j->lock);
    while (!j->first && !atomic_load(j->stopping))
        (void)pthread_cond_wait(&j->filled, &j->lock);
    job = atomic_load(j->stopping) ? NULL : j->first;
    if (job) {
        j->first = job->next;
        if (!j->first)
            j->last = NULL;
    }
    (void)pthread_mutex_unlock(&j->lock);
    return job;
}

static void do_job(struct jobs *j, struct engine_job *job)
{
    switch (job->kind) {
    case JOB_GIT_REPOSITORY:
        git_repository_reconcile(j->ports, &job->run, &job->git, &job->outcome);
        break;
    case JOB_KUSTOMIZATION:
        kustomization_reconcile(j->ports, &job->run, &job->kustomization, &job->outcome);
        break;
    case JOB_PROBE:
        kustomization_probe(j->ports, &job->run, &job->probe, &job->outcome);
        break;
    case JOB_CONCLUDE:
        kustomization_conclude(j->ports, &job->run, &job->health, &job->outcome);
        break;
    case JOB_QUARANTINE:
        quarantine_run(j->ports, &job->run, &job->quarantine, &job->outcome);
        break;
    case JOB_WATCH:
        feed_open(job->feed, &job->run);
        break;
    }
}

/* Work on what others wrote is written down first: it may be the last thing that this process does. */
static void do_noted(struct jobs *j, struct engine_job *job)
{
    const struct ledger *l = &j->ports->ledger;
    bool noted = l->ops && (job->kind == JOB_GIT_REPOSITORY || job->kind == JOB_KUSTOMIZATION);

    if (noted)
        l->ops->begin(l->self, job->subject, job->attempt);
    do_job(j, job);
    if (noted)
        l->ops->end(l->self, job->subject,
                    job->outcome.kind == OUTCOME_DONE || job->outcome.kind == OUTCOME_WAIT_HEALTH ||
                        job->outcome.kind == OUTCOME_GONE);
}

static void *work(void *self)
{
    struct jobs *j = self;
    struct engine_job *job;

    while ((job = next_job(j)) != NULL) {
        struct mono_time started = clock_mono(&j->ports->clock);
        struct message *m;

        measure_begin(j, job, started);
        do_noted(j, job);
        job->took_ns = mono_diff_ns(clock_mono(&j->ports->clock), started);
        measure_end(j, job);
        m = message_new(MESSAGE_JOB_DONE, job->feed);
        m->job = job;
        inbox_post(j->inbox, m);
    }
    return NULL;
}

/* The workers serve every controller, so each may have them all. */
static void measure_workers(const struct jobs *j)
{
    const struct metrics *m = &j->ports->metrics;
    struct str controllers[] = { STR("gitrepository"), STR("kustomization") };

    for (size_t i = 0; i < sizeof controllers / sizeof controllers[0]; i++)
        m->ops->set(m->self, METRIC_MAX_CONCURRENT, &controllers[i], (double)j->thread_count);
}

bool jobs_start(struct jobs *j, size_t workers)
{
    pthread_attr_t attr;

    if (workers > WORKERS_MAX)
        workers = WORKERS_MAX;
    if (pthread_attr_init(&attr) != 0)
        return false;
    (void)pthread_attr_setstacksize(&attr, STACK_BYTES);
    while (j->thread_count < workers &&
           pthread_create(&j->threads[j->thread_count], &attr, work, j) == 0)
        j->thread_count++;
    (void)pthread_attr_destroy(&attr);
    measure_workers(j);
    return j->thread_count > 0;
}

void jobs_stop(struct jobs *j)
{
    (void)pthread_mutex_lock(&j->lock);
    (void)pthread_cond_broadcast(&j->filled);
    (void)pthread_mutex_unlock(&j->lock);
    for (size_t i = 0; i < j->thread_count; i++)
        (void)pthread_join(j->threads[i], NULL);
    while (j->first) {
        struct engine_job *job = j->first;

        j->first = job->next;
        arena_free(job->run.arena);
    }
    (void)pthread_mutex_destroy(&j->lock);
    (void)pthread_cond_destroy(&j->filled);
}
