/* SPDX-License-Identifier: Apache-2.0 */
#include "app/apiserver/server.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "adapters/clock_linux/clock_linux.h"
#include "adapters/store_sqlite/store_sqlite.h"
#include "tests/harness.h"
#include "value/json.h"

/* ---- a server over a store in a folder of its own ---- */

struct place {
    struct arena *a;
    struct run r;
    char dir[32];
    struct store_sqlite *store;
    struct apiserver *server;
    struct api_server port;
    bool simulate;
    struct api_user user;
};

static const struct str masters[] = { STR_INIT("system:masters") };

static void no_log(void *self, enum log_level level, struct str message,
                   const struct log_fields *fields)
{
    (void)self;
    (void)level;
    (void)message;
    (void)fields;
}

static void start(struct place *p)
{
    struct store_options store_options = { .clock = clock_linux() };
    struct apiserver_options options = { .clock = clock_linux(),
                                         .random = random_linux(),
                                         .log = { .write = no_log },
                                         .address = STR("127.0.0.1:6443"),
                                         .simulate = p->simulate,
                                         .simulate_delay_ns = 20 * NS_PER_MS };

    REQUIRE(!store_sqlite_open(p->a, str_printf(p->a, "%s/weir.db", p->dir), &store_options,
                               &p->store));
    options.store = store_sqlite_port(p->store);
    REQUIRE(!apiserver_new(p->a, &options, &p->server));
    p->port = apiserver_port(p->server);
}

static void stop(struct place *p)
{
    apiserver_free(p->server);
    store_sqlite_free(p->store);
    p->server = NULL;
    p->store = NULL;
}

static struct place place_new(bool simulate)
{
    struct place p = { .a = arena_new(0), .dir = "/tmp/weir-server-XXXXXX", .simulate = simulate };

    p.r = (struct run){ .arena = p.a, .deadline = MONO_NEVER };
    p.user = (struct api_user){ .name = STR("admin"), .groups = masters, .group_count = 1 };
    CHECK(mkdtemp(p.dir) != NULL);
    start(&p);
    return p;
}

static void place_done(struct place *p)
{
    static const char *const names[] = { "weir.db", "weir.db-wal", "weir.db-shm", "weir.db.lock" };

    stop(p);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        (void)unlink(str_cstr(p->a, str_printf(p->a, "%s/%s", p->dir, names[i])));
    CHECK(rmdir(p->dir) == 0);
    arena_free(p->a);
}

/* Status of a request; *ret its body as a tree. In an arena of the caller, so that any thread may ask. */
static int ask(struct place *p, struct arena *a, const char *method, const char *path,
               const char *body, const struct val **ret)
{
    struct run r = { .arena = a, .deadline = MONO_NEVER };
    struct str target = str_from_cstr(path);
    struct str before;
    struct api_request req = { .method = str_from_cstr(method),
                               .content_type = str_is(str_from_cstr(method), "PATCH")
                                                   ? STR("application/merge-patch+json")
                                                   : STR("application/json"),
                               .user_agent = STR("test/1"),
                               .body = str_from_cstr(body),
                               .user = p->user };
    struct api_response response = { 0 };
    const struct val *tree = NULL;

    (void)str_cut(&target, '?', &before);
    req.path = before;
    req.query = target;
    p->port.ops->serve(p->port.self, &r, &req, &response);
    if (ret && !json_read(a, response.body, STR("answer"), 0, &tree))
        *ret = tree;
    return response.status;
}

static int send(struct place *p, const char *method, const char *path, const char *body)
{
    return ask(p, p->a, method, path, body, NULL);
}

/* Asks again until the status comes, ten seconds at most. */
static bool comes(struct place *p, const char *path, int status)
{
    for (int i = 0; i < 500; i++) {
        struct timespec wait = { .tv_nsec = 20 * NS_PER_MS };
        ARENA_AUTO struct arena *a = arena_new(0);

        if (ask(p, a, "GET", path, NULL, NULL) == status)
            return true;
        (void)nanosleep(&wait, NULL);
    }
    return false;
}

#define NS "/api/v1/namespaces/default"
#define MAPS NS "/configmaps"

static const char *config_map(struct arena *a, const char *name, const char *more)
{
    return str_cstr(a, str_printf(a,
                                  "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{"
                                  "\"name\":\"%s\"%s}}",
                                  name, more));
}

