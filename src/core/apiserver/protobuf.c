/* SPDX-License-Identifier: Apache-2.0 */
/* Bodies in protobuf, of built-in kinds: read by the table, answered like their JSON. */
#include "base/limits.h"
#include "core/apiserver/decode.h"
#include "core/apiserver/tables/proto_table.h"
#include "core/kube/schema_zero.h"
#include "foreign/base64.h"
#include "value/json.h"

#define JSON_SCHEMA STR("io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps")
#define MAGIC ((struct str){ "k8s\0", 4 })

enum wire_type { WIRE_VARINT = 0, WIRE_FIXED64 = 1, WIRE_BYTES = 2, WIRE_FIXED32 = 5 };

/* One field as it is on the wire. */
struct wire_field {
    uint64_t number;
    enum wire_type type;
    uint64_t scalar;  /* varint, fixed */
    struct str bytes; /* WIRE_BYTES */
};

struct reader {
    struct arena *arena;
    unsigned depth;
};

/* ---- the wire ---- */

static bool read_varint(struct str *s, uint64_t *ret)
{
    *ret = 0;
    for (size_t i = 0; i < 10 && i < s->len; i++) {
        *ret |= (uint64_t)((unsigned char)s->ptr[i] & 0x7f) << (7 * i);
        if (!((unsigned char)s->ptr[i] & 0x80)) {
            *s = str_skip(*s, i + 1);
            return true;
        }
    }
    return false;
}

static bool read_fixed(struct str *s, size_t size, uint64_t *ret)
{
    *ret = 0;
    if (s->len < size)
        return false;
    for (size_t i = 0; i < size; i++)
        *ret |= (uint64_t)(unsigned char)s->ptr[i] << (8 * i);
    *s = str_skip(*s, size);
    return true;
}

static bool read_field(struct str *s, struct wire_field *ret)
{
    uint64_t tag;
    uint64_t size;

    *ret = (struct wire_field){ 0 };
    if (!read_varint(s, &tag))
        return false;
    ret->number = tag >> 3;
    switch (tag & 7) {
    case WIRE_VARINT:
        ret->type = WIRE_VARINT;
        return read_varint(s, &ret->scalar);
    case WIRE_FIXED64:
        ret->type = WIRE_FIXED64;
        return read_fixed(s, 8, &ret->scalar);
    case WIRE_FIXED32:
        ret->type = WIRE_FIXED32;
        return read_fixed(s, 4, &ret->scalar);
    case WIRE_BYTES:
        ret->type = WIRE_BYTES;
        if (!read_varint(s, &size) || size > s->len)
            return false;
        ret->bytes = str_slice(*s, 0, (size_t)size);
        *s = str_skip(*s, (size_t)size);
        return true;
    default:
        return false;
    }
}

static struct err *malformed(struct arena *a, struct str what)
{
    return err_new(a, ERR_INVALID, "proto: malformed %.*s", STR_ARG(what));
}

/* ---- values ---- */

static struct err *read_message(struct reader *r, uint16_t message, struct str bytes,
                                const struct val **ret);

static struct str name_of(const struct proto_field *f)
{
    return str_from_cstr(proto_names + f->name);
}

static const struct val *number(struct arena *a, uint64_t bits)
{
    double x;

    memcpy(&x, &bits, sizeof x);
    if (x >= -9007199254740992.0 && x <= 9007199254740992.0 && x == (double)(int64_t)x)
        return val_int(a, (int64_t)x);
    return val_float(a, x);
}

static enum wire_type wire_of(const struct proto_field *f)
{
    switch ((enum proto_wire)f->wire) {
    case PROTO_INT:
    case PROTO_BOOL:
        return WIRE_VARINT;
    case PROTO_DOUBLE:
        return WIRE_FIXED64;
    case PROTO_STRING:
    case PROTO_BYTES:
    case PROTO_MESSAGE:
        break;
    }
    return WIRE_BYTES;
}

/* *ret NULL: nothing, as an unset time. */
static struct err *read_value(struct reader *r, const struct proto_field *f, bool raw,
                              const struct wire_field *w, const struct val **ret)
{
    struct arena *a = r->arena;

    if (w->type != wire_of(f))
        return malformed(a, name_of(f));
    switch ((enum proto_wire)f->wire) {
    case PROTO_STRING:
        *ret = val_string(a, w->bytes);
        return NULL;
    case PROTO_BYTES:
        *ret = val_string(a, raw ? w->bytes : base64_encode(a, w->bytes));
        return NULL;
    case PROTO_INT:
        *ret = val_int(a, (int64_t)w->scalar);
        return NULL;
    case PROTO_BOOL:
        *ret = val_bool(w->scalar);
        return NULL;
    case PROTO_DOUBLE:
        *ret = number(a, w->scalar);
        return NULL;
    case PROTO_MESSAGE:
        break;
    }
    return read_message(r, f->message, w->bytes, ret);
}

