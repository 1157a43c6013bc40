/* SPDX-License-Identifier: Apache-2.0 */
#include "main/engine_stack.h"

#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "adapters/clock_linux/clock_linux.h"
#include "adapters/fs_posix/artifact_files.h"
#include "adapters/fs_posix/ledger_file.h"
#include "adapters/git_cli/git_cli.h"
#include "adapters/http_curl/http_curl.h"
#include "adapters/http_plain/http_plain.h"
#include "adapters/metrics_text/metrics_text.h"
#include "adapters/process_posix/process_posix.h"
#include "adapters/render_inproc/render_inproc.h"
#include "adapters/render_process/render_process.h"
#include "app/reconcile/outcome.h"

/* Every thread inherits the blocked signals, so that they come to this call alone. */
void process_wait_for_signal(void)
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
void process_prepare(void)
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

struct err *address_parse(struct arena *a, struct str text, struct address *ret)
{
    size_t colon = str_rfind_byte(text, ':');
    int64_t port;

    if (colon == SIZE_MAX || !str_to_int64(str_skip(text, colon + 1), &port) || port < 0 ||
        port > UINT16_MAX)
        return err_new(a, ERR_INVALID, "\"%.*s\" is no address: give HOST:PORT", STR_ARG(text));
    *ret = (struct address){ str_slice(text, 0, colon), (uint16_t)port };
    return NULL;
}

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
    if (TRY(&e, address_parse(a, where, &at)))
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
                                              const struct engine_plan *plan)
{
    const struct engine_settings *settings = plan->settings;
    struct git git = git_cli_port(s->git);

    return (struct reconcile_ports){
        .cluster = fault_cluster_port(&s->fault),
        .clusters = plan->clusters,
        .git = plan->decorate_git ? plan->decorate_git(plan->self, &git) : git,
        .http = http_curl_port(&s->clock),
        .artifacts = artifact_files_port(s->artifacts),
        .renderer = s->workers ? render_process_port(s->workers) : render_inproc_port(),
        .clock = s->clock,
        .random = random_linux(),
        .log = s->log,
        .metrics = metrics_text_port(s->metrics),
        .ledger = ledger_file_port(s->ledger),
        .options = {
            .allow_file_urls = settings->allow_file_urls,
            .no_cross_namespace_refs = settings->no_cross_namespace_refs,
            .no_remote_bases = settings->no_remote_bases,
            .default_service_account = settings->default_service_account,
            .default_kubeconfig_service_account = settings->default_kubeconfig_service_account,
            .takeover = { .field_manager = STR(KUSTOMIZE_FIELD_MANAGER),
                          .overrides = settings->override_managers,
                          .override_count = settings->override_manager_count },
            .requeue_dependency_ns = settings->requeue_dependency_ns,
            .keep_encrypted = plan->keep_encrypted,
            .artifact_ttl_ns = 60 * NS_PER_S,
        },
    };
}

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

/* Proxies that the operator set for this process; a GitRepository's own proxySecretRef goes before them. */
static void take_proxy_env(struct engine_stack *s, struct arena *a)
{
    static const char *const names[] = { "HTTPS_PROXY", "https_proxy", "http_proxy",
                                         "ALL_PROXY",   "NO_PROXY",    "no_proxy" };
    size_t count = 0;

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *value = getenv(names[i]);

        if (value)
            s->proxy_env[count++] = str_cstr(a, str_printf(a, "%s=%s", names[i], value));
    }
    s->proxy_env[count] = NULL;
}

/* --controllers and --watch-label-selector. */
static struct err *choose_work(struct arena *a, const struct engine_settings *settings,
                               struct engine_options *ret)
{
    struct str rest = settings->controllers, name;
    struct kust_labels *labels = ARENA_NEW(a, struct kust_labels);
    struct err *e;

