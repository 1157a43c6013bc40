/* SPDX-License-Identifier: Apache-2.0 */
#include "main/simulate.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "adapters/clock_linux/clock_linux.h"
#include "adapters/fs_posix/host_files.h"
#include "adapters/fs_posix/tree_disk.h"
#include "adapters/git_snapshot/git_snapshot.h"
#include "adapters/kube_inproc/kube_inproc.h"
#include "adapters/log_json/log_json.h"
#include "adapters/process_posix/process_posix.h"
#include "adapters/store_sqlite/store_sqlite.h"
#include "app/apiserver/server.h"
#include "app/simulate/simulate.h"
#include "main/clusters.h"
#include "main/engine_stack.h"

/* The throw-away cluster, in the order of building. */
struct stage {
    struct arena *arena;
    char folder[64]; /* "" until it is there */
    struct str repository;
    struct clock clock;
    struct log_json log;
    struct process process;
    struct store_sqlite *store;
    struct apiserver *server;
    struct kube_inproc *inproc;
    struct clusters_pool *clusters;
    struct git_snapshot *snapshot;
    struct engine_stack engine;
    struct cluster cluster;
    bool fetch_others;
};

static struct err *open_folder(struct stage *s, const struct simulation_settings *settings)
{
    const char *top = getenv("TMPDIR");
    struct str name = str_printf(s->arena, "%s/weir-simulate-XXXXXX", top && *top ? top : "/tmp");
    struct err *e;

    if (TRY(&e, tree_disk_real_path(s->arena, settings->repository, &s->repository)))
        return err_wrap(s->arena, e, "\"%.*s\" is no repository", STR_ARG(settings->repository));
    if (name.len >= sizeof s->folder)
        return err_new(s->arena, ERR_INVALID, "the folder of TMPDIR has too long a name");
    memcpy(s->folder, name.ptr, name.len);
    s->folder[name.len] = '\0';
    if (mkdtemp(s->folder))
        return NULL;
    s->folder[0] = '\0';
    return err_new(s->arena, ERR_IO, "could not make a temporary folder: %s", strerror(errno));
}

static struct str below(struct stage *s, const char *name)
{
    return str_printf(s->arena, "%s/%s", s->folder, name);
}

static struct err *open_server(struct stage *s)
{
    struct store_options store = { .clock = s->clock };
    struct apiserver_options options = {
        .clock = s->clock,
        .random = random_linux(),
        .log = log_json_port(&s->log),
        .address = STR("127.0.0.1:0"),
        .simulate = true,
        .simulate_delay_ns = 10 * NS_PER_MS,
    };
    struct err *e;

    if (TRY(&e, store_sqlite_open(s->arena, below(s, "weir.db"), &store, &s->store)))
        return e;
    options.store = store_sqlite_port(s->store);
    return apiserver_new(s->arena, &options, &s->server);
}

static struct git decorate_git(void *self, const struct git *inner)
{
    struct stage *s = self;

    s->snapshot = git_snapshot_new(inner, &s->process, s->fetch_others);
    return git_snapshot_port(s->snapshot);
}

static struct err *open_engine(struct stage *s, struct run *r,
                               const struct engine_settings *settings)
{
    static const struct str groups[] = { STR_INIT("system:masters"),
                                         STR_INIT("system:authenticated") };
    struct api_user user = { .name = STR("weir"), .groups = groups, .group_count = 2 };
    struct engine_plan plan = {
        .settings = settings,
        .storage = below(s, "storage"),
        .install_crds = true,
        .is_sandbox = true,
        .decorate_git = decorate_git,
        .self = s,
        .keep_encrypted = true,
    };
    struct kube_http_options others;

    engine_stack_measure(&s->engine);
    others = engine_remote_options(&s->engine, settings);
    s->inproc = kube_inproc_new(apiserver_port(s->server), &user);
    s->clusters = clusters_pool_new(apiserver_port(s->server), &user, &s->clock, &others);
    s->cluster = kube_inproc_port(s->inproc);
    plan.cluster = s->cluster;
    plan.clusters = clusters_pool_port(s->clusters);
    s->engine.clock = s->clock;
    s->engine.log = log_json_port(&s->log);
    return engine_stack_open(&s->engine, r, &plan);
}

