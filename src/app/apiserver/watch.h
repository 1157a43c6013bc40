/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/apiserver/watch.h - private to app/apiserver: one watch, and how an event looks to it.
 */
#ifndef APP_APISERVER_WATCH_H
#define APP_APISERVER_WATCH_H

#include "app/apiserver/list_options.h"

struct api_watch {
    struct arena *home; /* holds this, the selectors, the resource it looks at */
    struct apiserver *s;
    const struct api_resource *resource;
    struct str store_key;
    struct str ns; /* "": all */
    struct list_options options;
    struct accept accept;
    struct query query; /* includeObject */
    struct api_watch_sink sink;
    int64_t revision;             /* everything up to here was handed over */
    int64_t bookmarked;           /* revision of the last bookmark */
    struct mono_time ends;        /* timeoutSeconds, jittered default */
    struct mono_time bookmark_at; /* next */
    bool started;                 /* a first frame was sent: tables name their columns once */
    bool ended;                   /* under hub.lock: the sink has had its last call */
    struct api_watch *next;       /* under hub.lock */
};

/* A watch for a call, in an arena of its own; freed with watch_free. */
struct api_watch *watch_new(struct call *c, const struct list_options *options,
                            const struct api_watch_sink *sink);
void watch_free(struct api_watch *w);

/* The last event as watches without a selection see it, so that a thousand of them encode it once. */
struct watch_frame {
    const struct store_event *event;
    const struct api_resource *resource;
    struct str bytes;
};

/* Hands an event over if it concerns the watch. `scratch` is for the encoding. False: the sink gave up. */
bool watch_event(struct api_watch *w, struct arena *scratch, const struct store_event *event,
                 struct watch_frame *last);
/* ADDED for an object that is there already. */
bool watch_initial(struct api_watch *w, struct arena *scratch, const struct store_row *row);
/* BOOKMARK at a revision; `initial_end` marks the end of what was there already. */
bool watch_bookmark(struct api_watch *w, struct arena *scratch, int64_t revision, bool initial_end);
/* ERROR frame with the Status of an error. */
bool watch_error(struct api_watch *w, struct arena *scratch, const struct err *e);

#endif
