/* SPDX-License-Identifier: Apache-2.0 */
/* DELETE of one object and of a collection. */
#include "app/apiserver/list_options.h"
#include "app/apiserver/verbs.h"

/* Kinds whose DELETE answers with the object and not with a Status (ReturnDeletedObject in kube's registries). */
static bool answers_with_object(const struct api_resource *res)
{
    static const struct {
        struct str group;
        struct str plurals; /* comma-separated */
    } kinds[] = {
        { STR_INIT(""),
          STR_INIT("namespaces,persistentvolumes,persistentvolumeclaims,pods,podtemplates,"
                   "resourcequotas,services,serviceaccounts") },
        { STR_INIT("storage.k8s.io"),
          STR_INIT(
              "csidrivers,csinodes,storageclasses,volumeattachments,volumeattributesclasses") },
        { STR_INIT("resource.k8s.io"),
          STR_INIT("deviceclasses,devicetaintrules,resourceclaims,resourceclaimtemplates,"
                   "resourceslices") },
    };

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        struct str rest = kinds[i].plurals;

        if (!str_eq(res->gvk.group, kinds[i].group))
            continue;
        for (struct str word; str_cut(&rest, ',', &word);)
            if (str_eq(word, res->plural))
                return true;
    }
    return false;
}

/* The body's options, or where there is no body those of the query. */
static struct err *delete_options_of(struct call *c, struct delete_options *ret)
{
    struct str propagation = query_get(&c->query, "propagationPolicy");
    struct str grace = query_get(&c->query, "gracePeriodSeconds");
    struct str orphan = query_get(&c->query, "orphanDependents");
    struct delete_options o = { .grace_period_s = -1 };
    struct err *e;

    if (TRY(&e,
            decode_delete_options(c->a, media_type_parse(c->req->content_type), c->req->body, &o)))
        return e;
    if (!c->req->body.len) {
        o.propagation = propagation;
        o.dry_run_value = query_get(&c->query, "dryRun");
        o.dry_run = str_is(o.dry_run_value, "All");
        if (orphan.len)
            o.orphan_dependents = query_bool(&c->query, "orphanDependents");
        if (grace.len && !str_to_int64(grace, &o.grace_period_s))
            return status_bad_request(c->a, "strconv.ParseInt: parsing \"%.*s\": invalid syntax",
                                      STR_ARG(grace));
    }
    c->dry_run = o.dry_run;
    *ret = o;
    return delete_options_check(c->a, &o);
}

struct deletion {
    const struct val *object; /* as it is now, or was last */
    bool gone;
};

static struct err *attempt(struct call *c, const struct delete_options *o, struct str ns,
                           struct str name, struct deletion *ret)
{
    struct write_options options = { .manager = STR("unknown") };
    const struct val *live = NULL;
    struct prepare_result result = { 0 };
    struct storage_reader reader;
    struct prepare_call call;
    struct err *e;

    storage_reader_init(&reader, c->s, c->r);
    call = write_prepare_call(c, &options, &reader);
    call.ns = ns;
    call.name = name;
    if (TRY(&e, storage_get(c->s, c->r, c->resource, ns, name, &live)))
        return e;
    if (!live)
        return status_not_found(c->a, c->resource, name);
    if (TRY(&e, prepare_delete(c->a, &call, live, o, &result)))
        return e;
    ret->gone = result.action == PREPARE_REMOVE;
    return write_commit(c, &result, storage_revision(live), &ret->object);
}

static struct err *delete_one(struct call *c, const struct delete_options *o, struct str ns,
                              struct str name, struct deletion *ret)
{
    struct err *e = NULL;

    for (int i = 0; i < WRITE_ATTEMPTS; i++) {
        e = attempt(c, o, ns, name, ret);
        if (!e || !write_is_race(e))
            break;
    }
    if (e && write_is_race(e))
        return e->code == ERR_NOT_FOUND ? status_not_found(c->a, c->resource, name)
                                        : status_modified(c->a, c->resource, name);
    if (!e && !c->dry_run && str_is(c->resource->plural, "customresourcedefinitions"))
        crd_settle(c->s, c->r, name);
    return e;
}

struct err *verb_delete(struct call *c, struct answer *ret)
{
    struct delete_options options = { 0 };
    struct deletion done = { 0 };
    struct err *e;

    if (c->route.subresource.len)
        return status_method_not_supported(c->a);
    if (TRY(&e, delete_options_of(c, &options)) ||
        TRY(&e, delete_one(c, &options, c->route.ns, c->route.name, &done)))
        return e;
    if (done.gone && !answers_with_object(c->resource)) {
        ret->body = status_success(c->a, c->resource, c->route.name,
                                   val_at_str(done.object, "metadata.uid"));
        return NULL;
    }
    ret->body = done.object;
    ret->is_object = true;
    return NULL;
}

/* Disruption budgets are not asked: nothing here can be disrupted. */
struct err *verb_create_eviction(struct call *c, struct answer *ret)
{
    struct delete_options options = { .grace_period_s = -1, .orphan_dependents = -1 };
    struct decode_call decode = { .resource = c->resource,
                                  .subresource = c->route.subresource,
                                  .media = media_type_parse(c->req->content_type),
                                  .validation = FIELD_VALIDATION_WARN,
                                  .warnings = &c->warnings };
    struct deletion done = { 0 };
    const struct val *sent = NULL;
    struct err *e;

    if (TRY(&e, decode_object(c->a, &decode, c->req->body, &sent)))
        return e;
    if (!str_eq(val_at_str(sent, "metadata.name"), c->route.name))
        return status_bad_request(c->a, "name in URL does not match name in Eviction object");
    options.uid = val_at_str(sent, "deleteOptions.preconditions.uid");
    options.grace_period_s = val_at_int(sent, "deleteOptions.gracePeriodSeconds", -1);
    c->dry_run = val_count(val_at(sent, "deleteOptions.dryRun")) > 0;
    if (TRY(&e, delete_one(c, &options, c->route.ns, c->route.name, &done)))
        return e;
    ret->status = 201;
    ret->body = val_map_of(c->a, "kind", val_cstring(c->a, "Status"), "apiVersion",
                           val_cstring(c->a, "v1"), "metadata", &val_empty_map, "status",
                           val_cstring(c->a, "Success"), "code", val_int(c->a, 201), NULL);
    return NULL;
}

struct err *verb_delete_collection(struct call *c, struct answer *ret)
{
    struct delete_options options = { 0 };
    struct list_options list = { 0 };
    struct storage_objects all = { 0 };
    const struct val **items;
    size_t count = 0;
    struct err *e;

    if (TRY(&e, delete_options_of(c, &options)) || TRY(&e, list_options_parse(c, &list)) ||
        TRY(&e, storage_list(c->s, c->r, c->resource, c->route.ns, &all)))
        return e;
    items = ARENA_ARRAY(c->a, all.count + 1, const struct val *);
    for (size_t i = 0; i < all.count; i++) {
        const struct val *object = all.items[i];
        struct deletion done = { 0 };

        if (!list_options_match(c->a, c->resource, &list, object))
            continue;
        e = delete_one(c, &options, val_at_str(object, "metadata.namespace"),
                       val_at_str(object, "metadata.name"), &done);
        if (e && e->code != ERR_NOT_FOUND)
            return e;
        items[count++] = object;
    }
    ret->is_list = true;
    ret->items = items;
    ret->item_count = count;
    ret->list_meta = val_map_of(c->a, "resourceVersion",
                                val_string(c->a, str_printf(c->a, "%lld", (long long)all.revision)),
                                NULL);
    return NULL;
}
