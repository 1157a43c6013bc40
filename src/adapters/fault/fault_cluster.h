/* SPDX-License-Identifier: Apache-2.0 */
/*
 * adapters/fault/fault_cluster.h - a decorator over any cluster: the process dies, or the call fails, at a chosen write.
 *
 * For tests of what a crash between two writes leaves behind. Each object of a set counts as a write of its own.
 */
#ifndef ADAPTERS_FAULT_FAULT_CLUSTER_H
#define ADAPTERS_FAULT_FAULT_CLUSTER_H

#include "ports/driven/cluster.h"

struct fault_cluster {
    struct cluster inner;
    int64_t kill_at; /* SIGKILL to itself before this write, from 1; 0: never */
    int64_t fail_at; /* this write fails; 0: never */
    enum err_code fail_with;
    atomic_llong writes;
};

/* `f` is borrowed; inner, kill_at and the rest are set before. */
struct cluster fault_cluster_port(struct fault_cluster *f);

#endif
