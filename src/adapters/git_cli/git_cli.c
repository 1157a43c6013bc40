/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/git_cli/git_cli.h"

#include <errno.h>
#include <ftw.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "adapters/git_cli/command.h"
#include "adapters/git_cli/objects.h"
#include "adapters/git_cli/submodules.h"
#include "base/buf.h"

enum { LOCK_COUNT = 64 };

struct git_cli {
    const struct process *process;
    const char *const *user_env;
    char root[512];
    pthread_mutex_t locks
        [LOCK_COUNT]; /* a mirror's calls wait for each other; picked by the hash of its name */
};

struct git_cli *git_cli_new(const struct process *process, const char *root,
                            const char *const *user_env)
{
    struct git_cli *g = calloc(1, sizeof *g);

    if (!g)
        abort();
    g->process = process;
    g->user_env = user_env;
    (void)snprintf(g->root, sizeof g->root, "%s", root);
    (void)mkdir(root, 0700);
    for (size_t i = 0; i < LOCK_COUNT; i++)
        (void)pthread_mutex_init(&g->locks[i], NULL);
    return g;
}

void git_cli_free(struct git_cli *g)
{
    if (!g)
        return;
    for (size_t i = 0; i < LOCK_COUNT; i++)
        (void)pthread_mutex_destroy(&g->locks[i]);
    free(g);
}

static pthread_mutex_t *lock_of(struct git_cli *g, struct str mirror)
{
    return &g->locks[str_hash(mirror) % LOCK_COUNT];
}

/* Folder of a mirror: "ns/name" flattened, since Kubernetes names hold no "_". */
static const char *mirror_dir(struct git_cli *g, struct arena *a, struct str mirror)
{
    char *flat = (char *)(uintptr_t)str_cstr(a, mirror);

    for (char *c = flat; *c; c++)
        if (*c == '/')
            *c = '_';
    return str_cstr(a, str_printf(a, "%s/%s.git", g->root, flat));
}

static struct err *ensure_mirror(struct git_cli *g, struct run *r, const char *dir)
{
    struct git_command init = { .process = g->process,
                                .args = { "init", "--bare", "--quiet", "--", dir } };
    struct stat st;
    struct str ignored;

    if (stat(dir, &st) == 0)
        return NULL;
    return git_command_run(r, &init, &ignored);
}

/* One line "<id>\t<name>"; "name^{}" lines carry what an annotated tag points at. */
static void add_ref(struct arena *a, struct git_refs *refs, size_t *cap, struct str line)
{
    struct str id, name = line;
    struct git_ref *items;

    if (!str_cut(&name, '\t', &id) || name.len == 0)
        return;
    if (str_has_suffix(name, STR("^{}"))) {
        name.len -= 3;
        if (refs->count > 0 && str_eq(refs->items[refs->count - 1].name, name))
            refs->items[refs->count - 1].peeled = id;
        return;
    }
    items = vec_grow(a, refs->items, refs->count, cap, sizeof *items);
    items[refs->count++] = (struct git_ref){ .name = name, .id = id };
    refs->items = items;
}

static struct err *ls_remote(void *self, struct run *r, const struct git_remote *remote,
                             const struct str *patterns, size_t count, struct git_refs *ret)
{
    struct git_cli *g = self;
    struct git_command c = { .process = g->process,
                             .remote = remote,
                             .user_env = g->user_env,
                             .scratch = g->root,
                             .args = { "ls-remote", "--quiet", "--",
                                       str_cstr(r->arena, remote->url) } };
    struct str output, line;
    size_t cap = 0;
    struct err *e;

    for (size_t i = 0; i < count && i < 8; i++)
        c.args[4 + i] = str_cstr(r->arena, patterns[i]);
    if (TRY(&e, git_command_run(r, &c, &output)))
        return e;
    *ret = (struct git_refs){ 0 };
    while (str_cut(&output, '\n', &line)) {
        add_ref(r->arena, ret, &cap, line);
        if (ret->count > LIMIT_GIT_REFS)
            return err_new(r->arena, ERR_TOO_LARGE, "more than %u references in the repository",
                           LIMIT_GIT_REFS);
    }
    return NULL;
}

static bool has_commit(struct git_cli *g, struct run *r, const char *dir, struct str id)
{
    const char *object = str_cstr(r->arena, str_printf(r->arena, "%.*s^{commit}", STR_ARG(id)));
    struct git_command c = { .process = g->process,
                             .git_dir = dir,
                             .args = { "cat-file", "-e", object } };
    struct str ignored;

    return git_command_run(r, &c, &ignored) == NULL;
}

static struct err *fetch_refspec(struct git_cli *g, struct run *r, const struct git_remote *remote,
                                 const char *dir, struct str source, bool shallow)
{
    const char *refspec = str_cstr(
        r->arena, str_printf(r->arena, "+%.*s:refs/weir/fetched", STR_ARG(source)));
    const char *url = str_cstr(r->arena, remote->url);
    struct git_command c = {
        .process = g->process,
        .remote = remote,
        .user_env = g->user_env,
        .git_dir = dir,
        .scratch = g->root,
    };
    struct str ignored;
    size_t n = 0;

    c.args[n++] = "fetch";
    c.args[n++] = "--quiet";
    c.args[n++] = "--no-tags";
    c.args[n++] = "--no-write-fetch-head";
    c.args[n++] = "--force";
    if (shallow)
        c.args[n++] = "--depth=1";
    c.args[n++] = "--";
    c.args[n++] = url;
    c.args[n] = refspec;
    return git_command_run(r, &c, &ignored);
}

