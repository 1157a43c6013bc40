/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/world.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

#include "adapters/clock_linux/clock_linux.h"
#include "adapters/render_inproc/render_inproc.h"
#include "app/engine/engine.h"
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

static struct err *open_one(void *self, struct run *r, struct str path, struct str digest,
                            struct tree *ret)
{
    const struct sim_artifact *o = self;

    (void)r;
    (void)path;
    (void)digest;
    *ret = o->tree;
    return NULL;
}

static const struct artifact_store_ops artifact_ops = { .open_tree = open_one };

struct err *sim_open(struct sim_world *w)
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

    if (!mkdtemp(w->dir))
        return err_new(w->arena, ERR_IO, "no temporary folder");
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
        .artifacts = { .ops = &artifact_ops, .self = &w->artifact },
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

void sim_close(struct sim_world *w)
{
    kube_inproc_free(w->client);
    apiserver_free(w->api);
    store_sqlite_free(w->store);
    metrics_text_free(w->metrics);
    CHECK(nftw(w->dir, remove_entry, 8, FTW_DEPTH | FTW_PHYS) == 0);
}

struct obj_ref sim_ref(struct str ns)
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

void sim_make(struct sim_world *w, struct run *r, struct str ns)
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
void sim_source(struct sim_world *w, struct arena *a, struct str ns, const char *letters)
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

struct outcome sim_run_once(struct sim_world *w, struct run *r, struct str ns, const char *revision)
{
    struct kustomization_input in = { .gate = { .kind = GATE_OPEN } };
    struct obj_ref ref = sim_ref(ns);
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
struct outcome sim_run(struct sim_world *w, struct run *r, struct str ns, const char *revision)
{
    struct outcome o = sim_run_once(w, r, ns, revision);

    for (int i = 0; i < 5 && (o.kind == OUTCOME_AGAIN || o.kind == OUTCOME_WAIT_STAGE); i++)
        o = sim_run_once(w, r, ns, revision);
    return o;
}

struct str sim_live(struct sim_world *w, struct run *r, struct str ns)
{
    struct cluster_selector sel = { .gvk = { STR(""), STR("v1"), STR("ConfigMap") },
                                    .ns = ns,
                                    .label_selector = STR("kustomize.toolkit.fluxcd.io/name=k") };
    struct cluster_list list = { 0 };
    struct str names = STR("");

    CHECK(cluster_list_all(&w->fault.inner, r, &sel, &list) == NULL);
    for (size_t i = 0; i < list.count; i++)
        names = str_concat(r->arena, names, val_at_str(list.items[i], "metadata.name"));
    return names;
}

/* Everything alive is on record. */
void sim_check_no_orphan(struct sim_world *w, struct run *r, struct str ns)
{
    struct obj_ref ref = sim_ref(ns);
    struct str live = sim_live(w, r, ns);
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
