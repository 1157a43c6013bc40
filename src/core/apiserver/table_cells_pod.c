/* SPDX-License-Identifier: Apache-2.0 */
/* Cells of pods and jobs. */
#include "base/buf.h"
#include "core/apiserver/table_columns.h"

struct pod_summary {
    struct str reason;
    int64_t restarts;
    int64_t ready;
    int64_t total;
    struct str last_restart; /* RFC 3339; "" never */
};

static bool restarts_always(const struct val *pod, struct str name)
{
    const struct val *list = val_at(pod, "spec.initContainers");

    for (size_t i = 0; i < val_count(list); i++)
        if (str_eq(val_get_str(list->items[i], "name"), name))
            return str_is(val_get_str(list->items[i], "restartPolicy"), "Always");
    return false;
}

static bool has_condition(const struct val *object, const char *type, const char *status)
{
    const struct val *list = val_at(object, "status.conditions");

    for (size_t i = 0; i < val_count(list); i++)
        if (str_eq(val_get_str(list->items[i], "type"), str_from_cstr(type)))
            return str_eq(val_get_str(list->items[i], "status"), str_from_cstr(status));
    return false;
}

static void count_restarts(struct pod_summary *s, const struct val *status)
{
    struct str finished = val_at_str(status, "lastState.terminated.finishedAt");

    s->restarts += val_at_int(status, "restartCount", 0);
    if (str_cmp(finished, s->last_restart) > 0)
        s->last_restart = finished;
}

static struct str terminated_reason(struct arena *a, const struct val *terminated)
{
    struct str reason = val_get_str(terminated, "reason");
    int64_t signal = val_at_int(terminated, "signal", 0);

    if (reason.len)
        return reason;
    if (signal)
        return str_printf(a, "Signal:%lld", (long long)signal);
    return str_printf(a, "ExitCode:%lld", (long long)val_at_int(terminated, "exitCode", 0));
}

/* True when an init container is still at work or failed: then its state is the pod's. */
static bool init_state(struct arena *a, const struct val *pod, struct pod_summary *s)
{
    const struct val *list = val_at(pod, "status.initContainerStatuses");

    for (size_t i = 0; i < val_count(list); i++) {
        const struct val *c = list->items[i];
        const struct val *terminated = val_at(c, "state.terminated");
        struct str waiting = val_at_str(c, "state.waiting.reason");

        count_restarts(s, c);
        if (terminated && val_at_int(terminated, "exitCode", 0) == 0)
            continue;
        if (restarts_always(pod, val_get_str(c, "name")) && val_at_bool(c, "started", false)) {
            s->ready += val_at_bool(c, "ready", false);
            continue;
        }
        if (terminated)
            s->reason = str_concat(a, STR("Init:"), terminated_reason(a, terminated));
        else if (waiting.len && !str_is(waiting, "PodInitializing"))
            s->reason = str_concat(a, STR("Init:"), waiting);
        else
            s->reason = str_printf(a, "Init:%zu/%zu", i,
                                   val_count(val_at(pod, "spec.initContainers")));
        return true;
    }
    return false;
}

static void container_states(struct arena *a, const struct val *pod, struct pod_summary *s)
{
    const struct val *list = val_at(pod, "status.containerStatuses");
    struct str failed = STR("");
    bool running = false;

    for (size_t i = val_count(list); i-- > 0;) {
        const struct val *c = list->items[i];
        const struct val *terminated = val_at(c, "state.terminated");
        struct str waiting = val_at_str(c, "state.waiting.reason");

        count_restarts(s, c);
        if (waiting.len) {
            s->reason = waiting;
        } else if (terminated) {
            s->reason = terminated_reason(a, terminated);
            if (val_at_int(terminated, "exitCode", 0))
                failed = s->reason;
        } else if (val_at_bool(c, "ready", false) && val_at(c, "state.running")) {
            running = true;
            s->ready++;
        }
    }
    if (!str_is(s->reason, "Completed"))
        return;
    if (running && has_condition(pod, "Ready", "True"))
        s->reason = STR("Running");
    else if (failed.len)
        s->reason = failed;
    else if (running)
        s->reason = STR("NotReady");
}

static bool is_gated(const struct val *pod)
{
    const struct val *list = val_at(pod, "status.conditions");

    for (size_t i = 0; i < val_count(list); i++)
        if (str_is(val_get_str(list->items[i], "type"), "PodScheduled") &&
            str_is(val_get_str(list->items[i], "reason"), "SchedulingGated"))
            return true;
    return false;
}

