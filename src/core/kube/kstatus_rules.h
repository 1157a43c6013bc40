/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/kube/kstatus_rules.h - private to kstatus: the rules of single kinds.
 */
#ifndef CORE_KUBE_KSTATUS_RULES_H
#define CORE_KUBE_KSTATUS_RULES_H

#include "core/kube/kstatus.h"

typedef struct kstatus kstatus_rule(struct arena *a, const struct val *object,
                                    struct wall_time now);

kstatus_rule kstatus_deployment, kstatus_stateful_set, kstatus_daemon_set, kstatus_replica_set;
kstatus_rule kstatus_pod, kstatus_job, kstatus_claim, kstatus_service, kstatus_crd, kstatus_budget;

/* `format` takes as many long long values as the rule gives. */
struct kstatus kstatus_make(struct arena *a, enum kstatus_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
