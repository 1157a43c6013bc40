/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/gotmpl/context.h - the values that Helm hands to a template: what stands behind `.` in a chart.
 *
 * The context of a chart is a map (GO_VALUES) with these keys, as Helm 4.3 builds them:
 *
 *   Values        GO_VALUES     context_values(): the coalesced values. Numbers read from YAML or JSON are float64, made
 *                               ones (val_int with an empty text, as --set gives) int64.
 *   Release       GO_MAP        Name, Namespace, Service: string; IsUpgrade, IsInstall: bool; Revision: int
 *   Chart         GO_MAP        Chart.yaml's fields by their Go names (Name, Version, AppVersion, Dependencies ...), and
 *                               IsRoot: bool. (Helm 3 has a struct: context_chart_struct(), where an unknown field is an
 *                               error. `weir helm eval` uses that one.)
 *   Capabilities  GO_POINTER    context_capabilities(): KubeVersion {Version, Major, Minor}, APIVersions with Has,
 *                               HelmVersion {Version, GitCommit, GitTreeState, GoVersion, KubeClientVersion}
 *   Files         GO_FILES      context_files(): path to bytes, with Get, GetBytes, Glob, Lines, AsConfig, AsSecrets
 *   Template      GO_VALUES     Name: "app/templates/svc.yaml", BasePath: "app/templates"; set anew for each template
 *   Subcharts     GO_MAP        name to the same context of each enabled dependency
 *
 * A sub-chart's context has its own Chart, Files and Subcharts, its part of the parent's Values (the same map, not a copy:
 * `set` in a sub-chart is seen by the parent), and the parent's Release and Capabilities. All live in the arena.
 */
#ifndef CORE_GOTMPL_CONTEXT_H
#define CORE_GOTMPL_CONTEXT_H

#include "core/gotmpl/value.h"

struct kube_version_info {
    struct str version; /* as given, "v1.35.4" */
    struct str plain;   /* "v1.35.4" without a vendor's suffix; "": as version */
    struct str major, minor;
};

struct helm_version_info {
    struct str version, git_commit, git_tree_state, go_version, kube_client_version;
};

struct context_file {
    struct str path;
    struct str bytes;
};

/* Key of a context, or of any map. */
void context_set(struct go_value *map, const char *key, struct go_value value);

/* The values of a chart; `values` NULL or null is the empty map. type: GO_VALUES, or GO_VALUES3 as Helm 3 names it. */
struct go_value context_values(struct arena *a, enum go_type type, const struct val *values);

struct go_value context_capabilities(struct arena *a, const struct kube_version_info *kube,
                                     const struct str *api_versions, size_t api_version_count,
                                     const struct helm_version_info *helm);

/* API versions that Helm takes for there when no cluster is asked: "v1", "apps/v1" ... */
extern const struct str context_known_versions[];
extern const size_t context_known_version_count;

struct go_value context_files(struct arena *a, const struct context_file *files, size_t count);

/* Chart.yaml as the struct of Helm 3: every known field is there, strings are "" and lists nil where not given. */
struct go_value context_chart_struct(struct arena *a, const struct val *metadata, bool is_root);

/* The same as a map with Go's field names, as Helm 4 has it. */
struct go_value context_chart_map(struct arena *a, const struct val *metadata, bool is_root);

#endif
