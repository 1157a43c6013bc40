/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/secret.h - bytes that must not be printed, compared early, or left in memory.
 *
 * A type of its own so that the compiler refuses STR_ARG, str_eq and `==` on it. Stored in the arena,
 * wiped when the arena ends. secret_reveal() is the one way out; grep for it to audit.
 */
#ifndef BASE_SECRET_H
#define BASE_SECRET_H

#include "base/arena.h"
#include "base/str.h"

struct secret {
    struct secret_bytes *bytes; /* NULL: no secret */
};

struct secret secret_new(struct arena *a, struct str bytes); /* copies */
static inline bool secret_is_set(struct secret s)
{
    return s.bytes != NULL;
}
struct str secret_reveal(struct secret s);

/* Time depends on the lengths alone. Two unset secrets are not equal. */
bool secret_eq(struct secret a, struct secret b);
bool secret_eq_str(struct secret a, struct str b);

/* Zeros that the compiler may not drop. */
void secret_wipe(void *ptr, size_t len);

#endif
