/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/fs_posix/artifact_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "adapters/fs_posix/tarball.h"
#include "adapters/fs_posix/tree_cache.h"
#include "base/buf.h"
#include "base/limits.h"
#include "foreign/digest.h"

struct artifact_files {
    char root[512];
    char base_url[512];
    struct tree_cache *trees;
};

struct artifact_files *artifact_files_new(const char *root, const char *base_url)
{
    struct artifact_files *f = calloc(1, sizeof *f);

    if (!f)
        abort();
    (void)snprintf(f->root, sizeof f->root, "%s", root);
    (void)snprintf(f->base_url, sizeof f->base_url, "%s", base_url);
    (void)mkdir(root, 0700);
    f->trees = tree_cache_new();
    return f;
}

void artifact_files_free(struct artifact_files *f)
{
    if (f)
        tree_cache_free(f->trees);
    free(f);
}

static struct err *io_error(struct arena *a, const char *what, const char *path)
{
    return err_new(a, ERR_IO, "could not %s \"%s\": %s", what, path, strerror(errno));
}

/* Makes root/kind/ns/name step by step. */
static struct err *make_folder(struct artifact_files *f, struct arena *a, struct str relative)
{
    struct str rest = relative, part;
    struct buf path;

    buf_init(&path, a, 0);
    buf_put(&path, str_from_cstr(f->root));
    while (str_cut(&rest, '/', &part)) {
        buf_put_byte(&path, '/');
        buf_put(&path, part);
        if (mkdir(str_cstr(a, buf_str(&path)), 0700) != 0 && errno != EEXIST)
            return io_error(a, "make the folder", str_cstr(a, buf_str(&path)));
    }
    return NULL;
}

static struct str owner_folder(struct arena *a, const struct artifact_owner *o)
{
    return str_printf(a, "%.*s/%.*s/%.*s", STR_ARG(o->kind), STR_ARG(o->ns), STR_ARG(o->name));
}

static struct err *read_file(struct arena *a, const char *path, struct str *ret)
{
    CLEANUP(fd_closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    struct stat st;
    struct buf content;

    if (fd < 0 || fstat(fd, &st) != 0) {
        if (errno == ENOENT)
            return err_new(a, ERR_NOT_FOUND, "artifact \"%s\" is not in storage", path);
        return io_error(a, "open", path);
    }
    if (st.st_size > (off_t)LIMIT_ARTIFACT_BYTES)
        return err_new(a, ERR_TOO_LARGE, "artifact of %lld bytes, more than the limit of %llu",
                       (long long)st.st_size, LIMIT_ARTIFACT_BYTES);
    buf_init(&content, a, LIMIT_ARTIFACT_BYTES);
    for (;;) {
        char *to = buf_reserve(&content, 64 * 1024);
        ssize_t n = to ? read(fd, to, 64 * 1024) : -1;

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return io_error(a, "read", path);
        if (n == 0)
            break;
        content.len += (size_t)n;
    }
    *ret = buf_str(&content);
    return NULL;
}

static struct str digest_of(struct arena *a, struct str bytes)
{
    return str_printf(a, "sha256:%.*s", STR_ARG(digest_hex(a, DIGEST_SHA256, bytes)));
}

/* The file is whole on disk before its name exists. */
static struct err *publish(struct artifact_files *f, struct run *r, const char *temporary,
                           struct str path)
{
    const char *final = str_cstr(r->arena, str_printf(r->arena, "%s/%.*s", f->root, STR_ARG(path)));
    CLEANUP(fd_closep) int fd = open(temporary, O_RDONLY | O_CLOEXEC);

    if (fd < 0 || fsync(fd) != 0 || rename(temporary, final) != 0)
        return io_error(r->arena, "publish", final);
    return NULL;
}

static void point_latest_at(struct artifact_files *f, struct arena *a, struct str folder,
                            struct str file)
{
    const char *link = str_cstr(a,
                                str_printf(a, "%s/%.*s/latest.tar.gz", f->root, STR_ARG(folder)));
    const char *fresh = str_cstr(a, str_printf(a, "%s.new", link));

    (void)unlink(fresh);
    if (symlink(str_cstr(a, file), fresh) == 0)
        (void)rename(fresh, link);
}

/* The tree packed into a file whose name mkostemp makes of the pattern; *ret: what is in it. */
static struct err *pack(struct run *r, const struct artifact_content *content, char *pattern,
                        struct str *ret)
{
    int fd = mkostemp(pattern, O_CLOEXEC);
    struct err *e;

    if (fd < 0)
        return io_error(r->arena, "write", pattern);
    e = tarball_write(r, &content->tree, &content->filter, fd);
    (void)close(fd);
    return e ? e : read_file(r->arena, pattern, ret);
}

static struct err *publish_tree(void *self, struct run *r, const struct artifact_owner *owner,
                                const struct artifact_content *content, struct artifact *ret)
{
    struct artifact_files *f = self;
    struct str folder = owner_folder(r->arena, owner);
    struct str file = str_printf(r->arena, "%.*s.tar.gz", STR_ARG(content->stem)), bytes;
    char *temporary = (char *)(uintptr_t)str_cstr(
        r->arena, str_printf(r->arena, "%s/%.*s/.new-XXXXXX", f->root, STR_ARG(folder)));
    struct err *e;

    ret->path = str_printf(r->arena, "%.*s/%.*s", STR_ARG(folder), STR_ARG(file));
    if (TRY(&e, make_folder(f, r->arena, folder)))
        return e;
    if (TRY(&e, pack(r, content, temporary, &bytes)) ||
        TRY(&e, publish(f, r, temporary, ret->path))) {
        (void)unlink(temporary);
        return e;
    }
    point_latest_at(f, r->arena, folder, file);
    ret->url = str_printf(r->arena, "%s/%.*s", f->base_url, STR_ARG(ret->path));
    ret->digest = digest_of(r->arena, bytes);
    ret->size = bytes.len;
    return NULL;
}

/* Path parts come from object names, but also from a status that anyone may have written. */
static bool path_is_clean(struct str path)
{
    struct str part;

    if (path.len == 0 || path.ptr[0] == '/')
        return false;
    while (str_cut(&path, '/', &part))
        if (part.len == 0 || str_is(part, ".") || str_is(part, ".."))
            return false;
    return true;
}

static struct err *check_digest(struct arena *a, struct str path, struct str digest,
                                struct str bytes)
{
    struct str found = digest_of(a, bytes);

