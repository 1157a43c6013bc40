/* SPDX-License-Identifier: Apache-2.0 */
#include "core/apiserver/status.h"

#include "base/buf.h"
#include "value/json.h"

/* ---- bodies ---- */

static const struct val *causes_of(struct arena *a, const struct err_status *s)
{
    struct seq_builder b;

    if (!s->cause_count)
        return NULL;
    seq_builder_init(&b, a);
    for (size_t i = 0; i < s->cause_count; i++) {
        const struct err_cause *c = &s->causes[i];

        seq_builder_add(&b,
                        val_map_of(a, "reason", c->reason.len ? val_string(a, c->reason) : NULL,
                                   "message", c->message.len ? val_string(a, c->message) : NULL,
                                   "field", c->field.len ? val_string(a, c->field) : NULL, NULL));
    }
    return seq_builder_done(&b, NULL);
}

static const struct val *text_or_none(struct arena *a, struct str s)
{
    return s.len ? val_string(a, s) : NULL;
}

/* Reasons whose constructors set no details at all. */
static bool has_details(const struct err_status *s)
{
    static const struct str plain[] = {
        STR_INIT("BadRequest"),
        STR_INIT("Unauthorized"),
        STR_INIT("Expired"),
        STR_INIT("Gone"),
        STR_INIT("NotAcceptable"),
        STR_INIT("ServiceUnavailable"),
        STR_INIT("UnsupportedMediaType"),
        STR_INIT("RequestEntityTooLarge"),
        STR_INIT("NotImplemented"),
    };

    if (s->cause_count || s->name.len || s->kind.len || s->group.len || s->uid.len ||
        s->retry_after_s >= 0)
        return true;
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
        if (str_eq(s->reason, plain[i]))
            return false;
    return s->reason.len > 0;
}

static const struct val *details_of(struct arena *a, const struct err_status *s)
{
    if (!has_details(s))
        return NULL;
    return val_map_of(a, "name", text_or_none(a, s->name), "group", text_or_none(a, s->group),
                      "kind", text_or_none(a, s->kind), "uid", text_or_none(a, s->uid), "causes",
                      causes_of(a, s), "retryAfterSeconds",
                      s->retry_after_s > 0 ? val_int(a, s->retry_after_s) : NULL, NULL);
}

static const struct val *failure(struct arena *a, const struct err_status *s, struct str message)
{
    return val_map_of(a, "kind", val_cstring(a, "Status"), "apiVersion", val_cstring(a, "v1"),
                      "metadata", &val_empty_map, "status", val_cstring(a, "Failure"), "message",
                      text_or_none(a, message), "reason", text_or_none(a, s->reason), "details",
                      details_of(a, s), "code", val_int(a, s->http_code), NULL);
}

static struct err_status status_of_code(enum err_code code)
{
    struct err_status s = { .http_code = 500, .reason = STR("InternalError"), .retry_after_s = -1 };

    switch (code) {
    case ERR_UNAVAILABLE:
        s.http_code = 503;
        s.reason = STR("ServiceUnavailable");
        break;
    case ERR_TIMEOUT:
    case ERR_CANCELLED:
        s.http_code = 504;
        s.reason = STR("Timeout");
        break;
    case ERR_TOO_LARGE:
        s.http_code = 413;
        s.reason = STR("RequestEntityTooLarge");
        break;
    case ERR_UNSUPPORTED:
        s.http_code = 501;
        s.reason = STR("NotImplemented");
        break;
    case ERR_INVALID:
    case ERR_NOT_FOUND:
    case ERR_ALREADY_EXISTS:
    case ERR_CONFLICT:
    case ERR_UNAUTHORIZED:
    case ERR_FORBIDDEN:
    case ERR_GONE:
    case ERR_IO:
    case ERR_INTERNAL:
    case ERR_CODE_COUNT:
        break;
    }
    return s;
}

const struct val *status_from_err(struct arena *a, const struct err *e, int *ret_code,
                                  int32_t *ret_retry_after_s)
{
    struct err_status s = e->status ? *e->status : status_of_code(e->code);
    struct str message = e->status && !e->cause ? e->msg : err_line(a, e);
    struct err_cause cause = { .message = message };

    if (!e->status && s.http_code == 500) {
        s.causes = &cause;
        s.cause_count = 1;
        message = str_printf(a, "Internal error occurred: %.*s", STR_ARG(message));
    }
    *ret_code = s.http_code;
    *ret_retry_after_s = s.retry_after_s > 0 ? s.retry_after_s : -1;
    return failure(a, &s, message);
}

