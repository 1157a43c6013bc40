/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/helm/chart.h - a chart in memory: Chart.yaml, values, templates, files and sub-charts.
 *
 * Loaded from a folder or an archive that was opened as a tree. Everything lives in the arena of the rendering. Rendering
 * changes a chart (aliases, disabled dependencies, imported values), so a chart is loaded for one rendering. Source
 * of truth: Helm 4.3, chart API v1 and v2.
 */
#ifndef CORE_HELM_CHART_H
#define CORE_HELM_CHART_H

#include "base/vec.h"
#include "core/gotmpl/value.h"
#include "core/tree.h"
#include "value/val.h"

struct helm_file {
    struct str name; /* from the chart's folder: "templates/web.yaml" */
    struct str data;
};

struct helm_files {
    struct helm_file *items;
    size_t count;
    size_t cap;
};

/* An entry of Chart.yaml's dependencies (or of requirements.yaml). */
struct helm_dependency {
    struct str name; /* the alias, once dependencies are processed */
    struct str version;
    struct str repository;
    struct str condition;
    struct str alias;
    const struct val *tags;          /* list of strings; NULL: none */
    const struct val *import_values; /* list; NULL: none */
    const struct val *source;        /* the entry as written */
    bool enabled;
};

struct helm_dependencies {
    struct helm_dependency *items;
    size_t count;
    size_t cap;
};

struct helm_charts {
    struct helm_chart **items;
    size_t count;
    size_t cap;
};

struct helm_chart {
    const struct helm_chart *parent; /* NULL: the chart that is rendered */
    const struct val *metadata;      /* Chart.yaml, texts cleaned as Helm cleans them */
    struct str name;                 /* the alias where it is a dependency with one */
    struct str entry;      /* of the parent's charts/ that it came from: "web-1.2.3.tgz" */
    struct go_map *values; /* values.yaml; never NULL */
    struct str schema;     /* values.schema.json; ptr NULL: none */
    struct helm_files templates;
    struct helm_files files; /* all else, crds/ included */
    struct helm_files raw;   /* every file, as read */
    struct helm_dependencies dependencies;
    struct helm_charts charts; /* sub-charts; after processing, the enabled ones */
    const struct val *lock;    /* Chart.lock; NULL: none */
};

/* How a packed sub-chart (charts/web-1.2.3.tgz) is opened; the tree holds one folder, the chart's. NULL: refused by name. */
struct helm_archives {
    struct err *(*open)(void *self, struct arena *a, struct str name, struct str bytes,
                        struct tree *ret);
    void *self;
};

/*
 * Loads the chart in folder `path` of the tree, .helmignore respected. ERR_NOT_FOUND: no Chart.yaml; ERR_INVALID: what
 * Helm refuses, with file and field; ERR_TOO_LARGE: LIMIT_CHART_BYTES, LIMIT_CHART_FILES, LIMIT_CHART_DEPTH.
 */
MUST_CHECK struct err *helm_chart_load(struct arena *a, const struct tree *tree, struct str path,
                                       const struct helm_archives *archives,
                                       struct helm_chart **ret);

/* "app/charts/db": where templates of the chart are, as messages name it. */
struct str helm_chart_path(struct arena *a, const struct helm_chart *c);

/* The manifests of crds/, sub-charts' included; names with the chart's path in front. */
void helm_chart_crds(struct arena *a, const struct helm_chart *c, struct helm_files *into);

/* Chart.yaml as Helm prints it: known fields alone, without empty ones. */
const struct val *helm_metadata_shown(struct arena *a, const struct helm_chart *c);

/* A scalar as the text that Kubernetes' YAML readers make of it where text belongs; "" for null, maps and lists. */
struct str helm_text(struct arena *a, const struct val *v);

/* A text field of Chart.yaml, "" when missing. */
struct str helm_chart_field(const struct helm_chart *c, const char *name);

/* Several documents of a values file merged into one map, maps by key. ERR_INVALID: a document is no map. */
MUST_CHECK struct err *helm_values_read(struct arena *a, struct str text, struct str name,
                                        struct go_map **ret);

/* Reads Chart.yaml into the chart (metadata, name, dependencies) and checks it. Private to core/helm. */
MUST_CHECK struct err *helm_metadata_read(struct arena *a, struct helm_chart *c, struct str text,
                                          struct str name);
/* requirements.yaml of a v1 chart adds its dependencies. Private to core/helm. */
MUST_CHECK struct err *helm_requirements_read(struct arena *a, struct helm_chart *c,
                                              struct str text, struct str name);
/* What Helm demands of every chart. Private to core/helm. */
MUST_CHECK struct err *helm_metadata_check(struct arena *a, const struct helm_chart *c,
                                           struct str name);

#endif
