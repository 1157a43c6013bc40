/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of the command table: objects from flags, and objects as files. */
#include "cli/cmd_create.h"
#include "cli/cmd_export.h"
#include "cli/command_table.h"
#include "cli/create.h"

static const struct flag source_git_flags[] = {
    CREATE_FLAGS,
    { "url", 0, FLAG_TEXT, NULL, NULL, "address of the repository" },
    { "branch", 0, FLAG_TEXT, NULL, NULL, "branch" },
    { "tag", 0, FLAG_TEXT, NULL, NULL, "tag" },
    { "tag-semver", 0, FLAG_TEXT, NULL, NULL, "range of tags that are versions" },
    { "ref-name", 0, FLAG_TEXT, NULL, NULL, "name of a reference, as in refs/heads/main" },
    { "commit", 0, FLAG_TEXT, NULL, NULL, "commit" },
    { "fetch-timeout", 0, FLAG_DURATION, "0s", NULL, "time for fetching" },
    { "username", 'u', FLAG_TEXT, NULL, NULL, "user for basic authentication" },
    { "password", 'p', FLAG_TEXT, NULL, NULL, "password for basic authentication" },
    { "ca-file", 0, FLAG_TEXT, NULL, NULL, "PEM file with the authority of the server" },
    { "secret-ref", 0, FLAG_TEXT, NULL, NULL, "name of a Secret with credentials" },
    { "proxy-secret-ref", 0, FLAG_TEXT, NULL, NULL, "name of a Secret with the proxy" },
    { "provider", 0, FLAG_TEXT, NULL, "generic,github,aws,azure", "whose credentials" },
    { "recurse-submodules", 0, FLAG_SWITCH, NULL, NULL, "with submodules" },
    { "ignore-paths", 0, FLAG_TEXTS, NULL, NULL, "patterns to leave out, comma-separated" },
    { "sparse-checkout-paths", 0, FLAG_TEXTS, NULL, NULL, "only these, comma-separated" },
    { "silent", 's', FLAG_SWITCH, NULL, NULL, "as flux has it; weir does not ask" },
};

static const struct flag kustomization_flags[] = {
    CREATE_FLAGS,
    { "source", 0, FLAG_TEXT, NULL, NULL, "[KIND/]NAME[.NAMESPACE]" },
    { "path", 0, FLAG_TEXT, "./", NULL, "folder in the source" },
    { "prune", 0, FLAG_SWITCH, NULL, NULL, "delete what is no more in the source" },
    { "wait", 0, FLAG_SWITCH, NULL, NULL, "ready when all objects are" },
    { "health-check", 0, FLAG_TEXTS, NULL, NULL, "ready when these are: KIND/NAME.NAMESPACE" },
    { "health-check-timeout", 0, FLAG_DURATION, "2m0s", NULL, "time for that" },
    { "depends-on", 0, FLAG_TEXTS, NULL, NULL, "after these: [NAMESPACE/]NAME" },
    { "service-account", 0, FLAG_TEXT, NULL, NULL, "account to apply as" },
    { "decryption-provider", 0, FLAG_TEXT, NULL, "sops", "how Secrets are encrypted" },
    { "decryption-secret", 0, FLAG_TEXT, NULL, NULL, "Secret with the keys" },
    { "target-namespace", 0, FLAG_TEXT, NULL, NULL, "namespace of all objects" },
    { "kubeconfig-secret-ref", 0, FLAG_TEXT, NULL, NULL, "Secret with another cluster" },
    { "retry-interval", 0, FLAG_DURATION, "0s", NULL, "time until the next try" },
};

static const struct flag tenant_flags[] = {
    CREATE_FLAGS,
    { "with-namespace", 0, FLAG_TEXTS, NULL, NULL, "namespace of the tenant; again for more" },
    { "cluster-role", 0, FLAG_TEXT, "cluster-admin", NULL, "what it may do there" },
    { "with-service-account", 0, FLAG_TEXT, NULL, NULL, "its account; else the tenant's name" },
    { "skip-namespace", 0, FLAG_SWITCH, NULL, NULL, "the namespaces are there" },
};

#define BASIC_FLAGS                                                              \
    { "username", 'u', FLAG_TEXT, NULL, NULL, "user for basic authentication" }, \
        { "password", 'p', FLAG_TEXT, NULL, NULL, "password for basic authentication" }
