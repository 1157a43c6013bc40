/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cmd_kustomize.h"

#include "cli/read_log.h"
#include "core/kustomize/explain.h"
#include "core/kustomize/graph.h"
#include "value/json.h"
#include "value/yaml.h"

/* One run of a command, or one round of --watch. */
struct job {
    const struct cli *cli;
    const struct invocation *in;
    struct arena *arena;
    struct kustomize_options options;
    struct tree tree;
    struct str path;
    struct read_log *log; /* NULL: nobody asks what was read */
};

/* The folder that the user named, or a repository's when the name is a URL. */
static struct err *open_target(struct job *j)
{
    const struct session *session = &j->cli->session;
    struct str dir = j->in->argument_count ? j->in->arguments[0] : STR(".");
    struct kustomize_remote remote;
    const struct tree *fetched;
    struct err *e;

    if (kustomize_remote_parse(j->arena, dir, &remote)) {
        if (!j->options.fetch.repository)
            return err_new(j->arena, ERR_FORBIDDEN,
                           "\"%.*s\" is remote, which --no-remote-bases forbids", STR_ARG(dir));
        if (TRY(&e,
                j->options.fetch.repository(j->options.fetch.self, j->arena, &remote, &fetched)))
            return err_wrap(j->arena, e, "\"%.*s\"", STR_ARG(dir));
        j->tree = *fetched;
        j->path = remote.path;
        j->options.label = str_printf(j->arena, "%.*s//%.*s", STR_ARG(fetched->label),
                                      STR_ARG(remote.path));
        return NULL;
    }
    j->options.machine_root = true;
    j->options.label = str_trim_suffix(dir, STR("/"));
    if (TRY(&e, session->ops->open_tree(session->self, j->arena, dir, &j->tree, &j->path)))
        return e;
    if (j->log)
        j->tree = read_log_tree(j->log, j->arena, &j->tree);
    return NULL;
}

static bool is_folder(const struct job *j, struct str path)
{
    const struct session *session = &j->cli->session;
    enum tree_kind kind;
    struct tree tree;
    struct str at;

    return !session->ops->open_tree(session->self, j->arena, path, &tree, &at) &&
           !tree_stat(&tree, j->arena, at, &kind) && kind == TREE_DIR;
}

static struct err *write_files(const struct job *j, const struct kustomize_result *result,
                               struct str folder)
{
    const struct session *session = &j->cli->session;
    struct err *e;

    for (size_t i = 0; i < result->count; i++) {
        struct str path = str_printf(j->arena, "%.*s/%.*s",
                                     STR_ARG(str_trim_suffix(folder, STR("/"))),
                                     STR_ARG(kustomize_file_name(j->arena, result, i)));
        struct str text = yaml_string(j->arena, result->items[i].object, YAML_WRITE_DEFAULT);

        if (TRY(&e, session->ops->write_file(session->self, j->arena, path, text)))
            return e;
    }
    return NULL;
}

/* In pieces, so that a large result is never held as text as well. */
static void print_objects(const struct job *j, const struct kustomize_result *result)
{
    enum { PIECE_BYTES = 128 * 1024 };
    struct buf out;

    buf_init(&out, j->arena, 0);
    for (size_t i = 0; i < result->count; i++) {
        if (i > 0)
            buf_lit(&out, "---\n");
        yaml_write(&out, result->items[i].object, YAML_WRITE_DEFAULT);
        if (out.len < PIECE_BYTES && i + 1 < result->count)
            continue;
        j->cli->write(j->cli->self, 1, buf_str(&out));
        out.len = 0;
    }
}

/* To standard output, into one file, or into a folder that is there, a file an object. */
static struct err *deliver(const struct job *j, const struct kustomize_result *result)
{
    const struct session *session = &j->cli->session;
    struct str explain = flag_text(j->in, "explain"), output = flag_text(j->in, "output");
    struct err *e;
    struct buf out;

    if (explain.len == 0 && output.len == 0) {
        print_objects(j, result);
        return NULL;
    }
    buf_init(&out, j->arena, 0);
    if (explain.len > 0) {
        if (TRY(&e, kustomize_explain(j->arena, result, explain, &out)))
            return e;
    } else if (output.len > 0 && is_folder(j, output)) {
        return write_files(j, result, output);
    } else {
        kustomize_print(&out, result);
    }
    if (output.len > 0)
        return session->ops->write_file(session->self, j->arena, output, buf_str(&out));
    j->cli->write(j->cli->self, 1, buf_str(&out));
    return NULL;
}

static struct err *build_once(struct job *j)
{
    struct kustomize_result result = { 0 };
    struct err *e;