static struct err *read_entry(struct reader *r, const struct proto_field *f, struct str bytes,
                              struct map_builder *out)
{
    struct wire_field w = { 0 };
    struct wire_field value = { .type = wire_of(f) };
    struct str key = STR("");
    const struct val *v = NULL;
    struct err *e;

    while (bytes.len) {
        if (!read_field(&bytes, &w))
            return malformed(r->arena, name_of(f));
        if (w.number == 1)
            key = w.bytes;
        else if (w.number == 2)
            value = w;
    }
    if (TRY(&e, read_value(r, f, false, &value, &v)))
        return e;
    (void)map_builder_set(out, key, v ? v : &val_null);
    return NULL;
}

/* ---- messages ---- */

/* What has been read of a list or map, whose entries may stand anywhere in the message. */
struct slot {
    struct seq_builder many;
    struct map_builder map;
};

static struct slot *slot_of(struct arena *a, struct slot **slot)
{
    if (!*slot) {
        *slot = ARENA_NEW(a, struct slot);
        seq_builder_init(&(*slot)->many, a);
        map_builder_init(&(*slot)->map, a);
    }
    return *slot;
}

static struct err *read_one(struct reader *r, const struct proto_message *m,
                            const struct proto_field *f, const struct wire_field *w,
                            struct slot **slot, struct map_builder *out)
{
    const struct val *v = NULL;
    struct err *e;

    if (f->form == PROTO_MAP)
        return w->type == WIRE_BYTES ? read_entry(r, f, w->bytes, &slot_of(r->arena, slot)->map)
                                     : malformed(r->arena, name_of(f));
    if (TRY(&e, read_value(r, f, m->shape == PROTO_SHAPE_RAW, w, &v)))
        return e;
    if (f->form == PROTO_MANY)
        seq_builder_add(&slot_of(r->arena, slot)->many, v ? v : &val_null);
    else if (f->form == PROTO_INLINE)
        for (size_t i = 0; i < val_count(v); i++)
            (void)map_builder_set(out, v->fields[i].key, v->fields[i].value);
    else if (v)
        (void)map_builder_set(out, name_of(f), v);
    return NULL;
}

static struct err *read_fields(struct reader *r, const struct proto_message *m, struct str bytes,
                               const struct val **ret)
{
    const struct proto_field *fields = &proto_fields[m->first];
    struct slot **slots = ARENA_ARRAY(r->arena, m->count, struct slot *);
    struct map_builder out;
    struct wire_field w;
    struct err *e;

    map_builder_init(&out, r->arena);
    while (bytes.len) {
        size_t i = 0;

        if (!read_field(&bytes, &w))
            return malformed(r->arena, STR("message"));
        while (i < m->count && fields[i].number != w.number)
            i++;
        if (i < m->count && TRY(&e, read_one(r, m, &fields[i], &w, &slots[i], &out)))
            return e;
    }
    for (size_t i = 0; i < m->count; i++)
        if (slots[i])
            (void)map_builder_set(&out, name_of(&fields[i]),
                                  fields[i].form == PROTO_MAP
                                      ? map_builder_done(&slots[i]->map, NULL)
                                      : seq_builder_done(&slots[i]->many, NULL));
    *ret = map_builder_done(&out, NULL);
    return NULL;
}

static const struct val *time_of(struct arena *a, const struct val *v, bool micro)
{
    struct wall_time t = { val_at_int(v, "seconds", 0) };
    int64_t nanos = val_at_int(v, "nanos", 0);

    /* An unset time is an empty message; the epoch has its zeros written. */
    if (!val_count(v) || t.ns > INT64_MAX / NS_PER_S - 1 || t.ns < INT64_MIN / NS_PER_S + 1 ||
        nanos < 0 || nanos >= NS_PER_S)
        return NULL;
    t.ns = t.ns * NS_PER_S + nanos;
    return val_string(a, micro ? wall_time_format_micro(a, t) : wall_time_format(a, t));
}

/*
 * "schema or something else": OpenAPI says nothing of what is in it, so that the empty texts and false that protobuf
 * spells out must be left out here.
 */
static const struct val *schema_or(struct arena *a, const struct val *v, bool list)
{
    const struct schema *type = schema_type_named(JSON_SCHEMA);
    const struct val *schema = val_get(v, STR("schema"));
    const struct val *many = val_get(v, STR("jSONSchemas"));
    struct seq_builder out;

    if (!list)
        return schema ? schema_normalize(a, type, schema)
                      : val_bool(val_at_bool(v, "allows", false));
    if (val_count(val_get(v, STR("property"))))
        return val_get(v, STR("property"));
    if (!val_count(many))
        return schema ? schema_normalize(a, type, schema) : NULL;
    seq_builder_init(&out, a);
    for (size_t i = 0; i < val_count(many); i++)
        seq_builder_add(&out, schema_normalize(a, type, many->items[i]));
    return seq_builder_done(&out, NULL);
}

