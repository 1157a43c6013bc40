/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/help_pages.h"

#include "base/version.h"

static const char *value_word(enum flag_type type)
{
    switch (type) {
    case FLAG_TEXT:
    case FLAG_TEXTS:
        return "string";
    case FLAG_NUMBER:
        return "int";
    case FLAG_DURATION:
        return "duration";
    case FLAG_SWITCH:
        break;
    }
    return NULL;
}

static bool has_default(const struct flag *f)
{
    return f->otherwise && f->otherwise[0] && f->type != FLAG_SWITCH;
}

/* "[NAME] [flags]" */
static struct str synopsis(struct arena *a, const struct command *c)
{
    return str_printf(a, "weir %s%s%s%s", c->path, c->arguments ? " " : "",
                      c->arguments ? c->arguments : "", c->run ? " [flags]" : " COMMAND");
}

/* In a cell a bar must be escaped; what stands in <> would be taken for HTML. */
static void put_cell(struct buf *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '|')
            buf_put_byte(out, '\\');
        if (*text == '<')
            buf_lit(out, "&lt;");
        else
            buf_put_byte(out, *text);
    }
}

static void put_markdown_flag(struct buf *out, const struct flag *f)
{
    const char *word = value_word(f->type);

    buf_lit(out, "| `");
    if (f->letter)
        buf_printf(out, "-%c, ", f->letter);
    buf_printf(out, "--%s%s%s` | ", f->name, word ? " " : "", word ? word : "");
    put_cell(out, f->help);
    if (f->choices) {
        buf_lit(out, ": ");
        put_cell(out, f->choices);
    }
    buf_lit(out, " | ");
    if (has_default(f))
        buf_printf(out, "`%s`", f->otherwise);
    buf_lit(out, " |\n");
}

/* Own flags alone: those of every command that connects have a section of their own. */
static void put_markdown_command(struct buf *out, const struct command *c)
{
    buf_printf(out, "\n## weir %s\n\n%s.\n", c->path, c->summary);
    if (!c->run)
        return;
    buf_printf(out, "\n    %.*s\n", STR_ARG(synopsis(out->arena, c)));
    if (c->aliases)
        buf_printf(out, "\nAlso: `%s`.\n", c->aliases);
    if (c->examples)
        buf_printf(out, "\n```sh\n%s\n```\n", c->examples);
    if (c->flag_count > 0)
        buf_lit(out, "\n| flag | meaning | default |\n|---|---|---|\n");
    for (size_t i = 0; i < c->flag_count; i++)
        put_markdown_flag(out, &c->flags[i]);
    if (c->uses_cluster)
        buf_lit(
            out,
            "\nAnd the [flags of every command that connects](#flags-of-every-command-that-connects).\n");
}

void help_page_markdown(const struct cli *cli)
{
    const struct command *c;
    struct buf out;

    buf_init(&out, cli->run->arena, 0);
    buf_lit(
        &out,
        "# Commands\n\n"
        "Written by `weir help --markdown` from the command table. Data goes to standard output, "
        "progress and errors to standard error. The exit status is 0 for success, 1 for failure "
        "or difference, 2 for wrong use; of `weir diff` 1 is a difference and 2 a failure.\n\n"
        "Verbs, flags, columns and words are the flux CLI's where it has them. What differs: "
        "every listing has `-o`; `--watch` goes on until it is ended; what has failed is told at "
        "once instead of after `--timeout`; `weir trace` of what Flux does not manage and a "
        "name that is not there are failures.\n\n"
        "## Flags of every command that connects\n\n"
        "| flag | meaning | default |\n|---|---|---|\n");
    for (size_t i = 0; i < cli_cluster_flag_count; i++)
        put_markdown_flag(&out, &cli_cluster_flags[i]);
    for (size_t i = 0; (c = cli_command(i)) != NULL; i++)
        put_markdown_command(&out, c);
    cli->write(cli->self, 1, buf_str(&out));
}

