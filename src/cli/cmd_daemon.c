/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cmd_daemon.h"

static struct engine_settings engine_settings(const struct invocation *in)
{
    size_t overrides;
    const struct str *managers = flag_texts(in, "override-manager", &overrides);

    return (struct engine_settings){
        .concurrent = flag_number(in, "concurrent"),
        .storage_path = flag_text(in, "storage-path"),
        .storage_addr = flag_text(in, "storage-addr"),
        .metrics_addr = flag_text(in, "metrics-addr"),
        .log_level = flag_text(in, "log-level"),
        .allow_file_urls = flag_is_set(in, "allow-file-urls"),
        .no_cross_namespace_refs = flag_is_set(in, "no-cross-namespace-refs"),
        .default_service_account = flag_text(in, "default-service-account"),
        .controllers = flag_text(in, "controllers"),
        .watch_label_selector = flag_text(in, "watch-label-selector"),
        .watch_configs_label_selector = flag_text(in, "watch-configs-label-selector"),
        .default_kubeconfig_service_account = flag_text(in, "default-kubeconfig-service-account"),
        .insecure_kubeconfig_exec = flag_is_set(in, "insecure-kubeconfig-exec"),
        .insecure_kubeconfig_tls = flag_is_set(in, "insecure-kubeconfig-tls"),
        .no_remote_bases = flag_is_set(in, "no-remote-bases"),
        .render_in_process = flag_is_set(in, "render-in-process"),
        .override_managers = managers,
        .override_manager_count = overrides,
        .requeue_dependency_ns = flag_duration(in, "requeue-dependency"),
        .kill_after_writes = flag_number(in, "kill-after-writes"),
    };
}

struct err *cmd_run(const struct cli *cli, const struct invocation *in)
{
    struct run_settings settings = {
        .kubeconfig = flag_text(in, "kubeconfig"),
        .context = flag_text(in, "context"),
        .install_crds = flag_is_set(in, "install-crds"),
        .engine = engine_settings(in),
    };

    return cli->daemon.ops->run(cli->daemon.self, cli->run, &settings);
}

struct err *cmd_sandbox(const struct cli *cli, const struct invocation *in)
{
    struct sandbox_settings settings = {
        .data = flag_text(in, "data"),
        .listen = flag_text(in, "listen"),
        .kubeconfig = flag_text(in, "kubeconfig"),
        .no_engine = flag_is_set(in, "no-engine"),
        .simulator_delay_ns = flag_duration(in, "simulator-delay"),
        .engine = engine_settings(in),
    };

    if (settings.data.len == 0)
        return err_new(cli->run->arena, ERR_INVALID,
                       "--data is required: the folder for the cluster's state");
    return cli->daemon.ops->sandbox(cli->daemon.self, cli->run, &settings);
}
