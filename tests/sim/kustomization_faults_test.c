/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Torture of the Kustomization use-case: each write to the cluster fails in turn, with each kind of error. Always true: no crash, a
 * condition that says so, no live object outside the inventory, nothing deleted that is still wanted, and the next run without
 * a fault converges. The cluster is the embedded API server; the artifact is a tree in memory.
 */
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

#include "adapters/clock_linux/clock_linux.h"
#include "adapters/fault/fault_cluster.h"
#include "adapters/kube_inproc/kube_inproc.h"
#include "adapters/metrics_text/metrics_text.h"
#include "adapters/render_inproc/render_inproc.h"
#include "adapters/store_sqlite/store_sqlite.h"
#include "app/apiserver/server.h"
#include "app/engine/engine.h"
#include "app/reconcile/kustomization.h"
#include "core/kube/conditions.h"
#include "core/kube/inventory.h"
#include "core/tree_memory.h"
#include "tests/harness.h"

static void no_log(void *self, enum log_level level, struct str message,
                   const struct log_fields *fields)
{
    (void)self;
    (void)level;
    (void)message;
    (void)fields;
}

/* ---- an artifact store that holds one tree ---- */

struct one_tree {
    struct tree tree;
};

static struct err *open_one(void *self, struct run *r, struct str path, struct str digest,
                            struct tree *ret)
{
    struct one_tree *o = self;

    (void)r;
    (void)path;
    (void)digest;
    *ret = o->tree;
    return NULL;
}

static const struct artifact_store_ops one_tree_ops = { .open_tree = open_one };

/* ---- the world of one test ---- */

struct world {
    struct arena *arena;
    char dir[32];
    struct store_sqlite *store;
    struct apiserver *api;
    struct kube_inproc *client;
    struct metrics_text *metrics;
    struct fault_cluster fault;
    struct one_tree artifact;
    struct reconcile_ports ports;
};

static struct err *open_world(struct world *w)
{
    static const struct str masters[] = { STR_INIT("system:masters") };
    struct api_user admin = { .name = STR("admin"), .groups = masters, .group_count = 1 };
    struct store_options store = { .clock = clock_linux() };
    struct apiserver_options options = { .clock = clock_linux(),
                                         .random = random_linux(),
                                         .log = { .write = no_log },
                                         .address = STR("127.0.0.1:6443") };
    struct run r = { .arena = w->arena, .deadline = MONO_NEVER };
    struct err *e;

    if (TRY(&e, store_sqlite_open(w->arena, str_printf(w->arena, "%s/weir.db", w->dir), &store,
                                  &w->store)))
        return e;
    options.store = store_sqlite_port(w->store);
    if (TRY(&e, apiserver_new(w->arena, &options, &w->api)))
        return e;
    w->client = kube_inproc_new(apiserver_port(w->api), &admin);
    w->metrics = metrics_text_new();
    w->fault.inner = kube_inproc_port(w->client);
    w->ports = (struct reconcile_ports){
        .cluster = fault_cluster_port(&w->fault),
        .artifacts = { .ops = &one_tree_ops, .self = &w->artifact },
        .renderer = render_inproc_port(),
        .clock = clock_linux(),
        .random = random_linux(),
        .log = { .write = no_log },
        .metrics = metrics_text_port(w->metrics),
        .options = { .requeue_dependency_ns = NS_PER_S,
                     .takeover = { .field_manager = STR(KUSTOMIZE_FIELD_MANAGER) } },
    };
    return engine_install_crds(&w->ports, &r);
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

static void close_world(struct world *w)
{
    kube_inproc_free(w->client);
    apiserver_free(w->api);
    store_sqlite_free(w->store);
    metrics_text_free(w->metrics);
    CHECK(nftw(w->dir, remove_entry, 8, FTW_DEPTH | FTW_PHYS) == 0);
}

static struct obj_ref kustomization_ref(struct str ns)
{
    return (struct obj_ref){ STR("kustomize.toolkit.fluxcd.io"), STR("v1"), STR("Kustomization"),
                             ns, STR("k") };
}

static const struct val *named(struct arena *a, const char *api_version, const char *kind,
                               struct str ns, const char *name)
{
    return val_map_of(a, "apiVersion", val_cstring(a, api_version), "kind", val_cstring(a, kind),
                      "metadata",
                      val_map_of(a, "name", val_cstring(a, name), "namespace",
                                 ns.len ? val_string(a, ns) : NULL, NULL),
                      NULL);
}

static void make(struct world *w, struct run *r, struct str ns)
{
    const struct val *k = named(r->arena, "kustomize.toolkit.fluxcd.io/v1", "Kustomization", ns,
                                "k");
    const struct val *namespace = named(r->arena, "v1", "Namespace", STR(""),
                                        str_cstr(r->arena, ns)),
                     *made = NULL;
    const struct val *source = val_map_of(r->arena, "kind", val_cstring(r->arena, "GitRepository"),
                                          "name", val_cstring(r->arena, "s"), NULL);

    k = val_with(r->arena, k, STR("spec"),
                 val_map_of(r->arena, "interval", val_cstring(r->arena, "1m"), "prune", &val_true,
                            "sourceRef", source, NULL));
    CHECK(cluster_create(&w->fault.inner, r, namespace, STR("test"), &made) == NULL);
    CHECK(cluster_create(&w->fault.inner, r, k, STR("test"), &made) == NULL);
}

/* Config maps with these names, in the order of a letter each: "ab" is a and b. */
static void set_source(struct world *w, struct arena *a, struct str ns, const char *letters)
{
    struct tree_memory *m = tree_memory_new(a);

    for (; *letters; letters++)
        tree_memory_put(
            m, str_printf(a, "%c.yaml", *letters),
            str_printf(a,
                       "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %c, namespace: %.*s}\n",
                       *letters, STR_ARG(ns)),
            false);
    w->artifact.tree = tree_memory_port(m, STR(""));
}

static struct outcome run_once(struct world *w, struct run *r, struct str ns, const char *revision)
{
    struct kustomization_input in = { .gate = { .kind = GATE_OPEN } };
    struct obj_ref ref = kustomization_ref(ns);
    struct outcome outcome = { .kind = OUTCOME_GONE };