    j->options.load_anywhere = str_is(flag_text(j->in, "load-restrictor"), "LoadRestrictionsNone");
    j->options.legacy_order = str_is(flag_text(j->in, "reorder"), "legacy");
    j->options.trace = flag_text(j->in, "explain").len > 0;
    if (TRY(&e, open_target(j)))
        return e;
    if (TRY(&e, kustomize_build(j->arena, &j->options, &j->tree, j->path, &result)))
        return e;
    for (size_t i = 0; i < result.warning_count; i++)
        cli_note(j->cli, "warning: %.*s\n", STR_ARG(result.warnings[i]));
    return deliver(j, &result);
}

static struct kustomize_fetch fetch_of(const struct cli *cli, const struct invocation *in)
{
    if (flag_is_set(in, "no-remote-bases"))
        return (struct kustomize_fetch){ .self = NULL };
    return cli->session.ops->fetch(cli->session.self, cli->run);
}

/* Builds again whenever a file that the build looked at changes. */
static struct err *watch(const struct cli *cli, const struct invocation *in)
{
    const struct session *session = &cli->session;
    struct kustomize_fetch fetch = fetch_of(cli, in);
    struct err *e;

    for (;;) {
        ARENA_AUTO struct arena *a = arena_new(0);
        struct read_log *log = read_log_new(a);
        struct job j = { .cli = cli, .in = in, .arena = a, .log = log };
        size_t count;

        j.options.fetch = fetch;

        if (TRY(&e, build_once(&j)))
            cli_note(cli, "%.*s\n", STR_ARG(err_line(a, e)));
        const struct str *folders = read_log_folders(log, &count);
        if (count == 0)
            return err_copy(cli->run->arena, e);
        if (TRY(&e, session->ops->wait_for_change(session->self, a, folders, count)))
            return err_copy(cli->run->arena, e);
        cli_note(cli, "changed; building again\n");
    }
}

struct err *cmd_kustomize_build(const struct cli *cli, const struct invocation *in)
{
    struct job j = { .cli = cli, .in = in, .arena = cli->run->arena };

    if (flag_is_set(in, "watch"))
        return watch(cli, in);
    j.options.fetch = fetch_of(cli, in);
    return build_once(&j);
}

static void print_text(struct buf *out, const struct kustomize_graph *g)
{
    buf_printf(out, "%.*s\n", STR_ARG(g->start));
    for (size_t i = 0; i < g->count; i++) {
        const struct kustomize_edge *e = &g->items[i];

        buf_printf(out, "%*s%.*s: %.*s%s\n", (int)(2 * e->depth + 2), "", STR_ARG(e->field),
                   STR_ARG(e->to), e->seen ? " (as above)" : "");
    }
}

static void put_quoted(struct buf *out, struct str s)
{
    buf_put_byte(out, '"');
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '"' || s.ptr[i] == '\\')
            buf_put_byte(out, '\\');
        buf_put_byte(out, s.ptr[i]);
    }
    buf_put_byte(out, '"');
}

static void print_dot(struct buf *out, const struct kustomize_graph *g)
{
    buf_lit(out, "digraph kustomize {\n  rankdir=LR;\n  node [shape=box];\n");
    for (size_t i = 0; i < g->count; i++) {
        const struct kustomize_edge *e = &g->items[i];

        buf_lit(out, "  ");
        put_quoted(out, e->from);
        buf_lit(out, " -> ");
        put_quoted(out, e->to);
        buf_printf(out, " [label=\"%.*s\"];\n", STR_ARG(e->field));
    }
    buf_lit(out, "}\n");
}

static void print_json(struct arena *a, struct buf *out, const struct kustomize_graph *g)
{
    struct seq_builder edges;

    seq_builder_init(&edges, a);
    for (size_t i = 0; i < g->count; i++) {
        const struct kustomize_edge *e = &g->items[i];

        seq_builder_add(&edges,
                        val_map_of(a, "from", val_string(a, e->from), "to", val_string(a, e->to),
                                   "field", val_string(a, e->field), "line", val_int(a, e->line),
                                   "kustomization", e->is_folder ? &val_true : &val_false, NULL));
    }
    json_write(out,
               val_map_of(a, "start", val_string(a, g->start), "edges",
                          seq_builder_done(&edges, NULL), NULL),
               JSON_COMPACT);
    buf_put_byte(out, '\n');
}

struct err *cmd_kustomize_graph(const struct cli *cli, const struct invocation *in)
{
    struct job j = { .cli = cli, .in = in, .arena = cli->run->arena };
    struct str format = flag_text(in, "output");
    struct kustomize_graph graph;
    struct buf out;
    struct err *e;

    j.options.fetch = fetch_of(cli, in);
    if (TRY(&e, open_target(&j)) ||
        TRY(&e, kustomize_graph(j.arena, &j.options, &j.tree, j.path, &graph)))
        return e;
    buf_init(&out, j.arena, 0);
    if (str_is(format, "dot"))
        print_dot(&out, &graph);
    else if (str_is(format, "json"))
        print_json(j.arena, &out, &graph);
    else
        print_text(&out, &graph);
    cli->write(cli->self, 1, buf_str(&out));
    return NULL;
}
