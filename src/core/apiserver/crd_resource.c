/* SPDX-License-Identifier: Apache-2.0 */
/* From a definition to the resources it serves. */
#include "core/apiserver/crd.h"
#include "foreign/base64.h"
#include "foreign/digest.h"

/* ---- order of versions ---- */

struct kube_version {
    bool known; /* v<major>[(alpha|beta)<minor>] */
    int64_t major;
    int stage; /* 2 stable, 1 beta, 0 alpha */
    int64_t minor;
};

static struct kube_version version_of(struct str s)
{
    struct kube_version v = { .stage = 2 };
    struct str rest = str_skip(s, 1);
    size_t end = 0;

    if (!s.len || s.ptr[0] != 'v')
        return v;
    while (end < rest.len && rest.ptr[end] >= '0' && rest.ptr[end] <= '9')
        end++;
    if (!str_to_int64(str_slice(rest, 0, end), &v.major) || v.major < 1)
        return v;
    rest = str_skip(rest, end);
    if (!rest.len) {
        v.known = true;
        return v;
    }
    v.stage = str_has_prefix(rest, STR("beta")) ? 1 : 0;
    rest = str_trim_prefix(rest, v.stage ? STR("beta") : STR("alpha"));
    v.known = str_to_int64(rest, &v.minor) && v.minor >= 1;
    return v;
}

int kube_version_cmp(struct str a, struct str b)
{
    struct kube_version x = version_of(a);
    struct kube_version y = version_of(b);

    if (x.known != y.known)
        return x.known ? -1 : 1;
    if (!x.known)
        return str_cmp(a, b);
    if (x.stage != y.stage)
        return x.stage > y.stage ? -1 : 1;
    if (x.major != y.major)
        return x.major > y.major ? -1 : 1;
    return x.minor == y.minor ? 0 : x.minor > y.minor ? -1 : 1;
}

/* ---- one version ---- */

static struct crd_column age_column(void)
{
    return (struct crd_column){
        .name = STR("Age"),
        .type = STR("date"),
        .description = STR(
            "CreationTimestamp is a timestamp representing the server time when this object was "
            "created. It is not guaranteed to be set in happens-before order across separate "
            "operations. Clients may not set this value. It is represented in RFC3339 form and is in "
            "UTC."),
        .json_path = STR(".metadata.creationTimestamp"),
    };
}

static void columns_of(struct arena *a, const struct val *version, struct crd_version *ret)
{
    const struct val *list = val_get(version, STR("additionalPrinterColumns"));
    size_t count = val_count(list);
    struct crd_column *columns = ARENA_ARRAY(a, count + 1, struct crd_column);

    for (size_t i = 0; i < count; i++)
        columns[i] = (struct crd_column){
            .name = val_get_str(list->items[i], "name"),
            .type = val_get_str(list->items[i], "type"),
            .format = val_get_str(list->items[i], "format"),
            .description = val_get_str(list->items[i], "description"),
            .json_path = val_get_str(list->items[i], "jsonPath"),
            .priority = (int32_t)val_at_int(list->items[i], "priority", 0),
        };
    if (!count)
        columns[count++] = age_column();
    ret->columns = columns;
    ret->column_count = count;
}

static void selectable_of(struct arena *a, const struct val *version, struct crd_version *ret)
{
    const struct val *list = val_get(version, STR("selectableFields"));
    struct str *paths = ARENA_ARRAY(a, val_count(list), struct str);

    for (size_t i = 0; i < val_count(list); i++)
        paths[i] = val_get_str(list->items[i], "jsonPath");
    ret->selectable = paths;
    ret->selectable_count = val_count(list);
}

/* The newest served version that is not deprecated, for the warning. */
static struct str replacement(const struct val *crd, struct str name)
{
    const struct val *versions = val_at(crd, "spec.versions");
    struct str best = STR("");

    for (size_t i = 0; i < val_count(versions); i++) {
        const struct val *v = versions->items[i];
        struct str other = val_get_str(v, "name");

        if (val_at_bool(v, "served", false) && !val_at_bool(v, "deprecated", false) &&
            kube_version_cmp(other, name) < 0 && (!best.len || kube_version_cmp(other, best) < 0))
            best = other;
    }
    return best;
}

static struct str deprecation_of(struct arena *a, const struct val *crd, const struct val *version)
{
    struct str text = val_get_str(version, "deprecationWarning");
    struct str name = val_get_str(version, "name");
    struct str group = val_at_str(crd, "spec.group");
    struct str kind = val_at_str(crd, "spec.names.kind");
    struct str next = replacement(crd, name);

    if (text.len)
        return text;
    text = str_printf(a, "%.*s/%.*s %.*s is deprecated", STR_ARG(group), STR_ARG(name),
                      STR_ARG(kind));
    if (next.len)
        text = str_printf(a, "%.*s; use %.*s/%.*s %.*s", STR_ARG(text), STR_ARG(group),
                          STR_ARG(next), STR_ARG(kind));
    return text;
}

