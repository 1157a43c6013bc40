/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cmd_helm_repo.h - weir helm repo and registry: names of repositories, credentials of registries. */
#ifndef CLI_CMD_HELM_REPO_H
#define CLI_CMD_HELM_REPO_H

#include "cli/command.h"

struct err *cmd_helm_repo_add(const struct cli *cli, const struct invocation *in);
struct err *cmd_helm_repo_list(const struct cli *cli, const struct invocation *in);
struct err *cmd_helm_repo_remove(const struct cli *cli, const struct invocation *in);
struct err *cmd_helm_repo_update(const struct cli *cli, const struct invocation *in);
struct err *cmd_helm_repo_index(const struct cli *cli, const struct invocation *in);
struct err *cmd_helm_registry_login(const struct cli *cli, const struct invocation *in);
struct err *cmd_helm_registry_logout(const struct cli *cli, const struct invocation *in);

#endif
