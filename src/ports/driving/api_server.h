/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ports/driving/api_server.h - the embedded Kubernetes API server as its front doors see it.
 *
 * A request and an answer, in Kubernetes' HTTP terms but without HTTP: adapters/apiserver_http serves it over TLS,
 * adapters/kube_inproc gives it to the engine without a socket. Implemented by app/apiserver. Thread-safe.
 */
#ifndef PORTS_DRIVING_API_SERVER_H
#define PORTS_DRIVING_API_SERVER_H

#include "base/run.h"

struct api_user {
    struct str name; /* "system:anonymous" without credentials */
    const struct str *groups;
    size_t group_count;
};

struct api_request {
    struct str method;       /* GET POST PUT PATCH DELETE */
    struct str path;         /* decoded, without the query: /api/v1/namespaces */
    struct str query;        /* as sent, still encoded, without "?" */
    struct str content_type; /* with parameters */
    struct str accept;
    struct str user_agent;
    struct str body;
    struct api_user user;
    struct api_user impersonate; /* Impersonate-User and Impersonate-Group; name "": none */
};

struct api_response {
    int status; /* HTTP */
    struct str content_type;
    struct str body;            /* in the run's arena */
    const struct str *warnings; /* Warning: 299 - "text" headers, already quoted */
    size_t warning_count;
    int32_t retry_after_s; /* -1: none */
};

struct api_watch;

/*
 * Where a watch sends its frames: each is one JSON line, already encoded as the client asked. Called on the hub's thread;
 * must not block. False: the watcher is too slow or gone, and the watch ends.
 */
struct api_watch_sink {
    bool (*frame)(void *self, struct str bytes);
    void (*ended)(void *self); /* last call; the server closed the watch */
    void *self;
};

struct api_server_ops {
    /*
     * Whose bearer token this is, for tokens that the server itself gave out (TokenRequest). False: unknown or expired; *ret
     * lives in r->arena.
     */
    bool (*authenticate)(void *self, struct run *r, struct str token, struct api_user *ret);
    /* Answers anything but a watch; errors are answers too (a Status in the body), so it cannot fail. */
    void (*serve)(void *self, struct run *r, const struct api_request *req,
                  struct api_response *ret);
    /*
     * Answers several at once, none of which is a watch: ret[i] is for reqs[i], and none waits for another. NULL: they are to be
     * served one by one, which costs nothing where no network lies between.
     */
    void (*serve_all)(void *self, struct run *r, const struct api_request *reqs, size_t count,
                      struct api_response *ret);
    /* The request is a watch (GET with watch=true): then watch_open serves it. */
    bool (*is_watch)(void *self, const struct api_request *req);
    /*
     * Opens; *ret NULL when it was refused, then *ret_refused holds the answer, else its content type. What there is already
     * (initial objects, events since the asked version) reaches the sink before this returns, on this thread.
     */
    void (*watch_open)(void *self, struct run *r, const struct api_request *req,
                       const struct api_watch_sink *sink, struct api_watch **ret,
                       struct api_response *ret_refused);
    /* No call to the sink comes after this returns. */
    void (*watch_close)(void *self, struct api_watch *watch);
};

struct api_server {
    const struct api_server_ops *ops; /* no entry but serve_all is NULL */
    void *self;
};

static inline void api_serve_all(const struct api_server *s, struct run *r,
                                 const struct api_request *reqs, size_t count,
                                 struct api_response *ret)
{
    if (s->ops->serve_all && count > 1) {
        s->ops->serve_all(s->self, r, reqs, count, ret);
        return;
    }
    for (size_t i = 0; i < count; i++)
        s->ops->serve(s->self, r, &reqs[i], &ret[i]);
}

#endif
