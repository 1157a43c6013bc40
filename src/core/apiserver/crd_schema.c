/* SPDX-License-Identifier: Apache-2.0 */
#include "core/apiserver/crd_schema.h"

#include "base/limits.h"
#include "core/apiserver/crd.h"
#include "foreign/regex.h"

/* Where a node stands, which decides the words. */
enum level { AT_ROOT, AT_FIELD, AT_ITEM };

static bool flag(const struct val *node, const char *name)
{
    return val_at_bool(node, name, false);
}

static bool is_typed(const struct val *node)
{
    return val_get_str(node, "type").len > 0;
}

/* ---- combinations: structure belongs outside of them ---- */

static void check_values(const struct check *c, struct str at, const struct val *node,
                         unsigned depth);

static void check_plain(const struct check *c, struct str at, const struct val *node)
{
    static const struct {
        const char *name;
        const char *words;
    } banned[] = {
        { "type", "must be empty to be structural" },
        { "additionalProperties", "must be undefined to be structural" },
        { "default", "must be undefined to be structural" },
        { "title", "must be empty to be structural" },
        { "description", "must be empty to be structural" },
        { "nullable", "must be false to be structural" },
        { "x-kubernetes-preserve-unknown-fields", "must be false to be structural" },
        { "x-kubernetes-embedded-resource", "must be false to be structural" },
        { "x-kubernetes-int-or-string", "must be false to be structural" },
        { "x-kubernetes-list-map-keys", "must be empty to be structural" },
        { "x-kubernetes-list-type", "must be undefined to be structural" },
        { "x-kubernetes-map-type", "must be undefined to be structural" },
        { "x-kubernetes-validations", "must be empty to be structural" },
    };

    for (size_t i = 0; i < sizeof banned / sizeof banned[0]; i++)
        if (val_get(node, str_from_cstr(banned[i].name)))
            check_forbidden(c, at_field(c, at, banned[i].name), banned[i].words);
    if (val_get(val_get(node, STR("properties")), STR("metadata")))
        check_forbidden(c, at_key(c, at_field(c, at, "properties"), STR("metadata")),
                        "must not be specified in a nested context");
}

static void check_nested(const struct check *c, struct str at, const struct val *node,
                         unsigned depth)
{
    const struct val *properties = val_get(node, STR("properties"));
    const struct val *items = val_get(node, STR("items"));

    if (!val_is(node, VAL_MAP) || depth > LIMIT_TREE_DEPTH)
        return;
    check_values(c, at, node, depth + 1);
    check_nested(c, at_field(c, at, "items"), items, depth + 1);
    for (size_t i = 0; i < val_count(properties); i++)
        check_nested(c, at_key(c, at_field(c, at, "properties"), properties->fields[i].key),
                     properties->fields[i].value, depth + 1);
    check_plain(c, at, node);
}

/* anyOf: [{type: integer}, {type: string}], which x-kubernetes-int-or-string allows. */
static bool is_int_or_string(const struct val *list)
{
    return val_count(list) == 2 && str_is(val_get_str(list->items[0], "type"), "integer") &&
           str_is(val_get_str(list->items[1], "type"), "string");
}

static void check_pattern(const struct check *c, struct str at, const struct val *node)
{
    struct str pattern = val_get_str(node, "pattern");
    struct regex *re;
    struct err *e;

    if (pattern.len && TRY(&e, regex_compile(c->arena, pattern, &re)))
        check_invalid_text(c, at_field(c, at, "pattern"), pattern,
                           str_printf(c->arena,
                                      "must be a valid regular expression, but isn't: error "
                                      "parsing regexp: %.*s",
                                      STR_ARG(err_line(c->arena, e))));
}

static void check_values(const struct check *c, struct str at, const struct val *node,
                         unsigned depth)
{
    static const char *const lists[] = { "anyOf", "allOf", "oneOf" };

    for (size_t l = 0; l < 3; l++) {
        const struct val *list = val_get(node, str_from_cstr(lists[l]));

        if (flag(node, "x-kubernetes-int-or-string") && is_int_or_string(list))
            continue;
        for (size_t i = 0; i < val_count(list); i++)
            if (l != 1 || i || !flag(node, "x-kubernetes-int-or-string") ||
                !is_int_or_string(val_get(list->items[i], STR("anyOf"))))
                check_nested(c, at_index(c, at_field(c, at, lists[l]), i), list->items[i], depth);
    }
    check_nested(c, at_field(c, at, "not"), val_get(node, STR("not")), depth);
    check_pattern(c, at, node);
}

