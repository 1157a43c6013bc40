/* SPDX-License-Identifier: Apache-2.0 */
/*
 * adapters/apiserver_http/http_state.h - private to the adapter: what its files share.
 *
 * Threads: `conn` belongs to the loop. A `job` is handed from the loop to a worker and back, never shared. A `stream` (an
 * open watch) is shared by loop and server and locks itself.
 */
#ifndef ADAPTERS_APISERVER_HTTP_HTTP_STATE_H
#define ADAPTERS_APISERVER_HTTP_HTTP_STATE_H

#include <event2/buffer.h>
#include <event2/bufferevent_ssl.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <pthread.h>

#include "adapters/apiserver_http/apiserver_http.h"
#include "adapters/apiserver_http/http_request.h"
#include "base/limits.h"

enum {
    STREAM_OUTPUT_BYTES = 256 * 1024, /* in the socket's buffer before frames wait in the box */
    STREAM_BOX_BYTES_MAX = 32 * 1024 * 1024, /* in the box before the watch is cut off */
    BODY_BYTES_MAX = LIMIT_HTTP_BODY_BYTES,
    HEAD_BYTES_MAX = LIMIT_HTTP_HEADER_BYTES,
    BODIES_BYTES_MAX = 64 * BODY_BYTES_MAX, /* of all requests under way */
    IDLE_SECONDS = 180,                     /* between requests */
    INPUT_SECONDS = 60,                     /* for the next bytes of a request that has begun */
    LINGER_SECONDS = 2, /* for a refused client to read why, before the connection is reset */
    LINGER_BYTES_MAX = 8 * BODY_BYTES_MAX,
};

struct apiserver_http;
struct conn;

/* An open watch. Freed when both sides have let go. */
struct stream {
    pthread_mutex_t lock;
    unsigned refs; /* loop or worker, and the server until `ended` or closed */
    char *box;     /* frames not yet taken by the loop */
    size_t len, cap;
    size_t frames;
    bool ended;              /* the server sends no more */
    bool closed;             /* the client is gone */
    bool queued;             /* in the list of dirty streams */
    struct api_watch *watch; /* the worker's until it is handed over, then the loop's */
    struct conn *conn;       /* the loop's; NULL until the head was sent, and after the end */
    struct apiserver_http *h;
    struct stream *next_dirty; /* under h->done_lock */
};

enum job_kind { JOB_REQUEST, JOB_CLOSE_WATCH };

struct job {
    enum job_kind kind;
    struct arena *arena; /* holds this; freed by the loop when the answer is written */
    struct http_head head;
    struct str body;
    struct api_user peer;  /* of the certificate; name "": none */
    struct conn *conn;     /* the loop's; NULL: the client is gone */
    struct str answer;     /* head and body, ready to be sent */
    struct stream *stream; /* a watch was opened; or the one to close */
    bool keep_alive;
    struct job *next;
};

struct conn {
    struct apiserver_http *h;
    struct bufferevent *bev;
    struct job *reading; /* head parsed, body under way */
    struct job *waiting; /* with the workers */
    struct stream *stream;
    struct evbuffer *body; /* of `reading` */
    struct chunk_reader chunks;
    uint64_t body_left;
    uint64_t body_held; /* of h->bodies, until the answer */
    bool handshaken;
    bool closing;   /* what is in the output goes out, then it closes */
    bool lingering; /* the client may still be sending what we refused: dropped, up to a bound */
    uint64_t dropped;
    char *peer_name;         /* of the certificate */
    char *peer_groups;       /* separated by newlines */
    struct conn *next, **at; /* list of all */
};

struct apiserver_http {
    struct apiserver_http_options options;
    struct arena *home;
    struct secret token;
    struct ssl_ctx_st *tls;
    struct evconnlistener *listener;
    struct event *done_event; /* readable: done or dirty have something */
    int done_fd;
    uint16_t port;

    struct conn *conns; /* the loop's */
    size_t conn_count;
    uint64_t bodies; /* bytes promised to bodies under way */

    pthread_mutex_t todo_lock;
    pthread_cond_t todo_changed;
    struct job *todo; /* oldest first */
    struct job **todo_end;
    bool stopping;
    pthread_t *threads;
    unsigned thread_count;

    pthread_mutex_t done_lock;
    struct job *done;
    struct stream *dirty;
};

/* tls.c */
MUST_CHECK struct err *tls_context_new(struct arena *a, const struct credentials *c,
                                       struct ssl_ctx_st **ret);
/* Name and groups (newline-separated) of a verified client certificate, malloc'ed; false: none. */
bool tls_peer(struct ssl_st *ssl, char **ret_name, char **ret_groups);

/* connection.c: on the loop */
void conn_accept(struct evconnlistener *l, evutil_socket_t fd, struct sockaddr *address, int len,
                 void *arg);
void conn_free(struct conn *c);
void conn_answer(struct job *job); /* a job came back */

/* worker.c */
bool path_is_public(struct str path); /* served to anybody */
bool workers_start(struct apiserver_http *h);
void workers_stop(struct apiserver_http *h);
void job_submit(struct apiserver_http *h, struct job *job);
struct job *job_new(enum job_kind kind);

/* stream.c */
struct stream *stream_new(struct apiserver_http *h);
struct api_watch_sink stream_sink(struct stream *s);
void stream_unref(struct stream *s);
/* On the loop: moves frames to the connection, ends it when the server has. */
void stream_flush(struct stream *s);
/* On the loop: the client is gone, or everything was sent; the watch is closed by a worker. */
void stream_close(struct stream *s);

/* done.c: back to the loop, from any thread */
void done_push(struct apiserver_http *h, struct job *job);
void dirty_push(struct apiserver_http *h, struct stream *s);
void done_handle(evutil_socket_t fd, short what, void *arg);

/* answer.c: bytes of answers */
struct str answer_format(struct arena *a, const struct api_response *response, bool keep_alive);
struct str answer_stream_head(struct arena *a, struct str content_type);
/* A Status in JSON for what is refused before the server is asked. */
struct str answer_refusal(struct arena *a, int status, struct str message);

#endif
