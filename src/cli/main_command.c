/* SPDX-License-Identifier: Apache-2.0 */
/* What happens between the arguments and a command: lookup, help, errors, exit status. */
#include <stdarg.h>
#include <stdio.h>

#include "cli/command.h"
#include "cli/help.h"
#include "cli/parse.h"

const struct flag *command_flag(const struct command *c, size_t i)
{
    if (i < c->flag_count)
        return &c->flags[i];
    i -= c->flag_count;
    return c->uses_cluster && i < cli_cluster_flag_count ? &cli_cluster_flags[i] : NULL;
}

static const struct flag_value *value_of(const struct invocation *in, const char *name)
{
    for (size_t i = 0; i < in->value_count; i++)
        if (str_eq(str_from_cstr(in->values[i].flag->name), str_from_cstr(name)))
            return &in->values[i];
    return NULL;
}

struct str flag_text(const struct invocation *in, const char *name)
{
    const struct flag_value *v = value_of(in, name);

    return v ? v->text : STR("");
}

const struct str *flag_texts(const struct invocation *in, const char *name, size_t *ret_count)
{
    const struct flag_value *v = value_of(in, name);

    *ret_count = v ? v->count : 0;
    return v ? v->texts : NULL;
}

bool flag_is_set(const struct invocation *in, const char *name)
{
    return str_is(flag_text(in, name), "true");
}

bool flag_is_given(const struct invocation *in, const char *name)
{
    const struct flag_value *v = value_of(in, name);

    return v && v->given;
}

int64_t flag_number(const struct invocation *in, const char *name)
{
    int64_t n = 0;

    (void)str_to_int64(flag_text(in, name), &n);
    return n;
}

int64_t flag_duration(const struct invocation *in, const char *name)
{
    int64_t ns = 0;

    (void)duration_parse(flag_text(in, name), &ns);
    return ns;
}

static void put(const struct cli *cli, int stream, const char *format, va_list args)
{
    struct buf text;
    va_list again;
    char *to;
    int len;

    va_copy(again, args);
    len = vsnprintf(NULL, 0, format, args);
    buf_init(&text, cli->run->arena, 0);
    to = len > 0 ? buf_reserve(&text, (size_t)len + 1) : NULL;
    if (to) {
        (void)vsnprintf(to, (size_t)len + 1, format, again);
        cli->write(cli->self, stream, str_of(to, (size_t)len));
    }
    va_end(again);
}

void cli_print(const struct cli *cli, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    put(cli, 1, format, args);
    va_end(args);
}

void cli_note(const struct cli *cli, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    put(cli, 2, format, args);
    va_end(args);
}

static int usage_error(const struct cli *cli, struct str what, const struct command *c)
{
    cli_note(cli, "✗ %.*s\n", STR_ARG(what));
    cli_note(cli, "run `weir %s%s--help` for what there is\n", c ? c->path : "", c ? " " : "");
    return 2;
}

/* Flux' variable for the namespace, where the flag is not given. */
static void take_environment(const struct cli *cli, struct invocation *in)
{
    struct str ns;

    if (!in->command->uses_cluster || flag_is_given(in, "namespace") || !cli->environment ||
        !cli->environment(cli->self, STR("FLUX_SYSTEM_NAMESPACE"), &ns) || ns.len == 0)
        return;
    for (size_t i = 0; i < in->value_count; i++)
        if (str_is(str_from_cstr(in->values[i].flag->name), "namespace"))
            in->values[i].text = ns;
}

static int run_command(const struct cli *cli, const struct command *c, const struct str *words,
                       size_t count)
{
    struct invocation in;
    bool help;
    int status = 0;
    struct err *e = parse_invocation(cli->run->arena, c, words, count, &in, &help);

    if (help || (!e && !c->run && count == 0)) {
        help_command(cli, c);
        return 0;
    }
    if (!c->run)
        return usage_error(cli,
                           str_printf(cli->run->arena, "unknown command \"%.*s\" for \"weir %s\"",
                                      STR_ARG(words[0]), c->path),
                           c);
    if (e)
        return usage_error(cli, err_line(cli->run->arena, e), c);
    take_environment(cli, &in);
    in.status = &status;
    e = c->run(cli, &in);
    if (e && e->msg.len > 0)
        cli_note(cli, "✗ %.*s\n", STR_ARG(err_line(cli->run->arena, e)));
    return e ? err_exit_status(e) : status;
}

int cli_main(const struct cli *cli, size_t argc, const struct str *argv)
{
    const struct command *c;
    size_t used;

    if (argc < 2 || str_is(argv[1], "--help") || str_is(argv[1], "-h")) {
        help_overview(cli);
        return 0;
    }
    c = parse_command(argv + 1, argc - 1, &used);
    if (!c)
        return usage_error(
            cli, str_printf(cli->run->arena, "unknown command \"%.*s\"", STR_ARG(argv[1])), NULL);
    return run_command(cli, c, argv + 1 + used, argc - 1 - used);
}
