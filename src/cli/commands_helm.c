/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of the command table: charts. */
#include "cli/chart_access.h"
#include "cli/cmd_helm.h"
#include "cli/cmd_helm_dependency.h"
#include "cli/cmd_helm_lint.h"
#include "cli/cmd_helm_package.h"
#include "cli/cmd_helm_pull.h"
#include "cli/cmd_helm_repo.h"
#include "cli/cmd_helm_show.h"
#include "cli/cmd_helm_template.h"
#include "cli/cmd_helm_values.h"
#include "cli/command_table.h"

static const struct flag helm_eval_flags[] = {
    { "values", 'f', FLAG_TEXT, NULL, NULL, "JSON or YAML file with the values" },
    { "context", 0, FLAG_TEXT, "root", "root,values",
      "what stands behind the dot: a chart's context, or the values alone" },
};

#define HELM_VALUE_FLAGS                                                            \
    { "values", 'f',  FLAG_TEXTS,                                                   \
      NULL,     NULL, "file with values, - for standard input; again for more" },   \
        { "set", 0, FLAG_TEXTS, NULL, NULL, "value: key=value,list[0]=value" },     \
        { "set-string", 0, FLAG_TEXTS, NULL, NULL, "the same, always text" },       \
        { "set-json", 0, FLAG_TEXTS, NULL, NULL, "value as JSON: key={\"a\": 1}" }, \
        { "set-file", 0, FLAG_TEXTS, NULL, NULL, "value from a file: key=path" },   \
        { "set-literal", 0, FLAG_TEXTS, NULL, NULL, "value as it stands, commas and all" }

static const struct flag helm_template_flags[] = {
    HELM_VALUE_FLAGS,
    { "namespace", 'n', FLAG_TEXT, "default", NULL, "namespace of the release" },
    { "include-crds", 0, FLAG_SWITCH, NULL, NULL, "print what is in crds/ as well" },
    { "show-only", 's', FLAG_TEXTS, NULL, NULL,
      "only what comes from this template; again for more" },
    { "skip-tests", 0, FLAG_SWITCH, NULL, NULL, "leave tests out" },
    { "no-hooks", 0, FLAG_SWITCH, NULL, NULL, "leave hooks out" },
    { "is-upgrade", 0, FLAG_SWITCH, NULL, NULL, "set .Release.IsUpgrade" },
    { "kube-version", 0, FLAG_TEXT, NULL, NULL, "Kubernetes version for .Capabilities" },
    { "api-versions", 'a', FLAG_TEXTS, NULL, NULL,
      "API versions for .Capabilities, comma-separated" },
    { "output-dir", 0, FLAG_TEXT, NULL, NULL, "write a file a template into this folder" },
    { "release-name", 0, FLAG_SWITCH, NULL, NULL, "with a folder of the release's name in it" },
    { "skip-schema-validation", 0, FLAG_SWITCH, NULL, NULL, "do not check values.schema.json" },
    { "dependency-update", 0, FLAG_SWITCH, NULL, NULL,
      "fetch dependencies that are not in charts/" },
    { "dry-run", 0, FLAG_TEXT, NULL, "client,server",
      "server: with the cluster's capabilities and lookup, checked by its dry run" },
    { "validate", 0, FLAG_SWITCH, NULL, NULL, "the same as --dry-run=server" },
    { "kubeconfig", 0, FLAG_TEXT, NULL, NULL, "file to find the cluster in; else $KUBECONFIG" },
    { "kube-context", 0, FLAG_TEXT, NULL, NULL, "context of the kubeconfig" },
    { "timeout", 0, FLAG_DURATION, "5m0s", NULL, "time for talking to the cluster" },
    { "post-renderer", 0, FLAG_TEXT, NULL, NULL, "refused: weir runs no plugins" },
    { "explain", 0, FLAG_TEXT, NULL, NULL,
      "which template lines and values made this: KIND/NAMESPACE/NAME[:FIELD]" },
    HELM_FETCH_FLAGS,
};

