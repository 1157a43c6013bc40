/* SPDX-License-Identifier: Apache-2.0 */
#include "app/apiserver/server.h"

#include "app/apiserver/bootstrap.h"
#include "app/apiserver/crds.h"
#include "app/apiserver/hub.h"
#include "app/apiserver/keeper.h"
#include "app/apiserver/respond.h"
#include "app/apiserver/serve.h"
#include "app/apiserver/simulator.h"
#include "app/apiserver/tokens.h"

static void on_commit(void *ctx, const struct store_event *events, size_t count)
{
    struct apiserver *s = ctx;

    (void)events; /* each reads the history at its own pace */
    (void)count;
    hub_wake(s->hub);
    keeper_wake(s->keeper);
    if (s->simulator)
        simulator_wake(s->simulator);
}

/* ---- the port ---- */

static bool port_authenticate(void *self, struct run *r, struct str token, struct api_user *ret)
{
    return token_user(self, r, token, ret);
}

static void port_serve(void *self, struct run *r, const struct api_request *req,
                       struct api_response *ret)
{
    serve_request(self, r, req, ret);
}

/* A GET of one object ignores "watch", as kube does. */
static bool port_is_watch(void *self, const struct api_request *req)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct query query = query_parse(a, req->query);
    struct route route = route_parse(req->path);

    (void)self;
    return route.kind == ROUTE_RESOURCE && str_is(route_verb(&route, req->method, &query), "watch");
}

static void port_watch_open(void *self, struct run *r, const struct api_request *req,
                            const struct api_watch_sink *sink, struct api_watch **ret,
                            struct api_response *ret_refused)
{
    struct apiserver *s = self;
    struct answer answer = { 0 };
    struct call c;
    struct err *e;

    *ret = NULL;
    call_init(&c, s, r, req);
    e = call_enter(&c, &answer);
    if (!e && answer.status == 0)
        e = hub_open(s->hub, &c, sink, ret);
    else if (!e)
        e = respond_answer(&c, &answer, ret_refused);
    if (e)
        respond_error(&c, e, ret_refused);
    else if (*ret)
        *ret_refused = (struct api_response){ .status = 200,
                                              .content_type = STR("application/json"),
                                              .retry_after_s = -1 };
}

static void port_watch_close(void *self, struct api_watch *watch)
{
    struct apiserver *s = self;

    hub_close(s->hub, watch);
}

static const struct api_server_ops apiserver_ops = {
    .authenticate = port_authenticate,
    .serve = port_serve,
    .is_watch = port_is_watch,
    .watch_open = port_watch_open,
    .watch_close = port_watch_close,
};

struct api_server apiserver_port(struct apiserver *s)
{
    return (struct api_server){ .ops = &apiserver_ops, .self = s };
}

/* ---- life ---- */

/* A new cluster's history begins behind its first objects, as kube's does behind its caches' first list. */
static struct err *fill(struct apiserver *s, struct run *r)
{
    size_t created = 0;
    bool fresh = s->store.ops->revision(s->store.self) == 0;
    struct err *e;

    if (TRY(&e, bootstrap_objects(s, r, &created)))
        return e;
    if (fresh &&
        TRY(&e, s->store.ops->compact(s->store.self, r, s->store.ops->revision(s->store.self))))
        return e;
    return crd_load_all(s, r);
}

static struct err *start_threads(struct apiserver *s, struct arena *a)
{
    s->store.ops->subscribe(s->store.self, on_commit, s);
    if (hub_start(s->hub) && keeper_start(s->keeper) &&
        (!s->simulator || simulator_start(s->simulator)))
        return NULL;
    return err_new(a, ERR_IO, "could not start a thread of the API server");
}

struct err *apiserver_new(struct arena *a, const struct apiserver_options *options,
                          struct apiserver **ret)
{
    struct arena *home = arena_new(0);
    ARENA_AUTO struct arena *scratch = arena_new(0);
    struct run r = { .arena = scratch, .deadline = MONO_NEVER };
    struct apiserver *s = ARENA_NEW(home, struct apiserver);
    struct err *e;

    s->home = home;
    s->store = options->store;
    s->clock = options->clock;
    s->random = options->random;
    s->log = options->log;
    s->address = str_dup(home, options->address);
    (void)pthread_mutex_init(&s->crd_lock, NULL);
    s->registry = registry_new(home);
    s->hub = hub_new(s);
    s->keeper = keeper_new(s);
    if (options->simulate)
        s->simulator = simulator_new(s, options->simulate_delay_ns);
    if (TRY(&e, fill(s, &r)) || TRY(&e, start_threads(s, scratch))) {
        e = err_copy(a, e);
        apiserver_free(s);
        return e;
    }
    *ret = s;
    return NULL;
}

void apiserver_free(struct apiserver *s)
{
    if (!s)
        return;
    if (s->simulator)
        simulator_stop(s->simulator);
    keeper_stop(s->keeper);
    hub_stop(s->hub);
    /* Whoever committed has had its answer by now, so no callback is under way. */
    s->store.ops->subscribe(s->store.self, NULL, NULL);
    registry_close(s->registry);
    (void)pthread_mutex_destroy(&s->crd_lock);
    arena_free(s->home);
}
