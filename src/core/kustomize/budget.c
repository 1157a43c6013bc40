/* SPDX-License-Identifier: Apache-2.0 */
/* How much memory and work a build may cost: some for nothing, more for each byte that it reads. */
#include "base/limits.h"
#include "core/kustomize/build.h"

static size_t allowed_bytes(const struct kust_build *b)
{
    size_t bytes = LIMIT_BUILD_FREE_BYTES + b->input_bytes * LIMIT_BUILD_BYTES_PER_BYTE;

    return bytes < LIMIT_BUILD_BYTES ? bytes : LIMIT_BUILD_BYTES;
}

size_t kust_budget_begin(struct kust_build *b)
{
    b->floor = arena_used(b->arena);
    return arena_set_budget(b->arena, b->floor + allowed_bytes(b));
}

void kust_budget_end(struct kust_build *b, size_t old)
{
    (void)arena_set_budget(b->arena, old);
}

void kust_budget_read(struct kust_build *b, size_t bytes)
{
    b->input_bytes += bytes;
    (void)arena_set_budget(b->arena, b->floor + allowed_bytes(b));
}

struct err *kust_check_budget(const struct kust_build *b)
{
    size_t allowed = allowed_bytes(b);

    if (arena_used(b->arena) - b->floor <= allowed)
        return NULL;
    return err_new(b->arena, ERR_TOO_LARGE,
                   "the build needs more than the %zu MiB of memory that it may use for the %zu "
                   "bytes it reads",
                   allowed / (size_t)MIB, b->input_bytes);
}

struct err *kust_spend(struct kust_build *b, size_t steps)
{
    uint64_t most = LIMIT_BUILD_STEPS + (uint64_t)b->input_bytes * LIMIT_BUILD_STEPS_PER_BYTE;

    if (steps > most || b->steps > most - steps)
        return err_new(b->arena, ERR_TOO_LARGE,
                       "the build takes more than the %llu steps that it may take for the %zu "
                       "bytes it reads",
                       (unsigned long long)most, b->input_bytes);
    b->steps += steps;
    return kust_check_budget(b);
}
