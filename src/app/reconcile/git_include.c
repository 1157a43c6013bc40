/* SPDX-License-Identifier: Apache-2.0 */
#include "app/reconcile/git_include.h"

#include "base/buf.h"
#include "base/limits.h"

struct str git_include_name(const struct val *object, size_t i)
{
    return val_at_str(val_item(val_at(object, "spec.include"), i), "repository.name");
}

static const struct val *find(const struct gate_reader *reader, const struct val *object, size_t i)
{
    return reader->find(reader->self, STR("GitRepository"),
                        val_at_str(object, "metadata.namespace"), git_include_name(object, i));
}

/* The way from `at` back to the object named `goal`, appended to `out`; true when there is one. */
static bool leads_back(const struct gate_reader *reader, const struct val *at, struct str goal,
                       unsigned depth, struct buf *out)
{
    size_t length = out->len;

    for (size_t i = 0; depth > 0 && i < val_count(val_at(at, "spec.include")); i++) {
        struct str name = git_include_name(at, i);
        const struct val *next = find(reader, at, i);

        buf_printf(out, " -> %.*s", STR_ARG(name));
        if (str_eq(name, goal) || (next && leads_back(reader, next, goal, depth - 1, out)))
            return true;
        buf_truncate(out, length);
    }
    return false;
}

struct git_includes git_includes_find(struct arena *a, const struct val *object,
                                      const struct gate_reader *reader)
{
    size_t count = val_count(val_at(object, "spec.include"));
    const struct val **objects = ARENA_ARRAY(a, count, const struct val *);
    struct str name = val_at_str(object, "metadata.name");
    struct git_includes in = { .objects = objects, .cycle = STR("") };
    struct buf way;

    for (size_t i = 0; i < count; i++)
        objects[i] = find(reader, object, i);
    buf_init(&way, a, 0);
    buf_put(&way, name);
    if (leads_back(reader, object, name, LIMIT_GIT_INCLUDE_DEPTH, &way))
        in.cycle = buf_str(&way);
    return in;
}

static bool same_artifact(const struct val *a, const struct val *b)
{
    return a && b && str_eq(val_get_str(a, "revision"), val_get_str(b, "revision")) &&
           str_eq(val_get_str(a, "digest"), val_get_str(b, "digest"));
}

bool git_includes_changed(const struct val *object, const struct git_includes *in)
{
    const struct val *built = val_at(object, "status.includedArtifacts");
    size_t count = val_count(val_at(object, "spec.include"));

    for (size_t i = 0; i < count; i++)
        if (!same_artifact(val_at(in->objects[i], "status.artifact"), val_item(built, i)))
            return true;
    return count != val_count(built);
}

struct err *git_includes_artifacts(struct arena *a, const struct val *object,
                                   const struct git_includes *in, const struct val **ret,
                                   const char **ret_reason)
{
    size_t count = val_count(val_at(object, "spec.include"));
    struct seq_builder list;

    *ret_reason = "IncludeCycle";
    if (in->cycle.len > 0)
        return err_new(a, ERR_INVALID, "includes form a cycle: %.*s", STR_ARG(in->cycle));
    seq_builder_init(&list, a);
    for (size_t i = 0; i < count; i++) {
        struct str name = git_include_name(object, i);
        const struct val *artifact = val_at(in->objects[i], "status.artifact");

        *ret_reason = "NotFound";
        if (!in->objects[i])
            return err_new(
                a, ERR_NOT_FOUND,
                "could not get resource for include '%.*s': gitrepositories.source.toolkit.fluxcd.io \"%.*s\" not found",
                STR_ARG(name), STR_ARG(name));
        *ret_reason = "NoArtifact";
        if (!artifact)
            return err_new(a, ERR_NOT_FOUND, "no artifact available for include '%.*s'",
                           STR_ARG(name));
        seq_builder_add(&list, artifact);
    }
    *ret = count > 0 ? seq_builder_done(&list, NULL) : NULL;
    return NULL;
}

/* Within the root whatever it says: "../x" and "/x" are "x", as a path in a chroot. */
static struct str within_root(struct arena *a, struct str path)
{
    struct str rest = path, part, all = STR("");

    while (str_cut(&rest, '/', &part)) {
        if (part.len == 0 || str_is(part, "."))
            continue;
        if (str_is(part, ".."))
            all = tree_path_dir(all);
        else
            all = all.len > 0 ? str_printf(a, "%.*s/%.*s", STR_ARG(all), STR_ARG(part)) : part;
    }
    return all;
}

/* source-controller renames: onto a folder with something in it that fails, onto a file it replaces it. */
static struct err *check_place(struct arena *a, const struct tree *tree, struct str to)
{
    enum tree_kind kind = TREE_ABSENT;
    struct err *e = tree_stat(tree, a, to, &kind);

    if (!e && to.len > 0 && kind != TREE_DIR)
        return NULL;
    return e ? e : err_new(a, ERR_ALREADY_EXISTS, "the repository has a folder there already");
}

static struct err *apply_one(const struct reconcile_ports *ports, struct run *run,
                             const struct val *include, const struct val *artifact,
                             struct tree *tree)
{
    struct arena *a = run->arena;
    struct str name = val_at_str(include, "repository.name"),
               from = val_get_str(include, "fromPath"), to = val_get_str(include, "toPath");
    struct tree_memory *added = tree_memory_new(a);
    struct tree theirs, under = *tree, over;
    struct err *e;

    from = from.len > 0 ? from : STR(".");
    to = within_root(a, to.len > 0 ? to : name);
    if (TRY(&e, ports->artifacts.ops->open_tree(ports->artifacts.self, run,
                                                val_get_str(artifact, "path"),
                                                val_get_str(artifact, "digest"), &theirs)) ||
        TRY(&e, check_place(a, tree, to)) ||
        TRY(&e, tree_memory_graft(added, to, &theirs, within_root(a, from))))
        return err_wrap(a, e, "failed to copy '%.*s' include from %.*s to %.*s", STR_ARG(name),
                        STR_ARG(from), STR_ARG(to));
    over = tree_memory_port(added, STR(""));
    *tree = tree_overlay(a, &under, &over);
    return NULL;
}

struct err *git_includes_apply(const struct reconcile_ports *ports, struct run *run,
                               const struct val *object, const struct val *artifacts,
                               struct tree *tree)
{
    const struct val *list = val_at(object, "spec.include");
    struct err *e;

    for (size_t i = 0; i < val_count(list); i++)
        if (TRY(&e, apply_one(ports, run, val_item(list, i), val_item(artifacts, i), tree)))
            return e;
    return NULL;
}
