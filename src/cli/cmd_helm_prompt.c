/* SPDX-License-Identifier: Apache-2.0 */
#include "base/limits.h"
#include "base/vec.h"
#include "cli/cmd_helm.h"
#include "core/gotmpl/template.h"
#include "core/sprig/functions.h"

struct prompt {
    const struct cli *cli;
    struct host host;
    struct go_value context; /* lines may change it: `set` */
    struct {
        struct str *items;
        size_t count, cap;
    } definitions; /* texts of lines that define something */
};

/* Without an action, a line is one: ".Values.name | quote". */
static struct str template_of(struct arena *a, struct str text)
{
    return str_contains(text, STR("{{")) ? text : str_printf(a, "{{ %.*s }}", STR_ARG(text));
}

/* More lines may complete it. */
static bool is_open(const struct err *e)
{
    return str_contains(e->msg, STR("unexpected EOF")) ||
           str_contains(e->msg, STR("unclosed action")) ||
           str_contains(e->msg, STR("unclosed comment")) ||
           str_contains(e->msg, STR("unterminated raw quoted string"));
}

/* A set for each line, so that one that takes all its steps leaves the next ones theirs. */
static struct err *open_set(struct prompt *p, struct template_set **ret)
{
    struct template_options options = { .host = &p->host, .functions = sprig_find };
    struct arena *a = p->cli->run->arena;
    struct err *e;

    *ret = template_set_new(a, &options);
    for (size_t i = 0; i < p->definitions.count; i++)
        if (TRY(&e, template_set_parse(*ret, str_printf(a, "line %zu", i + 1),
                                       p->definitions.items[i])))
            return e;
    return NULL;
}

static void tell(const struct prompt *p, const struct template_set *set, const struct err *e)
{
    struct arena *a = p->cli->run->arena;
    const struct err *as_helm = template_error_as_helm(a, STR(HELM_EVAL_FILE), e);
    struct str rest = template_set_advice(set, as_helm), line;

    cli_note(p->cli, "✗ %.*s\n", STR_ARG(err_line(a, as_helm)));
    while (rest.len > 0 && str_cut(&rest, '\n', &line))
        cli_note(p->cli, "  %.*s\n", STR_ARG(line));
}

/* *ret_open: the text may go on in the next line, and nothing was told. */
static struct err *evaluate(struct prompt *p, struct str text, bool *ret_open)
{
    struct arena *a = p->cli->run->arena;
    struct template_set *set = NULL;
    struct str template = template_of(a, text), out;
    struct err *e;

    *ret_open = false;
    if (TRY(&e, open_set(p, &set)))
        return e;
    if (TRY(&e, template_set_parse(set, STR(HELM_EVAL_FILE), template))) {
        *ret_open = is_open(e);
        if (!*ret_open)
            tell(p, set, e);
        return NULL;
    }
    if (str_contains(template, STR("define")) || str_contains(template, STR("block")))
        *VEC_PUSH(a, &p->definitions) = template;
    if (TRY(&e, template_set_render(set, STR(HELM_EVAL_FILE), &p->context, &out))) {
        tell(p, set, e);
        return NULL;
    }
    if (out.len > 0)
        p->cli->write(p->cli->self, 1,
                      str_has_suffix(out, STR("\n")) ? out : str_concat(a, out, STR("\n")));
    return NULL;
}

struct err *cmd_helm_prompt(const struct cli *cli, const struct invocation *in)
{
    struct prompt p = { .cli = cli, .host = cli->session.ops->host(cli->session.self) };
    struct arena *a = cli->run->arena;
    struct str text = STR(""), line = STR("");
    bool open = false, end = false;
    struct err *e;

    if (TRY(&e, helm_eval_context(cli, in, &p.context)))
        return e;
    for (;;) {
        if (TRY(&e,
                cli->terminal.ops->read_line(cli->terminal.self, a, open ? STR("... ") : STR("> "),
                                             LIMIT_TEMPLATE_TEXT_BYTES, &line, &end)))
            return e;
        if (end)
            break;
        text = open ? str_printf(a, "%.*s\n%.*s", STR_ARG(text), STR_ARG(line)) : line;
        if (str_trim(text).len > 0 && TRY(&e, evaluate(&p, text, &open)))
            return e;
    }
    return open ? err_new(a, ERR_INVALID, "the input ends within a template: %.*s", STR_ARG(text))
                : NULL;
}
