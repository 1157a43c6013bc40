/* SPDX-License-Identifier: Apache-2.0 */
/*
 * adapters/fs_posix/libarchive.h - the functions of libarchive that we use, loaded at first use (docs/adr on start-up).
 */
#ifndef ADAPTERS_FS_POSIX_LIBARCHIVE_H
#define ADAPTERS_FS_POSIX_LIBARCHIVE_H

#include <archive.h>
#include <archive_entry.h>

#include "base/err.h"

/* One row a function: the table and the struct below are made from it. */
#define LIBARCHIVE_FUNCTIONS(X)                \
    X(archive_write_new)                       \
    X(archive_write_set_format_pax_restricted) \
    X(archive_write_add_filter_gzip)           \
    X(archive_write_set_filter_option)         \
    X(archive_write_open_fd)                   \
    X(archive_write_header)                    \
    X(archive_write_data)                      \
    X(archive_write_close)                     \
    X(archive_write_free)                      \
    X(archive_read_new)                        \
    X(archive_read_support_format_tar)         \
    X(archive_read_support_filter_gzip)        \
    X(archive_read_open_memory)                \
    X(archive_read_next_header)                \
    X(archive_read_data)                       \
    X(archive_read_free)                       \
    X(archive_error_string)                    \
    X(archive_entry_new)                       \
    X(archive_entry_clear)                     \
    X(archive_entry_free)                      \
    X(archive_entry_set_pathname)              \
    X(archive_entry_set_size)                  \
    X(archive_entry_set_filetype)              \
    X(archive_entry_set_perm)                  \
    X(archive_entry_set_mtime)                 \
    X(archive_entry_pathname)                  \
    X(archive_entry_filetype)                  \
    X(archive_entry_hardlink)                  \
    X(archive_entry_perm)                      \
    X(archive_entry_size)

struct libarchive {
#define MEMBER(name) __typeof__(&(name)) name;
    LIBARCHIVE_FUNCTIONS(MEMBER)
#undef MEMBER
};

/* ERR_UNSUPPORTED: the library is not there; the message names the Debian package. Thread-safe; loads once. */
MUST_CHECK struct err *libarchive_load(struct arena *a, const struct libarchive **ret);

#endif
