/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/fs_posix/tarball.h"

#include "adapters/fs_posix/libarchive.h"
#include "base/buf.h"
#include "base/limits.h"
#include "core/tree_memory.h"

enum { MODE_FILE = 0600, MODE_EXECUTABLE = 0700, MODE_FOLDER = 0750 };

struct writer {
    struct run *run;
    const struct libarchive *lib;
    struct archive *archive;
    struct archive_entry *entry;
    const struct tree *tree;
    const struct artifact_filter *filter;
    size_t files;
};

static struct err *archive_failure(struct run *r, const struct libarchive *lib,
                                   struct archive *archive, const char *what)
{
    const char *why = lib->archive_error_string(archive);

    return err_new(r->arena, ERR_IO, "could not %s the archive: %s", what,
                   why ? why : "unknown reason");
}

static struct err *put_entry(struct writer *w, struct str path, int type, int mode,
                             struct str content)
{
    const struct libarchive *l = w->lib;

    l->archive_entry_clear(w->entry);
    l->archive_entry_set_pathname(w->entry, str_cstr(w->run->arena, path));
    l->archive_entry_set_filetype(w->entry, (unsigned)type);
    l->archive_entry_set_perm(w->entry, (mode_t)mode);
    l->archive_entry_set_mtime(w->entry, 0, 0);
    l->archive_entry_set_size(w->entry, (int64_t)content.len);
    if (l->archive_write_header(w->archive, w->entry) != ARCHIVE_OK)
        return archive_failure(w->run, l, w->archive, "write");
    if (content.len > 0 &&
        l->archive_write_data(w->archive, content.ptr, content.len) != (la_ssize_t)content.len)
        return archive_failure(w->run, l, w->archive, "write");
    return NULL;
}

static struct err *put_folder(struct writer *w, struct str folder);

static struct err *put_child(struct writer *w, struct str path, const struct tree_entry *child)
{
    bool is_dir = child->kind == TREE_DIR;
    struct str content;
    struct err *e;

    if (child->kind == TREE_SYMLINK || !w->filter->keep(w->filter->self, path, is_dir))
        return NULL;
    if (is_dir) {
        if (TRY(&e, put_entry(w, path, AE_IFDIR, MODE_FOLDER, STR_NONE)))
            return e;
        return put_folder(w, path);
    }
    if (++w->files > LIMIT_ARTIFACT_FILES)
        return err_new(w->run->arena, ERR_TOO_LARGE, "more than %u files for one artifact",
                       LIMIT_ARTIFACT_FILES);
    if (TRY(&e, tree_read(w->tree, w->run->arena, path, LIMIT_ARTIFACT_BYTES, &content)))
        return e;
    return put_entry(w, path, AE_IFREG, child->executable ? MODE_EXECUTABLE : MODE_FILE, content);
}

static struct err *put_folder(struct writer *w, struct str folder)
{
    struct tree_list list;
    struct err *e;

    if (TRY(&e, tree_list(w->tree, w->run->arena, folder, &list)))
        return e;
    for (size_t i = 0; i < list.count; i++) {
        struct str name = list.items[i].name;
        struct str path = folder.len ? str_printf(w->run->arena, "%.*s/%.*s", STR_ARG(folder),
                                                  STR_ARG(name))
                                     : name;

        if (TRY(&e, put_child(w, path, &list.items[i])))
            return e;
    }
    return NULL;
}

struct err *tarball_write(struct run *r, const struct tree *tree,
                          const struct artifact_filter *filter, int fd)
{
    struct writer w = { .run = r, .tree = tree, .filter = filter };
    struct err *e;

    if (TRY(&e, libarchive_load(r->arena, &w.lib)))
        return e;
    w.archive = w.lib->archive_write_new();
    w.entry = w.lib->archive_entry_new();
    if (!w.archive || !w.entry ||
        w.lib->archive_write_set_format_pax_restricted(w.archive) != ARCHIVE_OK ||
        w.lib->archive_write_add_filter_gzip(w.archive) != ARCHIVE_OK ||
        w.lib->archive_write_set_filter_option(w.archive, "gzip", "timestamp", NULL) !=
            ARCHIVE_OK ||
        w.lib->archive_write_open_fd(w.archive, fd) != ARCHIVE_OK)
        e = err_new(r->arena, ERR_IO, "could not begin an archive");
    if (!e)
        e = put_folder(&w, STR(""));
    if (!e && w.lib->archive_write_close(w.archive) != ARCHIVE_OK)
        e = archive_failure(r, w.lib, w.archive, "finish");
    w.lib->archive_entry_free(w.entry);
    (void)w.lib->archive_write_free(w.archive);
    return e;
}

