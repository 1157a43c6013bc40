/* SPDX-License-Identifier: Apache-2.0 */
/* Composition root: builds adapters, hands their ports to use-cases, and the arguments to the CLI. No policy. */
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "adapters/apiserver_http/apiserver_http.h"
#include "adapters/clock_linux/clock_linux.h"
#include "adapters/fault/fault_cluster.h"
#include "adapters/fs_posix/artifact_files.h"
#include "adapters/fs_posix/host_files.h"
#include "adapters/git_cli/git_cli.h"
#include "adapters/http_curl/http_curl.h"
#include "adapters/http_plain/http_plain.h"
#include "adapters/kube_http/kube_http.h"
#include "adapters/kube_inproc/kube_inproc.h"
#include "adapters/log_json/log_json.h"
#include "adapters/metrics_text/metrics_text.h"
#include "adapters/process_posix/process_posix.h"
#include "adapters/reactor/reactor.h"
#include "adapters/render_inproc/render_inproc.h"
#include "adapters/render_process/render_process.h"
#include "adapters/render_process/render_worker.h"
#include "adapters/store_sqlite/store_sqlite.h"
#include "app/apiserver/server.h"
#include "app/build/remote_bases.h"
#include "app/control/commands.h"
#include "app/control/queries.h"
#include "app/engine/engine.h"
#include "cli/command.h"

static void write_stream(void *self, int stream, struct str text)
{
    (void)self;
    while (text.len > 0) {
        ssize_t n = write(stream, text.ptr, text.len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return; /* the reader is gone */
        text = str_skip(text, (size_t)n);
    }
}

static bool find_environment(void *self, struct str name, struct str *ret)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    const char *value = getenv(str_cstr(a, name));

    (void)self;
    *ret = str_from_cstr(value ? value : "");
    return value != NULL;
}

/* A cluster reached over HTTPS: the transport, and the cluster port on top of it. */
struct remote {
    struct kube_http *http;
    struct kube_inproc *client;
    struct control_commands commands;
    struct control_queries queries;
};

static struct err *open_remote(struct arena *a, struct str kubeconfig, struct str context,
                               struct remote *ret)
{
    struct api_user nobody = { .name = STR("") }; /* the kubeconfig's credentials say who we are */
    const char *home = getenv("HOME"), *environment = getenv("KUBECONFIG");
    struct err *e;

    if (kubeconfig.len == 0 && environment)
        kubeconfig = str_from_cstr(environment);
    if (kubeconfig.len == 0)
        kubeconfig = str_printf(a, "%s/.kube/config", home ? home : "");
    if (TRY(&e, kube_http_new(a, kubeconfig, context, &ret->http)))
        return e;
    ret->client = kube_inproc_new(kube_http_port(ret->http), &nobody);
    return NULL;
}

static void close_remote(void *ptr)
{
    struct remote *remote = ptr;

    kube_inproc_free(remote->client);
    kube_http_free(remote->http);
}

static struct err *connect_cluster(void *self, struct run *r, const struct connect_options *options,
                                   struct commands *ret_commands, struct queries *ret_queries)
{
    struct remote *remote = ARENA_NEW(r->arena, struct remote);
    struct clock clock = clock_linux();
    struct err *e;

    (void)self;
    if (TRY(&e, open_remote(r->arena, options->kubeconfig, options->context, remote)))
        return e;
    arena_defer(r->arena, close_remote, remote);
    if (options->timeout_ns > 0)
        r->deadline = mono_add_ns(clock_mono(&clock), options->timeout_ns);
    remote->commands = (struct control_commands){ kube_inproc_port(remote->client), clock };
    remote->queries = (struct control_queries){ kube_inproc_port(remote->client), clock };
    *ret_commands = control_commands_port(&remote->commands);
    *ret_queries = control_queries_port(&remote->queries);
    return NULL;
}

/* What a command's build fetches with, and the folder for its clones; made when the first URL is met. */
struct fetcher {
    struct run *run;
    struct remote_bases bases;
    struct kustomize_fetch inner;
    struct clock clock;
    struct process process;
    struct git_cli *git;
    const char *user_env[16];
    char root[64];
};

/* A person's own ways to a remote: configuration, credential helpers, SSH keys, proxies; never a prompt. */
static void take_user_env(struct fetcher *f)
{
    static const char *const names[] = { "HOME",           "XDG_CONFIG_HOME",
                                         "SSH_AUTH_SOCK",  "GIT_SSH_COMMAND",
                                         "GIT_SSL_CAINFO", "https_proxy",
                                         "http_proxy",     "no_proxy" };
    size_t count = 0;

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *value = getenv(names[i]);

        if (value)
            f->user_env[count++] = str_cstr(f->run->arena,
                                            str_printf(f->run->arena, "%s=%s", names[i], value));
    }
}

