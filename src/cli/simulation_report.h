/* SPDX-License-Identifier: Apache-2.0 */
/* cli/simulation_report.h - what simulations found, for people and for CI. */
#ifndef CLI_SIMULATION_REPORT_H
#define CLI_SIMULATION_REPORT_H

#include "base/buf.h"
#include "ports/driving/simulation.h"

/* One cluster of the repository. */
struct simulated_cluster {
    struct str path; /* clusters/production */
    struct simulation result;
};

bool simulation_has_failed(const struct simulation *s);

/* Each a whole document for all clusters; text has a line a finding. */
void simulation_text(struct buf *out, struct arena *a, const struct simulated_cluster *clusters,
                     size_t count);
void simulation_json(struct buf *out, struct arena *a, const struct simulated_cluster *clusters,
                     size_t count);
/* JUnit's XML, a test case an object. */
void simulation_junit(struct buf *out, struct arena *a, const struct simulated_cluster *clusters,
                      size_t count);
/* SARIF 2.1.0; messages that begin with file:line:column are placed there. */
void simulation_sarif(struct buf *out, struct arena *a, const struct simulated_cluster *clusters,
                      size_t count);

#endif
