/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/git_snapshot/git_snapshot.h"

#include <pthread.h>

#include "base/limits.h"
#include "base/vec.h"

#define BRANCH "refs/heads/simulate"

struct urls {
    struct str *items; /* canonical */
    size_t count;
    size_t cap;
};

struct git_snapshot {
    struct git inner;
    struct process process;
    bool fetch_others;
    pthread_mutex_t lock; /* of what follows */
    struct arena *arena;  /* grows by a few texts a snapshot */
    struct urls urls;
    struct str url;
    struct str id;
};

/* host/path of a URL: without scheme, user, port's slash and ".git", so that https, ssh and scp forms of one repository meet. */
static struct str canonical(struct arena *a, struct str url)
{
    size_t scheme = str_find(url, STR("://"), 0), at, slash, colon;

    if (scheme != SIZE_MAX)
        url = str_skip(url, scheme + 3);
    slash = str_find_byte(url, '/', 0);
    at = str_find_byte(url, '@', 0);
    if (at != SIZE_MAX && (slash == SIZE_MAX || at < slash))
        url = str_skip(url, at + 1);
    while (str_has_suffix(url, STR("/")))
        url.len--;
    if (str_has_suffix(url, STR(".git")))
        url.len -= 4;
    url = str_dup(a, url);
    colon = str_find_byte(url, ':', 0);
    slash = str_find_byte(url, '/', 0);
    if (scheme == SIZE_MAX && colon != SIZE_MAX && (slash == SIZE_MAX || colon < slash))
        return str_printf(a, "%.*s/%.*s", STR_ARG(str_of(url.ptr, colon)),
                          STR_ARG(str_skip(url, colon + 1)));
    return url;
}

static bool is_own(struct git_snapshot *s, struct arena *a, struct str url)
{
    struct str key = canonical(a, url);
    bool found = false;

    pthread_mutex_lock(&s->lock);
    for (size_t i = 0; i < s->urls.count && !found; i++)
        found = str_eq(s->urls.items[i], key);
    pthread_mutex_unlock(&s->lock);
    return found;
}

void git_snapshot_adopt(struct git_snapshot *s, struct str url)
{
    pthread_mutex_lock(&s->lock);
    *VEC_PUSH(s->arena, &s->urls) = canonical(s->arena, url);
    pthread_mutex_unlock(&s->lock);
}

/* The snapshot as the wrapped git finds it, and the commit. */
static struct git_remote snapshot_remote(struct git_snapshot *s, struct arena *a,
                                         struct str *ret_id)
{
    struct git_remote remote = { .mirror = STR("simulate/snapshot"), .allow_file = true };

    pthread_mutex_lock(&s->lock);
    remote.url = str_dup(a, s->url);
    *ret_id = str_dup(a, s->id);
    pthread_mutex_unlock(&s->lock);
    return remote;
}

static struct err *not_ours(struct run *r, struct str url)
{
    return err_new(r->arena, ERR_UNAVAILABLE,
                   "\"%.*s\" is not the simulated repository (--fetch-others fetches it too)",
                   STR_ARG(url));
}

static bool is_plain_ref(struct str pattern)
{
    return str_find_byte(pattern, '*', 0) == SIZE_MAX &&
           (str_has_prefix(pattern, STR("refs/heads/")) ||
            str_has_prefix(pattern, STR("refs/tags/")) || str_is(pattern, "HEAD"));
}

/* Every branch and tag that is asked for by name is there, at the snapshot. */
static struct err *snapshot_ls_remote(void *self, struct run *r, const struct git_remote *remote,
                                      const struct str *patterns, size_t count,
                                      struct git_refs *ret)
{
    struct git_snapshot *s = self;
    struct str id;

    if (!is_own(s, r->arena, remote->url))
        return s->fetch_others
                   ? s->inner.ops->ls_remote(s->inner.self, r, remote, patterns, count, ret)
                   : not_ours(r, remote->url);
    (void)snapshot_remote(s, r->arena, &id);
    *ret = (struct git_refs){ .items = ARENA_ARRAY(r->arena, count + 1, struct git_ref) };
    for (size_t i = 0; i < count; i++)
        if (is_plain_ref(patterns[i]))
            ret->items[ret->count++] = (struct git_ref){ .name = patterns[i], .id = id };
    if (count == 0)
        ret->items[ret->count++] = (struct git_ref){ .name = STR("HEAD"), .id = id };
    return NULL;
}

