/* SPDX-License-Identifier: Apache-2.0 */
#include "main/clusters.h"

#include <pthread.h>

#include "adapters/kube_http/kube_http.h"
#include "adapters/kube_inproc/kube_inproc.h"
#include "foreign/digest.h"

enum { IDLE_S = 600 };

struct client {
    struct client *next;
    struct arena *home; /* holds this */
    struct str key;     /* digest of what it was made from */
    struct kube_http *http;
    struct kube_inproc *cluster;
    unsigned users;
    struct mono_time unused_since;
};

struct clusters_pool {
    struct arena *home;
    struct api_server own;
    struct api_user user;
    struct clock clock;
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

static struct str key_of(struct arena *a, const struct cluster_target *t)
{
    struct str config = secret_is_set(t->kubeconfig) ? secret_reveal(t->kubeconfig) : STR("");

    return str_printf(a, "%.*s %.*s", STR_ARG(digest_hex(a, DIGEST_SHA256, config)),
                      STR_ARG(t->user));
}

static struct err *client_new(struct clusters_pool *p, struct arena *a,
                              const struct cluster_target *t, struct str key, struct client **ret)
{
    static const struct api_user nobody = { 0 };
    struct arena *home = arena_new(0);
    struct client *c = ARENA_NEW(home, struct client);
    bool remote = secret_is_set(t->kubeconfig);
    struct err *e;

    c->home = home;
    c->key = str_dup(home, key);
    if (remote && TRY(&e, kube_http_from_secret(a, secret_reveal(t->kubeconfig), t->kubeconfig_name,
                                                &c->http))) {
        arena_free(home);
        return e;
    }
    c->cluster = kube_inproc_new_as(remote ? kube_http_port(c->http) : p->own,
                                    remote ? &nobody : &p->user, t->user);
    c->next = p->first;
    p->first = c;
    *ret = c;
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
    return NULL;
}

struct clusters_pool *clusters_pool_new(struct api_server own, const struct api_user *user,
                                        const struct clock *clock)
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
