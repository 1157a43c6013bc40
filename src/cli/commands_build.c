/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of the command table: builds of kustomizations. */
#include "cli/cmd_build.h"
#include "cli/cmd_kustomize.h"
#include "cli/command_table.h"

static const struct flag kustomize_flags[] = {
    { "load-restrictor", 0, FLAG_TEXT, "LoadRestrictionsRootOnly",
      "LoadRestrictionsRootOnly,LoadRestrictionsNone",
      "whether files may lie outside the kustomization that names them" },
    { "reorder", 0, FLAG_TEXT, "legacy", "legacy,none", "order of the objects" },
    { "output", 'o', FLAG_TEXT, NULL, NULL,
      "write to this file, or into this folder, a file an object" },
    { "explain", 0, FLAG_TEXT, NULL, NULL,
      "print where an object, or one field of it, came from: Kind/ns/name[:field.path]" },
    { "watch", 'w', FLAG_SWITCH, NULL, NULL, "build again whenever a file changes" },
    { "no-remote-bases", 0, FLAG_SWITCH, NULL, NULL, "refuse resources of other machines" },
};

static const struct flag graph_flags[] = {
    { "output", 'o', FLAG_TEXT, "text", "text,dot,json", "format" },
    { "no-remote-bases", 0, FLAG_SWITCH, NULL, NULL, "refuse resources of other machines" },
};

#define BUILD_FLAGS                                                                                   \
    { "path", 0, FLAG_TEXT, NULL, NULL, "folder with the manifests" },                                \
        { "kustomization-file",                                                                       \
          0,                                                                                          \
          FLAG_TEXT,                                                                                  \
          NULL,                                                                                       \
          NULL,                                                                                       \
          "file with the Kustomization, in place of the cluster's" },                                 \
        { "ignore-paths", 0,    FLAG_TEXT,                                                            \
          NULL,           NULL, "comma-separated patterns of files to leave out, as in .gitignore" }, \
        { "strict-substitute",                                                                        \
          0,                                                                                          \
          FLAG_SWITCH,                                                                                \
          NULL,                                                                                       \
          NULL,                                                                                       \
          "fail if a variable without a default is not set" },                                        \
        { "recursive", 'r', FLAG_SWITCH, NULL, NULL, "the Kustomizations it holds as well" },         \
        { "local-sources",                                                                            \
          0,                                                                                          \
          FLAG_TEXT,                                                                                  \
          NULL,                                                                                       \
          NULL,                                                                                       \
          "their folders: KIND/NAMESPACE/NAME=FOLDER, comma-separated" },                             \
        { "in-memory-build",                                                                          \
          0,                                                                                          \
          FLAG_SWITCH,                                                                                \
          NULL,                                                                                       \
          NULL,                                                                                       \
          "as flux has it; weir never writes to the folder" }

static const struct flag build_flags[] = {
    BUILD_FLAGS,
    { "dry-run", 0, FLAG_SWITCH, NULL, NULL, "without a cluster; substituteFrom is left out" },
};

static const struct flag diff_flags[] = {
    BUILD_FLAGS,
    { "ignore-not-found", 0, FLAG_SWITCH, NULL, NULL,
      "the Kustomization of the file may be new to the cluster" },
    { "revision", 0, FLAG_TEXT, NULL, NULL,
      "compare two revisions of the repository that --path is in: A..B" },
    { "dry-run", 0, FLAG_SWITCH, NULL, NULL,
      "with --revision: without a cluster; substituteFrom is left out" },
    { "progress-bar", 0, FLAG_SWITCH, "true", NULL, "as flux has it; weir shows none" },
};

static const struct command rows[] = {
    { .path = "kustomize", .summary = "kustomize without kustomize" },
    { .path = "kustomize build",
      .arguments = "[DIR | URL]",
      .arguments_max = 1,
      .summary = "Build a kustomization and print its objects",
      .examples = "  weir kustomize build apps/production\n"
                  "  weir kustomize build --explain Deployment/web:spec.replicas apps/production",
      FLAGS(kustomize_flags),
      .run = cmd_kustomize_build },
    { .path = "kustomize graph",
      .arguments = "[DIR]",
      .arguments_max = 1,
      .summary = "Print which kustomization pulls in which files and folders",
      .examples = "  weir kustomize graph -o dot apps/production | dot -Tsvg",
      FLAGS(graph_flags),
      .run = cmd_kustomize_graph },
    { .path = "build", .summary = "Build what Flux would apply" },
    { .path = "build kustomization",
      .aliases = "ks",
      .arguments = "NAME",
      .arguments_max = 1,
      .summary = "Build a Kustomization from files and print its objects",
      .examples = "  weir build kustomization apps --path ./apps/production\n"
                  "  weir build kustomization apps --path ./apps/production --kustomization-file "
                  "./clusters/a/apps.yaml --dry-run",
      FLAGS(build_flags),
      .uses_cluster = true,
      .run = cmd_build_kustomization },
    { .path = "diff", .summary = "What applying would change" },
    { .path = "diff kustomization",
      .aliases = "ks",
      .arguments = "NAME",
      .arguments_max = 1,
      .summary =
          "What a Kustomization built from files would change; status 1 if anything, 2 on failure",
      .examples =
          "  weir diff kustomization apps --path ./apps/production\n"
          "  weir diff kustomization apps --path ./apps/production --revision main..feature "
          "--kustomization-file ./clusters/a/apps.yaml --dry-run",
      FLAGS(diff_flags),
      .uses_cluster = true,
      .run = cmd_diff_kustomization },
};
const struct command_rows build_commands = { rows, sizeof rows / sizeof rows[0] };
