/* SPDX-License-Identifier: Apache-2.0 */
/* From an object to the Kustomization that applied it, and to its source. */
#include "app/control/query.h"
#include "app/control/resource_names.h"
#include "app/reconcile/gate.h"

enum { OWNERS_MAX = 16 };

#define HELM_GROUP "helm.toolkit.fluxcd.io"

/* The object itself; its namespace is dropped where the kind has none. */
static struct err *read_object(struct control_queries *q, struct run *r, struct obj_ref *ref,
                               const struct val **ret)
{
    struct gvk gvk = obj_ref_gvk(ref);
    bool namespaced;
    struct err *e;

    if (TRY(&e, cluster_scope(&q->cluster, r, &gvk, &namespaced)))
        return e;
    if (!namespaced)
        ref->ns = STR("");
    if (TRY(&e, cluster_get_one(&q->cluster, r, ref, ret)))
        return e;
    if (!*ret)
        return err_new(r->arena, ERR_NOT_FOUND, "%.*s not found",
                       STR_ARG(obj_ref_format(r->arena, ref)));
    return NULL;
}

/* Whose owner labels the object carries. */
static bool labelled(const struct val *object, struct str group, struct str *ret_ns,
                     struct str *ret_name)
{
    const struct val *labels = val_at(object, "metadata.labels");

    *ret_ns = STR("");
    *ret_name = STR("");
    for (size_t i = 0; i < val_count(labels); i++) {
        struct str key = labels->fields[i].key, rest = str_skip(key, group.len);

        if (!str_has_prefix(key, group))
            continue;
        if (str_is(rest, "/name"))
            *ret_name = val_str(labels->fields[i].value);
        else if (str_is(rest, "/namespace"))
            *ret_ns = val_str(labels->fields[i].value);
    }
    return ret_name->len > 0;
}

/* The object's controller, or whoever owns it first; NULL: nobody, or not to be read. */
static const struct val *owner_of(struct control_queries *q, struct run *r,
                                  const struct val *object)
{
    const struct val *owners = val_at(object, "metadata.ownerReferences"), *found = NULL;

    for (size_t i = 0; !found && i < val_count(owners); i++) {
        const struct val *owner = val_item(owners, i);
        struct obj_ref ref = { .kind = val_get_str(owner, "kind"),
                               .ns = val_at_str(object, "metadata.namespace"),
                               .name = val_get_str(owner, "name") };

        if (api_version_parse(val_get_str(owner, "apiVersion"), &ref.group, &ref.version) &&
            cluster_get_one(&q->cluster, r, &ref, &found))
            found = NULL;
    }
    return found;
}

static struct err *not_managed(struct control_queries *q, struct run *r, const struct val *object)
{
    struct str ns, name;

    for (unsigned depth = 0; object && depth < OWNERS_MAX; depth++) {
        if (labelled(object, STR(HELM_GROUP), &ns, &name))
            return err_new(
                r->arena, ERR_UNSUPPORTED,
                "managed by HelmRelease/%.*s/%.*s, and tracing a HelmRelease is not built "
                "yet in weir",
                STR_ARG(ns), STR_ARG(name));
        object = owner_of(q, r, object);
    }
    return err_new(r->arena, ERR_NOT_FOUND, "object not managed by Flux");
}

static struct err *follow(struct control_queries *q, struct run *r, const struct val *object,
                          struct trace *t)
{
    struct obj_ref ref = { STR("kustomize.toolkit.fluxcd.io"), STR("v1"), STR("Kustomization"),
                           STR(""), STR("") };
    const struct val *at = object;
    struct obj_ref source;
    struct err *e;

    for (unsigned depth = 0; at && depth < OWNERS_MAX; depth++) {
        if (labelled(at, ref.group, &ref.ns, &ref.name))
            break;
        at = owner_of(q, r, at);
    }
    if (ref.name.len == 0)
        return not_managed(q, r, object);
    if (TRY(&e, read_object(q, r, &ref, &t->owner)))
        return err_wrap(r->arena, e, "failed to find kustomization");
    source = gate_source_ref(t->owner);
    if (TRY(&e, read_object(q, r, &source, &t->source)))
        return err_wrap(r->arena, e, "failed to find %.*s", STR_ARG(source.kind));
    return NULL;
}

