/* SPDX-License-Identifier: Apache-2.0 */
#include "app/apiserver/events.h"

#include "value/json.h"

enum { EVENT_SECONDS = 3600, SWEEP_BATCH = 500 };

/* The latest moment that an Event speaks of. */
static int64_t last_touched_ns(const struct val *event)
{
    static const char *const paths[] = { "metadata.creationTimestamp", "lastTimestamp", "eventTime",
                                         "series.lastObservedTime" };
    int64_t last = 0;

    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        struct wall_time t;

        if (wall_time_parse(val_at_str(event, paths[i]), &t) && t.ns > last)
            last = t.ns;
    }
    return last;
}

/* One commit for a batch; an Event that changes meanwhile is left for the next sweep. */
static struct err *sweep_rows(struct apiserver *s, struct run *r, const struct store_rows *rows)
{
    int64_t limit = clock_wall(&s->clock).ns - EVENT_SECONDS * NS_PER_S;
    struct store_write *writes = ARENA_ARRAY(r->arena, rows->count + 1, struct store_write);
    size_t count = 0;

    for (size_t i = 0; i < rows->count; i++) {
        const struct val *event = NULL;

        if (json_read(r->arena, rows->items[i].value, STR("event"), JSON_READ_BORROW, &event) ||
            last_touched_ns(event) > limit)
            continue;
        writes[count++] = (struct store_write){ .key = rows->items[i].key,
                                                .remove = true,
                                                .value = rows->items[i].value,
                                                .expected_revision = rows->items[i].revision };
    }
    return count ? s->store.ops->commit(s->store.self, r, writes, count, false) : NULL;
}

void events_sweep(struct apiserver *s, struct run *r)
{
    struct store_range range = { .resource = STR("/events"), .limit = SWEEP_BATCH };
    struct store_rows rows = { .more = true };

    while (rows.more) {
        rows = (struct store_rows){ 0 };
        if (s->store.ops->list(s->store.self, r, &range, &rows))
            return;
        if (rows.count)
            range.after = rows.items[rows.count - 1].key;
        if (sweep_rows(s, r, &rows))
            return; /* the next sweep tries again */
    }
}
