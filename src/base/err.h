/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/err.h - errors are values.
 *
 * A function that can fail returns `struct err *`: NULL is success. The error lives in the arena that the
 * function was given and is never freed singly. `code` drives behaviour and is set once, at the source;
 * `msg` is one layer's words only, and wrapping puts the outer layer's words in front (docs/adr/0003).
 *
 * Words: the object first as Kind/namespace/name, or the place as path:line:col; lower case, no full stop,
 * user text in quotes, the limit or rule, what to do next; a server's own message stays verbatim at the
 * end. Never a secret.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdarg.h>

#include "base/str.h"

#ifdef __cplusplus
extern "C" {
#endif

#define MUST_CHECK __attribute__((warn_unused_result))

enum err_code {
    ERR_INVALID, /* the input is wrong; the same input fails again */
    ERR_NOT_FOUND,
    ERR_ALREADY_EXISTS,
    ERR_CONFLICT,     /* someone else's write or ownership is in the way */
    ERR_UNAUTHORIZED, /* no or wrong credentials */
    ERR_FORBIDDEN,    /* known, but not allowed */
    ERR_GONE,         /* history asked for is no longer there: list again */
    ERR_UNAVAILABLE,  /* the other side cannot answer now */
    ERR_TIMEOUT,
    ERR_CANCELLED,
    ERR_TOO_LARGE,   /* a limit of base/limits.h, named in the message */
    ERR_UNSUPPORTED, /* not built; the message names it */
    ERR_IO,          /* the local machine: disk, pipe, descriptor */
    ERR_INTERNAL,    /* a bug of ours */
    ERR_CODE_COUNT,
};

/* One of a Kubernetes Status' details.causes. */
struct err_cause {
    struct str reason; /* FieldValueInvalid */
    struct str message;
    struct str field; /* spec.ports[0].port */
};

/* What an API server said, kept so that it can be shown or passed on unchanged. */
struct err_status {
    int http_code;         /* 0: no HTTP answer */
    struct str reason;     /* NotFound, AlreadyExists, Conflict, Invalid ... */
    int32_t retry_after_s; /* -1: not said */
    struct str group;      /* details: of whom it speaks; each may be "" */
    struct str kind;       /* the plural, or the kind for Invalid */
    struct str name;
    struct str uid;
    const struct err_cause *causes;
    size_t cause_count;
};

struct err {
    enum err_code code;
    struct str msg;
    const struct err *cause;         /* NULL: the source */
    const struct err_status *status; /* NULL: not from an API server; inherited by wrapping */
    struct err *const *parts;        /* what err_join put together; NULL for all others */
    size_t part_count;
};

struct err *err_new(struct arena *a, enum err_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4), returns_nonnull));
struct err *err_newv(struct arena *a, enum err_code code, const char *format, va_list args)
    __attribute__((format(printf, 3, 0), returns_nonnull));

/* Adds an outer layer's words; code and status are the cause's. */
struct err *err_wrap(struct arena *a, const struct err *cause, const char *format, ...)
    __attribute__((format(printf, 3, 4), returns_nonnull));

/*
 * Several errors of one unit of work as one, each on a line of its own; code of the first. count 1 gives
 * that error back, count 0 NULL. `errors` is kept as the parts.
 */
struct err *err_join(struct arena *a, struct err *const *errors, size_t count);

/* Deep copy into another arena, without parts; NULL gives NULL. */
struct err *err_copy(struct arena *a, const struct err *e);

/* All messages, outermost first, joined with ": ". */
struct str err_line(struct arena *a, const struct err *e);

/* "not found"; for logs and tests. */
const char *err_code_name(enum err_code code);

/* Trying the same thing again, later, can help. */
bool err_is_retryable(const struct err *e);

/* 1 for every failure, 2 is reserved for usage and set by the CLI alone. */
int err_exit_status(const struct err *e);

/* if (TRY(&e, call(...))) return e;  sets e and is true on failure. */
#define TRY(e, call) ((*(e) = (call)) != NULL)

#ifdef __cplusplus
}
#endif

#endif