static struct err *crd_version_of(struct arena *a, const struct val *crd, const struct val *version,
                                  const struct crd_version **ret)
{
    struct crd_version *v = ARENA_NEW(a, struct crd_version);
    const struct val *scale = val_at(version, "subresources.scale");
    struct err *e;

    v->crd = crd;
    v->schema = val_at(version, "schema.openAPIV3Schema");
    v->preserve_unknown = val_at_bool(crd, "spec.preserveUnknownFields", false);
    v->served = val_at_bool(version, "served", false);
    v->storage = val_at_bool(version, "storage", false);
    v->deprecated = val_at_bool(version, "deprecated", false);
    if (v->deprecated)
        v->deprecation_warning = deprecation_of(a, crd, version);
    v->has_status = val_at(version, "subresources.status") != NULL;
    v->has_scale = scale != NULL;
    v->scale_spec_path = val_get_str(scale, "specReplicasPath");
    v->scale_status_path = val_get_str(scale, "statusReplicasPath");
    v->scale_selector_path = val_get_str(scale, "labelSelectorPath");
    columns_of(a, version, v);
    selectable_of(a, version, v);
    if (TRY(&e, schema_from_crd(a, v->schema, &v->type)))
        return e;
    *ret = v;
    return NULL;
}

static struct str joined(struct arena *a, const struct val *list)
{
    struct str *parts = ARENA_ARRAY(a, val_count(list), struct str);

    for (size_t i = 0; i < val_count(list); i++)
        parts[i] = val_str(list->items[i]);
    return str_join(a, parts, val_count(list), STR(","));
}

static void subresources_of(struct arena *a, const struct crd_version *v, struct str kind,
                            struct api_resource *ret)
{
    unsigned verbs = API_GET | API_PATCH | API_UPDATE;
    struct api_subresource *subs = ARENA_ARRAY(a, 2, struct api_subresource);
    size_t count = 0;

    if (v->has_scale)
        subs[count++] = (struct api_subresource){ STR("scale"), STR("Scale"), STR("autoscaling"),
                                                  STR("v1"), verbs };
    if (v->has_status)
        subs[count++] = (struct api_subresource){ STR("status"), kind, STR(""), STR(""), verbs };
    ret->subresources = subs;
    ret->subresource_count = count;
}

static void resource_names(struct arena *a, const struct val *crd, struct api_resource *r)
{
    const struct val *names = val_at(crd, "status.acceptedNames");

    if (!val_get_str(names, "plural").len)
        names = val_at(crd, "spec.names");
    r->gvk.kind = val_get_str(names, "kind");
    r->plural = val_get_str(names, "plural");
    r->singular = val_get_str(names, "singular");
    r->list_kind = val_get_str(names, "listKind");
    r->short_names = joined(a, val_get(names, STR("shortNames")));
    r->categories = joined(a, val_get(names, STR("categories")));
    if (!r->singular.len)
        r->singular = str_lower(a, r->gvk.kind);
    if (!r->list_kind.len)
        r->list_kind = str_concat(a, r->gvk.kind, STR("List"));
}

static struct str storage_version(const struct val *crd)
{
    const struct val *versions = val_at(crd, "spec.versions");

    for (size_t i = 0; i < val_count(versions); i++)
        if (val_at_bool(versions->items[i], "storage", false))
            return val_get_str(versions->items[i], "name");
    return STR("");
}

static void resources_sort(struct crd_resources *list)
{
    for (size_t i = 1; i < list->count; i++)
        for (size_t j = i;
             j && kube_version_cmp(list->items[j].gvk.version, list->items[j - 1].gvk.version) < 0;
             j--) {
            struct api_resource swap = list->items[j];

            list->items[j] = list->items[j - 1];
            list->items[j - 1] = swap;
        }
}

/* Clients compare it to learn of a change of the stored version. */
static struct str storage_hash(struct arena *a, const struct api_resource *r)
{
    struct str text = str_printf(a, "%.*s/%.*s/%.*s", STR_ARG(r->storage_group),
                                 STR_ARG(r->storage_version), STR_ARG(r->gvk.kind));
    uint8_t digest[DIGEST_BYTES_MAX];

    digest_bytes(DIGEST_SHA256, text, digest);
    return base64_encode(a, str_dup(a, (struct str){ (const char *)digest, 8 }));
}

struct err *crd_resources_of(struct arena *a, const struct val *crd, struct crd_resources *ret)
{
    const struct val *versions = val_at(crd, "spec.versions");
    struct crd_resources list = { 0 };

    for (size_t i = 0; i < val_count(versions); i++) {
        struct api_resource *r = VEC_PUSH(a, &list);
        struct err *e;

        *r = (struct api_resource){
            .gvk = { val_at_str(crd, "spec.group"), val_get_str(versions->items[i], "name"),
                     STR("") },
            .namespaced = str_is(val_at_str(crd, "spec.scope"), "Namespaced"),
            .verbs = API_ALL_VERBS,
            .storage_group = val_at_str(crd, "spec.group"),
            .storage_version = storage_version(crd),
        };
        resource_names(a, crd, r);
        if (TRY(&e, crd_version_of(a, crd, versions->items[i], &r->crd)))
            return e;
        r->storage_hash = storage_hash(a, r);
        r->type = r->crd->type;
        r->traits = (r->crd->has_status ? API_STATUS : 0u) | API_GENERATION |
                    (r->crd->has_scale ? API_SCALE : 0u);
        subresources_of(a, r->crd, r->gvk.kind, r);
    }
    resources_sort(&list);
    *ret = list;
    return NULL;
}
