/* SPDX-License-Identifier: Apache-2.0 */
/* What the engine counts: runs by controller, their time by object, and one gauge that describes each object. */
#include "app/engine/state.h"
#include "core/kube/conditions.h"

void measure_run(struct engine *e, const struct subject *s, const struct engine_job *job)
{
    struct obj_ref ref = obj_ref_of(s->object);
    struct str controller = s->is_source ? STR("gitrepository") : STR("kustomization");
    bool failed = job->outcome.kind == OUTCOME_RETRY;
    struct str total[] = { controller, failed ? STR("error") : STR("success") };
    struct str duration[] = { ref.kind, ref.name, ref.ns };
    const struct metrics *m = &e->ports.metrics;

    m->ops->add(m->self, METRIC_RECONCILE_TOTAL, total, 1);
    if (failed) {
        struct str queue[] = { controller, controller };

        m->ops->add(m->self, METRIC_RECONCILE_ERRORS, &controller, 1);
        m->ops->add(m->self, METRIC_QUEUE_RETRIES, queue, 1);
    }
    m->ops->observe(m->self, METRIC_RECONCILE_DURATION, duration,
                    (double)job->took_ns / (double)NS_PER_S);
}

enum { INFO_LABELS = 10 };

/* In the order of the table in adapters/metrics_text; names as flux2-monitoring-example gives them. */
static void info_labels(const struct val *object, struct str ret[static INFO_LABELS])
{
    struct obj_ref ref = obj_ref_of(object);
    const struct val *ready = condition_get(object, STR("Ready"));
    struct str artifact = val_at_str(object, "status.artifact.revision");

    ret[0] = ref.group;
    ret[1] = ref.kind;
    ret[2] = ref.version;
    ret[3] = ref.name;
    ret[4] = ref.ns;
    ret[5] = ready ? val_get_str(ready, "status") : STR("");
    ret[6] = val_at_bool(object, "spec.suspend", false) ? STR("true") : STR("");
    ret[7] = artifact.len ? artifact : val_at_str(object, "status.lastAppliedRevision");
    ret[8] = val_at_str(object, "spec.sourceRef.name");
    ret[9] = val_at_str(object, "spec.url");
}

static const enum metric of_object[] = { METRIC_RECONCILE_DURATION, METRIC_DRIFT_FOUND,
                                         METRIC_DRIFT_CORRECTED,    METRIC_PRUNE_PENDING,
                                         METRIC_LAST_SUCCESS,       METRIC_QUARANTINED };

void measure_object(struct engine *e, const struct val *before, const struct val *after)
{
    const struct metrics *m = &e->ports.metrics;
    struct str labels[INFO_LABELS];

    if (before) {
        info_labels(before, labels);
        m->ops->remove(m->self, METRIC_RESOURCE_INFO, labels);
    }
    if (after) {
        info_labels(after, labels);
        m->ops->set(m->self, METRIC_RESOURCE_INFO, labels, 1);
        return;
    }
    if (before) {
        struct obj_ref ref = obj_ref_of(before);
        struct str duration[] = { ref.kind, ref.name, ref.ns };

        for (size_t i = 0; i < sizeof of_object / sizeof of_object[0]; i++)
            m->ops->remove(m->self, of_object[i], duration);
    }
}

enum { OBJECT_LABELS = 3 };

static void object_labels(const struct subject *s, struct str ret[static OBJECT_LABELS])
{
    struct obj_ref ref = obj_ref_of(s->object);

    ret[0] = ref.kind;
    ret[1] = ref.name;
    ret[2] = ref.ns;
}

void measure_drift(struct engine *e, const struct subject *s, enum metric which)
{
    const struct metrics *m = &e->ports.metrics;
    struct str labels[OBJECT_LABELS];

    object_labels(s, labels);
    m->ops->add(m->self, which, labels, 1);
}

void measure_pending(struct engine *e, const struct subject *s, size_t count)
{
    const struct metrics *m = &e->ports.metrics;
    struct str labels[OBJECT_LABELS];

    object_labels(s, labels);
    m->ops->set(m->self, METRIC_PRUNE_PENDING, labels, (double)count);
}

void measure_quarantine(struct engine *e, const struct subject *s, bool is)
{
    const struct metrics *m = &e->ports.metrics;
    struct str labels[OBJECT_LABELS];

    object_labels(s, labels);
    if (is)
        m->ops->set(m->self, METRIC_QUARANTINED, labels, 1);
    else
        m->ops->remove(m->self, METRIC_QUARANTINED, labels);
}

/* A label of the Kustomization says which environment it is. */
static struct str environment_of(const struct subject *s)
{
    const struct val *labels = val_at(s->object, "metadata.labels");
    struct str own = val_str(val_get(labels, STR("app.kubernetes.io/environment")));

    return own.len ? own : val_get_str(labels, "environment");
}

/* Only of a revision that this process stored, and that was not applied before: all else is no deployment. */
static void measure_deploy(struct engine *e, const struct subject *s, const struct val *began_as,
                           struct str revision)
{
    const struct metrics *m = &e->ports.metrics;
    struct obj_ref ref = gate_source_ref(s->object);
    const struct subject *source = subject_find(e, ref.kind, ref.ns, ref.name);
    struct str environment = environment_of(s);

    if (!source || source->committed.ns == 0 || !str_eq(source->stored, revision) ||
        str_eq(val_at_str(began_as, "status.lastAppliedRevision"), revision))
        return;
    m->ops->observe(m->self, METRIC_DEPLOY_TIME, &environment,
                    (double)(clock_wall(&e->ports.clock).ns - source->committed.ns) /
                        (double)NS_PER_S);
}

void measure_success(struct engine *e, const struct subject *s, const struct val *began_as,
                     struct str revision)
{
    const struct metrics *m = &e->ports.metrics;
    struct str labels[OBJECT_LABELS];

    object_labels(s, labels);
    m->ops->set(m->self, METRIC_LAST_SUCCESS, labels,
                (double)clock_wall(&e->ports.clock).ns / (double)NS_PER_S);
    if (!s->is_source)
        measure_deploy(e, s, began_as, revision);
}
