/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/contract/cluster_contract.h - what every implementation of ports/driven/cluster.h must do.
 *
 * Give it an empty namespace of a server that serves core/v1 and apps/v1; it leaves objects behind there. Failures are
 * the harness' checks. Adapters call it from a TEST of their own.
 */
#ifndef TESTS_CONTRACT_CLUSTER_CONTRACT_H
#define TESTS_CONTRACT_CLUSTER_CONTRACT_H

#include "ports/driven/cluster.h"

void cluster_contract(const struct cluster *cluster, struct str ns);

#endif
