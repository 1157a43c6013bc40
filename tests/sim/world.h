/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/sim/world.h - the Kustomization use-case alone on the embedded API server, behind a cluster that fails on request. The artifact
 * is a tree in memory. One world serves many runs, each in a namespace of its own.
 */
#ifndef TESTS_SIM_WORLD_H
#define TESTS_SIM_WORLD_H

#include "adapters/fault/fault_cluster.h"
#include "adapters/kube_inproc/kube_inproc.h"
#include "adapters/metrics_text/metrics_text.h"
#include "adapters/store_sqlite/store_sqlite.h"
#include "app/apiserver/server.h"
#include "app/reconcile/kustomization.h"

struct sim_artifact {
    struct tree tree;
};

struct sim_world {
    struct arena *arena;
    char dir[32]; /* "/tmp/...XXXXXX" */
    struct store_sqlite *store;
    struct apiserver *api;
    struct kube_inproc *client;
    struct metrics_text *metrics;
    struct fault_cluster fault;
    struct sim_artifact artifact;
    struct reconcile_ports ports;
};

/* arena and dir are set. */
MUST_CHECK struct err *sim_open(struct sim_world *w);
void sim_close(struct sim_world *w);

struct obj_ref sim_ref(struct str ns); /* of the Kustomization "k" */
/* The namespace and its Kustomization, which prunes. */
void sim_make(struct sim_world *w, struct run *r, struct str ns);
/* The source has config maps with these names, a letter each: "ab" is a and b. */
void sim_source(struct sim_world *w, struct arena *a, struct str ns, const char *letters);
struct outcome sim_run_once(struct sim_world *w, struct run *r, struct str ns,
                            const char *revision);
/* Up to the moment where nothing more is to do, or a failure. */
struct outcome sim_run(struct sim_world *w, struct run *r, struct str ns, const char *revision);
/* Names of the config maps that carry the label of "k", in order. */
struct str sim_live(struct sim_world *w, struct run *r, struct str ns);
/* Everything alive that carries our labels is in the inventory. */
void sim_check_no_orphan(struct sim_world *w, struct run *r, struct str ns);

#endif
