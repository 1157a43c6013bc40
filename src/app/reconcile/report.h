/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/reconcile/report.h - telling the world: status, finalizers and Kubernetes Events of a Flux object.
 *
 * Reasons and messages are Flux' (source-controller 1.9, kustomize-controller 1.9); clients match them.
 */
#ifndef APP_RECONCILE_REPORT_H
#define APP_RECONCILE_REPORT_H

#include "app/reconcile/ports.h"
#include "core/kube/conditions.h"

/* A status being composed for one object; written in one patch by report_write, or not at all when nothing changed. */
struct report {
    const struct reconcile_ports *ports;
    struct run *run;
    const struct val *object;  /* as read */
    const struct val *status;  /* what it shall become */
    struct str controller;     /* kustomize-controller: source of its events */
    struct str status_manager; /* field manager of status writes */
    struct str digest;         /* of the artifact that events speak of; "": none */
    struct wall_time now;
};

void report_begin(struct report *r, const struct reconcile_ports *ports, struct run *run,
                  const struct val *object, struct str controller, struct str status_manager);

void report_set(struct report *r, const char *path,
                const struct val *value); /* dotted, below status; NULL removes */
void report_condition(struct report *r, const char *type, const char *status, const char *reason,
                      struct str message);
void report_no_condition(struct report *r, const char *type);

/* Ready=True; Reconciling and Stalled go; observedGeneration and lastHandledReconcileAt are brought up to date. */
void report_ready(struct report *r, const char *reason, struct str message);
/*
 * Ready=False. Reconciling says that it is tried again, with what was being done (`progress`; "": as it says already, and nothing
 * where it is absent).
 */
void report_failed(struct report *r, const char *reason, struct str message, struct str progress);
/* For a run that does nothing: what a healthy object still owes to those who ask, observedGeneration and lastHandledReconcileAt. */
void report_observed(struct report *r);
/* Ready=False and Stalled=True: only a change of the object can help. */
void report_stalled(struct report *r, const char *reason, struct str message);
/* Ready=Unknown while work goes on. */
void report_progressing(struct report *r, struct str ready_message, struct str message);

/* No write when the status is what it was. On a conflict or a vanished object the error is returned. */
MUST_CHECK struct err *report_write(struct report *r);

enum event_severity {
    EVENT_INFO,
    EVENT_ERROR,
    EVENT_DONE, /* as EVENT_INFO; also annotated commit_status=update, for those who set the status of the commit */
};

/*
 * A Kubernetes Event about the object; `revision` "" for none. Failures are logged, not returned: an event is no reason
 * to fail a reconcile.
 */
void report_event(struct report *r, enum event_severity severity, const char *reason,
                  struct str message, struct str revision);

/* Adds or removes finalizers.fluxcd.io, with the resourceVersion as precondition. */
MUST_CHECK struct err *report_finalizer(struct report *r, bool present);
bool has_finalizer(const struct val *object);

#endif