#define TLS_FLAGS                                                                \
    { "tls-crt-file", 0, FLAG_TEXT, NULL, NULL, "PEM file with a certificate" }, \
        { "tls-key-file", 0, FLAG_TEXT, NULL, NULL, "PEM file with its key" },   \
        { "ca-crt-file", 0, FLAG_TEXT, NULL, NULL, "PEM file with an authority" }

static const struct flag secret_git_flags[] = {
    CREATE_FLAGS,
    BASIC_FLAGS,
    { "url", 0, FLAG_TEXT, NULL, NULL, "address of the repository" },
    { "bearer-token", 0, FLAG_TEXT, NULL, NULL, "token in place of user and password" },
    { "ca-crt-file", 0, FLAG_TEXT, NULL, NULL, "PEM file with an authority" },
};
static const struct flag secret_helm_flags[] = { CREATE_FLAGS, BASIC_FLAGS, TLS_FLAGS };
static const struct flag secret_tls_flags[] = { CREATE_FLAGS, TLS_FLAGS };
static const struct flag secret_oci_flags[] = {
    CREATE_FLAGS,
    BASIC_FLAGS,
    { "url", 0, FLAG_TEXT, NULL, NULL, "the registry, with or without a repository" },
};
static const struct flag secret_proxy_flags[] = {
    CREATE_FLAGS,
    BASIC_FLAGS,
    { "address", 0, FLAG_TEXT, NULL, NULL, "URL of the proxy" },
};
static const struct flag secret_githubapp_flags[] = {
    CREATE_FLAGS,
    { "app-id", 0, FLAG_TEXT, NULL, NULL, "id of the app" },
    { "app-installation-owner", 0, FLAG_TEXT, NULL, NULL, "owner of the installation" },
    { "app-installation-id", 0, FLAG_TEXT, NULL, NULL, "or its id" },
    { "app-private-key", 0, FLAG_TEXT, NULL, NULL, "PEM file with the key of the app" },
    { "app-base-url", 0, FLAG_TEXT, NULL, NULL, "of GitHub's API elsewhere" },
};
static const struct flag secret_receiver_flags[] = {
    CREATE_FLAGS,
    { "type", 0, FLAG_TEXT, NULL,
      "generic,generic-hmac,github,gitlab,bitbucket,harbor,dockerhub,quay,gcr,nexus,acr,cdevents",
      "who calls" },
    { "token", 0, FLAG_TEXT, NULL, NULL, "token to check calls with; else a random one" },
    { "hostname", 0, FLAG_TEXT, NULL, NULL, "host of the webhook's URL" },
    { "email-claim", 0, FLAG_TEXT, NULL, NULL, "gcr: the service account's address" },
    { "audience-claim", 0, FLAG_TEXT, NULL, NULL, "gcr: audience; else the webhook's URL" },
};

static const struct flag fleet_flags[] = {
    { "clusters", 0, FLAG_TEXT, "staging,production", NULL, "names, comma-separated" },
    { "apps", 0, FLAG_TEXT, "web", NULL, "names, comma-separated" },
    { "infrastructure", 0, FLAG_TEXT, "access,quotas", NULL,
      "access, quotas, network-policies, or names of folders to fill" },
    { "source", 0, FLAG_TEXT, "fleet", NULL, "name of the GitRepository" },
    { "registry", 0, FLAG_TEXT, "registry.example.com", NULL, "where images come from" },
    { "force", 0, FLAG_SWITCH, NULL, NULL, "write into a folder that is not empty" },
};

static const struct flag export_flags[] = {
    { "all", 0, FLAG_SWITCH, NULL, NULL, "every one of the namespace" },
};
static const struct flag export_source_flags[] = {
    { "all", 0, FLAG_SWITCH, NULL, NULL, "every one of the namespace" },
    { "with-credentials", 0, FLAG_SWITCH, NULL, NULL, "its Secret too" },
};
static const struct flag delete_flags[] = {
    { "silent", 's', FLAG_SWITCH, NULL, NULL, "without asking" },
};

#define CREATE(command, what, table, function) \
    { .path = "create " command,               \
      .arguments = "NAME",                     \
      .arguments_max = 1,                      \
      .summary = what,                         \
      FLAGS(table),                            \
      .uses_cluster = true,                    \
      .run = function }

