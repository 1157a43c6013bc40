/* SPDX-License-Identifier: Apache-2.0 */
#include "main/session.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/clock_linux/clock_linux.h"
#include "adapters/fs_posix/host_archive.h"
#include "adapters/fs_posix/host_files.h"
#include "adapters/git_cli/git_cli.h"
#include "adapters/http_curl/http_curl.h"
#include "adapters/process_posix/process_posix.h"
#include "app/build/remote_bases.h"
#include "app/charts/release_cluster.h"
#include "base/limits.h"

#define SERVICE_ACCOUNT_FOLDER "/var/run/secrets/kubernetes.io/serviceaccount"

static struct str in_cluster_url(struct arena *a, const char *host, const char *port)
{
    bool v6 = strchr(host, ':') != NULL;

    return str_printf(a, "https://%s%s%s:%s", v6 ? "[" : "", host, v6 ? "]" : "", port);
}

struct err *remote_open(struct arena *a, struct str kubeconfig, struct str context,
                        struct remote *ret)
{
    struct api_user nobody = { .name = STR("") }; /* the kubeconfig's credentials say who we are */
    const char *home = getenv("HOME"), *environment = getenv("KUBECONFIG");
    const char *host = getenv("KUBERNETES_SERVICE_HOST"), *port = getenv("KUBERNETES_SERVICE_PORT");
    struct kube_http_options options = { .process = process_posix_port() };
    struct err *e;

    if (kubeconfig.len == 0 && environment)
        kubeconfig = str_from_cstr(environment);
    if (kubeconfig.len == 0 && host && port)
        e = kube_http_in_cluster(a, &options, in_cluster_url(a, host, port),
                                 STR(SERVICE_ACCOUNT_FOLDER), &ret->http);
    else if (kubeconfig.len == 0)
        e = kube_http_new(a, &options, str_printf(a, "%s/.kube/config", home ? home : ""), context,
                          &ret->http);
    else
        e = kube_http_new(a, &options, kubeconfig, context, &ret->http);
    if (e)
        return e;
    ret->client = kube_inproc_new(kube_http_port(ret->http), &nobody);
    return NULL;
}

void remote_close(void *ptr)
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
    if (options->offline) {
        remote->commands = (struct control_commands){ .clock = clock };
        remote->queries = (struct control_queries){ .clock = clock };
        *ret_commands = control_commands_port(&remote->commands);
        *ret_queries = control_queries_port(&remote->queries);
        return NULL;
    }
    if (TRY(&e, remote_open(r->arena, options->kubeconfig, options->context, remote)))
        return e;
    arena_defer(r->arena, remote_close, remote);
    if (options->timeout_ns > 0)
        r->deadline = mono_add_ns(clock_mono(&clock), options->timeout_ns);
    remote->commands = (struct control_commands){ kube_inproc_port(remote->client), clock };
    remote->queries = (struct control_queries){ kube_inproc_port(remote->client), clock };
    *ret_commands = control_commands_port(&remote->commands);
    *ret_queries = control_queries_port(&remote->queries);
    return NULL;
}

static struct err *connect_release(void *self, struct run *r, const struct connect_options *options,
                                   struct release_cluster *ret)
{
    struct remote *remote = ARENA_NEW(r->arena, struct remote);
    struct release_cluster_tools *tools = ARENA_NEW(r->arena, struct release_cluster_tools);
    struct clock clock = clock_linux();
    struct err *e;

    (void)self;
    if (TRY(&e, remote_open(r->arena, options->kubeconfig, options->context, remote)))
        return e;
    arena_defer(r->arena, remote_close, remote);
    if (options->timeout_ns > 0)
        r->deadline = mono_add_ns(clock_mono(&clock), options->timeout_ns);
    *tools = (struct release_cluster_tools){ kube_inproc_port(remote->client),
                                             kube_inproc_discovery(remote->client) };
    *ret = release_cluster_port(tools);
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
    f->git = git_cli_new(&(struct git_cli_options){
        .process = &f->process, .root = f->root, .user_env = f->user_env });
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

static struct wall_time host_now(void *self)
{
    struct clock clock = clock_linux();

    (void)self;
    return clock_wall(&clock);
}

static void host_random(void *self, void *bytes, size_t size)
{
    struct random_source source = random_linux();

    (void)self;
    random_fill(&source, bytes, size);
}

/* The name has been checked: no "..", no leading slash. */
static bool host_zone(void *self, struct arena *a, struct str name, struct str *ret)
{
    struct str path = str_printf(a, "/usr/share/zoneinfo/%.*s", STR_ARG(name));

    return host_file_read(self, a, path, LIMIT_TIME_ZONE_BYTES, ret) == NULL;
}

static struct host template_host(void *self)
{
    return (struct host){ .self = self, .now = host_now, .random = host_random, .zone = host_zone };
}

const struct session_ops session_operations = {
    .connect = connect_cluster,
    .connect_release = connect_release,
    .read_file = host_file_read,
    .read_on = host_file_read_on,
    .write_file = host_file_write,
    .make_folder = host_folder_make,
    .wait_for_change = host_wait_for_change,
    .open_archive = host_archive_open,
    .write_archive = host_archive_write,
    .fetch = lazy_fetch,
    .host = template_host,
    .open_tree = host_tree_open,
};
