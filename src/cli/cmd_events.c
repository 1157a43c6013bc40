/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cmd_events.h"

#include "cli/cluster_command.h"
#include "cli/listing.h"
#include "cli/table.h"

struct showing {
    const struct cli *cli;
    const struct invocation *in;
    struct str format;
    bool with_namespace;
    size_t widths[TABLE_COLUMNS_MAX]; /* --watch: of the columns so far */
};

/* When, or "4s (x3 over 2m)" of one that came again. */
static struct str last_seen(struct arena *a, struct wall_time now, const struct val *event)
{
    const struct val *series = val_get(event, STR("series"));
    struct str first = val_get_str(event, "eventTime");
    int64_t count = val_at_int(series ? series : event, "count", 0);
    struct str last = series ? val_get_str(series, "lastObservedTime")
                             : val_get_str(event, "lastTimestamp");

    if (first.len == 0)
        first = val_get_str(event, "firstTimestamp");
    first = listing_age(a, now, first);
    if (!series && count <= 1)
        return first;
    return str_printf(a, "%.*s (x%lld over %.*s)", STR_ARG(listing_age(a, now, last)),
                      (long long)count, STR_ARG(first));
}

static void add_columns(const struct showing *s, struct text_table *t)
{
    if (s->with_namespace)
        text_table_column(t, "Namespace");
    text_table_column(t, "Last seen");
    text_table_column(t, "Type");
    text_table_column(t, "Reason");
    text_table_column(t, "Object");
    text_table_column(t, "Message");
}

static void add_row(const struct showing *s, struct text_table *t, const struct val *event)
{
    struct table_row *row = text_table_row(t);
    size_t c = 0;

    if (s->with_namespace)
        row->cells[c++] = val_at_str(event, "metadata.namespace");
    row->cells[c++] = last_seen(t->arena, s->cli->now, event);
    row->cells[c++] = val_get_str(event, "type");
    row->cells[c++] = val_get_str(event, "reason");
    row->cells[c++] = str_printf(t->arena, "%.*s/%.*s",
                                 STR_ARG(val_at_str(event, "involvedObject.kind")),
                                 STR_ARG(val_at_str(event, "involvedObject.name")));
    row->cells[c++] = val_get_str(event, "message");
}

static void print(struct showing *s, const struct val *const *events, size_t count, bool headers)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct text_table t;
    struct buf out;

    text_table_init(&t, a);
    add_columns(s, &t);
    memcpy(t.widths, s->widths, sizeof s->widths);
    for (size_t i = 0; i < count; i++)
        add_row(s, &t, events[i]);
    buf_init(&out, a, 0);
    text_table_print(&out, &t, headers);
    memcpy(s->widths, t.widths, sizeof s->widths);
    s->cli->write(s->cli->self, 1, buf_str(&out));
}

/* Events of a source elsewhere need the column too. */
static bool other_namespace(const struct objects *events, struct str ns)
{
    for (size_t i = 0; i < events->count; i++)
        if (!str_eq(val_at_str(events->items[i], "metadata.namespace"), ns))
            return true;
    return false;
}

static void watch_listed(void *self, const struct objects *events)
{
    struct showing *s = self;

    for (size_t i = 0; listing_is_document(s->format) && i < events->count; i++)
        listing_print_one(s->cli, events->items[i], s->format);
    if (!listing_is_document(s->format))
        print(s, events->items, events->count, !flag_is_set(s->in, "no-header"));
}

static void watch_changed(void *self, const struct val *event, bool gone)
{
    struct showing *s = self;

    (void)gone; /* an event that expires is no news */
    if (listing_is_document(s->format))
        listing_print_one(s->cli, event, s->format);
    else
        print(s, &event, 1, false);
}

static struct err *show(struct showing *s, const struct queries *queries,
                        const struct events_query *q)
{
    struct objects events;
    struct err *e = queries->ops->events(queries->self, s->cli->run, q, &events);

    if (e)
        return e;
    if (listing_is_document(s->format)) {
        listing_print(s->cli, &events, s->format);
    } else if (events.count == 0 && q->all_namespaces) {
        cli_note(s->cli, "✗ No events found.\n");
    } else if (events.count == 0) {
        cli_note(s->cli, "✗ No events found in %.*s namespace.\n", STR_ARG(q->ns));
    } else {
        s->with_namespace = s->with_namespace || other_namespace(&events, q->ns);
        print(s, events.items, events.count, !flag_is_set(s->in, "no-header"));
    }
    return NULL;
}

struct err *cmd_events(const struct cli *cli, const struct invocation *in)
{
    struct str name = flag_text(in, "for"), kind = STR("");
    struct events_query q = { .ns = flag_text(in, "namespace"),
                              .all_namespaces = flag_is_set(in, "all-namespaces"),
                              .types = flag_text(in, "types") };
    struct showing s = {
        .cli = cli, .in = in, .format = flag_text(in, "output"), .with_namespace = q.all_namespaces
    };
    struct observer observer = { .listed = watch_listed, .changed = watch_changed, .self = &s };
    struct commands commands;
    struct queries queries;
    struct err *e;

    if (name.len > 0) {
        (void)str_cut(&name, '/', &kind);
        q.kind = kind;
        q.name = name.ptr ? name : STR("");
    }
    if (TRY(&e, cluster_command_connect(cli, in, &commands, &queries)))
        return e;
    if (!flag_is_set(in, "watch"))
        return show(&s, &queries, &q);
    if (!flag_is_given(in, "timeout"))
        cli->run->deadline = MONO_NEVER;
    return queries.ops->observe_events(queries.self, cli->run, &q, &observer);
}
