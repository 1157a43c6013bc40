/* SPDX-License-Identifier: Apache-2.0 */
#include "app/reconcile/git_checkout.h"

#include "app/build/git_tree.h"
#include "core/git/url.h"

static struct err *failed(struct git_checkout *c, const struct err *e, const char *doing)
{
    return err_wrap(c->run->arena, e,
                    "failed to checkout and determine revision: unable to %s '%.*s'", doing,
                    STR_ARG(git_url_shown(c->run->arena, c->remote.url)));
}

static struct err *list(struct git_checkout *c, const struct str *patterns, size_t count,
                        struct git_refs *ret)
{
    bool listing = c->observed || str_has_prefix(c->wanted.shown, STR("refs/"));
    struct err *e = c->git->ops->ls_remote(c->git->self, c->run, &c->remote, patterns, count, ret);

    return e ? failed(c, e, listing ? "list remote for" : "clone") : NULL;
}

/* What is wrong when the reference is not among those of the remote. */
static struct err *missing_ref(struct git_checkout *c, const char **ret_reason)
{
    struct arena *a = c->run->arena;
    struct str url = git_url_shown(a, c->remote.url), ref = c->wanted.ref;
    bool is_branch = str_has_prefix(ref, STR("refs/heads/"));
    struct git_refs all = { 0 };
    struct err *e;

    if (TRY(&e, list(c, NULL, 0, &all)))
        return e;
    if (all.count == 0 && is_branch && !c->observed) {
        *ret_reason = "EmptyGitRepository";
        return err_new(a, ERR_NOT_FOUND, "git repository is empty");
    }
    if (all.count == 0)
        return failed(c, err_new(a, ERR_NOT_FOUND, "remote repository is empty"),
                      c->observed ? "list remote for" : "clone");
    if (str_eq(c->wanted.shown, ref) || str_has_suffix(c->wanted.shown, STR("^{}")))
        return err_new(
            a, ERR_NOT_FOUND,
            "failed to checkout and determine revision: unable to resolve ref '%.*s' to a specific commit",
            STR_ARG(c->wanted.shown));
    return err_new(
        a, ERR_NOT_FOUND,
        "failed to checkout and determine revision: unable to clone '%.*s': couldn't find remote ref \"%.*s\"",
        STR_ARG(url), STR_ARG(ref));
}

static struct err *resolve_ref(struct git_checkout *c, const char **ret_reason)
{
    struct str patterns[] = { c->wanted.ref,
                              str_printf(c->run->arena, "%.*s^{}", STR_ARG(c->wanted.ref)) };
    struct git_refs refs = { 0 };
    struct err *e;

    if (TRY(&e, list(c, patterns, 2, &refs)))
        return e;
    for (size_t i = 0; i < refs.count; i++)
        if (str_eq(refs.items[i].name, c->wanted.ref)) {
            c->id = refs.items[i].peeled.len ? refs.items[i].peeled : refs.items[i].id;
            return NULL;
        }
    return missing_ref(c, ret_reason);
}

static struct str commit_of(const struct git_ref *ref)
{
    return ref->peeled.len > 0 ? ref->peeled : ref->id;
}

/* Of tags that are the same version, the one whose commit is the youngest; the last by name where they agree. */
static struct err *choose_youngest(struct git_checkout *c, const struct git_refs *refs,
                                   const size_t *tied, size_t count, size_t *ret)
{
    struct wall_time best = { 0 };
    struct err *e;

    *ret = tied[0];
    for (size_t i = 0; count > 1 && i < count; i++) {
        const struct git_ref *ref = &refs->items[tied[i]];
        struct git_target target = { .ref = ref->name, .id = commit_of(ref) };
        struct git_commit commit;

        if (TRY(&e, c->git->ops->fetch(c->git->self, c->run, &c->remote, &target, &commit)))
            return failed(c, e, "clone");
        if (i > 0 && commit.committed.ns < best.ns)
            continue;
        best = commit.committed;
        *ret = tied[i];
    }
    return NULL;
}

static struct err *resolve_range(struct git_checkout *c)
{
    static const struct str pattern = STR_INIT("refs/tags/*");
    struct arena *a = c->run->arena;
    struct git_refs refs = { 0 };
    struct str *names;
    size_t *tied, count = 0, chosen = 0;
    struct err *e;

    if (TRY(&e, list(c, &pattern, 1, &refs)))
        return e;
    names = ARENA_ARRAY(a, refs.count, struct str);
    tied = ARENA_ARRAY(a, refs.count, size_t);
    for (size_t i = 0; i < refs.count; i++)
        names[i] = str_trim_prefix(refs.items[i].name, STR("refs/tags/"));
    if (TRY(&e, git_tags_choose(a, c->wanted.range, names, refs.count, tied, &count)))
        return err_wrap(a, e, "failed to checkout and determine revision");
    if (TRY(&e, choose_youngest(c, &refs, tied, count, &chosen)))
        return e;
    c->id = commit_of(&refs.items[chosen]);
    c->wanted.ref = refs.items[chosen].name;
    c->wanted.shown = names[chosen];
    return NULL;
}

struct err *git_checkout_resolve(struct git_checkout *c, const char **ret_reason)
{
    struct err *e = NULL;

    *ret_reason = "GitOperationFailed";
    if (c->wanted.commit.len > 0)
        c->id = str_lower(c->run->arena, c->wanted.commit);
    else if (c->wanted.range.len > 0)
        e = resolve_range(c);
    else
        e = resolve_ref(c, ret_reason);
    if (e)
        return e;
    if (!git_id_is_full(c->id))
        return err_new(
            c->run->arena, ERR_INVALID,
            "failed to checkout and determine revision: GitHashUnsupported: the repository names its objects by SHA-256");
    c->revision = git_revision(c->run->arena, c->wanted.shown, c->id);
    return NULL;
}

/* Each entry of spec.sparseCheckout must be there, as a folder or a file. */
static struct err *check_sparse(struct git_checkout *c, const struct git_selection *only,
                                const struct tree *tree)
{
    struct arena *a = c->run->arena;
    struct err *e;

    for (size_t i = 0; i < only->count; i++) {
        enum tree_kind kind = TREE_ABSENT;
        struct str path = STR("");

        if (tree_path_join(a, STR(""), str_trim_prefix(only->prefixes[i], STR("/")), &path) &&
            TRY(&e, tree_stat(tree, a, path, &kind)))
            return e;
        if (kind == TREE_ABSENT)
            return err_new(
                a, ERR_NOT_FOUND,
                "failed to sparse checkout directories : sparse checkout dir '%.*s' does not exist in repository",
                STR_ARG(only->prefixes[i]));
    }
    return NULL;
}

struct err *git_checkout_fetch(struct git_checkout *c, struct tree *ret)
{
    const struct val *sparse = val_at(c->object, "spec.sparseCheckout");
    struct str *prefixes = ARENA_ARRAY(c->run->arena, val_count(sparse), struct str);
    struct git_tree_request request = {
        .git = c->git,
        .remote = &c->remote,
        .target = { .ref = c->wanted.ref,
                    .id = c->id,
                    .within = c->wanted.commit.len > 0 && c->wanted.ref.len > 0 },
        .only = { prefixes, val_count(sparse) },
        .submodules = val_at_bool(c->object, "spec.recurseSubmodules", false),
    };
    struct err *e;

    for (size_t i = 0; i < request.only.count; i++)
        prefixes[i] = val_str(val_item(sparse, i));
    if (TRY(&e, git_tree_fetch(c->run, &request, &c->commit, ret)))
        return failed(c, e, "clone");
    return check_sparse(c, &request.only, ret);
}
