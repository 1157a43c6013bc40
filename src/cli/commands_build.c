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

static const struct flag build_flags[] = {
    { "path", 0, FLAG_TEXT, NULL, NULL, "folder with the manifests" },
    { "kustomization-file", 0, FLAG_TEXT, NULL, NULL, "file with the Kustomization" },
    { "dry-run", 0, FLAG_SWITCH, NULL, NULL, "without a cluster; substituteFrom is left out" },
    { "namespace", 'n', FLAG_TEXT, "flux-system", NULL, "namespace of the Kustomization" },
    { "ignore-paths", 0, FLAG_TEXT, NULL, NULL,
      "comma-separated patterns of files to leave out, as in .gitignore" },
    { "strict-substitute", 0, FLAG_SWITCH, NULL, NULL,
      "fail if a variable without a default is not set" },
    { "recursive", 'r', FLAG_SWITCH, NULL, NULL, "build the Kustomizations it holds as well" },
    { "local-sources", 0, FLAG_TEXT, NULL, NULL,
      "their folders: KIND/NAMESPACE/NAME=FOLDER, comma-separated" },
    { "in-memory-build", 0, FLAG_SWITCH, NULL, NULL,
      "as flux has it; weir never writes to the folder" },
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
      .examples =
          "  weir build kustomization apps --path ./apps --kustomization-file ./clusters/a/apps.yaml --dry-run",
      FLAGS(build_flags),
      .run = cmd_build_kustomization },
};
const struct command_rows build_commands = { rows, sizeof rows / sizeof rows[0] };
