/* SPDX-License-Identifier: Apache-2.0 */
/* Is a CustomResourceDefinition valid? Names and versions here, schemas in crd_schema.c. */
#include "core/apiserver/checks.h"
#include "core/apiserver/crd.h"
#include "core/apiserver/crd_schema.h"

static void check_name(const struct check *c, const char *field, struct str name, bool lower)
{
    struct str at = at_field(c, STR("spec.names"), field);

    if (!name.len)
        check_required(c, at, "");
    else if (lower)
        (void)check_dns1035_label(c, at, name);
    else {
        size_t before = c->errs->count;

        (void)check_dns1035_label(c, at, str_lower(c->arena, name));
        /* The message speaks of the name as it was given. */
        for (size_t i = before; i < c->errs->count; i++)
            c->errs->items[i].message = str_printf(
                c->arena,
                "Invalid value: \"%.*s\": may have mixed case, but should otherwise match: %.*s",
                STR_ARG(name),
                STR_ARG(str_skip(c->errs->items[i].message,
                                 sizeof "Invalid value: \"\": " - 1 + name.len)));
    }
}

static void check_group(const struct check *c, const struct val *crd)
{
    const struct val *names = val_at(crd, "spec.names");
    struct str group = val_at_str(crd, "spec.group");
    struct str want = str_printf(c->arena, "%.*s.%.*s", STR_ARG(val_get_str(names, "plural")),
                                 STR_ARG(group));
    const struct val *scope = val_at(crd, "spec.scope");

    if (!str_eq(val_at_str(crd, "metadata.name"), want))
        check_invalid(c, STR("metadata.name"), val_at(crd, "metadata.name"),
                      "must be spec.names.plural+\".\"+spec.group");
    if (!group.len)
        check_required(c, STR("spec.group"), "");
    else if (check_dns_subdomain(c, STR("spec.group"), group) &&
             str_find_byte(group, '.', 0) == SIZE_MAX)
        check_invalid_text(c, STR("spec.group"), group,
                           STR("should be a domain with at least one dot"));
    if (!val_str(scope).len)
        check_required(c, STR("spec.scope"), "");
    else
        (void)check_one_of(c, STR("spec.scope"), scope, "Cluster,Namespaced");
}

static void check_names(const struct check *c, const struct val *crd)
{
    const struct val *names = val_at(crd, "spec.names");
    const struct val *shorts = val_get(names, STR("shortNames"));

    check_name(c, "plural", val_get_str(names, "plural"), true);
    check_name(c, "singular", val_get_str(names, "singular"), true);
    check_name(c, "kind", val_get_str(names, "kind"), false);
    check_name(c, "listKind", val_get_str(names, "listKind"), false);
    for (size_t i = 0; i < val_count(shorts); i++)
        (void)check_dns1035_label(c, at_index(c, STR("spec.names.shortNames"), i),
                                  val_str(shorts->items[i]));
    if (val_get_str(names, "kind").len &&
        str_eq(val_get_str(names, "kind"), val_get_str(names, "listKind")))
        check_invalid(c, STR("spec.names.listKind"), val_get(names, STR("listKind")),
                      "kind and listKind may not be the same");
}

static void check_columns(const struct check *c, struct str at, const struct val *columns)
{
    for (size_t i = 0; i < val_count(columns); i++) {
        struct str place = at_index(c, at_field(c, at, "additionalPrinterColumns"), i);
        const struct val *column = columns->items[i];

        if (!val_get_str(column, "name").len)
            check_required(c, at_field(c, place, "name"), "");
        if (!val_get_str(column, "type").len)
            check_required(c, at_field(c, place, "type"),
                           "must be one of boolean,date,integer,number,string");
        else
            (void)check_one_of(c, at_field(c, place, "type"), val_get(column, STR("type")),
                               "boolean,date,integer,number,string");
        if (!val_get_str(column, "jsonPath").len)
            check_required(c, at_field(c, place, "jsonPath"), "");
    }
}

static void check_version(const struct check *c, struct str at, const struct val *version,
                          struct str schema_field)
{
    const struct val *schema = val_at(version, "schema.openAPIV3Schema");

    (void)check_dns1035_label(c, at_field(c, at, "name"), val_get_str(version, "name"));
    check_columns(c, at, val_get(version, STR("additionalPrinterColumns")));
    if (!schema)
        check_required(c, schema_field, "schemas are required");
    else
        crd_schema_validate(c, schema_field, schema);
}

/* One version: Kubernetes speaks of its schema as the definition's. */
static struct str schema_place(const struct check *c, const struct val *versions, size_t index)
{
    bool same = true;

    for (size_t i = 1; i < val_count(versions) && same; i++) {
        const struct val *x = val_get(versions->items[i], STR("schema"));
        const struct val *y = val_get(versions->items[0], STR("schema"));

        same = x && y && val_eq(x, y);
    }
    if (same)
        return STR("spec.validation.openAPIV3Schema");
    return at_field(c, at_index(c, STR("spec.versions"), index), "schema.openAPIV3Schema");
}

static void check_versions(const struct check *c, const struct val *crd)
{
    const struct val *versions = val_at(crd, "spec.versions");
    size_t stored = 0;

    for (size_t i = 0; i < val_count(versions); i++) {
        struct str name = val_get_str(versions->items[i], "name");
        struct str at = at_index(c, STR("spec.versions"), i);

        stored += val_at_bool(versions->items[i], "storage", false);
        for (size_t j = 0; j < i; j++)
            if (str_eq(val_get_str(versions->items[j], "name"), name)) {
                check_invalid(c, STR("spec.versions"), versions,
                              "must contain unique version names");
                break;
            }
        check_version(c, at, versions->items[i], schema_place(c, versions, i));
    }
    if (stored != 1)
        check_invalid(c, STR("spec.versions"), versions ? versions : &val_empty_seq,
                      "must have exactly one version marked as storage version");
}

static void check_stored_versions(const struct check *c, const struct val *crd)
{
    const struct val *stored = val_at(crd, "status.storedVersions");
    const struct val *versions = val_at(crd, "spec.versions");

    if (!val_count(stored)) {
        check_invalid(c, STR("status.storedVersions"), stored ? stored : &val_null,
                      "must have at least one stored version");
        return;
    }
    for (size_t i = 0; i < stored->count; i++) {
        bool known = false;

        for (size_t j = 0; j < val_count(versions) && !known; j++)
            known = str_eq(val_get_str(versions->items[j], "name"), val_str(stored->items[i]));
        if (!known)
            check_invalid(c, at_index(c, STR("status.storedVersions"), i), stored->items[i],
                          "missing from spec.versions; ... was previously a storage version, and "
                          "must remain in spec.versions until a storage migration ensures no data "
                          "remains persisted in ... and removes ... from status.storedVersions");
    }
}

void crd_validate(struct arena *a, const struct val *crd, const struct val *old,
                  struct field_errors *errs)
{
    static const char *const fixed[] = { "spec.group", "spec.scope", "spec.names.kind",
                                         "spec.names.plural" };
    struct check c = { a, errs };

    check_group(&c, crd);
    check_versions(&c, crd);
    check_names(&c, crd);
    check_stored_versions(&c, crd);
    if (!old || !crd_is_established(old))
        return;
    for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++)
        (void)check_immutable(&c, str_from_cstr(fixed[i]), val_at(crd, fixed[i]),
                              val_at(old, fixed[i]));
}
