/* SPDX-License-Identifier: Apache-2.0 */
/*
 * POST, PUT and PATCH. Each reads the live object, lets core decide, and commits with the live revision expected; when
 * another write came between, it reads and decides again, because most requests name no version. A request
 * that does name one is refused by core in the next round, in kube's words.
 */
#include "app/apiserver/grant.h"
#include "app/apiserver/verbs.h"

static struct decode_call decode_call_of(struct call *c, enum field_validation validation)
{
    return (struct decode_call){ .resource = c->resource,
                                 .subresource = c->route.subresource,
                                 .media = media_type_parse(c->req->content_type),
                                 .validation = validation,
                                 .warnings = &c->warnings };
}

/* A write that the store refused for the last time, in the words of the API. */
static struct err *race_error(struct call *c, const struct err *e, struct str name)
{
    if (e->code == ERR_ALREADY_EXISTS)
        return status_already_exists(c->a, c->resource, name);
    if (e->code == ERR_NOT_FOUND)
        return status_not_found(c->a, c->resource, name);
    return status_modified(c->a, c->resource, name);
}

static void settle(struct call *c, const struct val *object)
{
    if (!c->dry_run && str_is(c->resource->plural, "customresourcedefinitions"))
        crd_settle(c->s, c->r, val_at_str(object, "metadata.name"));
}

static struct err *create_subresource(struct call *c, struct answer *ret)
{
    struct str sub = c->route.subresource;

    if (str_is(sub, "token"))
        return verb_create_token(c, ret);
    if (str_is(sub, "eviction"))
        return verb_create_eviction(c, ret);
    return status_not_implemented(c->a, "%.*s/%.*s is not implemented: no containers run here",
                                  STR_ARG(c->resource->plural), STR_ARG(sub));
}

struct err *verb_create(struct call *c, struct answer *ret)
{
    struct write_options options = { 0 };
    struct storage_reader reader;
    struct decode_call decode;
    const struct val *sent = NULL;
    struct err *e = NULL;

    if (c->route.subresource.len)
        return create_subresource(c, ret);
    if (c->resource->traits & API_VIRTUAL)
        return verb_create_virtual(c, ret);
    if (TRY(&e, write_options_parse(c, WRITE_CREATE, &options)))
        return e;
    decode = decode_call_of(c, options.validation);
    if (TRY(&e, decode_object(c->a, &decode, c->req->body, &sent)))
        return e;
    storage_reader_init(&reader, c->s, c->r);
    for (int attempt = 0; attempt < WRITE_ATTEMPTS; attempt++) {
        struct prepare_call call = write_prepare_call(c, &options, &reader);
        struct prepare_result result = { 0 };

        c->warnings.count = attempt ? 0 : c->warnings.count;
        if (TRY(&e, prepare_create(c->a, &call, sent, &result)) ||
            TRY(&e, grant_check(c, NULL, result.object)))
            return e;
        e = write_commit(c, &result, 0, &ret->body);
        if (e && write_is_race(e))
            e = race_error(c, e, val_at_str(result.object, "metadata.name"));
        if (!e || val_at_str(sent, "metadata.name").len)
            break;
    }
    if (e)
        return e;
    settle(c, ret->body);
    ret->status = 201;
    ret->is_object = true;
    return NULL;
}

/* ---- PUT and PATCH: one loop, two decisions ---- */

struct change {
    struct write_options options;
    bool is_patch;
    struct prepare_patch_options patch;
    const struct val *sent; /* object, Scale or patch */
};

static struct err *decide(struct call *c, const struct change *ch, const struct prepare_call *call,
                          const struct val *live, struct prepare_result *ret)
{
    if (ch->is_patch)
        return prepare_patch(c->a, call, live, ch->sent, &ch->patch, ret);
    if (str_is(c->route.subresource, "scale"))
        return prepare_scale(c->a, call, live, ch->sent, ret);
    return prepare_update(c->a, call, live, ch->sent, ret);
}

static struct err *attempt(struct call *c, const struct change *ch, struct answer *ret)
{
    const struct val *live = NULL;
    struct prepare_result result = { 0 };
    struct storage_reader reader;
    struct prepare_call call;
    struct err *e;

    storage_reader_init(&reader, c->s, c->r);
    call = write_prepare_call(c, &ch->options, &reader);
    if (TRY(&e, storage_get(c->s, c->r, c->resource, c->route.ns, c->route.name, &live)) ||
        TRY(&e, decide(c, ch, &call, live, &result)) ||
        TRY(&e, grant_check(c, live, result.object)) ||
        TRY(&e, write_commit(c, &result, storage_revision(live), &ret->body)))
        return e;
    /* What the last finalizer's going removes is answered as it stood. */
    if (result.action == PREPARE_REMOVE)
        ret->body = storage_with_revision(c->a, result.object, storage_revision(live));
    ret->status = live || result.action != PREPARE_CREATE ? 200 : 201;
    return NULL;
}

static struct err *run_change(struct call *c, const struct change *ch, struct answer *ret)
{
    size_t warned = c->warnings.count;
    struct err *e = NULL;

    for (int i = 0; i < WRITE_ATTEMPTS; i++) {
        c->warnings.count = warned;
        e = attempt(c, ch, ret);
        if (!e || !write_is_race(e))
            break;
    }
    if (e)
        return write_is_race(e) ? race_error(c, e, c->route.name) : e;
    settle(c, ret->body);
    ret->is_object = true;
    if (str_is(c->route.subresource, "scale")) {
        ret->is_object = false;
        return scale_of(c->a, c->resource, ret->body, &ret->body);
    }
    return NULL;
}

static struct err *check_subresource(struct call *c)
{
    struct str sub = c->route.subresource;

    if (!sub.len || str_is(sub, "status") || str_is(sub, "scale") || str_is(sub, "finalize"))
        return NULL;
    return status_not_implemented(c->a, "writing %.*s/%.*s is not implemented",
                                  STR_ARG(c->resource->plural), STR_ARG(sub));
}

struct err *verb_update(struct call *c, struct answer *ret)
{
    struct change ch = { 0 };
    struct decode_call decode;
    struct err *e;

    if (TRY(&e, check_subresource(c)) || TRY(&e, write_options_parse(c, WRITE_UPDATE, &ch.options)))
        return e;
    decode = decode_call_of(c, ch.options.validation);
    if (TRY(&e, decode_object(c->a, &decode, c->req->body, &ch.sent)))
        return e;
    return run_change(c, &ch, ret);
}

struct err *verb_patch(struct call *c, struct answer *ret)
{
    struct change ch = { .is_patch = true };
    struct decode_call decode = decode_call_of(c, FIELD_VALIDATION_WARN);
    struct err *e;

    if (TRY(&e, check_subresource(c)) ||
        TRY(&e,
            patch_type_of(c->a, c->resource, decode.media, c->req->content_type, &ch.patch.type)) ||
        TRY(&e, write_options_parse(c, ch.patch.type == PATCH_APPLY ? WRITE_APPLY : WRITE_PATCH,
                                    &ch.options)))
        return e;
    ch.patch.force = query_bool(&c->query, "force");
    ch.patch.validation = ch.options.validation;
    decode.validation = ch.options.validation;
    if (TRY(&e, decode_patch(c->a, &decode, ch.patch.type, c->req->body, &ch.sent)))
        return e;
    return run_change(c, &ch, ret);
}