/* ---- lists and maps ---- */

static void check_keys(const struct check *c, struct str at, const struct val *node)
{
    const struct val *keys = val_get(node, STR("x-kubernetes-list-map-keys"));
    const struct val *items = val_get(node, STR("items"));
    struct str place = at_field(c, at, "x-kubernetes-list-map-keys");
    struct str properties = at_field(c, at_field(c, at, "items"), "properties");

    if (!val_count(keys))
        check_required(c, place, "must not be empty if x-kubernetes-list-type is map");
    if (val_is(items, VAL_MAP) && !str_is(val_get_str(items, "type"), "object"))
        check_invalid_text(c, at_field(c, at_field(c, at, "items"), "type"),
                           val_get_str(items, "type"),
                           STR("must be object if parent array's x-kubernetes-list-type is map"));
    for (size_t i = 0; i < val_count(keys); i++) {
        struct str key = val_str(keys->items[i]);
        const struct val *property = val_get(val_get(items, STR("properties")), key);
        struct str type = val_get_str(property, "type");

        if (!property)
            check_invalid(c, place, keys, "entries must all be names of item properties");
        else if (str_is(type, "array") || str_is(type, "object"))
            check_invalid_text(
                c, at_field(c, at_key(c, properties, key), "type"), val_get_str(items, "type"),
                STR("must be a scalar type if parent array's x-kubernetes-list-type is map"));
        for (size_t j = 0; j < i; j++)
            if (val_eq(keys->items[i], keys->items[j]))
                check_invalid(c, place, keys, "must not contain duplicate entries");
    }
}

static bool is_required(const struct val *node, struct str name)
{
    const struct val *required = val_get(node, STR("required"));

    for (size_t i = 0; i < val_count(required); i++)
        if (str_eq(val_str(required->items[i]), name))
            return true;
    return false;
}

static void check_key_values(const struct check *c, struct str at, const struct val *node)
{
    struct str type = val_get_str(node, "x-kubernetes-list-type");
    const struct val *keys = val_get(node, STR("x-kubernetes-list-map-keys"));
    const struct val *items = val_get(node, STR("items"));
    struct str place = at_field(c, at, "items");

    if (flag(items, "nullable"))
        check_forbidden(
            c, at_field(c, place, "nullable"),
            str_cstr(c->arena,
                     str_concat(c->arena, STR("cannot be nullable when x-kubernetes-list-type is "),
                                type)));
    for (size_t i = 0; i < val_count(keys) && str_is(type, "map"); i++) {
        struct str key = val_str(keys->items[i]);
        const struct val *property = val_get(val_get(items, STR("properties")), key);
        struct str where = at_key(c, at_field(c, place, "properties"), key);

        if (!property)
            continue;
        if (!is_required(items, key) && !val_get(property, STR("default")))
            check_required(c, at_field(c, where, "default"),
                           "this property is in x-kubernetes-list-map-keys, so it must have a "
                           "default or be a required property");
        if (flag(property, "nullable"))
            check_forbidden(
                c, at_field(c, where, "nullable"),
                "this property is in x-kubernetes-list-map-keys, so it cannot be nullable");
    }
}

static void check_set_items(const struct check *c, struct str at, const struct val *items)
{
    struct str type = val_get_str(items, "type");
    const char *name = str_is(type, "array") ? "x-kubernetes-list-type" : "x-kubernetes-map-type";
    const struct val *how = val_get(items, str_from_cstr(name));
    bool bad = str_is(type, "array") ? how && !str_is(val_str(how), "atomic")
                                     : !str_is(val_str(how), "atomic");

    if ((str_is(type, "array") || str_is(type, "object")) && bad)
        check_invalid(c, at_field(c, at_field(c, at, "items"), name),
                      val_get(items, STR("x-kubernetes-list-type"))
                          ? val_get(items, STR("x-kubernetes-list-type"))
                          : &val_null,
                      "must be atomic as item of a list with x-kubernetes-list-type=set");
}

