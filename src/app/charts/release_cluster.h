/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/charts/release_cluster.h - ports/driving/release_cluster.h over a cluster.
 */
#ifndef APP_CHARTS_RELEASE_CLUSTER_H
#define APP_CHARTS_RELEASE_CLUSTER_H

#include "ports/driven/cluster.h"
#include "ports/driven/discovery.h"
#include "ports/driving/release_cluster.h"

struct release_cluster_tools {
    struct cluster cluster;
    struct discovery discovery;
};

/* `tools` is borrowed and outlives the port. */
struct release_cluster release_cluster_port(struct release_cluster_tools *tools);

#endif