/* ---- a watch that remembers ---- */

enum { LINES_MAX = 4096 };

struct seen {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    char *lines[LINES_MAX];
    size_t count;
    bool ended;
    struct api_watch *watch;
};

static bool on_frame(void *self, struct str bytes)
{
    struct seen *s = self;

    pthread_mutex_lock(&s->lock);
    if (s->count < LINES_MAX)
        s->lines[s->count++] = strndup(bytes.ptr, bytes.len);
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
    return true;
}

static void on_ended(void *self)
{
    struct seen *s = self;

    pthread_mutex_lock(&s->lock);
    s->ended = true;
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
}

static struct seen *watch(struct place *p, const char *path, const char *query)
{
    struct seen *s = calloc(1, sizeof *s);
    struct api_request req = { .method = STR("GET"),
                               .path = str_from_cstr(path),
                               .query = str_from_cstr(query),
                               .user = p->user };
    struct api_watch_sink sink = { .frame = on_frame, .ended = on_ended, .self = s };
    struct api_response refused = { 0 };
    ARENA_AUTO struct arena *a = arena_new(0);
    struct run r = { .arena = a, .deadline = MONO_NEVER };

    (void)pthread_mutex_init(&s->lock, NULL);
    (void)pthread_cond_init(&s->changed, NULL);
    CHECK(p->port.ops->is_watch(p->port.self, &req));
    p->port.ops->watch_open(p->port.self, &r, &req, &sink, &s->watch, &refused);
    CHECK(s->watch != NULL);
    return s;
}

/* Until as many frames came or the watch ended; ten seconds at most. */
static size_t wait_for(struct seen *s, size_t count)
{
    struct timespec until;
    int rc = 0;
    size_t got;

    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 10;
    pthread_mutex_lock(&s->lock);
    while (s->count < count && !s->ended && rc == 0)
        rc = pthread_cond_timedwait(&s->changed, &s->lock, &until);
    got = s->count;
    pthread_mutex_unlock(&s->lock);
    return got;
}

static const struct val *line(struct place *p, const struct seen *s, size_t i)
{
    const struct val *v = NULL;

    if (i < s->count)
        CHECK(json_read(p->a, str_from_cstr(s->lines[i]), STR("frame"), 0, &v) == NULL);
    return v;
}

static struct str type_and_name(struct place *p, const struct seen *s, size_t i)
{
    const struct val *v = line(p, s, i);

    return str_printf(p->a, "%.*s %.*s", STR_ARG(val_get_str(v, "type")),
                      STR_ARG(val_at_str(v, "object.metadata.name")));
}

static void unwatch(struct place *p, struct seen *s)
{
    p->port.ops->watch_close(p->port.self, s->watch);
    for (size_t i = 0; i < s->count; i++)
        free(s->lines[i]);
    (void)pthread_mutex_destroy(&s->lock);
    (void)pthread_cond_destroy(&s->changed);
    free(s);
}

static struct str list_version(struct place *p, const char *path)
{
    const struct val *list = NULL;

    CHECK_INT(ask(p, p->a, "GET", path, NULL, &list), 200);
    return val_at_str(list, "metadata.resourceVersion");
}

/* ---- watches ---- */

TEST(shows_objects_that_enter_and_leave_a_selection)
{
    struct place p = place_new(false);
    struct seen *s;

    CHECK_INT(send(&p, "POST", MAPS, config_map(p.a, "a", ",\"labels\":{\"x\":\"1\"}")), 201);
    CHECK_INT(send(&p, "POST", MAPS, config_map(p.a, "b", "")), 201);
    s = watch(&p, MAPS, "watch=true&labelSelector=x%3D1");
    CHECK_INT(send(&p, "PATCH", MAPS "/b", "{\"metadata\":{\"labels\":{\"x\":\"1\"}}}"), 200);
    CHECK_INT(send(&p, "PATCH", MAPS "/a", "{\"metadata\":{\"labels\":null}}"), 200);
    CHECK_INT(send(&p, "PATCH", MAPS "/a", "{\"data\":{\"k\":\"v\"}}"), 200);
    CHECK_INT(send(&p, "DELETE", MAPS "/b", NULL), 200);
    CHECK_UINT(wait_for(s, 4), 4);
    CHECK_STR(type_and_name(&p, s, 0), "ADDED a");
    CHECK_STR(type_and_name(&p, s, 1), "ADDED b");
    CHECK_STR(type_and_name(&p, s, 2), "DELETED a");
    CHECK_STR(val_str(val_get(val_at(line(&p, s, 2), "object.metadata.labels"), STR("x"))), "1");
    CHECK_STR(type_and_name(&p, s, 3), "DELETED b");
    unwatch(&p, s);
    place_done(&p);
}

