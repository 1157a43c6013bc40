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

        m->ops->remove(m->self, METRIC_RECONCILE_DURATION, duration);
    }
}
