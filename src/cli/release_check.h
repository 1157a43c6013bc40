/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/release_check.h - the cluster behind `helm template --dry-run=server` (once called --validate).
 */
#ifndef CLI_RELEASE_CHECK_H
#define CLI_RELEASE_CHECK_H

#include "cli/command.h"
#include "core/helm/release.h"

struct release_check {
    const struct cli *cli;
    struct release_cluster cluster;
    struct str ns;
};

/* Whether the flags ask for a cluster. ERR_INVALID: --validate and --dry-run together; ERR_UNSUPPORTED: --post-renderer. */
MUST_CHECK struct err *release_check_is_wanted(const struct cli *cli, const struct invocation *in,
                                               bool *ret);

/* Connects; capabilities of the options and `lookup` of the host become the cluster's. `c` outlives them. */
MUST_CHECK struct err *release_check_open(struct release_check *c, const struct invocation *in,
                                          struct helm_release_options *options, struct host *host);

/* Whether the cluster would take the release; all errors joined. */
MUST_CHECK struct err *release_check_run(struct release_check *c,
                                         const struct helm_release_options *options,
                                         const struct helm_release *release);

#endif
