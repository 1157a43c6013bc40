/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>

#include "base/limits.h"
#include "base/map.h"
#include "foreign/base64.h"
#include "foreign/utf8.h"
#include "foreign/yaml_events.h"
#include "value/number_text.h"
#include "value/val_map.h"
#include "value/yaml_resolve.h"
#include "value/yaml_source.h"

/* Behind an anchor's name. While the node is being read, `value` is NULL: an alias to it is a loop. */
struct anchor {
    const struct val *value;
    size_t nodes;
};

struct reader {
    struct arena *arena;
    struct yaml_events *events;
    const char *file;
    struct str text;
    uint32_t first_line; /* of the document in its stream, 0-based */
    enum yaml_dialect dialect;
    struct map anchors;
    size_t nodes;       /* aliases expanded */
    size_t alias_nodes; /* of these, from aliases */
    struct yaml_event ev;
    /* How far tag_swallows_comma has counted: byte and character of the same place. */
    size_t seen_bytes;
    size_t seen_characters;
};

/* ERR_INVALID at the place of the last event. */
__attribute__((format(printf, 2, 3))) static struct err *fail(struct reader *r, const char *format,
                                                              ...)
{
    va_list args;
    struct err *e;

    va_start(args, format);
    e = err_newv(r->arena, ERR_INVALID, format, args);
    va_end(args);
    return err_new(r->arena, ERR_INVALID, "%s:%u:%u: %.*s", r->file, r->first_line + r->ev.line,
                   r->ev.column, STR_ARG(e->msg));
}

static struct err *next(struct reader *r)
{
    struct err *e = yaml_events_next(r->events, r->arena, &r->ev);

    if (!e)
        return NULL;
    return fail(r, "%.*s", STR_ARG(e->msg));
}

static struct err *count_node(struct reader *r)
{
    if (++r->nodes > LIMIT_TREE_NODES)
        return err_new(r->arena, ERR_TOO_LARGE, "%s:%u:%u: more than %u values in one document",
                       r->file, r->first_line + r->ev.line, r->ev.column, LIMIT_TREE_NODES);
    return NULL;
}

static struct val *new_node(struct reader *r, enum val_kind kind)
{
    struct val *v = arena_alloc(r->arena, sizeof *v);

    *v = (struct val){
        .kind = (uint8_t)kind,
        .line = r->first_line + r->ev.line,
        .column = (uint16_t)(r->ev.column > UINT16_MAX ? UINT16_MAX : r->ev.column),
        .file = r->file,
    };
    return v;
}

static void anchor_begin(struct reader *r, struct str name, struct anchor **ret)
{
    *ret = NULL;
    if (name.len == 0)
        return;
    *ret = ARENA_NEW(r->arena, struct anchor);
    (*ret)->nodes = r->nodes;
    map_set(&r->anchors, str_dup(r->arena, name), *ret);
}

static void anchor_end(struct reader *r, struct anchor *anchor, const struct val *value)
{
    if (!anchor)
        return;
    anchor->nodes = r->nodes - anchor->nodes + 1;
    anchor->value = value;
}

/* Share of nodes that may come from aliases: nearly all in small documents, a tenth in huge ones. */
static double allowed_alias_ratio(size_t nodes)
{
    const double low = 400000, high = 4000000;

    if ((double)nodes <= low)
        return 0.99;
    if ((double)nodes >= high)
        return 0.10;
    return 0.99 - 0.89 * (((double)nodes - low) / (high - low));
}

static struct err *read_alias(struct reader *r, const struct val **ret)
{
    const struct anchor *anchor = map_get(&r->anchors, r->ev.value);

    if (!anchor)
        return fail(r, "unknown anchor \"%.*s\" referenced", STR_ARG(r->ev.value));
    if (!anchor->value)
        return fail(r, "anchor \"%.*s\" contains itself", STR_ARG(r->ev.value));
    r->nodes += anchor->nodes;
    r->alias_nodes += anchor->nodes;
    if (r->alias_nodes > LIMIT_ALIAS_NODES ||
        (r->alias_nodes > 100 && r->nodes > 1000 &&
         (double)r->alias_nodes / (double)r->nodes > allowed_alias_ratio(r->nodes)))
        return err_new(r->arena, ERR_TOO_LARGE, "%s:%u:%u: document contains excessive aliasing",
                       r->file, r->first_line + r->ev.line, r->ev.column);
    *ret = anchor->value;
    return NULL;
}