enum { WRITERS = 4, ROUNDS = 60, WATCHES = 6 };

struct writer {
    struct place *p;
    int number;
};

/* Creates, changes and deletes its own objects, some of which stay. */
static void *write_many(void *arg)
{
    struct writer *w = arg;

    for (int i = 0; i < ROUNDS; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);
        const char *name = str_cstr(a, str_printf(a, "w%d-%d", w->number, i % 10));
        const char *path = str_cstr(a, str_printf(a, MAPS "/%s", name));
        const char *data = str_cstr(a, str_printf(a, "{\"data\":{\"k\":\"%d\"}}", i));

        if (ask(w->p, a, "POST", MAPS, config_map(a, name, ""), NULL) == 409)
            CHECK_INT(ask(w->p, a, "PATCH", path, data, NULL), 200);
        else if (i % 3 == 0)
            CHECK_INT(ask(w->p, a, "DELETE", path, NULL, NULL), 200);
    }
    return NULL;
}

static int64_t version_of(const struct val *object)
{
    int64_t n = 0;

    (void)str_to_int64(val_at_str(object, "metadata.resourceVersion"), &n);
    return n;
}

/* Replays the frames: versions grow, nothing is added twice or changed before it is there. */
static struct str replay(struct place *p, struct seen *s)
{
    const struct val *state = &val_empty_map;
    int64_t last = 0;

    for (size_t i = 0; i < s->count; i++) {
        const struct val *frame = line(p, s, i);
        const struct val *object = val_get(frame, STR("object"));
        struct str type = val_get_str(frame, "type");
        struct str name = val_at_str(object, "metadata.name");
        bool there = val_get(state, name) != NULL;

        if (!name.len) {
            test_fail(__FILE__, __LINE__, "frame %zu: %s", i, s->lines[i]);
            break;
        }

        if (version_of(object) <= last && version_of(object) != 0 && last != 0 && there)
            test_fail(__FILE__, __LINE__, "version %lld after %lld", (long long)version_of(object),
                      (long long)last);
        CHECK(there == !str_is(type, "ADDED"));
        state = str_is(type, "DELETED")
                    ? val_without(p->a, state, name)
                    : val_with(p->a, state, name, val_at(object, "metadata.resourceVersion"));
        last = version_of(object);
    }
    return json_string(p->a, val_sorted(p->a, state), JSON_COMPACT);
}

static struct str present(struct place *p)
{
    const struct val *list = NULL;
    const struct val *state = &val_empty_map;
    const struct val *items;

    CHECK_INT(ask(p, p->a, "GET", MAPS, NULL, &list), 200);
    items = val_get(list, STR("items"));
    for (size_t i = 0; i < val_count(items); i++)
        state = val_with(p->a, state, val_at_str(val_item(items, i), "metadata.name"),
                         val_at(val_item(items, i), "metadata.resourceVersion"));
    return json_string(p->a, val_sorted(p->a, state), JSON_COMPACT);
}

/* Watches opened while others write see every change once and in order. */
TEST(never_loses_or_repeats_an_event)
{
    struct place p = place_new(false);
    struct writer writers[WRITERS];
    pthread_t threads[WRITERS];
    struct seen *watches[WATCHES];
    struct str want;

    for (int i = 0; i < WRITERS; i++) {
        writers[i] = (struct writer){ .p = &p, .number = i };
        REQUIRE(pthread_create(&threads[i], NULL, write_many, &writers[i]) == 0);
    }
    for (int i = 0; i < WATCHES; i++) {
        struct timespec wait = { .tv_nsec = 10 * NS_PER_MS };

        watches[i] = watch(&p, MAPS, "watch=true");
        (void)nanosleep(&wait, NULL);
    }
    for (int i = 0; i < WRITERS; i++)
        (void)pthread_join(threads[i], NULL);
    CHECK_INT(send(&p, "POST", MAPS, config_map(p.a, "zz-last", "")), 201);
    want = present(&p);
    for (int i = 0; i < WATCHES; i++) {
        size_t n = 0;

        for (size_t k = 1; k <= LINES_MAX; k++) { /* until the last object came by */
            n = wait_for(watches[i], k);
            if (n < k || strstr(watches[i]->lines[k - 1], "zz-last"))
                break;
        }
        CHECK_STR(replay(&p, watches[i]), want);
        unwatch(&p, watches[i]);
    }
    place_done(&p);
}

