/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/fs_posix/tree_disk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/vec.h"

#define LINKS_MAX 40 /* as Linux */

/* A folder that is open, one part deeper than the step before it. */
struct step {
    int fd;
    size_t end; /* of its path in tree_disk.path */
};

struct tree_disk {
    int root; /* descriptor of the root folder */
    struct str label;
    /* The way to the folder of the last read, kept open: the next one is mostly there or near. */
    struct step steps[LIMIT_PATH_DEPTH];
    size_t depth;
    char path[LIMIT_PATH_BYTES]; /* resolved */
};

/* Where a walk ended: the folder that holds the last part, links resolved. */
struct spot {
    int dir;          /* borrowed: the root or a step */
    struct str path;  /* resolved, from the root */
    struct str name;  /* last part; "." for the root */
    struct stat stat; /* of it; st_mode 0: it does not exist */
};

static void close_steps(struct tree_disk *t, size_t depth)
{
    while (t->depth > depth)
        close(t->steps[--t->depth].fd);
}

static void close_all(void *ptr)
{
    struct tree_disk *t = ptr;
    close_steps(t, 0);
    close(t->root);
}

static struct err *io_error(struct arena *a, struct str path, const char *what)
{
    enum err_code code = errno == ENOENT || errno == ENOTDIR ? ERR_NOT_FOUND
                         : errno == EACCES                   ? ERR_FORBIDDEN
                                                             : ERR_IO;
    return err_new(a, code, "%.*s: cannot %s: %s", STR_ARG(path), what, strerror(errno));
}

/* How many steps lead towards `path`: each is the folder itself or one above it. */
static size_t known_steps(const struct tree_disk *t, struct str path)
{
    size_t depth = 0;
    while (depth < t->depth) {
        size_t end = t->steps[depth].end;
        if (end > path.len || memcmp(t->path, path.ptr, end) != 0 ||
            (end < path.len && path.ptr[end] != '/'))
            break;
        depth++;
    }
    return depth;
}

