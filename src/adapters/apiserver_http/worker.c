/* SPDX-License-Identifier: Apache-2.0 */
/* The workers: each takes a request, finds out who asks, asks the server, and hands the answer back. */
#include <stdlib.h>

#include "adapters/apiserver_http/http_state.h"

enum { WORKER_STACK = 1024 * 1024, GROUPS_MAX = 64 };

struct job *job_new(enum job_kind kind)
{
    struct arena *a = arena_new(0);
    struct job *job = ARENA_NEW(a, struct job);

    job->kind = kind;
    job->arena = a;
    return job;
}

void job_submit(struct apiserver_http *h, struct job *job)
{
    job->next = NULL;
    pthread_mutex_lock(&h->todo_lock);
    *h->todo_end = job;
    h->todo_end = &job->next;
    pthread_cond_signal(&h->todo_changed);
    pthread_mutex_unlock(&h->todo_lock);
}

/* ---- who asks ---- */

bool path_is_public(struct str path)
{
    return str_is(path, "/version") || str_is(path, "/version/") || str_is(path, "/healthz") ||
           str_is(path, "/livez") || str_is(path, "/readyz") ||
           str_has_prefix(path, STR("/healthz/")) || str_has_prefix(path, STR("/livez/")) ||
           str_has_prefix(path, STR("/readyz/"));
}

static struct api_user with_group(struct arena *a, struct api_user user, struct str group)
{
    struct str *groups = ARENA_ARRAY(a, user.group_count + 1, struct str);

    for (size_t i = 0; i < user.group_count; i++)
        groups[i] = user.groups[i];
    groups[user.group_count] = group;
    return (struct api_user){ .name = user.name,
                              .groups = groups,
                              .group_count = user.group_count + 1 };
}

/* A bearer token that is good; it comes before the certificate, because clients are given both. */
static bool by_token(struct apiserver_http *h, struct run *r, struct str header,
                     struct api_user *ret)
{
    static const struct str masters[] = { STR_INIT(CREDENTIALS_GROUP) };
    struct str token;

    if (!str_eq_nocase(str_slice(header, 0, 7), STR("bearer ")))
        return false;
    token = str_trim(str_skip(header, 7));
    if (!secret_eq_str(h->token, token))
        return h->options.server.ops->authenticate(h->options.server.self, r, token, ret);
    *ret = with_group(
        r->arena,
        (struct api_user){ .name = STR(CREDENTIALS_USER), .groups = masters, .group_count = 1 },
        STR("system:authenticated"));
    return true;
}

/* False: credentials that are wrong, or none where some are needed. */
static bool authenticate(struct apiserver_http *h, struct run *r, const struct job *job,
                         struct api_user *ret)
{
    if (job->head.authorization.len && by_token(h, r, job->head.authorization, ret))
        return true;
    if (job->peer.name.len) {
        *ret = with_group(r->arena, job->peer, STR("system:authenticated"));
        return true;
    }
    if (job->head.authorization.len)
        return false;
    *ret = with_group(r->arena, (struct api_user){ .name = STR("system:anonymous") },
                      STR("system:unauthenticated"));
    return path_is_public(job->head.path);
}

/* ---- what is asked ---- */

static void serve_watch(struct apiserver_http *h, struct run *r, struct job *job,
                        const struct api_request *req)
{
    const struct api_server *server = &h->options.server;
    struct stream *s = stream_new(h);
    struct api_watch_sink sink = stream_sink(s);
    struct api_response response = { 0 };

    server->ops->watch_open(server->self, r, req, &sink, &s->watch, &response);
    if (s->watch) {
        job->stream = s;
        job->answer = answer_stream_head(job->arena, response.content_type);
    } else {
        stream_unref(s);
        job->answer = answer_format(job->arena, &response, job->keep_alive);
    }
}

static void serve(struct apiserver_http *h, struct job *job)
{
    const struct api_server *server = &h->options.server;
    struct run r = { .arena = job->arena, .deadline = MONO_NEVER };
    struct api_request req = { .method = job->head.method,
                               .path = job->head.path,
                               .query = job->head.query,
                               .content_type = job->head.content_type,
                               .accept = job->head.accept,
                               .user_agent = job->head.user_agent,
                               .body = job->body };
    struct api_response response = { 0 };

    job->keep_alive = job->head.keep_alive;
    if (!authenticate(h, &r, job, &req.user)) {
        job->keep_alive = false;
        job->answer = answer_refusal(job->arena, 401, STR("Unauthorized"));
        return;
    }
    if (job->head.impersonates_more) {
        job->keep_alive = false;
        job->answer = answer_refusal(
            job->arena, 400, STR("Impersonate-Uid and Impersonate-Extra are not supported"));
        return;
    }
    req.impersonate = (struct api_user){ .name = job->head.impersonate_user,
                                         .groups = job->head.impersonate_groups,
                                         .group_count = job->head.impersonate_group_count };
    if (server->ops->is_watch(server->self, &req)) {
        serve_watch(h, &r, job, &req);
        return;
    }
    server->ops->serve(server->self, &r, &req, &response);
    job->answer = answer_format(job->arena, &response, job->keep_alive);
}

static void close_watch(struct apiserver_http *h, struct job *job)
{
    struct stream *s = job->stream;

    h->options.server.ops->watch_close(h->options.server.self, s->watch);
    stream_unref(s);
    arena_free(job->arena);
}

static struct job *take(struct apiserver_http *h)
{
    struct job *job;

    pthread_mutex_lock(&h->todo_lock);
    while (!h->todo && !h->stopping)
        pthread_cond_wait(&h->todo_changed, &h->todo_lock);
    job = h->todo;
    if (job) {
        h->todo = job->next;
        if (!h->todo)
            h->todo_end = &h->todo;
    }
    pthread_mutex_unlock(&h->todo_lock);
    return job;
}

static void *worker_main(void *arg)
{
    struct apiserver_http *h = arg;
    struct job *job;

    while ((job = take(h)) != NULL) {
        if (job->kind == JOB_CLOSE_WATCH) {
            close_watch(h, job);
            continue;
        }
        serve(h, job);
        done_push(h, job);
    }
    return NULL;
}

bool workers_start(struct apiserver_http *h)
{
    unsigned count = h->options.workers ? h->options.workers : 8;
    pthread_attr_t attr;

    h->threads = calloc(count, sizeof *h->threads);
    if (!h->threads)
        return false;
    (void)pthread_attr_init(&attr);
    (void)pthread_attr_setstacksize(&attr, WORKER_STACK);
    while (h->thread_count < count &&
           pthread_create(&h->threads[h->thread_count], &attr, worker_main, h) == 0)
        h->thread_count++;
    (void)pthread_attr_destroy(&attr);
    return h->thread_count == count;
}

/* They finish what is queued first, watches to close among it. */
void workers_stop(struct apiserver_http *h)
{
    pthread_mutex_lock(&h->todo_lock);
    h->stopping = true;
    pthread_cond_broadcast(&h->todo_changed);
    pthread_mutex_unlock(&h->todo_lock);
    for (unsigned i = 0; i < h->thread_count; i++)
        (void)pthread_join(h->threads[i], NULL);
    free(h->threads);
    h->threads = NULL;
    h->thread_count = 0;
}
