/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/log_json/log_json.h"

#include <unistd.h>

#include "base/buf.h"
#include "value/json.h"

static const char *level_name(enum log_level level)
{
    switch (level) {
    case LOG_DEBUG:
        return "debug";
    case LOG_INFO:
        return "info";
    case LOG_ERROR:
        return "error";
    }
    return "info";
}

static void put_text(struct buf *b, const char *name, struct str value)
{
    if (!value.len)
        return;
    buf_printf(b, ",\"%s\":", name);
    json_write_string(b, value, JSON_COMPACT);
}

static void log_json_write(void *self, enum log_level level, struct str message,
                           const struct log_fields *fields)
{
    struct log_json *l = self;
    ARENA_AUTO struct arena *a = NULL;
    struct buf b;

    if (level < l->level)
        return;
    a = arena_new(0);
    buf_init(&b, a, 0);
    buf_printf(&b, "{\"level\":\"%s\"", level_name(level));
    put_text(&b, "ts", wall_time_format_micro(a, clock_wall(&l->clock)));
    put_text(&b, "msg", message);
    if (fields) {
        put_text(&b, "controller", fields->controller);
        put_text(&b, "controllerKind", fields->kind);
        put_text(&b, "namespace", fields->ns);
        put_text(&b, "name", fields->name);
        put_text(&b, "revision", fields->revision);
        put_text(&b, "reason", fields->reason);
        put_text(&b, "error", fields->error);
        if (fields->duration_ms)
            buf_printf(&b, ",\"duration_ms\":%lld", (long long)fields->duration_ms);
    }
    buf_lit(&b, "}\n");
    if (write(l->fd, b.ptr, b.len) < 0)
        return;
}

struct log log_json_port(struct log_json *l)
{
    return (struct log){ .write = log_json_write, .self = l };
}