static void close_fetcher(void *ptr)
{
    struct fetcher *f = ptr;

    git_cli_free(f->git);
    host_folder_remove(f->root);
}

static struct err *open_fetcher(struct fetcher *f)
{
    static const char pattern[] = "/tmp/weir-XXXXXX";

    if (f->git)
        return NULL;
    f->clock = clock_linux();
    f->process = process_posix_port();
    memcpy(f->root, pattern, sizeof pattern);
    if (!mkdtemp(f->root))
        return err_new(f->run->arena, ERR_IO, "could not make a folder in /tmp: %s",
                       strerror(errno));
    take_user_env(f);
    f->git = git_cli_new(&f->process, f->root, f->user_env);
    arena_defer(f->run->arena, close_fetcher, f);
    f->bases = (struct remote_bases){ .git = git_cli_port(f->git),
                                      .http = http_curl_port(&f->clock),
                                      .clock = f->clock,
                                      .run = f->run,
                                      .mirrors = STR("bases"),
                                      .allow_file = true };
    f->inner = remote_bases_fetch(&f->bases);
    return NULL;
}

static struct err *fetch_repository(void *self, struct arena *a,
                                    const struct kustomize_remote *remote, const struct tree **ret)
{
    struct fetcher *f = self;
    struct err *e = open_fetcher(f);

    return e ? e : f->inner.repository(f->inner.self, a, remote, ret);
}

static struct err *fetch_file(void *self, struct arena *a, struct str url, struct str *ret)
{
    struct fetcher *f = self;
    struct err *e = open_fetcher(f);

    return e ? e : f->inner.file(f->inner.self, a, url, ret);
}

static struct kustomize_fetch lazy_fetch(void *self, struct run *r)
{
    struct fetcher *f = ARENA_NEW(r->arena, struct fetcher);

    (void)self;
    f->run = r;
    return (
        struct kustomize_fetch){ .repository = fetch_repository, .file = fetch_file, .self = f };
}

/* Every thread inherits the blocked signals, so that they come to this call alone. */
static void wait_for_signal(void)
{
    sigset_t set;
    int got;

    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGINT);
    (void)sigaddset(&set, SIGTERM);
    (void)sigwait(&set, &got);
}

/* What a long-running process wants: signals for its one waiting thread, all the descriptors it may have (one for each watch), and few
 * malloc arenas, because memory that a burst leaves in one is of no use to another. */
static void prepare_process(void)
{
    struct rlimit files;
    sigset_t set;

    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &files);
    }
    (void)mallopt(M_ARENA_MAX, 2);

    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGINT);
    (void)sigaddset(&set, SIGTERM);
    (void)pthread_sigmask(SIG_BLOCK, &set, NULL);
    (void)sigaction(SIGPIPE, &(struct sigaction){ .sa_handler = SIG_IGN }, NULL);
}

struct address {
    struct str host;
    uint16_t port;
};

static struct err *parse_address(struct arena *a, struct str text, struct address *ret)
{
    size_t colon = str_rfind_byte(text, ':');
    int64_t port;

    if (colon == SIZE_MAX || !str_to_int64(str_skip(text, colon + 1), &port) || port < 0 ||
        port > UINT16_MAX)
        return err_new(a, ERR_INVALID, "\"%.*s\" is no address: give HOST:PORT", STR_ARG(text));
    *ret = (struct address){ str_slice(text, 0, colon), (uint16_t)port };
    return NULL;
}

/* The engine and what it stands on; shared by run and sandbox. */
struct engine_stack {
    struct clock clock;
    struct log log;
    struct process process;
    struct git_cli *git;
    struct artifact_files *artifacts;
    struct metrics_text *metrics;
    struct render_process *workers; /* NULL: builds run in our process */
    struct fault_cluster fault;
    struct http_plain *http[2]; /* artifacts, metrics */
    struct engine *engine;
    const char *artifact_root;
};

static void print_metrics(void *self, struct buf *out)
{
    struct engine_stack *s = self;

    metrics_text_print(s->metrics, out);
}

static bool engine_ready(void *self)
{
    struct engine_stack *s = self;

    return s->engine && engine_is_ready(s->engine);
}

/* One plain listener; "" for none. */
static struct err *open_listener(struct engine_stack *s, struct arena *a, struct event_base *base,
                                 struct str where, struct http_plain **ret)
{
    struct http_plain_options options = {
        .base = base,
        .artifact_root = s->artifact_root,
        .print_metrics = print_metrics,
        .is_ready = engine_ready,
        .self = s,
    };
    struct address at;
    struct err *e;

