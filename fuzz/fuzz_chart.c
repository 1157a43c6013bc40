/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A chart from one text: "=== path" begins a file. Loaded, its dependencies processed, rendered. Nothing may crash or
 * hang, and twice the same.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "core/helm/release.h"
#include "core/tree_memory.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool take_file(struct str *rest, struct str *ret_path, struct str *ret_content)
{
    struct str head;

    if (!str_has_prefix(*rest, STR("=== ")))
        return false;
    *rest = str_skip(*rest, 4);
    if (!str_cut(rest, '\n', &head) || !rest->ptr)
        return false;
    size_t end = str_find(*rest, STR("\n=== "), 0);
    *ret_path = head;
    *ret_content = str_slice(*rest, 0, end == SIZE_MAX ? rest->len : end + 1);
    *rest = end == SIZE_MAX ? STR("") : str_skip(*rest, end + 1);
    return true;
}

static struct str rendered(struct arena *a, struct str text)
{
    struct helm_release_options options = { .name = STR("rel"), .ns = STR("apps"), .revision = 1 };
    struct helm_archives none = { .open = NULL };
    struct tree_memory *m = tree_memory_new(a);
    struct helm_release release;
    struct helm_chart *c;
    struct str path, content;
    struct buf out;
    struct err *e;

    while (take_file(&text, &path, &content)) {
        struct str clean;

        if (tree_path_join(a, STR(""), path, &clean) && clean.len > 0)
            tree_memory_put(m, clean, content, false);
    }
    struct tree tree = tree_memory_port(m, STR("chart"));
    buf_init(&out, a, 0);
    e = helm_chart_load(a, &tree, STR(""), &none, &c);
    if (!e)
        e = helm_release_render(a, c, NULL, &options, &release);
    if (e)
        return err_line(a, e);
    for (size_t i = 0; i < release.objects.count; i++)
        buf_put(&out, release.objects.items[i].content);
    return buf_str(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ARENA_AUTO struct arena *a = arena_new(1024 * MIB);
    struct str text = str_dup(a, str_of((const char *)data, size));

    assert(str_eq(rendered(a, text), rendered(a, text)));
    return 0;
}
