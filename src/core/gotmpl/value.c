/* SPDX-License-Identifier: Apache-2.0 */
#include "core/gotmpl/value.h"

#include "core/gotmpl/function.h"

/* What reflect says about each type. */
static const struct {
    const char *name;
    enum go_kind kind;
} types[] = {
    [GO_MISSING] = { "<nil>", KIND_INVALID },
    [GO_INVALID] = { "<nil>", KIND_INVALID },
    [GO_NIL] = { "<nil>", KIND_INTERFACE },
    [GO_BOOL] = { "bool", KIND_BOOL },
    [GO_INT] = { "int", KIND_INT },
    [GO_INT64] = { "int64", KIND_INT64 },
    [GO_UINT8] = { "uint8", KIND_UINT8 },
    [GO_UINT32] = { "uint32", KIND_UINT32 },
    [GO_UINT64] = { "uint64", KIND_UINT64 },
    [GO_FLOAT64] = { "float64", KIND_FLOAT64 },
    [GO_COMPLEX128] = { "complex128", KIND_COMPLEX128 },
    [GO_STRING] = { "string", KIND_STRING },
    [GO_DURATION] = { "time.Duration", KIND_INT64 },
    [GO_MONTH] = { "time.Month", KIND_INT },
    [GO_WEEKDAY] = { "time.Weekday", KIND_INT },
    [GO_TIME] = { "time.Time", KIND_STRUCT },
    [GO_BYTES] = { "[]uint8", KIND_SLICE },
    [GO_LIST] = { "[]interface {}", KIND_SLICE },
    [GO_STRINGS] = { "[]string", KIND_SLICE },
    [GO_INTS] = { "[]int", KIND_SLICE },
    [GO_LISTS] = { "[][]interface {}", KIND_SLICE },
    [GO_MAPS] = { "[]map[string]interface {}", KIND_SLICE },
    [GO_VERSIONS] = { "common.VersionSet", KIND_SLICE },
    [GO_MAP] = { "map[string]interface {}", KIND_MAP },
    [GO_TEXTS] = { "map[string]string", KIND_MAP },
    [GO_VALUES] = { "common.Values", KIND_MAP },
    [GO_VALUES3] = { "chartutil.Values", KIND_MAP },
    [GO_FILES] = { "engine.files", KIND_MAP },
    [GO_STRUCT] = { "struct", KIND_STRUCT },
    [GO_POINTER] = { "*struct", KIND_PTR },
};

static const char *const kinds[] = {
    [KIND_INVALID] = "invalid", [KIND_INTERFACE] = "interface",
    [KIND_BOOL] = "bool",       [KIND_INT] = "int",
    [KIND_INT64] = "int64",     [KIND_UINT8] = "uint8",
    [KIND_UINT32] = "uint32",   [KIND_UINT64] = "uint64",
    [KIND_FLOAT64] = "float64", [KIND_COMPLEX128] = "complex128",
    [KIND_STRING] = "string",   [KIND_SLICE] = "slice",
    [KIND_MAP] = "map",         [KIND_STRUCT] = "struct",
    [KIND_PTR] = "ptr",
};

enum go_kind go_kind(const struct go_value *v)
{
    return types[v->type].kind;
}

const char *go_kind_name(enum go_kind kind)
{
    return kinds[kind];
}

const char *go_type_name(const struct go_value *v)
{
    if (v->type == GO_STRUCT)
        return v->object->class->name + (v->object->class->name[0] == '*');
    if (v->type == GO_POINTER)
        return v->object->class->name;
    return types[v->type].name;
}

const char *go_static_name(const struct go_value *v)
{
    return v->boxed || v->type == GO_NIL ? "interface {}" : go_type_name(v);
}

bool go_is_map(const struct go_value *v)
{
    return types[v->type].kind == KIND_MAP;
}

bool go_is_list(const struct go_value *v)
{
    return types[v->type].kind == KIND_SLICE;
}

bool go_is_integer(const struct go_value *v)
{
    enum go_kind k = types[v->type].kind;

    return k >= KIND_INT && k <= KIND_UINT64;
}

bool go_is_nil(const struct go_value *v)
{
    return v->type <= GO_NIL;
}

struct go_value go_invalid(void)
{
    return (struct go_value){ .type = GO_INVALID };
}

struct go_value go_nil(void)
{
    return (struct go_value){ .type = GO_NIL, .boxed = true };
}

struct go_value go_bool(bool b)
{
    return (struct go_value){ .type = GO_BOOL, .boolean = b };
}

struct go_value go_int(int64_t n)
{
    return (struct go_value){ .type = GO_INT, .integer = n };
}

struct go_value go_int64(int64_t n)
{
    return (struct go_value){ .type = GO_INT64, .integer = n };
}

struct go_value go_float(double x)
{
    return (struct go_value){ .type = GO_FLOAT64, .real = x };
}

struct go_value go_string(struct str s)
{
    return (struct go_value){ .type = GO_STRING, .text = s };
}

struct go_value go_bytes(struct str s)
{
    return (struct go_value){ .type = GO_BYTES, .text = s };
}

struct go_value go_number_of(enum go_type type, int64_t n)
{
    return (struct go_value){ .type = (uint8_t)type, .integer = n };
}

struct go_value go_time_of(struct arena *a, const struct go_time *t)
{
    struct go_time *copy = ARENA_NEW(a, struct go_time);

    *copy = *t;
    return (struct go_value){ .type = GO_TIME, .time = copy };
}

