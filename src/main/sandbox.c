/* SPDX-License-Identifier: Apache-2.0 */
#include "main/sandbox.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "adapters/apiserver_http/apiserver_http.h"
#include "adapters/clock_linux/clock_linux.h"
#include "adapters/kube_inproc/kube_inproc.h"
#include "adapters/log_json/log_json.h"
#include "adapters/reactor/reactor.h"
#include "adapters/store_sqlite/store_sqlite.h"
#include "app/apiserver/server.h"
#include "main/clusters.h"
#include "main/engine_stack.h"

/* The embedded API server and what it stands on, in the order of building. */
struct sandbox {
    struct arena *arena;
    struct clock clock;
    struct random_source random;
    struct log_json log;
    struct credentials credentials;
    struct reactor *reactor;
    struct store_sqlite *store;
    struct apiserver *server;
    struct apiserver_http *http;
    struct kube_inproc *inproc;
    struct clusters_pool *clusters;
    struct engine_stack engine;
};

static struct err *open_store(struct sandbox *b, const struct sandbox_settings *s,
                              const struct address *at)
{
    struct store_options store = { .clock = b->clock };
    struct apiserver_options options = {
        .clock = b->clock,
        .random = b->random,
        .log = log_json_port(&b->log),
        .address = str_printf(b->arena, "%.*s:%u", STR_ARG(at->host), (unsigned)at->port),
        .simulate = !s->no_engine,
        .simulate_delay_ns = s->simulator_delay_ns,
    };
    struct err *e;

    if (mkdir(str_cstr(b->arena, s->data), 0700) != 0 && errno != EEXIST)
        return err_new(b->arena, ERR_IO, "could not make the folder \"%.*s\": %s", STR_ARG(s->data),
                       strerror(errno));
    if (TRY(&e, store_sqlite_open(b->arena, str_concat(b->arena, s->data, STR("/weir.db")), &store,
                                  &b->store)))
        return e;
    options.store = store_sqlite_port(b->store);
    return apiserver_new(b->arena, &options, &b->server);
}

static struct err *open_door(struct sandbox *b, const struct sandbox_settings *s,
                             const struct address *at)
{
    struct apiserver_http_options options = { .clock = b->clock,
                                              .host = at->host,
                                              .port = at->port };
    struct str kubeconfig = s->kubeconfig.len ? s->kubeconfig
                                              : str_concat(b->arena, s->data, STR("/kubeconfig")),
               url;
    struct err *e;

    if (TRY(&e, credentials_open(b->arena, str_concat(b->arena, s->data, STR("/pki")), at->host,
                                 &b->random, &b->credentials)))
        return e;
    options.base = reactor_base(b->reactor);
    options.server = apiserver_port(b->server);
    options.credentials = &b->credentials;
    if (TRY(&e, apiserver_http_new(b->arena, &options, &b->http)))
        return e;
    url = str_printf(b->arena, "https://%.*s:%u", STR_ARG(at->host),
                     (unsigned)apiserver_http_port(b->http));
    return credentials_write_kubeconfig(b->arena, &b->credentials, url, kubeconfig);
}

/* The engine acts as an administrator of its own cluster. */
static struct err *open_sandbox_engine(struct sandbox *b, struct run *r,
                                       const struct sandbox_settings *s)
{
    static const struct str groups[] = { STR_INIT("system:masters"),
                                         STR_INIT("system:authenticated") };
    struct api_user user = { .name = STR("weir"), .groups = groups, .group_count = 2 };
    struct engine_plan plan = {
        .settings = &s->engine,
        .base = reactor_base(b->reactor),
        .storage = s->engine.storage_path.len ? s->engine.storage_path
                                              : str_concat(r->arena, s->data, STR("/storage")),
        .install_crds = true,
        .is_sandbox = true,
    };
    struct kube_http_options others;

    if (s->no_engine)
        return NULL;
    engine_stack_measure(&b->engine);
    others = engine_remote_options(&b->engine, &s->engine);
    b->inproc = kube_inproc_new(apiserver_port(b->server), &user);
    b->clusters = clusters_pool_new(apiserver_port(b->server), &user, &b->clock, &others);
    plan.cluster = kube_inproc_port(b->inproc);
    plan.clusters = clusters_pool_port(b->clusters);
    b->engine.clock = b->clock;
    b->engine.log = log_json_port(&b->log);
    return engine_stack_open(&b->engine, r, &plan);
}

static void close_sandbox(struct sandbox *b)
{
    engine_stack_stop(&b->engine);
    reactor_stop(b->reactor);
    engine_stack_close(&b->engine);
    clusters_pool_free(b->clusters);
    kube_inproc_free(b->inproc);
    apiserver_http_free(b->http);
    apiserver_free(b->server);
    store_sqlite_free(b->store);
    reactor_free(b->reactor);
}

struct err *sandbox_run(void *self, struct run *r, const struct sandbox_settings *settings)
{
    struct sandbox b = { .arena = r->arena, .clock = clock_linux(), .random = random_linux() };
    struct address at;
    struct err *e;

    (void)self;
    b.log = (struct log_json){ .fd = STDERR_FILENO,
                               .level = log_level_of(settings->engine.log_level),
                               .clock = b.clock };
    if (TRY(&e, address_parse(r->arena, settings->listen, &at)))
        return e;
    process_prepare();
    b.reactor = reactor_new();
    if (!b.reactor)
        return err_new(r->arena, ERR_IO, "could not make an event loop");
    e = open_store(&b, settings, &at);
    if (!e)
        e = open_door(&b, settings, &at);
    if (!e)
        e = open_sandbox_engine(&b, r, settings);
    if (!e && !reactor_start(b.reactor))
        e = err_new(r->arena, ERR_IO, "could not start the event loop's thread");
    if (!e)
        process_wait_for_signal();
    close_sandbox(&b);
    return e;
}
