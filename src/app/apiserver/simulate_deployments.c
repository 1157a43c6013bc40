/* SPDX-License-Identifier: Apache-2.0 */
/* Deployments make ReplicaSets, ReplicaSets make Pods. */
#include "app/apiserver/simulate.h"

#define REVISION "deployment.kubernetes.io/revision"

/* ---- ReplicaSets ---- */

struct tally {
    int64_t alive; /* not being deleted */
    int64_t ready;
};

static struct tally count_pods(const struct simulated_objects *pods)
{
    struct tally t = { 0 };

    for (size_t i = 0; i < pods->count; i++) {
        t.alive += !simulate_is_ending(pods->items[i]);
        t.ready += simulate_pod_is_ready(pods->items[i]);
    }
    return t;
}

bool simulate_replica_set(struct simulation *m)
{
    int64_t wanted = val_at_int(m->object, "spec.replicas", 1);
    struct simulated_objects pods;
    struct tally t;
    const struct val *status;

    if (simulate_is_ending(m->object))
        return true;
    if (!simulate_owned(m, STR(""), STR("pods"), &pods))
        return false;
    t = count_pods(&pods);
    for (int64_t i = t.alive; i < wanted; i++)
        if (!simulate_create(
                m, simulate_pod_of(
                       m, STR(""),
                       str_printf(m->a, "%.*s-", STR_ARG(val_at_str(m->object, "metadata.name"))),
                       NULL)))
            return false;
    for (size_t i = pods.count; i-- > 0 && t.alive > wanted;)
        if (!simulate_is_ending(pods.items[i])) {
            if (!simulate_delete(m, pods.items[i]))
                return false;
            t.alive--;
            t.ready -= simulate_pod_is_ready(pods.items[i]);
        }
    status = val_map_of(m->a, "replicas", val_int(m->a, t.alive), "fullyLabeledReplicas",
                        val_int(m->a, t.alive), "readyReplicas", val_int(m->a, t.ready),
                        "availableReplicas", val_int(m->a, t.ready), "observedGeneration",
                        val_at(m->object, "metadata.generation"), NULL);
    return simulate_patch(m, m->object, "status", val_map_of(m->a, "status", status, NULL));
}

/* ---- Deployments ---- */

struct rollout {
    struct simulated_objects sets;
    const struct val *current; /* the set of today's template; NULL: not made yet */
    int64_t revision;          /* highest there is */
    int64_t total, ready, updated;
};

static int64_t revision_of(const struct val *set)
{
    const struct val *annotations = val_at(set, "metadata.annotations");
    int64_t n = 0;

    (void)str_to_int64(val_str(val_get(annotations, STR(REVISION))), &n);
    return n;
}

static void survey(struct simulation *m, struct rollout *r, struct str hash)
{
    for (size_t i = 0; i < r->sets.count; i++) {
        const struct val *set = r->sets.items[i];
        const struct val *labels = val_at(set, "metadata.labels");

        r->revision = revision_of(set) > r->revision ? revision_of(set) : r->revision;
        r->total += val_at_int(set, "status.replicas", 0);
        r->ready += val_at_int(set, "status.readyReplicas", 0);
        if (str_eq(val_str(val_get(labels, STR("pod-template-hash"))), hash)) {
            r->current = set;
            r->updated = val_at_int(set, "status.replicas", 0);
        }
    }
    (void)m;
}

static bool make_set(struct simulation *m, const struct rollout *r, struct str hash)
{
    struct arena *a = m->a;
    const struct val *d = m->object;
    const struct val *label = val_string(a, hash);
    const struct val *template = val_at(d, "spec.template");
    const struct val *labels = val_with(a, val_at(template, "metadata.labels"),
                                        STR("pod-template-hash"), label);
    const struct val *selector = val_with(
        a, val_at(d, "spec.selector"), STR("matchLabels"),
        val_with(a, val_at(d, "spec.selector.matchLabels"), STR("pod-template-hash"), label));
    const struct val *annotations = val_with(
        a, &val_empty_map, STR(REVISION),
        val_string(a, str_printf(a, "%lld", (long long)r->revision + 1)));
    const struct val *meta = val_map_of(
        a, "name",
        val_string(
            a, str_printf(a, "%.*s-%.*s", STR_ARG(val_at_str(d, "metadata.name")), STR_ARG(hash))),
        "namespace", val_at(d, "metadata.namespace"), "labels", labels, "annotations", annotations,
        "ownerReferences", simulate_owner(m), NULL);
    const struct val *spec = val_map_of(
        a, "replicas", val_int(a, val_at_int(d, "spec.replicas", 1)), "selector", selector,
        "template", val_with_at(a, template, "metadata.labels", labels), NULL);

    return simulate_create(m, val_map_of(a, "apiVersion", val_cstring(a, "apps/v1"), "kind",
                                         val_cstring(a, "ReplicaSet"), "metadata", meta, "spec",
                                         spec, NULL));
}

static bool set_scale(struct simulation *m, const struct val *set, int64_t replicas)
{
    return simulate_patch(m, set, NULL,
                          val_map_of(m->a, "spec",
                                     val_map_of(m->a, "replicas", val_int(m->a, replicas), NULL),
                                     NULL));
}

