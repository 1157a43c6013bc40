/* SPDX-License-Identifier: Apache-2.0 */
#include "core/helm/host_path.h"

#include "base/buf.h"

struct str host_path_clean(struct arena *a, struct str path)
{
    bool is_absolute = str_has_prefix(path, STR("/"));
    struct str part;
    struct buf out;
    size_t fixed = is_absolute ? 1 : 0; /* what ".." cannot take away */

    buf_init(&out, a, 0);
    if (is_absolute)
        buf_put_byte(&out, '/');
    while (str_cut(&path, '/', &part)) {
        if (part.len == 0 || str_is(part, "."))
            continue;
        if (str_is(part, "..") && out.len > fixed) {
            size_t slash = str_rfind_byte(buf_str(&out), '/');

            buf_truncate(&out, slash == SIZE_MAX || slash < fixed ? fixed : slash);
            continue;
        }
        if (str_is(part, "..") && is_absolute)
            continue;
        if (out.len > (is_absolute ? 1u : 0u))
            buf_put_byte(&out, '/');
        buf_put(&out, part);
        if (str_is(part, ".."))
            fixed = out.len;
    }
    return out.len > 0 ? buf_str(&out) : STR(".");
}

struct str host_path_join(struct arena *a, struct str folder, struct str path)
{
    if (folder.len == 0 && path.len == 0)
        return STR("");
    if (folder.len == 0)
        return host_path_clean(a, path);
    return host_path_clean(a, str_printf(a, "%.*s/%.*s", STR_ARG(folder), STR_ARG(path)));
}

struct str host_path_base(struct str path)
{
    size_t slash;

    if (path.len == 0)
        return STR(".");
    while (path.len > 1 && path.ptr[path.len - 1] == '/')
        path = str_slice(path, 0, path.len - 1);
    slash = str_rfind_byte(path, '/');
    return slash == SIZE_MAX || path.len == 1 ? path : str_skip(path, slash + 1);
}
