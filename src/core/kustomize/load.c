/* SPDX-License-Identifier: Apache-2.0 */
#include "base/limits.h"
#include "core/kustomize/build.h"
#include "core/kustomize/origin.h"

void kust_warn(struct kust_build *b, struct str warning)
{
    for (size_t i = 0; i < b->warnings.count; i++)
        if (str_eq(b->warnings.items[i], warning))
            return;
    *VEC_PUSH(b->arena, &b->warnings) = warning;
}

/* Path of `to` seen from folder `from`: "../base/web.yaml". */
static struct str relative(struct arena *a, struct str from, struct str to)
{
    struct buf out;
    buf_init(&out, a, 0);
    while (from.len > 0) {
        bool below = str_has_prefix(to, from) && (to.len == from.len || to.ptr[from.len] == '/');
        if (below)
            break;
        buf_lit(&out, "../");
        from = tree_path_dir(from);
    }
    if (from.len > 0)
        to = to.len == from.len ? STR("") : str_skip(to, from.len + 1);
    buf_put(&out, to);
    return buf_str(&out);
}

/* Joins "overlays/prod" and "../../base" lexically where that stays below the label. */
struct str kust_show(const struct kust_build *b, const struct kust_dir *dir, struct str path)
{
    struct arena *a = b->arena;
    struct str label = b->options->label;
    if (dir && b->tree && dir->tree != b->tree)
        return str_printf(a, "%.*s//%.*s", STR_ARG(dir->tree->label), STR_ARG(path));
    if (label.len == 0)
        return path.len > 0 ? path : STR(".");
    struct str from_start = relative(a, b->start, path);
    bool rooted = label.ptr[0] == '/';
    struct str joined;
    if (!tree_path_join(a, rooted ? str_skip(label, 1) : label, from_start, &joined))
        return str_printf(a, "%.*s/%.*s", STR_ARG(label), STR_ARG(from_start));
    return rooted ? str_concat(a, STR("/"), joined) : joined.len > 0 ? joined : STR(".");
}

/* The path in the tree; ERR_FORBIDDEN when it climbs out. */
static struct err *locate(const struct kust_build *b, const struct kust_dir *dir, struct str path,
                          struct str *ret)
{
    bool absolute = path.len > 0 && path.ptr[0] == '/';
    struct str base = absolute ? STR("") : dir->path;
    struct str rest = absolute && b->options->machine_root ? str_skip(path, 1) : path;
    if (tree_path_join(b->arena, base, rest, ret))
        return NULL;
    return err_new(b->arena, ERR_FORBIDDEN,
                   absolute ? "absolute path \"%.*s\" is not allowed here"
                            : "path \"%.*s\" escapes the root",
                   STR_ARG(path));
}

struct err *kust_stat(const struct kust_build *b, const struct kust_dir *dir, struct str path,
                      enum tree_kind *ret)
{
    struct str at;
    struct err *e;
    if (TRY(&e, locate(b, dir, path, &at)))
        return e;
    return tree_stat(dir->tree, b->arena, at, ret);
}

static struct err *too_many_files(struct kust_build *b)
{
    if (++b->files <= LIMIT_KUSTOMIZE_FILES)
        return kust_check_budget(b);
    return err_new(b->arena, ERR_TOO_LARGE, "the build reads more than %u files",
                   LIMIT_KUSTOMIZE_FILES);
}

static struct err *refuse_remote(const struct kust_build *b, struct str url)
{
    return err_new(b->arena, ERR_FORBIDDEN,
                   "remote resource \"%.*s\" is not allowed: keep a copy in the repository",
                   STR_ARG(url));
}

static struct err *read_remote(struct kust_build *b, struct str url, struct kust_file *ret)
{
    const struct kustomize_fetch *fetch = &b->options->fetch;
    if (!fetch->file)
        return refuse_remote(b, url);
    ret->name = url;
    return fetch->file(fetch->self, b->arena, url, &ret->content);
}

