/* SPDX-License-Identifier: Apache-2.0 */
#include "core/sourceignore/ignore.h"

#include "base/limits.h"
#include "base/vec.h"
#include "core/sourceignore/glob.h"

static const char defaults[] =
    ".git/\n.gitignore\n.gitmodules\n.gitattributes\n"
    "*.jpg\n*.jpeg\n*.gif\n*.png\n*.wmv\n*.flv\n*.tar.gz\n*.zip\n"
    ".github/\n.circleci/\n.travis.yml\n.gitlab-ci.yml\nappveyor.yml\n.drone.yml\ncloudbuild.yaml\n"
    "codeship-services.yml\ncodeship-steps.yml\n"
    "**/.goreleaser.yml\n**/.sops.yaml\n**/.flux.yaml\n";

void ignore_rules_init(struct ignore_rules *r, struct arena *a)
{
    *r = (struct ignore_rules){ .arena = a };
    ignore_rules_add(r, STR(""), str_of(defaults, sizeof defaults - 1));
}

/* Trailing spaces go unless the last is escaped, as gitignore(5) says. */
static struct str trim_line(struct str line)
{
    line = str_trim_suffix(line, STR("\r"));
    while (line.len > 0 && line.ptr[line.len - 1] == ' ' &&
           !(line.len > 1 && line.ptr[line.len - 2] == '\\'))
        line.len--;
    return line;
}

void ignore_rules_add(struct ignore_rules *r, struct str domain, struct str text)
{
    struct str line;

    while (str_cut(&text, '\n', &line)) {
        struct ignore_pattern p = { .domain = domain, .glob = trim_line(line) };

        if (p.glob.len == 0 || p.glob.ptr[0] == '#')
            continue;
        if (p.glob.ptr[0] == '!') {
            p.include = true;
            p.glob = str_skip(p.glob, 1);
        }
        if (str_has_suffix(p.glob, STR("/"))) {
            p.dir_only = true;
            p.glob.len--;
        }
        p.anchored = str_find_byte(p.glob, '/', 0) != SIZE_MAX;
        p.glob = str_trim_prefix(p.glob, STR("/"));
        if (p.glob.len > 0)
            *VEC_PUSH(r->arena, r) = p;
    }
}

static struct err *load_folder(struct ignore_rules *r, const struct tree *t, struct str folder,
                               unsigned depth)
{
    struct tree_list list;
    struct err *e;

    if (depth > LIMIT_PATH_DEPTH)
        return err_new(r->arena, ERR_TOO_LARGE, "%.*s: folders nested deeper than %u",
                       STR_ARG(folder), LIMIT_PATH_DEPTH);
    if (TRY(&e, tree_list(t, r->arena, folder, &list)))
        return e;
    for (size_t i = 0; i < list.count; i++) {
        struct str path = folder.len ? str_printf(r->arena, "%.*s/%.*s", STR_ARG(folder),
                                                  STR_ARG(list.items[i].name))
                                     : list.items[i].name;
        struct str text;

        if (list.items[i].kind == TREE_FILE && str_is(list.items[i].name, ".sourceignore")) {
            if (TRY(&e, tree_read(t, r->arena, path, LIMIT_IGNORE_FILE_BYTES, &text)))
                return e;
            ignore_rules_add(r, folder, text);
        } else if (list.items[i].kind == TREE_DIR && !str_is(list.items[i].name, ".git") &&
                   TRY(&e, load_folder(r, t, path, depth + 1))) {
            return e;
        }
    }
    return NULL;
}

struct err *ignore_rules_load_folder(struct ignore_rules *r, const struct tree *t,
                                     struct str folder)
{
    return load_folder(r, t, folder, 0);
}

struct err *ignore_rules_load(struct ignore_rules *r, const struct tree *t)
{
    return load_folder(r, t, STR(""), 0);
}

static bool pattern_matches(const struct ignore_pattern *p, struct str path, bool is_dir)
{
    if (p->dir_only && !is_dir)
        return false;
    if (p->domain.len > 0) {
        if (!str_has_prefix(path, p->domain) || path.len <= p->domain.len ||
            path.ptr[p->domain.len] != '/')
            return false;
        path = str_skip(path, p->domain.len + 1);
    }
    if (!p->anchored)
        return glob_match(p->glob, tree_path_base(path));
    return glob_match(p->glob, path);
}

bool ignore_rules_match(const struct ignore_rules *r, struct str path, bool is_dir)
{
    for (size_t i = r->count; i > 0; i--)
        if (pattern_matches(&r->items[i - 1], path, is_dir))
            return !r->items[i - 1].include;
    return false;
}
