/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of the command table: the engine and the cluster of its own. */
#include "cli/cmd_daemon.h"
#include "cli/cmd_simulate.h"
#include "cli/command_table.h"

/* Flags of the engine, shared by run and sandbox. */
#define ENGINE_FLAGS                                                                                   \
    { "concurrent", 0, FLAG_NUMBER, "16", NULL, "reconciles at a time" },                              \
        { "storage-path", 0, FLAG_TEXT, NULL, NULL, "folder for artifacts and mirrors" },              \
        { "storage-addr", 0,    FLAG_TEXT,                                                             \
          NULL,           NULL, "address to serve artifacts at, e.g. 127.0.0.1:9790" },                \
        { "metrics-addr", 0, FLAG_TEXT, NULL, NULL, "address of /metrics, /healthz and /readyz" },     \
        { "log-level", 0, FLAG_TEXT, "info", "debug,info,error", "what is logged" },                   \
        { "allow-file-urls", 0, FLAG_SWITCH, NULL, NULL, "let a GitRepository name a file:// URL" },   \
        { "no-cross-namespace-refs",           0, FLAG_SWITCH, NULL, NULL,                             \
          "refuse sources of other namespaces" },                                                      \
        { "default-service-account",                                                                   \
          0,                                                                                           \
          FLAG_TEXT,                                                                                   \
          NULL,                                                                                        \
          NULL,                                                                                        \
          "whom to impersonate for objects that name no service account" },                            \
        { "controllers", 0, FLAG_TEXT, "source,kustomize", NULL, "work on their kinds only" },         \
        { "watch-label-selector",                                                                      \
          0,                                                                                           \
          FLAG_TEXT,                                                                                   \
          NULL,                                                                                        \
          NULL,                                                                                        \
          "work on Flux objects with these labels only" },                                             \
        { "watch-configs-label-selector",                                                              \
          0,                                                                                           \
          FLAG_TEXT,                                                                                   \
          "reconcile.fluxcd.io/watch=Enabled",                                                         \
          NULL,                                                                                        \
          "ConfigMaps and Secrets with these labels wake who reads them" },                            \
        { "default-kubeconfig-service-account",                                                        \
          0,                                                                                           \
          FLAG_TEXT,                                                                                   \
          NULL,                                                                                        \
          NULL,                                                                                        \
          "whose token goes to clusters of a kubeConfig.configMapRef that names no service account" }, \
        { "insecure-kubeconfig-exec",                                                                  \
          0,                                                                                           \
          FLAG_SWITCH,                                                                                 \
          NULL,                                                                                        \
          NULL,                                                                                        \
          "let kubeconfigs of Secrets run programs here" },                                            \
        { "insecure-kubeconfig-tls",                                                                   \
          0,                                                                                           \
          FLAG_SWITCH,                                                                                 \
          NULL,                                                                                        \
          NULL,                                                                                        \
          "let kubeconfigs of Secrets skip the check of certificates" },                               \
        { "no-remote-bases", 0, FLAG_SWITCH, NULL, NULL, "refuse remote bases in kustomizations" },    \
        { "render-in-process",                                                                         \
          0,                                                                                           \
          FLAG_SWITCH,                                                                                 \
          NULL,                                                                                        \
          NULL,                                                                                        \
          "build in this process instead of in confined workers" },                                    \
        { "override-manager",                                                                          \
          0,                                                                                           \
          FLAG_TEXTS,                                                                                  \
          NULL,                                                                                        \
          NULL,                                                                                        \
          "field manager whose changes are taken back, beside kubectl" },                              \
        { "requeue-dependency",                                                                        \
          0,                                                                                           \
          FLAG_DURATION,                                                                               \
          "30s",                                                                                       \
          NULL,                                                                                        \
          "look again at what was not ready, at most" },                                               \
        { "kill-after-writes", 0, FLAG_NUMBER, "0", NULL, "tests: end by SIGKILL at that write" }

static const struct flag run_flags[] = {
    ENGINE_FLAGS,
    { "install-crds", 0, FLAG_SWITCH, NULL, NULL, "apply the CustomResourceDefinitions first" },
};

static const struct flag sandbox_flags[] = {
    { "data", 0, FLAG_TEXT, NULL, NULL, "folder for the cluster's state" },
    { "listen", 0, FLAG_TEXT, "127.0.0.1:6443", NULL, "address of the API server" },
    { "kubeconfig", 0, FLAG_TEXT, NULL, NULL,
      "file to write the credentials to; default DATA/kubeconfig" },
    { "no-engine", 0, FLAG_SWITCH, NULL, NULL, "the API server alone" },
    { "simulator-delay", 0, FLAG_DURATION, "1s", NULL, "time until a workload is healthy" },
    ENGINE_FLAGS,
};

static const struct flag simulate_flags[] = {
    { "path", 0, FLAG_TEXT, NULL, NULL, "folder of the cluster in the repository" },
    { "all-clusters", 0, FLAG_SWITCH, NULL, NULL, "each folder of clusters/, one after another" },
    { "revision", 0, FLAG_TEXT, NULL, NULL,
      "branch, tag or commit; default: the files as they are" },
    { "base", 0, FLAG_TEXT, NULL, NULL,
      "revision that the cluster has before, so that deletions show" },
    { "fetch-others", 0, FLAG_SWITCH, NULL, NULL, "fetch sources of other repositories" },
    { "output", 'o', FLAG_TEXT, "text", "text,json,junit,sarif", "format" },
    { "timeout", 0, FLAG_DURATION, "5m0s", NULL, "time for each cluster to come to rest" },
    { "log-level", 0, FLAG_TEXT, NULL, "debug,info,error", "show the engine's log" },
};

static const struct command rows[] = {
    { .path = "sandbox",
      .summary = "A Kubernetes-compatible cluster in this process, with the engine at work in it",
      .examples =
          "  weir sandbox --data ./sandbox\n  weir sandbox --data ./sandbox --listen 127.0.0.1:0 --no-engine",
      FLAGS(sandbox_flags),
      .run = cmd_sandbox },
    { .path = "run",
      .summary = "The engine on a cluster",
      .examples = "  weir run --kubeconfig ~/.kube/config",
      FLAGS(run_flags),
      .uses_cluster = true,
      .run = cmd_run },
    { .path = "simulate",
      .arguments = "FOLDER",
      .arguments_max = 1,
      .summary = "Reconcile a fleet repository in a throw-away cluster and tell what came of it",
      .examples =
          "  weir simulate . --path clusters/production\n  weir simulate . --all-clusters --base main -o sarif",
      FLAGS(simulate_flags),
      .run = cmd_simulate },
};
const struct command_rows engine_commands = { rows, sizeof rows / sizeof rows[0] };
