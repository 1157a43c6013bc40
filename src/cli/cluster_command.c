/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cluster_command.h"

const struct flag cli_cluster_flags[] = {
    { "namespace", 'n', FLAG_TEXT, "flux-system", NULL,
      "namespace to act in; else $FLUX_SYSTEM_NAMESPACE" },
    { "kubeconfig", 0, FLAG_TEXT, NULL, NULL,
      "file to find the cluster in; else $KUBECONFIG, then ~/.kube/config" },
    { "context", 0, FLAG_TEXT, NULL, NULL, "context of the kubeconfig" },
    { "timeout", 0, FLAG_DURATION, "5m0s", NULL, "time for the whole command" },
};
const size_t cli_cluster_flag_count = sizeof cli_cluster_flags / sizeof cli_cluster_flags[0];

struct err *cluster_command_connect(const struct cli *cli, const struct invocation *in,
                                    struct commands *ret_commands, struct queries *ret_queries)
{
    struct connect_options options = {
        .kubeconfig = flag_text(in, "kubeconfig"),
        .context = flag_text(in, "context"),
        .timeout_ns = flag_duration(in, "timeout"),
    };

    return cli->session.ops->connect(cli->session.self, cli->run, &options, ret_commands,
                                     ret_queries);
}

static void say(void *self, enum progress_kind kind, struct str text)
{
    static const char *const symbols[] = {
        [PROGRESS_ACTION] = "►",  [PROGRESS_WAITING] = "◎",  [PROGRESS_SUCCESS] = "✔",
        [PROGRESS_FAILURE] = "✗", [PROGRESS_GENERATE] = "✚",
    };

    cli_note(self, "%s %.*s\n", symbols[kind], STR_ARG(text));
}

struct progress cluster_command_progress(const struct cli *cli)
{
    /* The callback's context is written to by nobody. */
    return (struct progress){ .say = say, .self = (void *)(uintptr_t)cli };
}
