/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/contract/cluster_contract.h"

#include <pthread.h>
#include <time.h>

#include "tests/harness.h"
#include "value/json.h"

struct fixture {
    const struct cluster *c;
    struct str ns;
    struct run r;
};

#define MANAGER STR("contract")

static const struct val *config_map(struct fixture *f, const char *name, const char *value)
{
    struct arena *a = f->r.arena;

    return val_map_of(
        a, "apiVersion", val_cstring(a, "v1"), "kind", val_cstring(a, "ConfigMap"), "metadata",
        val_map_of(a, "name", val_cstring(a, name), "namespace", val_string(a, f->ns), "labels",
                   val_map_of(a, "suite", val_cstring(a, "contract"), NULL), NULL),
        "data", val_map_of(a, "k", val_cstring(a, value), NULL), NULL);
}

static struct obj_ref ref_of(struct fixture *f, const char *name)
{
    return (struct obj_ref){
        .version = STR("v1"), .kind = STR("ConfigMap"), .ns = f->ns, .name = str_from_cstr(name)
    };
}

static struct cluster_result apply(struct fixture *f, const struct val *object, struct str manager,
                                   bool force, bool dry_run)
{
    struct cluster_apply req = {
        .object = object, .field_manager = manager, .force = force, .dry_run = dry_run
    };
    struct cluster_result out = { 0 };
    struct err *e = cluster_apply_set(f->c, &f->r, &req, 1, &out);

    if (e)
        out.err = e;
    return out;
}

static const struct val *get(struct fixture *f, const char *name)
{
    struct obj_ref ref = ref_of(f, name);
    const struct val *out = NULL;

    CHECK(cluster_get_one(f->c, &f->r, &ref, &out) == NULL);
    return out;
}

static void applies(struct fixture *f)
{
    struct cluster_result first = apply(f, config_map(f, "applied", "1"), MANAGER, false, false);
    struct cluster_result again;
    struct cluster_result other;

    REQUIRE(!first.err && first.object);
    CHECK_STR(val_at_str(first.object, "data.k"), "1");
    CHECK_STR(val_at_str(first.object, "kind"), "ConfigMap");
    CHECK(val_at_str(first.object, "metadata.uid").len > 0);

    again = apply(f, config_map(f, "applied", "1"), MANAGER, false, false);
    REQUIRE(!again.err);
    CHECK_STR(val_at_str(again.object, "metadata.resourceVersion"),
              val_at_str(first.object, "metadata.resourceVersion"));

    other = apply(f, config_map(f, "applied", "2"), STR("other"), false, false);
    REQUIRE(other.err);
    CHECK_INT(other.err->code, ERR_CONFLICT);
    REQUIRE(other.err->status);
    CHECK_INT(other.err->status->http_code, 409);
    CHECK(other.err->status->cause_count > 0);
    CHECK_STR(val_at_str(get(f, "applied"), "data.k"), "1");

    other = apply(f, config_map(f, "applied", "2"), STR("other"), true, false);
    REQUIRE(!other.err);
    CHECK_STR(val_at_str(get(f, "applied"), "data.k"), "2");
}

static void dry_runs(struct fixture *f)
{
    struct cluster_result r = apply(f, config_map(f, "dry", "1"), MANAGER, false, true);

    REQUIRE(!r.err);
    CHECK_STR(val_at_str(r.object, "data.k"), "1");
    CHECK(get(f, "dry") == NULL);
}

/* A set answers one by one, in order, whatever became of the others. */
static void answers_sets_in_order(struct fixture *f)
{
    const struct val *bad = val_with_at(f->r.arena, config_map(f, "set-b", "1"), "data",
                                        val_int(f->r.arena, 3));
    struct cluster_apply reqs[3] = {
        { .object = config_map(f, "set-a", "1"), .field_manager = MANAGER },
        { .object = bad, .field_manager = MANAGER },
        { .object = config_map(f, "set-c", "1"), .field_manager = MANAGER },
    };
    struct obj_ref refs[2] = { ref_of(f, "set-c"), ref_of(f, "set-missing") };
    struct cluster_result out[3] = { 0 };

    REQUIRE(!cluster_apply_set(f->c, &f->r, reqs, 3, out));
    CHECK(out[0].err == NULL);
    CHECK(out[1].err != NULL);
    CHECK(out[2].err == NULL);
    CHECK_STR(val_at_str(out[2].object, "metadata.name"), "set-c");

    REQUIRE(!cluster_get_set(f->c, &f->r, refs, 2, out));
    CHECK_STR(val_at_str(out[0].object, "metadata.name"), "set-c");
    REQUIRE(out[1].err);
    CHECK_INT(out[1].err->code, ERR_NOT_FOUND);
}

