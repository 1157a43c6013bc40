/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cmd_build.h"

#include "base/limits.h"
#include "cli/change_report.h"
#include "cli/revision_tree.h"
#include "value/json.h"
#include "value/yaml.h"

#define GROUP STR("kustomize.toolkit.fluxcd.io")

/* One run of the command. */
struct build {
    const struct cli *cli;
    const struct invocation *in;
    struct arena *arena;
};

static bool is_kustomization(const struct val *object)
{
    struct obj_ref ref = obj_ref_of(object);

    return str_eq(ref.group, GROUP) && str_is(ref.kind, "Kustomization");
}

/* Reading the file as Kubernetes' clients do, a number or bool where text belongs becomes its text. */
static struct err *texts(struct build *b, const struct val **kustomization)
{
    static const char *const fields[] = { "spec.path", "spec.namePrefix", "spec.nameSuffix",
                                          "spec.targetNamespace" };

    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        const struct val *v = val_at(*kustomization, fields[i]);

        if (!v || v->kind == VAL_STRING || v->kind == VAL_NULL)
            continue;
        if (v->kind == VAL_MAP || v->kind == VAL_SEQ)
            return err_new(b->arena, ERR_INVALID, "%s:%u:%u: %s must be text", v->file, v->line,
                           v->column, fields[i]);
        *kustomization = val_with_at(b->arena, *kustomization, fields[i],
                                     val_string(b->arena, json_string(b->arena, v, JSON_COMPACT)));
    }
    return NULL;
}

/* The Kustomization called NAME in the file. */
static struct err *read_kustomization(struct build *b, const struct val **ret)
{
    struct str file = flag_text(b->in, "kustomization-file"), name = b->in->arguments[0],
               ns = flag_text(b->in, "namespace"), text;
    struct yaml_docs docs;
    struct err *e;

    if (TRY(&e, b->cli->session.ops->read_file(b->cli->session.self, b->arena, file,
                                               LIMIT_DOCUMENT_BYTES, &text)) ||
        TRY(&e, yaml_read_all(b->arena, text, file, YAML_SIGS, &docs)))
        return e;
    for (size_t i = 0; i < docs.count; i++) {
        struct obj_ref ref = obj_ref_of(docs.items[i]);

        *ret = docs.items[i];
        if (is_kustomization(*ret) && str_eq(ref.name, name) &&
            (ref.ns.len == 0 || str_eq(ref.ns, ns)))
            return texts(b, ret);
    }
    return err_new(b->arena, ERR_NOT_FOUND,
                   "no Kustomization \"%.*s\" of namespace \"%.*s\" in \"%.*s\"", STR_ARG(name),
                   STR_ARG(ns), STR_ARG(file));
}

static struct err *check_flags(struct build *b)
{
    bool dry_run = flag_is_set(b->in, "dry-run"), file = flag_is_given(b->in, "kustomization-file");

    if (!flag_is_given(b->in, "path"))
        return err_new(b->arena, ERR_INVALID,
                       "invalid resource path \"\": --path is the folder with its manifests");
    if (dry_run && !file)
        return err_new(b->arena, ERR_INVALID, "dry-run mode requires a kustomization file");
    if (flag_is_set(b->in, "ignore-not-found") && !file)
        return err_new(b->arena, ERR_INVALID,
                       "kustomization file is required when assuming new kustomizations");
    return NULL;
}

/* What is asked, and whom. */
static struct err *prepare(struct build *b, struct build_query *ret, struct queries *ret_queries)
{
    const struct session *session = &b->cli->session;
    struct connect_options options = {
        .kubeconfig = flag_text(b->in, "kubeconfig"),
        .context = flag_text(b->in, "context"),
        .timeout_ns = flag_duration(b->in, "timeout"),
        .offline = flag_is_set(b->in, "dry-run"),
    };
    struct commands commands;
    struct err *e;

    *ret = (struct build_query){
        .ns = flag_text(b->in, "namespace"),
        .name = b->in->arguments[0],
        .path = flag_text(b->in, "path"),
        .offline = options.offline,
        .ignore_missing = flag_is_set(b->in, "ignore-not-found"),
        .strict = flag_is_set(b->in, "strict-substitute"),
        .recursive = flag_is_set(b->in, "recursive"),
        .ignored = flag_text(b->in, "ignore-paths"),
        .sources = flag_text(b->in, "local-sources"),
        .fetch = session->ops->fetch(session->self, b->cli->run),
        .open_tree = session->ops->open_tree,
        .self = session->self,
    };
    if (flag_is_given(b->in, "kustomization-file") &&
        TRY(&e, read_kustomization(b, &ret->kustomization)))
        return e;
    return session->ops->connect(session->self, b->cli->run, &options, &commands, ret_queries);
}

static struct err *name_missing(const struct cli *cli)
{
    return err_new(cli->run->arena, ERR_INVALID, "kustomization name is required");
}

struct err *cmd_build_kustomization(const struct cli *cli, const struct invocation *in)
{
    struct build b = { .cli = cli, .in = in, .arena = cli->run->arena };
    struct build_query query;
    struct queries queries;
    struct built built;
    struct buf out;
    struct err *e;

    if (in->argument_count == 0)
        return name_missing(cli);
    if (TRY(&e, check_flags(&b)) || TRY(&e, prepare(&b, &query, &queries)) ||
        TRY(&e, queries.ops->build(queries.self, cli->run, &query, &built)))
        return e;
    buf_init(&out, b.arena, 0);
    for (size_t i = 0; i < built.count; i++) {
        yaml_write(&out, built.objects[i], YAML_WRITE_DEFAULT);
        buf_lit(&out, "---\n");
    }
    cli->write(cli->self, 1, buf_str(&out));
    return NULL;
}

/* 0: no difference, 1: some, 2: it could not be told; as flux has it. */
static struct err *run_diff(struct build *b, struct changes *ret)
{
    const struct session *session = &b->cli->session;
    struct revision_tree from = { .session = session }, to = from;
    struct build_query query;
    struct queries queries;
    struct err *e;

    if (flag_is_set(b->in, "dry-run") && !flag_is_given(b->in, "revision"))
        return err_new(b->arena, ERR_INVALID,
                       "a diff asks the cluster: --dry-run is for two revisions (--revision A..B)");
    if (TRY(&e, check_flags(b)) || TRY(&e, prepare(b, &query, &queries)))
        return e;
    if (flag_is_given(b->in, "revision")) {
        if (TRY(&e, revision_range(b->arena, flag_text(b->in, "revision"), &from.revision,
                                   &to.revision)))
            return e;
        from.fetch = to.fetch = query.fetch;
        query.open_before = query.open_tree = revision_tree_open;
        query.self_before = &from;
        query.self = &to;
    }
    return queries.ops->diff(queries.self, b->cli->run, &query, ret);
}

struct err *cmd_diff_kustomization(const struct cli *cli, const struct invocation *in)
{
    struct build b = { .cli = cli, .in = in, .arena = cli->run->arena };
    struct changes changes;
    struct err *e;

    if (in->argument_count == 0)
        return name_missing(cli);
    if (TRY(&e, run_diff(&b, &changes))) {
        cli_note(cli, "✗ %.*s\n", STR_ARG(err_line(b.arena, e)));
        *in->status = 2;
        return NULL;
    }
    change_report_print(cli, &changes);
    if (!changes.any)
        return NULL;
    cli_note(cli, "⚠️ identified at least one change, exiting with non-zero exit code\n");
    *in->status = 1;
    return NULL;
}