/* The JSON of a message from its fields. */
static struct err *shape_of(struct arena *a, enum proto_shape shape, const struct val *v,
                            const struct val **ret)
{
    const struct val *first = val_count(v) ? v->fields[0].value : NULL;

    *ret = v;
    switch (shape) {
    case PROTO_SHAPE_OBJECT:
        return NULL;
    case PROTO_SHAPE_ITEMS:
        *ret = first ? first : &val_empty_seq;
        return NULL;
    case PROTO_SHAPE_QUANTITY:
        *ret = first && val_str(first).len ? first : val_cstring(a, "0");
        return NULL;
    case PROTO_SHAPE_INT_OR_STRING:
        *ret = val_get(v, val_at_int(v, "type", 0) ? STR("strVal") : STR("intVal"));
        *ret = *ret ? *ret : val_int(a, 0);
        return NULL;
    case PROTO_SHAPE_RAW:
        *ret = NULL;
        return first && val_str(first).len
                   ? json_read(a, val_str(first), STR("json"), JSON_READ_LAST_KEY_WINS, ret)
                   : NULL;
    case PROTO_SHAPE_TIME:
    case PROTO_SHAPE_MICRO_TIME:
        *ret = time_of(a, v, shape == PROTO_SHAPE_MICRO_TIME);
        return NULL;
    case PROTO_SHAPE_SCHEMA_OR_BOOL:
    case PROTO_SHAPE_SCHEMA_OR_LIST:
        *ret = schema_or(a, v, shape == PROTO_SHAPE_SCHEMA_OR_LIST);
        return NULL;
    }
    return NULL;
}

static struct err *read_message(struct reader *r, uint16_t message, struct str bytes,
                                const struct val **ret)
{
    const struct proto_message *m = &proto_messages[message];
    const struct val *v = NULL;
    struct err *e;

    if (r->depth >= LIMIT_TREE_DEPTH)
        return err_new(r->arena, ERR_TOO_LARGE, "proto: nested too deeply");
    r->depth++;
    e = read_fields(r, m, bytes, &v);
    r->depth--;
    return e ? e : shape_of(r->arena, (enum proto_shape)m->shape, v, ret);
}

/* ---- the envelope ---- */

static const struct proto_root *root_named(struct str name)
{
    size_t low = 0;
    size_t high = proto_root_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_cmp(name, str_from_cstr(proto_names + proto_roots[middle].name));

        if (!order)
            return &proto_roots[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

/* runtime.Unknown: 1 the type (1 apiVersion, 2 kind), 2 the bytes. */
static bool read_envelope(struct str body, struct str *ret_version, struct str *ret_kind,
                          struct str *ret_raw)
{
    struct wire_field w;
    struct str type = STR("");

    if (!str_has_prefix(body, MAGIC))
        return false;
    for (body = str_skip(body, MAGIC.len); body.len;) {
        if (!read_field(&body, &w))
            return false;
        if (w.number == 1)
            type = w.bytes;
        else if (w.number == 2)
            *ret_raw = w.bytes;
    }
    while (type.len) {
        if (!read_field(&type, &w))
            return false;
        if (w.number == 1)
            *ret_version = w.bytes;
        else if (w.number == 2)
            *ret_kind = w.bytes;
    }
    return true;
}

struct err *protobuf_read(struct arena *a, struct str body, const struct val **ret)
{
    struct reader r = { .arena = a };
    struct str version = STR("");
    struct str kind = STR("");
    struct str raw = STR("");
    const struct proto_root *root;
    const struct val *object = &val_empty_map;
    struct map_builder out;
    struct err *e;

    if (!read_envelope(body, &version, &kind, &raw))
        return err_new(a, ERR_INVALID,
                       "provided data does not appear to be a protobuf message, expected prefix "
                       "[107 56 115 0]");
    root = root_named(str_is(kind, "DeleteOptions")
                          ? STR("/DeleteOptions")
                          : str_printf(a, "%.*s/%.*s", STR_ARG(version), STR_ARG(kind)));
    if (root && TRY(&e, read_message(&r, root->message, raw, &object)))
        return e;
    map_builder_init(&out, a);
    (void)map_builder_set(&out, STR("kind"), val_string(a, kind));
    (void)map_builder_set(&out, STR("apiVersion"), val_string(a, version));
    for (size_t i = 0; object && i < val_count(object); i++)
        (void)map_builder_set(&out, object->fields[i].key, object->fields[i].value);
    *ret = map_builder_done(&out, NULL);
    return NULL;
}
