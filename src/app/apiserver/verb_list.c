/* SPDX-License-Identifier: Apache-2.0 */
/*
 * LIST: selectors, chunks, resourceVersion. A chunk's continue token holds the revision of the first chunk and the
 * key it ended at; later chunks are of that revision too: the present rows if nothing has changed, else those of past.h. A
 * token expires with the history of its revision.
 */
#include <inttypes.h>

#include "app/apiserver/list_options.h"
#include "app/apiserver/past.h"
#include "app/apiserver/verbs.h"
#include "foreign/base64.h"
#include "value/json.h"

enum { LIST_PAGE_ROWS = 500 }; /* rows read at a time where a selector drops many of them */

struct listing {
    struct list_options options;
    struct store_key after;
    int64_t revision; /* to report */
    bool is_past;     /* something changed since: that revision has to be put together again */
    const struct val **items;
    size_t count;
    size_t cap;
    bool more;
    size_t remaining;
};

static struct err *bad_continue(struct call *c, const char *why)
{
    return status_bad_request(c->a, "continue key is not valid: %s", why);
}

/* The URL alphabet without padding, over the standard one. */
static struct str swap_bytes(struct call *c, struct str s, const char *from, const char *to)
{
    char *out = arena_alloc(c->a, s.len + 4);

    for (size_t i = 0; i < s.len; i++)
        out[i] = s.ptr[i] == from[0] ? to[0] : s.ptr[i] == from[1] ? to[1] : s.ptr[i];
    memcpy(out + s.len, "====", 4);
    return str_of(out, s.len);
}

static bool token_bytes(struct call *c, struct str text, struct str *ret)
{
    struct str standard = swap_bytes(c, text, "-_", "+/");

    standard.len += (4 - standard.len % 4) % 4;
    return base64_decode(c->a, standard, BASE64_STRICT, ret);
}

static struct err *token_read(struct call *c, struct listing *l)
{
    struct str text = l->options.token;
    struct store_since since = { .limit = 1 };
    struct store_events events = { 0 };
    const struct val *token = NULL;
    struct str json;
    struct str start;
    struct str ns;
    struct err *e;

    if (l->options.has_version && l->options.version != 0)
        return status_bad_request(c->a,
                                  "specifying resource version is not allowed when using continue");
    if (!token_bytes(c, text, &json) || json_read(c->a, json, STR("continue"), 0, &token))
        return bad_continue(c, "encoding error");
    start = val_get_str(token, "start");
    l->revision = val_at_int(token, "rv", 0);
    if (!str_is(val_get_str(token, "v"), "meta.k8s.io/v1") || l->revision <= 0 ||
        str_find_byte(start, '/', 0) == SIZE_MAX)
        return bad_continue(c, "no version, revision or start");
    (void)str_cut(&start, '/', &ns);
    l->after = (struct store_key){ l->after.resource, ns, start };
    since.resource = l->after.resource;
    since.after = l->revision;
    e = c->s->store.ops->changes(c->s->store.self, c->r, &since, &events);
    if (e && e->code == ERR_GONE)
        return status_expired(
            c->a, "The provided continue parameter is too old to display a consistent "
                  "list result. You must start a new list without the continue parameter.");
    l->is_past = events.count > 0;
    return e;
}

static struct str token_write(struct call *c, const struct listing *l)
{
    const struct val *token = val_map_of(
        c->a, "v", val_cstring(c->a, "meta.k8s.io/v1"), "rv", val_int(c->a, l->revision), "start",
        val_string(c->a,
                   str_printf(c->a, "%.*s/%.*s", STR_ARG(l->after.ns), STR_ARG(l->after.name))),
        NULL);

    struct str text = base64_encode(c->a, json_string(c->a, token, JSON_COMPACT));

    while (text.len && text.ptr[text.len - 1] == '=')
        text.len--;
    return swap_bytes(c, text, "+/", "-_");
}

static void keep(struct call *c, struct listing *l, const struct val *object)
{
    l->items = vec_grow(c->a, l->items, l->count, &l->cap, sizeof *l->items);
    l->items[l->count++] = object;
}

/* Takes matching rows until the limit; sets where to go on. */
static struct err *take_rows(struct call *c, struct listing *l, const struct store_rows *rows)
{
    struct err *e;

