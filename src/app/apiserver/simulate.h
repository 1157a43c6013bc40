/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/apiserver/simulate.h - private to app/apiserver: what the simulator does for each kind of workload.
 *
 * Each function brings one object a step further and may be called again at any time: it looks, and writes what is missing.
 * False: a write failed, try again.
 */
#ifndef APP_APISERVER_SIMULATE_H
#define APP_APISERVER_SIMULATE_H

#include "app/apiserver/internal.h"
#include "app/apiserver/storage.h"

#define SIMULATED_NODE "sandbox"
#define NEVER_READY "sandbox.weir.dev/never-ready" /* annotation of pods (simulator.h) */

struct simulation {
    struct apiserver *s;
    struct run *r;
    struct arena *a;
    const struct val *object; /* the one to be brought further */
    int64_t again_ns;         /* out: look again after this, though nothing happens; 0: no need */
};

bool simulate_pod(struct simulation *m);
bool simulate_deployment(struct simulation *m);
bool simulate_replica_set(struct simulation *m);
bool simulate_stateful_set(struct simulation *m);
bool simulate_daemon_set(struct simulation *m);
bool simulate_job(struct simulation *m);
bool simulate_claim(struct simulation *m);
bool simulate_namespace(struct simulation *m);
bool simulate_service(struct simulation *m);

/* ---- what they share (simulate.c) ---- */

struct simulated_objects {
    const struct val **items;
    size_t count;
};
/* Objects of a resource in the namespace of m->object that it controls. */
bool simulate_owned(struct simulation *m, struct str group, struct str plural,
                    struct simulated_objects *ret);

/* metadata.ownerReferences naming m->object as controller. */
const struct val *simulate_owner(struct simulation *m);

/* POST of a complete object; one that is there already is success. */
bool simulate_create(struct simulation *m, const struct val *object);
bool simulate_delete(struct simulation *m, const struct val *object);
/* Merge patch on an object or its subresource (NULL: itself), if it changes anything. */
bool simulate_patch(struct simulation *m, const struct val *object, const char *subresource,
                    const struct val *patch);

/* Pod of a template (spec.template of m->object) under a name, or with generateName. `labels` are added. */
const struct val *simulate_pod_of(struct simulation *m, struct str name, struct str generate,
                                  const struct val *labels);

/* Short hash of the pod template: pod-template-hash and the like. */
struct str simulate_template_hash(struct simulation *m);

/* A condition; its transition time is kept from `old` (a list) while the status stays. */
const struct val *simulate_condition(struct simulation *m, const struct val *old, const char *type,
                                     bool is, const char *reason, struct str message);

bool simulate_pod_is_ready(const struct val *pod);
bool simulate_is_ending(const struct val *object);

#endif
