/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/kube/obj_ref.h - the one identity of a Kubernetes object, and its two texts.
 *
 * Texts: "Kind/namespace/name" for people ("Kind/name" when cluster-scoped), and the inventory id of fluxcd/cli-utils,
 * "<namespace>_<name>_<group>_<kind>", in which ":" of RBAC names is "__".
 */
#ifndef CORE_KUBE_OBJ_REF_H
#define CORE_KUBE_OBJ_REF_H

#include "base/err.h"
#include "value/val.h"

struct gvk {
    struct str group; /* "" is the core group */
    struct str version;
    struct str kind;
};

struct obj_ref {
    struct str group;
    struct str version;
    struct str kind;
    struct str ns; /* "": cluster-scoped, or not said */
    struct str name;
};

struct obj_refs {
    struct obj_ref *items;
    size_t count;
    size_t cap;
};

/* "apps/v1" -> apps, v1; "v1" -> "", v1. False on an empty text or a second slash. */
bool api_version_parse(struct str api_version, struct str *ret_group, struct str *ret_version);
struct str api_version_format(struct arena *a, struct str group, struct str version);

/* From apiVersion, kind, metadata.namespace, metadata.name; missing ones are "". Views into the value. */
struct obj_ref obj_ref_of(const struct val *object);

struct gvk obj_ref_gvk(const struct obj_ref *ref);

/* Group, kind, namespace and name; the version does not make another object. */
bool obj_ref_eq(const struct obj_ref *a, const struct obj_ref *b);
int obj_ref_cmp(const struct obj_ref *a, const struct obj_ref *b); /* group, kind, ns, name */

struct str obj_ref_format(struct arena *a, const struct obj_ref *ref);

struct str inventory_id_format(struct arena *a, const struct obj_ref *ref);
/* version is not in the id: *ret gets "". ERR_INVALID: not four parts. */
MUST_CHECK struct err *inventory_id_parse(struct arena *a, struct str id, struct obj_ref *ret);

struct obj_ref obj_ref_copy(struct arena *a, const struct obj_ref *ref);

#endif
