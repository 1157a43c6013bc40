/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/git_cli/git_cli.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "adapters/git_cli/command.h"
#include "adapters/git_cli/mirror.h"
#include "adapters/git_cli/objects.h"
#include "adapters/git_cli/submodules.h"
#include "base/buf.h"

struct git_cli {
    struct mirrors mirrors;
};

struct git_cli *git_cli_new(const struct git_cli_options *options)
{
    struct git_cli *g = calloc(1, sizeof *g);

    if (!g)
        abort();
    mirrors_init(&g->mirrors, options);
    return g;
}

void git_cli_free(struct git_cli *g)
{
    if (g)
        mirrors_done(&g->mirrors);
    free(g);
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

static struct err *parse_refs(struct arena *a, struct str output, struct git_refs *ret)
{
    struct git_refs refs = { 0 };
    struct str line;
    size_t cap = 0;

    while (str_cut(&output, '\n', &line)) {
        add_ref(a, &refs, &cap, line);
        if (refs.count > LIMIT_GIT_REFS)
            return err_new(a, ERR_TOO_LARGE, "more than %u references in the repository",
                           LIMIT_GIT_REFS);
    }
    *ret = refs;
    return NULL;
}

/* Patterns limit what is printed; only these flags limit what the server sends. */
static const char *prefix_flag(const struct str *patterns, size_t count)
{
    size_t heads = 0, tags = 0;

    for (size_t i = 0; i < count; i++) {
        heads += str_has_prefix(patterns[i], STR("refs/heads/"));
        tags += str_has_prefix(patterns[i], STR("refs/tags/"));
    }
    return count == 0 ? NULL : heads == count ? "--heads" : tags == count ? "--tags" : NULL;
}

struct question {
    const struct git_remote *remote;
    const struct str *patterns;
    size_t count;
};

static struct err *ask_remote(struct git_cli *g, struct run *r, const struct question *q,
                              struct str *ret)
{
    struct git_command c = { .options = &g->mirrors.options,
                             .remote = q->remote,
                             .args = { "ls-remote", "--quiet" } };
    const char *flag = prefix_flag(q->patterns, q->count);
    size_t n = 2;

    if (flag)
        c.args[n++] = flag;
    c.args[n++] = "--";
    c.args[n++] = str_cstr(r->arena, q->remote->url);
    for (size_t i = 0; i < q->count && i < 8; i++)
        c.args[n++] = str_cstr(r->arena, q->patterns[i]);
    return git_command_run(r, &c, ret);
}

/* Whoever waited while the same question was asked takes that answer: it is younger than the waiter's own question. */
static struct err *ask_once(struct git_cli *g, struct run *r, const struct question *q,
                            struct mirror *m, struct mono_time arrived, struct str *ret)
{
    struct str words = str_join(r->arena, q->patterns, q->count, STR(" "));
    struct mono_time now = mirrors_now();
    struct err *e;

    if (m->listing && m->asked.ns >= arrived.ns && str_eq(m->question, words)) {
        *ret = str_dup(r->arena, m->answer);
        return err_copy(r->arena, m->failure);
    }
    *ret = STR("");
    e = ask_remote(g, r, q, ret);
    arena_free(m->listing);
    m->listing = arena_new(0);
    m->question = str_dup(m->listing, words);
    m->answer = str_dup(m->listing, *ret);
    m->failure = err_copy(m->listing, e);
    m->asked = now;
    return e;
}

static struct err *ls_remote(void *self, struct run *r, const struct git_remote *remote,
                             const struct str *patterns, size_t count, struct git_refs *ret)
{
    struct git_cli *g = self;
    struct question q = { remote, patterns, count };
    struct mono_time arrived = mirrors_now();
    struct mirror *m;
    struct str output;
    struct err *e;

    if (TRY(&e, mirror_hold(&g->mirrors, r, remote->mirror, &m)))
        return e;
    e = ask_once(g, r, &q, m, arrived, &output);
    if (!e)
        (void)utimensat(AT_FDCWD, m->dir, NULL, 0);
    mirror_release(&g->mirrors, m);
    return e ? e : parse_refs(r->arena, output, ret);
}

/* One fetch in progress. */
struct fetching {
    struct git_cli *g;
    struct run *run;
    const struct git_remote *remote;
    const char *dir;
};

static struct err *local(const struct fetching *f, const struct git_command *c)
{
    struct git_command mine = *c;
    struct str ignored;

    mine.options = &f->g->mirrors.options;
    mine.git_dir = f->dir;
    return git_command_run(f->run, &mine, &ignored);
}

static bool has_commit(const struct fetching *f, struct str id)
{
    struct git_command c = {
        .args = { "cat-file", "-e",
                  str_cstr(f->run->arena, str_printf(f->run->arena, "%.*s^{commit}", STR_ARG(id))) }
    };

    return local(f, &c) == NULL;
}

/* That the commit is in the history of what was fetched last. */
static bool is_within(const struct fetching *f, struct str id)
{
    struct git_command c = { .args = { "merge-base", "--is-ancestor", str_cstr(f->run->arena, id),
                                       "refs/weir/fetched" } };

    return local(f, &c) == NULL;
}

enum depth { SHALLOW, WHOLE };

static struct err *fetch_source(const struct fetching *f, struct str source, enum depth depth)
{
    struct arena *a = f->run->arena;
    struct git_command c = {
        .options = &f->g->mirrors.options,
        .remote = f->remote,
        .git_dir = f->dir,
        .args = { "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--force" },
    };
    struct stat st;
    struct str ignored;
    size_t n = 5;

    if (depth == SHALLOW)
        c.args[n++] = "--depth=1";
    else if (stat(str_cstr(a, str_printf(a, "%s/shallow", f->dir)), &st) == 0)
        c.args[n++] = "--unshallow";
    c.args[n++] = "--";
    c.args[n++] = str_cstr(a, f->remote->url);
    c.args[n] = str_cstr(a, source);
    return git_command_run(f->run, &c, &ignored);
}

static struct err *fetch_ref(const struct fetching *f, struct str ref, enum depth depth)
{
    return fetch_source(f, str_printf(f->run->arena, "+%.*s:refs/weir/fetched", STR_ARG(ref)),
                        depth);
}

static struct err *not_there(const struct fetching *f, const struct git_target *t)
{
    if (t->within)
        return err_new(f->run->arena, ERR_NOT_FOUND,
                       "unable to resolve commit object for '%.*s': it is not in '%.*s'",
                       STR_ARG(t->id), STR_ARG(t->ref));
    return err_new(f->run->arena, ERR_NOT_FOUND,
                   "unable to resolve commit object for '%.*s': object not found", STR_ARG(t->id));
}

/*
 * The tip of a ref is the cheap case. A commit that is no tip is asked for by id, which some servers refuse; then whole
 * histories are fetched, and always where the commit must be part of one.
 */
static struct err *fetch_target(const struct fetching *f, const struct git_target *t)
{
    struct err *e = NULL;

    if (t->ref.len > 0 && TRY(&e, fetch_ref(f, t->ref, SHALLOW)))
        return e;
    if (t->ref.len > 0 && has_commit(f, t->id) && (!t->within || is_within(f, t->id)))
        return NULL;
    if (!t->within) {
        e = fetch_ref(f, t->id, SHALLOW);
        if (!e && has_commit(f, t->id))
            return NULL;
        if (e && e->code != ERR_NOT_FOUND && e->code != ERR_UNAVAILABLE)
            return e;
    }
    if (t->ref.len > 0)
        e = fetch_ref(f, t->ref, WHOLE);
    else
        e = fetch_source(f, STR("+refs/heads/*:refs/weir/heads/*"), WHOLE);
    if (!e && (!has_commit(f, t->id) || (t->within && !is_within(f, t->id))))
        e = not_there(f, t);
    return e;
}

static struct err *read_header(const struct fetching *f, struct str id, struct git_commit *ret)
{
    struct git_command c = { .options = &f->g->mirrors.options,
                             .git_dir = f->dir,
                             .args = { "log", "-1", "--no-show-signature",
                                       "--format=%H%n%an%n%ae%n%ct%n%s",
                                       str_cstr(f->run->arena, id), "--" } };
    struct str output, seconds = STR("0");
    int64_t when = 0;
    struct err *e;

    if (TRY(&e, git_command_run(f->run, &c, &output)))
        return e;
    (void)(str_cut(&output, '\n', &ret->id) && str_cut(&output, '\n', &ret->author_name) &&
           str_cut(&output, '\n', &ret->author_email) && str_cut(&output, '\n', &seconds) &&
           str_cut(&output, '\n', &ret->subject));
    (void)str_to_int64(seconds, &when);
    ret->committed = (struct wall_time){ when * NS_PER_S };
    return NULL;
}

static struct err *fetch_held(const struct fetching *f, struct mirror *m,
                              const struct git_target *target, struct git_commit *ret)
{
    struct err *e = mirror_prepare(&f->g->mirrors, f->run, m);

    if (!e && (target->within || !has_commit(f, target->id)))
        e = fetch_target(f, target);
    return e ? e : read_header(f, target->id, ret);
}

static struct err *fetch(void *self, struct run *r, const struct git_remote *remote,
                         const struct git_target *target, struct git_commit *ret)
{
    struct git_cli *g = self;
    struct mirror *m;
    struct err *e;

    *ret = (struct git_commit){ .id = STR("") };
    if (TRY(&e, mirror_hold(&g->mirrors, r, remote->mirror, &m)))
        return e;
    struct fetching f = { .g = g, .run = r, .remote = remote, .dir = m->dir };
    e = fetch_held(&f, m, target, ret);
    /* What is broken on this disk is thrown away; the remote has it all. */
    if (e && e->code == ERR_INTERNAL && mirror_remove(r, m) == NULL)
        e = fetch_held(&f, m, target, ret);
    mirror_release(&g->mirrors, m);
    return e;
}

static struct err *tree(void *self, struct run *r, const struct git_remote *remote, struct str id,
                        const struct git_selection *only, struct tree *ret)
{
    struct git_cli *g = self;
    struct mirror *m;
    struct err *e;

    if (TRY(&e, mirror_hold(&g->mirrors, r, remote->mirror, &m)))
        return e;
    struct git_command c = { .options = &g->mirrors.options, .git_dir = m->dir };
    e = git_objects_tree(r, &c, id, only, ret);
    mirror_release(&g->mirrors, m);
    return e;
}

static struct err *submodules(void *self, struct run *r, const struct git_remote *remote,
                              struct str id, struct git_submodules *ret)
{
    struct git_cli *g = self;
    struct mirror *m;
    struct err *e;

    if (TRY(&e, mirror_hold(&g->mirrors, r, remote->mirror, &m)))
        return e;
    struct git_command c = { .options = &g->mirrors.options, .git_dir = m->dir };
    e = git_submodules_list(r, &c, id, ret);
    mirror_release(&g->mirrors, m);
    return e;
}

static struct err *forget(void *self, struct run *r, struct str mirror)
{
    struct git_cli *g = self;
    struct mirror *m;
    struct err *e;

    if (TRY(&e, mirror_hold(&g->mirrors, r, mirror, &m)))
        return e;
    e = mirror_remove(r, m);
    mirror_release(&g->mirrors, m);
    return e;
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