static void creates(struct fixture *f)
{
    const struct val *made = NULL;
    const struct val *generated = val_without_at(f->r.arena, config_map(f, "x", "1"),
                                                 "metadata.name");
    struct err *e;

    REQUIRE(!cluster_create(f->c, &f->r, config_map(f, "created", "1"), MANAGER, &made));
    CHECK_STR(val_at_str(made, "metadata.name"), "created");
    e = cluster_create(f->c, &f->r, config_map(f, "created", "2"), MANAGER, &made);
    REQUIRE(e);
    CHECK_INT(e->code, ERR_ALREADY_EXISTS);

    generated = val_with_at(f->r.arena, generated, "metadata.generateName",
                            val_cstring(f->r.arena, "gen-"));
    REQUIRE(!cluster_create(f->c, &f->r, generated, MANAGER, &made));
    CHECK(str_has_prefix(val_at_str(made, "metadata.name"), STR("gen-")));
    CHECK_INT(val_at_str(made, "metadata.name").len, 9);
}

static void patches(struct fixture *f)
{
    struct cluster_patch req = { .ref = ref_of(f, "created"),
                                 .type = CLUSTER_PATCH_MERGE,
                                 .field_manager = MANAGER };
    const struct val *out = NULL;
    struct err *e;

    REQUIRE(!json_read(f->r.arena, STR("{\"data\":{\"k\":null,\"m\":\"2\"}}"), STR("patch"), 0,
                       &req.patch));
    REQUIRE(!cluster_patch_one(f->c, &f->r, &req, &out));
    CHECK_STR(val_at_str(out, "data.m"), "2");
    CHECK(val_at(out, "data.k") == NULL);

    req.type = CLUSTER_PATCH_JSON;
    REQUIRE(!json_read(f->r.arena, STR("[{\"op\":\"test\",\"path\":\"/data/m\",\"value\":\"9\"}]"),
                       STR("patch"), 0, &req.patch));
    e = cluster_patch_one(f->c, &f->r, &req, &out);
    CHECK(e != NULL);

    req.ref.name = STR("missing");
    e = cluster_patch_one(f->c, &f->r, &req, &out);
    REQUIRE(e);
    CHECK_INT(e->code, ERR_NOT_FOUND);
}

static void lists(struct fixture *f)
{
    struct cluster_selector sel = { .gvk = { .version = STR("v1"), .kind = STR("ConfigMap") },
                                    .ns = f->ns,
                                    .label_selector = STR("suite=contract"),
                                    .field_selector = STR("metadata.name=created") };
    struct cluster_list out = { 0 };
    struct err *e;

    REQUIRE(!cluster_list_all(f->c, &f->r, &sel, &out));
    REQUIRE(out.count == 1);
    CHECK_STR(val_at_str(out.items[0], "metadata.name"), "created");
    CHECK_STR(val_at_str(out.items[0], "kind"), "ConfigMap");
    CHECK_STR(val_at_str(out.items[0], "apiVersion"), "v1");
    CHECK(out.resource_version.len > 0);

    sel.label_selector = STR("suite=other");
    REQUIRE(!cluster_list_all(f->c, &f->r, &sel, &out));
    CHECK_INT(out.count, 0);

    sel.gvk.kind = STR("Nonsense");
    e = cluster_list_all(f->c, &f->r, &sel, &out);
    REQUIRE(e);
    CHECK_INT(e->code, ERR_NOT_FOUND);
}

static void deletes(struct fixture *f)
{
    struct cluster_delete req = { .ref = ref_of(f, "created"), .uid = STR("someone-else") };
    struct cluster_result out = { 0 };

    REQUIRE(!cluster_delete_set(f->c, &f->r, &req, 1, &out));
    REQUIRE(out.err);
    CHECK_INT(out.err->code, ERR_CONFLICT);
    REQUIRE(get(f, "created"));

    req.uid = val_at_str(get(f, "created"), "metadata.uid");
    REQUIRE(!cluster_delete_set(f->c, &f->r, &req, 1, &out));
    CHECK(out.err == NULL);
    CHECK(get(f, "created") == NULL);

    /* Gone already is success. */
    REQUIRE(!cluster_delete_set(f->c, &f->r, &req, 1, &out));
    CHECK(out.err == NULL);
}

static void knows_scopes(struct fixture *f)
{
    struct gvk deployment = { STR("apps"), STR("v1"), STR("Deployment") };
    struct gvk namespace = { STR(""), STR("v1"), STR("Namespace") };
    struct gvk nonsense = { STR("example.com"), STR("v1"), STR("Nonsense") };
    bool namespaced = false;
    struct err *e;

    REQUIRE(!cluster_scope(f->c, &f->r, &deployment, &namespaced));
    CHECK(namespaced);
    REQUIRE(!cluster_scope(f->c, &f->r, &namespace, &namespaced));
    CHECK(!namespaced);
    e = cluster_scope(f->c, &f->r, &nonsense, &namespaced);
    REQUIRE(e);
    CHECK_INT(e->code, ERR_NOT_FOUND);
}

