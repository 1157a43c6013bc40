/* SPDX-License-Identifier: Apache-2.0 */
#include "app/build/remote_bases.h"

#include "app/build/git_tree.h"
#include "base/limits.h"
#include "foreign/digest.h"

/* A repository on its way into a tree. */
struct fetching {
    const struct remote_bases *bases;
    struct arena *arena;
    struct run run; /* the build's, with the repository's own deadline */
};

static bool is_commit_id(struct str ref)
{
    for (size_t i = 0; i < ref.len; i++)
        if (!strchr("0123456789abcdef", ref.ptr[i]))
            return false;
    return ref.len == 40 || ref.len == 64;
}

/* As git resolves a short name: itself, then a tag, then a branch. *ret_id is "" when there is none. */
static void choose_ref(struct arena *a, const struct git_refs *refs, struct str wanted,
                       struct str *ret_name, struct str *ret_id)
{
    struct str names[] = { wanted, str_concat(a, STR("refs/"), wanted),
                           str_concat(a, STR("refs/tags/"), wanted),
                           str_concat(a, STR("refs/heads/"), wanted) };

    *ret_id = STR("");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        for (size_t j = 0; j < refs->count; j++) {
            const struct git_ref *ref = &refs->items[j];

            if (!str_eq(ref->name, names[i]))
                continue;
            *ret_name = ref->name;
            *ret_id = ref->peeled.len > 0 ? ref->peeled : ref->id;
            return;
        }
}

static struct err *resolve(struct fetching *f, const struct git_remote *remote, struct str wanted,
                           struct str *ret_name, struct str *ret_id)
{
    const struct git *git = &f->bases->git;
    struct str ref = wanted.len > 0 ? wanted : STR("HEAD");
    struct str patterns[] = { ref, str_concat(f->arena, ref, STR("^{}")) };
    struct git_refs refs = { 0 };
    struct err *e;

    if (is_commit_id(ref)) {
        *ret_name = STR("");
        *ret_id = ref;
        return NULL;
    }
    if (TRY(&e, git->ops->ls_remote(git->self, &f->run, remote, patterns, 2, &refs)))
        return e;
    choose_ref(f->arena, &refs, ref, ret_name, ret_id);
    if (ret_id->len > 0)
        return NULL;
    return err_new(f->arena, ERR_NOT_FOUND, "no branch or tag \"%.*s\" in the repository",
                   STR_ARG(ref));
}

static struct str mirror_name(const struct fetching *f, struct str url)
{
    struct str digest = digest_hex(f->arena, DIGEST_SHA256, url);

    return str_printf(f->arena, "%.*s/%.*s", STR_ARG(f->bases->mirrors),
                      STR_ARG(str_slice(digest, 0, 32)));
}

static struct err *fetch_tree(struct fetching *f, const struct kustomize_remote *remote,
                              struct tree *ret)
{
    struct str url = kustomize_remote_url(f->arena, remote);
    struct git_remote git_remote = { .url = url,
                                     .mirror = mirror_name(f, url),
                                     .allow_file = f->bases->allow_file };
    struct git_tree_request request = { .git = &f->bases->git,
                                        .remote = &git_remote,
                                        .target = { .ref = STR("") },
                                        .submodules = remote->submodules };
    struct git_commit commit;
    struct err *e;

    if (TRY(&e, resolve(f, &git_remote, remote->ref, &request.target.ref, &request.target.id)))
        return e;
    return git_tree_fetch(&f->run, &request, &commit, ret);
}

static struct err *fetch_repository(void *self, struct arena *a,
                                    const struct kustomize_remote *remote, const struct tree **ret)
{
    const struct remote_bases *bases = self;
    struct fetching f = { .bases = bases, .arena = a, .run = *bases->run };
    struct tree *tree = ARENA_NEW(a, struct tree);
    struct mono_time deadline = mono_add_ns(clock_mono(&bases->clock), remote->timeout_ns);
    struct err *e;

    f.run.arena = a;
    if (mono_diff_ns(f.run.deadline, deadline) > 0)
        f.run.deadline = deadline;
    if (TRY(&e, fetch_tree(&f, remote, tree)))
        return e;
    tree->label = remote->ref.len > 0 ? str_printf(a, "%.*s@%.*s", STR_ARG(remote->repository),
                                                   STR_ARG(remote->ref))
                                      : remote->repository;
    *ret = tree;
    return NULL;
}

static struct err *fetch_file(void *self, struct arena *a, struct str url, struct str *ret)
{
    const struct remote_bases *bases = self;
    struct http_request request = { .url = url, .body_max = LIMIT_MANIFEST_BYTES };
    struct http_answer answer;
    struct run run = *bases->run;
    struct err *e;

    run.arena = a;
    if (TRY(&e, bases->http.ops->send(bases->http.self, &run, &request, &answer)))
        return e;
    if (answer.status < 200 || answer.status > 299)
        return err_new(a, answer.status == 404 ? ERR_NOT_FOUND : ERR_UNAVAILABLE,
                       "\"%.*s\" was answered with HTTP status %d", STR_ARG(url), answer.status);
    *ret = answer.body;
    return NULL;
}

struct kustomize_fetch remote_bases_fetch(struct remote_bases *self)
{
    return (
        struct kustomize_fetch){ .repository = fetch_repository, .file = fetch_file, .self = self };
}
