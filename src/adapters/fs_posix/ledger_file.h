/* SPDX-License-Identifier: Apache-2.0 */
/*
 * adapters/fs_posix/ledger_file.h - ports/driven/ledger.h as a file in shared memory: writing costs no call to the system,
 * and the kernel keeps what a process wrote that is killed.
 */
#ifndef ADAPTERS_FS_POSIX_LEDGER_FILE_H
#define ADAPTERS_FS_POSIX_LEDGER_FILE_H

#include "base/err.h"
#include "ports/driven/ledger.h"

struct ledger_file;

/*
 * Opens or makes it; what was under way in the process before counts as a death from here on. A file that is none is made
 * anew. ERR_IO. One process at a time.
 */
MUST_CHECK struct err *ledger_file_open(struct arena *a, const char *path,
                                        struct ledger_file **ret);
struct ledger ledger_file_port(struct ledger_file *f);
void ledger_file_free(struct ledger_file *f); /* NULL is fine */

#endif