/* Backslashes and dashes escaped, and no line begins with a macro. */
static void put_roff(struct buf *out, const char *text)
{
    bool at_start = true;

    for (; *text; text++) {
        if (at_start && (*text == '.' || *text == '\''))
            buf_lit(out, "\\&");
        if (*text == '-' || *text == '\\')
            buf_put_byte(out, '\\');
        buf_put_byte(out, *text == '\\' ? 'e' : *text);
        at_start = *text == '\n';
    }
}

static void put_man_flag(struct buf *out, const struct flag *f)
{
    const char *word = value_word(f->type);

    buf_lit(out, ".TP\n\\fB");
    if (f->letter)
        buf_printf(out, "\\-%c\\fR, \\fB", f->letter);
    buf_lit(out, "\\-\\-");
    put_roff(out, f->name);
    buf_printf(out, "\\fR%s%s%s\n", word ? " \\fI" : "", word ? word : "", word ? "\\fR" : "");
    put_roff(out, f->help);
    if (f->choices) {
        buf_lit(out, ": ");
        put_roff(out, f->choices);
    }
    if (has_default(f)) {
        buf_lit(out, " (default ");
        put_roff(out, f->otherwise);
        buf_put_byte(out, ')');
    }
    buf_put_byte(out, '\n');
}

static void put_man_command(struct buf *out, const struct command *c)
{
    if (!c->run)
        return;
    buf_lit(out, ".SS ");
    put_roff(out, str_cstr(out->arena, synopsis(out->arena, c)));
    buf_put_byte(out, '\n');
    put_roff(out, c->summary);
    buf_lit(out, ".\n");
    for (size_t i = 0; i < c->flag_count; i++)
        put_man_flag(out, &c->flags[i]);
    if (!c->examples)
        return;
    buf_lit(out, ".PP\n.EX\n");
    put_roff(out, c->examples);
    buf_lit(out, "\n.EE\n");
}

void help_page_man(const struct cli *cli)
{
    const struct command *c;
    struct buf out;

    buf_init(&out, cli->run->arena, 0);
    buf_printf(&out, ".TH WEIR 1 \"\" \"weir %s\" \"User Commands\"\n", WEIR_VERSION);
    buf_lit(&out,
            ".SH NAME\n"
            "weir \\- GitOps for Kubernetes: Flux CD as one small program\n"
            ".SH SYNOPSIS\n"
            ".B weir\n"
            "COMMAND [flags]\n"
            ".SH DESCRIPTION\n"
            "Commits in Git become objects in Kubernetes, by Flux' own resources. Verbs, flags "
            "and words are those of\n"
            ".BR flux (1)\n"
            "where it has them. Data goes to standard output, progress and errors to standard "
            "error.\n"
            ".SH OPTIONS\n"
            "Of every command that connects to a cluster:\n");
    for (size_t i = 0; i < cli_cluster_flag_count; i++)
        put_man_flag(&out, &cli_cluster_flags[i]);
    buf_lit(&out, ".SH COMMANDS\n");
    for (size_t i = 0; (c = cli_command(i)) != NULL; i++)
        put_man_command(&out, c);
    buf_lit(&out, ".SH EXIT STATUS\n"
                  "0 for success, 1 for failure or difference, 2 for wrong use; of\n"
                  ".B weir diff\n"
                  "1 is a difference and 2 a failure.\n"
                  ".SH ENVIRONMENT\n"
                  ".TP\n"
                  "KUBECONFIG\n"
                  "where to find the cluster, without \\-\\-kubeconfig\n"
                  ".TP\n"
                  "FLUX_SYSTEM_NAMESPACE\n"
                  "the namespace, without \\-\\-namespace\n"
                  ".SH SEE ALSO\n"
                  ".BR flux (1),\n"
                  ".BR kubectl (1)\n");
    cli->write(cli->self, 1, buf_str(&out));
}
