/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/git_cli/objects.h"

#include "base/buf.h"
#include "core/git/reference.h"
#include "core/tree_memory.h"

struct file {
    struct str path;
    struct str id;
    uint64_t size;
    bool executable;
};

struct files {
    const struct git_selection *only; /* NULL: all */
    struct file *items;
    size_t count;
    size_t cap;
};

/* Parts that could leave the root or reach into a repository's own folder, however they are spelt on disk. */
static bool part_is_hostile(struct str part)
{
    return part.len == 0 || str_is(part, ".") || str_is(part, "..") ||
           str_eq_nocase(part, STR(".git")) || str_eq_nocase(part, STR("git~1")) ||
           str_find_byte(part, '\\', 0) != SIZE_MAX;
}

static struct err *check_path(struct arena *a, struct str path)
{
    struct str rest = path, part;
    unsigned depth = 0;

    if (path.len > LIMIT_PATH_BYTES)
        return err_new(a, ERR_TOO_LARGE, "a path of %zu bytes, more than the limit of %u", path.len,
                       LIMIT_PATH_BYTES);
    while (str_cut(&rest, '/', &part)) {
        if (part_is_hostile(part))
            return err_new(a, ERR_INVALID, "GitTreeInvalid: entry \"%.*s\" is not allowed",
                           STR_ARG(path));
        if (++depth > LIMIT_PATH_DEPTH)
            return err_new(a, ERR_TOO_LARGE, "\"%.*s\": folders nested deeper than %u",
                           STR_ARG(path), LIMIT_PATH_DEPTH);
    }
    return NULL;
}

/* "<mode> blob <id> <size>\t<path>" of ls-tree -r -l -z. */
static struct err *add_entry(struct arena *a, struct str line, struct files *files)
{
    struct str path = line, head, mode = STR(""), type = STR(""), id = STR(""), size;
    struct file f = { 0 };
    struct err *e;

    if (!str_cut(&path, '\t', &head) || !path.ptr)
        return err_new(a, ERR_INTERNAL, "git ls-tree printed \"%.*s\"", STR_ARG(line));
    (void)(str_cut(&head, ' ', &mode) && str_cut(&head, ' ', &type) && str_cut(&head, ' ', &id));
    size = str_trim(head);
    if (!str_is(type, "blob") || str_is(mode, "120000"))
        return NULL;
    if (TRY(&e, check_path(a, path)))
        return e;
    if (files->only && !git_sparse_has(files->only->prefixes, files->only->count, path))
        return NULL;
    (void)str_to_uint64(size, &f.size);
    f.path = path;
    f.id = id;
    f.executable = str_is(mode, "100755");
    *VEC_PUSH(a, files) = f;
    return NULL;
}

static struct err *list_files(struct run *r, const struct git_command *base, struct str id,
                              struct files *files)
{
    struct git_command c = *base;
    struct str output, line;
    uint64_t total = 0;
    struct err *e;

    c.args[0] = "ls-tree";
    c.args[1] = "-r";
    c.args[2] = "-l";
    c.args[3] = "-z";
    c.args[4] = "--full-tree";
    c.args[5] = str_cstr(r->arena, id);
    if (TRY(&e, git_command_run(r, &c, &output)))
        return e;
    while (str_cut(&output, '\0', &line)) {
        if (line.len > 0 && TRY(&e, add_entry(r->arena, line, files)))
            return e;
        if (files->count > LIMIT_ARTIFACT_FILES)
            return err_new(r->arena, ERR_TOO_LARGE, "more than %u files in the repository",
                           LIMIT_ARTIFACT_FILES);
    }
    for (size_t i = 0; i < files->count; i++)
        total += files->items[i].size;
    if (total > LIMIT_ARTIFACT_BYTES)
        return err_new(r->arena, ERR_TOO_LARGE,
                       "files of %llu bytes in the repository, more than the limit of %llu",
                       (unsigned long long)total, LIMIT_ARTIFACT_BYTES);
    return NULL;
}

/* "<id> blob <size>\n<bytes>\n" for each file, in the order asked. */
static struct err *take_blob(struct arena *a, struct str *output, const struct file *f,
                             struct tree_memory *m)
{
    struct str header;

    if (!str_cut(output, '\n', &header) || output->len < f->size + 1 ||
        !str_has_prefix(header, f->id))
        return err_new(a, ERR_INTERNAL, "git cat-file gave no content for \"%.*s\"",
                       STR_ARG(f->path));
    tree_memory_put(m, f->path, str_of(output->ptr, f->size), f->executable);
    *output = str_skip(*output, f->size + 1);
    return NULL;
}

struct err *git_objects_tree(struct run *r, const struct git_command *base, struct str id,
                             const struct git_selection *only, struct tree *ret)
{
    struct tree_memory *m = tree_memory_new(r->arena);
    struct git_command c = *base;
    struct files files = { .only = only };
    struct str output;
    struct buf ids;
    struct err *e;

    if (TRY(&e, list_files(r, base, id, &files)))
        return e;
    buf_init(&ids, r->arena, 0);
    for (size_t i = 0; i < files.count; i++) {
        buf_put(&ids, files.items[i].id);
        buf_put_byte(&ids, '\n');
    }
    c.args[0] = "cat-file";
    c.args[1] = "--batch";
    c.input = buf_str(&ids);
    c.output_max = LIMIT_ARTIFACT_BYTES + files.count * 128;
    if (TRY(&e, git_command_run(r, &c, &output)))
        return e;
    for (size_t i = 0; i < files.count; i++)
        if (TRY(&e, take_blob(r->arena, &output, &files.items[i], m)))
            return e;
    *ret = tree_memory_port(m, STR(""));
    return NULL;
}
