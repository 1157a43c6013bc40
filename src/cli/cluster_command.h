/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cluster_command.h - what the commands that talk to a cluster share: kinds by name, connection, progress lines.
 */
#ifndef CLI_CLUSTER_COMMAND_H
#define CLI_CLUSTER_COMMAND_H

#include "cli/command.h"

struct flux_kind {
    struct gvk gvk;
    const char *object; /* as flux' messages name it: "GitRepository object" */
};

extern const struct flux_kind kind_git_repository;
extern const struct flux_kind kind_kustomization;

/* Connects by the invocation's flags and sets the run's deadline from --timeout. */
MUST_CHECK struct err *cluster_command_connect(const struct cli *cli, const struct invocation *in,
                                               struct commands *ret_commands,
                                               struct queries *ret_queries);

/* "►", "◎", "✔", "✗" lines on standard error, as flux prints them. */
struct progress cluster_command_progress(const struct cli *cli);

#endif
