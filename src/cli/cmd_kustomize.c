/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cmd_kustomize.h"

#include "core/kustomize/kustomize.h"

struct arguments {
    struct str restrictor;
    struct str reorder;
    struct str dir;
};

static int usage(struct buf *out, const char *what, struct str arg)
{
    buf_printf(out, "%s \"%.*s\"\n", what, STR_ARG(arg));
    buf_lit(out, "usage: weir kustomize build [--load-restrictor=LoadRestrictionsNone]"
                 " [--reorder=none|legacy] [DIR]\n");
    return 2;
}

/* "--flag=value" or "--flag" "value". */
static bool take_flag(size_t argc, const struct str *argv, size_t *at, const char *flag,
                      struct str *ret)
{
    struct str name = str_from_cstr(flag), arg = argv[*at];
    if (str_eq(arg, name) && *at + 1 < argc) {
        *ret = argv[++*at];
        return true;
    }
    if (!str_has_prefix(arg, name) || arg.len <= name.len || arg.ptr[name.len] != '=')
        return false;
    *ret = str_skip(arg, name.len + 1);
    return true;
}

static int parse(struct buf *out, size_t argc, const struct str *argv, struct arguments *ret)
{
    bool given = false;
    *ret = (struct arguments){ STR("LoadRestrictionsRootOnly"), STR("legacy"), STR(".") };
    if (argc == 0 || !str_is(argv[0], "build"))
        return usage(out, "unknown subcommand", argc > 0 ? argv[0] : STR(""));
    for (size_t i = 1; i < argc; i++) {
        if (take_flag(argc, argv, &i, "--load-restrictor", &ret->restrictor) ||
            take_flag(argc, argv, &i, "--reorder", &ret->reorder))
            continue;
        if (str_has_prefix(argv[i], STR("-")) || given)
            return usage(out, given ? "unexpected argument" : "unknown flag", argv[i]);
        ret->dir = argv[i];
        given = true;
    }
    if (!str_is(ret->restrictor, "LoadRestrictionsRootOnly") &&
        !str_is(ret->restrictor, "LoadRestrictionsNone"))
        return usage(out, "unknown load restrictor", ret->restrictor);
    if (!str_is(ret->reorder, "none") && !str_is(ret->reorder, "legacy"))
        return usage(out, "unknown order", ret->reorder);
    return 0;
}

int cmd_kustomize_run(struct arena *a, const struct cmd_kustomize *command, size_t argc,
                      const struct str *argv)
{
    struct arguments args;
    struct tree tree;
    struct str path;
    struct kustomize_result result = { 0 };
    int status = parse(command->progress, argc, argv, &args);
    if (status != 0)
        return status;
    struct err *e = command->open_tree(command->self, a, args.dir, &tree, &path);
    if (!e) {
        struct kustomize_options options = {
            .load_anywhere = str_is(args.restrictor, "LoadRestrictionsNone"),
            .legacy_order = str_is(args.reorder, "legacy"),
            .machine_root = true,
            .label = str_trim_suffix(args.dir, STR("/")),
        };
        e = kustomize_build(a, &options, &tree, path, &result);
    }
    if (e) {
        buf_printf(command->progress, "error: %.*s\n", STR_ARG(err_line(a, e)));
        return err_exit_status(e);
    }
    for (size_t i = 0; i < result.warning_count; i++)
        buf_printf(command->progress, "warning: %.*s\n", STR_ARG(result.warnings[i]));
    kustomize_print(command->out, &result);
    return 0;
}
