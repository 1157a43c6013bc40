/* SPDX-License-Identifier: Apache-2.0 */
#include "main/clusters.h"

#include <pthread.h>

#include "adapters/kube_inproc/kube_inproc.h"
#include "foreign/digest.h"

enum { IDLE_S = 600, TOKEN_LIFE_PERCENT = 80 };

struct client {
    struct client *next;
    struct arena *home; /* holds this */
    struct str key;     /* digest of what it was made from */
    struct kube_http *http;
    struct kube_inproc *cluster;
    unsigned users;
    struct mono_time unused_since;
    struct mono_time renew_at; /* its token; MONO_NEVER: none is asked for */
};

struct clusters_pool {
    struct arena *home;
    struct api_server own;
    struct api_user user;
    struct clock clock;
    struct kube_http_options remote;
    pthread_mutex_t lock;
    struct client *first; /* under lock, with all they hold */
};

struct lease {
    struct clusters_pool *pool;
    struct client *client;
};

static void client_free(struct client *c)
{
    kube_inproc_free(c->cluster);
    kube_http_free(c->http);
    arena_free(c->home);
}

static void close_unused(struct clusters_pool *p)
{
    struct mono_time now = clock_mono(&p->clock);
    struct client **at = &p->first;

    while (*at) {
        struct client *c = *at;

        if (c->users > 0 || mono_diff_ns(now, c->unused_since) < IDLE_S * NS_PER_S) {
            at = &c->next;
            continue;
        }
        *at = c->next;
        client_free(c);
    }
}

static void release(void *ptr)
{
    struct lease *lease = ptr;
    struct clusters_pool *p = lease->pool;

    (void)pthread_mutex_lock(&p->lock);
    if (--lease->client->users == 0)
        lease->client->unused_since = clock_mono(&p->clock);
    (void)pthread_mutex_unlock(&p->lock);
}

static bool is_remote(const struct cluster_target *t)
{
    return secret_is_set(t->kubeconfig) || t->address.len > 0;
}

static struct str key_of(struct arena *a, const struct cluster_target *t)
{
    struct str config = secret_is_set(t->kubeconfig) ? secret_reveal(t->kubeconfig) : STR("");

    if (t->address.len > 0)
        config = str_printf(a, "%.*s\n%.*s\n%.*s", STR_ARG(t->address), STR_ARG(t->tokens.key),
                            STR_ARG(t->ca_pem));
    return str_printf(a, "%.*s %.*s", STR_ARG(digest_hex(a, DIGEST_SHA256, config)),
                      STR_ARG(t->user));
}

static struct err *connect_to(struct clusters_pool *p, struct arena *a,
                              const struct cluster_target *t, struct client *c)
{
    if (t->address.len > 0)
        return kube_http_at(a, &p->remote, t->address, t->ca_pem, &c->http);
    if (secret_is_set(t->kubeconfig))
        return kube_http_from_secret(a, &p->remote, secret_reveal(t->kubeconfig),
                                     t->kubeconfig_name, &c->http);
    return NULL;
}

static struct err *client_new(struct clusters_pool *p, struct arena *a,
                              const struct cluster_target *t, struct str key, struct client **ret)
{
    static const struct api_user nobody = { 0 };
    struct arena *home = arena_new(0);
    struct client *c = ARENA_NEW(home, struct client);
    bool remote = is_remote(t);
    struct err *e;

    c->home = home;
    c->key = str_dup(home, key);
    if (TRY(&e, connect_to(p, a, t, c))) {
        arena_free(home);
        return e;
    }
    c->renew_at = t->address.len > 0 ? (struct mono_time){ 0 } : MONO_NEVER;
    c->cluster = kube_inproc_new_as(remote ? kube_http_port(c->http) : p->own,
                                    remote ? &nobody : &p->user, t->user);
    c->next = p->first;
    p->first = c;
    *ret = c;
    return NULL;
}

/* Four fifths of a token's life are used, so that a run that begins with it can end with it. */
static struct mono_time renewal(const struct clusters_pool *p, struct wall_time expires)
{
    int64_t life = expires.ns - clock_wall(&p->clock).ns;

    return expires.ns == 0 ? MONO_NEVER
                           : mono_add_ns(clock_mono(&p->clock), life / 100 * TOKEN_LIFE_PERCENT);
}

/* Outside of the lock: it is a call over the network. Two at once do no harm. */
static struct err *renew_token(struct clusters_pool *p, struct run *r,
                               const struct cluster_target *t, struct client *c)
{
    struct wall_time expires = { 0 };
    struct secret token;
    bool due;
    struct err *e;

    (void)pthread_mutex_lock(&p->lock);
    due = c->renew_at.ns <= clock_mono(&p->clock).ns;
    (void)pthread_mutex_unlock(&p->lock);
    if (!due)
        return NULL;
    if (TRY(&e, t->tokens.get(t->tokens.self, r, &token, &expires)))
        return e;
    kube_http_set_token(c->http, token);
    (void)pthread_mutex_lock(&p->lock);
    c->renew_at = renewal(p, expires);
    (void)pthread_mutex_unlock(&p->lock);
    return NULL;
}

static struct err *pool_open(void *self, struct run *r, const struct cluster_target *target,
                             struct cluster *ret)
{
    struct clusters_pool *p = self;
    struct str key = key_of(r->arena, target);
    struct lease *lease = ARENA_NEW(r->arena, struct lease);
    struct err *e = NULL;
    struct client *c;

    (void)pthread_mutex_lock(&p->lock);
    close_unused(p);
    for (c = p->first; c && !str_eq(c->key, key); c = c->next)
        ;
    if (!c)
        e = client_new(p, r->arena, target, key, &c);
    if (!e)
        c->users++;
    (void)pthread_mutex_unlock(&p->lock);
    if (e)
        return e;
    *lease = (struct lease){ p, c };
    arena_defer(r->arena, release, lease);
    *ret = kube_inproc_port(c->cluster);
    return renew_token(p, r, target, c);
}

struct clusters_pool *clusters_pool_new(struct api_server own, const struct api_user *user,
                                        const struct clock *clock,
                                        const struct kube_http_options *remote)
{
    struct arena *home = arena_new(0);
    struct clusters_pool *p = ARENA_NEW(home, struct clusters_pool);
    struct str *groups = ARENA_ARRAY(home, user->group_count + 1, struct str);

    for (size_t i = 0; i < user->group_count; i++)
        groups[i] = str_dup(home, user->groups[i]);
    *p = (struct clusters_pool){
        .home = home,
        .own = own,
        .user = { .name = str_dup(home, user->name),
                  .groups = groups,
                  .group_count = user->group_count },
        .clock = *clock,
        .remote = *remote,
    };
    (void)pthread_mutex_init(&p->lock, NULL);
    return p;
}

struct clusters clusters_pool_port(struct clusters_pool *p)
{
    static const struct clusters_ops ops = { .open = pool_open };

    return (struct clusters){ .ops = &ops, .self = p };
}

void clusters_pool_free(struct clusters_pool *p)
{
    if (!p)
        return;
    while (p->first) {
        struct client *c = p->first;

        p->first = c->next;
        client_free(c);
    }
    (void)pthread_mutex_destroy(&p->lock);
    arena_free(p->home);
}