/* "./a/b/" -> "a/b"; false when it leaves the root. */
static bool clean_path(struct arena *a, struct str path, struct str *ret)
{
    struct str part, rest = path;
    struct buf out;

    buf_init(&out, a, LIMIT_PATH_BYTES);
    if (path.len == 0 || path.ptr[0] == '/' || str_find_byte(path, '\\', 0) != SIZE_MAX)
        return false;
    while (str_cut(&rest, '/', &part)) {
        if (part.len == 0 || str_is(part, "."))
            continue;
        if (str_is(part, ".."))
            return false;
        if (out.len > 0)
            buf_put_byte(&out, '/');
        buf_put(&out, part);
    }
    *ret = buf_str(&out);
    return !out.overflowed;
}

struct reader {
    struct run *run;
    const struct libarchive *lib;
    struct archive *archive;
    struct tree_memory *memory;
    uint64_t bytes;
    uint64_t bytes_max;
    size_t entries;
};

static struct err *read_content(struct reader *d, struct str path, struct str *ret)
{
    struct buf content;

    buf_init(&content, d->run->arena, d->bytes_max - d->bytes);
    for (;;) {
        char *to = buf_reserve(&content, 16 * 1024);
        la_ssize_t n = to ? d->lib->archive_read_data(d->archive, to, 16 * 1024) : 0;

        if (!to)
            return err_new(d->run->arena, ERR_TOO_LARGE,
                           "ArchiveTooLarge: \"%.*s\" takes the archive beyond %llu bytes",
                           STR_ARG(path), (unsigned long long)d->bytes_max);
        if (n < 0)
            return archive_failure(d->run, d->lib, d->archive, "read");
        if (n == 0)
            break;
        content.len += (size_t)n;
    }
    d->bytes += content.len;
    *ret = buf_str(&content);
    return NULL;
}

static struct err *read_entry(struct reader *d, struct archive_entry *entry)
{
    const char *name = d->lib->archive_entry_pathname(entry);
    struct str path, content;
    struct err *e;

    if (++d->entries > LIMIT_ARTIFACT_FILES)
        return err_new(d->run->arena, ERR_TOO_LARGE, "ArchiveTooManyEntries: more than %u",
                       LIMIT_ARTIFACT_FILES);
    if (!name || !clean_path(d->run->arena, str_from_cstr(name), &path))
        return err_new(d->run->arena, ERR_INVALID, "ArchivePathInvalid: entry \"%s\"",
                       name ? name : "");
    if (d->lib->archive_entry_filetype(entry) != AE_IFREG ||
        d->lib->archive_entry_hardlink(entry) || path.len == 0)
        return NULL; /* folders come with their files; links are skipped, as Flux does */
    if (TRY(&e, read_content(d, path, &content)))
        return e;
    tree_memory_put(d->memory, path, content, (d->lib->archive_entry_perm(entry) & 0100) != 0);
    return NULL;
}

struct err *tarball_read(struct run *r, struct str bytes, struct tree *ret)
{
    struct reader d = { .run = r, .memory = tree_memory_new(r->arena) };
    struct archive_entry *entry;
    struct err *e;
    int rc = ARCHIVE_OK;

    /* A small archive may be dense; a large one may not be a bomb. */
    d.bytes_max = bytes.len * LIMIT_ARTIFACT_RATIO + MIB;
    if (d.bytes_max > LIMIT_ARTIFACT_BYTES)
        d.bytes_max = LIMIT_ARTIFACT_BYTES;
    if (TRY(&e, libarchive_load(r->arena, &d.lib)))
        return e;
    d.archive = d.lib->archive_read_new();
    if (!d.archive || d.lib->archive_read_support_format_tar(d.archive) != ARCHIVE_OK ||
        d.lib->archive_read_support_filter_gzip(d.archive) != ARCHIVE_OK ||
        d.lib->archive_read_open_memory(d.archive, bytes.ptr, bytes.len) != ARCHIVE_OK)
        e = err_new(r->arena, ERR_INVALID, "ArchiveCorrupt: not a tar.gz archive");
    while (!e && (rc = d.lib->archive_read_next_header(d.archive, &entry)) == ARCHIVE_OK)
        e = read_entry(&d, entry);
    if (!e && rc != ARCHIVE_EOF)
        e = archive_failure(r, d.lib, d.archive, "read");
    (void)d.lib->archive_read_free(d.archive);
    *ret = tree_memory_port(d.memory, STR(""));
    return e;
}
