/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/apiserver/defaults.h - what Kubernetes fills into built-in objects, before managed fields are computed.
 *
 * Plain defaults are rows of a table (defaults_table.c); what depends on several fields is code. Source of truth: kubernetes
 * pkg/apis/.../v1/defaults.go and conversion.go (1.35).
 */
#ifndef CORE_APISERVER_DEFAULTS_H
#define CORE_APISERVER_DEFAULTS_H

#include "core/apiserver/resource.h"
#include "value/val.h"

/* The object with defaults; kinds without rows come back as they are. Custom resources: crd_default(). */
const struct val *defaults_apply(struct arena *a, const struct api_resource *r,
                                 const struct val *object);

/* Path of the pod spec inside an object of the kind: "spec", "spec.template.spec"; "" when there is none. */
struct str pod_spec_path(struct str group, struct str kind);

/* Defaults of a pod spec, wherever it stands. `path` leads to it. */
const struct val *defaults_pod_spec(struct arena *a, const struct val *object, struct str path);

struct default_rule {
    struct str kinds; /* comma-separated "group/Kind"; group "" is "/Pod" */
    struct str path;  /* of the map that holds the field, see tree_edit.h */
    struct str field;
    struct str value; /* "{}", "[]", true, false, digits, else text */
    struct str when;  /* "field=value|value": only then; "" always */
};

const struct default_rule *default_rules(size_t *ret_count);
const struct default_rule *pod_default_rules(size_t *ret_count);
const struct val *default_rule_apply(struct arena *a, const struct val *object, struct str prefix,
                                     const struct default_rule *rule);

#endif
