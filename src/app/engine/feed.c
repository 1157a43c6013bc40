/* SPDX-License-Identifier: Apache-2.0 */
#include "app/engine/feed.h"

#include "app/reconcile/outcome.h"
#include "core/kube/drift.h"

#define OWNER_NS_LABEL "kustomize.toolkit.fluxcd.io/namespace"

/* `scratch` takes what is thrown away, `keep` what the sighting points to. */
static struct sighting sight(struct feed *f, struct arena *keep, struct arena *scratch,
                             const struct val *object)
{
    const struct val *labels = val_at(object, "metadata.labels");
    bool managed = f->role == FEED_MANAGED;
    struct obj_ref ref = obj_ref_of(object);
    struct kstatus health = kstatus_of_waited(scratch, object, clock_wall(&f->ports->clock));
    struct sighting s = {
        .hash = managed ? drift_hash(scratch, object, &f->ports->options.takeover) : 0,
        .health = health.code,
        .health_message = str_dup(keep, health.message),
        .owner_name = str_dup(keep, val_str(val_get(labels, STR(FEED_OWNER_LABEL)))),
        .owner_ns = str_dup(keep, val_str(val_get(labels, STR(OWNER_NS_LABEL)))),
    };

    /* Lists leave kind and version out of their items. */
    ref.group = f->gvk.group;
    ref.version = f->gvk.version;
    ref.kind = f->gvk.kind;
    s.ref = obj_ref_copy(keep, &ref);
    (void)str_to_int64(val_at_str(object, "metadata.resourceVersion"), &s.resource_version);
    return s;
}

/* Items of a list carry no apiVersion and kind, watch events do: here all have them. */
static const struct val *complete(struct feed *f, struct arena *a, const struct val *object)
{
    if (val_get(object, STR("kind")))
        return object;
    object = val_with(a, object, STR("kind"), val_string(a, f->gvk.kind));
    return val_with(a, object, STR("apiVersion"), val_string(a, f->api_version));
}

static void post_object(struct feed *f, enum cluster_event event, const struct val *object)
{
    bool gone = event == CLUSTER_DELETED;
    struct message *m = message_new(gone ? MESSAGE_OBJECT_GONE : MESSAGE_OBJECT, f);

    m->object = complete(f, m->arena, val_copy(m->arena, object));
    inbox_post(f->inbox, m);
}

static void post_sighting(struct feed *f, enum cluster_event event, const struct val *object)
{
    bool gone = event == CLUSTER_DELETED;
    struct message *m = message_new(gone ? MESSAGE_SIGHTING_GONE : MESSAGE_SIGHTING, f);
    struct arena *scratch = arena_new(0);

    m->sighting = sight(f, m->arena, scratch, complete(f, scratch, object));
    arena_free(scratch);
    inbox_post(f->inbox, m);
}

static void post_ended(struct feed *f, const struct err *e)
{
    struct message *m = message_new(MESSAGE_WATCH_ENDED, f);

    m->err = err_copy(m->arena, e);
    inbox_post(f->inbox, m);
}

/* Where a watch that ends can be taken up again. Versions that are no numbers are not remembered: then all is listed. */
static void note_version(struct feed *f, const struct val *object)
{
    if (!str_to_int64(val_at_str(object, "metadata.resourceVersion"), &f->version))
        f->version = 0;
}

static void on_event(void *self, enum cluster_event event, const struct val *object,
                     const struct err *e)
{
    struct feed *f = self;

    if (event != CLUSTER_WATCH_ENDED)
        note_version(f, object);
    if (event == CLUSTER_WATCH_ENDED)
        post_ended(f, e);
    else if (event == CLUSTER_BOOKMARK)
        return;
    else if (f->role != FEED_FLUX)
        post_sighting(f, event, object);
    else
        post_object(f, event, object);
}

static void post_list(struct feed *f, struct run *run, const struct cluster_list *list)
{
    struct message *m = message_new(MESSAGE_LISTED, f);
    const struct val **objects = ARENA_ARRAY(m->arena, list->count, const struct val *);
    struct sighting *sightings = ARENA_ARRAY(m->arena, list->count, struct sighting);

    for (size_t i = 0; i < list->count; i++) {
        if (f->role != FEED_FLUX)
            sightings[i] = sight(f, m->arena, run->arena, complete(f, run->arena, list->items[i]));
        else
            objects[i] = complete(f, m->arena, val_copy(m->arena, list->items[i]));
    }
    m->objects = objects;
    m->sightings = sightings;
    m->count = list->count;
    inbox_post(f->inbox, m);
}

static struct err *open_watch(struct feed *f, struct run *run, const struct cluster_selector *sel,
                              struct str version)
{
    struct cluster_watcher watcher = { .on_event = on_event, .self = f };

    return cluster_watch_open(&f->ports->cluster, run, sel, version, &watcher, &f->watch);
}

/* All there is, and the watch from there. */
static struct err *list_and_watch(struct feed *f, struct run *run,
                                  const struct cluster_selector *sel)
{
    struct cluster_list list;
    struct err *e;

    if (TRY(&e, cluster_list_all(&f->ports->cluster, run, sel, &list)))
        return e;
    post_list(f, run, &list);
    if (!str_to_int64(list.resource_version, &f->version))
        f->version = 0;
    return open_watch(f, run, sel, list.resource_version);
}

void feed_open(struct feed *f, struct run *run)
{
    struct cluster_selector sel = { .gvk = f->gvk,
                                    .ns = f->ns,
                                    .label_selector = f->label_selector };
    bool resumes = f->version > 0 && !f->list_again;
    struct err *e;

    f->watch = NULL;
    if (f->role == FEED_DEPENDENCY)
        sel.field_selector = str_concat(run->arena, STR("metadata.name="), f->name);
    if (resumes) {
        inbox_post(f->inbox, message_new(MESSAGE_RESUMED, f));
        e = open_watch(f, run, &sel, str_printf(run->arena, "%lld", (long long)f->version));
    } else {
        e = list_and_watch(f, run, &sel);
    }
    if (e)
        post_ended(f, e);
}