static struct err *trace_one(struct control_queries *q, struct run *r, const struct gvk *gvk,
                             struct str ns, struct str name, struct trace *t)
{
    struct obj_ref ref = { gvk->group, gvk->version, gvk->kind, ns, name };
    const struct val *object;
    struct err *e = read_object(q, r, &ref, &object);

    if (e)
        return e;
    *t = (struct trace){ .ref = ref };
    t->problem = follow(q, r, object, t);
    if (t->problem)
        t->owner = t->source = NULL;
    return NULL;
}

/* "deploy/web", each word by itself. */
static struct err *trace_pairs(struct control_queries *q, struct run *r,
                               const struct trace_query *query, struct trace *items)
{
    struct err *e = NULL;

    for (size_t i = 0; !e && i < query->word_count; i++) {
        struct str name = query->words[i], kind;
        struct gvk gvk;

        (void)str_cut(&name, '/', &kind);
        if (kind.len == query->words[i].len || name.len == 0)
            return err_new(
                r->arena, ERR_INVALID,
                "there is no need to specify a resource type as a separate argument when passing "
                "arguments in resource/name form: \"%.*s\"",
                STR_ARG(query->words[i]));
        e = resource_name_find(&q->cluster, r, kind, &gvk);
        if (!e)
            e = trace_one(q, r, &gvk, query->ns, name, &items[i]);
    }
    return e;
}

/* "deployment" "web" "api": one kind, several names. */
static struct err *trace_names(struct control_queries *q, struct run *r,
                               const struct trace_query *query, struct trace *items)
{
    struct gvk gvk;
    struct err *e = resource_name_find(&q->cluster, r, query->words[0], &gvk);

    for (size_t i = 1; !e && i < query->word_count; i++)
        e = trace_one(q, r, &gvk, query->ns, query->words[i], &items[i - 1]);
    return e;
}

static struct err *trace_typed(struct control_queries *q, struct run *r,
                               const struct trace_query *query, struct trace *items)
{
    struct gvk gvk = { .kind = query->kind };

    if (query->word_count == 0)
        return err_new(r->arena, ERR_INVALID, "object name is required");
    if (query->kind.len == 0)
        return err_new(r->arena, ERR_INVALID, "object kind is required (--kind)");
    if (query->api_version.len == 0)
        return err_new(r->arena, ERR_INVALID, "object apiVersion is required (--api-version)");
    if (!api_version_parse(query->api_version, &gvk.group, &gvk.version))
        return err_new(r->arena, ERR_INVALID, "invalid apiVersion: \"%.*s\"",
                       STR_ARG(query->api_version));
    return trace_one(q, r, &gvk, query->ns, query->words[0], items);
}

struct err *query_trace(void *self, struct run *r, const struct trace_query *query,
                        struct traces *ret)
{
    struct trace *items = ARENA_ARRAY(r->arena, query->word_count + 1, struct trace);
    struct err *e;

    *ret = (struct traces){ .items = items };
    if (query->kind.len > 0 || query->api_version.len > 0) {
        ret->count = 1;
        return trace_typed(self, r, query, items);
    }
    if (query->word_count > 0 && str_find_byte(query->words[0], '/', 0) != SIZE_MAX) {
        ret->count = query->word_count;
        return trace_pairs(self, r, query, items);
    }
    if (query->word_count == 1)
        return err_new(r->arena, ERR_INVALID,
                       "resource(s) were provided, but no name was specified");
    if (query->word_count == 0)
        return err_new(
            r->arena, ERR_INVALID,
            "either `<resource>/<name>` or `<resource> <name>` is required as an argument");
    e = trace_names(self, r, query, items);
    ret->count = query->word_count - 1;
    return e;
}