struct err *kust_read(struct kust_build *b, const struct kust_dir *dir, struct str path,
                      struct kust_file *ret)
{
    struct arena *a = b->arena;
    struct err *e;
    if (TRY(&e, too_many_files(b)))
        return e;
    if (str_has_prefix(path, STR("https://")) || str_has_prefix(path, STR("http://")))
        return read_remote(b, path, ret);
    struct str at, real;
    if (TRY(&e, locate(b, dir, path, &at)))
        return e;
    if (TRY(&e, tree_resolve(dir->tree, a, at, &real))) {
        if (e->code == ERR_NOT_FOUND)
            return err_new(a, ERR_NOT_FOUND, "file \"%.*s\" does not exist (%.*s)", STR_ARG(path),
                           STR_ARG(kust_show(b, dir, at)));
        return err_wrap(a, e, "\"%.*s\"", STR_ARG(path));
    }
    bool inside = dir->path.len == 0 ||
                  (str_has_prefix(real, dir->path) && real.len > dir->path.len &&
                   real.ptr[dir->path.len] == '/');
    if (dir->restricted && !inside)
        return err_new(a, ERR_FORBIDDEN,
                       "security; file \"%.*s\" is not in or below the folder \"%.*s\"",
                       STR_ARG(path), STR_ARG(kust_show(b, dir, dir->path)));
    ret->name = kust_show(b, dir, at);
    if (TRY(&e, tree_read(dir->tree, a, at, LIMIT_MANIFEST_BYTES, &ret->content)))
        return err_wrap(a, e, "\"%.*s\"", STR_ARG(path));
    kust_budget_read(b, ret->content.len);
    return NULL;
}

/* "a -> b -> a" from the start down to dir, and what would come next. */
static struct str chain(const struct kust_build *b, const struct kust_dir *dir, struct str next)
{
    struct str text = kust_show(b, dir, next);
    for (; dir; dir = dir->parent)
        text = str_printf(b->arena, "%.*s -> %.*s", STR_ARG(kust_show(b, dir, dir->path)),
                          STR_ARG(text));
    return text;
}

static struct err *check_depth(const struct kust_build *b, const struct kust_dir *dir,
                               struct str what)
{
    if (dir->depth + 1 < LIMIT_KUSTOMIZE_DEPTH)
        return NULL;
    return err_new(b->arena, ERR_TOO_LARGE, "kustomizations are nested more than %d deep: %.*s",
                   LIMIT_KUSTOMIZE_DEPTH, STR_ARG(what));
}

/* A folder that is, or contains, one that is being built can only lead back to it. */
static struct err *check_cycle(const struct kust_build *b, const struct kust_dir *dir,
                               const struct tree *tree, struct str path)
{
    for (const struct kust_dir *d = dir; d; d = d->parent) {
        bool contains = path.len == 0 || str_eq(d->path, path) ||
                        (str_has_prefix(d->path, path) && d->path.ptr[path.len] == '/');
        if (d->tree == tree && contains)
            return err_new(b->arena, ERR_INVALID, "cycle: %.*s", STR_ARG(chain(b, dir, path)));
    }
    return check_depth(b, dir, chain(b, dir, path));
}

/* A URL that begins as one that led here can only lead back to it. */
static struct err *check_remote_cycle(const struct kust_build *b, const struct kust_dir *dir,
                                      struct str url)
{
    for (const struct kust_dir *d = dir; d; d = d->parent)
        if (d->url.len > 0 && str_has_prefix(d->url, url))
            return err_new(b->arena, ERR_INVALID, "cycle: \"%.*s\" leads to \"%.*s\"",
                           STR_ARG(d->url), STR_ARG(url));
    return check_depth(b, dir, url);
}

static struct err *fetch_repository(struct kust_build *b, const struct kustomize_remote *remote,
                                    const struct tree **ret)
{
    const struct kustomize_fetch *fetch = &b->options->fetch;
    struct err *e;
    for (size_t i = 0; i < b->clones.count; i++) {
        const struct kust_clone *known = &b->clones.items[i];
        if (str_eq(known->remote.repository, remote->repository) &&
            str_eq(known->remote.ref, remote->ref) &&
            known->remote.submodules == remote->submodules) {
            *ret = known->tree;
            return NULL;
        }
    }
    if (b->clones.count >= LIMIT_BUILD_REPOSITORIES)
        return err_new(b->arena, ERR_TOO_LARGE, "the build fetches more than %u repositories",
                       LIMIT_BUILD_REPOSITORIES);
    if (TRY(&e, fetch->repository(fetch->self, b->arena, remote, ret)))
        return e;
    *VEC_PUSH(b->arena, &b->clones) = (struct kust_clone){ *remote, *ret };
    return NULL;
}

