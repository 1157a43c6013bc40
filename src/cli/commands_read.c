/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of the command table: what only looks at a cluster. */
#include "cli/cmd_get.h"
#include "cli/cmd_show.h"
#include "cli/command_table.h"

static const struct flag get_flags[] = {
    { "all-namespaces", 'A', FLAG_SWITCH, NULL, NULL, "across all namespaces" },
    { "label-selector", 'l', FLAG_TEXT, NULL, NULL, "only objects with these labels" },
    { "output", 'o', FLAG_TEXT, "table", "table,wide,name,json,yaml", "format" },
    { "no-header", 0, FLAG_SWITCH, NULL, NULL, "leave the header out" },
};

static const struct flag tree_flags[] = {
    { "compact", 0, FLAG_SWITCH, NULL, NULL, "Flux objects only" },
    { "output", 'o', FLAG_TEXT, "tree", "tree,wide,json,yaml", "format; wide shows health" },
};

static const struct flag events_flags[] = {
    { "all-namespaces", 'A', FLAG_SWITCH, NULL, NULL, "across all namespaces" },
    { "for", 0, FLAG_TEXT, NULL, NULL, "events of one object: KIND or KIND/NAME" },
    { "types", 0, FLAG_TEXT, NULL, NULL, "Normal, Warning or both" },
    { "output", 'o', FLAG_TEXT, "table", "table,wide,name,json,yaml", "format" },
    { "no-header", 0, FLAG_SWITCH, NULL, NULL, "leave the header out" },
};

static const struct command rows[] = {
    { .path = "get", .summary = "Flux objects and their state" },
    { .path = "get sources", .aliases = "source", .summary = "Sources and their state" },
    { .path = "get sources git",
      .aliases = "gitrepository",
      .arguments = "[NAME]",
      .arguments_max = 1,
      .summary = "GitRepositories",
      .examples = "  weir get sources git -A",
      FLAGS(get_flags),
      .uses_cluster = true,
      .run = cmd_get_git },
    { .path = "get kustomizations",
      .aliases = "ks,kustomization",
      .arguments = "[NAME]",
      .arguments_max = 1,
      .summary = "Kustomizations",
      .examples = "  weir get kustomizations -n apps -o wide",
      FLAGS(get_flags),
      .uses_cluster = true,
      .run = cmd_get_kustomizations },
    { .path = "get all",
      .summary = "All Flux objects",
      .examples = "  weir get all -A",
      FLAGS(get_flags),
      .uses_cluster = true,
      .run = cmd_get_all },
    { .path = "tree", .summary = "What an object has applied" },
    { .path = "tree kustomization",
      .aliases = "ks",
      .arguments = "NAME",
      .arguments_max = 1,
      .summary = "The inventory of a Kustomization, as a tree",
      .examples = "  weir tree kustomization flux-system --compact",
      FLAGS(tree_flags),
      .uses_cluster = true,
      .run = cmd_tree_kustomization },
    { .path = "events",
      .summary = "Kubernetes Events of Flux objects",
      .examples = "  weir events --for Kustomization/apps\n  weir events -A --types Warning",
      FLAGS(events_flags),
      .uses_cluster = true,
      .run = cmd_events },
};
const struct command_rows read_commands = { rows, sizeof rows / sizeof rows[0] };
