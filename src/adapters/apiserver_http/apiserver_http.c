/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/apiserver_http/apiserver_http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "adapters/apiserver_http/http_state.h"

enum { BACKLOG = 512 };

static struct err *listen_on(struct apiserver_http *h, struct arena *a)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(h->options.port) };
    socklen_t len = sizeof address;

    if (inet_pton(AF_INET, str_cstr(a, h->options.host), &address.sin_addr) != 1)
        return err_new(a, ERR_INVALID, "%.*s: not a numeric IPv4 address",
                       STR_ARG(h->options.host));
    h->listener = evconnlistener_new_bind(
        h->options.base, conn_accept, h,
        LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC | LEV_OPT_REUSEABLE, BACKLOG,
        (const struct sockaddr *)&address, sizeof address);
    if (!h->listener)
        return err_new(a, ERR_IO, "%.*s:%u: could not listen: %s", STR_ARG(h->options.host),
                       (unsigned)h->options.port, strerror(errno));
    if (getsockname(evconnlistener_get_fd(h->listener), (struct sockaddr *)&address, &len) == 0)
        h->port = ntohs(address.sin_port);
    return NULL;
}

static struct err *start(struct apiserver_http *h, struct arena *a,
                         const struct credentials *credentials)
{
    struct err *e;

    if (TRY(&e, tls_context_new(a, credentials, &h->tls)) || TRY(&e, listen_on(h, a)))
        return e;
    h->done_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    h->done_event = h->done_fd < 0 ? NULL
                                   : event_new(h->options.base, h->done_fd, EV_READ | EV_PERSIST,
                                               done_handle, h);
    if (!h->done_event || event_add(h->done_event, NULL) != 0 || !workers_start(h))
        return err_new(a, ERR_IO, "could not start the HTTP server's threads");
    return NULL;
}

struct err *apiserver_http_new(struct arena *a, const struct apiserver_http_options *options,
                               struct apiserver_http **ret)
{
    struct apiserver_http *h = calloc(1, sizeof *h);
    struct err *e;

    if (!h)
        abort();
    h->options = *options;
    h->options.credentials = NULL;
    h->home = arena_new(0);
    h->options.host = str_dup(h->home, options->host);
    h->token = secret_new(h->home, secret_reveal(options->credentials->token));
    h->done_fd = -1;
    h->todo_end = &h->todo;
    (void)pthread_mutex_init(&h->todo_lock, NULL);
    (void)pthread_mutex_init(&h->done_lock, NULL);
    (void)pthread_cond_init(&h->todo_changed, NULL);
    if (TRY(&e, start(h, a, options->credentials))) {
        apiserver_http_free(h);
        return e;
    }
    *ret = h;
    return NULL;
}

uint16_t apiserver_http_port(const struct apiserver_http *h)
{
    return h->port;
}

/* Answers that nobody will read, and frames of watches that are closed. */
static void drop_done(struct apiserver_http *h)
{
    while (h->done) {
        struct job *job = h->done;

        h->done = job->next;
        conn_answer(job);
    }
    while (h->dirty) {
        struct stream *s = h->dirty;

        h->dirty = s->next_dirty;
        stream_unref(s);
    }
}

void apiserver_http_free(struct apiserver_http *h)
{
    if (!h)
        return;
    if (h->listener)
        evconnlistener_free(h->listener);
    while (h->conns)
        conn_free(h->conns);
    workers_stop(h);
    /* Jobs that came back after the loop ended may have opened watches, which are closed here. */
    drop_done(h);
    while (h->todo) {
        struct job *job = h->todo;

        h->todo = job->next;
        h->options.server.ops->watch_close(h->options.server.self, job->stream->watch);
        stream_unref(job->stream);
        arena_free(job->arena);
    }
    if (h->done_event)
        event_free(h->done_event);
    if (h->done_fd >= 0)
        (void)close(h->done_fd);
    SSL_CTX_free(h->tls);
    (void)pthread_mutex_destroy(&h->todo_lock);
    (void)pthread_mutex_destroy(&h->done_lock);
    (void)pthread_cond_destroy(&h->todo_changed);
    arena_free(h->home);
    free(h);
}