/* ---- watches ---- */

enum { SEEN_MAX = 16 };

struct seen {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    enum cluster_event events[SEEN_MAX];
    char names[SEEN_MAX][32];
    size_t count; /* bookmarks are not counted */
    bool ended;
    enum err_code code;
};

static void on_event(void *self, enum cluster_event event, const struct val *object,
                     const struct err *e)
{
    struct seen *s = self;
    struct str name = val_at_str(object, "metadata.name");

    pthread_mutex_lock(&s->lock);
    if (event == CLUSTER_WATCH_ENDED) {
        s->ended = true;
        s->code = e ? e->code : ERR_CODE_COUNT;
    } else if (event != CLUSTER_BOOKMARK && s->count < SEEN_MAX && name.len < 32) {
        s->events[s->count] = event;
        memcpy(s->names[s->count], name.ptr, name.len);
        s->count++;
    }
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
}

/* Until as many events came, or the watch ended; false after ten seconds. */
static bool wait_for(struct seen *s, size_t count)
{
    struct timespec until;
    int rc = 0;
    bool ok;

    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 10;
    pthread_mutex_lock(&s->lock);
    while (s->count < count && !s->ended && rc == 0)
        rc = pthread_cond_timedwait(&s->changed, &s->lock, &until);
    ok = s->count >= count;
    pthread_mutex_unlock(&s->lock);
    return ok;
}

static void watches(struct fixture *f)
{
    struct cluster_selector sel = { .gvk = { .version = STR("v1"), .kind = STR("ConfigMap") },
                                    .ns = f->ns,
                                    .field_selector = STR("metadata.name=watched") };
    struct seen seen = { .lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER };
    struct cluster_watcher watcher = { .on_event = on_event, .self = &seen };
    struct cluster_delete gone = { .ref = ref_of(f, "watched") };
    struct cluster_result out = { 0 };
    struct cluster_watch *watch = NULL;
    struct cluster_list list = { 0 };

    REQUIRE(!cluster_list_all(f->c, &f->r, &sel, &list));
    /* What happens before the watch is open but after the list is not lost. */
    REQUIRE(!apply(f, config_map(f, "watched", "1"), MANAGER, false, false).err);
    REQUIRE(!cluster_watch_open(f->c, &f->r, &sel, list.resource_version, &watcher, &watch));
    REQUIRE(!apply(f, config_map(f, "watched", "2"), MANAGER, false, false).err);
    REQUIRE(!apply(f, config_map(f, "unwatched", "1"), MANAGER, false, false).err);
    REQUIRE(!cluster_delete_set(f->c, &f->r, &gone, 1, &out));
    CHECK(wait_for(&seen, 3));
    cluster_watch_close(f->c, watch);
    CHECK_INT(seen.count, 3);
    CHECK_INT(seen.events[0], CLUSTER_ADDED);
    CHECK_INT(seen.events[1], CLUSTER_MODIFIED);
    CHECK_INT(seen.events[2], CLUSTER_DELETED);
    CHECK_STR((const char *)seen.names[2], "watched");
}

/* A version that history has forgotten ends the watch with ERR_GONE, on opening or right after. */
static void refuses_old_versions(struct fixture *f)
{
    struct cluster_selector sel = { .gvk = { .version = STR("v1"), .kind = STR("ConfigMap") },
                                    .ns = f->ns };
    struct seen seen = { .lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER };
    struct cluster_watcher watcher = { .on_event = on_event, .self = &seen };
    struct cluster_watch *watch = NULL;
    struct err *e = cluster_watch_open(f->c, &f->r, &sel, STR("1"), &watcher, &watch);

    if (e) {
        CHECK_INT(e->code, ERR_GONE);
        return;
    }
    CHECK(!wait_for(&seen, 1));
    CHECK(seen.ended);
    CHECK_INT(seen.code, ERR_GONE);
    cluster_watch_close(f->c, watch);
}

void cluster_contract(const struct cluster *cluster, struct str ns)
{
    static const struct {
        const char *label;
        void (*check)(struct fixture *f);
    } all[] = {
        { "server-side apply", applies },
        { "dry run", dry_runs },
        { "sets", answers_sets_in_order },
        { "create", creates },
        { "patch", patches },
        { "list", lists },
        { "delete", deletes },
        { "scope", knows_scopes },
        { "watch", watches },
        { "old versions", refuses_old_versions },
    };

    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        struct fixture f = { .c = cluster, .ns = ns };

        f.r = (struct run){ .arena = arena_new(0), .deadline = MONO_NEVER };
        test_label(all[i].label);
        all[i].check(&f);
        arena_free(f.r.arena);
    }
    test_label(NULL);
}
