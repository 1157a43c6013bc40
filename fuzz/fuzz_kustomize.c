/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A build of a folder in memory. The input is a list of files: a line "=== PATH" begins each, what follows is
 * its content. Nothing may crash or hang, and the same input must give the same output twice.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/limits.h"
#include "core/kustomize/flux.h"
#include "core/tree_memory.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct tree read_tree(struct arena *a, struct str text)
{
    struct tree_memory *m = tree_memory_new(a);
    for (size_t at = str_find(text, STR("=== "), 0); at != SIZE_MAX;) {
        size_t end = str_find_byte(text, '\n', at);
        size_t next = end == SIZE_MAX ? SIZE_MAX : str_find(text, STR("\n=== "), end);
        struct str path;
        bool good = tree_path_join(a, STR(""), str_slice(text, at + 4, end), &path);
        if (good && path.len > 0 && path.len < 64 && end != SIZE_MAX)
            tree_memory_put(m, path, str_slice(text, end + 1, next), false);
        at = next == SIZE_MAX ? SIZE_MAX : next + 1;
    }
    return tree_memory_port(m, STR(""));
}

/* What a build prints; its error's text when it fails. */
static struct str build(struct arena *a, struct str text, bool flux)
{
    struct tree tree = read_tree(a, text);
    struct kustomize_options options = { .label = STR("") };
    struct flux_build args = { .label = STR("") };
    struct kustomize_result result = { 0 };
    struct buf out;
    struct err *e = flux ? flux_build(a, &args, &tree, STR(""), &result)
                         : kustomize_build(a, &options, &tree, STR(""), &result);
    buf_init(&out, a, 64 * MIB);
    if (e)
        return err_line(a, e);
    kustomize_print(&out, &result);
    return buf_str(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ARENA_AUTO struct arena *a = arena_new(512 * MIB);
    struct str text = str_dup(a, str_of((const char *)data, size));
    bool flux = size > 0 && data[0] == 'F';
    struct str first = build(a, text, flux);
    struct str second = build(a, text, flux);
    assert(str_eq(first, second));
    return 0;
}
