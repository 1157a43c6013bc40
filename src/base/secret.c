/* SPDX-License-Identifier: Apache-2.0 */
#include "base/secret.h"

struct secret_bytes {
    size_t len;
    char bytes[];
};

static void wipe_secret(void *ptr)
{
    struct secret_bytes *b = ptr;

    secret_wipe(b->bytes, b->len);
}

struct secret secret_new(struct arena *a, struct str bytes)
{
    struct secret_bytes *b = arena_alloc(a, sizeof *b + bytes.len);

    b->len = bytes.len;
    if (bytes.len > 0)
        memcpy(b->bytes, bytes.ptr, bytes.len);
    arena_defer(a, wipe_secret, b);
    return (struct secret){ b };
}

struct str secret_reveal(struct secret s)
{
    return s.bytes ? str_of(s.bytes->bytes, s.bytes->len) : STR_NONE;
}

bool secret_eq_str(struct secret a, struct str b)
{
    struct str s = secret_reveal(a);
    unsigned char difference = s.len != b.len;

    if (!a.bytes)
        return false;
    for (size_t i = 0; i < b.len; i++)
        difference |= (unsigned char)(b.ptr[i] ^ (s.len ? s.ptr[i % s.len] : 0));
    return difference == 0;
}

bool secret_eq(struct secret a, struct secret b)
{
    return a.bytes && b.bytes && secret_eq_str(a, secret_reveal(b));
}

void secret_wipe(void *ptr, size_t len)
{
    explicit_bzero(ptr, len);
}
