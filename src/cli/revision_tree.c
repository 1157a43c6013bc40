/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/revision_tree.h"

#include "core/kustomize/remote.h"

enum { FETCH_S = 60 };

struct err *revision_range(struct arena *a, struct str text, struct str *ret_from,
                           struct str *ret_to)
{
    size_t at = str_find(text, STR(".."), 0);

    if (at == SIZE_MAX || text.len == 2 || str_has_prefix(str_skip(text, at), STR("...")))
        return err_new(a, ERR_INVALID,
                       "--revision takes two revisions, as in main..feature or v1.0.0..HEAD, not "
                       "\"%.*s\"",
                       STR_ARG(text));
    *ret_from = str_slice(text, 0, at);
    *ret_to = str_skip(text, at + 2);
    return NULL;
}

/* The folder above `path`, or itself, that holds .git. */
static struct err *find_top(struct arena *a, const struct tree *machine, struct str path,
                            struct str *ret)
{
    struct str top = path;

    for (;;) {
        struct str git = top.len > 0 ? str_printf(a, "%.*s/.git", STR_ARG(top)) : STR(".git");
        enum tree_kind kind = TREE_ABSENT;
        size_t slash = str_rfind_byte(top, '/');
        struct err *e = tree_stat(machine, a, git, &kind);

        if (e)
            return e;
        if (kind == TREE_DIR || kind == TREE_FILE) {
            *ret = top;
            return NULL;
        }
        if (top.len == 0)
            return err_new(a, ERR_NOT_FOUND, "/%.*s is in no Git work tree: --revision needs one",
                           STR_ARG(path));
        top = slash == SIZE_MAX ? STR("") : str_slice(top, 0, slash);
    }
}

struct err *revision_tree_open(void *self, struct arena *a, struct str dir, struct tree *ret_tree,
                               struct str *ret_path)
{
    const struct revision_tree *r = self;
    struct kustomize_remote remote = { .ref = r->revision, .timeout_ns = FETCH_S * NS_PER_S };
    const struct tree *tree;
    struct tree machine;
    struct str path, top;
    struct err *e;

    if (TRY(&e, r->session->ops->open_tree(r->session->self, a, dir, &machine, &path)) ||
        TRY(&e, find_top(a, &machine, path, &top)))
        return e;
    remote.raw = remote.repository = str_printf(a, "file:///%.*s", STR_ARG(top));
    if (TRY(&e, r->fetch.repository(r->fetch.self, a, &remote, &tree)))
        return err_wrap(a, e,
                        "revision \"%.*s\" (a branch, a tag or a whole commit id is understood)",
                        STR_ARG(r->revision));
    *ret_tree = *tree;
    *ret_path = path.len > top.len ? str_skip(path, top.len > 0 ? top.len + 1 : 0) : STR("");
    return NULL;
}
