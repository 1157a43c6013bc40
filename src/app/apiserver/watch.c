/* SPDX-License-Identifier: Apache-2.0 */
#include "app/apiserver/watch.h"

#include "app/apiserver/respond.h"
#include "app/apiserver/storage.h"
#include "base/buf.h"
#include "value/json.h"

/* Without timeoutSeconds kube ends a watch after 30 to 60 minutes. */
enum { WATCH_SECONDS_MIN = 1800, BOOKMARK_SECONDS = 60, BOOKMARK_BEFORE_END_S = 2 };

static struct selector selector_copy(struct arena *a, const struct selector *s)
{
    struct selector_term *terms = ARENA_ARRAY(a, s->count + 1, struct selector_term);

    for (size_t i = 0; i < s->count; i++) {
        const struct selector_term *t = &s->terms[i];
        struct str *values = ARENA_ARRAY(a, t->value_count + 1, struct str);

        for (size_t k = 0; k < t->value_count; k++)
            values[k] = str_dup(a, t->values[k]);
        terms[i] = (struct selector_term){
            .key = str_dup(a, t->key), .op = t->op, .values = values, .value_count = t->value_count
        };
    }
    return (struct selector){ .terms = terms, .count = s->count };
}

/* When the next bookmark is due: each minute, and shortly before the end. */
static struct mono_time next_bookmark(const struct api_watch *w, struct mono_time now)
{
    struct mono_time at = mono_add_ns(now, BOOKMARK_SECONDS * NS_PER_S);
    struct mono_time last = mono_add_ns(w->ends, -BOOKMARK_BEFORE_END_S * NS_PER_S);

    return last.ns > now.ns && last.ns < at.ns ? last : at;
}

struct api_watch *watch_new(struct call *c, const struct list_options *options,
                            const struct api_watch_sink *sink)
{
    struct arena *home = arena_new(0);
    struct api_watch *w = ARENA_NEW(home, struct api_watch);
    struct mono_time now = clock_mono(&c->s->clock);
    int64_t seconds = options->timeout_s;
    uint32_t jitter = 0;

    if (!seconds) {
        random_fill(&c->s->random, &jitter, sizeof jitter);
        seconds = WATCH_SECONDS_MIN + jitter % WATCH_SECONDS_MIN;
    }
    w->home = home;
    w->s = c->s;
    /* Looked up again so that the watch's own arena holds it. */
    w->resource = registry_find(c->s->registry, home, str_dup(home, c->route.group),
                                str_dup(home, c->route.version), str_dup(home, c->route.plural));
    if (!w->resource) {
        arena_free(home);
        return NULL;
    }
    w->store_key = api_resource_store_key(home, w->resource);
    w->ns = str_dup(home, c->resource->namespaced ? c->route.ns : STR(""));
    w->options = *options;
    w->options.labels = selector_copy(home, &options->labels);
    w->options.fields = selector_copy(home, &options->fields);
    w->accept = c->accept;
    w->accept.as_version = str_dup(home, c->accept.as_version);
    w->query = query_parse(home, str_dup(home, c->req->query));
    w->sink = *sink;
    w->ends = mono_add_ns(now, seconds > INT32_MAX ? INT64_MAX : seconds * NS_PER_S);
    w->bookmark_at = next_bookmark(w, now);
    return w;
}

void watch_free(struct api_watch *w)
{
    arena_free(w->home);
}

/* One line of JSON; in YAML kube sends documents, which no client asks for. */
static struct str frame(struct arena *scratch, const char *type, const struct val *object)
{
    struct buf b;

    buf_init(&b, scratch, 0);
    buf_printf(&b, "{\"type\":\"%s\",\"object\":", type);
    json_write(&b, object, JSON_ESCAPE_HTML);
    buf_lit(&b, "}\n");
    return buf_str(&b);
}

static bool send(struct api_watch *w, struct arena *scratch, const char *type,
                 const struct val *object)
{
    w->started = true;
    return w->sink.frame(w->sink.self, frame(scratch, type, object));
}

static bool send_object(struct api_watch *w, struct arena *scratch, const char *type,
                        const struct val *object)
{
    struct call c = {
        .s = w->s, .a = scratch, .resource = w->resource, .accept = w->accept, .query = w->query
    };
    const struct val *shown = NULL;

    if (respond_object(&c, object, !w->started, &shown))
        return false;
    return send(w, scratch, type, shown);
}

