/* SPDX-License-Identifier: Apache-2.0 */
#include "core/tree.h"

#include "base/arena.h"

bool tree_path_join(struct arena *a, struct str base, struct str path, struct str *ret)
{
    if (path.len > 0 && path.ptr[0] == '/')
        return false;
    char *out = arena_alloc(a, base.len + path.len + 2);
    size_t len = 0;
    const struct str sources[2] = { base, path };
    for (size_t i = 0; i < 2; i++) {
        struct str rest = sources[i];
        for (struct str part; str_cut(&rest, '/', &part);) {
            if (part.len == 0 || str_is(part, "."))
                continue;
            if (str_is(part, "..")) {
                if (len == 0)
                    return false;
                size_t slash = str_rfind_byte(str_of(out, len), '/');
                len = slash == SIZE_MAX ? 0 : slash;
                continue;
            }
            if (len > 0)
                out[len++] = '/';
            memcpy(out + len, part.ptr, part.len);
            len += part.len;
        }
    }
    *ret = str_of(out, len);
    return true;
}

struct str tree_path_dir(struct str path)
{
    size_t slash = str_rfind_byte(path, '/');
    return slash == SIZE_MAX ? STR("") : str_slice(path, 0, slash);
}

struct str tree_path_base(struct str path)
{
    size_t slash = str_rfind_byte(path, '/');
    return slash == SIZE_MAX ? path : str_skip(path, slash + 1);
}
