/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of the command table: what changes Flux objects of a cluster. */
#include "cli/cmd_control.h"
#include "cli/command_table.h"

static const struct flag reconcile_kustomization_flags[] = {
    { "with-source", 0, FLAG_SWITCH, NULL, NULL, "reconcile its source first" },
};

static const struct flag suspend_flags[] = {
    { "all", 0, FLAG_SWITCH, NULL, NULL, "every one in the namespace" },
};

static const struct flag resume_flags[] = {
    { "all", 0, FLAG_SWITCH, NULL, NULL, "every one in the namespace" },
    { "wait", 0, FLAG_SWITCH, NULL, NULL, "wait until it is reconciled" },
};

static const struct command rows[] = {
    { .path = "reconcile", .summary = "Reconcile an object now" },
    { .path = "reconcile source", .summary = "Reconcile a source now" },
    { .path = "reconcile source git",
      .arguments = "NAME",
      .arguments_max = 1,
      .summary = "Reconcile a GitRepository now",
      .uses_cluster = true,
      .kind = &flux_kinds[FLUX_GIT_REPOSITORY],
      .run = cmd_reconcile },
    { .path = "reconcile kustomization",
      .aliases = "ks",
      .arguments = "NAME",
      .arguments_max = 1,
      .summary = "Reconcile a Kustomization now",
      .examples = "  weir reconcile kustomization apps --with-source",
      FLAGS(reconcile_kustomization_flags),
      .uses_cluster = true,
      .kind = &flux_kinds[FLUX_KUSTOMIZATION],
      .run = cmd_reconcile },
    { .path = "suspend", .summary = "Suspend reconciliation of an object" },
    { .path = "suspend source", .summary = "Suspend a source" },
    { .path = "suspend source git",
      .arguments = "[NAME]...",
      .arguments_max = ARGUMENTS_MAX,
      .summary = "Suspend GitRepositories",
      FLAGS(suspend_flags),
      .uses_cluster = true,
      .kind = &flux_kinds[FLUX_GIT_REPOSITORY],
      .run = cmd_suspend },
    { .path = "suspend kustomization",
      .aliases = "ks",
      .arguments = "[NAME]...",
      .arguments_max = ARGUMENTS_MAX,
      .summary = "Suspend Kustomizations",
      FLAGS(suspend_flags),
      .uses_cluster = true,
      .kind = &flux_kinds[FLUX_KUSTOMIZATION],
      .run = cmd_suspend },
    { .path = "resume", .summary = "Resume reconciliation of an object" },
    { .path = "resume source", .summary = "Resume a source" },
    { .path = "resume source git",
      .arguments = "[NAME]...",
      .arguments_max = ARGUMENTS_MAX,
      .summary = "Resume GitRepositories",
      FLAGS(resume_flags),
      .uses_cluster = true,
      .kind = &flux_kinds[FLUX_GIT_REPOSITORY],
      .run = cmd_resume },
    { .path = "resume kustomization",
      .aliases = "ks",
      .arguments = "[NAME]...",
      .arguments_max = ARGUMENTS_MAX,
      .summary = "Resume Kustomizations",
      FLAGS(resume_flags),
      .uses_cluster = true,
      .kind = &flux_kinds[FLUX_KUSTOMIZATION],
      .run = cmd_resume },
};
const struct command_rows change_commands = { rows, sizeof rows / sizeof rows[0] };
