/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/help.h"

static bool is_top(const struct command *c)
{
    return str_find_byte(str_from_cstr(c->path), ' ', 0) == SIZE_MAX;
}

void help_overview(const struct cli *cli)
{
    const struct command *c;

    cli_print(
        cli,
        "weir is Flux CD as one small program: GitOps for Kubernetes, with a cluster of its own to try it in.\n\n"
        "Usage:\n  weir COMMAND [flags]\n\nCommands:\n");
    for (size_t i = 0; (c = cli_command(i)) != NULL; i++)
        if (is_top(c))
            cli_print(cli, "  %-14s %s\n", c->path, c->summary);
    cli_print(cli, "\nUse `weir COMMAND --help` for more about a command.\n");
}

static bool is_below(const struct command *c, const struct command *group)
{
    struct str path = str_from_cstr(c->path), prefix = str_from_cstr(group->path);

    return path.len > prefix.len && str_has_prefix(path, prefix) && path.ptr[prefix.len] == ' ';
}

static void print_subcommands(const struct cli *cli, const struct command *group)
{
    const struct command *c;
    bool any = false;

    for (size_t i = 0; (c = cli_command(i)) != NULL; i++) {
        if (!is_below(c, group))
            continue;
        if (!any)
            cli_print(cli, "\nCommands:\n");
        any = true;
        cli_print(cli, "  %-24s %s\n", c->path, c->summary);
    }
}

static void print_flag(const struct cli *cli, const struct flag *f)
{
    static const char *const kinds[] = {
        [FLAG_TEXT] = " string", [FLAG_TEXTS] = " string",      [FLAG_SWITCH] = "",
        [FLAG_NUMBER] = " int",  [FLAG_DURATION] = " duration",
    };
    struct str name = str_printf(cli->run->arena, "--%s%s", f->name, kinds[f->type]);

    if (f->letter)
        cli_print(cli, "  -%c, %-34.*s %s", f->letter, STR_ARG(name), f->help);
    else
        cli_print(cli, "      %-34.*s %s", STR_ARG(name), f->help);
    if (f->otherwise && f->otherwise[0] && f->type != FLAG_SWITCH)
        cli_print(cli, " (default %s)", f->otherwise);
    cli_print(cli, "\n");
}

void help_command(const struct cli *cli, const struct command *c)
{
    const struct flag *flag;

    cli_print(cli, "%s\n\nUsage:\n  weir %s%s%s%s\n", c->summary, c->path, c->arguments ? " " : "",
              c->arguments ? c->arguments : "", c->run ? " [flags]" : " COMMAND");
    if (c->aliases)
        cli_print(cli, "\nAliases:\n  %s\n", c->aliases);
    if (c->examples)
        cli_print(cli, "\nExamples:\n%s\n", c->examples);
    print_subcommands(cli, c);
    if (command_flag(c, 0))
        cli_print(cli, "\nFlags:\n");
    for (size_t i = 0; (flag = command_flag(c, i)) != NULL; i++)
        print_flag(cli, flag);
}

/* Candidates for one position: `words` are the path so far. */
static void put_next_words(struct buf *out, struct str path)
{
    const struct command *c;

    for (size_t i = 0; (c = cli_command(i)) != NULL; i++) {
        struct str rest = str_from_cstr(c->path);

        if (path.len > 0) {
            if (!str_has_prefix(rest, path) || rest.len <= path.len || rest.ptr[path.len] != ' ')
                continue;
            rest = str_skip(rest, path.len + 1);
        }
        if (str_find_byte(rest, ' ', 0) != SIZE_MAX)
            continue;
        buf_put_byte(out, ' ');
        buf_put(out, rest);
    }
}

static void put_flags(struct buf *out, const struct command *c)
{
    const struct flag *flag;

    for (size_t i = 0; (flag = command_flag(c, i)) != NULL; i++)
        buf_printf(out, " --%s", flag->name);
}

static void put_case(struct buf *out, struct str path, const struct command *c)
{
    buf_printf(out, "        \"%.*s\") words=\"", STR_ARG(path));
    put_next_words(out, path);
    if (c)
        put_flags(out, c);
    buf_lit(out, "\" ;;\n");
}

static void put_bash(struct buf *out)
{
    const struct command *c;

    buf_lit(out,
            "_weir() {\n    local cur=${COMP_WORDS[COMP_CWORD]} path=\"\" words=\"\" w\n"
            "    for w in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
            "        [[ $w == -* ]] || path=\"${path:+$path }$w\"\n    done\n    case $path in\n");
    put_case(out, STR(""), NULL);
    for (size_t i = 0; (c = cli_command(i)) != NULL; i++)
        put_case(out, str_from_cstr(c->path), c);
    buf_lit(
        out,
        "    esac\n    COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n}\ncomplete -o default -F _weir weir\n");
}

static void put_fish(struct buf *out)
{
    const struct command *c;

    for (size_t i = 0; (c = cli_command(i)) != NULL; i++) {
        const struct flag *flag;

        if (is_top(c))
            buf_printf(out, "complete -c weir -n __fish_use_subcommand -a %s -d '%s'\n", c->path,
                       c->summary);
        for (size_t j = 0; is_top(c) && (flag = command_flag(c, j)) != NULL; j++)
            buf_printf(out, "complete -c weir -n '__fish_seen_subcommand_from %s' -l %s\n", c->path,
                       flag->name);
    }
}

struct err *help_completion(const struct cli *cli, struct str shell)
{
    struct buf out;

    buf_init(&out, cli->run->arena, 0);
    if (str_is(shell, "zsh"))
        buf_lit(&out, "autoload -U +X bashcompinit && bashcompinit\n");
    if (str_is(shell, "bash") || str_is(shell, "zsh"))
        put_bash(&out);
    else if (str_is(shell, "fish"))
        put_fish(&out);
    else
        return err_new(cli->run->arena, ERR_INVALID,
                       "completion is there for bash, zsh and fish, not for \"%.*s\"",
                       STR_ARG(shell));
    cli->write(cli->self, 1, buf_str(&out));
    return NULL;
}
