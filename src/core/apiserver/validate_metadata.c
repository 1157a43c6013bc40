/* SPDX-License-Identifier: Apache-2.0 */
#include "base/limits.h"
#include "core/apiserver/validate.h"

/* How a kind names its objects. */
enum name_rule { NAME_SUBDOMAIN, NAME_LABEL, NAME_LABEL_1035, NAME_PATH };

static enum name_rule name_rule_of(const struct api_resource *r)
{
    if (str_is(r->gvk.group, "rbac.authorization.k8s.io") || str_is(r->gvk.group, "policy") ||
        str_is(r->gvk.kind, "Event"))
        return NAME_PATH;
    if (str_is(r->gvk.group, "apps") && str_is(r->plural, "statefulsets"))
        return NAME_LABEL;
    if (r->gvk.group.len)
        return NAME_SUBDOMAIN;
    if (str_is(r->plural, "namespaces"))
        return NAME_LABEL;
    return str_is(r->plural, "services") ? NAME_LABEL_1035 : NAME_SUBDOMAIN;
}

static void check_name(const struct check *c, enum name_rule rule, struct str field,
                       struct str name)
{
    switch (rule) {
    case NAME_SUBDOMAIN:
        (void)check_dns_subdomain(c, field, name);
        break;
    case NAME_LABEL:
        (void)check_dns_label(c, field, name);
        break;
    case NAME_LABEL_1035:
        (void)check_dns1035_label(c, field, name);
        break;
    case NAME_PATH:
        (void)check_path_segment(c, field, name);
        break;
    }
}

/* A generateName may end where the random part begins. */
static struct str without_dashes(struct str s)
{
    while (s.len && s.ptr[s.len - 1] == '-')
        s.len--;
    return s;
}

static void check_annotations(const struct check *c, const struct val *annotations)
{
    struct str field = STR("metadata.annotations");
    size_t total = 0;

    for (size_t i = 0; i < val_count(annotations); i++) {
        struct str key = annotations->fields[i].key;
        size_t before = c->errs->count;

        total += key.len + val_str(annotations->fields[i].value).len;
        (void)check_qualified_name(c, field, str_lower(c->arena, key));
        /* Case does not matter, but the message shows the key as it was given. */
        for (size_t e = before; e < c->errs->count; e++) {
            struct str shown = c->errs->items[e].message;
            struct str quoted = field_value_format(c->arena, val_string(c->arena, key));

            c->errs->items[e].message = str_printf(
                c->arena, "Invalid value: %.*s%.*s", STR_ARG(quoted),
                STR_ARG(str_skip(shown, sizeof "Invalid value: " - 1 + quoted.len)));
        }
    }
    if (total > LIMIT_ANNOTATIONS_BYTES)
        check_too_long(c, field, (size_t)LIMIT_ANNOTATIONS_BYTES);
}

static void check_owners(const struct check *c, const struct val *owners)
{
    static const char *const required[] = { "kind", "name", "uid" };
    struct str field = STR("metadata.ownerReferences");
    struct str controller = STR("");

    for (size_t i = 0; i < val_count(owners); i++) {
        const struct val *o = owners->items[i];
        struct str group = STR("");
        struct str version = STR("");

        if (!api_version_parse(val_get_str(o, "apiVersion"), &group, &version) || !version.len)
            check_invalid_text(c, at_field(c, field, "apiVersion"), val_get_str(o, "apiVersion"),
                               STR("version must not be empty"));
        if (!group.len && str_is(version, "v1") && str_is(val_get_str(o, "kind"), "Event"))
            check_invalid(c, field, o, "/v1, Kind=Event is disallowed from being an owner");
        for (size_t j = 0; j < 3; j++)
            if (!val_get_str(o, required[j]).len)
                check_invalid_text(c, at_field(c, field, required[j]), STR(""),
                                   STR("must not be empty"));
        if (!val_at_bool(o, "controller", false))
            continue;
        if (controller.len)
            check_invalid(
                c, field, owners,
                str_cstr(c->arena, str_printf(c->arena,
                                              "Only one reference can have Controller set to true. "
                                              "Found \"true\" in references for %.*s and %.*s/%.*s",
                                              STR_ARG(controller), STR_ARG(val_get_str(o, "kind")),
                                              STR_ARG(val_get_str(o, "name")))));
        else
            controller = str_printf(c->arena, "%.*s/%.*s", STR_ARG(val_get_str(o, "kind")),
                                    STR_ARG(val_get_str(o, "name")));
    }
}

