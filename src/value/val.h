/* SPDX-License-Identifier: Apache-2.0 */
/*
 * value/val.h - the one tree for YAML and JSON.
 *
 * A value never changes after it is returned: edits give a new root that shares what was not touched
 * (docs/adr/0002, 0007). All of a tree lives in arenas that outlive it, so sharing is free. Maps keep the order
 * of their source and have unique keys. Scalars keep their source text, every node its place.
 *
 * NULL pointers: readers (val_get, val_at, val_str ...) accept a NULL value and answer as for a missing one, so
 * that lookups chain. Builders and editors do not.
 */
#ifndef VALUE_VAL_H
#define VALUE_VAL_H

#include "base/arena.h"
#include "base/str.h"

enum val_kind {
    VAL_NULL,
    VAL_BOOL,
    VAL_INT,   /* fits int64 */
    VAL_FLOAT, /* everything else numeric; finite */
    VAL_STRING,
    VAL_SEQ,
    VAL_MAP,
};

/* How a YAML scalar was written; JSON strings are DOUBLE. Nothing but messages and kustomize look at it. */
enum val_style {
    VAL_STYLE_PLAIN,
    VAL_STYLE_SINGLE,
    VAL_STYLE_DOUBLE,
    VAL_STYLE_LITERAL,
    VAL_STYLE_FOLDED,
    VAL_STYLE_TAGGED /* plain, but said to be a string */
};

struct val;

struct val_field {
    struct str key;
    const struct val *value;
    uint32_t line; /* of the key; 0: not from a text */
    uint32_t column;
};

struct val {
    uint8_t kind;     /* enum val_kind */
    uint8_t style;    /* enum val_style */
    uint16_t column;  /* 1-based, saturating */
    uint32_t line;    /* 1-based; 0: made, not read */
    uint32_t count;   /* items of a SEQ, fields of a MAP */
    uint32_t flags;   /* private */
    const char *file; /* name given to the reader, NUL-terminated; NULL: made, not read */
    union {
        bool boolean;
        int64_t integer;
        double real;
        const struct val *const *items;
        const struct val_field *fields;
    };
    union {
        struct str text;       /* STRING: the content. INT, FLOAT: as in the source, "" when made */
        const uint32_t *index; /* MAP with many fields: private */
    };
};

/* Shared constants; their place is unknown. */
extern const struct val val_null;
extern const struct val val_true;
extern const struct val val_false;
extern const struct val val_empty_map;
extern const struct val val_empty_seq;
extern const struct val val_empty_string;

/* ---- reading ---- */

static inline bool val_is(const struct val *v, enum val_kind kind)
{
    return v && v->kind == kind;
}

/* Field of a map; NULL when v is no map or has no such key. */
const struct val *val_get(const struct val *map, struct str key);
const struct val_field *val_field(const struct val *map, struct str key);

/* Dotted path of map keys, "metadata.labels"; no key may hold a dot. NULL when a step is missing. */
const struct val *val_at(const struct val *v, const char *path);

/* Item of a sequence; NULL when v is no sequence or is shorter. */
const struct val *val_item(const struct val *seq, size_t index);

/* Items of a SEQ or fields of a MAP, 0 for all else. */
static inline size_t val_count(const struct val *v)
{
    return v && (v->kind == VAL_SEQ || v->kind == VAL_MAP) ? v->count : 0;
}

/* Content of a STRING; the empty string for everything else, NULL included. */
struct str val_str(const struct val *v);
struct str val_get_str(const struct val *map, const char *key); /* val_str(val_get(...)) */
struct str val_at_str(const struct val *v, const char *path);
bool val_at_bool(const struct val *v, const char *path, bool otherwise);
int64_t val_at_int(const struct val *v, const char *path, int64_t otherwise);

/* An INT, or a FLOAT that is a whole number in range, as int64. */
bool val_to_int64(const struct val *v, int64_t *ret);
bool val_to_double(const struct val *v, double *ret);

/*
 * Equal content: maps without regard to order, numbers by value (1 and 1.0 are equal), places and styles
 * ignored. NULL equals only NULL.
 */
