/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/simulate/simulate.h - drives a throw-away cluster until a fleet has come to rest, and tells what became of it.
 *
 * The cluster is an API server with the engine at work (main puts them together). What an unknown cluster would refuse and a real
 * one has is assumed: a GitRepository that Kustomizations name and the fleet does not have is what bootstrap made; definitions of kinds that the fleet does not bring are made, accepting anything, and named.
 */
#ifndef APP_SIMULATE_SIMULATE_H
#define APP_SIMULATE_SIMULATE_H

#include "ports/driven/clock.h"
#include "ports/driven/cluster.h"
#include "ports/driving/simulation.h"

struct simulate_ports {
    struct cluster cluster;
    struct clock clock;
    struct str (*source_url)(void *self); /* of the simulated repository */
    /* The fleet's own source names this URL: it is the simulated repository, too. */
    void (*adopt)(void *self, struct str url);
    void (*pause)(void *self, int64_t ns);
    void *self;
};

/* Makes the namespace flux-system, its GitRepository and its Kustomization (at `path`), as bootstrap does. */
MUST_CHECK struct err *simulate_begin(const struct simulate_ports *ports, struct run *r,
                                      struct str path);

/* Until nothing moves any more, or r->deadline is over: *ret_complete. */
MUST_CHECK struct err *simulate_settle(const struct simulate_ports *ports, struct run *r,
                                       struct obj_refs *assumed, bool *ret_complete);

/* Asks every source to look again: another snapshot is there. */
MUST_CHECK struct err *simulate_refresh(const struct simulate_ports *ports, struct run *r);

/* What there is now. `before` NULL, or what there was at the base: what it had and this has not is deleted. */
MUST_CHECK struct err *simulate_look(const struct simulate_ports *ports, struct run *r,
                                     const struct simulation *before, struct simulation *ret);

#endif
