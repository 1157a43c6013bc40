/* SPDX-License-Identifier: Apache-2.0 */
/* Content types and Accept headers. */
#include "core/apiserver/decode.h"

static struct str media_name(struct str content_type)
{
    struct str head = content_type;

    (void)str_cut(&content_type, ';', &head);
    return str_trim(head);
}

enum media_type media_type_parse(struct str content_type)
{
    static const struct {
        struct str name;
        enum media_type type;
    } known[] = {
        { STR_INIT("application/json"), MEDIA_JSON },
        { STR_INIT("application/yaml"), MEDIA_YAML },
        { STR_INIT("application/vnd.kubernetes.protobuf"), MEDIA_PROTOBUF },
        { STR_INIT("application/json-patch+json"), MEDIA_JSON_PATCH },
        { STR_INIT("application/merge-patch+json"), MEDIA_MERGE_PATCH },
        { STR_INIT("application/strategic-merge-patch+json"), MEDIA_STRATEGIC_PATCH },
        { STR_INIT("application/apply-patch+yaml"), MEDIA_APPLY_YAML },
        { STR_INIT("application/apply-patch+cbor"), MEDIA_APPLY_CBOR },
    };
    struct str name = media_name(content_type);

    if (!name.len)
        return MEDIA_NONE;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (str_eq_nocase(name, known[i].name))
            return known[i].type;
    return MEDIA_OTHER;
}

/* One clause of an Accept header with its parameters. */
struct clause {
    struct str name;
    struct str as;
    struct str group;
    struct str version;
    bool pretty;
};

static struct clause clause_parse(struct str text)
{
    struct clause c = { .name = media_name(text) };
    struct str part;

    for (struct str rest = text; str_cut(&rest, ';', &part);) {
        struct str value = part;
        struct str key;

        (void)str_cut(&value, '=', &key);
        key = str_trim(key);
        value = str_trim(value);
        if (str_is(key, "as"))
            c.as = value;
        else if (str_is(key, "g"))
            c.group = value;
        else if (str_is(key, "v"))
            c.version = value;
        else if (str_is(key, "pretty"))
            c.pretty = str_is(value, "1") || str_is(value, "true");
    }
    return c;
}

static bool clause_known(const struct clause *c)
{
    enum media_type type = media_type_parse(c->name);

    return type == MEDIA_JSON || type == MEDIA_YAML || str_is(c->name, "*/*") ||
           str_is(c->name, "application/*");
}

static bool clause_accept(const struct clause *c, struct accept *ret)
{
    bool meta = str_is(c->group, "meta.k8s.io") &&
                (str_is(c->version, "v1") || str_is(c->version, "v1beta1"));

    *ret = (struct accept){ .format = OUTPUT_JSON, .pretty = c->pretty };
    ret->yaml = media_type_parse(c->name) == MEDIA_YAML;
    if (!clause_known(c))
        return false;
    if (!c->as.len) {
        ret->format = ret->yaml ? OUTPUT_YAML : OUTPUT_JSON;
        return true;
    }
    if (str_is(c->as, "APIGroupDiscoveryList") && str_is(c->group, "apidiscovery.k8s.io") &&
        (str_is(c->version, "v2") || str_is(c->version, "v2beta1"))) {
        ret->aggregated = true;
        ret->aggregated_version = c->version;
        return true;
    }
    ret->as_version = c->version;
    if (meta && str_is(c->as, "Table")) {
        ret->format = OUTPUT_TABLE;
        return true;
    }
    ret->format = OUTPUT_PARTIAL;
    return meta &&
           (str_is(c->as, "PartialObjectMetadata") || str_is(c->as, "PartialObjectMetadataList"));
}

struct err *accept_parse(struct arena *a, struct str header, struct accept *ret)
{
    struct str text;
    bool known = false;

    *ret = (struct accept){ .format = OUTPUT_JSON };
    if (!str_trim(header).len)
        return NULL;
    for (struct str rest = header; str_cut(&rest, ',', &text);) {
        struct clause c = clause_parse(text);

        if (clause_accept(&c, ret))
            return NULL;
        known = known || clause_known(&c);
    }
    return status_not_acceptable(a, known,
                                 STR("application/json, application/yaml, "
                                     "application/vnd.kubernetes.protobuf"));
}

struct err *patch_type_of(struct arena *a, const struct api_resource *r, enum media_type media,
                          struct str content_type, enum patch_type *ret)
{
    (void)content_type;
    if (media == MEDIA_JSON_PATCH) {
        *ret = PATCH_JSON;
    } else if (media == MEDIA_MERGE_PATCH) {
        *ret = PATCH_MERGE;
    } else if (media == MEDIA_STRATEGIC_PATCH && !r->crd) {
        *ret = PATCH_STRATEGIC;
    } else if (media == MEDIA_APPLY_YAML) {
        *ret = PATCH_APPLY;
    } else {
        return status_unsupported_media_type(
            a, !r->crd,
            r->crd ? STR("application/json-patch+json, application/merge-patch+json, "
                         "application/apply-patch+yaml")
                   : STR("application/json-patch+json, application/merge-patch+json, "
                         "application/strategic-merge-patch+json, application/apply-patch+yaml"));
    }
    return NULL;
}

struct err *field_validation_parse(struct arena *a, struct str text, struct str options_kind,
                                   enum field_validation *ret)
{
    struct gvk gvk = { STR("meta.k8s.io"), STR("v1"), options_kind };
    struct field_errors errs = { 0 };

    if (!text.len || str_is(text, "Warn")) {
        *ret = FIELD_VALIDATION_WARN;
    } else if (str_is(text, "Ignore")) {
        *ret = FIELD_VALIDATION_IGNORE;
    } else if (str_is(text, "Strict")) {
        *ret = FIELD_VALIDATION_STRICT;
    } else {
        field_error_add(a, &errs, FIELD_NOT_SUPPORTED, STR("fieldValidation"), val_string(a, text),
                        STR("supported values: \"\", \"Ignore\", \"Strict\", \"Warn\""));
        return status_invalid(a, &gvk, STR(""), &errs);
    }
    return NULL;
}