    if (where.len == 0)
        return NULL;
    if (TRY(&e, parse_address(a, where, &at)))
        return e;
    options.host = at.host;
    options.port = at.port;
    return http_plain_new(a, &options, ret);
}

static const char *subfolder(struct arena *a, struct str root, const char *name)
{
    return str_cstr(a, str_printf(a, "%.*s/%s", STR_ARG(root), name));
}

static struct reconcile_ports reconcile_ports(struct engine_stack *s,
                                              const struct engine_settings *settings)
{
    return (struct reconcile_ports){
        .cluster = fault_cluster_port(&s->fault),
        .git = git_cli_port(s->git),
        .artifacts = artifact_files_port(s->artifacts),
        .renderer = s->workers ? render_process_port(s->workers) : render_inproc_port(),
        .clock = s->clock,
        .random = random_linux(),
        .log = s->log,
        .metrics = metrics_text_port(s->metrics),
        .options = {
            .allow_file_urls = settings->allow_file_urls,
            .no_cross_namespace_refs = settings->no_cross_namespace_refs,
            .no_remote_bases = settings->no_remote_bases,
            .requeue_dependency_ns = settings->requeue_dependency_ns,
            .artifact_ttl_ns = 60 * NS_PER_S,
        },
    };
}

struct engine_plan {
    const struct engine_settings *settings;
    struct cluster cluster;
    struct event_base *base; /* for the plain listeners */
    struct str storage;      /* folder */
    bool install_crds;
    bool is_sandbox; /* one user, so builds may run in our process where no worker can be started */
};

static void log_renderer(const struct engine_stack *s, struct str message, struct str error)
{
    log_write(&s->log, LOG_INFO, message, &(struct log_fields){ .error = error });
}

static struct err *open_renderer(struct engine_stack *s, struct run *r,
                                 const struct engine_plan *plan)
{
    struct render_process_options options = render_process_defaults(
        (size_t)plan->settings->concurrent);
    struct confinement confinement;
    struct err *e;

    if (plan->settings->render_in_process)
        return NULL;
    s->workers = render_process_new(&options);
    e = render_process_try(s->workers, r, &confinement);
    if (!e && !(confinement.landlock && confinement.seccomp))
        log_renderer(s, STR("the kernel confines render workers only in part"),
                     confinement.seccomp ? STR("no landlock") : STR("no seccomp"));
    if (!e)
        return NULL;
    render_process_free(s->workers);
    s->workers = NULL;
    if (!plan->is_sandbox)
        return err_wrap(r->arena, e,
                        "builds of tenants run in confined workers (--render-in-process runs them "
                        "in this process)");
    log_renderer(s, STR("builds run in this process"), err_line(r->arena, e));
    return NULL;
}

static struct err *open_engine(struct engine_stack *s, struct run *r,
                               const struct engine_plan *plan)
{
    struct engine_options options = { .workers = (size_t)plan->settings->concurrent };
    struct str url = plan->settings->storage_addr.len ? plan->settings->storage_addr
                                                      : STR("weir.invalid");
    struct reconcile_ports ports;
    struct err *e;

    (void)mkdir(str_cstr(r->arena, plan->storage), 0700);
    s->artifact_root = subfolder(r->arena, plan->storage, "artifacts");
    s->process = process_posix_port();
    s->fault = (struct fault_cluster){ .inner = plan->cluster,
                                       .kill_at = plan->settings->kill_after_writes };
    s->metrics = metrics_text_new();
    if (TRY(&e,
            open_listener(s, r->arena, plan->base, plan->settings->storage_addr, &s->http[0])) ||
        TRY(&e, open_listener(s, r->arena, plan->base, plan->settings->metrics_addr, &s->http[1])))
        return e;
    s->git = git_cli_new(&s->process, subfolder(r->arena, plan->storage, "git"), NULL);
    s->artifacts = artifact_files_new(
        s->artifact_root, str_cstr(r->arena, str_printf(r->arena, "http://%.*s", STR_ARG(url))));
    if (TRY(&e, open_renderer(s, r, plan)))
        return e;
    ports = reconcile_ports(s, plan->settings);
    if (plan->install_crds && TRY(&e, engine_install_crds(&ports, r)))
        return e;
    s->engine = engine_new(&ports, &options);
    return engine_start(s->engine, r->arena);
}

/* The engine's threads end first: nothing is under way when its adapters go. */
static void stop_engine(struct engine_stack *s)
{
    if (s->engine)
        engine_stop(s->engine);
}

