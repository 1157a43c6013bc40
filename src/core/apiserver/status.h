/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/apiserver/status.h - metav1.Status answers in kube-apiserver's words.
 *
 * Every decision that refuses returns `struct err *` whose `status` (base/err.h) holds HTTP code, reason, details and
 * causes, and whose first message is the Status message verbatim. status_from_err() turns it into the body. An error without
 * a status (a store or reader that failed) becomes 500 InternalError, or 503, 504 by its code. Source of truth:
 * apimachinery pkg/api/errors.
 */
#ifndef CORE_APISERVER_STATUS_H
#define CORE_APISERVER_STATUS_H

#include "base/vec.h"
#include "core/apiserver/resource.h"

/* Body for an error; *ret_code gets the HTTP status, *ret_retry_after_s the Retry-After seconds or -1. */
const struct val *status_from_err(struct arena *a, const struct err *e, int *ret_code,
                                  int32_t *ret_retry_after_s);

/* Body of a success without an object (DELETE): status Success, details name, group, kind and uid. */
const struct val *status_success(struct arena *a, const struct api_resource *r, struct str name,
                                 struct str uid);

/* {kind: Status, ...} frame of a watch that ends, e.g. 410. Same as the body. */

#define STATUS_ERR __attribute__((returns_nonnull))

STATUS_ERR struct err *status_not_found(struct arena *a, const struct api_resource *r,
                                        struct str name);
/* "the server could not find the requested resource": a path that nothing serves. */
STATUS_ERR struct err *status_no_resource(struct arena *a);
STATUS_ERR struct err *status_already_exists(struct arena *a, const struct api_resource *r,
                                             struct str name);
/* "Operation cannot be fulfilled on deployments.apps \"x\": <why>". */
STATUS_ERR struct err *status_conflict(struct arena *a, const struct api_resource *r,
                                       struct str name, struct str why);
/* The usual <why>: "the object has been modified; please apply your changes to the latest version and try again". */
STATUS_ERR struct err *status_modified(struct arena *a, const struct api_resource *r,
                                       struct str name);
STATUS_ERR struct err *status_bad_request(struct arena *a, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
STATUS_ERR struct err *status_internal(struct arena *a, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* 500 without a reason, as errors that are no Status: typed apply errors. */
STATUS_ERR struct err *status_untyped(struct arena *a, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
STATUS_ERR struct err *status_unauthorized(struct arena *a);
/* "configmaps \"x\" is forbidden: <why>"; name may be "". */
STATUS_ERR struct err *status_forbidden(struct arena *a, const struct api_resource *r,
                                        struct str name, struct str why);
/* For a path that is no resource: "forbidden: User \"u\" cannot get path \"/x\"". */
STATUS_ERR struct err *status_forbidden_path(struct arena *a, struct str user, struct str verb,
                                             struct str path);
STATUS_ERR struct err *status_method_not_allowed(struct arena *a, const struct api_resource *r,
                                                 struct str verb);
STATUS_ERR struct err *status_method_not_supported(struct arena *a); /* plain 405 of the router */
STATUS_ERR struct err *status_unsupported_media_type(struct arena *a, bool patch,
                                                     struct str supported);
/* known: a media type of the header is served, its parameters are not. */
STATUS_ERR struct err *status_not_acceptable(struct arena *a, bool known, struct str supported);
STATUS_ERR struct err *status_expired(struct arena *a, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
STATUS_ERR struct err *status_too_large_body(struct arena *a, size_t limit_bytes); /* 413 */
STATUS_ERR struct err *status_too_large_version(struct arena *a, int64_t asked,
                                                int64_t current); /* 504 */
STATUS_ERR struct err *status_not_implemented(struct arena *a, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
STATUS_ERR struct err *status_unavailable(struct arena *a, int32_t retry_after_s,
                                          const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* ---- 422 Invalid ---- */

enum field_error {
    FIELD_REQUIRED,
    FIELD_INVALID,
    FIELD_DUPLICATE,
    FIELD_NOT_SUPPORTED,
    FIELD_FORBIDDEN,
    FIELD_TOO_LONG,
    FIELD_TOO_MANY,
    FIELD_NOT_FOUND,
    FIELD_INTERNAL,
    FIELD_TYPE_INVALID,
};

struct field_cause {
    enum field_error type;
    struct str field; /* spec.ports[0].port */
    struct str
        message; /* as in the cause: "Invalid value: 0: must be between 1 and 65535, inclusive" */
};

/* Errors of one validation, in the order found. */
struct field_errors {
    struct field_cause *items;
    size_t count;
    size_t cap;
};

/*
 * Adds one with kube's wording for its type: "Required value[: detail]", "Invalid value: <value>: detail",
 * "Duplicate value: <value>", "Unsupported value: <value>: supported values: ..." (detail is then the list),
 * "Forbidden: detail", "Too long: may not be more than N bytes" and so on. `value` NULL is printed as null.
 */
void field_error_add(struct arena *a, struct field_errors *errs, enum field_error type,
                     struct str field, const struct val *value, struct str detail);

/* Adds those of a part that stands at `field` of the whole; a part that is wrong as such is "<nil>". */
void field_errors_below(struct arena *a, struct field_errors *errs, struct str field,
                        const struct field_errors *part);

/* NULL when there are none; else `Kind.group "name" is invalid: ...` with the causes. */
struct err *status_invalid(struct arena *a, const struct gvk *gvk, struct str name,
                           const struct field_errors *errs);

/* How kube prints a value inside such a message: strings quoted, maps and lists as JSON. */
struct str field_value_format(struct arena *a, const struct val *v);

#endif
