/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/apiserver/prepare.h - what a write does to an object: from the request's object and the stored one to
 * what is stored next.
 *
 * One call holds a verb's whole decision in kube-apiserver's order: identity checks, defaults, managed fields, admission,
 * strategy (uid, generation, status kept or dropped ...), validation. The app reads the live object, calls, and commits with
 * the live revision expected; on a conflict of the commit it reads and calls again (at most 5 times), because the
 * request itself may be unconditional.
 *
 * `live` is as served: in the request's version, with metadata.resourceVersion. A result is in the request's version
 * without resourceVersion: the app converts it to the storage version, commits, and adds the version to the answer.
 * Errors carry a Status (status.h). Source of truth: apiserver pkg/registry/rest, pkg/endpoints/handlers, kubernetes
 * pkg/registry (1.35).
 */
#ifndef CORE_APISERVER_PREPARE_H
#define CORE_APISERVER_PREPARE_H

#include "base/vec.h"
#include "core/apiserver/status.h"
#include "core/kube/managed_fields.h"

/* What admission and strategies look up; app reads the store. Both callbacks give objects as served, storage version. */
struct object_reader {
    void *self;
    /* *ret NULL: there is none. `resource` is the store key, "/namespaces". */
    struct err *(*get)(void *self, struct arena *a, struct str resource, struct str ns,
                       struct str name, const struct val **ret);
    struct err *(*list)(void *self, struct arena *a, struct str resource, struct str ns,
                        const struct val *const **ret, size_t *ret_count);
};

struct warning_list {
    struct str *items; /* texts of Warning headers, without code and quotes */
    size_t count;
    size_t cap;
};

struct prepare_call {
    const struct api_resource *resource;
    struct str subresource;     /* "", "status", "scale", "finalize" ... */
    struct str ns;              /* from the path */
    struct str name;            /* from the path; "" on create */
    struct field_writer writer; /* manager, api version, now; its subresource is set here */
    struct str uid;             /* fresh, for create */
    uint64_t random;            /* seed: generateName, free addresses and ports */
    const struct object_reader *reader;
    struct warning_list *warnings; /* appended to */
};

enum prepare_action {
    PREPARE_NOTHING, /* as stored already: answer with `object` and the live resourceVersion, no write */
    PREPARE_CREATE,
    PREPARE_UPDATE,
    PREPARE_REMOVE, /* the last finalizer went, or a delete takes effect at once: `object` is the final state */
};

struct prepare_result {
    enum prepare_action action;
    const struct val *object; /* never NULL on success */
};

/* POST. ERR_ALREADY_EXISTS is the commit's business. With generateName the app retries with another `random`. */
MUST_CHECK struct err *prepare_create(struct arena *a, const struct prepare_call *call,
                                      const struct val *object, struct prepare_result *ret);

/*
 * PUT on the object or a subresource that takes the whole object (status, finalize). `live` NULL: created where the kind
 * allows it (API_CREATE_ON_UPDATE), else ERR_NOT_FOUND. ERR_CONFLICT: another resourceVersion or uid.
 */
MUST_CHECK struct err *prepare_update(struct arena *a, const struct prepare_call *call,
                                      const struct val *live, const struct val *object,
                                      struct prepare_result *ret);

enum patch_type { PATCH_JSON, PATCH_MERGE, PATCH_STRATEGIC, PATCH_APPLY };

enum field_validation { FIELD_VALIDATION_IGNORE, FIELD_VALIDATION_WARN, FIELD_VALIDATION_STRICT };

struct prepare_patch_options {
    enum patch_type type;
    bool force; /* apply */
    enum field_validation validation;
};

/*
 * PATCH. `patch` is the decoded body (decode.h, decode_patch). `live` NULL: apply creates, others are ERR_NOT_FOUND.
 * A subresource "scale" patches the Scale and writes back.
 */
MUST_CHECK struct err *prepare_patch(struct arena *a, const struct prepare_call *call,
                                     const struct val *live, const struct val *patch,
                                     const struct prepare_patch_options *options,
                                     struct prepare_result *ret);

struct delete_options {
    int64_t grace_period_s; /* -1: not given */
    struct str propagation; /* "", Background, Foreground, Orphan */
    struct str uid;         /* preconditions; "" none */
    struct str resource_version;
    bool dry_run;
    struct str dry_run_value; /* as sent, for the check */
    int orphan_dependents;    /* -1: not given; deprecated form of propagation */
    bool ignore_store_read_error;
};

/*
 * DELETE of one object. REMOVE: gone now. UPDATE: deletionTimestamp and finalizers were set, it stays until they are
 * gone. NOTHING: it was terminating already and nothing changes. ERR_CONFLICT: a precondition.
 */
MUST_CHECK struct err *prepare_delete(struct arena *a, const struct prepare_call *call,
                                      const struct val *live, const struct delete_options *options,
                                      struct prepare_result *ret);

/* GET of .../scale: the Scale of a workload or of a custom resource with a scale subresource. */
MUST_CHECK struct err *scale_of(struct arena *a, const struct api_resource *r,
                                const struct val *live, const struct val **ret);
/* PUT of .../scale. */
MUST_CHECK struct err *prepare_scale(struct arena *a, const struct prepare_call *call,
                                     const struct val *live, const struct val *scale,
                                     struct prepare_result *ret);

/* An object of a virtual kind (API_VIRTUAL) with defaults, checked; the app fills in its status. */
MUST_CHECK struct err *prepare_virtual(struct arena *a, const struct prepare_call *call,
                                       const struct val *object, const struct val **ret);

#endif