static const struct flag helm_lint_flags[] = {
    HELM_VALUE_FLAGS,
    { "strict", 0, FLAG_SWITCH, NULL, NULL, "fail on warnings" },
    { "quiet", 0, FLAG_SWITCH, NULL, NULL, "print warnings and errors alone" },
    { "with-subcharts", 0, FLAG_SWITCH, NULL, NULL, "the charts in charts/ too, each by itself" },
    { "namespace", 'n', FLAG_TEXT, "default", NULL, "namespace of the release" },
    { "kube-version", 0, FLAG_TEXT, NULL, NULL,
      "Kubernetes version for .Capabilities and deprecations" },
    { "skip-schema-validation", 0, FLAG_SWITCH, NULL, NULL, "do not check values.schema.json" },
};

static const struct flag helm_package_flags[] = {
    { "destination", 'd', FLAG_TEXT, ".", NULL, "folder to write the archives into" },
    { "version", 0, FLAG_TEXT, NULL, NULL, "the chart's version, in place of that in Chart.yaml" },
    { "app-version", 0, FLAG_TEXT, NULL, NULL, "appVersion, in place of that in Chart.yaml" },
};

static const struct flag helm_values_flags[] = {
    { "sources", 0, FLAG_SWITCH, NULL, NULL,
      "one value a line, with the file and line, or the flag, that set it" },
    HELM_VALUE_FLAGS,
    HELM_FETCH_FLAGS,
};

static const struct flag helm_show_flags[] = { HELM_FETCH_FLAGS };

static const struct flag helm_pull_flags[] = {
    HELM_CHART_FLAGS,
    { "destination", 'd', FLAG_TEXT, ".", NULL, "folder to write into" },
    { "untar", 0, FLAG_SWITCH, NULL, NULL, "unpack the chart in place of keeping the archive" },
    { "untardir", 0, FLAG_TEXT, ".", NULL, "folder to unpack into, below the destination" },
    { "prov", 0, FLAG_SWITCH, NULL, NULL, "fetch the file with the signature too, unchecked" },
    { "verify", 0, FLAG_SWITCH, NULL, NULL, "write nothing unless a key of the keyring signed it" },
    { "keyring", 0, FLAG_TEXT, NULL, NULL, "file of public keys; else pubring.gpg of GnuPG" },
    HELM_ACCESS_FLAGS,
    HELM_HOME_FLAGS,
};

static const struct flag helm_verify_flags[] = {
    { "keyring", 0, FLAG_TEXT, NULL, NULL, "file of public keys; else pubring.gpg of GnuPG" },
    HELM_ACCESS_FLAGS,
    HELM_HOME_FLAGS,
};

static const struct flag helm_push_flags[] = {
    HELM_ACCESS_FLAGS,
    HELM_HOME_FLAGS,
};

static const struct flag helm_repo_add_flags[] = {
    { "force-update", 0, FLAG_SWITCH, NULL, NULL, "replace the one that has this name" },
    { "password-stdin", 0, FLAG_SWITCH, NULL, NULL, "read the password from standard input" },
    { "pass-credentials", 0, FLAG_SWITCH, NULL, NULL, "give the credentials to other hosts too" },
    HELM_ACCESS_FLAGS,
    HELM_HOME_FLAGS,
};

static const struct flag helm_repo_list_flags[] = {
    { "output", 'o', FLAG_TEXT, "table", "table,json,yaml", "format" },
    { "no-headers", 0, FLAG_SWITCH, NULL, NULL, "leave the header out" },
    HELM_HOME_FLAGS,
};

static const struct flag helm_repo_flags[] = { HELM_HOME_FLAGS };

static const struct flag helm_repo_index_flags[] = {
    { "url", 0, FLAG_TEXT, NULL, NULL, "where the archives will be" },
    { "merge", 0, FLAG_TEXT, NULL, NULL, "an index to take more versions from" },
    { "json", 0, FLAG_SWITCH, NULL, NULL, "write JSON" },
};

static const struct flag helm_registry_login_flags[] = {
    { "username", 'u', FLAG_TEXT, NULL, NULL, "user name" },
    { "password", 'p', FLAG_TEXT, NULL, NULL, "password or identity token" },
    { "password-stdin", 0, FLAG_SWITCH, NULL, NULL, "read it from standard input" },
    { "ca-file", 0, FLAG_TEXT, NULL, NULL, "PEM file: trust these authorities alone" },
    { "cert-file", 0, FLAG_TEXT, NULL, NULL, "PEM file with a certificate of our own" },
    { "key-file", 0, FLAG_TEXT, NULL, NULL, "PEM file with its key" },
    { "insecure", 0, FLAG_SWITCH, NULL, NULL, "trust any certificate" },
    { "plain-http", 0, FLAG_SWITCH, NULL, NULL, "speak to the registry without TLS" },
    HELM_HOME_FLAGS,
};

