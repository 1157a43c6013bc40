/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cmd_get.h"

#include "cli/cluster_command.h"
#include "cli/get_table.h"
#include "cli/listing.h"

struct get {
    const struct cli *cli;
    const struct invocation *in;
    struct queries queries;
    struct str format;
    bool all_namespaces;
    bool whole; /* `get all`, `get sources all`: kinds without objects are passed over */
    size_t widths[TABLE_COLUMNS_MAX]; /* --watch: of the columns so far */
    const struct flux_kind *kind;     /* --watch */
};

static struct get_table table_of(const struct get *g, const struct flux_kind *kind)
{
    return (struct get_table){
        .kind = kind,
        .now = g->cli->now,
        .all_namespaces = g->all_namespaces,
        .with_kind = g->whole,
        .with_source = flag_is_set(g->in, "show-source"),
        .with_age = str_is(g->format, "wide"),
    };
}

static void print_table(const struct get *g, const struct flux_kind *kind,
                        const struct objects *objects)
{
    struct get_table columns = table_of(g, kind);
    struct text_table t;
    struct buf out;

    text_table_init(&t, g->cli->run->arena);
    get_table_columns(&columns, &t);
    for (size_t i = 0; i < objects->count; i++)
        get_table_row(&columns, &t, objects->items[i], false);
    buf_init(&out, g->cli->run->arena, 0);
    text_table_print(&out, &t, !flag_is_set(g->in, "no-header"));
    g->cli->write(g->cli->self, 1, buf_str(&out));
}

static struct objects_query query_of(const struct get *g, const struct flux_kind *kind)
{
    return (struct objects_query){
        .gvk = kind->gvk,
        .ns = g->all_namespaces ? STR("") : flag_text(g->in, "namespace"),
        .name = g->in->argument_count ? g->in->arguments[0] : STR(""),
        .label_selector = flag_text(g->in, "label-selector"),
        .status_selector = flag_text(g->in, "status-selector"),
    };
}

static struct err *list(const struct get *g, const struct flux_kind *kind, struct objects *ret)
{
    struct objects_query q = query_of(g, kind);

    return g->queries.ops->objects(g->queries.self, g->cli->run, &q, ret);
}

static struct err *none_found(const struct get *g, const struct flux_kind *kind)
{
    struct arena *a = g->cli->run->arena;
    struct str ns = g->all_namespaces
                        ? STR("any")
                        : str_printf(a, "\"%.*s\"", STR_ARG(flag_text(g->in, "namespace")));

    if (g->in->argument_count)
        return err_new(a, ERR_NOT_FOUND, "%.*s object '%.*s' not found in %.*s namespace",
                       STR_ARG(kind->gvk.kind), STR_ARG(g->in->arguments[0]), STR_ARG(ns));
    return err_new(a, ERR_NOT_FOUND, "no %.*s objects found in %.*s namespace",
                   STR_ARG(kind->gvk.kind), STR_ARG(ns));
}

static struct err *connect_get(struct get *g, const struct cli *cli, const struct invocation *in)
{
    struct commands commands;

    *g = (struct get){
        .cli = cli,
        .in = in,
        .format = flag_text(in, "output"),
        .all_namespaces = flag_is_set(in, "all-namespaces"),
    };
    return cluster_command_connect(cli, in, &commands, &g->queries);
}

/* The first state of what is watched. */
static void watch_listed(void *self, const struct objects *objects)
{
    struct get *g = self;
    struct get_table columns = table_of(g, g->kind);
    struct text_table t;
    struct buf out;

    if (listing_is_document(g->format)) {
        for (size_t i = 0; i < objects->count; i++)
            listing_print_one(g->cli, objects->items[i], g->format);
        return;
    }
    text_table_init(&t, g->cli->run->arena);
    get_table_columns(&columns, &t);
    for (size_t i = 0; i < objects->count; i++)
        get_table_row(&columns, &t, objects->items[i], false);
    buf_init(&out, g->cli->run->arena, 0);
    text_table_print(&out, &t, !flag_is_set(g->in, "no-header"));
    memcpy(g->widths, t.widths, sizeof g->widths);
    g->cli->write(g->cli->self, 1, buf_str(&out));
}

