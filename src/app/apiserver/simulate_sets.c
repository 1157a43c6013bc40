/* SPDX-License-Identifier: Apache-2.0 */
/* StatefulSets, DaemonSets and Jobs; and what else becomes ready by itself: claims, namespaces, services. */
#include "app/apiserver/simulate.h"

static const struct val *find_named(const struct simulated_objects *all, struct str name)
{
    for (size_t i = 0; i < all->count; i++)
        if (str_eq(val_at_str(all->items[i], "metadata.name"), name))
            return all->items[i];
    return NULL;
}

static struct str label_of(const struct val *object, const char *key)
{
    return val_str(val_get(val_at(object, "metadata.labels"), str_from_cstr(key)));
}

/* ---- StatefulSets ---- */

static bool make_claims(struct simulation *m, struct str pod)
{
    const struct val *templates = val_at(m->object, "spec.volumeClaimTemplates");
    struct arena *a = m->a;

    for (size_t i = 0; i < val_count(templates); i++) {
        const struct val *t = val_item(templates, i);
        struct str name = str_printf(a, "%.*s-%.*s", STR_ARG(val_at_str(t, "metadata.name")),
                                     STR_ARG(pod));
        const struct val *meta = val_map_of(a, "name", val_string(a, name), "namespace",
                                            val_at(m->object, "metadata.namespace"), "labels",
                                            val_at(m->object, "spec.selector.matchLabels"), NULL);

        if (!simulate_create(m, val_map_of(a, "apiVersion", val_cstring(a, "v1"), "kind",
                                           val_cstring(a, "PersistentVolumeClaim"), "metadata",
                                           meta, "spec", val_get(t, STR("spec")), NULL)))
            return false;
    }
    return true;
}

static const struct val *stateful_pod(struct simulation *m, struct str name, struct str revision,
                                      int64_t index)
{
    struct arena *a = m->a;
    const struct val *labels = val_map_of(
        a, "controller-revision-hash", val_string(a, revision),
        "statefulset.kubernetes.io/pod-name", val_string(a, name), "apps.kubernetes.io/pod-index",
        val_string(a, str_printf(a, "%lld", (long long)index)), NULL);
    const struct val *pod = simulate_pod_of(m, name, STR(""), labels);

    return val_with_at(a, pod, "spec.hostname", val_string(a, name));
}

struct stateful {
    int64_t alive, ready, updated;
};

/* One pod of the set as it should be; *t counts it. */
static bool keep_stateful_pod(struct simulation *m, const struct simulated_objects *pods,
                              struct str revision, int64_t index, struct stateful *t)
{
    struct str name = str_printf(m->a, "%.*s-%lld", STR_ARG(val_at_str(m->object, "metadata.name")),
                                 (long long)index);
    const struct val *pod = find_named(pods, name);

    if (!pod)
        return make_claims(m, name) && simulate_create(m, stateful_pod(m, name, revision, index));
    if (simulate_is_ending(pod))
        return true;
    if (!str_eq(label_of(pod, "controller-revision-hash"), revision))
        return simulate_delete(m, pod);
    t->alive++;
    t->updated++;
    t->ready += simulate_pod_is_ready(pod);
    return true;
}

/* Pods beyond the wanted number: the last dash of their names is followed by their index. */
static bool drop_surplus(struct simulation *m, const struct simulated_objects *pods, int64_t wanted)
{
    for (size_t i = 0; i < pods->count; i++) {
        struct str name = val_at_str(pods->items[i], "metadata.name");
        int64_t index = 0;

        if (str_to_int64(str_skip(name, str_rfind_byte(name, '-') + 1), &index) &&
            index >= wanted && !simulate_is_ending(pods->items[i]) &&
            !simulate_delete(m, pods->items[i]))
            return false;
    }
    return true;
}

