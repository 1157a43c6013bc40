/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cmd_helm.h - `weir helm eval`: one template through Helm's engine, or a prompt for them. */
#ifndef CLI_CMD_HELM_H
#define CLI_CMD_HELM_H

#include "cli/command.h"
#include "core/gotmpl/value.h"

/* The name of the template that is evaluated: chart t 1.2.3, app 4.5.6, in Kubernetes 1.20, as Helm's own tests have it. */
#define HELM_EVAL_FILE "t/templates/t.yaml"

struct err *cmd_helm_eval(const struct cli *cli, const struct invocation *in);

/* The same line by line, until the input ends: an expression or a template each; what a line defines stays. */
MUST_CHECK struct err *cmd_helm_prompt(const struct cli *cli, const struct invocation *in);

/* What stands behind the dot, by --values and --context. */
MUST_CHECK struct err *helm_eval_context(const struct cli *cli, const struct invocation *in,
                                         struct go_value *ret);

#endif
