/* SPDX-License-Identifier: Apache-2.0 */
#include "app/build/git_tree.h"

#include "base/limits.h"
#include "core/git/reference.h"
#include "core/git/url.h"
#include "core/tree_memory.h"
#include "foreign/digest.h"

static struct err *fetch_tree(struct run *r, const struct git_tree_request *q, unsigned depth,
                              struct git_commit *ret_commit, struct tree *ret);

/* Beside its repository's mirror: what may share that one may share this one. */
static struct str mirror_name(struct arena *a, const struct git_remote *parent, struct str url)
{
    struct str key = str_printf(a, "%.*s\n%.*s", STR_ARG(parent->mirror), STR_ARG(url));
    struct str digest = digest_hex(a, DIGEST_SHA256, key);

    return str_printf(a, "%.*s/%.*s", STR_ARG(tree_path_dir(parent->mirror)),
                      STR_ARG(str_slice(digest, 0, 32)));
}

static struct err *submodule_remote(struct arena *a, const struct git_remote *parent,
                                    struct str url, struct git_remote *ret)
{
    struct git_url own, theirs;
    struct err *e;

    *ret = (struct git_remote){ .url = url, .allow_file = parent->allow_file };
    if (TRY(&e, git_url_join(a, parent->url, url, &ret->url)) ||
        TRY(&e, git_url_parse(a, parent->url, parent->allow_file, &own)) ||
        TRY(&e, git_url_parse(a, ret->url, parent->allow_file, &theirs)))
        return err_wrap(a, e, "SubmoduleInvalid");
    ret->mirror = mirror_name(a, parent, ret->url);
    if (git_url_same_server(&own, &theirs))
        ret->auth = parent->auth;
    else if (str_is(theirs.scheme, "ssh"))
        return err_new(a, ERR_FORBIDDEN,
                       "SubmoduleDenied: the Secret's identity is for \"%.*s\", not for \"%.*s\"",
                       STR_ARG(own.host), STR_ARG(theirs.host));
    return NULL;
}

/* A submodule on another server that wants credentials gets none. */
static struct err *explain(struct arena *a, const struct git_remote *parent,
                           const struct git_remote *remote, struct err *e)
{
    if (!parent->auth || remote->auth ||
        (e->code != ERR_UNAUTHORIZED && e->code != ERR_FORBIDDEN && e->code != ERR_NOT_FOUND))
        return e;
    return err_wrap(a, e, "SubmoduleDenied: credentials of the repository are not sent to \"%.*s\"",
                    STR_ARG(git_url_shown(a, remote->url)));
}

static bool is_wanted(const struct git_selection *only, struct arena *a, struct str path)
{
    return git_sparse_has(only->prefixes, only->count, str_concat(a, path, STR("/")));
}

static struct err *add_submodule(struct run *r, const struct git_tree_request *q, unsigned depth,
                                 const struct git_submodule *s, struct tree_memory *into)
{
    struct git_remote remote;
    struct git_tree_request inner = {
        .git = q->git, .remote = &remote, .target = { .id = s->commit }, .submodules = true
    };
    struct git_commit commit;
    struct tree own;
    struct err *e;

    if (TRY(&e, submodule_remote(r->arena, q->remote, s->url, &remote)))
        return e;
    if (TRY(&e, fetch_tree(r, &inner, depth, &commit, &own)))
        return explain(r->arena, q->remote, &remote, e);
    return tree_memory_graft(into, s->path, &own, STR(""));
}

static struct err *add_submodules(struct run *r, const struct git_tree_request *q, unsigned depth,
                                  struct tree *tree)
{
    struct git_submodules list;
    struct tree_memory *grafted;
    struct tree over, under = *tree;
    struct err *e;

    if (TRY(&e, q->git->ops->submodules(q->git->self, r, q->remote, q->target.id, &list)) ||
        list.count == 0)
        return e;
    if (depth == 0)
        return err_new(r->arena, ERR_TOO_LARGE, "submodules are nested more than %u deep",
                       LIMIT_SUBMODULE_DEPTH);
    grafted = tree_memory_new(r->arena);
    for (size_t i = 0; i < list.count; i++)
        if (is_wanted(&q->only, r->arena, list.items[i].path) &&
            TRY(&e, add_submodule(r, q, depth - 1, &list.items[i], grafted)))
            return err_wrap(r->arena, e, "submodule \"%.*s\"", STR_ARG(list.items[i].path));
    over = tree_memory_port(grafted, STR(""));
    *tree = tree_overlay(r->arena, &under, &over);
    return NULL;
}

static struct err *fetch_tree(struct run *r, const struct git_tree_request *q, unsigned depth,
                              struct git_commit *ret_commit, struct tree *ret)
{
    const struct git *git = q->git;
    struct err *e;

    if (TRY(&e, git->ops->fetch(git->self, r, q->remote, &q->target, ret_commit)) ||
        TRY(&e, git->ops->tree(git->self, r, q->remote, q->target.id,
                               q->only.count > 0 ? &q->only : NULL, ret)))
        return e;
    return q->submodules ? add_submodules(r, q, depth, ret) : NULL;
}

struct err *git_tree_fetch(struct run *r, const struct git_tree_request *request,
                           struct git_commit *ret_commit, struct tree *ret)
{
    return fetch_tree(r, request, LIMIT_SUBMODULE_DEPTH, ret_commit, ret);
}
