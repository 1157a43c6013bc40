/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/chart_access.h - the flags and variables by which helm's commands reach repositories and registries.
 */
#ifndef CLI_CHART_ACCESS_H
#define CLI_CHART_ACCESS_H

#include "cli/command.h"

/* Where helm keeps its files; for every command that fetches. */
#define HELM_HOME_FLAGS                                                       \
    { "registry-config",                                                      \
      0,                                                                      \
      FLAG_TEXT,                                                              \
      NULL,                                                                   \
      NULL,                                                                   \
      "file with credentials of registries; default $HELM_REGISTRY_CONFIG" }, \
        { "repository-config",                                                \
          0,                                                                  \
          FLAG_TEXT,                                                          \
          NULL,                                                               \
          NULL,                                                               \
          "file with repositories; default $HELM_REPOSITORY_CONFIG" },        \
        { "repository-cache",                                                 \
          0,                                                                  \
          FLAG_TEXT,                                                          \
          NULL,                                                               \
          NULL,                                                               \
          "folder of indexes; default $HELM_REPOSITORY_CACHE" },              \
        { "content-cache",                                                    \
          0,                                                                  \
          FLAG_TEXT,                                                          \
          NULL,                                                               \
          NULL,                                                               \
          "folder of charts that were fetched; default $HELM_CONTENT_CACHE" }

#define HELM_ACCESS_FLAGS                                                                    \
    { "username", 0, FLAG_TEXT, NULL, NULL, "user name for the repository or registry" },    \
        { "password", 0, FLAG_TEXT, NULL, NULL, "the user's password" },                     \
        { "ca-file", 0, FLAG_TEXT, NULL, NULL, "PEM file: trust these authorities alone" },  \
        { "cert-file", 0, FLAG_TEXT, NULL, NULL, "PEM file with a certificate of our own" }, \
        { "key-file", 0, FLAG_TEXT, NULL, NULL, "PEM file with its key" },                   \
        { "insecure-skip-tls-verify", 0, FLAG_SWITCH, NULL, NULL, "trust any certificate" }, \
        { "plain-http", 0, FLAG_SWITCH, NULL, NULL, "speak to registries without TLS" }

/* What names a chart of a repository. */
#define HELM_CHART_FLAGS                                                                             \
    { "repo", 0, FLAG_TEXT, NULL, NULL, "URL of the repository that has the chart" },                \
        { "version", 0,    FLAG_TEXT,                                                                \
          NULL,      NULL, "version or constraint: 1.2.3, ^1, >=2 <3; default the newest release" }, \
        { "devel", 0, FLAG_SWITCH, NULL, NULL, "pre-releases too, unless there is a --version" },    \
        { "pass-credentials",                                                                        \
          0,                                                                                         \
          FLAG_SWITCH,                                                                               \
          NULL,                                                                                      \
          NULL,                                                                                      \
          "give the credentials to other hosts than the repository's too" }

/* All that a command wants which takes a chart from anywhere. */
#define HELM_FETCH_FLAGS HELM_CHART_FLAGS, HELM_ACCESS_FLAGS, HELM_HOME_FLAGS

/* From the flags of these three groups that the command has, and the environment. */
void chart_access_read(const struct cli *cli, const struct invocation *in,
                       struct chart_request *ret);

/* --keyring, else helm's: pubring.gpg in $GNUPGHOME or ~/.gnupg. */
struct str chart_access_keyring(const struct cli *cli, const struct invocation *in);

#endif