/* Bytes that are no UTF-8 become U+FFFD one by one, as when Go prints them as JSON. */
static struct str as_utf8(struct arena *a, struct str bytes)
{
    struct buf out;
    uint32_t rune;

    if (utf8_find_invalid(bytes) == SIZE_MAX)
        return bytes;
    buf_init(&out, a, 0);
    for (size_t width; (width = utf8_decode(bytes, &rune)) > 0; bytes = str_skip(bytes, width))
        utf8_put(&out, rune);
    return buf_str(&out);
}

static struct err *read_binary(struct reader *r, struct str text, struct val *v)
{
    struct str bytes;

    if (!base64_decode(r->arena, text, BASE64_SKIP_LINE_BREAKS, &bytes))
        return fail(r, "!!binary value contains invalid base64 data");
    v->kind = VAL_STRING;
    v->text = as_utf8(r->arena, bytes);
    return NULL;
}

/* Whether a meaning fits an explicit tag; an INT under !!float becomes one. */
static bool fits_tag(enum yaml_tag tag, struct yaml_meaning *m)
{
    if (tag == YAML_TAG_FLOAT && m->tag == YAML_TAG_INT && !m->beyond_int64) {
        m->tag = YAML_TAG_FLOAT;
        m->real = (double)m->integer;
        return true;
    }
    return tag == m->tag;
}

static struct err *scalar_meaning(struct reader *r, struct str text, struct yaml_meaning *ret)
{
    enum yaml_tag tag = yaml_tag_parse(r->ev.tag);

    *ret = (struct yaml_meaning){ .tag = YAML_TAG_STR };
    if (tag == YAML_TAG_STR || tag == YAML_TAG_OTHER)
        return NULL;
    if (tag == YAML_TAG_BINARY) {
        ret->tag = YAML_TAG_BINARY;
        return NULL;
    }
    if (r->ev.in_flow && r->ev.style == YAML_EVENT_PLAIN && str_find_byte(text, '?', 0) != SIZE_MAX)
        return fail(r, "\"?\" in a plain value inside [ ] or { }: quote it");
    if (tag == YAML_TAG_NONE && r->ev.style != YAML_EVENT_PLAIN)
        return NULL;
    *ret = yaml_resolve(text, r->dialect);
    if (tag != YAML_TAG_NONE && !fits_tag(tag, ret))
        return fail(r, "cannot read \"%.*s\" as %s", STR_ARG(text), yaml_tag_name(tag));
    if (ret->not_finite)
        return fail(r, "unsupported value: \"%.*s\" has no JSON form", STR_ARG(text));
    return NULL;
}

static struct err *set_scalar(struct reader *r, const struct yaml_meaning *m, struct val *v)
{
    switch (m->tag) {
    case YAML_TAG_NULL:
        v->kind = VAL_NULL;
        return NULL;
    case YAML_TAG_BOOL:
        v->kind = VAL_BOOL;
        v->boolean = m->boolean;
        return NULL;
    case YAML_TAG_INT:
        v->kind = m->beyond_int64 ? VAL_FLOAT : VAL_INT;
        if (m->beyond_int64) {
            v->real = m->real;
            v->text = str_printf(r->arena, "%llu", (unsigned long long)m->natural);
        } else {
            v->integer = m->integer;
        }
        return NULL;
    case YAML_TAG_FLOAT:
        v->kind = VAL_FLOAT;
        v->real = m->real;
        return NULL;
    case YAML_TAG_BINARY:
        return read_binary(r, v->text, v);
    case YAML_TAG_NONE:
    case YAML_TAG_STR:
    case YAML_TAG_TIMESTAMP:
    case YAML_TAG_MERGE:
    case YAML_TAG_OTHER:
        break;
    }
    v->kind = VAL_STRING;
    return NULL;
}

