/* SPDX-License-Identifier: Apache-2.0 */
#include "app/apiserver/tokens.h"

#include "app/apiserver/verbs.h"
#include "foreign/digest.h"
#include "value/json.h"

enum {
    TOKEN_BYTES = 32,
    TOKEN_SECONDS_MIN = 600,
    TOKEN_SECONDS_DEFAULT = 3600,
};

#define TOKEN_RESOURCE STR("weir/tokens")
#define TOKEN_PREFIX "weir_"

static struct store_key token_key(struct arena *a, struct str token)
{
    return (struct store_key){ .resource = TOKEN_RESOURCE,
                               .ns = STR(""),
                               .name = digest_hex(a, DIGEST_SHA256, token) };
}

static struct err *account(struct apiserver *s, struct run *r, struct str ns, struct str name,
                           const struct val **ret)
{
    const struct api_resource *res = registry_find(s->registry, r->arena, STR(""), STR("v1"),
                                                   STR("serviceaccounts"));

    return storage_get(s, r, res, ns, name, ret);
}

bool token_user(struct apiserver *s, struct run *r, struct str token, struct api_user *ret)
{
    struct store_key key = token_key(r->arena, token);
    struct store_row row = { 0 };
    const struct val *entry = NULL;
    const struct val *sa = NULL;
    struct str *groups;
    struct str ns;
    struct str name;
    bool found = false;

    if (!str_has_prefix(token, STR(TOKEN_PREFIX)) ||
        s->store.ops->get(s->store.self, r, &key, &found, &row) || !found ||
        json_read(r->arena, row.value, STR("token"), 0, &entry) ||
        val_at_int(entry, "expires_s", 0) * NS_PER_S < clock_wall(&s->clock).ns)
        return false;
    ns = val_get_str(entry, "namespace");
    name = val_get_str(entry, "name");
    if (account(s, r, ns, name, &sa) || !sa ||
        !str_eq(val_at_str(sa, "metadata.uid"), val_get_str(entry, "uid")))
        return false;
    groups = ARENA_ARRAY(r->arena, 3, struct str);
    groups[0] = STR("system:serviceaccounts");
    groups[1] = str_printf(r->arena, "system:serviceaccounts:%.*s", STR_ARG(ns));
    groups[2] = STR("system:authenticated");
    *ret = (struct api_user){ .name = str_printf(r->arena, "system:serviceaccount:%.*s:%.*s",
                                                 STR_ARG(ns), STR_ARG(name)),
                              .groups = groups,
                              .group_count = 3 };
    return true;
}

void tokens_sweep(struct apiserver *s, struct run *r)
{
    struct store_range range = { .resource = TOKEN_RESOURCE };
    struct store_rows rows = { 0 };
    struct store_write w = { .remove = true };

    if (s->store.ops->list(s->store.self, r, &range, &rows))
        return;
    for (size_t i = 0; i < rows.count; i++) {
        const struct val *entry = NULL;

        if (json_read(r->arena, rows.items[i].value, STR("token"), 0, &entry) ||
            val_at_int(entry, "expires_s", 0) * NS_PER_S >= clock_wall(&s->clock).ns)
            continue;
        w.key = rows.items[i].key;
        w.value = rows.items[i].value;
        w.expected_revision = rows.items[i].revision;
        if (s->store.ops->commit(s->store.self, r, &w, 1, false))
            return; /* the next sweep tries again */
    }
}

static struct err *check_request(struct call *c, int64_t seconds)
{
    struct gvk gvk = { STR("authentication.k8s.io"), STR("v1"), STR("TokenRequest") };
    struct field_errors errs = { 0 };

