/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/helm/lint.h - what is wrong with a chart: helm lint's rules, with its severities and words.
 *
 * Everything is tried: a chart that cannot be loaded still has its Chart.yaml looked at. Source of truth: Helm 4.3.1
 * pkg/chart/v2/lint. Messages of parsers are weir's own, and name line and column.
 */
#ifndef CORE_HELM_LINT_H
#define CORE_HELM_LINT_H

#include "core/helm/release.h"

enum lint_severity { LINT_INFO, LINT_WARNING, LINT_ERROR };

struct lint_finding {
    enum lint_severity severity;
    struct str
        path; /* in the chart: "Chart.yaml", "templates/web.yaml"; "" and the folder's own path occur */
    struct str text;
};

struct lint_findings {
    struct arena *arena;
    struct lint_finding *items;
    size_t count;
    size_t cap;
};

struct lint_chart {
    const struct tree *tree;
    struct str folder; /* the chart's, in the tree */
    struct str label;  /* the same as messages name it */
    const struct helm_archives *archives;
    struct go_map *values;                      /* given by the user; never NULL */
    const struct helm_release_options *options; /* namespace, kube_version, skip_schema, host */
};

/*
 * All findings in helm's order; ret->arena is set. ret_extra gets what helm does not find: the failures of templates behind the first
 * (errors), values that templates use and no values file defines, values that are defined and used by no template (both INFO).
 * ERR_IO, ERR_FORBIDDEN: the tree could not be read at all.
 */
MUST_CHECK struct err *helm_lint(struct arena *a, const struct lint_chart *chart,
                                 struct lint_findings *ret, struct lint_findings *ret_extra);

/* The findings of Chart.yaml; false: it cannot be parsed. Private to core/helm. */
bool lint_chart_file(struct lint_findings *f, struct str text);
/* The findings of templates that were rendered, a file each. Private to core/helm. */
void lint_manifests(struct lint_findings *f, const struct helm_chart *c,
                    const struct helm_files *rendered, struct str kube_version);
/* Values used and not defined, defined and not used, of a chart whose templates parse. Private to core/helm. */
void lint_value_uses(struct lint_findings *f, const struct helm_chart *c,
                     const struct helm_release *r);
/* The head of every CRD. Private to core/helm. */
void lint_crds(struct lint_findings *f, const struct helm_files *crds);

void lint_add(struct lint_findings *f, enum lint_severity severity, struct str path,
              const char *format, ...) __attribute__((format(printf, 4, 5)));

#endif