static int open_part(int dir, struct str part)
{
    char name[NAME_MAX + 1];
    if (part.len > NAME_MAX) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(name, part.ptr, part.len);
    name[part.len] = '\0';
    return openat(dir, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* A descriptor of a resolved folder; every part is opened without following links. */
static int open_folder(struct tree_disk *t, struct str path)
{
    size_t depth = known_steps(t, path);
    int fd = depth > 0 ? t->steps[depth - 1].fd : t->root;
    size_t end = depth > 0 ? t->steps[depth - 1].end : 0;
    if (end == path.len)
        return fd;
    if (path.len >= sizeof t->path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    close_steps(t, depth);
    memcpy(t->path, path.ptr, path.len);
    for (struct str part, rest = str_skip(path, end + (depth > 0)); str_cut(&rest, '/', &part);) {
        errno = ENAMETOOLONG;
        fd = t->depth < LIMIT_PATH_DEPTH ? open_part(fd, part) : -1;
        if (fd < 0)
            return -1;
        end = (size_t)(part.ptr - path.ptr) + part.len;
        t->steps[t->depth++] = (struct step){ fd, end };
    }
    return fd;
}

static struct err *escapes(struct arena *a, struct str path, struct str target)
{
    return err_new(a, ERR_FORBIDDEN, "%.*s: symbolic link to \"%.*s\" leaves the root",
                   STR_ARG(path), STR_ARG(target));
}

/* The content of the link `name` in dir, joined with where it is. */
static struct err *follow(struct arena *a, int dir, struct str at, struct str name, struct str *ret)
{
    char target[PATH_MAX];
    struct str path = at.len > 0 ? str_printf(a, "%.*s/%.*s", STR_ARG(at), STR_ARG(name)) : name;
    ssize_t len = readlinkat(dir, str_cstr(a, name), target, sizeof target);
    if (len < 0)
        return io_error(a, path, "read link");
    struct str text = str_dup(a, str_of(target, (size_t)len));
    if (!tree_path_join(a, at, text, ret))
        return escapes(a, path, text);
    return NULL;
}

/* Absolute links can only be right when the root is the machine's. */
static bool is_machine_root(const struct tree_disk *t)
{
    struct stat own, machine;
    return fstat(t->root, &own) == 0 && stat("/", &machine) == 0 && own.st_dev == machine.st_dev &&
           own.st_ino == machine.st_ino;
}

static struct err *resolve_link(struct tree_disk *t, struct arena *a, const struct spot *spot,
                                struct str at, struct str *ret)
{
    struct err *e = follow(a, spot->dir, at, spot->name, ret);
    if (!e || e->code != ERR_FORBIDDEN || !is_machine_root(t))
        return e;
    char target[PATH_MAX];
    ssize_t len = readlinkat(spot->dir, str_cstr(a, spot->name), target, sizeof target);
    if (len <= 0 || target[0] != '/' ||
        !tree_path_join(a, STR(""), str_dup(a, str_of(target + 1, (size_t)len - 1)), ret))
        return e;
    return NULL;
}

/* Moves what the steps have resolved already from *rest to *at; the last part stays. */
static void skip_known(const struct tree_disk *t, struct str *at, struct str *rest)
{
    size_t depth = known_steps(t, *rest);
    if (depth > 0 && t->steps[depth - 1].end == rest->len)
        depth--;
    if (depth == 0)
        return;
    *at = str_slice(*rest, 0, t->steps[depth - 1].end);
    *rest = str_skip(*rest, t->steps[depth - 1].end + 1);
}

/* Walks to `path`. A missing last part is no error; a missing folder on the way is like one. */
static struct err *walk(struct tree_disk *t, struct arena *a, struct str path, struct spot *ret)
{
    struct str at = STR(""), rest = path;
    *ret = (struct spot){ .dir = t->root, .path = STR(""), .name = STR(".") };
    if (path.len == 0)
        return fstat(t->root, &ret->stat) == 0 ? NULL : io_error(a, path, "look at");
    skip_known(t, &at, &rest);
    for (size_t links = 0;;) {
        struct str part = STR("");
        str_cut(&rest, '/', &part);
        ret->dir = open_folder(t, at);
        ret->name = part;
        ret->path = at.len > 0 ? str_printf(a, "%.*s/%.*s", STR_ARG(at), STR_ARG(part)) : part;
        ret->stat.st_mode = 0;
        int failed = ret->dir < 0 ||
                     fstatat(ret->dir, str_cstr(a, part), &ret->stat, AT_SYMLINK_NOFOLLOW) != 0;
        if (failed)
            return errno == ENOENT || errno == ENOTDIR ? NULL : io_error(a, path, "look at");
        if (!S_ISLNK(ret->stat.st_mode)) {
            at = ret->path;
            if (!rest.ptr)
                return NULL;
            continue;
        }
        struct str target = STR("");
        struct err *e;
        if (++links > LINKS_MAX)
            return err_new(a, ERR_INVALID, "%.*s: too many symbolic links", STR_ARG(path));
        if (TRY(&e, resolve_link(t, a, ret, at, &target)))
            return e;
        rest = rest.ptr ? str_printf(a, "%.*s/%.*s", STR_ARG(target), STR_ARG(rest)) : target;
        at = STR("");
        if (rest.len == 0)
            return walk(t, a, STR(""), ret);
    }
}

/*
 * Opens what is at a path without a link in it, which most are; -1: there is one, or nothing, or too little can be told: walk.
 * No folder on the way and not the last part is followed.
 */
static int open_plain(struct tree_disk *t, struct arena *a, struct str path, int flags)
{
    struct str folder = tree_path_dir(path);
    int dir = path.len > 0 ? open_folder(t, folder) : -1;
    struct str name = folder.len > 0 ? str_skip(path, folder.len + 1) : path;

    return dir < 0 ? -1 : openat(dir, str_cstr(a, name), flags | O_NOFOLLOW | O_CLOEXEC);
}

static enum tree_kind kind_of(mode_t mode)
{
    return S_ISREG(mode)   ? TREE_FILE
           : S_ISDIR(mode) ? TREE_DIR
           : S_ISLNK(mode) ? TREE_SYMLINK
                           : TREE_ABSENT;
}

static struct err *disk_stat(void *self, struct arena *a, struct str path, enum tree_kind *ret)
{
    struct spot spot;
    struct err *e;
    if (TRY(&e, walk(self, a, path, &spot)))
        return e;
    *ret = kind_of(spot.stat.st_mode);
    return NULL;
}

static struct err *disk_resolve(void *self, struct arena *a, struct str path, struct str *ret)
{
    struct spot spot;
    struct err *e;
    if (TRY(&e, walk(self, a, path, &spot)))
        return e;
    if (spot.stat.st_mode == 0)
        return err_new(a, ERR_NOT_FOUND, "%.*s: no such file or folder", STR_ARG(path));
    *ret = spot.path;
    return NULL;
}

static struct err *read_all(struct arena *a, int fd, struct str path, size_t max, struct str *ret)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return io_error(a, path, "look at");
    if (S_ISDIR(st.st_mode))
        return err_new(a, ERR_INVALID, "%.*s: is a folder", STR_ARG(path));
    if (!S_ISREG(st.st_mode))
        return err_new(a, ERR_INVALID, "%.*s: not a regular file", STR_ARG(path));
    if ((uintmax_t)st.st_size > max)
        return err_new(a, ERR_TOO_LARGE, "%.*s: %jd bytes, at most %zu are read", STR_ARG(path),
                       (intmax_t)st.st_size, max);
    size_t size = (size_t)st.st_size, len = 0;
    char *bytes = arena_alloc(a, size + 1);
    while (len < size) {
        ssize_t got = read(fd, bytes + len, size - len);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return io_error(a, path, "read");
        if (got == 0)
            break; /* it became shorter */
        len += (size_t)got;
    }
    *ret = str_of(bytes, len);
    return NULL;
}

static struct err *disk_read(void *self, struct arena *a, struct str path, size_t max,
                             struct str *ret)
{
    struct spot spot;
    struct err *e;
    int fd = open_plain(self, a, path, O_RDONLY | O_NONBLOCK);
    if (fd < 0) {
        if (TRY(&e, walk(self, a, path, &spot)))
            return e;
        if (spot.stat.st_mode == 0)
            return err_new(a, ERR_NOT_FOUND, "%.*s: no such file", STR_ARG(path));
        fd = openat(spot.dir, str_cstr(a, spot.name),
                    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    }
    if (fd < 0)
        return io_error(a, path, "open");
    e = read_all(a, fd, path, max, ret);
    close(fd);
    return e;
}

static int by_name(const void *x, const void *y)
{
    const struct tree_entry *a = x, *b = y;
    return str_cmp(a->name, b->name);
}

static struct err *list_folder(struct arena *a, DIR *dir, struct str path, struct tree_list *ret)
{
    VEC(struct tree_entry) entries = VEC_INIT;
    int fd = dirfd(dir);
    if (fd < 0)
        return io_error(a, path, "list");
    for (;;) {
        errno = 0;
        const struct dirent *d = readdir(dir);
        if (!d && errno != 0)
            return io_error(a, path, "list");
        if (!d)
            break;
        struct str name = str_from_cstr(d->d_name);
        struct stat st = { .st_mode = S_IFDIR };
        if (str_is(name, ".") || str_is(name, ".."))
            continue;
        /* Of a folder all is known; of a file, whether it is executable is not. */
        if (d->d_type != DT_DIR && fstatat(fd, d->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0)
            continue; /* it went meanwhile */
        *VEC_PUSH(a, &entries) = (struct tree_entry){ str_dup(a, name), kind_of(st.st_mode),
                                                      (st.st_mode & S_IXUSR) != 0 };
    }
    if (entries.count > 1)
        qsort(entries.items, entries.count, sizeof *entries.items, by_name);
    *ret = (struct tree_list){ entries.items, entries.count };
    return NULL;
}

static struct err *disk_list(void *self, struct arena *a, struct str path, struct tree_list *ret)
{
    struct spot spot;
    struct err *e;
    int fd = open_plain(self, a, path, O_RDONLY | O_DIRECTORY);
    if (fd < 0) {
        if (TRY(&e, walk(self, a, path, &spot)))
            return e;
        if (spot.stat.st_mode == 0)
            return err_new(a, ERR_NOT_FOUND, "%.*s: no such folder", STR_ARG(path));
        if (!S_ISDIR(spot.stat.st_mode))
            return err_new(a, ERR_INVALID, "%.*s: not a folder", STR_ARG(path));
        fd = openat(spot.dir, str_cstr(a, spot.name),
                    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    }
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    if (!dir) {
        e = io_error(a, path, "list");
        if (fd >= 0)
            close(fd);
        return e;
    }
    e = list_folder(a, dir, path, ret);
    closedir(dir);
    return e;
}

struct err *tree_disk_open(struct arena *a, struct str root, struct str label, struct tree *ret)
{
    static const struct tree_ops ops = { disk_stat, disk_list, disk_read, disk_resolve };
    int fd = open(str_cstr(a, root), O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return io_error(a, root, "open folder");
    struct tree_disk *t = ARENA_NEW(a, struct tree_disk);
    t->root = fd;
    t->label = label;
    arena_defer(a, close_all, t);
    *ret = (struct tree){ .ops = &ops, .self = t, .label = label };
    return NULL;
}

struct err *tree_disk_real_path(struct arena *a, struct str path, struct str *ret)
{
    char *real = realpath(str_cstr(a, path), NULL);
    if (!real)
        return io_error(a, path, "find");
    *ret = str_dup(a, str_from_cstr(real));
    free(real);
    return NULL;
}
