/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/git_cli/command.h"

static bool scheme_is_allowed(struct str url, bool allow_file)
{
    return str_has_prefix(url, STR("https://")) || str_has_prefix(url, STR("http://")) ||
           str_has_prefix(url, STR("ssh://")) ||
           (allow_file && str_has_prefix(url, STR("file:///")));
}

struct err *git_url_check(struct arena *a, struct str url, bool allow_file)
{
    struct str rest, authority;
    size_t at;

    for (size_t i = 0; i < url.len; i++) {
        unsigned char c = (unsigned char)url.ptr[i];

        if (c <= ' ' || c == 0x7f || c == '"' || c == '\'' || c == '\\')
            return err_new(a, ERR_INVALID,
                           "InvalidURL: control, space or quote character at byte %zu of the URL",
                           i);
    }
    if (!scheme_is_allowed(url, allow_file))
        return err_new(a, ERR_INVALID,
                       "InvalidURL: \"%.*s\": scheme not allowed (https, http, ssh)",
                       STR_ARG(str_slice(url, 0, 64)));
    rest = str_skip(url, str_find(url, STR("://"), 0) + 3);
    authority = str_slice(rest, 0, str_find_byte(rest, '/', 0));
    at = str_rfind_byte(authority, '@');
    if (at != SIZE_MAX && str_find_byte(str_slice(authority, 0, at), ':', 0) != SIZE_MAX)
        return err_new(
            a, ERR_INVALID,
            "InvalidURL: credentials belong in secretRef, not in the URL of host \"%.*s\"",
            STR_ARG(str_skip(authority, at + 1)));
    if (str_has_prefix(authority, STR("-")) ||
        (at != SIZE_MAX && str_has_prefix(str_skip(authority, at + 1), STR("-"))))
        return err_new(a, ERR_INVALID, "InvalidURL: host or user begins with \"-\"");
    return NULL;
}