bool simulate_stateful_set(struct simulation *m)
{
    int64_t wanted = val_at_int(m->object, "spec.replicas", 1);
    struct str revision = str_printf(m->a, "%.*s-%.*s",
                                     STR_ARG(val_at_str(m->object, "metadata.name")),
                                     STR_ARG(simulate_template_hash(m)));
    const struct val *name = val_string(m->a, revision);
    struct stateful t = { 0 };
    struct simulated_objects pods;

    if (simulate_is_ending(m->object))
        return true;
    if (!simulate_owned(m, STR(""), STR("pods"), &pods))
        return false;
    for (int64_t i = 0; i < wanted; i++)
        if (!keep_stateful_pod(m, &pods, revision, i, &t))
            return false;
    if (!drop_surplus(m, &pods, wanted))
        return false;
    return simulate_patch(
        m, m->object, "status",
        val_map_of(m->a, "status",
                   val_map_of(m->a, "observedGeneration", val_at(m->object, "metadata.generation"),
                              "replicas", val_int(m->a, t.alive), "readyReplicas",
                              val_int(m->a, t.ready), "availableReplicas", val_int(m->a, t.ready),
                              "currentReplicas", val_int(m->a, t.updated), "updatedReplicas",
                              val_int(m->a, t.updated), "currentRevision", name, "updateRevision",
                              name, "collisionCount", val_int(m->a, 0), NULL),
                   NULL));
}

/* ---- DaemonSets: there is one node ---- */

bool simulate_daemon_set(struct simulation *m)
{
    struct arena *a = m->a;
    struct str hash = simulate_template_hash(m);
    const struct val *labels = val_map_of(
        a, "controller-revision-hash", val_string(a, hash), "pod-template-generation",
        val_string(
            a, str_printf(a, "%lld", (long long)val_at_int(m->object, "metadata.generation", 1))),
        NULL);
    struct simulated_objects pods;
    int64_t current = 0;
    int64_t ready = 0;

    if (simulate_is_ending(m->object))
        return true;
    if (!simulate_owned(m, STR(""), STR("pods"), &pods))
        return false;
    for (size_t i = 0; i < pods.count; i++) {
        const struct val *pod = pods.items[i];

        if (simulate_is_ending(pod))
            continue;
        if (!str_eq(label_of(pod, "controller-revision-hash"), hash) || current == 1) {
            if (!simulate_delete(m, pod))
                return false;
            continue;
        }
        current++;
        ready += simulate_pod_is_ready(pod);
    }
    if (!current &&
        !simulate_create(
            m,
            simulate_pod_of(m, STR(""),
                            str_printf(a, "%.*s-", STR_ARG(val_at_str(m->object, "metadata.name"))),
                            labels)))
        return false;
    return simulate_patch(
        m, m->object, "status",
        val_map_of(a, "status",
                   val_map_of(a, "observedGeneration", val_at(m->object, "metadata.generation"),
                              "desiredNumberScheduled", val_int(a, 1), "currentNumberScheduled",
                              val_int(a, 1), "updatedNumberScheduled", val_int(a, current),
                              "numberReady", val_int(a, ready), "numberAvailable",
                              ready ? val_int(a, ready) : &val_null, "numberUnavailable",
                              ready ? &val_null : val_int(a, 1), "numberMisscheduled",
                              val_int(a, 0), NULL),
                   NULL));
}

/* ---- Jobs ---- */

static bool job_is_finished(const struct val *job)
{
    const struct val *conditions = val_at(job, "status.conditions");

    for (size_t i = 0; i < val_count(conditions); i++)
        if (str_is(val_get_str(val_item(conditions, i), "type"), "Complete"))
            return true;
    return false;
}

