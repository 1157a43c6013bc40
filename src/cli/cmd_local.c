/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cmd_local.h"

#include "base/limits.h"
#include "base/version.h"
#include "cli/help.h"
#include "cli/help_pages.h"
#include "cli/parse.h"
#include "core/envsubst/envsubst.h"
#include "core/kube/kstatus.h"
#include "value/json.h"
#include "value/yaml.h"

static struct err *read_documents(const struct cli *cli, const struct invocation *in,
                                  struct yaml_docs *ret)
{
    struct str file = in->argument_count ? in->arguments[0] : STR("-"), text;
    struct err *e;

    if (TRY(&e, cli->session.ops->read_file(cli->session.self, cli->run->arena, file,
                                            LIMIT_DOCUMENT_BYTES, &text)))
        return e;
    return yaml_read_all(cli->run->arena, text, str_is(file, "-") ? STR("stdin") : file, YAML_SIGS,
                         ret);
}

struct err *cmd_fmt(const struct cli *cli, const struct invocation *in)
{
    bool as_json = str_is(flag_text(in, "output"), "json");
    struct yaml_docs docs;
    struct buf out;
    struct err *e;

    if (TRY(&e, read_documents(cli, in, &docs)))
        return e;
    buf_init(&out, cli->run->arena, 0);
    for (size_t i = 0; i < docs.count; i++) {
        if (as_json) {
            json_write(&out, docs.items[i], JSON_SORTED | JSON_ESCAPE_HTML);
            buf_put_byte(&out, '\n');
        } else {
            if (i > 0)
                buf_lit(&out, "---\n");
            yaml_write(&out, docs.items[i], YAML_WRITE_DEFAULT);
        }
    }
    cli->write(cli->self, 1, buf_str(&out));
    return NULL;
}

struct err *cmd_health(const struct cli *cli, const struct invocation *in)
{
    struct arena *a = cli->run->arena;
    struct yaml_docs docs;
    struct seq_builder list;
    struct buf out;
    struct err *e;

    if (TRY(&e, read_documents(cli, in, &docs)))
        return e;
    seq_builder_init(&list, a);
    for (size_t i = 0; i < docs.count; i++) {
        struct obj_ref ref = obj_ref_of(docs.items[i]);
        struct kstatus status = kstatus_of(a, docs.items[i], cli->now);

        if (status.code == KSTATUS_UNKNOWN)
            return err_new(a, ERR_INVALID, "%s:%u: %.*s", docs.items[i]->file, docs.items[i]->line,
                           STR_ARG(status.message));
        seq_builder_add(&list, val_map_of(a, "object", val_string(a, obj_ref_format(a, &ref)),
                                          "status", val_cstring(a, kstatus_name(status.code)),
                                          "message", val_string(a, status.message), NULL));
    }
    buf_init(&out, a, 0);
    json_write(&out, seq_builder_done(&list, NULL), JSON_COMPACT);
    buf_put_byte(&out, '\n');
    cli->write(cli->self, 1, buf_str(&out));
    return NULL;
}

static bool find_variable(void *self, struct str name, struct str *ret)
{
    const struct cli *cli = self;

    return cli->environment(cli->self, name, ret);
}

/* Line by line, as flux reads: CRLF becomes LF, and the last line gets an end. */
struct err *cmd_envsubst(const struct cli *cli, const struct invocation *in)
{
    struct envsubst_vars vars = { .find = find_variable,
                                  .self = (void *)(uintptr_t)cli,
                                  .strict = flag_is_set(in, "strict") };
    struct str text, line;
    struct buf out;
    struct err *e;

    if (TRY(&e, cli->session.ops->read_file(cli->session.self, cli->run->arena, STR("-"),
                                            LIMIT_DOCUMENT_BYTES, &text)))
        return e;
    buf_init(&out, cli->run->arena, 0);
    for (struct str rest = str_trim_suffix(text, STR("\n"));
         text.len > 0 && str_cut(&rest, '\n', &line);) {
        if (TRY(&e,
                envsubst_expand(cli->run->arena, str_trim_suffix(line, STR("\r")), &vars, &out)))
            return e;
        buf_put_byte(&out, '\n');
    }
    cli->write(cli->self, 1, buf_str(&out));
    return NULL;
}

struct err *cmd_version(const struct cli *cli, const struct invocation *in)
{
    struct str format = flag_text(in, "output");

    if (str_is(format, "json"))
        cli_print(cli, "{\n  \"weir\": \"%s\",\n  \"flux\": \"%s\",\n  \"kubernetes\": \"%s\"\n}\n",
                  WEIR_VERSION, WEIR_FLUX_VERSION, WEIR_KUBERNETES_VERSION);
    else
        cli_print(cli, "weir: %s\nflux: %s\nkubernetes: %s\n", WEIR_VERSION, WEIR_FLUX_VERSION,
                  WEIR_KUBERNETES_VERSION);
    return NULL;
}

struct err *cmd_help(const struct cli *cli, const struct invocation *in)
{
    const struct command *c;
    size_t used;

    if (flag_is_set(in, "man")) {
        help_page_man(cli);
    } else if (flag_is_set(in, "markdown")) {
        help_page_markdown(cli);
    } else if (in->argument_count == 0) {
        help_overview(cli);
    } else {
        c = parse_command(in->arguments, in->argument_count, &used);
        if (!c || used < in->argument_count)
            return err_new(cli->run->arena, ERR_INVALID,
                           "unknown command \"%.*s\": `weir help` lists what there is",
                           STR_ARG(in->arguments[c ? used : 0]));
        help_command(cli, c);
    }
    return NULL;
}

struct err *cmd_completion(const struct cli *cli, const struct invocation *in)
{
    if (in->argument_count == 0)
        return err_new(cli->run->arena, ERR_INVALID, "name a shell: bash, zsh or fish");
    return help_completion(cli, in->arguments[0]);
}
