/* SPDX-License-Identifier: Apache-2.0 */
#include "core/apiserver/crd_schema.h"

#include "base/limits.h"
#include "foreign/regex.h"

static void check_node(const struct check *c, struct str at, const struct val *node, unsigned depth,
                       bool root);

static bool is_typed(const struct val *node)
{
    return val_get_str(node, "type").len > 0;
}

static bool is_open(const struct val *node)
{
    return val_at_bool(node, "x-kubernetes-int-or-string", false) ||
           val_at_bool(node, "x-kubernetes-preserve-unknown-fields", false);
}

static void check_type(const struct check *c, struct str at, const struct val *node, bool root)
{
    struct str type = val_get_str(node, "type");

    if (!type.len) {
        if (root)
            check_required(c, at_field(c, at, "type"), "must not be empty at the root");
        else if (!is_open(node))
            check_required(c, at_field(c, at, "type"),
                           "must not be empty for specified object fields");
        return;
    }
    if (root && !str_is(type, "object"))
        check_invalid_text(c, at_field(c, at, "type"), type, STR("must be object at the root"));
    else
        (void)check_one_of(c, at_field(c, at, "type"), val_get(node, STR("type")),
                           "array,boolean,integer,number,object,string");
}

static void check_list(const struct check *c, struct str at, const struct val *node)
{
    struct str type = val_get_str(node, "x-kubernetes-list-type");
    const struct val *keys = val_get(node, STR("x-kubernetes-list-map-keys"));
    const struct val *items = val_get(node, STR("items"));

    if (type.len)
        (void)check_one_of(c, at_field(c, at, "x-kubernetes-list-type"),
                           val_get(node, STR("x-kubernetes-list-type")), "atomic,map,set");
    if (type.len && !str_is(val_get_str(node, "type"), "array"))
        check_invalid_text(c, at_field(c, at, "type"), val_get_str(node, "type"),
                           STR("must be array if x-kubernetes-list-type is specified"));
    if (val_count(keys) && !str_is(type, "map"))
        check_invalid_text(c, at_field(c, at, "x-kubernetes-list-type"), type,
                           STR("must be map if x-kubernetes-list-map-keys is non-empty"));
    if (!str_is(type, "map"))
        return;
    if (!val_count(keys))
        check_required(c, at_field(c, at, "x-kubernetes-list-map-keys"),
                       "must not be empty if x-kubernetes-list-type is map");
    for (size_t i = 0; i < val_count(keys); i++)
        if (!val_get(val_get(items, STR("properties")), val_str(keys->items[i])))
            check_invalid(c, at_index(c, at_field(c, at, "x-kubernetes-list-map-keys"), i),
                          keys->items[i], "entries must all be names of item properties");
}

static void check_children(const struct check *c, struct str at, const struct val *node,
                           unsigned depth, bool root)
{
    const struct val *properties = val_get(node, STR("properties"));
    const struct val *additional = val_get(node, STR("additionalProperties"));
    const struct val *items = val_get(node, STR("items"));

    if (val_count(properties) && additional)
        check_forbidden(c, at_field(c, at, "additionalProperties"),
                        "additionalProperties and properties are mutual exclusive");
    for (size_t i = 0; i < val_count(properties); i++) {
        /* metadata may only restrict name and generateName, which is left to reviewers. */
        if (root && str_is(properties->fields[i].key, "metadata"))
            continue;
        check_node(c, at_key(c, at_field(c, at, "properties"), properties->fields[i].key),
                   properties->fields[i].value, depth + 1, false);
    }
    if (val_is(additional, VAL_MAP))
        check_node(c, at_field(c, at, "additionalProperties"), additional, depth + 1, false);
    if (str_is(val_get_str(node, "type"), "array") && !items)
        check_required(c, at_field(c, at, "items"), "must be specified");
    if (val_is(items, VAL_SEQ))
        check_forbidden(c, at_field(c, at, "items"),
                        "items must be a schema object and not an array");
    else if (items)
        check_node(c, at_field(c, at, "items"), items, depth + 1, false);
}

/* Structure belongs outside of logical combinations. */
static void check_logic(const struct check *c, struct str at, const struct val *node)
{
    static const char *const lists[] = { "allOf", "anyOf", "oneOf" };
    static const struct str banned[] = { STR_INIT("description"), STR_INIT("type"),
                                         STR_INIT("default"), STR_INIT("title"),
                                         STR_INIT("nullable") };

    if (val_at_bool(node, "x-kubernetes-int-or-string", false))
        return;
    for (size_t l = 0; l < 3; l++) {
        const struct val *list = val_get(node, str_from_cstr(lists[l]));

        for (size_t i = 0; i < val_count(list); i++)
            for (size_t b = 0; b < sizeof banned / sizeof banned[0]; b++)
                if (val_get(list->items[i], banned[b]))
                    check_forbidden(c,
                                    str_printf(c->arena, "%.*s.%s[%zu].%.*s", STR_ARG(at), lists[l],
                                               i, STR_ARG(banned[b])),
                                    "must be empty to be structural");
    }
}

static void check_banned(const struct check *c, struct str at, const struct val *node)
{
    static const char *const fields[] = { "$ref", "definitions", "dependencies",
                                          "patternProperties", "id" };

    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        if (val_get(node, str_from_cstr(fields[i])))
            check_forbidden(c, at_field(c, at, fields[i]), "is not supported");
    if (val_at_bool(node, "uniqueItems", false))
        check_forbidden(c, at_field(c, at, "uniqueItems"),
                        "uniqueItems cannot be set to true since the runtime complexity becomes "
                        "quadratic");
}

static void check_node(const struct check *c, struct str at, const struct val *node, unsigned depth,
                       bool root)
{
    struct str pattern = val_get_str(node, "pattern");
    struct regex *re;
    struct err *e;

    if (depth > LIMIT_TREE_DEPTH)
        return;
    check_banned(c, at, node);
    check_type(c, at, node, root);
    check_list(c, at, node);
    check_children(c, at, node, depth, root);
    check_logic(c, at, node);
    if (pattern.len && TRY(&e, regex_compile(c->arena, pattern, &re)))
        check_invalid_text(c, at_field(c, at, "pattern"), pattern,
                           str_printf(c->arena,
                                      "must be a valid regular expression, but isn't: "
                                      "%.*s",
                                      STR_ARG(err_line(c->arena, e))));
    if (val_at_bool(node, "x-kubernetes-embedded-resource", false) && is_typed(node) &&
        !str_is(val_get_str(node, "type"), "object"))
        check_invalid_text(c, at_field(c, at, "type"), val_get_str(node, "type"),
                           STR("must be object if x-kubernetes-embedded-resource is true"));
}

void crd_schema_validate(const struct check *c, struct str field, const struct val *schema)
{
    check_node(c, field, schema, 0, true);
}
