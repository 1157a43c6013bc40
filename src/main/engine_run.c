/* SPDX-License-Identifier: Apache-2.0 */
#include <unistd.h>

#include "adapters/clock_linux/clock_linux.h"
#include "adapters/log_json/log_json.h"
#include "adapters/reactor/reactor.h"
#include "main/clusters.h"
#include "main/engine_stack.h"
#include "main/session.h"

static struct err *start_remote_engine(struct engine_stack *stack, struct run *r,
                                       const struct run_settings *settings,
                                       const struct remote *remote, struct clusters_pool *clusters,
                                       struct reactor *reactor)
{
    struct engine_plan plan = {
        .settings = &settings->engine,
        .cluster = kube_inproc_port(remote->client),
        .clusters = clusters_pool_port(clusters),
        .base = reactor_base(reactor),
        .storage = settings->engine.storage_path,
        .install_crds = settings->install_crds,
    };
    struct err *e;

    if (plan.storage.len == 0)
        return err_new(r->arena, ERR_INVALID,
                       "--storage-path is required: the folder for artifacts and mirrors");
    if (TRY(&e, engine_stack_open(stack, r, &plan)))
        return e;
    if (!reactor_start(reactor))
        return err_new(r->arena, ERR_IO, "could not start the event loop's thread");
    process_wait_for_signal();
    return NULL;
}

struct err *engine_run(void *self, struct run *r, const struct run_settings *settings)
{
    struct log_json log = { .fd = STDERR_FILENO,
                            .level = log_level_of(settings->engine.log_level),
                            .clock = clock_linux() };
    struct engine_stack stack = { .clock = clock_linux(), .log = log_json_port(&log) };
    struct remote remote = { .http = NULL };
    struct api_user nobody = { .name = STR("") }; /* the kubeconfig's credentials say who we are */
    struct kube_http_options others;
    struct clusters_pool *clusters;
    struct reactor *reactor;
    struct err *e;

    (void)self;
    process_prepare();
    if (TRY(&e, remote_open(r->arena, settings->kubeconfig, settings->context, &remote)))
        return e;
    engine_stack_measure(&stack);
    others = engine_remote_options(&stack, &settings->engine);
    kube_http_measure(remote.http, &others.metrics);
    reactor = reactor_new();
    if (!reactor)
        return err_new(r->arena, ERR_IO, "could not make an event loop");
    clusters = clusters_pool_new(kube_http_port(remote.http), &nobody, &stack.clock, &others);
    e = start_remote_engine(&stack, r, settings, &remote, clusters, reactor);
    engine_stack_stop(&stack);
    reactor_stop(reactor);
    engine_stack_close(&stack);
    clusters_pool_free(clusters);
    remote_close(&remote);
    reactor_free(reactor);
    return e;
}