    if (str_eq(found, digest))
        return NULL;
    return err_new(a, ERR_INVALID, "artifact \"%.*s\" has digest %.*s, expected %.*s",
                   STR_ARG(path), STR_ARG(found), STR_ARG(digest));
}

static struct err *read_verified(struct artifact_files *f, struct run *r, struct str path,
                                 struct str digest, struct str *ret)
{
    struct err *e;

    if (!path_is_clean(path))
        return err_new(r->arena, ERR_INVALID, "artifact path \"%.*s\" leaves the storage",
                       STR_ARG(path));
    if (TRY(&e,
            read_file(r->arena,
                      str_cstr(r->arena, str_printf(r->arena, "%s/%.*s", f->root, STR_ARG(path))),
                      ret)))
        return e;
    return check_digest(r->arena, path, digest, *ret);
}

static struct str tree_key(struct arena *a, struct str path, struct str digest)
{
    return str_printf(a, "%.*s %.*s", STR_ARG(digest), STR_ARG(path));
}

/* The archive's bytes and its files live in an arena of their own, which the cache may keep. `bytes` NULL: those of the storage. */
static struct err *read_tree(struct artifact_files *f, struct run *r, struct str path,
                             struct str digest, const struct str *bytes, struct tree *ret)
{
    struct run own = *r;
    struct str archive;
    struct tree tree;
    struct err *e;

    own.arena = arena_new(0);
    if (bytes) {
        archive = str_dup(own.arena, *bytes);
        e = check_digest(own.arena, path, digest, archive);
    } else {
        e = read_verified(f, &own, path, digest, &archive);
    }
    if (e || TRY(&e, tarball_read(&own, archive, &tree))) {
        e = err_copy(r->arena, e);
        arena_free(own.arena);
        return e;
    }
    tree_cache_keep(f->trees, r->arena, tree_key(r->arena, path, digest), own.arena, &tree, ret);
    return NULL;
}

static struct err *open_tree(void *self, struct run *r, struct str path, struct str digest,
                             struct tree *ret)
{
    struct artifact_files *f = self;

    if (tree_cache_find(f->trees, r->arena, tree_key(r->arena, path, digest), ret))
        return NULL;
    return read_tree(f, r, path, digest, NULL, ret);
}

static struct err *take_tree(void *self, struct run *r, struct str path, struct str digest,
                             struct str bytes, struct tree *ret)
{
    return read_tree(self, r, path, digest, &bytes, ret);
}

static struct err *verify(void *self, struct run *r, struct str path, struct str digest,
                          bool *ret_ok)
{
    struct str bytes;
    struct err *e = read_verified(self, r, path, digest, &bytes);

    *ret_ok = e == NULL;
    return e && e->code != ERR_NOT_FOUND && e->code != ERR_INVALID ? e : NULL;
}

static bool is_kept(const struct str *keep, size_t count, struct str path)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(keep[i], path))
            return true;
    return false;
}

/* Age by the file's own time against the same clock that stamped it. */
static bool is_older_than(const char *path, int64_t ttl_ns)
{
    struct timespec now;
    struct stat st;

    if (lstat(path, &st) != 0 || clock_gettime(CLOCK_REALTIME, &now) != 0)
        return false;
    return (now.tv_sec - st.st_mtim.tv_sec) * NS_PER_S + (now.tv_nsec - st.st_mtim.tv_nsec) >=
           ttl_ns;
}

static struct err *collect(void *self, struct run *r, const struct artifact_owner *owner,
                           const struct str *keep, size_t count, int64_t ttl_ns)
{
    struct artifact_files *f = self;
    struct str folder = owner_folder(r->arena, owner);
    const char *path = str_cstr(r->arena,
                                str_printf(r->arena, "%s/%.*s", f->root, STR_ARG(folder)));
    DIR *dir = opendir(path);
    struct dirent *entry;

    if (!dir)
        return errno == ENOENT ? NULL : io_error(r->arena, "list", path);
    while ((entry = readdir(dir)) != NULL) {
        struct str name = str_from_cstr(entry->d_name);
        struct str relative = str_printf(r->arena, "%.*s/%.*s", STR_ARG(folder), STR_ARG(name));
        const char *full = str_cstr(r->arena, str_printf(r->arena, "%s/%.*s", path, STR_ARG(name)));
        bool is_latest = str_is(name, "latest.tar.gz") && count > 0;

        if (str_is(name, ".") || str_is(name, "..") || is_latest ||
            is_kept(keep, count, relative) || !is_older_than(full, ttl_ns))
            continue;
        (void)unlink(full);
    }
    (void)closedir(dir);
    if (count == 0)
        (void)rmdir(path);
    return NULL;
}

struct artifact_store artifact_files_port(struct artifact_files *f)
{
    static const struct artifact_store_ops ops = {
        .publish_tree = publish_tree,
        .open_tree = open_tree,
        .take_tree = take_tree,
        .verify = verify,
        .collect = collect,
    };

    return (struct artifact_store){ .ops = &ops, .self = f };
}