static struct err *read_scalar(struct reader *r, const struct val **ret)
{
    static const enum val_style styles[] = {
        [YAML_EVENT_PLAIN] = VAL_STYLE_PLAIN,   [YAML_EVENT_SINGLE] = VAL_STYLE_SINGLE,
        [YAML_EVENT_DOUBLE] = VAL_STYLE_DOUBLE, [YAML_EVENT_LITERAL] = VAL_STYLE_LITERAL,
        [YAML_EVENT_FOLDED] = VAL_STYLE_FOLDED,
    };
    struct val *v = new_node(r, VAL_STRING);
    struct yaml_meaning m;
    struct err *e;

    v->style = (uint8_t)styles[r->ev.style];
    v->text = str_dup(r->arena, r->ev.value);
    if (TRY(&e, scalar_meaning(r, v->text, &m)) || TRY(&e, set_scalar(r, &m, v)))
        return e;
    if (v->style == VAL_STYLE_PLAIN && m.tag == YAML_TAG_STR && r->ev.tag.len > 0)
        v->style = VAL_STYLE_TAGGED;
    *ret = v;
    return NULL;
}

static struct err *read_node(struct reader *r, unsigned depth, const struct val **ret);

/*
 * go-yaml's tags inside flow collections reach over a comma: [!foo, 1] is one item. True when the event is a bare tag
 * with a comma right behind it.
 */
static bool tag_swallows_comma(struct reader *r)
{
    size_t at = r->seen_bytes, characters = r->seen_characters;

    if (r->ev.kind != YAML_EVENT_SCALAR || !r->ev.in_flow || r->ev.value.len > 0 ||
        r->ev.style != YAML_EVENT_PLAIN || yaml_tag_parse(r->ev.tag) != YAML_TAG_OTHER)
        return false;
    while (at < r->text.len && characters < r->ev.end_index) {
        at++;
        while (at < r->text.len && ((unsigned char)r->text.ptr[at] & 0xC0) == 0x80)
            at++;
        characters++;
    }
    r->seen_bytes = at;
    r->seen_characters = characters;
    return at < r->text.len && r->text.ptr[at] == ',';
}

/* The item behind a tag that swallowed its comma. *ret NULL: there is none, and the sequence has ended. */
static struct err *read_swallowed_item(struct reader *r, unsigned depth, const struct val **ret)
{
    struct str tag = str_dup(r->arena, r->ev.tag);
    struct err *e;

    if (TRY(&e, next(r)))
        return e;
    *ret = NULL;
    if (r->ev.kind == YAML_EVENT_SEQ_END)
        return NULL;
    if (r->ev.kind == YAML_EVENT_SCALAR && r->ev.tag.len == 0)
        r->ev.tag = tag;
    return read_node(r, depth, ret);
}

static struct err *read_seq(struct reader *r, unsigned depth, const struct val **ret)
{
    struct val *at = new_node(r, VAL_SEQ);
    struct seq_builder items;
    struct err *e;

    seq_builder_init(&items, r->arena);
    for (;;) {
        const struct val *item;

        if (TRY(&e, next(r)))
            return e;
        if (r->ev.kind == YAML_EVENT_SEQ_END)
            break;
        if (tag_swallows_comma(r)) {
            if (TRY(&e, read_swallowed_item(r, depth + 1, &item)))
                return e;
            if (!item) {
                seq_builder_add(&items, &val_empty_string);
                break;
            }
        } else if (TRY(&e, read_node(r, depth + 1, &item))) {
            return e;
        }
        seq_builder_add(&items, item);
    }
    *ret = seq_builder_done(&items, at);
    return NULL;
}

/* A map that is being read: keys from merges may be overridden, own ones are unique. */
struct open_map {
    struct map_builder fields;
    struct map merged; /* keys that so far come from a merge alone; used when there was one */
    bool has_merge;
};

static void merge_map(struct reader *r, struct open_map *m, const struct val *map)
{
    for (uint32_t i = 0; i < map->count; i++) {
        const struct val_field *f = &map->fields[i];
        bool own = map_builder_get(&m->fields, f->key) && !map_get(&m->merged, f->key);

        if (own)
            continue;
        map_builder_set_field(&m->fields, f);
        map_set(&m->merged, f->key, r);
    }
}

static struct err *read_merge(struct reader *r, struct open_map *m, unsigned depth)
{
    const struct val *from;
    struct err *e;