static struct err *snapshot_fetch(void *self, struct run *r, const struct git_remote *remote,
                                  const struct git_target *target, struct git_commit *ret)
{
    struct git_snapshot *s = self;
    struct git_target own = { .ref = STR(BRANCH) };
    struct git_remote from;

    if (!is_own(s, r->arena, remote->url))
        return s->fetch_others ? s->inner.ops->fetch(s->inner.self, r, remote, target, ret)
                               : not_ours(r, remote->url);
    from = snapshot_remote(s, r->arena, &own.id);
    return s->inner.ops->fetch(s->inner.self, r, &from, &own, ret);
}

static struct err *snapshot_tree(void *self, struct run *r, const struct git_remote *remote,
                                 struct str id, const struct git_selection *only, struct tree *ret)
{
    struct git_snapshot *s = self;
    struct git_remote from = *remote;
    struct str own;

    if (is_own(s, r->arena, remote->url))
        from = snapshot_remote(s, r->arena, &own);
    return s->inner.ops->tree(s->inner.self, r, &from, id, only, ret);
}

static struct err *snapshot_submodules(void *self, struct run *r, const struct git_remote *remote,
                                       struct str id, struct git_submodules *ret)
{
    struct git_snapshot *s = self;
    struct git_remote from = *remote;
    struct str own;

    if (is_own(s, r->arena, remote->url))
        from = snapshot_remote(s, r->arena, &own);
    return s->inner.ops->submodules(s->inner.self, r, &from, id, ret);
}

static struct err *snapshot_forget(void *self, struct run *r, struct str mirror)
{
    struct git_snapshot *s = self;

    return s->inner.ops->forget(s->inner.self, r, mirror);
}

/* Runs git; *ret: what it printed, without the last line's end. */
static struct err *git(struct git_snapshot *s, struct run *r, const char *const *argv,
                       struct str *ret)
{
    static const char *const env[] = { "PATH=/usr/local/bin:/usr/bin:/bin",
                                       "HOME=/nonexistent",
                                       "GIT_CONFIG_NOSYSTEM=1",
                                       "GIT_CONFIG_GLOBAL=/dev/null",
                                       "GIT_TERMINAL_PROMPT=0",
                                       "GIT_AUTHOR_NAME=weir",
                                       "GIT_AUTHOR_EMAIL=weir@localhost",
                                       "GIT_COMMITTER_NAME=weir",
                                       "GIT_COMMITTER_EMAIL=weir@localhost",
                                       NULL };
    struct process_spec spec = { .argv = argv, .env = env, .output_max = LIMIT_IGNORE_FILE_BYTES };
    struct process_result result;
    struct err *e;

    if (TRY(&e, s->process.ops->run(s->process.self, r, &spec, &result)))
        return e;
    if (result.exit_status != 0)
        return err_new(r->arena, ERR_INVALID, "git %s: %.*s", argv[1], STR_ARG(result.error));
    *ret = result.output;
    while (str_has_suffix(*ret, STR("\n")))
        ret->len--;
    return NULL;
}

static const char *joined(struct run *r, const char *prefix, struct str folder, const char *suffix)
{
    return str_cstr(r->arena, str_printf(r->arena, "%s%.*s%s", prefix, STR_ARG(folder), suffix));
}

static struct err *take_working_tree(struct git_snapshot *s, struct run *r, struct str repository,
                                     struct str folder)
{
    const char *dir = joined(r, "--git-dir=", folder, ""),
               *work = joined(r, "--work-tree=", repository, "");
    const char *init[] = {
        "git", "init", "-q", "--bare", "-b", "simulate", joined(r, "", folder, ""), NULL
    };
    const char *add[] = { "git", dir, work, "-c", "core.bare=false", "add", "-A", "--", ".", NULL };
    const char *commit[] = {
        "git",           dir,  work,           "-c", "core.bare=false", "commit", "-q",
        "--allow-empty", "-m", "working tree", NULL
    };
    struct str ignored;
    struct err *e;