struct go_value go_list_over(struct arena *a, enum go_type type, struct go_value *items,
                             size_t count)
{
    struct go_list *list = ARENA_NEW(a, struct go_list);

    list->items = items;
    list->count = count;
    return (struct go_value){ .type = (uint8_t)type, .list = list };
}

struct go_value go_list_new(struct arena *a, enum go_type type, size_t count)
{
    return go_list_over(a, type, ARENA_ARRAY(a, count, struct go_value), count);
}

struct go_value go_map_new(struct arena *a, enum go_type type)
{
    struct go_map *map = ARENA_NEW(a, struct go_map);

    map->arena = a;
    map->is_sorted = true;
    return (struct go_value){ .type = (uint8_t)type, .map = map };
}

struct go_value go_object_new(struct arena *a, enum go_type type, const struct go_class *class,
                              struct go_value *fields, const void *data)
{
    struct go_object *object = ARENA_NEW(a, struct go_object);

    *object = (struct go_object){ .class = class, .fields = fields, .data = data };
    return (struct go_value){ .type = (uint8_t)type, .object = object };
}

size_t go_length(const struct go_value *v)
{
    if (v->type == GO_STRING || v->type == GO_BYTES)
        return v->text.len;
    if (go_is_list(v))
        return v->list->count;
    return go_is_map(v) ? go_map_count(v->map) : 0;
}

struct go_value go_item(const struct go_value *list, size_t i)
{
    struct go_value item;

    if (list->type == GO_BYTES || list->type == GO_STRING)
        return go_number_of(GO_UINT8, (uint8_t)list->text.ptr[i]);
    item = list->list->items[i];
    return list->type == GO_LIST ? go_boxed(item) : item;
}

bool go_truth(const struct go_value *v)
{
    switch (types[v->type].kind) {
    case KIND_INVALID:
    case KIND_INTERFACE:
        return false;
    case KIND_BOOL:
        return v->boolean;
    case KIND_INT:
    case KIND_INT64:
    case KIND_UINT8:
    case KIND_UINT32:
    case KIND_UINT64:
        return v->integer != 0;
    case KIND_FLOAT64:
        return v->real != 0;
    case KIND_COMPLEX128:
        return v->complex->real != 0 || v->complex->imaginary != 0;
    case KIND_STRING:
    case KIND_SLICE:
    case KIND_MAP:
        return go_length(v) > 0;
    case KIND_STRUCT:
    case KIND_PTR:
        break;
    }
    return true;
}

struct go_value go_unboxed(struct go_value v)
{
    if (v.type == GO_NIL)
        return go_invalid();
    v.boxed = false;
    return v;
}

struct go_value go_boxed(struct go_value v)
{
    if (v.type <= GO_NIL)
        return go_nil();
    v.boxed = true;
    return v;
}

static bool equal_at(const struct go_value *a, const struct go_value *b, unsigned depth);

static bool maps_equal(const struct go_value *a, const struct go_value *b, unsigned depth)
{
    const struct go_field *fields;

    if (a->map == b->map)
        return true;
    if (go_map_count(a->map) != go_map_count(b->map))
        return false;
    fields = a->map->fields;
    for (size_t i = 0; i < a->map->count; i++) {
        struct go_value other;

        if (!go_map_find(b->map, (enum go_type)b->type, fields[i].key, &other) ||
            !equal_at(&fields[i].value, &other, depth))
            return false;
    }
    return true;
}

static bool lists_equal(const struct go_value *a, const struct go_value *b, unsigned depth)
{
    if (a->type == GO_BYTES)
        return str_eq(a->text, b->text);
    if (a->list->count != b->list->count)
        return false;
    for (size_t i = 0; i < a->list->count; i++)
        if (!equal_at(&a->list->items[i], &b->list->items[i], depth))
            return false;
    return true;
}

/* Beyond that depth a value is inside itself; reflect.DeepEqual takes what it is already comparing for equal. */
enum { EQUAL_DEPTH_MAX = 512 };

static bool equal_at(const struct go_value *a, const struct go_value *b, unsigned depth)
{
    if (a->type <= GO_NIL || b->type <= GO_NIL)
        return a->type <= GO_NIL && b->type <= GO_NIL;
    if (a->type != b->type)
        return false;
    if (depth > EQUAL_DEPTH_MAX)
        return true;
    switch (types[a->type].kind) {
    case KIND_INVALID:
    case KIND_INTERFACE:
        return true;
    case KIND_BOOL:
        return a->boolean == b->boolean;
    case KIND_INT:
    case KIND_INT64:
    case KIND_UINT8:
    case KIND_UINT32:
    case KIND_UINT64:
        return a->integer == b->integer;
    case KIND_FLOAT64:
        return a->real == b->real;
    case KIND_COMPLEX128:
        return a->complex->real == b->complex->real &&
               a->complex->imaginary == b->complex->imaginary;
    case KIND_STRING:
        return str_eq(a->text, b->text);
    case KIND_SLICE:
        return lists_equal(a, b, depth + 1);
    case KIND_MAP:
        return maps_equal(a, b, depth + 1);
    case KIND_STRUCT:
    case KIND_PTR:
        break;
    }
    if (a->type == GO_TIME)
        return a->time->seconds == b->time->seconds &&
               a->time->nanoseconds == b->time->nanoseconds && a->time->offset == b->time->offset &&
               str_eq(a->time->name, b->time->name);
    return a->object == b->object;
}

bool go_deep_equal(const struct go_value *a, const struct go_value *b)
{
    return equal_at(a, b, 0);
}

const struct function *function_search(const struct function *table, size_t count, struct str name)
{
    size_t low = 0, high = count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_cmp(str_from_cstr(table[middle].name), name);

        if (order == 0)
            return &table[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}
