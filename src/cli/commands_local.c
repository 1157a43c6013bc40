/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of the command table: tools that need neither a cluster nor a repository. */
#include "cli/cmd_local.h"
#include "cli/command_table.h"

static const struct flag fmt_flags[] = {
    { "output", 'o', FLAG_TEXT, "yaml", "yaml,json", "format" },
};

static const struct flag envsubst_flags[] = {
    { "strict", 0, FLAG_SWITCH, NULL, NULL, "fail if a variable without a default is not set" },
};

static const struct flag version_flags[] = {
    { "output", 'o', FLAG_TEXT, "text", "text,json", "format" },
};

static const struct flag help_flags[] = {
    { "man", 0, FLAG_SWITCH, NULL, NULL, "all commands, as a manual page" },
    { "markdown", 0, FLAG_SWITCH, NULL, NULL, "all commands, as a page of Markdown" },
};

static const struct command rows[] = {
    { .path = "fmt",
      .arguments = "[FILE]",
      .arguments_max = 1,
      .summary = "Read YAML as Kubernetes does and print it canonically",
      .examples = "  weir fmt -o json <deployment.yaml",
      FLAGS(fmt_flags),
      .run = cmd_fmt },
    { .path = "health",
      .arguments = "FILE",
      .arguments_max = 1,
      .summary = "The health of objects in a file, as Flux sees it",
      .run = cmd_health },
    { .path = "envsubst",
      .summary = "Expand variables in standard input from the environment",
      .examples = "  weir envsubst --strict <app.yaml",
      FLAGS(envsubst_flags),
      .run = cmd_envsubst },
    { .path = "version", .summary = "Versions", FLAGS(version_flags), .run = cmd_version },
    { .path = "help",
      .arguments = "[COMMAND]...",
      .arguments_max = ARGUMENTS_MAX,
      .summary = "What a command does, or all of them as a page",
      .examples = "  weir help diff kustomization\n  weir help --man | man -l -",
      FLAGS(help_flags),
      .run = cmd_help },
    { .path = "completion",
      .arguments = "SHELL",
      .arguments_max = 1,
      .summary = "Completion for bash, zsh or fish",
      .examples = "  source <(weir completion bash)",
      .run = cmd_completion },
};
const struct command_rows local_commands = { rows, sizeof rows / sizeof rows[0] };