TEST(resumes_a_watch_after_a_restart)
{
    struct place p = place_new(false);
    struct str version = list_version(&p, MAPS);
    struct seen *s;

    CHECK_INT(send(&p, "POST", MAPS, config_map(p.a, "a", "")), 201);
    stop(&p);
    start(&p);
    CHECK_INT(send(&p, "DELETE", MAPS "/a", NULL), 200);
    s = watch(&p, MAPS,
              str_cstr(p.a, str_printf(p.a, "watch=true&resourceVersion=%.*s", STR_ARG(version))));
    CHECK_UINT(wait_for(s, 2), 2);
    CHECK_STR(type_and_name(&p, s, 0), "ADDED a");
    CHECK_STR(type_and_name(&p, s, 1), "DELETED a");
    unwatch(&p, s);
    place_done(&p);
}

TEST(ends_a_watch_from_a_forgotten_version_with_410)
{
    struct place p = place_new(false);
    struct object_store store = store_sqlite_port(p.store);
    struct str version = list_version(&p, MAPS);
    struct seen *s;

    CHECK_INT(send(&p, "POST", MAPS, config_map(p.a, "a", "")), 201);
    REQUIRE(!store.ops->compact(store.self, &p.r, store.ops->revision(store.self)));
    s = watch(&p, MAPS,
              str_cstr(p.a, str_printf(p.a, "watch=true&resourceVersion=%.*s", STR_ARG(version))));
    CHECK_UINT(wait_for(s, 2), 1);
    CHECK(s->ended);
    CHECK_STR(val_get_str(line(&p, s, 0), "type"), "ERROR");
    CHECK_INT(val_at_int(line(&p, s, 0), "object.code", 0), 410);
    unwatch(&p, s);
    place_done(&p);
}

TEST(ends_a_watch_in_time_and_marks_where_it_stood)
{
    struct place p = place_new(false);
    struct str version = list_version(&p, MAPS);
    struct seen *s = watch(
        &p, MAPS,
        str_cstr(p.a, str_printf(p.a,
                                 "watch=1&allowWatchBookmarks=1&timeoutSeconds=3&"
                                 "resourceVersion=%.*s",
                                 STR_ARG(version))));

    (void)wait_for(s, 100);
    CHECK(s->ended);
    REQUIRE(s->count >= 1);
    CHECK_STR(val_get_str(line(&p, s, s->count - 1), "type"), "BOOKMARK");
    CHECK_STR(val_at_str(line(&p, s, s->count - 1), "object.kind"), "ConfigMap");
    unwatch(&p, s);
    place_done(&p);
}

/* ---- lists ---- */

TEST(continues_a_list_where_it_was_cut)
{
    struct place p = place_new(false);
    const struct val *page = NULL;
    struct str token;

    for (int i = 0; i < 5; i++)
        CHECK_INT(
            send(&p, "POST", MAPS, config_map(p.a, str_cstr(p.a, str_printf(p.a, "n%d", i)), "")),
            201);
    CHECK_INT(ask(&p, p.a, "GET", MAPS "?limit=2", NULL, &page), 200);
    CHECK_UINT(val_count(val_get(page, STR("items"))), 2);
    CHECK_INT(val_at_int(page, "metadata.remainingItemCount", 0), 3);
    token = val_at_str(page, "metadata.continue");
    /* What happens in between is not in the later chunks: they are of the same moment. */
    CHECK_INT(send(&p, "DELETE", MAPS "/n3", NULL), 200);
    CHECK_INT(send(&p, "POST", MAPS, config_map(p.a, "n9", "")), 201);
    CHECK_INT(ask(&p, p.a, "GET",
                  str_cstr(p.a, str_printf(p.a, MAPS "?limit=9&continue=%.*s", STR_ARG(token))),
                  NULL, &page),
              200);
    CHECK_UINT(val_count(val_get(page, STR("items"))), 3);
    CHECK_STR(val_at_str(val_item(val_get(page, STR("items")), 0), "metadata.name"), "n2");
    CHECK_STR(val_at_str(val_item(val_get(page, STR("items")), 1), "metadata.name"), "n3");
    CHECK_STR(val_at_str(page, "metadata.continue"), "");
    place_done(&p);
}