    CHECK(cluster_get_one(&w->fault.inner, r, &ref, &in.object) == NULL);
    if (!in.object)
        return outcome;
    in.gate.source = val_with_at(r->arena, NULL, "status.artifact.revision",
                                 val_cstring(r->arena, revision));
    kustomization_reconcile(&w->ports, r, &in, &outcome);
    return outcome;
}

/* Up to the moment where nothing more is to do, or a failure. */
static struct outcome run_to_rest(struct world *w, struct run *r, struct str ns,
                                  const char *revision)
{
    struct outcome o = run_once(w, r, ns, revision);

    for (int i = 0; i < 5 && (o.kind == OUTCOME_AGAIN || o.kind == OUTCOME_WAIT_STAGE); i++)
        o = run_once(w, r, ns, revision);
    return o;
}

static struct str live_names(struct world *w, struct run *r, struct str ns)
{
    struct cluster_selector sel = { .gvk = { STR(""), STR("v1"), STR("ConfigMap") },
                                    .ns = ns,
                                    .label_selector = STR("kustomize.toolkit.fluxcd.io/name") };
    struct cluster_list list = { 0 };
    struct str names = STR("");

    CHECK(cluster_list_all(&w->fault.inner, r, &sel, &list) == NULL);
    for (size_t i = 0; i < list.count; i++)
        names = str_concat(r->arena, names, val_at_str(list.items[i], "metadata.name"));
    return names;
}

/* Everything alive is on record. */
static void check_no_orphan(struct world *w, struct run *r, struct str ns)
{
    struct obj_ref ref = kustomization_ref(ns);
    struct str live = live_names(w, r, ns);
    const struct val *k = NULL;
    struct obj_refs refs;

    REQUIRE(cluster_get_one(&w->fault.inner, r, &ref, &k) == NULL && k);
    REQUIRE(inventory_parse(r->arena, val_at(k, "status.inventory"), &refs) == NULL);
    for (size_t i = 0; i < live.len; i++) {
        bool on_record = false;

        for (size_t j = 0; j < refs.count; j++)
            on_record = on_record || str_eq(refs.items[j].name, str_of(live.ptr + i, 1));
        CHECK(on_record);
    }
}

/* Applies abc, then bcd with write `fail_at` failing, then bcd again. False: that write was never reached. */
static bool torture(struct world *w, long long fail_at, enum err_code code)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct run r = { .arena = a, .deadline = MONO_NEVER };
    struct str ns = str_printf(a, "t-%d-%lld", (int)code, fail_at);
    struct outcome o;
    bool reached;

    test_label(
        str_cstr(a, str_printf(a, "write %lld fails with %s", fail_at, err_code_name(code))));
    make(w, &r, ns);
    set_source(w, a, ns, "abc");
    w->fault.fail_at = 0;
    CHECK_INT(run_to_rest(w, &r, ns, "main@sha1:1").kind, OUTCOME_DONE);
    CHECK_STR(live_names(w, &r, ns), "abc");
    atomic_store(&w->fault.writes, 0);
    w->fault.fail_at = fail_at;
    w->fault.fail_with = code;
    set_source(w, a, ns, "bcd");
    (void)run_to_rest(w, &r, ns, "main@sha1:2");
    reached = atomic_load(&w->fault.writes) >= fail_at;
    check_no_orphan(w, &r, ns);
    CHECK(str_contains(live_names(w, &r, ns), STR("bc")));
    w->fault.fail_at = 0;
    o = run_to_rest(w, &r, ns, "main@sha1:2");
    CHECK_INT(o.kind, OUTCOME_DONE);
    CHECK_STR(live_names(w, &r, ns), "bcd");
    check_no_orphan(w, &r, ns);
    return reached;
}

TEST(every_write_may_fail_and_the_next_run_converges)
{
    static const enum err_code codes[] = { ERR_UNAVAILABLE, ERR_CONFLICT, ERR_FORBIDDEN,
                                           ERR_TIMEOUT, ERR_INVALID };
    ARENA_AUTO struct arena *a = arena_new(0);
    struct world w = { .arena = a, .dir = "/tmp/weir-faults-XXXXXX" };
    long long writes = 0;

    REQUIRE(mkdtemp(w.dir));
    REQUIRE(open_world(&w) == NULL);
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        for (writes = 1; torture(&w, writes, codes[i]); writes++)
            REQUIRE(writes < 50);
    test_label(NULL);
    CHECK(writes > 4);
    close_world(&w);
}