const struct val *status_success(struct arena *a, const struct api_resource *r, struct str name,
                                 struct str uid)
{
    const struct val *details = val_map_of(
        a, "name", text_or_none(a, name), "group", text_or_none(a, r->gvk.group), "kind",
        val_string(a, r->plural), "uid", text_or_none(a, uid), NULL);

    return val_map_of(a, "kind", val_cstring(a, "Status"), "apiVersion", val_cstring(a, "v1"),
                      "metadata", &val_empty_map, "status", val_cstring(a, "Success"), "details",
                      details, NULL);
}

/* ---- errors ---- */

static struct err *with_status(struct arena *a, enum err_code code, const struct err_status *s,
                               struct str message)
{
    struct err *e = err_new(a, code, "%.*s", STR_ARG(message));
    struct err_status *copy = ARENA_NEW(a, struct err_status);

    *copy = *s;
    e->status = copy;
    return e;
}

struct failure {
    enum err_code code;
    int http;
    const char *reason;
};

/* Of a resource: details hold group, plural and name. */
static struct err *of_resource(struct arena *a, const struct failure *failure,
                               const struct api_resource *r, struct str name, struct str message)
{
    struct err_status s = { .http_code = failure->http,
                            .reason = str_from_cstr(failure->reason),
                            .retry_after_s = -1,
                            .group = r->gvk.group,
                            .kind = r->plural,
                            .name = name };

    return with_status(a, failure->code, &s, message);
}

static struct err *plain(struct arena *a, enum err_code code, int http, struct str reason,
                         struct str message)
{
    struct err_status s = { .http_code = http, .reason = reason, .retry_after_s = -1 };

    return with_status(a, code, &s, message);
}

struct err *status_not_found(struct arena *a, const struct api_resource *r, struct str name)
{
    return of_resource(a, &(struct failure){ ERR_NOT_FOUND, 404, "NotFound" }, r, name,
                       str_printf(a, "%.*s \"%.*s\" not found",
                                  STR_ARG(api_resource_qualified(a, r)), STR_ARG(name)));
}

struct err *status_no_resource(struct arena *a)
{
    return plain(a, ERR_NOT_FOUND, 404, STR("NotFound"),
                 STR("the server could not find the requested resource"));
}

struct err *status_already_exists(struct arena *a, const struct api_resource *r, struct str name)
{
    return of_resource(a, &(struct failure){ ERR_ALREADY_EXISTS, 409, "AlreadyExists" }, r, name,
                       str_printf(a, "%.*s \"%.*s\" already exists",
                                  STR_ARG(api_resource_qualified(a, r)), STR_ARG(name)));
}

struct err *status_conflict(struct arena *a, const struct api_resource *r, struct str name,
                            struct str why)
{
    return of_resource(a, &(struct failure){ ERR_CONFLICT, 409, "Conflict" }, r, name,
                       str_printf(a, "Operation cannot be fulfilled on %.*s \"%.*s\": %.*s",
                                  STR_ARG(api_resource_qualified(a, r)), STR_ARG(name),
                                  STR_ARG(why)));
}

struct err *status_modified(struct arena *a, const struct api_resource *r, struct str name)
{
    return status_conflict(a, r, name,
                           STR("the object has been modified; please apply your changes to the "
                               "latest version and try again"));
}

#define FORMAT_PLAIN(a, code, http, reason, format)             \
    do {                                                        \
        va_list args;                                           \
        struct err *text;                                       \
                                                                \
        va_start(args, format);                                 \
        text = err_newv((a), (code), (format), args);           \
        va_end(args);                                           \
        return plain((a), (code), (http), (reason), text->msg); \
    } while (0)

struct err *status_bad_request(struct arena *a, const char *format, ...)
{
    FORMAT_PLAIN(a, ERR_INVALID, 400, STR("BadRequest"), format);
}

struct err *status_untyped(struct arena *a, const char *format, ...)
{
    FORMAT_PLAIN(a, ERR_INTERNAL, 500, STR(""), format);
}

struct err *status_expired(struct arena *a, const char *format, ...)
{
    FORMAT_PLAIN(a, ERR_GONE, 410, STR("Expired"), format);
}

struct err *status_not_implemented(struct arena *a, const char *format, ...)
{
    FORMAT_PLAIN(a, ERR_UNSUPPORTED, 501, STR("NotImplemented"), format);
}

struct err *status_internal(struct arena *a, const char *format, ...)
{
    struct err_status s = { .http_code = 500, .reason = STR("InternalError"), .retry_after_s = -1 };
    struct err_cause *cause = ARENA_NEW(a, struct err_cause);
    struct err *text;
    va_list args;

