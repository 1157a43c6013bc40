/* SPDX-License-Identifier: Apache-2.0 */
/* The scheduler and the kubelet: a pod gets the node, runs after the delay, ends at once when it is deleted. */
#include "app/apiserver/simulate.h"

/* The node's name is not a client's to change, so it is written past the verbs, as pods/binding does. */
static bool bind(struct simulation *m)
{
    const struct api_resource *res = registry_find(m->s->registry, m->a, STR(""), STR("v1"),
                                                   STR("pods"));
    struct storage_write w = { .resource = res,
                               .ns = val_at_str(m->object, "metadata.namespace"),
                               .name = val_at_str(m->object, "metadata.name") };
    int64_t revision = 0;

    if (val_at_str(m->object, "spec.nodeName").len)
        return true;
    if (!str_to_int64(val_at_str(m->object, "metadata.resourceVersion"), &w.expected))
        return false;
    w.object = val_with_at(m->a, m->object, "spec.nodeName", val_cstring(m->a, SIMULATED_NODE));
    if (storage_commit(m->s, m->r, &w, &revision))
        return false;
    m->object = storage_with_revision(m->a, w.object, revision);
    return true;
}

static bool runs_to_the_end(const struct val *pod)
{
    return !str_is(val_at_str(pod, "spec.restartPolicy"), "Always");
}

/* Why the containers will not come up; "" when they will. */
static struct str obstacle(const struct val *pod)
{
    return val_str(val_get(val_at(pod, "metadata.annotations"), STR(NEVER_READY)));
}

static const struct val *blocked_status(struct simulation *m, const struct val *container)
{
    const struct val *waiting = val_map_of(m->a, "reason", val_string(m->a, obstacle(m->object)),
                                           "message", val_cstring(m->a, "simulated"), NULL);

    return val_map_of(m->a, "name", val_get(container, STR("name")), "image",
                      val_get(container, STR("image")), "imageID", &val_empty_string, "ready",
                      &val_false, "started", &val_false, "restartCount", val_int(m->a, 0), "state",
                      val_map_of(m->a, "waiting", waiting, NULL), NULL);
}

/* Scheduled, and then nothing. */
static bool stall(struct simulation *m)
{
    const struct val *old = val_at(m->object, "status.conditions");
    const struct val *containers = val_at(m->object, "spec.containers");
    struct str why = str_printf(m->a, "containers with unready status: [%.*s]",
                                STR_ARG(val_get_str(val_item(containers, 0), "name")));
    const struct val *conditions[] = {
        simulate_condition(m, old, "Initialized", true, NULL, STR("")),
        simulate_condition(m, old, "Ready", false, "ContainersNotReady", why),
        simulate_condition(m, old, "ContainersReady", false, "ContainersNotReady", why),
        simulate_condition(m, old, "PodScheduled", true, NULL, STR("")),
    };
    struct seq_builder statuses;

    seq_builder_init(&statuses, m->a);
    for (size_t i = 0; i < val_count(containers); i++)
        seq_builder_add(&statuses, blocked_status(m, val_item(containers, i)));
    return simulate_patch(
        m, m->object, "status",
        val_map_of(m->a, "status",
                   val_map_of(m->a, "phase", val_cstring(m->a, "Pending"), "conditions",
                              val_seq(m->a, conditions, 4), "containerStatuses",
                              seq_builder_done(&statuses, NULL), NULL),
                   NULL));
}

static const struct val *container_status(struct simulation *m, const struct val *container,
                                          bool finished, struct str since)
{
    const struct val *at = val_string(m->a, since);
    const struct val *state = finished
                                  ? val_map_of(m->a, "terminated",
                                               val_map_of(m->a, "exitCode", val_int(m->a, 0),
                                                          "reason", val_cstring(m->a, "Completed"),
                                                          "startedAt", at, "finishedAt", at, NULL),
                                               NULL)
                                  : val_map_of(m->a, "running",
                                               val_map_of(m->a, "startedAt", at, NULL), NULL);

    return val_map_of(m->a, "name", val_get(container, STR("name")), "image",
                      val_get(container, STR("image")), "imageID", val_get(container, STR("image")),
                      "ready", val_bool(!finished), "started", val_bool(!finished), "restartCount",
                      val_int(m->a, 0), "state", state, NULL);
}