bool val_eq(const struct val *a, const struct val *b);

/* The kind as users know it: "null", "boolean", "number", "string", "array", "object". */
const char *val_kind_name(const struct val *v);

/* 64-bit hash of the content that agrees with val_eq; for caches and quick comparison only. */
uint64_t val_hash(const struct val *v);

/* ---- making ---- */

const struct val *val_bool(bool b);
const struct val *val_int(struct arena *a, int64_t n);
const struct val *val_float(struct arena *a, double x);      /* finite */
const struct val *val_string(struct arena *a, struct str s); /* borrows the bytes */
const struct val *val_cstring(struct arena *a, const char *s);
const struct val *val_seq(struct arena *a, const struct val *const *items,
                          size_t count); /* copies the array */

/* Map from alternating C-string keys and values, closed by a NULL key; a NULL value leaves its key out. */
const struct val *val_map_of(struct arena *a, ...) __attribute__((sentinel));

/* Deep copy into another arena, bytes included. */
const struct val *val_copy(struct arena *a, const struct val *v);

/* ---- editing: each gives a new value, the old one stays ---- */

/* Map with key set: replaced where it stands, or appended. `map` NULL or VAL_NULL is the empty map. */
const struct val *val_with(struct arena *a, const struct val *map, struct str key,
                           const struct val *value);
const struct val *val_without(struct arena *a, const struct val *map, struct str key);

/* Dotted path as val_at; missing maps are made; a step that is no map is replaced by one. */
const struct val *val_with_at(struct arena *a, const struct val *root, const char *path,
                              const struct val *value);
const struct val *val_without_at(struct arena *a, const struct val *root, const char *path);

const struct val *val_seq_append(struct arena *a, const struct val *seq, const struct val *item);
const struct val *val_seq_replace(struct arena *a, const struct val *seq, size_t index,
                                  const struct val *item);

/* Every map of the tree sorted by key, in byte order. Subtrees that are sorted already are shared. */
const struct val *val_sorted(struct arena *a, const struct val *v);

/* ---- bulk ---- */

struct map_builder {
    struct arena *arena;
    struct val_field *fields;
    size_t count;
    size_t cap;
    uint32_t *slots; /* private: lookup index once there are many */
};

void map_builder_init(struct map_builder *b, struct arena *a);
void map_builder_from(struct map_builder *b, struct arena *a,
                      const struct val *map); /* NULL: empty */
/* Sets; replaced where it stands or appended. True when the key was there. */
bool map_builder_set(struct map_builder *b, struct str key, const struct val *value);
void map_builder_set_field(struct map_builder *b,
                           const struct val_field *field); /* keeps the key's place */
bool map_builder_remove(struct map_builder *b, struct str key);
const struct val *map_builder_get(const struct map_builder *b, struct str key);
/* The map; the builder is spent. `like` (NULL: none) gives line and column. */
const struct val *map_builder_done(struct map_builder *b, const struct val *like);

struct seq_builder {
    struct arena *arena;
    const struct val **items;
    size_t count;
    size_t cap;
};

/* A sequence with some items replaced, in one copy, made at the first change. */
struct seq_editor {
    struct arena *arena;
    const struct val *seq;
    const struct val **items; /* NULL: nothing changed yet */
};

void seq_editor_set(struct seq_editor *e, size_t index, const struct val *item);
const struct val *seq_editor_done(
    const struct seq_editor *e); /* seq itself where nothing changed */

/* The same for the fields of a map. */
struct map_editor {
    struct arena *arena;
    const struct val *map;
    struct map_builder builder;
    bool changed;
};

void map_editor_set(struct map_editor *e, struct str key, const struct val *value);
const struct val *map_editor_done(struct map_editor *e);

/* Nodes of a tree, what is shared counted each time; counting stops beyond `most`. */
size_t val_node_count(const struct val *v, size_t most);

void seq_builder_init(struct seq_builder *b, struct arena *a);
void seq_builder_add(struct seq_builder *b, const struct val *item);
const struct val *seq_builder_done(struct seq_builder *b, const struct val *like);

#endif