static bool concerns(const struct api_watch *w, const struct store_key *key)
{
    return str_eq(key->resource, w->store_key) && (!w->ns.len || str_eq(key->ns, w->ns));
}

/* A state of the object with the event's revision; NULL: none, or not one the selectors choose. */
static const struct val *chosen(struct api_watch *w, struct arena *scratch, struct str value,
                                int64_t revision)
{
    const struct val *object = NULL;

    if (!value.len || storage_decode(scratch, w->resource, value, revision, &object))
        return NULL;
    return list_options_match(scratch, w->resource, &w->options, object) ? object : NULL;
}

/* Every object of the resource, as it is: the event looks to all such watches alike. */
static bool send_plain(struct api_watch *w, struct arena *scratch, const struct store_event *event,
                       struct watch_frame *last)
{
    static const char *const types[] = { "ADDED", "MODIFIED", "DELETED" };
    const struct val *object = NULL;

    if (last->event != event || last->resource != w->resource) {
        if (storage_decode(scratch, w->resource, event->value, event->revision, &object))
            return false;
        *last = (struct watch_frame){ event, w->resource,
                                      frame(scratch, types[event->type], object) };
    }
    w->started = true;
    return w->sink.frame(w->sink.self, last->bytes);
}

bool watch_event(struct api_watch *w, struct arena *scratch, const struct store_event *event,
                 struct watch_frame *last)
{
    const struct val *now;
    const struct val *before = NULL;

    if (!concerns(w, &event->key))
        return true;
    if (w->accept.format == OUTPUT_JSON && !list_options_selects(&w->options))
        return send_plain(w, scratch, event, last);
    now = event->type == STORE_REMOVED ? NULL : chosen(w, scratch, event->value, event->revision);
    if (event->type == STORE_CREATED || (now && !list_options_selects(&w->options)))
        return !now ||
               send_object(w, scratch, event->type == STORE_CREATED ? "ADDED" : "MODIFIED", now);
    if (list_options_selects(&w->options) || !now)
        before = chosen(w, scratch, event->previous, event->revision);
    if (now)
        return send_object(w, scratch, before ? "MODIFIED" : "ADDED", now);
    if (!before)
        return true;
    /* A removed object is shown as it was last, one that left the selection as it was in it. */
    if (event->type == STORE_REMOVED &&
        storage_decode(scratch, w->resource, event->value, event->revision, &before))
        return false;
    return send_object(w, scratch, "DELETED", before);
}

bool watch_initial(struct api_watch *w, struct arena *scratch, const struct store_row *row)
{
    const struct val *object = chosen(w, scratch, row->value, row->revision);

    return !object || send_object(w, scratch, "ADDED", object);
}

/* An object of the kind that holds nothing, as Go prints it. */
static const struct val *empty_object(struct api_watch *w, struct arena *scratch,
                                      const struct val *metadata)
{
    const struct api_resource *res = w->resource;
    struct warning_list ignored = { 0 };
    struct decode_call call = { .resource = res,
                                .validation = FIELD_VALIDATION_IGNORE,
                                .warnings = &ignored };
    const struct val *bare = val_map_of(
        scratch, "kind", val_string(scratch, res->gvk.kind), "apiVersion",
        val_string(scratch, api_version_format(scratch, res->gvk.group, res->gvk.version)),
        "metadata", metadata, NULL);
    const struct val *typed = NULL;

    if (res->crd || decode_tree(scratch, &call, bare, &typed))
        return bare;
    return typed;
}

bool watch_bookmark(struct api_watch *w, struct arena *scratch, int64_t revision, bool initial_end)
{
    const struct val *meta = val_map_of(
        scratch, "resourceVersion",
        val_string(scratch, str_printf(scratch, "%lld", (long long)revision)), NULL);

    if (initial_end)
        meta = val_with(
            scratch, meta, STR("annotations"),
            val_map_of(scratch, "k8s.io/initial-events-end", val_cstring(scratch, "true"), NULL));
    w->bookmarked = revision;
    w->bookmark_at = next_bookmark(w, clock_mono(&w->s->clock));
    return send_object(w, scratch, "BOOKMARK", empty_object(w, scratch, meta));
}

bool watch_error(struct api_watch *w, struct arena *scratch, const struct err *e)
{
    int32_t retry_after_s;
    int code;

    return send(w, scratch, "ERROR", status_from_err(scratch, e, &code, &retry_after_s));
}
