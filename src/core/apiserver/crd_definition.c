/* SPDX-License-Identifier: Apache-2.0 */
/* Is a CustomResourceDefinition valid? Names and versions here, schemas in crd_schema.c. */
#include "core/apiserver/checks.h"
#include "core/apiserver/crd.h"
#include "core/apiserver/crd_schema.h"

#define COLUMN_FORMATS STR("byte,date,date-time,double,float,int32,int64,password")

/* "a,b,c" */
static bool str_list_has(struct str list, struct str text)
{
    struct str item;

    while (str_cut(&list, ',', &item))
        if (str_eq(item, text))
            return true;
    return false;
}

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

static void check_group(const struct check *c, const struct val *crd, bool fresh)
{
    const struct val *names = val_at(crd, "spec.names");
    struct str group = val_at_str(crd, "spec.group");
    struct str want = str_printf(c->arena, "%.*s.%.*s", STR_ARG(val_get_str(names, "plural")),
                                 STR_ARG(group));
    const struct val *scope = val_at(crd, "spec.scope");

    if (fresh && !str_eq(val_at_str(crd, "metadata.name"), want))
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
    const struct val *categories = val_get(names, STR("categories"));

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
    for (size_t i = 0; i < val_count(categories); i++)
        (void)check_dns1035_label(c, at_index(c, STR("spec.names.categories"), i),
                                  val_str(categories->items[i]));
}

/* Kubernetes speaks of what all versions share as the definition's own. */
static bool is_shared(const struct val *versions, const char *name)
{
    for (size_t i = 1; i < val_count(versions); i++) {
        const struct val *x = val_get(versions->items[i], str_from_cstr(name));
        const struct val *y = val_get(versions->items[0], str_from_cstr(name));

        if ((x || y) && (!x || !y || !val_eq(x, y)))
            return false;
    }
    return true;
}

static void check_path(const struct check *c, struct str at, struct str path)
{
    if (!path.len)
        check_required(c, at, "");
    else if (path.ptr[0] != '.')
        check_invalid_text(c, at, path, STR("must be a simple json path starting with ."));
}

static void check_columns(const struct check *c, struct str at, const struct val *columns)
{
    for (size_t i = 0; i < val_count(columns); i++) {
        struct str place = at_index(c, at_field(c, at, "additionalPrinterColumns"), i);
        const struct val *column = columns->items[i];
        struct str type = val_get_str(column, "type");
        struct str format = val_get_str(column, "format");

        if (!val_get_str(column, "name").len)
            check_required(c, at_field(c, place, "name"), "");
        if (!type.len)
            check_required(c, at_field(c, place, "type"),
                           "must be one of boolean,date,integer,number,string");
        else if (!str_list_has(STR("boolean,date,integer,number,string"), type))
            check_invalid_text(c, at_field(c, place, "type"), type,
                               STR("must be one of boolean,date,integer,number,string"));
        if (format.len && !str_list_has(COLUMN_FORMATS, format))
            check_invalid_text(c, at_field(c, place, "format"), format,
                               str_concat(c->arena, STR("must be one of "), COLUMN_FORMATS));
        check_path(c, at_field(c, place, "JSONPath"), val_get_str(column, "jsonPath"));
    }
}

static void check_replicas(const struct check *c, struct str at, struct str path, const char *root)
{
    check_path(c, at, path);
    if (path.len && path.ptr[0] == '.' && !str_has_prefix(path, str_printf(c->arena, ".%s.", root)))
        check_invalid_text(c, at, path,
                           str_printf(c->arena, "should be a json path under .%s", root));
}

static void check_scale(const struct check *c, struct str at, const struct val *scale)
{
    struct str labels = val_get_str(scale, "labelSelectorPath");
    struct str place = at_field(c, at, "labelSelectorPath");

    if (!scale)
        return;
    check_replicas(c, at_field(c, at, "specReplicasPath"), val_get_str(scale, "specReplicasPath"),
                   "spec");
    check_replicas(c, at_field(c, at, "statusReplicasPath"),
                   val_get_str(scale, "statusReplicasPath"), "status");
    if (labels.len)
        check_path(c, place, labels);
    if (str_has_prefix(labels, STR(".")) && !str_has_prefix(labels, STR(".spec.")) &&
        !str_has_prefix(labels, STR(".status.")))
        check_invalid_text(c, place, labels,
                           STR("should be a json path under either .spec or .status"));
}

static void check_version(const struct check *c, const struct val *versions, size_t index)
{
    const struct val *version = versions->items[index];
    const struct val *schema = val_at(version, "schema.openAPIV3Schema");
    struct str at = at_index(c, STR("spec.versions"), index);
    bool shared = is_shared(versions, "schema");
    bool shown = !shared || !index;
    struct str spec = STR("spec");

    if (!schema)
        check_required(c, at_field(c, at, "schema.openAPIV3Schema"), "");
    else if (shown)
        crd_schema_validate(c,
                            shared ? STR("spec.validation.openAPIV3Schema")
                                   : at_field(c, at, "schema.openAPIV3Schema"),
                            schema);
    if (!is_shared(versions, "subresources") || !index)
        check_scale(
            c, at_field(c, is_shared(versions, "subresources") ? spec : at, "subresources.scale"),
            val_at(version, "subresources.scale"));
    if (!is_shared(versions, "additionalPrinterColumns") || !index)
        check_columns(c, is_shared(versions, "additionalPrinterColumns") ? spec : at,
                      val_get(version, STR("additionalPrinterColumns")));
}