    for (size_t i = 0; i < rows->count; i++) {
        const struct store_row *row = &rows->items[i];
        const struct val *object = NULL;

        if (l->options.limit && l->count == l->options.limit) {
            l->more = true;
            return NULL;
        }
        if (TRY(&e, storage_decode(c->a, c->resource, row->value, row->revision, &object)))
            return e;
        l->after = row->key;
        if (list_options_match(c->a, c->resource, &l->options, object))
            keep(c, l, object);
    }
    l->more = rows->more;
    return NULL;
}

static struct err *read_pages(struct call *c, struct listing *l)
{
    struct store_range range = { .resource = l->after.resource, .ns = c->route.ns };
    bool selective = list_options_selects(&l->options);
    struct err *e;

    do {
        struct store_rows rows = { 0 };

        range.after = l->after;
        range.limit = !l->options.limit ? 0 : selective ? LIST_PAGE_ROWS : l->options.limit;
        if (TRY(&e, c->s->store.ops->list(c->s->store.self, c->r, &range, &rows)))
            return e;
        if (!l->revision)
            l->revision = rows.revision;
        if (TRY(&e, take_rows(c, l, &rows)))
            return e;
        l->remaining = rows.remaining;
    } while (l->more && l->count < l->options.limit);
    return NULL;
}

/* A selector that names one object needs no scan. */
static struct err *read_one(struct call *c, struct listing *l, struct str name)
{
    const struct val *object = NULL;
    struct err *e;

    l->revision = c->s->store.ops->revision(c->s->store.self);
    if (TRY(&e, storage_get(c->s, c->r, c->resource, c->route.ns, name, &object)))
        return e;
    if (object && list_options_match(c->a, c->resource, &l->options, object))
        keep(c, l, object);
    return NULL;
}

/* Rows behind the key where the chunk before ended. */
static struct store_rows rows_behind(struct store_rows rows, const struct store_key *after)
{
    while (rows.count && after->name.len) {
        int order = str_cmp(rows.items->key.ns, after->ns);

        if (order > 0 || (order == 0 && str_cmp(rows.items->key.name, after->name) > 0))
            break;
        rows.items++;
        rows.count--;
    }
    return rows;
}

/* Exactly the state at a revision, while its history is kept. */
static struct err *read_past(struct call *c, struct listing *l, int64_t revision)
{
    struct store_rows rows = { 0 };
    struct err *e = past_list(c->s, c->r, l->after.resource, c->route.ns, revision, &rows);

    if (e && e->code == ERR_GONE)
        return status_expired(c->a, "The resourceVersion for the provided list is too old.");
    if (e)
        return e;
    l->revision = revision;
    rows = rows_behind(rows, &l->after);
    if (TRY(&e, take_rows(c, l, &rows)))
        return e;
    l->remaining = rows.count - l->count;
    return NULL;
}

static const struct val *list_meta(struct call *c, const struct listing *l)
{
    struct map_builder b;

    map_builder_init(&b, c->a);
    map_builder_set(&b, STR("resourceVersion"),
                    val_string(c->a, str_printf(c->a, "%" PRId64, l->revision)));
    if (l->more)
        map_builder_set(&b, STR("continue"), val_string(c->a, token_write(c, l)));
    else if (c->resource->crd) /* Go's unstructured lists always print it */
        map_builder_set(&b, STR("continue"), &val_empty_string);
    if (l->more && !list_options_selects(&l->options))
        map_builder_set(&b, STR("remainingItemCount"), val_int(c->a, (int64_t)l->remaining));
    return map_builder_done(&b, NULL);
}

struct err *verb_list(struct call *c, struct answer *ret)
{
    struct listing l = { 0 };
    struct str name;
    struct err *e;

    if (TRY(&e, list_options_parse(c, &l.options)))
        return e;
    l.after.resource = api_resource_store_key(c->a, c->resource);
    if (l.options.token.len && TRY(&e, token_read(c, &l)))
        return e;
    if (l.options.exact || l.is_past)
        e = read_past(c, &l, l.is_past ? l.revision : l.options.version);
    else if (field_selector_name(&l.options.fields, &name) && !l.options.token.len &&
             (!c->resource->namespaced || c->route.ns.len))
        e = read_one(c, &l, name);
    else
        e = read_pages(c, &l);
    if (e)
        return e;
    ret->is_list = true;
    ret->items = l.items;
    ret->item_count = l.count;
    ret->list_meta = list_meta(c, &l);
    return NULL;
}
