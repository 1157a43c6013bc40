/* SPDX-License-Identifier: Apache-2.0 */
#include "base/blob.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

struct blob {
    atomic_size_t refs;
    size_t len;
    char bytes[];
};

struct blob *blob_new(struct str bytes)
{
    struct blob *b = malloc(sizeof *b + bytes.len);

    if (!b) {
        (void)fprintf(stderr, "weir: out of memory (asked for %zu bytes)\n", bytes.len);
        abort();
    }
    atomic_init(&b->refs, 1);
    b->len = bytes.len;
    if (bytes.len > 0)
        memcpy(b->bytes, bytes.ptr, bytes.len);
    return b;
}

struct blob *blob_ref(struct blob *b)
{
    atomic_fetch_add_explicit(&b->refs, 1, memory_order_relaxed);
    return b;
}

void blob_unref(struct blob *b)
{
    if (b && atomic_fetch_sub_explicit(&b->refs, 1, memory_order_acq_rel) == 1)
        free(b);
}

struct str blob_str(const struct blob *b)
{
    return str_of(b->bytes, b->len);
}