    ret->no_sources = ret->no_kustomizations = rest.len > 0;
    while (rest.len > 0 && str_cut(&rest, ',', &name)) {
        if (str_is(name, "source"))
            ret->no_sources = false;
        else if (str_is(name, "kustomize"))
            ret->no_kustomizations = false;
        else
            return err_new(
                a, ERR_INVALID,
                "--controllers: \"%.*s\" is not built in weir: give source, kustomize or both",
                STR_ARG(name));
    }
    if (TRY(&e, kust_labels_parse(a, settings->watch_label_selector, labels)))
        return err_wrap(a, e, "--watch-label-selector");
    if (labels->count > 0)
        ret->selector = labels;
    return NULL;
}

void engine_stack_measure(struct engine_stack *s)
{
    s->metrics = metrics_text_new();
}

struct kube_http_options engine_remote_options(struct engine_stack *s,
                                               const struct engine_settings *settings)
{
    struct kube_http_options options = { .insecure_tls = settings->insecure_kubeconfig_tls,
                                         .metrics = metrics_text_port(s->metrics) };

    if (settings->insecure_kubeconfig_exec)
        options.process = process_posix_port();
    return options;
}

struct err *engine_stack_open(struct engine_stack *s, struct run *r, const struct engine_plan *plan)
{
    struct engine_options options = {
        .workers = (size_t)plan->settings->concurrent,
        .config_selector = plan->settings->watch_configs_label_selector,
    };
    struct str url = plan->settings->storage_addr.len ? plan->settings->storage_addr
                                                      : STR("weir.invalid");
    struct reconcile_ports ports;
    struct err *e;

    if (TRY(&e, choose_work(r->arena, plan->settings, &options)))
        return e;
    (void)mkdir(str_cstr(r->arena, plan->storage), 0700);
    s->artifact_root = subfolder(r->arena, plan->storage, "artifacts");
    s->process = process_posix_port();
    s->fault = (struct fault_cluster){ .inner = plan->cluster,
                                       .kill_at = plan->settings->kill_after_writes };
    if (TRY(&e,
            open_listener(s, r->arena, plan->base, plan->settings->storage_addr, &s->http[0])) ||
        TRY(&e, open_listener(s, r->arena, plan->base, plan->settings->metrics_addr, &s->http[1])))
        return e;
    take_proxy_env(s, r->arena);
    s->git = git_cli_new(
        &(struct git_cli_options){ .process = &s->process,
                                   .root = subfolder(r->arena, plan->storage, "git"),
                                   .proxy_env = s->proxy_env });
    s->artifacts = artifact_files_new(
        s->artifact_root, str_cstr(r->arena, str_printf(r->arena, "http://%.*s", STR_ARG(url))));
    if (TRY(&e,
            ledger_file_open(r->arena, subfolder(r->arena, plan->storage, "ledger"), &s->ledger)) ||
        TRY(&e, open_renderer(s, r, plan)))
        return e;
    ports = reconcile_ports(s, plan);
    ports.options.fetch_artifacts = options.no_sources;
    if (plan->install_crds && TRY(&e, engine_install_crds(&ports, r)))
        return e;
    s->engine = engine_new(&ports, &options);
    return engine_start(s->engine, r->arena);
}

/* The engine's threads end first: nothing is under way when its adapters go. */
void engine_stack_stop(struct engine_stack *s)
{
    if (s->engine)
        engine_stop(s->engine);
}

void engine_stack_close(struct engine_stack *s)
{
    http_plain_free(s->http[0]);
    http_plain_free(s->http[1]);
    if (s->engine)
        engine_free(s->engine);
    render_process_free(s->workers);
    git_cli_free(s->git);
    artifact_files_free(s->artifacts);
    ledger_file_free(s->ledger);
    metrics_text_free(s->metrics);
}

enum log_level log_level_of(struct str name)
{
    return str_is(name, "debug") ? LOG_DEBUG : str_is(name, "error") ? LOG_ERROR : LOG_INFO;
}
