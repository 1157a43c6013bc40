/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/git_cli/submodules.h"

/* "160000 commit <id>\t<path>" of ls-tree -z. */
static void take_link(struct arena *a, struct str line, struct git_submodules *ret)
{
    struct str path = line, head, mode = STR(""), type = STR("");

    if (!str_cut(&path, '\t', &head) || !path.ptr)
        return;
    (void)(str_cut(&head, ' ', &mode) && str_cut(&head, ' ', &type));
    if (str_is(mode, "160000"))
        *VEC_PUSH(a, ret) = (struct git_submodule){ .path = path, .commit = head };
}

static struct err *list_links(struct run *r, const struct git_command *base, struct str id,
                              struct git_submodules *ret)
{
    struct git_command c = *base;
    struct str output, line;
    struct err *e;

    c.args[0] = "ls-tree";
    c.args[1] = "-r";
    c.args[2] = "-z";
    c.args[3] = "--full-tree";
    c.args[4] = str_cstr(r->arena, id);
    if (TRY(&e, git_command_run(r, &c, &output)))
        return e;
    while (str_cut(&output, '\0', &line))
        take_link(r->arena, line, ret);
    return NULL;
}

/* "submodule.<name>.<key>\n<value>" of config -z. */
static struct str entry_of(struct str config, struct str name, const char *key)
{
    struct str line, value;

    while (str_cut(&config, '\0', &line)) {
        struct str full;

        value = line;
        if (!str_cut(&value, '\n', &full) || !str_has_prefix(full, STR("submodule.")))
            continue;
        full = str_skip(full, 10);
        if (str_has_prefix(full, name) && full.len > name.len && full.ptr[name.len] == '.' &&
            str_eq(str_skip(full, name.len + 1), str_from_cstr(key)))
            return value;
    }
    return STR("");
}

static struct str url_of(struct str config, struct str path)
{
    struct str rest = config, line;

    while (str_cut(&rest, '\0', &line)) {
        struct str value = line, full;

        if (!str_cut(&value, '\n', &full) || !str_has_suffix(full, STR(".path")) ||
            !str_has_prefix(full, STR("submodule.")) || !str_eq(value, path))
            continue;
        return entry_of(config, str_slice(full, 10, full.len - 5), "url");
    }
    return STR("");
}

struct err *git_submodules_list(struct run *r, const struct git_command *base, struct str id,
                                struct git_submodules *ret)
{
    struct git_command c = *base;
    struct git_submodules links = VEC_INIT;
    struct str config;
    struct err *e;

    *ret = (struct git_submodules)VEC_INIT;
    if (TRY(&e, list_links(r, base, id, &links)) || links.count == 0)
        return e;
    c.args[0] = "config";
    c.args[1] = "-z";
    c.args[2] = str_cstr(r->arena, str_printf(r->arena, "--blob=%.*s:.gitmodules", STR_ARG(id)));
    c.args[3] = "--list";
    if (git_command_run(r, &c, &config))
        return NULL; /* links without a .gitmodules are leftovers */
    for (size_t i = 0; i < links.count; i++) {
        links.items[i].url = url_of(config, links.items[i].path);
        if (links.items[i].url.len > 0)
            *VEC_PUSH(r->arena, ret) = links.items[i];
    }
    return NULL;
}
