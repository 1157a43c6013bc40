/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ports/driven/ledger.h - what was being worked on when the process died, and how often that happened.
 *
 * A crash must not repeat for ever: the key is written down before the work begins, and stays so where the work ends the
 * process. Survives the process, not the machine. Thread-safe. Implementation: adapters/fs_posix/ledger_file.
 */
#ifndef PORTS_DRIVEN_LEDGER_H
#define PORTS_DRIVEN_LEDGER_H

#include "base/str.h"

struct ledger_ops {
    /* Work on `key` begins. `attempt`: hash of what it is done from; another one is another try. */
    void (*begin)(void *self, struct str key, uint64_t attempt);
    /* The process lived. `forgive`: the work was done, so that earlier crashes no longer count. */
    void (*end)(void *self, struct str key, bool forgive);
    /* Deaths of the process during work on `key`, in a row; *ret_attempt: of the last one. */
    unsigned (*strikes)(void *self, struct str key, uint64_t *ret_attempt);
};

struct ledger {
    const struct ledger_ops *ops; /* NULL: nothing is remembered */
    void *self;
};

#endif
