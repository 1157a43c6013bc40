/* SPDX-License-Identifier: Apache-2.0 */
#include "core/oci/registry_error.h"

#include "base/buf.h"
#include "core/gotmpl/quote.h"
#include "core/url/http_status.h"
#include "core/url/url.h"
#include "value/json.h"

enum { BODY_BYTES_MAX = 8192, ERRORS_MAX = 16 };

/* A detail as Go's %v shows it. */
static void put_detail(struct arena *a, struct buf *out, const struct val *v, unsigned depth)
{
    if (depth > 8) {
        buf_lit(out, "...");
    } else if (v->kind == VAL_MAP) {
        v = val_sorted(a, v);
        buf_lit(out, "map[");
        for (size_t i = 0; i < v->count; i++) {
            buf_printf(out, "%s%.*s:", i > 0 ? " " : "", STR_ARG(v->fields[i].key));
            put_detail(a, out, v->fields[i].value, depth + 1);
        }
        buf_put_byte(out, ']');
    } else if (v->kind == VAL_SEQ) {
        buf_put_byte(out, '[');
        for (size_t i = 0; i < v->count; i++) {
            buf_put(out, i > 0 ? STR(" ") : STR(""));
            put_detail(a, out, v->items[i], depth + 1);
        }
        buf_put_byte(out, ']');
    } else if (v->kind == VAL_STRING) {
        buf_put(out, v->text);
    } else if (v->kind == VAL_NULL) {
        buf_lit(out, "<nil>");
    } else {
        json_write(out, v, JSON_COMPACT);
    }
}

static void put_one(struct arena *a, struct buf *out, const struct val *v)
{
    struct str code = str_lower(a, val_get_str(v, "code")), message = val_get_str(v, "message");
    const struct val *detail = val_get(v, STR("detail"));

    for (size_t i = 0; i < code.len; i++)
        buf_put_byte(out, code.ptr[i] == '_' ? ' ' : code.ptr[i]);
    if (message.len == 0)
        return;
    buf_printf(out, ": %.*s", STR_ARG(message));
    if (!detail || detail->kind == VAL_NULL)
        return;
    buf_lit(out, ": ");
    put_detail(a, out, detail, 0);
}

static struct str words_of(struct arena *a, const struct registry_refusal *r)
{
    const struct val *answer = NULL;
    struct buf out;

    buf_init(&out, a, BODY_BYTES_MAX);
    if (r->body.len <= BODY_BYTES_MAX &&
        json_read(a, r->body, STR("answer"), JSON_READ_LAST_KEY_WINS, &answer))
        answer = NULL;
    const struct val *errors = val_get(answer, STR("errors"));
    for (size_t i = 0; val_is(errors, VAL_SEQ) && i < errors->count && i < ERRORS_MAX; i++) {
        buf_put(&out, i > 0 ? STR("; ") : STR(""));
        put_one(a, &out, errors->items[i]);
    }
    return out.len > 0 ? buf_str(&out) : str_from_cstr(http_status_text(r->status));
}

struct err *registry_error(struct arena *a, const struct registry_refusal *r)
{
    enum err_code code = r->status == 401                       ? ERR_UNAUTHORIZED
                         : r->status == 403                     ? ERR_FORBIDDEN
                         : r->status == 404                     ? ERR_NOT_FOUND
                         : r->status == 429 || r->status >= 500 ? ERR_UNAVAILABLE
                                                                : ERR_INVALID;

    return err_new(a, code, "%s %.*s: response status code %d: %.*s", r->method,
                   STR_ARG(quote_go(a, url_without_password(a, r->url))), r->status,
                   STR_ARG(words_of(a, r)));
}
