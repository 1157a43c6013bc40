/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/apiserver/resource.h - what the server serves: one entry for each group, version and plural.
 *
 * Built-in entries are constant tables (generated: tables/resource_table.c, plus policy in resource_policy.c);
 * those of custom resources are made from a CRD by crd_resource() (crd.h) into the arena of whoever keeps them. Both
 * look the same to every other module. Source of truth: kubernetes 1.35 api/discovery and pkg/registry strategies.
 */
#ifndef CORE_APISERVER_RESOURCE_H
#define CORE_APISERVER_RESOURCE_H

#include "core/kube/schema.h"

enum api_verb {
    API_CREATE = 1,
    API_DELETE = 2,
    API_DELETE_COLLECTION = 4,
    API_GET = 8,
    API_LIST = 16,
    API_PATCH = 32,
    API_UPDATE = 64,
    API_WATCH = 128,
    API_ALL_VERBS = 255,
};

/* How the strategy of a kind differs from a plain one (kube's pkg/registry/.../strategy.go). */
enum api_trait {
    API_STATUS = 1,               /* main endpoint keeps status; status endpoint keeps the rest */
    API_GENERATION = 2,           /* metadata.generation counts changes of the spec */
    API_CREATE_ON_UPDATE = 4,     /* PUT of an absent object creates it */
    API_UNCONDITIONAL_UPDATE = 8, /* PUT without resourceVersion is allowed */
    API_GRACEFUL_DELETE = 16,     /* pods: a grace period before the object goes */
    API_ORPHAN_DEFAULT = 32,      /* a delete without a policy orphans dependents */
    API_VIRTUAL = 64,             /* nothing is stored: SubjectAccessReview, TokenReview ... */
    API_SCALE = 128,              /* has a scale subresource */
    API_KEEP_GENERATION =
        256, /* a client's metadata.generation is kept (ConfigMap and others without one) */
    API_RETURN_DELETED = 512, /* DELETE answers with the object, not with a Status */
    API_NO_GC = 1024,         /* propagation policies mean nothing (Events) */
};

struct crd_version; /* core/apiserver/crd.h */

struct api_subresource {
    struct str name;  /* "status" */
    struct str kind;  /* of its objects: "Deployment", "Scale" */
    struct str group; /* "" with version "": that of the resource */
    struct str version;
    unsigned verbs; /* enum api_verb */
};

struct api_resource {
    struct gvk gvk;
    struct str plural;
    struct str singular;
    struct str list_kind;   /* DeploymentList */
    struct str short_names; /* comma-separated */
    struct str categories;  /* comma-separated */
    bool namespaced;
    unsigned verbs;  /* enum api_verb */
    unsigned traits; /* enum api_trait */
    const struct api_subresource *subresources;
    size_t subresource_count;
    /* Objects are stored as this group and version ("events.k8s.io/v1" Events as core "v1"). */
    struct str storage_group;
    struct str storage_version;
    struct str storage_hash; /* storageVersionHash of discovery; "" none */
    const struct schema *type;
    const struct crd_version *crd; /* NULL: built in */
};

/* Every built-in resource, sorted by group, version, plural. */
const struct api_resource *api_resource_builtin_all(size_t *ret_count);

/* NULL: not built in. */
const struct api_resource *api_resource_builtin(struct str group, struct str version,
                                                struct str plural);
const struct api_resource *api_resource_builtin_kind(struct str group, struct str version,
                                                     struct str kind);

/* The subresource, or NULL. */
const struct api_subresource *api_resource_subresource(const struct api_resource *r,
                                                       struct str name);

/* "deployments.apps" or "configmaps": how messages name the resource. */
struct str api_resource_qualified(struct arena *a, const struct api_resource *r);

/* Key of the store (ports/driven/object_store.h): "apps/deployments", "/pods"; by storage group. */
struct str api_resource_store_key(struct arena *a, const struct api_resource *r);

/*
 * The same object in another version of its kind. Built-in versions with different shapes (events, HPA v1) are converted;
 * custom resources only change apiVersion (strategy None). `object` itself when nothing changes.
 */
const struct val *api_resource_convert(struct arena *a, const struct val *object, struct str group,
                                       struct str version);

struct str api_verb_name(enum api_verb verb); /* "deletecollection" */

/* What the Warning header says about the whole kind, "" nothing. */
struct str api_resource_deprecation(const struct api_resource *r);

#endif