static const struct val *job_status(struct simulation *m, int64_t active, int64_t succeeded,
                                    bool complete)
{
    struct arena *a = m->a;
    const struct val *now = val_string(a, wall_time_format(a, clock_wall(&m->s->clock)));
    const struct val *old = val_at(m->object, "status.conditions");
    const struct val *start = val_at(m->object, "status.startTime");
    const struct val *conditions[2];
    struct map_builder b;

    map_builder_init(&b, a);
    map_builder_set(&b, STR("startTime"), start ? start : now);
    map_builder_set(&b, STR("active"), active ? val_int(a, active) : &val_null);
    map_builder_set(&b, STR("ready"), val_int(a, 0));
    map_builder_set(&b, STR("terminating"), val_int(a, 0));
    map_builder_set(&b, STR("succeeded"), succeeded ? val_int(a, succeeded) : &val_null);
    map_builder_set(&b, STR("uncountedTerminatedPods"), &val_empty_map);
    if (complete) {
        conditions[0] = simulate_condition(m, old, "SuccessCriteriaMet", true, "CompletionsReached",
                                           STR("Reached expected number of succeeded pods"));
        conditions[1] = simulate_condition(m, old, "Complete", true, "CompletionsReached",
                                           STR("Reached expected number of succeeded pods"));
        for (int i = 0; i < 2; i++)
            conditions[i] = val_with(a, conditions[i], STR("lastProbeTime"), now);
        map_builder_set(&b, STR("completionTime"), now);
        map_builder_set(&b, STR("conditions"), val_seq(a, conditions, 2));
    }
    return map_builder_done(&b, NULL);
}

bool simulate_job(struct simulation *m)
{
    int64_t wanted = val_at_int(m->object, "spec.completions", 1);
    int64_t at_once = val_at_int(m->object, "spec.parallelism", 1);
    int64_t active = 0;
    int64_t succeeded = 0;
    struct simulated_objects pods;
    struct str stem = str_printf(m->a, "%.*s-", STR_ARG(val_at_str(m->object, "metadata.name")));

    if (simulate_is_ending(m->object) || job_is_finished(m->object) ||
        val_at_bool(m->object, "spec.suspend", false))
        return true;
    if (!simulate_owned(m, STR(""), STR("pods"), &pods))
        return false;
    for (size_t i = 0; i < pods.count; i++) {
        if (str_is(val_at_str(pods.items[i], "status.phase"), "Succeeded"))
            succeeded++;
        else if (!simulate_is_ending(pods.items[i]))
            active++;
    }
    for (; active < at_once && active + succeeded < wanted; active++)
        if (!simulate_create(m, simulate_pod_of(m, STR(""), stem, NULL)))
            return false;
    return simulate_patch(
        m, m->object, "status",
        val_map_of(m->a, "status", job_status(m, active, succeeded, succeeded >= wanted), NULL));
}

/* ---- what becomes ready by itself ---- */

bool simulate_claim(struct simulation *m)
{
    struct arena *a = m->a;

    if (simulate_is_ending(m->object) || str_is(val_at_str(m->object, "status.phase"), "Bound"))
        return true;
    return simulate_patch(m, m->object, "status",
                          val_map_of(a, "status",
                                     val_map_of(a, "phase", val_cstring(a, "Bound"), "accessModes",
                                                val_at(m->object, "spec.accessModes"), "capacity",
                                                val_at(m->object, "spec.resources.requests"), NULL),
                                     NULL));
}

static const struct val *in_namespace(struct simulation *m, const char *kind, const char *name)
{
    struct arena *a = m->a;

    return val_map_of(a, "apiVersion", val_cstring(a, "v1"), "kind", val_cstring(a, kind),
                      "metadata",
                      val_map_of(a, "name", val_cstring(a, name), "namespace",
                                 val_at(m->object, "metadata.name"), NULL),
                      NULL);
}

bool simulate_namespace(struct simulation *m)
{
    if (simulate_is_ending(m->object))
        return true;
    return simulate_create(m, in_namespace(m, "ServiceAccount", "default"));
}

bool simulate_service(struct simulation *m)
{
    struct arena *a = m->a;
    const struct val *ingress = val_map_of(a, "ip", val_cstring(a, "127.0.0.1"), NULL);

    if (!str_is(val_at_str(m->object, "spec.type"), "LoadBalancer") ||
        val_count(val_at(m->object, "status.loadBalancer.ingress")))
        return true;
    return simulate_patch(
        m, m->object, "status",
        val_map_of(a, "status",
                   val_map_of(a, "loadBalancer",
                              val_map_of(a, "ingress", val_seq(a, &ingress, 1), NULL), NULL),
                   NULL));
}