TEST(lists_what_was_there_at_an_earlier_version)
{
    struct place p = place_new(false);
    const struct val *list = NULL;
    const struct val *items;
    struct str version;

    CHECK_INT(send(&p, "POST", MAPS, config_map(p.a, "a", "")), 201);
    CHECK_INT(send(&p, "POST", MAPS, config_map(p.a, "b", "")), 201);
    version = list_version(&p, MAPS);
    CHECK_INT(send(&p, "PATCH", MAPS "/a", "{\"data\":{\"k\":\"v\"}}"), 200);
    CHECK_INT(send(&p, "DELETE", MAPS "/b", NULL), 200);
    CHECK_INT(send(&p, "POST", MAPS, config_map(p.a, "c", "")), 201);
    CHECK_INT(ask(&p, p.a, "GET",
                  str_cstr(p.a, str_printf(p.a,
                                           MAPS "?resourceVersionMatch=Exact&resourceVersion="
                                                "%.*s",
                                           STR_ARG(version))),
                  NULL, &list),
              200);
    items = val_get(list, STR("items"));
    REQUIRE(val_count(items) == 2);
    CHECK_STR(val_at_str(val_item(items, 0), "metadata.name"), "a");
    CHECK(val_at(val_item(items, 0), "data") == NULL);
    CHECK_STR(val_at_str(val_item(items, 1), "metadata.name"), "b");
    place_done(&p);
}

/* ---- what the server does by itself ---- */

TEST(empties_a_namespace_that_ends)
{
    struct place p = place_new(false);

    CHECK_INT(send(&p, "POST", "/api/v1/namespaces",
                   "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"n\"}}"),
              201);
    CHECK_INT(send(&p, "POST", "/api/v1/namespaces/n/configmaps", config_map(p.a, "a", "")), 201);
    CHECK_INT(send(&p, "POST", "/api/v1/namespaces/n/configmaps",
                   config_map(p.a, "held", ",\"finalizers\":[\"example.com/f\"]")),
              201);
    CHECK_INT(send(&p, "DELETE", "/api/v1/namespaces/n", NULL), 200);
    CHECK(comes(&p, "/api/v1/namespaces/n/configmaps/a", 404));
    CHECK_INT(send(&p, "GET", "/api/v1/namespaces/n", NULL), 200);
    CHECK_INT(send(&p, "POST", "/api/v1/namespaces/n/configmaps", config_map(p.a, "late", "")),
              403);
    CHECK_INT(send(&p, "PATCH", "/api/v1/namespaces/n/configmaps/held",
                   "{\"metadata\":{\"finalizers\":null}}"),
              200);
    CHECK(comes(&p, "/api/v1/namespaces/n", 404));
    place_done(&p);
}

/* A config map owned by another, whose uid is looked up. */
static void make_owned(struct place *p, const char *name, const char *owner, const char *more)
{
    const struct val *o = NULL;

    CHECK_INT(ask(p, p->a, "GET", str_cstr(p->a, str_printf(p->a, MAPS "/%s", owner)), NULL, &o),
              200);
    CHECK_INT(
        send(p, "POST", MAPS,
             config_map(
                 p->a, name,
                 str_cstr(p->a, str_printf(p->a,
                                           ",\"ownerReferences\":[{\"apiVersion\":\"v1\","
                                           "\"kind\":\"ConfigMap\",\"name\":\"%s\",\"uid\":"
                                           "\"%.*s\"%s}]",
                                           owner, STR_ARG(val_at_str(o, "metadata.uid")), more)))),
        201);
}