/* "type: must be array if ..." or that it is missing. */
static void check_has_type(const struct check *c, struct str at, const struct val *node,
                           const char *words)
{
    if (is_typed(node))
        check_invalid(c, at_field(c, at, "type"), val_get(node, STR("type")), words);
    else
        check_required(c, at_field(c, at, "type"), words);
}

static void check_list_type(const struct check *c, struct str at, const struct val *node)
{
    const struct val *type = val_get(node, STR("x-kubernetes-list-type"));
    struct str place = at_field(c, at, "x-kubernetes-list-type");
    const char *keyed = "must be map if x-kubernetes-list-map-keys is non-empty";

    if (type && !str_is(val_get_str(node, "type"), "array"))
        check_has_type(c, at, node, "must be array if x-kubernetes-list-type is specified");
    else if (str_is(val_str(type), "set"))
        check_set_items(c, at, val_get(node, STR("items")));
    if (type)
        (void)check_one_of(c, place, type, "atomic,set,map");
    if (val_count(val_get(node, STR("x-kubernetes-list-map-keys")))) {
        if (!type)
            check_required(c, place, keyed);
        else if (!str_is(val_str(type), "map"))
            check_invalid(c, place, type, keyed);
    }
    if (str_is(val_str(type), "map"))
        check_keys(c, at, node);
    if (str_is(val_str(type), "map") || str_is(val_str(type), "set"))
        check_key_values(c, at, node);
}

static void check_extensions(const struct check *c, struct str at, const struct val *node)
{
    const struct val *keep = val_get(node, STR("x-kubernetes-preserve-unknown-fields"));
    const struct val *map = val_get(node, STR("x-kubernetes-map-type"));

    if (flag(node, "uniqueItems"))
        check_forbidden(c, at_field(c, at, "uniqueItems"),
                        "uniqueItems cannot be set to true since the runtime complexity becomes "
                        "quadratic");
    if (val_is(keep, VAL_BOOL) && !keep->boolean)
        check_invalid(c, at_field(c, at, "x-kubernetes-preserve-unknown-fields"), keep,
                      "must be true or undefined");
    if (map && !str_is(val_get_str(node, "type"), "object"))
        check_has_type(c, at, node, "must be object if x-kubernetes-map-type is specified");
    if (map)
        (void)check_one_of(c, at_field(c, at, "x-kubernetes-map-type"), map, "atomic,granular");
    check_list_type(c, at, node);
}

/* ---- types ---- */

static void check_type(const struct check *c, struct str at, const struct val *node,
                       enum level level)
{
    bool embedded = flag(node, "x-kubernetes-embedded-resource");
    const char *missing = level == AT_ROOT   ? "must not be empty at the root"
                          : level == AT_ITEM ? "must not be empty for specified array items"
                                             : "must not be empty for specified object fields";

    if (embedded && !str_is(val_get_str(node, "type"), "object"))
        check_has_type(c, at, node, "must be object if x-kubernetes-embedded-resource is true");
    else if (!is_typed(node) && !flag(node, "x-kubernetes-int-or-string") &&
             !flag(node, "x-kubernetes-preserve-unknown-fields"))
        check_required(c, at_field(c, at, "type"), missing);
    else if (is_typed(node) && level == AT_ROOT && !str_is(val_get_str(node, "type"), "object"))
        check_invalid(c, at_field(c, at, "type"), val_get(node, STR("type")),
                      "must be object at the root");
    else if (is_typed(node))
        (void)check_one_of(c, at_field(c, at, "type"), val_get(node, STR("type")),
                           "array,boolean,integer,number,object,string");
    if (embedded && !flag(node, "x-kubernetes-preserve-unknown-fields") &&
        !val_count(val_get(node, STR("properties"))))
        check_required(c, at_field(c, at, "properties"),
                       "must not be empty if x-kubernetes-embedded-resource is true without "
                       "x-kubernetes-preserve-unknown-fields");
}

