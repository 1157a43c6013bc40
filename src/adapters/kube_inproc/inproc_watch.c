/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/kube_inproc/inproc_watch.h"

#include "base/buf.h"
#include "value/json.h"

struct cluster_watch {
    struct arena *home;    /* holds this */
    struct arena *scratch; /* of one event; the server calls from one thread at a time */
    struct api_watch *watch;
    struct cluster_watcher watcher;
    struct err *error; /* of an ERROR frame, for WATCH_ENDED; in home */
};

static bool event_type(struct str type, enum cluster_event *ret)
{
    static const struct {
        struct str name;
        enum cluster_event event;
    } all[] = { { STR_INIT("ADDED"), CLUSTER_ADDED },
                { STR_INIT("MODIFIED"), CLUSTER_MODIFIED },
                { STR_INIT("DELETED"), CLUSTER_DELETED },
                { STR_INIT("BOOKMARK"), CLUSTER_BOOKMARK } };

    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        if (!str_eq(all[i].name, type))
            continue;
        *ret = all[i].event;
        return true;
    }
    return false;
}

static bool on_frame(void *self, struct str bytes)
{
    struct cluster_watch *w = self;
    const struct val *frame = NULL;
    const struct val *object;
    enum cluster_event event;
    bool ok = !json_read(w->scratch, bytes, STR("event"), JSON_READ_BORROW, &frame);

    object = val_get(frame, STR("object"));
    if (ok && event_type(val_get_str(frame, "type"), &event)) {
        w->watcher.on_event(w->watcher.self, event, object, NULL);
    } else {
        if (!object) /* a refusal is no frame, but a Status */
            object = frame ? frame : &val_null;
        w->error = inproc_status_err(w->home, val_copy(w->home, object),
                                     (int)val_at_int(object, "code", 500));
        ok = ok && w->error->code == ERR_GONE;
    }
    arena_reset(w->scratch);
    return ok;
}

static void on_ended(void *self)
{
    struct cluster_watch *w = self;

    w->watcher.on_event(w->watcher.self, CLUSTER_WATCH_ENDED, NULL, w->error);
}

struct err *inproc_watch(void *self, struct run *r, const struct cluster_selector *sel,
                         struct str resource_version, const struct cluster_watcher *watcher,
                         struct cluster_watch **ret)
{
    struct kube_inproc *k = self;
    struct kind_entry kind = { 0 };
    struct api_request req = { .method = STR("GET"),
                               .accept = STR("application/json"),
                               .user_agent = STR("weir"),
                               .user = k->user,
                               .impersonate = k->impersonate };
    struct api_response refused = { 0 };
    const struct val *status = NULL;
    struct arena *home;
    struct cluster_watch *w;
    struct buf query;
    struct err *e;

    if (TRY(&e, inproc_kind(k, r, &sel->gvk, &kind)))
        return e;
    buf_init(&query, r->arena, 0);
    buf_lit(&query, "watch=true&allowWatchBookmarks=true");
    inproc_query(&query, "resourceVersion", resource_version);
    inproc_query(&query, "labelSelector", sel->label_selector);
    inproc_query(&query, "fieldSelector", sel->field_selector);
    req.path = inproc_path(r->arena, &sel->gvk, &kind, sel->ns, STR(""), STR(""));
    req.query = buf_str(&query);
    home = arena_new(0);
    w = ARENA_NEW(home, struct cluster_watch);
    w->home = home;
    w->scratch = arena_new(0);
    w->watcher = *watcher;
    k->server.ops->watch_open(
        k->server.self, r, &req,
        &(struct api_watch_sink){ .frame = on_frame, .ended = on_ended, .self = w }, &w->watch,
        &refused);
    if (w->watch) {
        *ret = w;
        return NULL;
    }
    arena_free(w->scratch);
    arena_free(home);
    if (TRY(&e, json_read(r->arena, refused.body, STR("answer"), 0, &status)))
        status = NULL;
    return inproc_status_err(r->arena, status, refused.status);
}

void inproc_watch_close(void *self, struct cluster_watch *watch)
{
    struct kube_inproc *k = self;

    k->server.ops->watch_close(k->server.self, watch->watch);
    arena_free(watch->scratch);
    arena_free(watch->home);
}