TEST(collects_garbage_also_of_an_earlier_life)
{
    struct place p = place_new(false);

    CHECK_INT(send(&p, "POST", MAPS, config_map(p.a, "o", "")), 201);
    make_owned(&p, "child", "o", "");
    make_owned(&p, "grandchild", "child", "");
    stop(&p);
    start(&p);
    CHECK_INT(send(&p, "DELETE", MAPS "/o", NULL), 200);
    CHECK(comes(&p, MAPS "/child", 404));
    CHECK(comes(&p, MAPS "/grandchild", 404));
    place_done(&p);
}

TEST(deletes_dependents_first_when_asked)
{
    struct place p = place_new(false);

    CHECK_INT(send(&p, "POST", MAPS, config_map(p.a, "o", "")), 201);
    make_owned(&p, "child", "o", ",\"blockOwnerDeletion\":true");
    CHECK_INT(send(&p, "PATCH", MAPS "/child", "{\"metadata\":{\"finalizers\":[\"x.io/f\"]}}"),
              200);
    CHECK_INT(send(&p, "DELETE", MAPS "/o", "{\"propagationPolicy\":\"Foreground\"}"), 200);
    CHECK_INT(send(&p, "GET", MAPS "/o", NULL), 200);
    CHECK_INT(send(&p, "PATCH", MAPS "/child", "{\"metadata\":{\"finalizers\":null}}"), 200);
    CHECK(comes(&p, MAPS "/o", 404));
    CHECK_INT(send(&p, "GET", MAPS "/child", NULL), 404);
    place_done(&p);
}

#define CRDS "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
#define WIDGETS "/apis/example.com/v1/namespaces/default/widgets"

static const char widgets[] =
    "{\"apiVersion\":\"apiextensions.k8s.io/v1\",\"kind\":\"CustomResourceDefinition\","
    "\"metadata\":{\"name\":\"widgets.example.com\"},\"spec\":{\"group\":\"example.com\","
    "\"scope\":\"Namespaced\",\"names\":{\"kind\":\"Widget\",\"plural\":\"widgets\"},"
    "\"versions\":[{\"name\":\"v1\",\"served\":true,\"storage\":true,\"schema\":{"
    "\"openAPIV3Schema\":{\"type\":\"object\",\"properties\":{\"spec\":{\"type\":\"object\","
    "\"properties\":{\"text\":{\"type\":\"string\"},\"a\":{\"type\":\"integer\",\"default\":3}}}}}}}]}}";

TEST(evicts_a_pod_and_refuses_what_is_too_large)
{
    struct place p = place_new(false);
    char *big = arena_alloc(p.a, 1800 * 1024);
    const struct val *answer = NULL;

    CHECK_INT(
        send(&p, "POST", NS "/pods",
             "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"p\"},\"spec\":{"
             "\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}"),
        201);
    CHECK_INT(
        send(&p, "POST", NS "/pods/p/eviction",
             "{\"apiVersion\":\"policy/v1\",\"kind\":\"Eviction\",\"metadata\":{\"name\":\"x\"}}"),
        400);
    CHECK_INT(
        send(&p, "POST", NS "/pods/p/eviction",
             "{\"apiVersion\":\"policy/v1\",\"kind\":\"Eviction\",\"metadata\":{\"name\":\"p\"}}"),
        201);
    CHECK_INT(send(&p, "GET", NS "/pods/p", NULL), 404);

    (void)snprintf(big, 1800 * 1024,
                   "{\"apiVersion\":\"example.com/v1\",\"kind\":\"Widget\",\"metadata\":{\"name\":"
                   "\"big\"},\"spec\":{\"text\":\"%*d\"}}",
                   1700 * 1024, 1);
    CHECK_INT(send(&p, "POST", CRDS, widgets), 201);
    CHECK_INT(ask(&p, p.a, "POST", WIDGETS, big, &answer), 500);
    CHECK_STR(val_get_str(answer, "message"), "etcdserver: request is too large");
    place_done(&p);
}