static void close_engine(struct engine_stack *s)
{
    http_plain_free(s->http[0]);
    http_plain_free(s->http[1]);
    if (s->engine)
        engine_free(s->engine);
    render_process_free(s->workers);
    git_cli_free(s->git);
    artifact_files_free(s->artifacts);
    metrics_text_free(s->metrics);
}

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

static enum log_level log_level_of(struct str name)
{
    return str_is(name, "debug") ? LOG_DEBUG : str_is(name, "error") ? LOG_ERROR : LOG_INFO;
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

    if (s->no_engine)
        return NULL;
    b->inproc = kube_inproc_new(apiserver_port(b->server), &user);
    plan.cluster = kube_inproc_port(b->inproc);
    b->engine.clock = b->clock;
    b->engine.log = log_json_port(&b->log);
    return open_engine(&b->engine, r, &plan);
}

static void close_sandbox(struct sandbox *b)
{
    stop_engine(&b->engine);
    reactor_stop(b->reactor);
    close_engine(&b->engine);
    kube_inproc_free(b->inproc);
    apiserver_http_free(b->http);
    apiserver_free(b->server);
    store_sqlite_free(b->store);
    reactor_free(b->reactor);
}

static struct err *run_sandbox(void *self, struct run *r, const struct sandbox_settings *settings)
{
    struct sandbox b = { .arena = r->arena, .clock = clock_linux(), .random = random_linux() };
    struct address at;
    struct err *e;

    (void)self;
    b.log = (struct log_json){ .fd = STDERR_FILENO,
                               .level = log_level_of(settings->engine.log_level),
                               .clock = b.clock };
    if (TRY(&e, parse_address(r->arena, settings->listen, &at)))
        return e;
    prepare_process();
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
        wait_for_signal();
    close_sandbox(&b);
    return e;
}

static struct err *start_remote_engine(struct engine_stack *stack, struct run *r,
                                       const struct run_settings *settings,
                                       const struct remote *remote, struct reactor *reactor)
{
    struct engine_plan plan = {
        .settings = &settings->engine,
        .cluster = kube_inproc_port(remote->client),
        .base = reactor_base(reactor),
        .storage = settings->engine.storage_path,
        .install_crds = settings->install_crds,
    };
    struct err *e;

    if (plan.storage.len == 0)
        return err_new(r->arena, ERR_INVALID,
                       "--storage-path is required: the folder for artifacts and mirrors");
    if (TRY(&e, open_engine(stack, r, &plan)))
        return e;
    if (!reactor_start(reactor))
        return err_new(r->arena, ERR_IO, "could not start the event loop's thread");
    wait_for_signal();
    return NULL;
}

static struct err *run_engine(void *self, struct run *r, const struct run_settings *settings)
{
    struct log_json log = { .fd = STDERR_FILENO,
                            .level = log_level_of(settings->engine.log_level),
                            .clock = clock_linux() };
    struct engine_stack stack = { .clock = clock_linux(), .log = log_json_port(&log) };
    struct remote remote = { .http = NULL };
    struct reactor *reactor;
    struct err *e;

    (void)self;
    prepare_process();
    if (TRY(&e, open_remote(r->arena, settings->kubeconfig, settings->context, &remote)))
        return e;
    reactor = reactor_new();
    if (!reactor)
        return err_new(r->arena, ERR_IO, "could not make an event loop");
    e = start_remote_engine(&stack, r, settings, &remote, reactor);
    stop_engine(&stack);
    reactor_stop(reactor);
    close_engine(&stack);
    close_remote(&remote);
    reactor_free(reactor);
    return e;
}

int main(int argc, char **argv)
{
    static const struct session_ops session = {
        .connect = connect_cluster,
        .read_file = host_file_read,
        .write_file = host_file_write,
        .wait_for_change = host_wait_for_change,
        .fetch = lazy_fetch,
        .open_tree = host_tree_open,
    };
    static const struct daemon_ops daemon = { .sandbox = run_sandbox, .run = run_engine };
    struct clock clock = clock_linux();
    struct run run = { .arena = arena_new(0), .deadline = MONO_NEVER };
    struct cli cli = {
        .run = &run,
        .session = { .ops = &session },
        .daemon = { .ops = &daemon },
        .now = clock_wall(&clock),
        .write = write_stream,
        .environment = find_environment,
    };
    struct str *args = ARENA_ARRAY(run.arena, (size_t)argc + 1, struct str);
    int status;

    if (argc > 1 && strcmp(argv[1], RENDER_WORKER_ROLE) == 0)
        return render_worker_main(argc, argv);
    for (int i = 0; i < argc; i++)
        args[i] = str_from_cstr(argv[i]);
    status = cli_main(&cli, (size_t)argc, args);
    arena_free(run.arena);
    return status;
}