static void check_finalizers(const struct check *c, const struct val *finalizers)
{
    struct str field = STR("metadata.finalizers");
    bool orphan = false;
    bool foreground = false;

    for (size_t i = 0; i < val_count(finalizers); i++) {
        struct str name = val_str(finalizers->items[i]);

        (void)check_qualified_name(c, field, name);
        orphan = orphan || str_is(name, "orphan");
        foreground = foreground || str_is(name, "foregroundDeletion");
    }
    if (orphan && foreground)
        check_invalid(c, field, finalizers,
                      "finalizer orphan and foregroundDeletion cannot be both set");
}

void validate_finalizer_names(const struct check *c, const struct api_resource *r,
                              const struct val *object)
{
    const struct val *finalizers = val_at(object, "metadata.finalizers");

    static const struct str without[] = {
        STR_INIT("apiextensions.k8s.io"),
        STR_INIT("apiregistration.k8s.io"),
        STR_INIT("policy"),
        STR_INIT("coordination.k8s.io"),
        STR_INIT("node.k8s.io"),
        STR_INIT("admissionregistration.k8s.io"),
    };

    for (size_t i = 0; i < sizeof without / sizeof without[0]; i++)
        if (r->crd || str_eq(r->gvk.group, without[i]))
            return;
    for (size_t i = 0; i < val_count(finalizers); i++) {
        struct str name = val_str(finalizers->items[i]);

        if (!str_contains(name, STR("/")) && !str_is(name, "kubernetes") &&
            !str_is(name, "orphan") && !str_is(name, "foregroundDeletion"))
            check_invalid_text(
                c, at_index(c, STR("metadata.finalizers"), i), name,
                STR("name is neither a standard finalizer name nor is it fully qualified"));
    }
}

void validate_metadata(const struct check *c, const struct api_resource *r,
                       const struct val *object)
{
    const struct val *meta = val_get(object, STR("metadata"));
    enum name_rule rule = name_rule_of(r);
    struct str generate = val_get_str(meta, "generateName");
    struct str name = val_get_str(meta, "name");
    struct str ns = val_get_str(meta, "namespace");

    if (generate.len)
        check_name(c, rule, STR("metadata.generateName"), without_dashes(generate));
    if (!name.len)
        check_required(c, STR("metadata.name"), "name or generateName is required");
    else
        check_name(c, rule, STR("metadata.name"), name);
    if (r->namespaced && !ns.len)
        check_required(c, STR("metadata.namespace"), "");
    else if (r->namespaced)
        (void)check_dns_label(c, STR("metadata.namespace"), ns);
    else if (ns.len)
        check_forbidden(c, STR("metadata.namespace"), "not allowed on this type");
    (void)check_non_negative(c, STR("metadata.generation"), val_get(meta, STR("generation")));
    (void)check_labels(c, STR("metadata.labels"), val_get(meta, STR("labels")));
    check_annotations(c, val_get(meta, STR("annotations")));
    check_owners(c, val_get(meta, STR("ownerReferences")));
    check_finalizers(c, val_get(meta, STR("finalizers")));
}

static void check_new_finalizers(const struct check *c, const struct val *now,
                                 const struct val *before)
{
    struct str list = STR("");

    for (size_t i = 0; i < val_count(now); i++) {
        bool known = false;

        for (size_t j = 0; j < val_count(before) && !known; j++)
            known = val_eq(now->items[i], before->items[j]);
        if (!known)
            list = str_printf(c->arena, "%.*s%s\"%.*s\"", STR_ARG(list), list.len ? ", " : "",
                              STR_ARG(val_str(now->items[i])));
    }
    if (list.len)
        check_forbidden(
            c, STR("metadata.finalizers"),
            str_cstr(c->arena, str_printf(c->arena,
                                          "no new finalizers can be added if the object is being "
                                          "deleted, found new finalizers []string{%.*s}",
                                          STR_ARG(list))));
}

void validate_metadata_update(const struct check *c, const struct val *object,
                              const struct val *live)
{
    static const char *const fixed[] = { "name",
                                         "namespace",
                                         "uid",
                                         "creationTimestamp",
                                         "deletionTimestamp",
                                         "deletionGracePeriodSeconds" };
    const struct val *now = val_get(object, STR("metadata"));
    const struct val *before = val_get(live, STR("metadata"));

    if (val_get(before, STR("deletionTimestamp")))
        check_new_finalizers(c, val_get(now, STR("finalizers")),
                             val_get(before, STR("finalizers")));
    for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++)
        (void)check_immutable(c, at_field(c, STR("metadata"), fixed[i]),
                              val_get(now, str_from_cstr(fixed[i])),
                              val_get(before, str_from_cstr(fixed[i])));
    (void)check_labels(c, STR("metadata.labels"), val_get(now, STR("labels")));
    check_annotations(c, val_get(now, STR("annotations")));
    check_owners(c, val_get(now, STR("ownerReferences")));
}