TEST(serves_a_definition_at_once_and_takes_it_back)
{
    struct place p = place_new(false);
    const struct val *made = NULL;
    struct seen *s;

    CHECK_INT(send(&p, "POST", CRDS, widgets), 201);
    CHECK_INT(ask(&p, p.a, "POST", WIDGETS,
                  "{\"apiVersion\":\"example.com/v1\",\"kind\":\"Widget\",\"metadata\":{\"name\":"
                  "\"w\"},\"spec\":{\"junk\":1}}",
                  &made),
              201);
    CHECK_INT(val_at_int(made, "spec.a", 0), 3);
    CHECK(val_at(made, "spec.junk") == NULL);
    s = watch(&p, WIDGETS, "watch=true");
    CHECK_UINT(wait_for(s, 1), 1);
    CHECK_INT(send(&p, "DELETE", CRDS "/widgets.example.com", NULL), 200);
    CHECK(comes(&p, CRDS "/widgets.example.com", 404));
    CHECK(comes(&p, WIDGETS, 404)); /* withdrawn right after the definition is gone */
    (void)wait_for(s, 100);
    CHECK(s->ended);
    unwatch(&p, s);
    place_done(&p);
}

/* ---- who may ---- */

TEST(lets_users_do_what_their_roles_say)
{
    struct place p = place_new(false);
    struct place jane;

    CHECK_INT(send(&p, "POST", "/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings",
                   "{\"apiVersion\":\"rbac.authorization.k8s.io/v1\",\"kind\":\"RoleBinding\","
                   "\"metadata\":{\"name\":\"b\"},\"roleRef\":{\"apiGroup\":"
                   "\"rbac.authorization.k8s.io\",\"kind\":\"ClusterRole\",\"name\":\"view\"},"
                   "\"subjects\":[{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"User\","
                   "\"name\":\"jane\"}]}"),
              201);
    jane = p;
    jane.user = (struct api_user){ .name = STR("jane") };
    CHECK(comes(&jane, MAPS, 200)); /* view is aggregated in the background */
    CHECK_INT(send(&jane, "POST", MAPS, config_map(p.a, "a", "")), 403);
    CHECK_INT(send(&jane, "GET", NS "/secrets", NULL), 403);
    CHECK_INT(send(&jane, "GET", "/api/v1/configmaps", NULL), 403);
    place_done(&p);
}

#define ROLES "/apis/rbac.authorization.k8s.io/v1/namespaces/default/roles"
#define BINDINGS "/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings"

static const char *role(struct arena *a, const char *name, const char *rules)
{
    return str_cstr(a,
                    str_printf(a,
                               "{\"apiVersion\":\"rbac.authorization.k8s.io/v1\",\"kind\":\"Role\","
                               "\"metadata\":{\"name\":\"%s\"},\"rules\":%s}",
                               name, rules));
}

static const char *binding(struct arena *a, const char *name, const char *kind, const char *to)
{
    return str_cstr(
        a, str_printf(a,
                      "{\"apiVersion\":\"rbac.authorization.k8s.io/v1\",\"kind\":\"RoleBinding\","
                      "\"metadata\":{\"name\":\"%s\"},\"roleRef\":{\"apiGroup\":"
                      "\"rbac.authorization.k8s.io\",\"kind\":\"%s\",\"name\":\"%s\"},"
                      "\"subjects\":[{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"User\","
                      "\"name\":\"jane\"}]}",
                      name, kind, to));
}