    if (TRY(&e, next(r)) || TRY(&e, read_node(r, depth + 1, &from)))
        return e;
    m->has_merge = true;
    if (from->kind == VAL_MAP) {
        merge_map(r, m, from);
        return NULL;
    }
    if (from->kind != VAL_SEQ)
        return fail(r, "map merge requires map or sequence of maps as the value");
    for (size_t i = from->count; i > 0; i--) { /* earlier ones win, so they come last */
        if (from->items[i - 1]->kind != VAL_MAP)
            return fail(r, "map merge requires map or sequence of maps as the value");
        merge_map(r, m, from->items[i - 1]);
    }
    return NULL;
}

/* A key as JSON has them: text. Float keys go through float32, as sigs.k8s.io/yaml does. */
static struct err *key_text(struct reader *r, const struct val *key, struct str *ret)
{
    struct buf out;

    switch ((enum val_kind)key->kind) {
    case VAL_STRING:
        *ret = key->text;
        break;
    case VAL_BOOL:
        *ret = key->boolean ? STR("true") : STR("false");
        break;
    case VAL_INT:
        *ret = str_printf(r->arena, "%lld", (long long)key->integer);
        break;
    case VAL_FLOAT:
        buf_init(&out, r->arena, 0);
        number_put_g32(&out, key->real);
        *ret = buf_str(&out);
        break;
    case VAL_NULL:
    case VAL_SEQ:
    case VAL_MAP:
        return fail(r, "%s cannot be a map key", val_kind_name(key));
    }
    if (ret->len > LIMIT_MAP_KEY_BYTES)
        return err_new(r->arena, ERR_TOO_LARGE,
                       "%s:%u: map key of %zu bytes, more than the limit of %llu", r->file,
                       r->first_line + r->ev.line, ret->len, LIMIT_MAP_KEY_BYTES);
    return NULL;
}

static bool is_merge_key(const struct reader *r)
{
    enum yaml_tag tag;

    if (r->ev.kind != YAML_EVENT_SCALAR || !str_is(r->ev.value, "<<"))
        return false;
    tag = yaml_tag_parse(r->ev.tag);
    return tag == YAML_TAG_MERGE || (tag == YAML_TAG_NONE && r->ev.style == YAML_EVENT_PLAIN);
}

static struct err *add_field(struct reader *r, struct open_map *m, const struct val_field *f)
{
    size_t at = val_map_find(m->fields.fields, m->fields.count, m->fields.slots, f->key);
    const struct val_field *before = at == SIZE_MAX ? NULL : &m->fields.fields[at];

    if (m->has_merge && map_remove(&m->merged, f->key))
        before = NULL;
    if (before && r->dialect == YAML_KYAML_LOOSE)
        return NULL;
    if (before && r->dialect != YAML_SIGS_LOOSE) {
        r->ev.line = f->line - r->first_line;
        r->ev.column = f->column;
        return fail(r, "duplicate key \"%.*s\", first on line %u", STR_ARG(f->key), before->line);
    }
    map_builder_set_field(&m->fields, f);
    return NULL;
}

/* Positioned on the key's event. */
static struct err *read_field(struct reader *r, struct open_map *m, unsigned depth)
{
    struct val_field f = { .line = r->first_line + r->ev.line, .column = r->ev.column };
    const struct val *key;
    struct err *e;

    if (is_merge_key(r))
        return read_merge(r, m, depth);
    if (TRY(&e, read_node(r, depth + 1, &key)) || TRY(&e, key_text(r, key, &f.key)))
        return e;
    if (TRY(&e, next(r)))
        return e;
    if (tag_swallows_comma(r))
        return fail(r, "did not find expected \",\" or \"}\" behind a tag");
    if (TRY(&e, read_node(r, depth + 1, &f.value)))
        return e;
    return add_field(r, m, &f);
}

static struct err *read_map(struct reader *r, unsigned depth, const struct val **ret)
{
    struct val *at = new_node(r, VAL_MAP);
    struct open_map m = { .has_merge = false };
    struct err *e;

    map_builder_init(&m.fields, r->arena);
    map_init(&m.merged, r->arena);
    for (;;) {
        if (TRY(&e, next(r)))
            return e;
        if (r->ev.kind == YAML_EVENT_MAP_END)
            break;
        if (TRY(&e, read_field(r, &m, depth)))
            return e;
    }
    *ret = map_builder_done(&m.fields, at);
    return NULL;
}

