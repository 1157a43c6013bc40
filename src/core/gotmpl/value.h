/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/gotmpl/value.h - values as a Go template sees them: a tree value with a Go type.
 *
 * Templates observe Go's types (printf "%T", kindOf, eq, function arguments), so a value of value/val.h is not enough:
 * an int is not an int64, a map[string]string is no map[string]interface {}. Maps and lists are references and may
 * change (`set`, `merge`, `sortAlpha` change them in place), exactly as Go's. Everything lives in the arena of the
 * rendering. Source of truth: Go 1.26 reflect, text/template and fmt.
 *
 * Trees of value/val.h become Go values lazily: a map is converted when it is first looked into, so that handing a large
 * values tree to a template costs nothing. Numbers that were read from a text are float64, as encoding/json has them;
 * integers that were made (val_int, `--set a=1`) are int64.
 *
 * What a chart's context holds is described in core/gotmpl/context.h.
 */
#ifndef CORE_GOTMPL_VALUE_H
#define CORE_GOTMPL_VALUE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

struct val;

enum go_type {
    GO_MISSING, /* no value at all: the argument a pipeline has not given */
    GO_INVALID, /* reflect's zero Value: prints "<no value>" */
    GO_NIL,     /* a nil interface {} */
    GO_BOOL,
    GO_INT,
    GO_INT64,
    GO_UINT8,
    GO_UINT32,
    GO_UINT64,
    GO_FLOAT64,
    GO_COMPLEX128,
    GO_STRING,
    GO_DURATION, /* time.Duration */
    GO_MONTH,    /* time.Month */
    GO_WEEKDAY,  /* time.Weekday */
    GO_TIME,     /* time.Time */
    GO_BYTES,    /* []uint8 */
    GO_LIST,     /* []interface {} */
    GO_STRINGS,  /* []string */
    GO_INTS,     /* []int */
    GO_LISTS,    /* [][]interface {} */
    GO_MAPS,     /* []map[string]interface {} */
    GO_VERSIONS, /* common.VersionSet, a []string with the method Has */
    GO_MAP,      /* map[string]interface {} */
    GO_TEXTS,    /* map[string]string */
    GO_VALUES,   /* common.Values, a map[string]interface {} with methods */
    GO_VALUES3,  /* chartutil.Values: the same of Helm 3 */
    GO_FILES,    /* engine.files, a map[string][]uint8 with methods */
    GO_STRUCT,   /* an object with named fields */
    GO_POINTER,  /* a pointer to one */
};

/* reflect.Kind, as far as templates see it. */
enum go_kind {
    KIND_INVALID,
    KIND_INTERFACE,
    KIND_BOOL,
    KIND_INT,
    KIND_INT64,
    KIND_UINT8,
    KIND_UINT32,
    KIND_UINT64,
    KIND_FLOAT64,
    KIND_COMPLEX128,
    KIND_STRING,
    KIND_SLICE,
    KIND_MAP,
    KIND_STRUCT,
    KIND_PTR,
};

struct function;
struct go_field;
struct go_object;
struct go_value;

/* A moment with its zone. */
struct go_time {
    int64_t seconds; /* since 1970-01-01T00:00:00Z; any year */
    int32_t nanoseconds;
    int32_t offset;  /* seconds east of UTC */
    struct str name; /* of the zone, "" for a bare offset */
    bool is_utc;     /* Go's time.UTC; else "UTC" is the local zone, which only %#v tells */
};

struct go_complex {
    double real, imaginary;
};

/* Items of a list. A list shares its items with the lists cut out of it. */
struct go_list {
    struct go_value *items;
    size_t count;
};

/* A map with unique keys. Iterate with go_map_sorted: Go ranges over keys in order. */
struct go_map {
    struct arena *arena;
    struct go_field *fields;
    uint32_t *slots; /* private: open addressing, once there are many */
    size_t count;
    size_t cap;
    size_t slot_count;
    bool is_sorted;
    const struct val *source; /* not looked into yet; NULL: converted */
};

/* A struct type: names of its fields and its methods. Static and immutable. */
struct go_class {
    const char *name;          /* "chart.Metadata" */
    const char *const *fields; /* field names in order, NULL-terminated */
    const char *const
        *json; /* names in JSON, NULL-terminated; NULL: as the fields; "" leaves one out */
    const struct function *methods; /* the receiver is the first argument */
    size_t method_count;
    /* Its String method; NULL: none. */
    struct str (*text)(struct arena *a, const struct go_object *object);
    bool
        text_needs_pointer; /* the method is the pointer's: `printf "%v"` of a copy does not use it */
};