static const struct val *container_statuses(struct simulation *m, const char *path, bool finished,
                                            struct str since)
{
    const struct val *containers = val_at(m->object, path);
    struct seq_builder b;

    seq_builder_init(&b, m->a);
    for (size_t i = 0; i < val_count(containers); i++)
        seq_builder_add(&b, container_status(m, val_item(containers, i), finished, since));
    return seq_builder_done(&b, NULL);
}

static const struct val *conditions(struct simulation *m, bool finished)
{
    const struct val *old = val_at(m->object, "status.conditions");
    const char *why = finished ? "PodCompleted" : NULL;
    const struct val *items[] = {
        simulate_condition(m, old, "PodReadyToStartContainers", !finished, NULL, STR("")),
        simulate_condition(m, old, "Initialized", true, why, STR("")),
        simulate_condition(m, old, "Ready", !finished, why, STR("")),
        simulate_condition(m, old, "ContainersReady", !finished, why, STR("")),
        simulate_condition(m, old, "PodScheduled", true, NULL, STR("")),
    };

    return val_seq(m->a, items, sizeof items / sizeof items[0]);
}

/* An address that stays the pod's: from its uid. */
static struct str address(struct simulation *m)
{
    uint64_t h = str_hash(val_at_str(m->object, "metadata.uid"));

    return str_printf(m->a, "10.244.%u.%u", (unsigned)(h % 254) + 1, (unsigned)(h / 254 % 254) + 1);
}

static bool run(struct simulation *m)
{
    bool finished = runs_to_the_end(m->object);
    struct str since = wall_time_format(m->a, clock_wall(&m->s->clock));
    const struct val *ip = val_string(m->a, address(m));
    const struct val *ips = val_map_of(m->a, "ip", ip, NULL);
    const struct val *host = val_cstring(m->a, "127.0.0.1");
    struct map_builder status;

    map_builder_init(&status, m->a);
    map_builder_set(&status, STR("phase"), val_cstring(m->a, finished ? "Succeeded" : "Running"));
    map_builder_set(&status, STR("conditions"), conditions(m, finished));
    map_builder_set(&status, STR("startTime"), val_string(m->a, since));
    map_builder_set(&status, STR("hostIP"), host);
    map_builder_set(&status, STR("podIP"), ip);
    map_builder_set(&status, STR("podIPs"), val_seq(m->a, &ips, 1));
    map_builder_set(&status, STR("containerStatuses"),
                    container_statuses(m, "spec.containers", finished, since));
    if (val_count(val_at(m->object, "spec.initContainers")))
        map_builder_set(&status, STR("initContainerStatuses"),
                        container_statuses(m, "spec.initContainers", true, since));
    return simulate_patch(m, m->object, "status",
                          val_map_of(m->a, "status", map_builder_done(&status, NULL), NULL));
}

static bool end(struct simulation *m)
{
    struct internal_request q = {
        .method = "DELETE",
        .path = str_printf(m->a, "/api/v1/namespaces/%.*s/pods/%.*s",
                           STR_ARG(val_at_str(m->object, "metadata.namespace")),
                           STR_ARG(val_at_str(m->object, "metadata.name"))),
        .query = STR("gracePeriodSeconds=0"),
        .agent = "kubelet",
    };
    int status = internal_serve(m->s, m->r, &q, NULL);

    return status < 300 || status == 404;
}

bool simulate_pod(struct simulation *m)
{
    if (simulate_is_ending(m->object))
        return val_at_int(m->object, "metadata.deletionGracePeriodSeconds", 0) == 0 || end(m);
    if (!str_is(val_at_str(m->object, "status.phase"), "Pending"))
        return true;
    if (!bind(m))
        return false;
    if (obstacle(m->object).len)
        return val_count(val_at(m->object, "status.containerStatuses")) || stall(m);
    return run(m);
}