/* The node whose first event is in r->ev. */
static struct err *read_node(struct reader *r, unsigned depth, const struct val **ret)
{
    struct anchor *anchor;
    struct err *e;

    if (depth > LIMIT_TREE_DEPTH)
        return err_new(r->arena, ERR_TOO_LARGE, "%s:%u:%u: nested deeper than %u", r->file,
                       r->first_line + r->ev.line, r->ev.column, LIMIT_TREE_DEPTH);
    if (TRY(&e, count_node(r)))
        return e;
    if (r->ev.kind == YAML_EVENT_ALIAS)
        return read_alias(r, ret);
    anchor_begin(r, r->ev.anchor, &anchor);
    if (r->ev.kind == YAML_EVENT_SCALAR)
        e = read_scalar(r, ret);
    else if (r->ev.kind == YAML_EVENT_SEQ_START)
        e = read_seq(r, depth, ret);
    else if (r->ev.kind == YAML_EVENT_MAP_START)
        e = read_map(r, depth, ret);
    else
        e = fail(r, "expected a value");
    if (!e)
        anchor_end(r, anchor, *ret);
    return e;
}

/* The first document of the stream, val_null when there is none. */
static struct err *read_root(struct reader *r, const struct val **ret)
{
    struct err *e;

    *ret = &val_null;
    if (TRY(&e, next(r)) || r->ev.kind == YAML_EVENT_END)
        return e;
    if (TRY(&e, next(r)) || TRY(&e, read_node(r, 0, ret)))
        return e;
    return next(r);
}

/* What the documents of one text share. */
struct stream {
    enum yaml_dialect dialect;
    uint64_t flow_work;
};

static struct err *read_document(struct arena *a, const struct yaml_chunk *doc, const char *file,
                                 struct stream *stream, const struct val **ret)
{
    struct reader r = { .arena = a,
                        .file = file,
                        .text = doc->text,
                        .first_line = doc->first_line,
                        .dialect = stream->dialect };
    struct err *e;

    map_init(&r.anchors, a);
    r.events = yaml_events_open(a, doc->text, &stream->flow_work);
    e = read_root(&r, ret);
    yaml_events_close(r.events);
    return e;
}

static struct err *check_text(struct arena *a, struct str text, const char *file)
{
    size_t invalid;

    if (text.len > LIMIT_DOCUMENT_BYTES)
        return err_new(a, ERR_TOO_LARGE, "%s: %zu bytes, more than the limit of %llu", file,
                       text.len, LIMIT_DOCUMENT_BYTES);
    invalid = utf8_find_invalid(text);
    if (invalid != SIZE_MAX)
        return err_new(a, ERR_INVALID, "%s: byte %zu is not UTF-8", file, invalid);
    return NULL;
}

struct err *yaml_read_all(struct arena *a, struct str text, struct str name,
                          enum yaml_dialect dialect, struct yaml_docs *ret)
{
    const char *file = str_cstr(a, name);
    struct stream stream = { .dialect = dialect };
    struct yaml_source source;
    struct yaml_chunk doc;
    struct seq_builder docs;
    bool found;
    struct err *e;

    if (TRY(&e, check_text(a, text, file)))
        return e;
    yaml_source_open(&source, a, text, file);
    seq_builder_init(&docs, a);
    for (;;) {
        const struct val *v;

        if (TRY(&e, yaml_source_next(&source, &doc, &found)))
            return e;
        if (!found)
            break;
        if (TRY(&e, read_document(a, &doc, file, &stream, &v)))
            return e;
        if (v->kind != VAL_NULL)
            seq_builder_add(&docs, v);
    }
    *ret = (struct yaml_docs){ .items = docs.items, .count = docs.count };
    return NULL;
}

struct err *yaml_read(struct arena *a, struct str text, struct str name, enum yaml_dialect dialect,
                      const struct val **ret)
{
    struct yaml_docs docs;
    struct err *e = yaml_read_all(a, text, name, dialect, &docs);

    if (e)
        return e;
    if (docs.count > 1)
        return err_new(a, ERR_INVALID, "%.*s:%u: expected one document, found %zu", STR_ARG(name),
                       docs.items[1]->line, docs.count);
    *ret = docs.count ? docs.items[0] : &val_null;
    return NULL;
}
