/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/helm/release.h - a chart rendered for a release: what `helm template`, install and upgrade start from.
 */
#ifndef CORE_HELM_RELEASE_H
#define CORE_HELM_RELEASE_H

#include "core/gotmpl/trace.h"
#include "core/gotmpl/value_uses.h"
#include "core/helm/manifest.h"
#include "core/host.h"

struct helm_release_options {
    struct str name;
    struct str ns;
    int revision; /* from 1 */
    bool is_upgrade;
    struct str kube_version;        /* "1.35.4" or "v1.35.4"; "": Helm's own default */
    const struct str *api_versions; /* beside those of Helm's default set */
    size_t api_version_count;
    bool api_versions_complete; /* they are all there are: those of a cluster */
    bool skip_schema;
    bool lint; /* `required` and `fail` give "" */
    const struct host *host;
};

struct helm_rendering;

struct helm_release {
    struct helm_manifests objects; /* sorted for installing */
    struct helm_manifests hooks;
    struct helm_files
        crds; /* of crds/, sub-charts' included; names with the chart's path in front */
    struct helm_files rendered; /* every template's text, by name, NOTES.txt left out */
    struct str notes;
    struct go_map *values; /* effective */
    struct helm_failures
        failures; /* all there are, the first one as helm's; also where rendering failed */
    struct helm_rendering *rendering; /* for helm_release_trace */
};

/*
 * Renders one template of the release again, and says what wrote it (core/gotmpl/trace.h). The values are as the rendering
 * left them, and what is random comes anew. Errors as rendering.
 */
MUST_CHECK struct err *helm_release_trace(const struct helm_release *r, struct str name,
                                          struct str *ret_text, const struct trace_output **ret);

/* The values that the released chart's own templates look at, those of its library charts included (core/gotmpl/value_uses.h). */
void helm_release_value_uses(const struct helm_release *r, struct value_uses *ret);

/* The context of the released chart's own templates; it has that of its sub-charts below it. */
struct go_map *helm_release_context(const struct helm_release *r);

/*
 * Processes dependencies, coalesces `values` (NULL: none) over the chart's, checks schemas and kubeVersion, renders all
 * templates and sorts what comes out. The chart is changed. Errors as templates, values and manifests give them, of all
 * templates that fail, each with its advice below it; ERR_INVALID also for a library chart and an incompatible kubeVersion.
 */
MUST_CHECK struct err *helm_release_render(struct arena *a, struct helm_chart *c,
                                           struct go_map *values,
                                           const struct helm_release_options *options,
                                           struct helm_release *ret);

/*
 * Renders the templates alone, into ret->rendered and ret->notes: dependencies are processed and `values` are the effective
 * ones. Library charts give nothing. Errors are the templates'; ERR_INVALID: options->kube_version.
 */
MUST_CHECK struct err *helm_release_templates(struct arena *a, const struct helm_chart *c,
                                              struct go_map *values,
                                              const struct helm_release_options *options,
                                              struct helm_release *ret);

#endif
