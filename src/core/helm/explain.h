/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/helm/explain.h - which line of a template, and which values, made a field of a release.
 */
#ifndef CORE_HELM_EXPLAIN_H
#define CORE_HELM_EXPLAIN_H

#include "core/helm/release.h"
#include "core/helm/value_sources.h"

/*
 * "Kind/namespace/name" or "Kind/name" (any namespace), and after a colon a field: "Deployment/apps/web:spec.replicas",
 * `...:metadata.labels."app.kubernetes.io/name"`, "...:spec.ports[0].port". Without a field, or with one that is a map or list,
 * every field below it, at most 1,000. For each: its value; the action that wrote it, or that it is written in the template; the
 * values that the action read, each with what set it; calls, and the ifs and ranges it stands in, with what those read.
 * The template is rendered anew (helm_release_trace). ERR_NOT_FOUND: no such object or field; ERR_INVALID: no reference.
 */
MUST_CHECK struct err *helm_explain(struct arena *a, const struct helm_release *r,
                                    const struct value_origins *origins, struct str reference,
                                    struct buf *out);

#endif
