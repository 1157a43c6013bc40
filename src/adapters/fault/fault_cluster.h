/* SPDX-License-Identifier: Apache-2.0 */
/*
 * adapters/fault/fault_cluster.h - a decorator over any cluster: the process dies, or the call fails, at a chosen write.
 *
 * For tests of what a crash between two writes leaves behind. Each object of a set counts as a write of its own.
 */
#ifndef ADAPTERS_FAULT_FAULT_CLUSTER_H
#define ADAPTERS_FAULT_FAULT_CLUSTER_H

#include "ports/driven/cluster.h"

/* Faults by chance, the same for the same seed. */
struct fault_chance {
    uint64_t state;   /* of the generator; the seed at first */
    unsigned refused; /* of 1,000 calls: answered with an error, nothing done */
    unsigned unheard; /* of 1,000 writes: done, and the answer is lost */
    unsigned dies;    /* of 1,000 calls: from it on none is answered, as if the process had ended */
    bool dead;        /* it has died; set to false for the next life */
};

struct fault_cluster {
    struct cluster inner;
    int64_t kill_at; /* SIGKILL to itself before this write, from 1; 0: never */
    int64_t fail_at; /* this write fails; 0: never */
    enum err_code fail_with;
    atomic_llong writes;         /* that were let through or refused */
    struct fault_chance *chance; /* NULL: none; then calls come from one thread */
};

/* `f` is borrowed; inner, kill_at and the rest are set before. */
struct cluster fault_cluster_port(struct fault_cluster *f);

#endif
