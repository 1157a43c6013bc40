/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cmd_create.h - `weir create`: Flux objects, Secrets and tenants from flags, applied or printed. */
#ifndef CLI_CMD_CREATE_H
#define CLI_CMD_CREATE_H

#include "cli/command.h"

struct err *cmd_create_source_git(const struct cli *cli, const struct invocation *in);
struct err *cmd_create_kustomization(const struct cli *cli, const struct invocation *in);
struct err *cmd_create_tenant(const struct cli *cli, const struct invocation *in);
struct err *cmd_create_fleet(const struct cli *cli, const struct invocation *in);
struct err *cmd_create_secret_git(const struct cli *cli, const struct invocation *in);
struct err *cmd_create_secret_helm(const struct cli *cli, const struct invocation *in);
struct err *cmd_create_secret_oci(const struct cli *cli, const struct invocation *in);
struct err *cmd_create_secret_tls(const struct cli *cli, const struct invocation *in);
struct err *cmd_create_secret_proxy(const struct cli *cli, const struct invocation *in);
struct err *cmd_create_secret_githubapp(const struct cli *cli, const struct invocation *in);
struct err *cmd_create_secret_receiver(const struct cli *cli, const struct invocation *in);

#endif
