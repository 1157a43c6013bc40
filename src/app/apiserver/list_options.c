/* SPDX-License-Identifier: Apache-2.0 */
#include "app/apiserver/list_options.h"

static struct err *parse_number(struct call *c, const char *key, int64_t *ret)
{
    struct str text = query_get(&c->query, key);

    *ret = 0;
    if (text.len && !str_to_int64(text, ret))
        return status_bad_request(c->a, "strconv.ParseInt: parsing \"%.*s\": invalid syntax",
                                  STR_ARG(text));
    if (*ret < 0)
        *ret = 0;
    return NULL;
}

static void check_list(struct call *c, const struct list_options *o, struct field_errors *errs)
{
    struct str match = query_get(&c->query, "resourceVersionMatch");
    struct str field = STR("resourceVersionMatch");

    if (match.len) {
        if (!o->has_version)
            field_error_add(
                c->a, errs, FIELD_FORBIDDEN, field, NULL,
                STR("resourceVersionMatch is forbidden unless resourceVersion is provided"));
        if (o->token.len)
            field_error_add(c->a, errs, FIELD_FORBIDDEN, field, NULL,
                            STR("resourceVersionMatch is forbidden when continue is provided"));
        if (!str_is(match, "Exact") && !str_is(match, "NotOlderThan"))
            field_error_add(c->a, errs, FIELD_NOT_SUPPORTED, field, val_string(c->a, match),
                            STR("supported values: \"Exact\", \"NotOlderThan\", \"\""));
        if (str_is(match, "Exact") && o->has_version && o->version == 0)
            field_error_add(
                c->a, errs, FIELD_FORBIDDEN, field, NULL,
                STR("resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\""));
    }
    if (query_has(&c->query, "sendInitialEvents"))
        field_error_add(c->a, errs, FIELD_FORBIDDEN, STR("sendInitialEvents"), NULL,
                        STR("sendInitialEvents is forbidden for list"));
}

static void check_watch(struct call *c, const struct list_options *o, struct field_errors *errs)
{
    struct str match = query_get(&c->query, "resourceVersionMatch");
    struct str field = STR("resourceVersionMatch");
    bool asks = query_has(&c->query, "sendInitialEvents");

    if (asks && !str_is(match, "NotOlderThan"))
        field_error_add(
            c->a, errs, FIELD_FORBIDDEN, field, NULL,
            STR("sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"));
    if (!match.len)
        return;
    if (!asks)
        field_error_add(
            c->a, errs, FIELD_FORBIDDEN, field, NULL,
            STR("resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"));
    if (!str_is(match, "NotOlderThan"))
        field_error_add(c->a, errs, FIELD_NOT_SUPPORTED, field, val_string(c->a, match),
                        STR("supported values: \"NotOlderThan\""));
    if (o->token.len)
        field_error_add(c->a, errs, FIELD_FORBIDDEN, field, NULL,
                        STR("resourceVersionMatch is forbidden when continue is provided"));
}

static struct err *check_version(struct call *c, const struct list_options *o)
{
    int64_t current = c->s->store.ops->revision(c->s->store.self);

    return o->version > current ? status_too_large_version(c->a, o->version, current) : NULL;
}

static struct err *parse_version(struct call *c, struct list_options *o)
{
    struct str text = query_get(&c->query, "resourceVersion");

    o->has_version = text.len > 0;
    if (text.len && (!str_to_int64(text, &o->version) || o->version < 0))
        return status_bad_request(c->a,
                                  "invalid resource version: resourceVersion: Invalid value: "
                                  "\"%.*s\": strconv.ParseUint: parsing \"%.*s\": invalid syntax",
                                  STR_ARG(text), STR_ARG(text));
    return NULL;
}

struct err *list_options_parse(struct call *c, struct list_options *ret)
{
    struct gvk gvk = { STR("meta.k8s.io"), STR("v1"), STR("ListOptions") };
    struct field_errors errs = { 0 };
    struct list_options o = { .token = query_get(&c->query, "continue"),
                              .watch = query_bool(&c->query, "watch"),
                              .bookmarks = query_bool(&c->query, "allowWatchBookmarks") };
    int64_t limit = 0;
    struct err *e;

    if (TRY(&e, parse_number(c, "limit", &limit)) ||
        TRY(&e, parse_number(c, "timeoutSeconds", &o.timeout_s)) || TRY(&e, parse_version(c, &o)) ||
        TRY(&e, label_selector_parse(c->a, query_get(&c->query, "labelSelector"), &o.labels)) ||
        TRY(&e, field_selector_parse(c->a, c->resource, query_get(&c->query, "fieldSelector"),
                                     &o.fields)))
        return e;
    if (o.watch)
        check_watch(c, &o, &errs);
    else
        check_list(c, &o, &errs);
    if (TRY(&e, status_invalid(c->a, &gvk, STR(""), &errs)))
        return e;
    /* "0" is what kube has in its cache, which knows no chunks; any other version with a limit is exact. */
    o.limit = o.has_version && o.version == 0 && !o.token.len ? 0 : (size_t)limit;
    o.exact = !o.watch && (str_is(query_get(&c->query, "resourceVersionMatch"), "Exact") ||
                           (limit && o.version && !o.token.len &&
                            !query_get(&c->query, "resourceVersionMatch").len));
    /* Without a version, and with "0", a watch begins with what there is. */
    o.initial_events = query_has(&c->query, "sendInitialEvents")
                           ? query_bool(&c->query, "sendInitialEvents")
                           : o.watch && o.version == 0;
    *ret = o;
    return o.token.len && !o.watch ? NULL : check_version(c, &o);
}

bool list_options_match(struct arena *a, const struct api_resource *res,
                        const struct list_options *o, const struct val *object)
{
    return label_selector_matches(&o->labels, object) &&
           field_selector_matches(a, res, &o->fields, object);
}

bool list_options_selects(const struct list_options *o)
{
    return o->labels.count > 0 || o->fields.count > 0;
}