static struct err *enter_remote(struct kust_build *b, const struct kust_dir *dir,
                                const struct kustomize_remote *remote, struct kust_dir *ret)
{
    struct arena *a = b->arena;
    enum tree_kind kind;
    struct err *e;
    if (!b->options->fetch.repository)
        return refuse_remote(b, remote->raw);
    if (TRY(&e, check_remote_cycle(b, dir, remote->raw)) ||
        TRY(&e, fetch_repository(b, remote, &ret->tree)) ||
        TRY(&e, tree_stat(ret->tree, a, remote->path, &kind)))
        return err_wrap(a, e, "\"%.*s\"", STR_ARG(remote->raw));
    if (kind != TREE_DIR)
        return err_new(a, ERR_NOT_FOUND, "\"%.*s\": no folder \"%.*s\" in the repository",
                       STR_ARG(remote->raw), STR_ARG(remote->path));
    ret->url = remote->raw;
    ret->restricted = true;
    ret->origin = remote->path;
    ret->repository = remote->repository;
    ret->ref = remote->ref;
    return tree_resolve(ret->tree, a, remote->path, &ret->path);
}

/* "base - ../shared": two list entries that bad indentation made one; cleaning it would hide that. */
static bool is_ambiguous(struct str path)
{
    for (struct str part, rest = path; str_cut(&rest, '/', &part);)
        if (!str_is(part, "..") && str_contains(part, STR("..")))
            return true;
    return false;
}

struct err *kust_enter(struct kust_build *b, const struct kust_dir *dir, struct str path,
                       struct kust_dir *ret)
{
    *ret = (struct kust_dir){
        .tree = dir->tree,
        .parent = dir,
        .depth = dir->depth + 1,
        .restricted = dir->restricted,
        .repository = dir->repository,
        .ref = dir->ref,
    };
    struct kustomize_remote remote;
    if (kustomize_remote_parse(b->arena, path, &remote))
        return enter_remote(b, dir, &remote, ret);
    ret->origin = kust_origin_join(b->arena, dir->origin, path);
    if (path.len == 0 || path.ptr[0] == '/')
        return err_new(b->arena, ERR_INVALID, "folder \"%.*s\" must be a relative path",
                       STR_ARG(path));
    if (is_ambiguous(path))
        return err_new(b->arena, ERR_INVALID,
                       "path \"%.*s\" is ambiguous; check the indentation of the list",
                       STR_ARG(path));
    struct str at;
    struct err *e;
    if (TRY(&e, locate(b, dir, path, &at)))
        return e;
    enum tree_kind kind;
    if (TRY(&e, tree_stat(dir->tree, b->arena, at, &kind)))
        return err_wrap(b->arena, e, "\"%.*s\"", STR_ARG(path));
    if (kind != TREE_DIR)
        return err_new(b->arena, ERR_NOT_FOUND, "folder \"%.*s\" does not exist", STR_ARG(path));
    if (TRY(&e, tree_resolve(dir->tree, b->arena, at, &ret->path)))
        return err_wrap(b->arena, e, "\"%.*s\"", STR_ARG(path));
    return check_cycle(b, dir, dir->tree, ret->path);
}

struct err *kust_start_dir(struct kust_build *b, const struct tree *tree, struct str path,
                           struct kust_dir *ret)
{
    enum tree_kind kind;
    struct err *e;
    *ret = (struct kust_dir){ .tree = tree, .restricted = !b->options->load_anywhere };
    b->start = path;
    b->tree = tree;
    if (TRY(&e, tree_stat(tree, b->arena, path, &kind)))
        return e;
    if (kind != TREE_DIR)
        return err_new(b->arena, ERR_NOT_FOUND, "%.*s: no such folder",
                       STR_ARG(kust_show(b, ret, path)));
    if (TRY(&e, tree_resolve(tree, b->arena, path, &ret->path)))
        return e;
    b->start = ret->path;
    return NULL;
}