TEST(lets_nobody_grant_what_he_does_not_hold)
{
    struct place p = place_new(false);
    struct place jane;
    const struct val *answer = NULL;

    CHECK_INT(
        send(&p, "POST", ROLES,
             role(p.a, "r",
                  "[{\"apiGroups\":[\"rbac.authorization.k8s.io\"],\"resources\":[\"roles\","
                  "\"rolebindings\"],\"verbs\":[\"create\",\"update\",\"patch\"]},"
                  "{\"apiGroups\":[\"\"],\"resources\":[\"configmaps\"],\"verbs\":[\"get\"]}]")),
        201);
    CHECK_INT(send(&p, "POST", BINDINGS, binding(p.a, "b", "Role", "r")), 201);
    jane = p;
    jane.user = (struct api_user){ .name = STR("jane"),
                                   .groups = (const struct str[]){ STR("system:authenticated") },
                                   .group_count = 1 };
    CHECK_INT(
        send(&jane, "POST", ROLES,
             role(p.a, "held",
                  "[{\"apiGroups\":[\"\"],\"resources\":[\"configmaps\"],\"verbs\":[\"get\"]}]")),
        201);
    CHECK_INT(ask(&jane, p.a, "POST", ROLES,
                  role(p.a, "more",
                       "[{\"apiGroups\":[\"\"],\"resources\":[\"configmaps\",\"pods/log\"],"
                       "\"verbs\":[\"get\",\"list\"]}]"),
                  &answer),
              403);
    CHECK_STR(val_get_str(answer, "message"),
              "roles.rbac.authorization.k8s.io \"more\" is forbidden: user \"jane\" "
              "(groups=[\"system:authenticated\"]) is attempting to grant RBAC permissions not "
              "currently held:\n{APIGroups:[\"\"], Resources:[\"configmaps\"], Verbs:[\"list\"]}\n"
              "{APIGroups:[\"\"], Resources:[\"pods/log\"], Verbs:[\"get\" \"list\"]}");
    CHECK_INT(send(&jane, "PATCH", ROLES "/held",
                   "{\"rules\":[{\"apiGroups\":[\"*\"],\"resources\":[\"*\"],\"verbs\":[\"*\"]}]}"),
              403);
    CHECK_INT(send(&jane, "PATCH", ROLES "/held", "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}"),
              200);
    CHECK_INT(send(&jane, "POST", BINDINGS, binding(p.a, "up", "ClusterRole", "cluster-admin")),
              403);
    CHECK_INT(send(&jane, "POST", BINDINGS, binding(p.a, "same", "Role", "held")), 201);
    CHECK_INT(send(&jane, "POST", BINDINGS, binding(p.a, "none", "Role", "missing")), 404);
    place_done(&p);
}

/* ---- the simulator ---- */

TEST(rolls_a_deployment_out)
{
    struct place p = place_new(true);
    const struct val *d = NULL;

    CHECK_INT(send(&p, "POST", "/apis/apps/v1/namespaces/default/deployments",
                   "{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":"
                   "\"web\"},\"spec\":{\"replicas\":2,\"selector\":{\"matchLabels\":{\"app\":"
                   "\"web\"}},\"template\":{\"metadata\":{\"labels\":{\"app\":\"web\"}},\"spec\":{"
                   "\"containers\":[{\"name\":\"c\",\"image\":\"nginx:1\"}]}}}}"),
              201);
    for (int i = 0; i < 500 && val_at_int(d, "status.availableReplicas", 0) < 2; i++) {
        struct timespec wait = { .tv_nsec = 20 * NS_PER_MS };

        (void)nanosleep(&wait, NULL);
        CHECK_INT(ask(&p, p.a, "GET", "/apis/apps/v1/namespaces/default/deployments/web", NULL, &d),
                  200);
    }
    CHECK_INT(val_at_int(d, "status.availableReplicas", 0), 2);
    CHECK_INT(val_at_int(d, "status.updatedReplicas", 0), 2);
    CHECK_INT(val_at_int(d, "status.observedGeneration", 0),
              val_at_int(d, "metadata.generation", -1));
    place_done(&p);
}

TEST(fails_a_deployment_whose_pods_never_get_ready)
{
    struct place p = place_new(true);
    const struct val *d = NULL;
    struct str reason = STR("");

    CHECK_INT(send(&p, "POST", "/apis/apps/v1/namespaces/default/deployments",
                   "{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":"
                   "\"bad\"},\"spec\":{\"progressDeadlineSeconds\":1,\"minReadySeconds\":0,"
                   "\"selector\":{\"matchLabels\":{\"app\":\"bad\"}},\"template\":{\"metadata\":{"
                   "\"labels\":{\"app\":\"bad\"},\"annotations\":{\"sandbox.weir.dev/never-ready\":"
                   "\"ImagePullBackOff\"}},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":"
                   "\"nginx:1\"}]}}}}"),
              201);
    for (int i = 0; i < 500 && !str_is(reason, "ProgressDeadlineExceeded"); i++) {
        struct timespec wait = { .tv_nsec = 20 * NS_PER_MS };

        (void)nanosleep(&wait, NULL);
        CHECK_INT(ask(&p, p.a, "GET", "/apis/apps/v1/namespaces/default/deployments/bad", NULL, &d),
                  200);
        reason = val_get_str(val_item(val_at(d, "status.conditions"), 1), "reason");
    }
    CHECK_STR(reason, "ProgressDeadlineExceeded");
    CHECK_INT(val_at_int(d, "status.readyReplicas", 0), 0);
    place_done(&p);
}
