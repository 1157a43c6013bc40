/* SPDX-License-Identifier: Apache-2.0 */
#include "app/apiserver/past.h"

#include "base/map.h"
#include "base/vec.h"

enum { PAST_BATCH = 1000 };

struct past {
    struct arena *a;
    struct map rows; /* "ns/name" to struct store_row */
    VEC(struct store_event) events;
};

static struct str row_key(struct arena *a, const struct store_key *key)
{
    return str_printf(a, "%.*s/%.*s", STR_ARG(key->ns), STR_ARG(key->name));
}

static void put(struct past *p, const struct store_row *row)
{
    struct store_row *copy = ARENA_NEW(p->a, struct store_row);

    *copy = *row;
    (void)map_set(&p->rows, row_key(p->a, &row->key), copy);
}

static void undo(struct past *p, const struct store_event *event)
{
    struct store_row row = { .key = event->key,
                             .value = event->previous,
                             .revision = event->previous_revision };

    if (event->type == STORE_CREATED)
        (void)map_remove(&p->rows, row_key(p->a, &event->key));
    else
        put(p, &row);
}

/* Events behind `revision` up to `until`, where the present was read. */
static struct err *read_events(struct past *p, struct apiserver *s, struct run *r,
                               struct str resource, int64_t revision, int64_t until)
{
    struct store_since since = { .resource = resource, .after = revision, .limit = PAST_BATCH };
    struct store_events events = { .count = PAST_BATCH };
    struct err *e;

    while (events.count == PAST_BATCH) {
        if (TRY(&e, s->store.ops->changes(s->store.self, r, &since, &events)))
            return e;
        for (size_t i = 0; i < events.count; i++) {
            if (events.items[i].revision > until)
                return NULL;
            *VEC_PUSH(p->a, &p->events) = events.items[i];
            since.after = events.items[i].revision;
        }
    }
    return NULL;
}

/* Insertion into what is nearly sorted: the present rows are, and few were added. */
static void sort(struct store_rows *rows)
{
    for (size_t i = 1; i < rows->count; i++) {
        struct store_row row = rows->items[i];
        size_t k = i;

        for (; k > 0; k--) {
            const struct store_key *before = &rows->items[k - 1].key;
            int order = str_cmp(before->ns, row.key.ns);

            if (order < 0 || (order == 0 && str_cmp(before->name, row.key.name) <= 0))
                break;
            rows->items[k] = rows->items[k - 1];
        }
        rows->items[k] = row;
    }
}

struct err *past_list(struct apiserver *s, struct run *r, struct str resource, struct str ns,
                      int64_t revision, struct store_rows *ret)
{
    struct past p = { .a = r->arena };
    struct store_range range = { .resource = resource, .ns = ns };
    struct store_rows now = { 0 };
    struct err *e;

    map_init(&p.rows, r->arena);
    if (TRY(&e, s->store.ops->list(s->store.self, r, &range, &now)) ||
        TRY(&e, read_events(&p, s, r, resource, revision, now.revision)))
        return e;
    for (size_t i = 0; i < now.count; i++)
        put(&p, &now.items[i]);
    for (size_t i = p.events.count; i-- > 0;)
        if (!ns.len || str_eq(p.events.items[i].key.ns, ns))
            undo(&p, &p.events.items[i]);
    *ret = (struct store_rows){ .items = ARENA_ARRAY(r->arena, p.rows.count + 1, struct store_row),
                                .revision = revision };
    for (size_t i = 0; i < p.rows.entry_count; i++)
        if (p.rows.entries[i].value)
            ret->items[ret->count++] = *(const struct store_row *)p.rows.entries[i].value;
    sort(ret);
    return NULL;
}