static void check_conversion(const struct check *c, const struct val *conversion)
{
    const struct val *strategy = val_get(conversion, STR("strategy"));
    const struct val *client = val_at(conversion, "webhook.clientConfig");
    const struct val *reviews = val_at(conversion, "webhook.conversionReviewVersions");
    struct str client_at = STR("spec.conversion.webhookClientConfig");
    struct str reviews_at = STR("spec.conversion.conversionReviewVersions");

    if (!strategy)
        return;
    (void)check_one_of(c, STR("spec.conversion.strategy"), strategy, "None,Webhook");
    if (str_is(val_str(strategy), "Webhook")) {
        if (!client)
            check_required(c, client_at, "required when strategy is set to Webhook");
        else if (!val_get(client, STR("url")) == !val_get(client, STR("service")))
            check_required(c, client_at, "exactly one of url or service is required");
        if (!val_count(reviews))
            check_required(c, reviews_at, "");
        return;
    }
    if (client)
        check_forbidden(c, client_at, "should not be set when strategy is not set to Webhook");
    if (val_count(reviews))
        check_forbidden(c, reviews_at, "should not be set when strategy is not set to Webhook");
}

static void check_versions(const struct check *c, const struct val *crd)
{
    const struct val *versions = val_at(crd, "spec.versions");
    size_t stored = 0;
    bool unique = true;

    for (size_t i = 0; i < val_count(versions); i++) {
        struct str name = val_get_str(versions->items[i], "name");

        stored += val_at_bool(versions->items[i], "storage", false);
        for (size_t j = 0; j < i; j++)
            unique = unique && !str_eq(val_get_str(versions->items[j], "name"), name);
        (void)check_dns1035_label(c, at_field(c, at_index(c, STR("spec.versions"), i), "name"),
                                  name);
        check_version(c, versions, i);
    }
    if (val_count(versions))
        (void)check_dns1035_label(c, STR("spec.version"), val_get_str(versions->items[0], "name"));
    if (!unique)
        check_invalid(c, STR("spec.versions"), versions, "must contain unique version names");
    if (stored != 1)
        check_invalid(c, STR("spec.versions"), versions ? versions : &val_empty_seq,
                      "must have exactly one version marked as storage version");
    if (val_at_bool(crd, "spec.preserveUnknownFields", false))
        check_invalid(c, STR("spec.preserveUnknownFields"), val_bool(true),
                      "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in "
                      "spec.versions[*].schema instead");
}

static bool has_version(const struct val *versions, struct str name)
{
    for (size_t i = 0; i < val_count(versions); i++)
        if (str_eq(val_get_str(versions->items[i], "name"), name))
            return true;
    return false;
}

static void check_stored_versions(const struct check *c, const struct val *crd)
{
    const struct val *stored = val_at(crd, "status.storedVersions");
    const struct val *versions = val_at(crd, "spec.versions");
    struct str at = STR("status.storedVersions");

    if (!val_count(stored))
        check_invalid(c, at, stored ? stored : &val_null, "must have at least one stored version");
    for (size_t i = 0; i < val_count(versions) && val_count(stored); i++) {
        struct str name = val_get_str(versions->items[i], "name");
        bool known = !val_at_bool(versions->items[i], "storage", false);

        for (size_t j = 0; j < stored->count && !known; j++)
            known = str_eq(val_str(stored->items[j]), name);
        if (!known)
            check_invalid(
                c, at, stored,
                str_cstr(c->arena,
                         str_concat(c->arena, STR("must have the storage version "), name)));
    }
    for (size_t i = 0; i < val_count(stored); i++) {
        struct str name = val_str(stored->items[i]);

        if (!has_version(versions, name))
            check_invalid_text(
                c, at_index(c, at, i), name,
                str_printf(c->arena,
                           "missing from spec.versions; %.*s was previously a storage version, and "
                           "must remain in spec.versions until a storage migration ensures no data "
                           "remains persisted in %.*s and removes %.*s from status.storedVersions",
                           STR_ARG(name), STR_ARG(name), STR_ARG(name)));
    }
}

void crd_validate(struct arena *a, const struct val *crd, const struct val *old,
                  struct field_errors *errs)
{
    static const char *const fixed[] = { "spec.group", "spec.scope", "spec.names.kind",
                                         "spec.names.plural" };
    struct check c = { a, errs };

    check_group(&c, crd, !old);
    check_versions(&c, crd);
    check_names(&c, crd);
    check_conversion(&c, val_at(crd, "spec.conversion"));
    check_stored_versions(&c, crd);
    if (!old || !crd_is_established(old))
        return;
    for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++)
        (void)check_immutable(&c, str_from_cstr(fixed[i]), val_at(crd, fixed[i]),
                              val_at(old, fixed[i]));
}