/* A row below the others, in their columns. */
static void watch_changed(void *self, const struct val *object, bool gone)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct get *g = self;
    struct get_table columns = table_of(g, g->kind);
    struct text_table t;
    struct buf out;

    if (listing_is_document(g->format)) {
        listing_print_one(g->cli, object, g->format);
        return;
    }
    text_table_init(&t, a);
    get_table_columns(&columns, &t);
    memcpy(t.widths, g->widths, sizeof g->widths);
    get_table_row(&columns, &t, object, gone);
    buf_init(&out, a, 0);
    text_table_print(&out, &t, false);
    memcpy(g->widths, t.widths, sizeof g->widths);
    g->cli->write(g->cli->self, 1, buf_str(&out));
}

static struct err *watch(struct get *g, const struct flux_kind *kind)
{
    struct objects_query q = query_of(g, kind);
    struct observer observer = { .listed = watch_listed, .changed = watch_changed, .self = g };

    g->kind = kind;
    if (!flag_is_given(g->in, "timeout"))
        g->cli->run->deadline = MONO_NEVER;
    return g->queries.ops->observe_objects(g->queries.self, g->cli->run, &q, &observer);
}

struct err *cmd_get(const struct cli *cli, const struct invocation *in)
{
    const struct flux_kind *kind = in->command->kind;
    struct objects objects;
    struct get g;
    struct err *e;

    if (TRY(&e, connect_get(&g, cli, in)))
        return e;
    if (flag_is_set(in, "watch"))
        return watch(&g, kind);
    if (TRY(&e, list(&g, kind, &objects)))
        return e;
    if (listing_is_document(g.format))
        listing_print(cli, &objects, g.format);
    else if (objects.unfiltered == 0)
        return none_found(&g, kind);
    else
        print_table(&g, kind, &objects);
    return NULL;
}

/* A kind that the cluster does not have is passed over; what cannot be read is said, and the others are shown. */
static bool list_some(const struct get *g, const struct flux_kind *kind, struct objects *ret,
                      struct err **failure)
{
    struct err *e = list(g, kind, ret);

    if (!e)
        return ret->count > 0;
    if (e->code != ERR_NOT_FOUND) {
        cli_note(g->cli, "✗ %.*s\n", STR_ARG(err_line(g->cli->run->arena, e)));
        *failure = err_new(g->cli->run->arena, e->code, " ");
        (*failure)->msg = STR("");
    }
    return false;
}

static struct err *get_whole(const struct cli *cli, const struct invocation *in,
                             enum flux_kind_id first, enum flux_kind_id last)
{
    struct seq_builder documents;
    struct objects objects;
    struct err *failure = NULL, *e;
    struct get g;

    if (TRY(&e, connect_get(&g, cli, in)))
        return e;
    g.whole = true;
    seq_builder_init(&documents, cli->run->arena);
    for (unsigned k = first; k <= last; k++) {
        if (!list_some(&g, &flux_kinds[k], &objects, &failure))
            continue;
        for (size_t i = 0; i < objects.count; i++)
            seq_builder_add(&documents, objects.items[i]);
        if (!listing_is_document(g.format)) {
            print_table(&g, &flux_kinds[k], &objects);
            cli_print(cli, "\n");
        }
    }
    objects = (struct objects){ .items = documents.items, .count = documents.count };
    if (listing_is_document(g.format))
        listing_print(cli, &objects, g.format);
    return failure;
}

struct err *cmd_get_sources_all(const struct cli *cli, const struct invocation *in)
{
    return get_whole(cli, in, FLUX_OCI_REPOSITORY, FLUX_EXTERNAL_ARTIFACT);
}

struct err *cmd_get_images_all(const struct cli *cli, const struct invocation *in)
{
    return get_whole(cli, in, FLUX_IMAGE_REPOSITORY, FLUX_IMAGE_UPDATE_AUTOMATION);
}

struct err *cmd_get_all(const struct cli *cli, const struct invocation *in)
{
    return get_whole(cli, in, FLUX_OCI_REPOSITORY, FLUX_ALERT);
}
