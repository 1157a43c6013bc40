/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/reconcile/attempt.h - private to the Kustomization use-case: one run in progress, handed from stage to stage.
 */
#ifndef APP_RECONCILE_ATTEMPT_H
#define APP_RECONCILE_ATTEMPT_H

#include "app/reconcile/apply.h"
#include "app/reconcile/history.h"
#include "app/reconcile/outcome.h"
#include "app/reconcile/prune.h"
#include "app/reconcile/report.h"
#include "app/reconcile/target.h"
#include "app/reconcile/variables.h"

/* How far a run has come: what its conditions say it was doing when it failed. */
enum attempt_stage { ATTEMPT_FETCHING, ATTEMPT_BUILDING, ATTEMPT_APPLYING, ATTEMPT_CHECKING };

struct attempt {
    const struct reconcile_ports *ports;
    struct run *run;
    const struct val *object; /* the Kustomization */
    struct cluster cluster;   /* that is applied to; set before the build */
    struct report report;
    struct owner owner;
    struct mono_time started;
    struct str revision;
    struct str digest;          /* sha256:<hex> of what was built; "" before */
    const struct val **objects; /* built, with owner labels */
    size_t count;
    struct substitution variables; /* of spec.postBuild */
    enum attempt_stage stage;
    struct str
        carried; /* change log of earlier runs that waited for a stage, without an event so far */
    struct obj_refs before;  /* the inventory */
    struct obj_refs desired; /* what was built */
};

void attempt_begin(struct attempt *t, const struct reconcile_ports *ports, struct run *run,
                   const struct val *object);
int64_t attempt_duration(const struct attempt *t); /* ns since it began */
/* Ready=False with the message, an event where that is news, and a retry. */
void attempt_fail(struct attempt *t, const char *reason, struct str message, struct outcome *ret);
/* What the attempt's stage is called in conditions: "Building manifests for revision R with a timeout of T". */
struct str attempt_progress(const struct attempt *t);

/* Of a deleted Kustomization: prunes, waits where it should, and takes the finalizer away. */
void attempt_finalize(struct attempt *t, struct outcome *ret);

/*
 * Fetch and build: fills objects, count and digest, and moves the stage on. On failure *ret_reason is ArtifactFailed, BuildFailed
 * or, for an encrypted Secret, ReconciliationFailed. Fields of spec that are not built yet are refused by name.
 */
MUST_CHECK struct err *attempt_build(struct attempt *t, const struct val *source,
                                     const char **ret_reason);

#endif
