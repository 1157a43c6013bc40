/* SPDX-License-Identifier: Apache-2.0 */
#include "core/sprig/argument.h"

#include "core/gotmpl/format.h"
#include "core/gotmpl/number.h"

/* Go's conversion on amd64: what does not fit is the smallest integer. */
static int64_t truncate(double x)
{
    return x >= -0x1p63 && x < 0x1p63 ? (int64_t)x : INT64_MIN;
}

/* "1.00" is 1 for cast. */
static struct str trim_zero_decimal(struct str s)
{
    bool found_zero = false;

    for (size_t i = s.len; i > 0; i--) {
        char c = s.ptr[i - 1];

        if (c == '.')
            return found_zero ? str_slice(s, 0, i - 1) : s;
        if (c != '0')
            return s;
        found_zero = true;
    }
    return s;
}

int64_t arg_int64(const struct go_value *v)
{
    int64_t n = 0;

    switch ((int)v->type) {
    case GO_BOOL:
        return v->boolean;
    case GO_INT:
    case GO_INT64:
    case GO_UINT8:
    case GO_UINT32:
    case GO_UINT64:
    case GO_MONTH:
    case GO_WEEKDAY:
        return v->integer;
    case GO_FLOAT64:
        return truncate(v->real);
    case GO_STRING:
        return number_read_int(trim_zero_decimal(v->text), 0, &n) == NUMBER_OK ? n : 0;
    default:
        return 0;
    }
}

double arg_float(const struct go_value *v)
{
    double x = 0;

    switch ((int)v->type) {
    case GO_FLOAT64:
        return v->real;
    case GO_UINT64:
        return (double)v->natural;
    case GO_STRING:
        return number_read_float(v->text, &x) == NUMBER_OK ? x : 0;
    default:
        return (double)arg_int64(v);
    }
}

struct err *arg_text(struct call *c, const struct go_value *v, struct str *ret)
{
    struct buf out;

    if (v->type == GO_STRING || v->type == GO_BYTES) {
        *ret = v->text;
        return NULL;
    }
    if (v->type <= GO_NIL) {
        *ret = STR("<nil>");
        return NULL;
    }
    call_text(c, &out);
    if (!format_value(&out, v))
        return call_fail(c, "value is nested deeper than %d levels, or inside itself",
                         LIMIT_TREE_DEPTH);
    *ret = buf_str(&out);
    return NULL;
}

struct err *arg_texts(struct call *c, const struct go_value *v, struct texts *ret)
{
    text_vec texts = VEC_INIT;
    size_t count = go_is_list(v) ? go_length(v) : v->type <= GO_NIL ? 0 : 1;
    struct err *e;

    for (size_t i = 0; i < count; i++) {
        struct go_value item = go_is_list(v) ? go_item(v, i) : *v;
        struct str text;

        if (item.type <= GO_NIL)
            continue;
        if (TRY(&e, arg_text(c, &item, &text)))
            return e;
        *VEC_PUSH(c->arena, &texts) = text;
    }
    *ret = (struct texts){ texts.items, texts.count };
    return NULL;
}

bool arg_is_empty(const struct go_value *v)
{
    return !go_truth(v);
}

struct err *call_fail(struct call *c, const char *format, ...)
{
    va_list args;
    struct err *e;

    va_start(args, format);
    e = err_newv(c->arena, ERR_INVALID, format, args);
    va_end(args);
    return e;
}

struct err *call_nil(struct call *c)
{
    return call_fail(c, "runtime error: invalid memory address or nil pointer dereference");
}

void call_text(struct call *c, struct buf *out)
{
    buf_init(out, c->arena, LIMIT_TEMPLATE_STRING_BYTES);
}

struct err *call_finish(struct call *c, const struct buf *out, struct go_value *ret)
{
    *ret = go_string(buf_str(out));
    return out->overflowed ? call_check_bytes(c, UINT64_MAX) : NULL;
}

struct err *call_check_bytes(struct call *c, uint64_t bytes)
{
    if (bytes <= LIMIT_TEMPLATE_STRING_BYTES)
        return NULL;
    return err_new(c->arena, ERR_TOO_LARGE,
                   "text is larger than %llu bytes (LIMIT_TEMPLATE_STRING_BYTES)",
                   LIMIT_TEMPLATE_STRING_BYTES);
}

struct err *call_check_items(struct call *c, uint64_t items)
{
    if (items <= LIMIT_TEMPLATE_LIST_ITEMS)
        return NULL;
    return err_new(c->arena, ERR_TOO_LARGE,
                   "list is longer than %u items (LIMIT_TEMPLATE_LIST_ITEMS)",
                   LIMIT_TEMPLATE_LIST_ITEMS);
}

struct err *call_charge(struct call *c, uint64_t steps)
{
    return exec_charge(c->exec->engine, steps);
}

struct go_value texts_value(struct call *c, const struct texts *t)
{
    struct go_value list = go_list_new(c->arena, GO_STRINGS, t->count);

    for (size_t i = 0; i < t->count; i++)
        list.list->items[i] = go_string(t->items[i]);
    return list;
}

void call_random(struct call *c, void *bytes, size_t size)
{
    const struct host *host = c->exec->engine->options.host;

    if (host && host->random)
        host->random(host->self, bytes, size);
    else
        memset(bytes, 0, size);
}

uint64_t call_random_below(struct call *c, uint64_t bound)
{
    uint64_t n, top = UINT64_MAX - UINT64_MAX % bound;

    for (int tries = 0; tries < 64; tries++) {
        call_random(c, &n, sizeof n);
        if (n < top)
            return n % bound;
    }
    return 0;
}
