/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/fs_posix/host_files.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "adapters/fs_posix/host_archive.h"
#include "adapters/fs_posix/tree_disk.h"
#include "base/buf.h"

enum { QUIET_MS = 50, FOLLOW_MS = 100, CHUNK_BYTES = 64 * 1024 };

static struct err *failed(struct arena *a, const char *what, struct str path)
{
    enum err_code code = errno == ENOENT ? ERR_NOT_FOUND : ERR_IO;

    return err_new(a, code, "could not %s \"%.*s\": %s", what, STR_ARG(path), strerror(errno));
}

struct err *host_file_read(void *self, struct arena *a, struct str path, size_t max,
                           struct str *ret)
{
    bool is_stdin = str_is(path, "-");
    int fd = is_stdin ? STDIN_FILENO : open(str_cstr(a, path), O_RDONLY | O_CLOEXEC);
    struct buf content;
    ssize_t n = 0;

    (void)self;
    if (fd < 0)
        return err_new(a, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "could not open \"%.*s\": %s",
                       STR_ARG(path), strerror(errno));
    buf_init(&content, a, max + CHUNK_BYTES);
    while (content.len <= max) {
        char *to = buf_reserve(&content, CHUNK_BYTES);

        n = to ? read(fd, to, CHUNK_BYTES) : 0;
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        content.len += (size_t)n;
    }
    if (!is_stdin)
        (void)close(fd);
    if (n < 0)
        return err_new(a, ERR_IO, "could not read \"%.*s\": %s", STR_ARG(path), strerror(errno));
    if (content.len > max)
        return err_new(a, ERR_TOO_LARGE, "\"%.*s\" is larger than %zu bytes", STR_ARG(path), max);
    *ret = buf_str(&content);
    return NULL;
}

struct err *host_tree_open(void *self, struct arena *a, struct str dir, struct tree *ret_tree,
                           struct str *ret_path)
{
    struct str real;
    struct err *e;

    (void)self;
    if (TRY(&e, tree_disk_real_path(a, dir, &real)) ||
        TRY(&e, tree_disk_open(a, STR("/"), STR("/"), ret_tree)))
        return e;
    *ret_path = str_trim_prefix(real, STR("/"));
    return NULL;
}

static struct err *write_all(struct arena *a, int fd, struct str path, struct str content)
{
    while (content.len > 0) {
        ssize_t n = write(fd, content.ptr, content.len);

        if (n < 0 && errno != EINTR)
            return failed(a, "write", path);
        if (n > 0)
            content = str_skip(content, (size_t)n);
    }
    return NULL;
}

/* One read; a file that has shrunk begins anew. -1 with errno. */
static ssize_t read_from(int fd, bool is_stdin, char *to, size_t *at)
{
    struct stat st;
    ssize_t n;

    if (!is_stdin && fstat(fd, &st) == 0 && (uint64_t)st.st_size < *at)
        *at = 0;
    do
        n = is_stdin ? read(fd, to, CHUNK_BYTES) : pread(fd, to, CHUNK_BYTES, (off_t)*at);
    while (n < 0 && errno == EINTR);
    if (n > 0)
        *at += (size_t)n;
    return n;
}

struct err *host_file_read_on(void *self, struct arena *a, struct str path, size_t *at, bool wait,
                              struct str *ret)
{
    bool is_stdin = str_is(path, "-");
    char *to = arena_alloc(a, CHUNK_BYTES);
    ssize_t n;

    (void)self;
    for (;;) {
        /* Opened each time: a log that was rotated is another file of that name. */
        int fd = is_stdin ? STDIN_FILENO : open(str_cstr(a, path), O_RDONLY | O_CLOEXEC);

        if (fd < 0)
            return err_new(a, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO,
                           "could not open \"%.*s\": %s", STR_ARG(path), strerror(errno));
        n = read_from(fd, is_stdin, to, at);
        struct err *e = n < 0 ? failed(a, "read", path) : NULL;
        if (!is_stdin)
            (void)close(fd);
        if (e)
            return e;
        if (n > 0 || !wait || is_stdin)
            break;
        (void)poll(NULL, 0, FOLLOW_MS);
    }
    *ret = str_of(to, (size_t)n);
    return NULL;
}