    va_start(args, format);
    text = err_newv(a, ERR_INTERNAL, format, args);
    va_end(args);
    cause->message = text->msg;
    s.causes = cause;
    s.cause_count = 1;
    return with_status(a, ERR_INTERNAL, &s,
                       str_printf(a, "Internal error occurred: %.*s", STR_ARG(text->msg)));
}

struct err *status_unavailable(struct arena *a, int32_t retry_after_s, const char *format, ...)
{
    struct err_status s = { .http_code = 503,
                            .reason = STR("ServiceUnavailable"),
                            .retry_after_s = retry_after_s };
    struct err *text;
    va_list args;

    va_start(args, format);
    text = err_newv(a, ERR_UNAVAILABLE, format, args);
    va_end(args);
    return with_status(a, ERR_UNAVAILABLE, &s, text->msg);
}

struct err *status_unauthorized(struct arena *a)
{
    return plain(a, ERR_UNAUTHORIZED, 401, STR("Unauthorized"), STR("Unauthorized"));
}

struct err *status_forbidden(struct arena *a, const struct api_resource *r, struct str name,
                             struct str why)
{
    struct str who = api_resource_qualified(a, r);

    if (name.len)
        who = str_printf(a, "%.*s \"%.*s\"", STR_ARG(who), STR_ARG(name));
    return of_resource(a, &(struct failure){ ERR_FORBIDDEN, 403, "Forbidden" }, r, name,
                       str_printf(a, "%.*s is forbidden: %.*s", STR_ARG(who), STR_ARG(why)));
}

struct err *status_forbidden_path(struct arena *a, struct str user, struct str verb,
                                  struct str path)
{
    return plain(a, ERR_FORBIDDEN, 403, STR("Forbidden"),
                 str_printf(a, "forbidden: User \"%.*s\" cannot %.*s path \"%.*s\"", STR_ARG(user),
                            STR_ARG(verb), STR_ARG(path)));
}

struct err *status_method_not_allowed(struct arena *a, const struct api_resource *r,
                                      struct str verb)
{
    return of_resource(a, &(struct failure){ ERR_UNSUPPORTED, 405, "MethodNotAllowed" }, r, STR(""),
                       str_printf(a, "%.*s is not supported on resources of kind \"%.*s\"",
                                  STR_ARG(verb), STR_ARG(api_resource_qualified(a, r))));
}

struct err *status_method_not_supported(struct arena *a)
{
    return plain(a, ERR_UNSUPPORTED, 405, STR("MethodNotAllowed"),
                 STR("the server does not allow this method on the requested resource"));
}

struct err *status_unsupported_media_type(struct arena *a, bool patch, struct str supported)
{
    /* The router answers for patches and gives empty details. */
    struct err_status s = { .http_code = 415,
                            .reason = STR("UnsupportedMediaType"),
                            .retry_after_s = patch ? 0 : -1 };

    return with_status(a, ERR_INVALID, &s,
                       str_printf(a,
                                  "the body of the request was in an unknown format - accepted "
                                  "media types include: %.*s",
                                  STR_ARG(supported)));
}

struct err *status_not_acceptable(struct arena *a, bool known, struct str supported)
{
    /* The negotiator of media types answers with empty details, that of kinds with none. */
    struct err_status s = { .http_code = 406,
                            .reason = STR("NotAcceptable"),
                            .retry_after_s = known ? -1 : 0 };

    return with_status(
        a, ERR_INVALID, &s,
        str_printf(a, "only the following media types are accepted: %.*s", STR_ARG(supported)));
}

struct err *status_too_large_body(struct arena *a, size_t limit_bytes)
{
    return plain(a, ERR_TOO_LARGE, 413, STR("RequestEntityTooLarge"),
                 str_printf(a, "Request entity too large: limit is %zu", limit_bytes));
}

struct err *status_too_large_version(struct arena *a, int64_t asked, int64_t current)
{
    struct err_status s = { .http_code = 504, .reason = STR("Timeout"), .retry_after_s = 1 };
    struct err_cause *cause = ARENA_NEW(a, struct err_cause);

    *cause = (struct err_cause){ .reason = STR("ResourceVersionTooLarge"),
                                 .message = STR("Too large resource version") };
    s.causes = cause;
    s.cause_count = 1;
    return with_status(a, ERR_TIMEOUT, &s,
                       str_printf(a, "Timeout: Too large resource version: %lld, current: %lld",
                                  (long long)asked, (long long)current));
}

/* ---- 422 ---- */