/*
 * The tip of a ref is the cheap case. A commit that is no tip is asked for by id, which some servers refuse; then the
 * ref's whole history is fetched.
 */
static struct err *fetch_commit(struct git_cli *g, struct run *r, const struct git_remote *remote,
                                const char *dir, struct str ref, struct str id)
{
    struct err *e = NULL;

    if (ref.len > 0)
        e = fetch_refspec(g, r, remote, dir, ref, true);
    if (!e && has_commit(g, r, dir, id))
        return NULL;
    if (!e && fetch_refspec(g, r, remote, dir, id, true) == NULL && has_commit(g, r, dir, id))
        return NULL;
    if (!e && ref.len > 0)
        e = fetch_refspec(g, r, remote, dir, ref, false);
    if (!e && !has_commit(g, r, dir, id))
        e = err_new(r->arena, ERR_NOT_FOUND, "commit \"%.*s\" is not in the repository",
                    STR_ARG(id));
    return e;
}

static struct err *read_header(struct git_cli *g, struct run *r, const char *dir, struct str id,
                               struct git_commit *ret)
{
    struct git_command c = { .process = g->process,
                             .git_dir = dir,
                             .args = { "log", "-1", "--no-show-signature",
                                       "--format=%H%n%an%n%ae%n%ct%n%s", str_cstr(r->arena, id),
                                       "--" } };
    struct str output, seconds = STR("0");
    int64_t when = 0;
    struct err *e;

    if (TRY(&e, git_command_run(r, &c, &output)))
        return e;
    (void)(str_cut(&output, '\n', &ret->id) && str_cut(&output, '\n', &ret->author_name) &&
           str_cut(&output, '\n', &ret->author_email) && str_cut(&output, '\n', &seconds) &&
           str_cut(&output, '\n', &ret->subject));
    (void)str_to_int64(seconds, &when);
    ret->committed = (struct wall_time){ when * NS_PER_S };
    return NULL;
}

static struct err *fetch(void *self, struct run *r, const struct git_remote *remote, struct str ref,
                         struct str id, struct git_commit *ret)
{
    struct git_cli *g = self;
    const char *dir = mirror_dir(g, r->arena, remote->mirror);
    pthread_mutex_t *lock = lock_of(g, remote->mirror);
    struct err *e;

    *ret = (struct git_commit){ .id = STR("") };
    (void)pthread_mutex_lock(lock);
    e = ensure_mirror(g, r, dir);
    if (!e && !has_commit(g, r, dir, id))
        e = fetch_commit(g, r, remote, dir, ref, id);
    if (!e)
        e = read_header(g, r, dir, id, ret);
    (void)pthread_mutex_unlock(lock);
    return e;
}

static struct err *tree(void *self, struct run *r, const struct git_remote *remote, struct str id,
                        struct tree *ret)
{
    struct git_cli *g = self;
    struct git_command c = { .process = g->process,
                             .git_dir = mirror_dir(g, r->arena, remote->mirror) };
    pthread_mutex_t *lock = lock_of(g, remote->mirror);
    struct err *e;

    (void)pthread_mutex_lock(lock);
    e = git_objects_tree(r, &c, id, ret);
    (void)pthread_mutex_unlock(lock);
    return e;
}

static struct err *submodules(void *self, struct run *r, const struct git_remote *remote,
                              struct str id, struct git_submodules *ret)
{
    struct git_cli *g = self;
    struct git_command c = { .process = g->process,
                             .git_dir = mirror_dir(g, r->arena, remote->mirror) };
    pthread_mutex_t *lock = lock_of(g, remote->mirror);
    struct err *e;

    (void)pthread_mutex_lock(lock);
    e = git_submodules_list(r, &c, id, ret);
    (void)pthread_mutex_unlock(lock);
    return e;
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

static struct err *forget(void *self, struct run *r, struct str mirror)
{
    struct git_cli *g = self;
    const char *dir = mirror_dir(g, r->arena, mirror);
    pthread_mutex_t *lock = lock_of(g, mirror);
    int rc;

    (void)pthread_mutex_lock(lock);
    rc = nftw(dir, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    (void)pthread_mutex_unlock(lock);
    if (rc != 0 && errno != ENOENT)
        return err_new(r->arena, ERR_IO, "could not remove the mirror \"%s\": %s", dir,
                       strerror(errno));
    return NULL;
}

struct git git_cli_port(struct git_cli *g)
{
    static const struct git_ops ops = {
        .ls_remote = ls_remote,
        .fetch = fetch,
        .tree = tree,
        .submodules = submodules,
        .forget = forget,
    };

    return (struct git){ .ops = &ops, .self = g };
}