/* The new set grows at once; old ones go when it is whole, so that nothing is ever unavailable. */
static bool scale_sets(struct simulation *m, const struct rollout *r, int64_t wanted)
{
    bool whole = val_at_int(r->current, "status.readyReplicas", 0) >= wanted;

    if (!set_scale(m, r->current, wanted))
        return false;
    for (size_t i = 0; whole && i < r->sets.count; i++)
        if (r->sets.items[i] != r->current && !set_scale(m, r->sets.items[i], 0))
            return false;
    return true;
}

/* The rollout has made no progress for longer than it may. */
static bool is_late(struct simulation *m, const struct val *old, bool done)
{
    int64_t allowed_s = val_at_int(m->object, "spec.progressDeadlineSeconds", 600);
    int64_t now = clock_wall(&m->s->clock).ns;

    if (done || val_at_int(m->object, "status.observedGeneration", 0) !=
                    val_at_int(m->object, "metadata.generation", -1))
        return false;
    for (size_t i = 0; i < val_count(old); i++) {
        const struct val *c = val_item(old, i);
        struct wall_time since;

        if (!str_is(val_get_str(c, "type"), "Progressing") ||
            !wall_time_parse(val_get_str(c, "lastUpdateTime"), &since))
            continue;
        if (str_is(val_get_str(c, "status"), "False") || now - since.ns >= allowed_s * NS_PER_S)
            return true;
        m->again_ns = since.ns + allowed_s * NS_PER_S - now;
    }
    return false;
}

static const struct val *deployment_status(struct simulation *m, const struct rollout *r,
                                           int64_t wanted)
{
    struct arena *a = m->a;
    const struct val *old = val_at(m->object, "status.conditions");
    bool available = r->ready >= wanted;
    bool done = available && r->updated == wanted && r->total == wanted;
    bool late = is_late(m, old, done);
    struct str set = val_at_str(r->current, "metadata.name");
    const struct val *conditions[] = {
        simulate_condition(m, old, "Available", available,
                           available ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
                           available ? STR("Deployment has minimum availability.")
                                     : STR("Deployment does not have minimum availability.")),
        simulate_condition(m, old, "Progressing", !late,
                           done   ? "NewReplicaSetAvailable"
                           : late ? "ProgressDeadlineExceeded"
                                  : "ReplicaSetUpdated",
                           str_printf(a, "ReplicaSet \"%.*s\" %s", STR_ARG(set),
                                      done   ? "has successfully progressed."
                                      : late ? "has timed out progressing."
                                             : "is progressing.")),
    };
    const struct val *now = val_string(a, wall_time_format(a, clock_wall(&m->s->clock)));

    for (size_t i = 0; i < 2; i++)
        if (!val_eq(val_item(old, i), conditions[i]) || !val_item(old, i))
            conditions[i] = val_with(a, conditions[i], STR("lastUpdateTime"), now);
    return val_map_of(a, "observedGeneration", val_at(m->object, "metadata.generation"), "replicas",
                      val_int(a, r->total), "updatedReplicas", val_int(a, r->updated),
                      "readyReplicas", val_int(a, r->ready), "availableReplicas",
                      val_int(a, r->ready), "unavailableReplicas",
                      wanted > r->ready ? val_int(a, wanted - r->ready) : &val_null, "conditions",
                      val_seq(a, conditions, 2), NULL);
}

/* Whether only times would change. */
static bool status_is_new(struct simulation *m, const struct val *status)
{
    const struct val *old = val_at(m->object, "status");
    const struct val *was = val_get(old, STR("conditions"));
    const struct val *is = val_get(status, STR("conditions"));

    if (val_count(was) != val_count(is))
        return true;
    for (size_t i = 0; i < val_count(is); i++)
        if (!str_eq(val_get_str(val_item(was, i), "reason"),
                    val_get_str(val_item(is, i), "reason")) ||
            !str_eq(val_get_str(val_item(was, i), "message"),
                    val_get_str(val_item(is, i), "message")))
            return true;
    return val_at_int(old, "observedGeneration", 0) !=
               val_at_int(m->object, "metadata.generation", 0) ||
           val_at_int(old, "replicas", 0) != val_at_int(status, "replicas", 0) ||
           val_at_int(old, "updatedReplicas", 0) != val_at_int(status, "updatedReplicas", 0) ||
           val_at_int(old, "readyReplicas", 0) != val_at_int(status, "readyReplicas", 0);
}

bool simulate_deployment(struct simulation *m)
{
    int64_t wanted = val_at_int(m->object, "spec.replicas", 1);
    struct str hash = simulate_template_hash(m);
    struct rollout r = { 0 };
    const struct val *status;
    const struct val *annotations;

    if (simulate_is_ending(m->object))
        return true;
    if (!simulate_owned(m, STR("apps"), STR("replicasets"), &r.sets))
        return false;
    survey(m, &r, hash);
    if (!r.current)
        return make_set(m, &r, hash);
    if (!scale_sets(m, &r, wanted))
        return false;
    annotations = val_with(
        m->a, &val_empty_map, STR(REVISION),
        val_string(m->a, str_printf(m->a, "%lld", (long long)revision_of(r.current))));
    if (!simulate_patch(
            m, m->object, NULL,
            val_map_of(m->a, "metadata", val_map_of(m->a, "annotations", annotations, NULL), NULL)))
        return false;
    status = deployment_status(m, &r, wanted);
    return !status_is_new(m, status) ||
           simulate_patch(m, m->object, "status", val_map_of(m->a, "status", status, NULL));
}