struct err *host_file_write(void *self, struct arena *a, struct str path, struct str content)
{
    int fd = open(str_cstr(a, path), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    struct err *e;

    (void)self;
    if (fd < 0)
        return failed(a, "open", path);
    e = write_all(a, fd, path, content);
    if (close(fd) != 0 && !e)
        e = failed(a, "write", path);
    return e;
}

/* mkostemp makes 0600; the mode is set before the file has its name. */
static struct err *file_replace(void *self, struct arena *a, struct str path, struct str content,
                                enum file_access access)
{
    struct str pattern = str_printf(a, "%.*s.XXXXXX", STR_ARG(path));
    char *name = (char *)(uintptr_t)str_cstr(a, pattern); /* a copy of our own */
    int fd = mkostemp(name, O_CLOEXEC);
    struct err *e;

    (void)self;
    if (fd < 0)
        return failed(a, "open", path);
    e = write_all(a, fd, path, content);
    if (!e && fchmod(fd, access == FILE_PRIVATE ? 0600 : 0644) != 0)
        e = failed(a, "write", path);
    if (close(fd) != 0 && !e)
        e = failed(a, "write", path);
    if (!e && rename(name, str_cstr(a, path)) != 0)
        e = failed(a, "write", path);
    if (e)
        (void)unlink(name);
    return e;
}

static struct err *path_kind(void *self, struct arena *a, struct str path, enum tree_kind *ret)
{
    struct stat st;

    (void)self;
    *ret = TREE_ABSENT;
    if (lstat(str_cstr(a, path), &st) != 0)
        return errno == ENOENT || errno == ENOTDIR ? NULL : failed(a, "look at", path);
    *ret = S_ISDIR(st.st_mode) ? TREE_DIR : S_ISLNK(st.st_mode) ? TREE_SYMLINK : TREE_FILE;
    return NULL;
}

static struct err *path_remove(void *self, struct arena *a, struct str path)
{
    (void)self;
    return remove(str_cstr(a, path)) == 0 ? NULL : failed(a, "remove", path);
}

static struct err *file_modified(void *self, struct arena *a, struct str path,
                                 struct wall_time *ret)
{
    struct stat st;

    (void)self;
    if (stat(str_cstr(a, path), &st) != 0)
        return failed(a, "look at", path);
    *ret = (struct wall_time){ .ns = (int64_t)st.st_mtim.tv_sec * NS_PER_S };
    return NULL;
}

struct files host_files_port(void)
{
    static const struct files_ops ops = { .kind = path_kind,
                                          .read = host_file_read,
                                          .write = file_replace,
                                          .make_folder = host_folder_make,
                                          .remove = path_remove,
                                          .modified = file_modified,
                                          .open_tree = host_tree_open,
                                          .open_archive = host_archive_open,
                                          .write_archive = host_archive_write };

    return (struct files){ .ops = &ops };
}

struct err *host_folder_make(void *self, struct arena *a, struct str path)
{
    for (size_t at = 1; at <= path.len; at++) {
        at = str_find_byte(path, '/', at);
        const char *part = str_cstr(a, str_slice(path, 0, at));

        (void)self;
        if (mkdir(part, 0755) != 0 && errno != EEXIST)
            return failed(a, "make the folder", path);
        if (at == SIZE_MAX)
            break;
    }
    return NULL;
}

/* Waits for news, at most `timeout` ms (-1: for ever); takes all there is. False: there was none. */
static bool drain(int fd, int timeout)
{
    struct pollfd p = { .fd = fd, .events = POLLIN };
    char events[8192];

    if (poll(&p, 1, timeout) <= 0)
        return false;
    return read(fd, events, sizeof events) > 0;
}

struct err *host_wait_for_change(void *self, struct arena *a, const struct str *folders,
                                 size_t count)
{
    static const uint32_t mask = IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVE | IN_DELETE_SELF |
                                 IN_MOVE_SELF;
    int fd = inotify_init1(IN_CLOEXEC);

    (void)self;
    if (fd < 0)
        return failed(a, "watch", count > 0 ? folders[0] : STR("."));
    for (size_t i = 0; i < count; i++)
        if (inotify_add_watch(fd, str_cstr(a, folders[i]), mask) < 0 && errno != ENOENT) {
            struct err *e = failed(a, "watch", folders[i]);

            (void)close(fd);
            return e;
        }
    (void)drain(fd, -1);
    while (drain(fd, QUIET_MS))
        ;
    (void)close(fd);
    return NULL;
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

void host_folder_remove(const char *path)
{
    (void)nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}
