/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"

#include <stdio.h>

#include "base/arena.h"
#include "base/buf.h"

static const struct {
    const char *name;
    bool retryable;
} codes[ERR_CODE_COUNT] = {
    [ERR_INVALID] = { "invalid", false },
    [ERR_NOT_FOUND] = { "not found", true },
    [ERR_ALREADY_EXISTS] = { "already exists", false },
    [ERR_CONFLICT] = { "conflict", true },
    [ERR_UNAUTHORIZED] = { "unauthorized", true },
    [ERR_FORBIDDEN] = { "forbidden", true },
    [ERR_GONE] = { "gone", true },
    [ERR_UNAVAILABLE] = { "unavailable", true },
    [ERR_TIMEOUT] = { "timeout", true },
    [ERR_CANCELLED] = { "cancelled", true },
    [ERR_TOO_LARGE] = { "too large", false },
    [ERR_UNSUPPORTED] = { "unsupported", false },
    [ERR_IO] = { "input/output", true },
    [ERR_INTERNAL] = { "internal", false },
};

struct err *err_newv(struct arena *a, enum err_code code, const char *format, va_list args)
{
    struct err *e = ARENA_NEW(a, struct err);
    va_list again;
    int len;
    char *text;

    va_copy(again, args);
    len = vsnprintf(NULL, 0, format, args);
    if (len < 0)
        len = 0;
    text = arena_alloc(a, (size_t)len + 1);
    (void)vsnprintf(text, (size_t)len + 1, format, again);
    va_end(again);
    e->code = code;
    e->msg = str_of(text, (size_t)len);
    return e;
}

struct err *err_new(struct arena *a, enum err_code code, const char *format, ...)
{
    va_list args;
    struct err *e;

    va_start(args, format);
    e = err_newv(a, code, format, args);
    va_end(args);
    return e;
}

struct err *err_wrap(struct arena *a, const struct err *cause, const char *format, ...)
{
    va_list args;
    struct err *e;

    va_start(args, format);
    e = err_newv(a, cause->code, format, args);
    va_end(args);
    e->cause = cause;
    e->status = cause->status;
    return e;
}

struct err *err_join(struct arena *a, struct err *const *errors, size_t count)
{
    struct buf text;
    struct err *e;

    if (count <= 1)
        return count ? errors[0] : NULL;
    buf_init(&text, a, 0);
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buf_put_byte(&text, '\n');
        buf_put(&text, err_line(a, errors[i]));
    }
    e = err_new(a, errors[0]->code, "%s", "");
    e->msg = buf_str(&text);
    e->status = errors[0]->status;
    e->parts = errors;
    e->part_count = count;
    return e;
}

static const struct err_status *status_copy(struct arena *a, const struct err_status *s)
{
    struct err_status *copy = ARENA_NEW(a, struct err_status);
    struct err_cause *causes = ARENA_ARRAY(a, s->cause_count, struct err_cause);

    *copy = *s;
    copy->reason = str_dup(a, s->reason);
    copy->group = str_dup(a, s->group);
    copy->kind = str_dup(a, s->kind);
    copy->name = str_dup(a, s->name);
    copy->uid = str_dup(a, s->uid);
    for (size_t i = 0; i < s->cause_count; i++)
        causes[i] = (struct err_cause){
            .reason = str_dup(a, s->causes[i].reason),
            .message = str_dup(a, s->causes[i].message),
            .field = str_dup(a, s->causes[i].field),
        };
    copy->causes = causes;
    return copy;
}

struct err *err_copy(struct arena *a, const struct err *e)
{
    struct err *copy;

    if (!e)
        return NULL;
    copy = ARENA_NEW(a, struct err);
    copy->code = e->code;
    copy->msg = str_dup(a, e->msg);
    copy->cause = err_copy(a, e->cause);
    copy->status = e->status ? status_copy(a, e->status) : NULL;
    return copy;
}

struct str err_line(struct arena *a, const struct err *e)
{
    struct buf line;

    buf_init(&line, a, 0);
    for (; e; e = e->cause) {
        if (line.len > 0 && e->msg.len > 0)
            buf_lit(&line, ": ");
        buf_put(&line, e->msg);
    }
    return buf_str(&line);
}

const char *err_code_name(enum err_code code)
{
    return code < ERR_CODE_COUNT ? codes[code].name : "unknown";
}

bool err_is_retryable(const struct err *e)
{
    return e && e->code < ERR_CODE_COUNT && codes[e->code].retryable;
}

int err_exit_status(const struct err *e)
{
    return e ? 1 : 0;
}
