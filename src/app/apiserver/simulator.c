/* SPDX-License-Identifier: Apache-2.0 */
#include "app/apiserver/simulator.h"

#include "app/apiserver/keeper.h"
#include "app/apiserver/simulate.h"
#include "value/json.h"

enum { SIMULATOR_BATCH = 128, SIMULATOR_STACK = 1024 * 1024 };

struct simulator {
    struct apiserver *s;
    int64_t delay_ns;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t woken;
    bool wake;     /* under lock */
    bool stopping; /* under lock */

    /* The thread's alone. */
    int64_t position;
    struct work_set work; /* "resource namespace name" */
    bool running;         /* the starter's, away from what the lock guards */
};

static const struct {
    struct str resource;
    bool (*step)(struct simulation *m);
} kinds[] = {
    { STR_INIT("/pods"), simulate_pod },
    { STR_INIT("apps/replicasets"), simulate_replica_set },
    { STR_INIT("apps/deployments"), simulate_deployment },
    { STR_INIT("apps/statefulsets"), simulate_stateful_set },
    { STR_INIT("apps/daemonsets"), simulate_daemon_set },
    { STR_INIT("batch/jobs"), simulate_job },
    { STR_INIT("/persistentvolumeclaims"), simulate_claim },
    { STR_INIT("/namespaces"), simulate_namespace },
    { STR_INIT("/services"), simulate_service },
};

enum { KIND_COUNT = sizeof kinds / sizeof kinds[0] };

struct simulator *simulator_new(struct apiserver *s, int64_t delay_ns)
{
    struct simulator *m = ARENA_NEW(s->home, struct simulator);
    pthread_condattr_t attr;

    m->s = s;
    m->delay_ns = delay_ns;
    (void)pthread_mutex_init(&m->lock, NULL);
    (void)pthread_condattr_init(&attr);
    (void)pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&m->woken, &attr);
    (void)pthread_condattr_destroy(&attr);
    return m;
}

void simulator_wake(struct simulator *m)
{
    pthread_mutex_lock(&m->lock);
    m->wake = true;
    pthread_cond_signal(&m->woken);
    pthread_mutex_unlock(&m->lock);
}

/* ---- events ---- */

static bool is_simulated(struct str resource)
{
    for (size_t i = 0; i < KIND_COUNT; i++)
        if (str_eq(kinds[i].resource, resource))
            return true;
    return false;
}

static struct str key_format(struct arena *a, struct str resource, struct str ns, struct str name)
{
    return str_printf(a, "%.*s %.*s %.*s", STR_ARG(resource), STR_ARG(ns), STR_ARG(name));
}

/* The controller of what changed has something to look at. */
static void add_owner(struct simulator *m, struct arena *a, const struct store_key *key,
                      const struct val *object)
{
    const struct val *refs = val_at(object, "metadata.ownerReferences");

    for (size_t i = 0; i < val_count(refs); i++) {
        const struct val *ref = val_item(refs, i);
        struct str kind = val_get_str(ref, "kind");
        struct str group;
        struct str version;
        struct str resource;

        if (!val_at_bool(ref, "controller", false) ||
            !api_version_parse(val_get_str(ref, "apiVersion"), &group, &version))
            continue;
        resource = str_printf(a, "%.*s/%.*ss", STR_ARG(group), STR_ARG(str_lower(a, kind)));
        if (is_simulated(resource))
            work_add(&m->work, key_format(a, resource, key->ns, val_get_str(ref, "name")));
    }
}

static void saw(struct simulator *m, struct arena *a, const struct store_key *key, struct str value,
                bool removed)
{
    const struct val *object = NULL;
    struct str me;

    if (!is_simulated(key->resource) ||
        json_read(a, value, STR("stored object"), JSON_READ_BORROW, &object))
        return;
    add_owner(m, a, key, object);
    if (removed)
        return;
    me = key_format(a, key->resource, key->ns, key->name);
    /* A pod that waits becomes ready after the delay; all else is done at once. */
    if (str_is(key->resource, "/pods") && !simulate_is_ending(object)) {
        if (str_is(val_at_str(object, "status.phase"), "Pending"))
            work_delay(&m->work, me, mono_add_ns(clock_mono(&m->s->clock), m->delay_ns));
        return;
    }
    work_add(&m->work, me);
}

static void saw_row(void *ctx, struct arena *a, const struct store_row *row)
{
    saw(ctx, a, &row->key, row->value, false);
}

static void load_all(struct simulator *m)
{
    m->position = m->s->store.ops->revision(m->s->store.self);
    for (size_t i = 0; i < KIND_COUNT; i++)
        storage_each(m->s, kinds[i].resource, saw_row, m);
}

/* True: there may be more. */
static bool read_events(struct simulator *m, struct run *r)
{
    struct store_since since = { .after = m->position, .limit = SIMULATOR_BATCH };
    struct store_events events = { 0 };
    struct err *e = m->s->store.ops->changes(m->s->store.self, r, &since, &events);

    if (e && e->code == ERR_GONE) {
        load_all(m);
        return true;
    }
    for (size_t i = 0; !e && i < events.count; i++) {
        const struct store_event *event = &events.items[i];

        saw(m, r->arena, &event->key, event->value, event->type == STORE_REMOVED);
        m->position = event->revision;
    }
    return !e && events.count == SIMULATOR_BATCH;
}