static const struct {
    struct str reason;
    struct str words;
    bool shows_value;
} field_error_types[] = {
    [FIELD_REQUIRED] = { STR_INIT("FieldValueRequired"), STR_INIT("Required value"), false },
    [FIELD_INVALID] = { STR_INIT("FieldValueInvalid"), STR_INIT("Invalid value"), true },
    [FIELD_DUPLICATE] = { STR_INIT("FieldValueDuplicate"), STR_INIT("Duplicate value"), true },
    [FIELD_NOT_SUPPORTED] = { STR_INIT("FieldValueNotSupported"), STR_INIT("Unsupported value"),
                              true },
    [FIELD_FORBIDDEN] = { STR_INIT("FieldValueForbidden"), STR_INIT("Forbidden"), false },
    [FIELD_TOO_LONG] = { STR_INIT("FieldValueTooLong"), STR_INIT("Too long"), false },
    [FIELD_TOO_MANY] = { STR_INIT("FieldValueTooMany"), STR_INIT("Too many"), true },
    [FIELD_NOT_FOUND] = { STR_INIT("FieldValueNotFound"), STR_INIT("Not found"), true },
    [FIELD_INTERNAL] = { STR_INIT("InternalError"), STR_INIT("Internal error"), false },
    [FIELD_TYPE_INVALID] = { STR_INIT("FieldValueTypeInvalid"), STR_INIT("Invalid value"), true },
};

struct str field_value_format(struct arena *a, const struct val *v)
{
    return json_string(a, v ? v : &val_null,
                       val_is(v, VAL_STRING) ? JSON_COMPACT : JSON_ESCAPE_HTML);
}

void field_error_add(struct arena *a, struct field_errors *errs, enum field_error type,
                     struct str field, const struct val *value, struct str detail)
{
    struct buf out;

    buf_init(&out, a, 0);
    buf_put(&out, field_error_types[type].words);
    if (field_error_types[type].shows_value) {
        buf_lit(&out, ": ");
        buf_put(&out, field_value_format(a, value));
    }
    if (detail.len) {
        buf_lit(&out, ": ");
        if (type == FIELD_NOT_SUPPORTED && !str_has_prefix(detail, STR("supported values: ")))
            buf_lit(&out, "supported values: ");
        buf_put(&out, detail);
    }
    *VEC_PUSH(
        a, errs) = (struct field_cause){ .type = type, .field = field, .message = buf_str(&out) };
}

void field_errors_below(struct arena *a, struct field_errors *errs, struct str field,
                        const struct field_errors *part)
{
    for (size_t i = 0; i < part->count; i++) {
        struct field_cause cause = part->items[i];

        cause.field = str_is(cause.field, "<nil>")
                          ? field
                          : str_printf(a, "%.*s.%.*s", STR_ARG(field), STR_ARG(cause.field));
        *VEC_PUSH(a, errs) = cause;
    }
}

/* Each text once, joined as Go's aggregate prints them. */
static struct str aggregate(struct arena *a, const struct field_errors *errs)
{
    struct str *texts = ARENA_ARRAY(a, errs->count, struct str);
    size_t count = 0;
    struct str joined;

    for (size_t i = 0; i < errs->count; i++) {
        struct str text = str_printf(a, "%.*s: %.*s", STR_ARG(errs->items[i].field),
                                     STR_ARG(errs->items[i].message));
        bool known = false;

        for (size_t j = 0; j < count && !known; j++)
            known = str_eq(texts[j], text);
        if (!known)
            texts[count++] = text;
    }
    joined = str_join(a, texts, count, STR(", "));
    return count == 1 ? joined : str_printf(a, "[%.*s]", STR_ARG(joined));
}

struct err *status_invalid(struct arena *a, const struct gvk *gvk, struct str name,
                           const struct field_errors *errs)
{
    struct err_status s = { .http_code = 422,
                            .reason = STR("Invalid"),
                            .retry_after_s = -1,
                            .group = gvk->group,
                            .kind = gvk->kind,
                            .name = name };
    struct err_cause *causes = ARENA_ARRAY(a, errs->count, struct err_cause);
    struct str kind = gvk->kind;

    if (!errs->count)
        return NULL;
    for (size_t i = 0; i < errs->count; i++)
        causes[i] = (struct err_cause){ .reason = field_error_types[errs->items[i].type].reason,
                                        .message = errs->items[i].message,
                                        .field = errs->items[i].field };
    s.causes = causes;
    s.cause_count = errs->count;
    if (gvk->group.len)
        kind = str_printf(a, "%.*s.%.*s", STR_ARG(gvk->kind), STR_ARG(gvk->group));
    return with_status(a, ERR_INVALID, &s,
                       str_printf(a, "%.*s \"%.*s\" is invalid: %.*s", STR_ARG(kind), STR_ARG(name),
                                  STR_ARG(aggregate(a, errs))));
}