static void close_stage(struct stage *s)
{
    engine_stack_stop(&s->engine);
    engine_stack_close(&s->engine);
    git_snapshot_free(s->snapshot);
    clusters_pool_free(s->clusters);
    kube_inproc_free(s->inproc);
    apiserver_free(s->server);
    store_sqlite_free(s->store);
    if (s->folder[0])
        host_folder_remove(s->folder);
    (void)close(s->log.fd);
}

static void adopt(void *self, struct str url)
{
    struct stage *s = self;

    git_snapshot_adopt(s->snapshot, url);
}

static struct str source_url(void *self)
{
    struct stage *s = self;

    return git_snapshot_url(s->snapshot);
}

static void pause_for(void *self, int64_t ns)
{
    struct timespec t = { .tv_sec = ns / NS_PER_S, .tv_nsec = ns % NS_PER_S };

    (void)self;
    (void)nanosleep(&t, NULL);
}

/* The base first, where there is one; *ret tells of the revision. */
static struct err *play(struct stage *s, struct run *r, const struct simulation_settings *settings,
                        struct simulation *ret)
{
    struct simulate_ports ports = {
        .cluster = s->cluster,
        .clock = s->clock,
        .source_url = source_url,
        .adopt = adopt,
        .pause = pause_for,
        .self = s,
    };
    struct simulation before = { .count = 0 };
    bool has_base = settings->base.len > 0;
    struct err *e;

    if (TRY(&e,
            git_snapshot_take(s->snapshot, r, s->repository,
                              has_base ? settings->base : settings->revision, below(s, "first"))) ||
        TRY(&e, simulate_begin(&ports, r, str_concat(r->arena, STR("./"), settings->path))) ||
        TRY(&e, simulate_settle(&ports, r, &ret->assumed, &ret->complete)))
        return e;
    if (!has_base)
        return simulate_look(&ports, r, NULL, ret);
    if (TRY(&e, simulate_look(&ports, r, NULL, &before)) ||
        TRY(&e, git_snapshot_take(s->snapshot, r, s->repository, settings->revision,
                                  below(s, "second"))) ||
        TRY(&e, simulate_refresh(&ports, r)) ||
        TRY(&e, simulate_settle(&ports, r, &ret->assumed, &ret->complete)))
        return e;
    return simulate_look(&ports, r, &before, ret);
}

struct err *simulate_run(void *self, struct run *r, const struct simulation_settings *settings,
                         struct simulation *ret)
{
    struct engine_settings engine = { .concurrent = 8,
                                      .allow_file_urls = true,
                                      .requeue_dependency_ns = NS_PER_S };
    struct stage s = { .arena = r->arena,
                       .clock = clock_linux(),
                       .process = process_posix_port(),
                       .fetch_others = settings->fetch_others };
    bool silent = settings->log_level.len == 0;
    struct run until = *r;
    struct err *e;

    (void)self;
    until.deadline = mono_add_ns(clock_mono(&s.clock), settings->timeout_ns);
    *ret = (struct simulation){ .count = 0 };
    s.log = (struct log_json){ .fd = silent ? open("/dev/null", O_WRONLY | O_CLOEXEC)
                                            : dup(STDERR_FILENO),
                               .level = silent ? LOG_ERROR : log_level_of(settings->log_level),
                               .clock = s.clock };
    process_prepare();
    e = open_folder(&s, settings);
    if (!e)
        e = open_server(&s);
    if (!e)
        e = open_engine(&s, r, &engine);
    if (!e)
        e = play(&s, &until, settings, ret);
    close_stage(&s);
    return e;
}