static const struct command rows[] = {
    { .path = "create", .summary = "Create or update objects, or print them with --export" },
    { .path = "create source", .summary = "Create a source" },
    { .path = "create source git",
      .arguments = "NAME",
      .arguments_max = 1,
      .summary = "Create a GitRepository and wait until it is fetched",
      .examples =
          "  weir create source git web --url https://git.example.com/web --branch main\n"
          "  weir create source git web --url https://git.example.com/web --tag v1 --export",
      FLAGS(source_git_flags),
      .uses_cluster = true,
      .run = cmd_create_source_git },
    { .path = "create kustomization",
      .aliases = "ks",
      .arguments = "NAME",
      .arguments_max = 1,
      .summary = "Create a Kustomization and wait until it is applied",
      .examples = "  weir create kustomization apps --source web --path ./apps --prune",
      FLAGS(kustomization_flags),
      .uses_cluster = true,
      .run = cmd_create_kustomization },
    { .path = "create secret", .summary = "Create a Secret that Flux objects refer to" },
    CREATE("secret git", "Credentials of a repository", secret_git_flags, cmd_create_secret_git),
    CREATE("secret helm", "Credentials of a chart repository", secret_helm_flags,
           cmd_create_secret_helm),
    CREATE("secret oci", "Credentials of a registry", secret_oci_flags, cmd_create_secret_oci),
    CREATE("secret tls", "Certificates", secret_tls_flags, cmd_create_secret_tls),
    CREATE("secret proxy", "Address and credentials of a proxy", secret_proxy_flags,
           cmd_create_secret_proxy),
    CREATE("secret githubapp", "Credentials of a GitHub App", secret_githubapp_flags,
           cmd_create_secret_githubapp),
    CREATE("secret receiver", "Token of a Receiver, with its URL", secret_receiver_flags,
           cmd_create_secret_receiver),
    { .path = "create tenant",
      .arguments = "NAME",
      .arguments_max = 1,
      .summary = "Create namespaces with an account that may only act there",
      .examples = "  weir create tenant web --with-namespace shop --cluster-role edit --export",
      FLAGS(tenant_flags),
      .uses_cluster = true,
      .run = cmd_create_tenant },
    { .path = "create fleet",
      .arguments = "FOLDER",
      .arguments_max = 1,
      .summary = "Write the folders of a new fleet repository",
      .examples = "  weir create fleet ./fleet --clusters staging,production --apps web,api",
      FLAGS(fleet_flags),
      .run = cmd_create_fleet },
    { .path = "export", .summary = "Print objects as they would stand in a repository" },
    { .path = "export source", .summary = "Print sources" },
    { .path = "export source git",
      .arguments = "[NAME]",
      .arguments_max = 1,
      .summary = "Print GitRepositories",
      .examples = "  weir export source git --all >sources.yaml",
      FLAGS(export_source_flags),
      .kind = &flux_kinds[FLUX_GIT_REPOSITORY],
      .uses_cluster = true,
      .run = cmd_export },
    { .path = "export kustomization",
      .aliases = "ks",
      .arguments = "[NAME]",
      .arguments_max = 1,
      .summary = "Print Kustomizations",
      FLAGS(export_flags),
      .kind = &flux_kinds[FLUX_KUSTOMIZATION],
      .uses_cluster = true,
      .run = cmd_export },
    { .path = "delete", .summary = "Delete an object" },
    { .path = "delete source", .summary = "Delete a source" },
    { .path = "delete source git",
      .arguments = "NAME",
      .arguments_max = 1,
      .summary = "Delete a GitRepository",
      .examples = "  weir delete source git web --silent",
      FLAGS(delete_flags),
      .kind = &flux_kinds[FLUX_GIT_REPOSITORY],
      .uses_cluster = true,
      .run = cmd_delete },
    { .path = "delete kustomization",
      .aliases = "ks",
      .arguments = "NAME",
      .arguments_max = 1,
      .summary = "Delete a Kustomization, and with spec.prune what it has applied",
      FLAGS(delete_flags),
      .kind = &flux_kinds[FLUX_KUSTOMIZATION],
      .uses_cluster = true,
      .run = cmd_delete },
};
const struct command_rows create_commands = { rows, sizeof rows / sizeof rows[0] };