static const struct flag helm_dependency_flags[] = {
    { "skip-refresh", 0, FLAG_SWITCH, NULL, NULL,
      "do not fetch the indexes of repositories again" },
    { "verify", 0, FLAG_SWITCH, NULL, NULL, "check signatures (not built yet)" },
    HELM_ACCESS_FLAGS,
    HELM_HOME_FLAGS,
};

static const struct flag helm_dependency_list_flags[] = {
    { "max-col-width", 0, FLAG_NUMBER, "80", NULL, "cut cells that are wider" },
};

static const struct command rows[] = {
    { .path = "helm", .summary = "Helm without helm" },
    { .path = "helm eval",
      .arguments = "[TEMPLATE-FILE]",
      .arguments_max = 1,
      .summary = "Evaluate one template as Helm's engine would, or lines at a prompt",
      .examples = "  weir helm eval --values values.json template.yaml\n"
                  "  weir helm eval --values values.yaml        # then: .Values.name | quote",
      FLAGS(helm_eval_flags),
      .run = cmd_helm_eval },
    { .path = "helm template",
      .arguments = "[NAME] CHART",
      .arguments_max = 2,
      .summary = "Render a chart and print its objects",
      .examples = "  weir helm template web ./charts/web -f values.yaml --set image.tag=2.0\n"
                  "  weir helm template web ./charts/web --explain Deployment/web:spec.replicas",
      FLAGS(helm_template_flags),
      .run = cmd_helm_template },
    { .path = "helm show", .summary = "Print parts of a chart" },
    { .path = "helm show all",
      .arguments = "CHART",
      .arguments_max = 1,
      .summary = "Print Chart.yaml, the values, the readme and the CRDs of a chart",
      FLAGS(helm_show_flags),
      .run = cmd_helm_show_all },
    { .path = "helm show chart",
      .arguments = "CHART",
      .arguments_max = 1,
      .summary = "Print Chart.yaml of a chart",
      FLAGS(helm_show_flags),
      .run = cmd_helm_show_chart },
    { .path = "helm show values",
      .arguments = "CHART",
      .arguments_max = 1,
      .summary = "Print the default values of a chart",
      FLAGS(helm_show_flags),
      .run = cmd_helm_show_values },
    { .path = "helm show readme",
      .arguments = "CHART",
      .arguments_max = 1,
      .summary = "Print the readme of a chart",
      FLAGS(helm_show_flags),
      .run = cmd_helm_show_readme },
    { .path = "helm show crds",
      .arguments = "CHART",
      .arguments_max = 1,
      .summary = "Print the CRDs of a chart",
      FLAGS(helm_show_flags),
      .run = cmd_helm_show_crds },
    { .path = "helm lint",
      .arguments = "PATH...",
      .arguments_max = ARGUMENTS_MAX,
      .summary = "Look for mistakes in charts",
      .examples = "  weir helm lint --strict ./charts/web -f production.yaml",
      FLAGS(helm_lint_flags),
      .run = cmd_helm_lint },
    { .path = "helm package",
      .arguments = "FOLDER...",
      .arguments_max = ARGUMENTS_MAX,
      .summary = "Pack charts into archives; the same files give the same bytes",
      .examples = "  weir helm package ./charts/web -d ./dist --version 1.2.3",
      FLAGS(helm_package_flags),
      .run = cmd_helm_package },
    { .path = "helm pull",
      .aliases = "fetch",
      .arguments = "CHART...",
      .arguments_max = ARGUMENTS_MAX,
      .summary = "Fetch charts from repositories and registries",
      .examples = "  weir helm pull web --repo https://charts.example.com --version ^1\n"
                  "  weir helm pull oci://registry.example.com/charts/web --untar",
      FLAGS(helm_pull_flags),
      .run = cmd_helm_pull },
    { .path = "helm verify",
      .arguments = "ARCHIVE",
      .arguments_max = 1,
      .summary = "Check a packed chart against the signed .prov file beside it",
      .examples = "  weir helm verify web-1.2.3.tgz --keyring keys.gpg",
      FLAGS(helm_verify_flags),
      .run = cmd_helm_verify },
    { .path = "helm push",
      .arguments = "ARCHIVE REMOTE",
      .arguments_max = 2,
      .summary = "Put a packed chart into a registry",
      .examples = "  weir helm push web-1.2.3.tgz oci://registry.example.com/charts",
      FLAGS(helm_push_flags),
      .run = cmd_helm_push },
    { .path = "helm values",
      .arguments = "CHART",
      .arguments_max = 1,
      .summary = "The values that a chart's templates would see, defaults and sub-charts included",
      .examples = "  weir helm values ./charts/web -f production.yaml --set image.tag=2.0\n"
                  "  weir helm values ./charts/web -f production.yaml --sources",
      FLAGS(helm_values_flags),
      .run = cmd_helm_values },
    { .path = "helm dependency",
      .aliases = "dep,dependencies",
      .summary = "A chart's dependencies" },
    { .path = "helm dependency list",
      .aliases = "ls",
      .arguments = "[CHART]",
      .arguments_max = 1,
      .summary = "What Chart.yaml demands and whether charts/ has it",
      .examples = "  weir helm dependency list ./charts/web",
      FLAGS(helm_dependency_list_flags),
      .run = cmd_helm_dependency_list },
    { .path = "helm dependency build",
      .arguments = "[CHART]",
      .arguments_max = 1,
      .summary = "Fill charts/ as Chart.lock says",
      .examples = "  weir helm dependency build ./charts/web",
      FLAGS(helm_dependency_flags),
      .run = cmd_helm_dependency_build },
    { .path = "helm dependency update",
      .aliases = "up",
      .arguments = "[CHART]",
      .arguments_max = 1,
      .summary =
          "Choose versions for the dependencies of Chart.yaml, fill charts/, write Chart.lock",
      .examples = "  weir helm dependency update ./charts/web",
      FLAGS(helm_dependency_flags),
      .run = cmd_helm_dependency_update },
    { .path = "helm repo", .summary = "Chart repositories that have a name here" },
    { .path = "helm repo add",
      .arguments = "NAME URL",
      .arguments_max = 2,
      .summary = "Give a chart repository a name",
      .examples = "  weir helm repo add shop https://charts.example.com",
      FLAGS(helm_repo_add_flags),
      .run = cmd_helm_repo_add },
    { .path = "helm repo list",
      .aliases = "ls",
      .summary = "Names and URLs",
      FLAGS(helm_repo_list_flags),
      .run = cmd_helm_repo_list },
    { .path = "helm repo remove",
      .aliases = "rm",
      .arguments = "NAME...",
      .arguments_max = ARGUMENTS_MAX,
      .summary = "Forget repositories",
      FLAGS(helm_repo_flags),
      .run = cmd_helm_repo_remove },
    { .path = "helm repo update",
      .aliases = "up",
      .arguments = "[NAME]...",
      .arguments_max = ARGUMENTS_MAX,
      .summary = "Fetch the indexes of repositories",
      FLAGS(helm_repo_flags),
      .run = cmd_helm_repo_update },
    { .path = "helm repo index",
      .arguments = "FOLDER",
      .arguments_max = 1,
      .summary = "Write index.yaml for the archives in a folder",
      .examples = "  weir helm repo index ./dist --url https://charts.example.com",
      FLAGS(helm_repo_index_flags),
      .run = cmd_helm_repo_index },
    { .path = "helm registry", .summary = "Credentials of registries" },
    { .path = "helm registry login",
      .arguments = "HOST",
      .arguments_max = 1,
      .summary = "Keep credentials that a registry takes",
      .examples = "  weir helm registry login registry.example.com -u me --password-stdin <token",
      FLAGS(helm_registry_login_flags),
      .run = cmd_helm_registry_login },
    { .path = "helm registry logout",
      .arguments = "HOST",
      .arguments_max = 1,
      .summary = "Forget credentials",
      FLAGS(helm_repo_flags),
      .run = cmd_helm_registry_logout },
};
const struct command_rows helm_commands = { rows, sizeof rows / sizeof rows[0] };