struct go_object {
    const struct go_class *class;
    struct go_value *fields; /* one for each name */
    const void *data;        /* what the class keeps beside them */
};

struct go_value {
    uint8_t type; /* enum go_type */
    bool boxed;   /* its static type is interface {}: an item of a list, the result of a lookup */
    union {
        bool boolean;
        int64_t integer; /* also DURATION, MONTH, WEEKDAY */
        uint64_t natural;
        double real;
        struct str text; /* STRING, BYTES (ptr NULL: a nil slice) */
        const struct go_complex *complex;
        const struct go_time *time;
        struct go_list *list;
        struct go_map *map; /* never NULL */
        const struct go_object *object;
    };
};

struct go_field {
    struct str key;
    struct go_value value;
};

/* ---- types ---- */

enum go_kind go_kind(const struct go_value *v);
const char *go_kind_name(enum go_kind kind); /* as reflect prints it: "float64", "slice" */
const char *go_type_name(
    const struct go_value *v); /* as %T: "map[string]interface {}"; a NIL: "<nil>" */
const char *go_static_name(
    const struct go_value *v); /* the same, but "interface {}" for what is boxed */
bool go_is_map(const struct go_value *v);
bool go_is_list(const struct go_value *v); /* any slice, BYTES included */
bool go_is_integer(const struct go_value *v);
bool go_is_nil(const struct go_value *v); /* INVALID, NIL and MISSING */

/* ---- making ---- */

struct go_value go_invalid(void);
struct go_value go_nil(void);
struct go_value go_bool(bool b);
struct go_value go_int(int64_t n);
struct go_value go_int64(int64_t n);
struct go_value go_float(double x);
struct go_value go_string(struct str s); /* borrows the bytes */
struct go_value go_bytes(struct str s);
struct go_value go_number_of(enum go_type type, int64_t n); /* any type with an integer in it */
struct go_value go_time_of(struct arena *a, const struct go_time *t);

/* An empty list with room; the caller writes items[0..count). `type` is one of the slices but BYTES. */
struct go_value go_list_new(struct arena *a, enum go_type type, size_t count);
/* Borrows the items. */
struct go_value go_list_over(struct arena *a, enum go_type type, struct go_value *items,
                             size_t count);
struct go_value go_map_new(struct arena *a, enum go_type type);
/* `fields` has one value for each name of the class and is borrowed. */
struct go_value go_object_new(struct arena *a, enum go_type type, const struct go_class *class,
                              struct go_value *fields, const void *data);

/* The tree as a Go value; lazily, so `v` must stay. */
struct go_value go_from_val(struct arena *a, const struct val *v);

/*
 * As encoding/json marshals it, maps sorted; texts as they are, also where they are no UTF-8. ERR_INVALID: what JSON cannot hold (NaN, complex numbers);
 * ERR_TOO_LARGE: deeper than LIMIT_TREE_DEPTH, which a map inside itself is.
 */
MUST_CHECK struct err *go_to_val(struct arena *a, const struct go_value *v, const struct val **ret);

/*
 * The same as yaml.v3 marshals it: structs by their lower-case field names, bytes as numbers, nil maps and slices empty.
 * *ret_has_struct: one is in it, so that keys must stay in the order they stand in.
 */
MUST_CHECK struct err *go_to_val_as_yaml(struct arena *a, const struct go_value *v,
                                         const struct val **ret, bool *ret_has_struct);

/* ---- reading ---- */

size_t go_length(const struct go_value *v); /* of a list, map or string; else 0 */
/* Item of a list as Go's Index gives it: boxed where the items are interfaces. i is in range. */
struct go_value go_item(const struct go_value *list, size_t i);

/* Value of a key, boxed where the values are interfaces; false: no such key. */
bool go_map_find(struct go_map *m, enum go_type type, struct str key, struct go_value *ret);
/* The number of keys, after looking into the map. */
size_t go_map_count(struct go_map *m);
/* The fields in the order of their keys; valid until the map changes. */
const struct go_field *go_map_sorted(struct go_map *m);
void go_map_set(struct go_map *m, struct str key, struct go_value value);
bool go_map_remove(struct go_map *m, struct str key);

/* Whether `if` takes it: not the zero of its type. */
bool go_truth(const struct go_value *v);

/* reflect.DeepEqual. */
bool go_deep_equal(const struct go_value *a, const struct go_value *b);

/* The value without its interface: a boxed nil becomes INVALID. */
struct go_value go_unboxed(struct go_value v);
/* The value as an interface {} holds it: INVALID becomes NIL. */
struct go_value go_boxed(struct go_value v);

#endif