    if (TRY(&e, git(s, r, init, &ignored)) || TRY(&e, git(s, r, add, &ignored)))
        return e;
    return git(s, r, commit, &ignored);
}

static struct err *take_revision(struct git_snapshot *s, struct run *r, struct str repository,
                                 struct str revision, struct str folder)
{
    const char *dir = joined(r, "--git-dir=", folder, "");
    const char *clone[] = { "git",
                            "clone",
                            "-q",
                            "--bare",
                            "--",
                            joined(r, "", repository, ""),
                            joined(r, "", folder, ""),
                            NULL };
    const char *parse[] = { "git",
                            dir,
                            "rev-parse",
                            "-q",
                            "--verify",
                            "--end-of-options",
                            joined(r, "", revision, "^{commit}"),
                            NULL };
    const char *point[] = { "git", dir, "update-ref", BRANCH, NULL, NULL };
    struct str id;
    struct err *e;

    if (TRY(&e, git(s, r, clone, &id)))
        return e;
    if (TRY(&e, git(s, r, parse, &id)))
        return err_new(r->arena, ERR_INVALID, "\"%.*s\" is no revision of \"%.*s\"",
                       STR_ARG(revision), STR_ARG(repository));
    point[4] = str_cstr(r->arena, id);
    return git(s, r, point, &id);
}

/* What the repository calls its remotes; a plain folder has none. */
static void adopt_remotes(struct git_snapshot *s, struct run *r, struct str repository)
{
    const char *argv[] = { "git",
                           "config",
                           "--file",
                           joined(r, "", repository, "/.git/config"),
                           "--get-regexp",
                           "^remote\\..*\\.url$",
                           NULL };
    struct str lines, line;

    if (git(s, r, argv, &lines) != NULL)
        return;
    while (str_cut(&lines, '\n', &line))
        if (str_find_byte(line, ' ', 0) != SIZE_MAX)
            git_snapshot_adopt(s, str_skip(line, str_find_byte(line, ' ', 0) + 1));
}

struct err *git_snapshot_take(struct git_snapshot *s, struct run *r, struct str repository,
                              struct str revision, struct str folder)
{
    const char *parse[] = { "git", joined(r, "--git-dir=", folder, ""), "rev-parse", BRANCH, NULL };
    struct str id, url = str_printf(r->arena, "file://%.*s", STR_ARG(folder));
    struct err *e;

    if (revision.len > 0)
        e = take_revision(s, r, repository, revision, folder);
    else
        e = take_working_tree(s, r, repository, folder);
    if (e || TRY(&e, git(s, r, parse, &id)))
        return e;
    adopt_remotes(s, r, repository);
    git_snapshot_adopt(s, url);
    pthread_mutex_lock(&s->lock);
    s->url = str_dup(s->arena, url);
    s->id = str_dup(s->arena, id);
    pthread_mutex_unlock(&s->lock);
    return NULL;
}

struct str git_snapshot_url(const struct git_snapshot *s)
{
    return s->url;
}

struct git_snapshot *git_snapshot_new(const struct git *inner, const struct process *process,
                                      bool fetch_others)
{
    struct arena *a = arena_new(0);
    struct git_snapshot *s = ARENA_NEW(a, struct git_snapshot);

    *s = (struct git_snapshot){
        .inner = *inner, .process = *process, .fetch_others = fetch_others, .arena = a
    };
    pthread_mutex_init(&s->lock, NULL);
    return s;
}

void git_snapshot_free(struct git_snapshot *s)
{
    if (!s)
        return;
    pthread_mutex_destroy(&s->lock);
    arena_free(s->arena);
}

struct git git_snapshot_port(struct git_snapshot *s)
{
    static const struct git_ops ops = {
        .ls_remote = snapshot_ls_remote,
        .fetch = snapshot_fetch,
        .tree = snapshot_tree,
        .submodules = snapshot_submodules,
        .forget = snapshot_forget,
    };

    return (struct git){ .ops = &ops, .self = s };
}
