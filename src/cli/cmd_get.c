/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cmd_get.h"

#include "cli/cluster_command.h"
#include "cli/listing.h"
#include "cli/table.h"

struct listing {
    const struct cli *cli;
    const struct invocation *in;
    bool all_namespaces;
    bool with_kind; /* `get all`: name is kind/name */
    bool wide;
};

static struct str kind_word(struct arena *a, const struct val *object)
{
    return str_lower(a, val_get_str(object, "kind"));
}

static void add_row(const struct listing *l, struct text_table *t, const struct val *object)
{
    struct arena *a = l->cli->run->arena;
    struct table_row *row = text_table_row(t);
    struct str name = val_at_str(object, "metadata.name"), status, message, revision;
    size_t c = 0;

    listing_status(object, &status, &message);
    revision = str_is(val_get_str(object, "kind"), "Kustomization")
                   ? val_at_str(object, "status.lastAppliedRevision")
                   : val_at_str(object, "status.artifact.revision");
    if (l->all_namespaces)
        row->cells[c++] = val_at_str(object, "metadata.namespace");
    row->cells[c++] = l->with_kind
                          ? str_printf(a, "%.*s/%.*s", STR_ARG(kind_word(a, object)), STR_ARG(name))
                          : name;
    row->cells[c++] = listing_short(a, revision);
    row->cells[c++] = val_at_bool(object, "spec.suspend", false) ? STR("True") : STR("False");
    row->cells[c++] = status;
    row->cells[c++] = listing_short(a, message);
    if (l->wide)
        row->cells[c++] = listing_age(a, l->cli->now,
                                      val_at_str(object, "metadata.creationTimestamp"));
}

static void print_table(const struct listing *l, const struct objects *objects)
{
    struct text_table t;
    struct buf out;

    text_table_init(&t, l->cli->run->arena);
    if (l->all_namespaces)
        text_table_column(&t, "Namespace");
    text_table_column(&t, "Name");
    text_table_column(&t, "Revision");
    text_table_column(&t, "Suspended");
    text_table_column(&t, "Ready");
    text_table_column(&t, "Message");
    if (l->wide)
        text_table_column(&t, "Age");
    for (size_t i = 0; i < objects->count; i++)
        add_row(l, &t, objects->items[i]);
    buf_init(&out, l->cli->run->arena, 0);
    text_table_print(&out, &t, !flag_is_set(l->in, "no-header"));
    l->cli->write(l->cli->self, 1, buf_str(&out));
}

static struct err *query(const struct listing *l, const struct queries *queries,
                         const struct flux_kind *kind, struct objects *ret)
{
    struct objects_query q = {
        .gvk = kind->gvk,
        .ns = l->all_namespaces ? STR("") : flag_text(l->in, "namespace"),
        .name = l->in->argument_count ? l->in->arguments[0] : STR(""),
        .label_selector = flag_text(l->in, "label-selector"),
    };

    return queries->ops->objects(queries->self, l->cli->run, &q, ret);
}

static struct str namespace_or_any(const struct listing *l)
{
    return l->all_namespaces ? STR("any") : flag_text(l->in, "namespace");
}

static struct err *none_found(const struct listing *l, const struct flux_kind *kind)
{
    struct arena *a = l->cli->run->arena;
    struct str ns = namespace_or_any(l);

    if (l->in->argument_count)
        return err_new(a, ERR_NOT_FOUND, "%s object '%.*s' not found in \"%.*s\" namespace",
                       kind->object, STR_ARG(l->in->arguments[0]), STR_ARG(ns));
    return err_new(a, ERR_NOT_FOUND, "no %s objects found in \"%.*s\" namespace", kind->object,
                   STR_ARG(ns));
}

static struct listing listing_of(const struct cli *cli, const struct invocation *in)
{
    return (struct listing){
        .cli = cli,
        .in = in,
        .all_namespaces = flag_is_set(in, "all-namespaces"),
        .wide = str_is(flag_text(in, "output"), "wide"),
    };
}

static struct err *get_kind(const struct cli *cli, const struct invocation *in,
                            const struct flux_kind *kind)
{
    struct listing l = listing_of(cli, in);
    struct commands commands;
    struct queries queries;
    struct objects objects;
    struct err *e;

    if (TRY(&e, cluster_command_connect(cli, in, &commands, &queries)) ||
        TRY(&e, query(&l, &queries, kind, &objects)))
        return e;
    if (listing_is_document(flag_text(in, "output")))
        listing_print(cli, &objects, flag_text(in, "output"));
    else if (objects.count == 0)
        return none_found(&l, kind);
    else
        print_table(&l, &objects);
    return NULL;
}

struct err *cmd_get_git(const struct cli *cli, const struct invocation *in)
{
    return get_kind(cli, in, &kind_git_repository);
}

struct err *cmd_get_kustomizations(const struct cli *cli, const struct invocation *in)
{
    return get_kind(cli, in, &kind_kustomization);
}

static struct objects joined(struct arena *a, const struct objects *first,
                             const struct objects *second)
{
    const struct val **items = ARENA_ARRAY(a, first->count + second->count, const struct val *);

    for (size_t i = 0; i < first->count; i++)
        items[i] = first->items[i];
    for (size_t i = 0; i < second->count; i++)
        items[first->count + i] = second->items[i];
    return (struct objects){ .items = items, .count = first->count + second->count };
}

struct err *cmd_get_all(const struct cli *cli, const struct invocation *in)
{
    struct listing l = listing_of(cli, in);
    struct objects sources, kustomizations, all;
    struct commands commands;
    struct queries queries;
    struct err *e;

    l.with_kind = true;
    if (TRY(&e, cluster_command_connect(cli, in, &commands, &queries)) ||
        TRY(&e, query(&l, &queries, &kind_git_repository, &sources)) ||
        TRY(&e, query(&l, &queries, &kind_kustomization, &kustomizations)))
        return e;
    all = joined(cli->run->arena, &sources, &kustomizations);
    if (listing_is_document(flag_text(in, "output"))) {
        listing_print(cli, &all, flag_text(in, "output"));
        return NULL;
    }
    if (sources.count > 0) {
        print_table(&l, &sources);
        cli_print(cli, "\n");
    }
    if (kustomizations.count > 0) {
        print_table(&l, &kustomizations);
        cli_print(cli, "\n");
    }
    return NULL;
}