    if (seconds < TOKEN_SECONDS_MIN)
        field_error_add(c->a, &errs, FIELD_INVALID, STR("spec.expirationSeconds"),
                        val_int(c->a, seconds),
                        STR("may not specify a duration less than 10 minutes"));
    if (seconds > INT64_C(1) << 32)
        field_error_add(c->a, &errs, FIELD_INVALID, STR("spec.expirationSeconds"),
                        val_int(c->a, seconds),
                        STR("may not specify a duration larger than 2^32 seconds"));
    return status_invalid(c->a, &gvk, STR(""), &errs);
}

static struct err *issue(struct call *c, const struct val *sa, int64_t expires_s,
                         struct str *ret_token)
{
    uint8_t bytes[TOKEN_BYTES];
    struct store_write w = { .expected_revision = 0 };
    const struct val *entry;

    random_fill(&c->s->random, bytes, sizeof bytes);
    *ret_token = str_concat(c->a, STR(TOKEN_PREFIX), hex_encode(c->a, bytes, sizeof bytes));
    entry = val_map_of(c->a, "namespace", val_at(sa, "metadata.namespace"), "name",
                       val_at(sa, "metadata.name"), "uid", val_at(sa, "metadata.uid"), "expires_s",
                       val_int(c->a, expires_s), NULL);
    w.key = token_key(c->a, *ret_token);
    w.value = json_string(c->a, entry, JSON_COMPACT);
    return c->s->store.ops->commit(c->s->store.self, c->r, &w, 1, c->dry_run);
}

/* What a TokenRequest says, with what the server adds. */
static const struct val *filled(struct call *c, const struct val *request, const struct val *sa,
                                int64_t seconds)
{
    const struct val *audiences = val_at(request, "spec.audiences");
    const struct val *one = val_string(c->a, TOKEN_AUDIENCE);
    const struct val *out = request;
    const struct val *meta;

    if (!val_count(audiences))
        out = val_with_at(c->a, out, "spec.audiences", val_seq(c->a, &one, 1));
    out = val_with_at(c->a, out, "spec.expirationSeconds", val_int(c->a, seconds));
    if (!val_at(out, "spec.boundObjectRef"))
        out = val_with_at(c->a, out, "spec.boundObjectRef", &val_null);
    meta = val_map_of(c->a, "name", val_at(sa, "metadata.name"), "namespace",
                      val_at(sa, "metadata.namespace"), "creationTimestamp",
                      val_string(c->a, wall_time_format(c->a, clock_wall(&c->s->clock))), NULL);
    return val_with(c->a, out, STR("metadata"), meta);
}

struct err *verb_create_token(struct call *c, struct answer *ret)
{
    struct write_options options = { 0 };
    struct decode_call decode = { .resource = c->resource,
                                  .subresource = c->route.subresource,
                                  .media = media_type_parse(c->req->content_type),
                                  .warnings = &c->warnings };
    const struct val *request = NULL;
    const struct val *sa = NULL;
    struct wall_time expires;
    struct str token;
    int64_t seconds;
    struct err *e;

    if (TRY(&e, write_options_parse(c, WRITE_CREATE, &options)))
        return e;
    decode.validation = options.validation;
    if (TRY(&e, decode_object(c->a, &decode, c->req->body, &request)) ||
        TRY(&e, account(c->s, c->r, c->route.ns, c->route.name, &sa)))
        return e;
    if (!sa)
        return status_not_found(c->a, c->resource, c->route.name);
    seconds = val_at_int(request, "spec.expirationSeconds", TOKEN_SECONDS_DEFAULT);
    if (TRY(&e, check_request(c, seconds)))
        return e;
    expires = (struct wall_time){ clock_wall(&c->s->clock).ns + seconds * NS_PER_S };
    if (TRY(&e, issue(c, sa, expires.ns / NS_PER_S, &token)))
        return e;
    ret->body = val_with(c->a, filled(c, request, sa, seconds), STR("status"),
                         val_map_of(c->a, "token", val_string(c->a, token), "expirationTimestamp",
                                    val_string(c->a, wall_time_format(c->a, expires)), NULL));
    ret->status = 201;
    return NULL;
}
