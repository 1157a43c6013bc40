/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A template with all functions over a fixed context. Nothing may crash or hang, the same input gives the same output
 * twice, and a traced rendering gives it too, with steps that lie within it. Host bytes and time stand still; what draws keys or hashes passwords is left out, for it is slow and random.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "base/limits.h"
#include "fuzz/template_host.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ARENA_AUTO struct arena *a = arena_new(1024 * MIB);
    struct str text = str_dup(a, str_of((const char *)data, size));
    struct str first = template_render(a, text), second = template_render(a, text);

    assert(str_eq(first, second));
    template_look(a, text, first);
    return 0;
}
