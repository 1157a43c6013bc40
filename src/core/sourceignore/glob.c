/* SPDX-License-Identifier: Apache-2.0 */
#include "core/sourceignore/glob.h"

/* One "[...]" at the front of *glob against c; a bracket that does not close is a literal. */
static bool match_class(struct str *glob, char c, bool *ret_is_class)
{
    size_t end = 1;
    bool negated = glob->len > 1 && (glob->ptr[1] == '!' || glob->ptr[1] == '^'), hit = false;
    size_t from = negated ? 2 : 1;

    for (end = from; end < glob->len && (glob->ptr[end] != ']' || end == from); end++)
        ;
    *ret_is_class = end < glob->len;
    if (!*ret_is_class)
        return false;
    for (size_t i = from; i < end; i++) {
        char low = glob->ptr[i], high = low;

        if (i + 2 < end && glob->ptr[i + 1] == '-') {
            high = glob->ptr[i + 2];
            i += 2;
        }
        hit = hit || (c >= low && c <= high);
    }
    *glob = str_skip(*glob, end + 1);
    return hit != negated;
}

/* One character of the pattern against c; *glob moves on when it fits. */
static bool match_one(struct str *glob, char c)
{
    struct str rest = *glob;
    bool is_class;

    if (rest.len == 0)
        return false;
    if (rest.ptr[0] == '?' && c != '/') {
        *glob = str_skip(rest, 1);
        return true;
    }
    if (rest.ptr[0] == '[' && c != '/') {
        bool hit = match_class(&rest, c, &is_class);

        if (is_class) {
            *glob = hit ? rest : *glob;
            return hit;
        }
    }
    if (rest.ptr[0] == '\\' && rest.len > 1)
        rest = str_skip(rest, 1);
    if (rest.ptr[0] != c)
        return false;
    *glob = str_skip(rest, 1);
    return true;
}

/* Where to go on after a mismatch behind a star. */
struct retry {
    struct str glob;
    struct str path;
    bool set;
};

/* "**", with the slash that follows it; it also stands for no folder at all. */
static bool take_double_star(struct str *glob)
{
    if (!str_has_prefix(*glob, STR("**")))
        return false;
    *glob = str_skip(*glob, 2);
    *glob = str_trim_prefix(*glob, STR("/"));
    return true;
}

/*
 * Two stars remember where they may stretch: "*" within its part, "**" over parts. A retry at the inner one comes
 * first, then at the outer; each only moves forward, which bounds the work.
 */
bool glob_match(struct str glob, struct str path)
{
    struct retry star = { .set = false }, deep = { .set = false };

    for (;;) {
        if (take_double_star(&glob)) {
            deep = (struct retry){ .glob = glob, .path = path, .set = true };
            star.set = false;
            if (glob.len == 0)
                return true;
        } else if (glob.len > 0 && glob.ptr[0] == '*') {
            glob = str_skip(glob, 1);
            star = (struct retry){ .glob = glob, .path = path, .set = true };
        } else if (path.len == 0 && glob.len == 0) {
            return true;
        } else if (path.len > 0 && match_one(&glob, path.ptr[0])) {
            path = str_skip(path, 1);
        } else if (star.set && star.path.len > 0 && star.path.ptr[0] != '/') {
            star.path = str_skip(star.path, 1);
            glob = star.glob;
            path = star.path;
        } else if (deep.set && str_find_byte(deep.path, '/', 0) != SIZE_MAX) {
            deep.path = str_skip(deep.path, str_find_byte(deep.path, '/', 0) + 1);
            glob = deep.glob;
            path = deep.path;
            star.set = false;
        } else {
            return false;
        }
    }
}