/* ---- work ---- */

static bool work_on(struct simulator *m, struct run *r, struct str key)
{
    struct simulation sim = { .s = m->s, .r = r, .a = r->arena };
    struct str whole = key;
    bool ok = true;
    const struct api_resource *res;
    struct str resource;
    struct str ns;

    (void)str_cut(&key, ' ', &resource);
    (void)str_cut(&key, ' ', &ns);
    res = registry_find_stored(m->s->registry, r->arena, resource);
    if (!res)
        return true;
    if (storage_get(m->s, r, res, ns, key, &sim.object))
        return false;
    for (size_t i = 0; sim.object && i < KIND_COUNT; i++)
        if (str_eq(kinds[i].resource, resource))
            ok = kinds[i].step(&sim);
    if (sim.again_ns)
        work_delay(&m->work, whole, mono_add_ns(clock_mono(&m->s->clock), sim.again_ns));
    return ok;
}

/* There is one node, so that `kubectl get nodes` and DaemonSets have something to show. */
static void make_node(struct simulator *m)
{
    static const char node[] =
        "{\"apiVersion\":\"v1\",\"kind\":\"Node\",\"metadata\":{\"name\":\"" SIMULATED_NODE "\","
        "\"labels\":{\"kubernetes.io/hostname\":\"" SIMULATED_NODE
        "\",\"kubernetes.io/os\":\"linux\","
        "\"kubernetes.io/arch\":\"amd64\"}},\"status\":{\"conditions\":[{\"type\":\"Ready\","
        "\"status\":\"True\",\"reason\":\"KubeletReady\",\"message\":\"simulated\"}],"
        "\"nodeInfo\":{\"architecture\":\"amd64\",\"bootID\":\"\",\"containerRuntimeVersion\":"
        "\"simulated://1\",\"kernelVersion\":\"\",\"kubeProxyVersion\":\"\",\"kubeletVersion\":"
        "\"v1.35.4\",\"machineID\":\"\",\"operatingSystem\":\"linux\",\"osImage\":\"\","
        "\"systemUUID\":\"\"}}}";
    ARENA_AUTO struct arena *a = arena_new(0);
    struct run r = { .arena = a, .deadline = MONO_NEVER };
    struct internal_request q = { .method = "POST",
                                  .path = STR("/api/v1/nodes"),
                                  .agent = "kubelet" };

    if (!json_read(a, str_from_cstr(node), STR("node"), 0, &q.body))
        (void)internal_serve(m->s, &r, &q, NULL);
    /* A status is not taken from a create. */
    q.method = "PATCH";
    q.path = STR("/api/v1/nodes/" SIMULATED_NODE "/status");
    q.content_type = "application/merge-patch+json";
    q.body = val_map_of(a, "status", val_get(q.body, STR("status")), NULL);
    (void)internal_serve(m->s, &r, &q, NULL);
}

static bool wait_woken(struct simulator *m, bool *ret_woken)
{
    struct mono_time now = clock_mono(&m->s->clock);
    struct mono_time due = work_due(&m->work, now);
    struct timespec t = { .tv_sec = due.ns / NS_PER_S, .tv_nsec = due.ns % NS_PER_S };
    bool go_on;

    pthread_mutex_lock(&m->lock);
    if (!m->wake && !m->stopping && due.ns > now.ns) {
        if (due.ns == MONO_NEVER.ns)
            (void)pthread_cond_wait(&m->woken, &m->lock);
        else
            (void)pthread_cond_timedwait(&m->woken, &m->lock, &t);
    }
    *ret_woken = m->wake;
    m->wake = false;
    go_on = !m->stopping;
    pthread_mutex_unlock(&m->lock);
    return go_on;
}

static void *simulator_main(void *arg)
{
    struct simulator *m = arg;
    struct arena *scratch = arena_new(0);
    struct run r = { .arena = scratch, .deadline = MONO_NEVER };
    bool woken = false;

    make_node(m);
    load_all(m);
    while (wait_woken(m, &woken)) {
        struct str key;
        int attempts;

        if (woken && read_events(m, &r))
            simulator_wake(m);
        if (work_take(&m->work, scratch, clock_mono(&m->s->clock), &key, &attempts) &&
            !work_on(m, &r, key))
            work_retry(&m->work, key, attempts, clock_mono(&m->s->clock));
        arena_reset(scratch);
    }
    arena_free(scratch);
    return NULL;
}

bool simulator_start(struct simulator *m)
{
    pthread_attr_t attr;

    (void)pthread_attr_init(&attr);
    (void)pthread_attr_setstacksize(&attr, SIMULATOR_STACK);
    m->running = pthread_create(&m->thread, &attr, simulator_main, m) == 0;
    (void)pthread_attr_destroy(&attr);
    return m->running;
}

void simulator_stop(struct simulator *m)
{
    if (m->running) {
        pthread_mutex_lock(&m->lock);
        m->stopping = true;
        pthread_cond_signal(&m->woken);
        pthread_mutex_unlock(&m->lock);
        (void)pthread_join(m->thread, NULL);
        m->running = false;
    }
    work_free(&m->work);
    (void)pthread_cond_destroy(&m->woken);
    (void)pthread_mutex_destroy(&m->lock);
}
