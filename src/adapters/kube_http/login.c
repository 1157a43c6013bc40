/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/kube_http/login.h"

#include <time.h>

#include "foreign/base64.h"

enum { TOKEN_FILE_S = 60, PLUGIN_S = 60, PLUGIN_PAUSE_S = 2, EARLY_S = 2 };

static int64_t clock_ns(clockid_t which)
{
    struct timespec t;

    (void)clock_gettime(which, &t);
    return t.tv_sec * NS_PER_S + t.tv_nsec;
}

void login_init(struct login *l, const struct kubeconfig *config, const struct process *process)
{
    *l = (struct login){ .config = config,
                         .process = process,
                         .present = { .token = config->token,
                                      .cert_pem = config->client_cert_pem,
                                      .key_pem = config->client_key_pem },
                         .read_ns = clock_ns(CLOCK_MONOTONIC) };
    (void)pthread_mutex_init(&l->lock, NULL);
}

void login_done(struct login *l)
{
    arena_free(l->arena);
    arena_free(l->failure_arena);
    (void)pthread_mutex_destroy(&l->lock);
}

static void take(struct login *l, struct arena *arena, const struct exec_credential *fresh)
{
    arena_free(l->arena);
    l->arena = arena;
    l->present = *fresh;
    l->stale = false;
}

/* A reading that fails leaves the token of before. */
static void refresh_file(struct login *l)
{
    struct exec_credential fresh = l->present;
    struct arena *arena;

    if (clock_ns(CLOCK_MONOTONIC) - l->read_ns < TOKEN_FILE_S * NS_PER_S && !l->stale)
        return;
    l->read_ns = clock_ns(CLOCK_MONOTONIC);
    l->stale = false;
    arena = arena_new(0);
    if (kubeconfig_read_token(arena, l->config->token_file, &fresh.token) != NULL)
        arena_free(arena);
    else
        take(l, arena, &fresh);
}

static bool is_due(const struct login *l)
{
    bool ends = l->present.expires.ns != 0 &&
                clock_ns(CLOCK_REALTIME) + EARLY_S * NS_PER_S >= l->present.expires.ns;

    return !l->arena || l->stale || ends;
}

static void remember_failure(struct login *l, const struct err *e)
{
    arena_free(l->failure_arena);
    l->failure_arena = e ? arena_new(0) : NULL;
    l->failure = e ? err_copy(l->failure_arena, e) : NULL;
}

/* One run for all that wait for it: they queue at the lock. */
static struct err *refresh_plugin(struct login *l, struct run *r)
{
    int64_t now = clock_ns(CLOCK_MONOTONIC);
    struct mono_time latest = { now + PLUGIN_S * NS_PER_S };
    struct run inner = { .deadline = r->deadline.ns < latest.ns ? r->deadline : latest,
                         .cancelled = r->cancelled };
    struct exec_credential fresh;
    struct err *e;

    if (!is_due(l))
        return NULL;
    if (l->failure && now - l->read_ns < PLUGIN_PAUSE_S * NS_PER_S)
        return err_copy(r->arena, l->failure);
    inner.arena = arena_new(0);
    e = exec_plugin_run(l->config->exec, l->process, &inner, &fresh);
    l->read_ns = clock_ns(CLOCK_MONOTONIC);
    remember_failure(l, e);
    if (!e) {
        take(l, inner.arena, &fresh);
        return NULL;
    }
    e = err_copy(r->arena, e);
    arena_free(inner.arena);
    return e;
}

static struct str authorization(const struct login *l, struct arena *a)
{
    if (secret_is_set(l->present.token))
        return str_printf(a, "Bearer %.*s", STR_ARG(secret_reveal(l->present.token)));
    if (secret_is_set(l->config->basic))
        return str_printf(a, "Basic %.*s",
                          STR_ARG(base64_encode(a, secret_reveal(l->config->basic))));
    return STR("");
}

struct err *login_identity(struct login *l, struct run *r, struct identity *ret)
{
    struct err *e = NULL;

    (void)pthread_mutex_lock(&l->lock);
    if (l->config->exec)
        e = refresh_plugin(l, r);
    else if (l->config->token_file.len > 0)
        refresh_file(l);
    if (!e) {
        ret->authorization = authorization(l, r->arena);
        ret->cert_pem = str_dup(r->arena, l->present.cert_pem);
        ret->key_pem = l->present.key_pem;
        if (secret_is_set(ret->key_pem))
            ret->key_pem = secret_new(r->arena, secret_reveal(ret->key_pem));
    }
    (void)pthread_mutex_unlock(&l->lock);
    return e;
}

void login_refused(struct login *l)
{
    (void)pthread_mutex_lock(&l->lock);
    /* What was read just now will not be another so soon. */
    l->stale = clock_ns(CLOCK_MONOTONIC) - l->read_ns >= PLUGIN_PAUSE_S * NS_PER_S;
    (void)pthread_mutex_unlock(&l->lock);
}

void login_set_token(struct login *l, struct secret token)
{
    struct arena *arena = arena_new(0);
    struct exec_credential fresh = { .token = secret_new(arena, secret_reveal(token)) };

    (void)pthread_mutex_lock(&l->lock);
    take(l, arena, &fresh);
    (void)pthread_mutex_unlock(&l->lock);
}