/* Only restrictions of name and generateName. */
static void check_metadata(const struct check *c, struct str at, const struct val *node)
{
    const struct val *properties = val_get(node, STR("properties"));
    bool free = true;

    for (size_t i = 0; i < val_count(properties) && free; i++)
        free = str_is(properties->fields[i].key, "name") ||
               str_is(properties->fields[i].key, "generateName");
    for (size_t i = 0; i < val_count(node) && free; i++)
        free = str_is(node->fields[i].key, "type") || str_is(node->fields[i].key, "properties");
    if (!free)
        check_forbidden(c, at,
                        "must not specify anything other than name and generateName, but metadata "
                        "is implicitly specified");
}

/* ---- defaults ---- */

static void check_default(const struct check *c, struct str at, const struct val *node)
{
    const struct val *v = val_get(node, STR("default"));
    struct crd_version alone = { .schema = node };
    struct field_errors errs = { 0 };

    if (!v)
        return;
    if (!val_eq(crd_prune(c->arena, &alone, v, NULL), v)) {
        check_invalid(c, at_field(c, at, "default"), v, "must not have unknown fields");
        return;
    }
    crd_validate_object(c->arena, &alone, v, NULL, &errs);
    field_errors_below(c->arena, c->errs, at_field(c, at, "default"), &errs);
}

/* ---- nodes ---- */

static bool check_banned(const struct check *c, struct str at, const struct val *node)
{
    static const char *const fields[] = { "definitions", "dependencies", "patternProperties",
                                          "id" };
    bool good = true;

    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        if (val_get(node, str_from_cstr(fields[i]))) {
            check_forbidden(c, at_field(c, at, fields[i]), "is not supported");
            good = false;
        }
    if (val_get(node, STR("$ref"))) {
        check_forbidden(c, at_field(c, at, "$ref"), "$ref is not supported");
        good = false;
    }
    return good;
}

static void check_node(const struct check *c, struct str at, const struct val *node, unsigned depth,
                       enum level level);

static void check_children(const struct check *c, struct str at, const struct val *node,
                           unsigned depth, enum level level)
{
    const struct val *properties = val_get(node, STR("properties"));
    const struct val *additional = val_get(node, STR("additionalProperties"));
    const struct val *items = val_get(node, STR("items"));

    if (val_count(properties) && additional)
        check_forbidden(c, at_field(c, at, "additionalProperties"),
                        "additionalProperties and properties are mutual exclusive");
    if (additional && level == AT_ROOT)
        check_forbidden(c, at_field(c, at, "additionalProperties"), "must not be used at the root");
    for (size_t i = 0; i < val_count(properties); i++) {
        struct str place = at_key(c, at_field(c, at, "properties"), properties->fields[i].key);

        if (level == AT_ROOT && str_is(properties->fields[i].key, "metadata"))
            check_metadata(c, place, properties->fields[i].value);
        else
            check_node(c, place, properties->fields[i].value, depth + 1, AT_FIELD);
    }
    if (val_is(additional, VAL_MAP))
        check_node(c, at_field(c, at, "additionalProperties"), additional, depth + 1, AT_FIELD);
    if (str_is(val_get_str(node, "type"), "array") && !items)
        check_required(c, at_field(c, at, "items"), "must be specified");
    if (val_is(items, VAL_SEQ))
        check_forbidden(c, at_field(c, at, "items"),
                        "items must be a schema object and not an array");
    else if (items)
        check_node(c, at_field(c, at, "items"), items, depth + 1, AT_ITEM);
}

static void check_node(const struct check *c, struct str at, const struct val *node, unsigned depth,
                       enum level level)
{
    if (depth > LIMIT_TREE_DEPTH || !check_banned(c, at, node))
        return;
    check_extensions(c, at, node);
    check_children(c, at, node, depth, level);
    check_type(c, at, node, level);
    check_values(c, at, node, depth);
    check_default(c, at, node);
}

void crd_schema_validate(const struct check *c, struct str field, const struct val *schema)
{
    check_node(c, field, schema, 0, AT_ROOT);
}
