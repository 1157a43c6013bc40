/* SPDX-License-Identifier: Apache-2.0 */
/* Kinds that are asked and not kept: access reviews, token reviews, who am I. */
#include "app/apiserver/access.h"
#include "app/apiserver/tokens.h"
#include "app/apiserver/verbs.h"

static const struct str *strings_of(struct arena *a, const struct val *seq, size_t *ret_count)
{
    struct str *out = ARENA_ARRAY(a, val_count(seq) + 1, struct str);

    *ret_count = val_count(seq);
    for (size_t i = 0; i < *ret_count; i++)
        out[i] = val_str(val_item(seq, i));
    return out;
}

static const struct val *seq_of(struct arena *a, const struct str *items, size_t count)
{
    struct seq_builder b;

    seq_builder_init(&b, a);
    for (size_t i = 0; i < count; i++)
        seq_builder_add(&b, val_string(a, items[i]));
    return seq_builder_done(&b, NULL);
}

static const struct val *user_info(struct arena *a, const struct api_user *user)
{
    return val_map_of(a, "username", val_string(a, user->name), "groups",
                      seq_of(a, user->groups, user->group_count), NULL);
}

static struct err *review_access(struct call *c, const struct val *object, bool self,
                                 const struct val **ret)
{
    const struct val *spec = val_get(object, STR("spec"));
    const struct val *res = val_get(spec, STR("resourceAttributes"));
    const struct val *path = val_get(spec, STR("nonResourceAttributes"));
    struct rbac_request q = { .user = val_get_str(spec, "user") };
    struct map_builder status;
    struct str reason = STR("");
    bool allowed = false;
    struct err *e;

    q.groups = strings_of(c->a, val_get(spec, STR("groups")), &q.group_count);
    if (self) {
        q.user = c->user.name;
        q.groups = c->user.groups;
        q.group_count = c->user.group_count;
    }
    q.verb = res ? val_get_str(res, "verb") : val_get_str(path, "verb");
    q.group = val_get_str(res, "group");
    q.resource = val_get_str(res, "resource");
    q.subresource = val_get_str(res, "subresource");
    q.ns = val_get_str(res, "namespace");
    q.name = val_get_str(res, "name");
    q.path = val_get_str(path, "path");
    if (TRY(&e, access_allows(c, &q, &allowed, &reason)))
        return e;
    map_builder_init(&status, c->a);
    map_builder_set(&status, STR("allowed"), val_bool(allowed));
    if (reason.len)
        map_builder_set(&status, STR("reason"), val_string(c->a, reason));
    *ret = val_with(c->a, object, STR("status"), map_builder_done(&status, NULL));
    return NULL;
}

/* All rules that reach the user are those of everyone here but masters, who may do all. */
static const struct val *review_rules(struct call *c, const struct val *object)
{
    const struct val *any = seq_of(c->a, (const struct str[]){ STR("*") }, 1);
    const struct val *resource = val_map_of(c->a, "verbs", any, "apiGroups", any, "resources", any,
                                            NULL);
    const struct val *path = val_map_of(c->a, "verbs", any, "nonResourceURLs", any, NULL);
    struct seq_builder resources;
    struct seq_builder paths;
    bool masters = false;

    seq_builder_init(&resources, c->a);
    seq_builder_init(&paths, c->a);
    for (size_t i = 0; i < c->user.group_count; i++)
        masters = masters || str_is(c->user.groups[i], "system:masters");
    if (masters) {
        seq_builder_add(&resources, resource);
        seq_builder_add(&paths, path);
    }
    return val_with(c->a, object, STR("status"),
                    val_map_of(c->a, "resourceRules", seq_builder_done(&resources, NULL),
                               "nonResourceRules", seq_builder_done(&paths, NULL), "incomplete",
                               val_bool(!masters), NULL));
}

static struct err *review_token(struct call *c, const struct val *object, const struct val **ret)
{
    struct api_user user = { 0 };
    const struct val *status;

    if (token_user(c->s, c->r, val_at_str(object, "spec.token"), &user))
        status = val_map_of(c->a, "authenticated", &val_true, "user", user_info(c->a, &user),
                            "audiences", seq_of(c->a, (const struct str[]){ TOKEN_AUDIENCE }, 1),
                            NULL);
    else
        status = val_map_of(c->a, "error", val_cstring(c->a, "invalid bearer token"), "user",
                            &val_empty_map, NULL);
    *ret = val_with(c->a, object, STR("status"), status);
    return NULL;
}

static struct err *review(struct call *c, const struct val *object, const struct val **ret)
{
    struct str kind = c->resource->gvk.kind;

    if (str_is(kind, "SelfSubjectAccessReview"))
        return review_access(c, object, true, ret);
    if (str_is(kind, "SubjectAccessReview") || str_is(kind, "LocalSubjectAccessReview"))
        return review_access(c, object, false, ret);
    if (str_is(kind, "TokenReview"))
        return review_token(c, object, ret);
    if (str_is(kind, "SelfSubjectReview")) {
        *ret = val_with(c->a, object, STR("status"),
                        val_map_of(c->a, "userInfo", user_info(c->a, &c->user), NULL));
        return NULL;
    }
    if (str_is(kind, "SelfSubjectRulesReview")) {
        *ret = review_rules(c, object);
        return NULL;
    }
    return status_not_implemented(c->a, "creating a %.*s is not implemented", STR_ARG(kind));
}

struct err *verb_create_virtual(struct call *c, struct answer *ret)
{
    struct write_options options = { 0 };
    struct storage_reader reader;
    struct decode_call decode = { .resource = c->resource,
                                  .media = media_type_parse(c->req->content_type),
                                  .warnings = &c->warnings };
    struct prepare_call call;
    const struct val *object = NULL;
    struct err *e;

    if (TRY(&e, write_options_parse(c, WRITE_CREATE, &options)))
        return e;
    decode.validation = options.validation;
    if (TRY(&e, decode_object(c->a, &decode, c->req->body, &object)))
        return e;
    storage_reader_init(&reader, c->s, c->r);
    call = write_prepare_call(c, &options, &reader);
    if (TRY(&e, prepare_virtual(c->a, &call, object, &object)) ||
        TRY(&e, review(c, object, &ret->body)))
        return e;
    ret->status = 201;
    ret->is_object = true;
    return NULL;
}
