/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/fs_posix/host_archive.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "adapters/fs_posix/tarball.h"

struct err *host_archive_open(void *self, struct arena *a, struct str name, struct str bytes,
                              struct tree *ret)
{
    struct run run = { .arena = a, .deadline = MONO_NEVER };
    struct err *e = tarball_read(&run, bytes, ret);

    (void)self;
    return e ? err_wrap(a, e, "%.*s", STR_ARG(name)) : NULL;
}

static bool keep_all(void *self, struct str path, bool is_dir)
{
    (void)self;
    (void)path;
    (void)is_dir;
    return true;
}

struct err *host_archive_write(void *self, struct arena *a, struct str path,
                               const struct tree *tree)
{
    struct artifact_filter filter = { .keep = keep_all };
    struct run run = { .arena = a, .deadline = MONO_NEVER };
    const char *file = str_cstr(a, path);
    int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    struct err *e;

    (void)self;
    if (fd < 0)
        return err_new(a, ERR_IO, "could not open \"%.*s\": %s", STR_ARG(path), strerror(errno));
    e = tarball_write(&run, tree, &filter, fd);
    if (close(fd) != 0 && !e)
        e = err_new(a, ERR_IO, "%s", strerror(errno));
    if (!e)
        return NULL;
    (void)unlink(file);
    return err_wrap(a, e, "could not write \"%.*s\"", STR_ARG(path));
}
