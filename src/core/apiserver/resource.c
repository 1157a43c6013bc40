/* SPDX-License-Identifier: Apache-2.0 */
#include "core/apiserver/resource.h"

#include "core/apiserver/crd.h"
#include "core/apiserver/tables/resource_table.h"

const struct api_resource *api_resource_builtin_all(size_t *ret_count)
{
    *ret_count = kube_resource_count;
    return kube_resources;
}

const struct api_resource *api_resource_builtin(struct str group, struct str version,
                                                struct str plural)
{
    for (size_t i = 0; i < kube_resource_count; i++) {
        const struct api_resource *r = &kube_resources[i];

        if (str_eq(r->plural, plural) && str_eq(r->gvk.group, group) &&
            str_eq(r->gvk.version, version))
            return r;
    }
    return NULL;
}

const struct api_resource *api_resource_builtin_kind(struct str group, struct str version,
                                                     struct str kind)
{
    for (size_t i = 0; i < kube_resource_count; i++) {
        const struct api_resource *r = &kube_resources[i];

        if (str_eq(r->gvk.kind, kind) && str_eq(r->gvk.group, group) &&
            str_eq(r->gvk.version, version))
            return r;
    }
    return NULL;
}

const struct api_subresource *api_resource_subresource(const struct api_resource *r,
                                                       struct str name)
{
    for (size_t i = 0; i < r->subresource_count; i++)
        if (str_eq(r->subresources[i].name, name))
            return &r->subresources[i];
    return NULL;
}

struct str api_resource_qualified(struct arena *a, const struct api_resource *r)
{
    if (!r->gvk.group.len)
        return r->plural;
    return str_printf(a, "%.*s.%.*s", STR_ARG(r->plural), STR_ARG(r->gvk.group));
}

struct str api_resource_store_key(struct arena *a, const struct api_resource *r)
{
    return str_printf(a, "%.*s/%.*s", STR_ARG(r->storage_group), STR_ARG(r->plural));
}

struct str api_verb_name(enum api_verb verb)
{
    static const struct {
        enum api_verb verb;
        struct str name;
    } names[] = {
        { API_CREATE, STR_INIT("create") },
        { API_DELETE, STR_INIT("delete") },
        { API_DELETE_COLLECTION, STR_INIT("deletecollection") },
        { API_GET, STR_INIT("get") },
        { API_LIST, STR_INIT("list") },
        { API_PATCH, STR_INIT("patch") },
        { API_UPDATE, STR_INIT("update") },
        { API_WATCH, STR_INIT("watch") },
    };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (names[i].verb == verb)
            return names[i].name;
    return STR("");
}

/* Fields that events.k8s.io/v1 renamed; the core names are those of the store. */
static const struct {
    struct str core;
    struct str events;
} event_fields[] = {
    { STR_INIT("involvedObject"), STR_INIT("regarding") },
    { STR_INIT("message"), STR_INIT("note") },
    { STR_INIT("source"), STR_INIT("deprecatedSource") },
    { STR_INIT("firstTimestamp"), STR_INIT("deprecatedFirstTimestamp") },
    { STR_INIT("lastTimestamp"), STR_INIT("deprecatedLastTimestamp") },
    { STR_INIT("count"), STR_INIT("deprecatedCount") },
    { STR_INIT("reportingComponent"), STR_INIT("reportingController") },
};

static struct str event_field_name(struct str name, bool to_core)
{
    for (size_t i = 0; i < sizeof event_fields / sizeof event_fields[0]; i++)
        if (str_eq(name, to_core ? event_fields[i].events : event_fields[i].core))
            return to_core ? event_fields[i].core : event_fields[i].events;
    return name;
}

static const struct val *event_convert(struct arena *a, const struct val *event, bool to_core)
{
    struct map_builder b;

    map_builder_init(&b, a);
    for (size_t i = 0; i < val_count(event); i++) {
        const struct val *v = event->fields[i].value;

        /* What core prints always and events.k8s.io only when it says something. */
        if (!to_core &&
            ((v->kind == VAL_NULL && !str_is(event->fields[i].key, "eventTime")) ||
             (v->kind == VAL_STRING && !v->text.len) || (v->kind == VAL_MAP && !v->count)))
            continue;
        map_builder_set(&b, event_field_name(event->fields[i].key, to_core), v);
    }
    return map_builder_done(&b, NULL);
}

const struct val *api_resource_convert(struct arena *a, const struct val *object, struct str group,
                                       struct str version)
{
    struct str api_version = api_version_format(a, group, version);
    const struct val *out = object;

    if (str_eq(val_get_str(object, "apiVersion"), api_version))
        return object;
    if (str_is(val_get_str(object, "kind"), "Event") &&
        (!group.len || str_is(group, "events.k8s.io")))
        out = event_convert(a, object, !group.len);
    return val_with(a, out, STR("apiVersion"), val_string(a, api_version));
}

struct str api_resource_deprecation(const struct api_resource *r)
{
    if (r->crd)
        return r->crd->deprecated ? r->crd->deprecation_warning : STR("");
    if (r->gvk.group.len)
        return STR("");
    if (str_is(r->gvk.kind, "Endpoints"))
        return STR("v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice");
    if (str_is(r->gvk.kind, "ComponentStatus"))
        return STR("v1 ComponentStatus is deprecated in v1.19+");
    return STR("");
}