static struct pod_summary summary_of(struct arena *a, const struct val *pod)
{
    struct str phase = val_at_str(pod, "status.phase");
    struct str why = val_at_str(pod, "status.reason");
    const struct val *init = val_at(pod, "spec.initContainers");
    struct pod_summary s = { .reason = why.len ? why : phase,
                             .total = (int64_t)val_count(val_at(pod, "spec.containers")) };

    if (is_gated(pod))
        s.reason = STR("SchedulingGated");
    for (size_t i = 0; i < val_count(init); i++)
        s.total += str_is(val_get_str(init->items[i], "restartPolicy"), "Always");
    if (!init_state(a, pod, &s) || has_condition(pod, "Initialized", "True")) {
        s.restarts = 0;
        s.last_restart = STR("");
        container_states(a, pod, &s);
    }
    if (!val_at(pod, "metadata.deletionTimestamp"))
        return s;
    if (str_is(why, "NodeLost"))
        s.reason = STR("Unknown");
    else if (!str_is(phase, "Failed") && !str_is(phase, "Succeeded"))
        s.reason = STR("Terminating");
    return s;
}

const struct val *cell_pod_ready(const struct cell_call *c)
{
    struct pod_summary s = summary_of(c->arena, c->object);

    return val_string(c->arena,
                      str_printf(c->arena, "%lld/%lld", (long long)s.ready, (long long)s.total));
}

const struct val *cell_pod_status(const struct cell_call *c)
{
    return val_string(c->arena, summary_of(c->arena, c->object).reason);
}

const struct val *cell_pod_restarts(const struct cell_call *c)
{
    struct pod_summary s = summary_of(c->arena, c->object);
    struct str text = str_printf(c->arena, "%lld", (long long)s.restarts);
    struct wall_time t;

    if (s.restarts && wall_time_parse(s.last_restart, &t))
        text = str_printf(c->arena, "%.*s (%.*s ago)", STR_ARG(text),
                          STR_ARG(age_format(c->arena, c->now.ns - t.ns)));
    return val_string(c->arena, text);
}

const struct val *cell_pod_ip(const struct cell_call *c)
{
    struct str ip = val_get_str(val_item(val_at(c->object, "status.podIPs"), 0), "ip");

    return val_string(c->arena, ip.len ? ip : STR("<none>"));
}

const struct val *cell_readiness_gates(const struct cell_call *c)
{
    const struct val *gates = val_at(c->object, "spec.readinessGates");
    size_t good = 0;

    if (!val_count(gates))
        return val_cstring(c->arena, "<none>");
    for (size_t i = 0; i < gates->count; i++)
        good += has_condition(
            c->object, str_cstr(c->arena, val_get_str(gates->items[i], "conditionType")), "True");
    return val_string(c->arena, str_printf(c->arena, "%zu/%u", good, gates->count));
}

/* ---- jobs ---- */

const struct val *cell_job_status(const struct cell_call *c)
{
    static const struct {
        const char *condition;
        const char *text;
    } order[] = { { "Suspended", "Suspended" },
                  { "FailureTarget", "FailureTarget" },
                  { "SuccessCriteriaMet", "SuccessCriteriaMet" } };

    if (has_condition(c->object, "Complete", "True"))
        return val_cstring(c->arena, "Complete");
    if (has_condition(c->object, "Failed", "True"))
        return val_cstring(c->arena, "Failed");
    if (val_at(c->object, "metadata.deletionTimestamp"))
        return val_cstring(c->arena, "Terminating");
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
        if (has_condition(c->object, order[i].condition, "True"))
            return val_cstring(c->arena, order[i].text);
    return val_cstring(c->arena, "Running");
}

const struct val *cell_job_completions(const struct cell_call *c)
{
    long long done = val_at_int(c->object, "status.succeeded", 0);
    long long parallel = val_at_int(c->object, "spec.parallelism", 0);
    struct str text;

    if (val_at(c->object, "spec.completions"))
        text = str_printf(c->arena, "%lld/%lld", done,
                          (long long)val_at_int(c->object, "spec.completions", 0));
    else if (parallel > 1)
        text = str_printf(c->arena, "%lld/1 of %lld", done, parallel);
    else
        text = str_printf(c->arena, "%lld/1", done);
    return val_string(c->arena, text);
}

const struct val *cell_job_duration(const struct cell_call *c)
{
    struct wall_time start;
    struct wall_time end = c->now;

    if (!wall_time_parse(val_at_str(c->object, "status.startTime"), &start))
        return &val_empty_string;
    (void)wall_time_parse(val_at_str(c->object, "status.completionTime"), &end);
    return val_string(c->arena, age_format(c->arena, end.ns - start.ns));
}
