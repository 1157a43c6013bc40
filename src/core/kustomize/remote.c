/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kustomize/remote.h"

#include "base/buf.h"
#include "base/clock.h"
#include "core/tree.h"

enum { DEFAULT_TIMEOUT_S = 27 };

static bool skip_prefix(struct str *s, struct str prefix)
{
    if (s->len < prefix.len || !str_eq_nocase(str_slice(*s, 0, prefix.len), prefix))
        return false;
    *s = str_skip(*s, prefix.len);
    return true;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* %XX and + of a query; false for a broken escape. */
static bool unescape(struct arena *a, struct str s, struct str *ret)
{
    struct buf out;
    buf_init(&out, a, s.len);
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] != '%') {
            buf_put_byte(&out, s.ptr[i] == '+' ? ' ' : s.ptr[i]);
            continue;
        }
        int high = i + 2 < s.len ? hex_digit(s.ptr[i + 1]) : -1;
        int low = i + 2 < s.len ? hex_digit(s.ptr[i + 2]) : -1;
        if (high < 0 || low < 0)
            return false;
        buf_put_byte(&out, (char)(high * 16 + low));
        i += 2;
    }
    *ret = buf_str(&out);
    return true;
}

struct query {
    struct str version;
    struct str ref;
    struct str timeout;
    struct str submodules;
};

/* The first value of each key that matters; false when any part of the query is broken. */
static bool read_query(struct arena *a, struct str text, struct query *ret)
{
    for (struct str part; text.len > 0 && str_cut(&text, '&', &part);) {
        struct str value = part, name = STR("");
        if (part.len == 0)
            continue;
        if (str_find_byte(part, ';', 0) != SIZE_MAX)
            return false;
        (void)str_cut(&value, '=', &name);
        if (!unescape(a, name, &name) || !unescape(a, value.ptr ? value : STR(""), &value))
            return false;
        struct str *into = str_is(name, "version")      ? &ret->version
                           : str_is(name, "ref")        ? &ret->ref
                           : str_is(name, "timeout")    ? &ret->timeout
                           : str_is(name, "submodules") ? &ret->submodules
                                                        : NULL;
        if (into && !into->ptr)
            *into = value;
    }
    return true;
}

static void apply_query(struct arena *a, struct str text, struct kustomize_remote *ret)
{
    static const char *const no[] = { "0", "f", "F", "FALSE", "false", "False" };
    struct query q = { .version = { NULL, 0 } };
    int64_t n;
    if (!read_query(a, text, &q))
        return;
    ret->ref = q.ref.len > 0 ? q.ref : q.version.len > 0 ? q.version : STR("");
    if (str_to_int64(q.timeout, &n) && n > 0 && n < INT64_MAX / NS_PER_S)
        ret->timeout_ns = n * NS_PER_S;
    else if (q.timeout.len > 0 && duration_parse(q.timeout, &n) && n > 0)
        ret->timeout_ns = n;
    for (size_t i = 0; i < sizeof no / sizeof no[0]; i++)
        if (str_eq(q.submodules, str_from_cstr(no[i])))
            ret->submodules = false;
}

/* "git@" at the start, as far as it is a user's name. */
static struct str take_user(struct str *s)
{
    size_t len = 0;
    while (len < s->len) {
        char c = s->ptr[len];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && (len == 0 || !((c >= '0' && c <= '9') || c == '-')))
            break;
        len++;
    }
    if (len == 0 || len >= s->len || s->ptr[len] != '@')
        return STR("");
    struct str user = str_slice(*s, 0, len + 1);
    *s = str_skip(*s, len + 1);
    return user;
}

static struct str take_scheme(struct str *s)
{
    static const struct str schemes[] = { STR_INIT("ssh://"), STR_INIT("https://"),
                                          STR_INIT("http://"), STR_INIT("file://") };
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++)
        if (skip_prefix(s, schemes[i]))
            return schemes[i];
    return STR("");
}

/* Scheme, user and host, up to the slash or colon behind it; *rest is the path. False: there is none. */
static bool split_host(struct arena *a, struct str text, struct str *ret_host, struct str *rest)
{
    (void)skip_prefix(&text, STR("git::"));
    struct str scheme = take_scheme(&text), user = take_user(&text), probe = text;
    bool github = skip_prefix(&probe, STR("github.com/")) ||
                  skip_prefix(&probe, STR("github.com:"));
    bool scp = scheme.len == 0 && (user.len > 0 || github);
    if (scheme.len == 0 && !scp)
        return false;
    if (str_is(scheme, "file://")) {
        *ret_host = scheme;
        *rest = str_concat(a, user, text);
        return true;
    }
    size_t end = str_find_byte(text, '/', 0), colon = str_find_byte(text, ':', 0);
    if (scp && (end == SIZE_MAX || (colon != SIZE_MAX && colon > 0 && colon < end)))
        end = colon;
    struct str host = end == SIZE_MAX ? text : str_slice(text, 0, end + 1);
    *rest = end == SIZE_MAX ? STR("") : str_skip(text, end + 1);
    if (github && (str_is(scheme, "ssh://") || user.len > 0)) {
        scheme = STR("");
        host = STR("github.com:");
    } else if (github) {
        scheme = STR("https://");
        user = STR("");
        host = STR("github.com/");
    }
    *ret_host = str_printf(a, "%.*s%.*s%.*s", STR_ARG(scheme), STR_ARG(user), STR_ARG(host));
    return host.len > 0;
}

/* Where the repository ends in the path and the folder begins. False: there are too few parts. */
static bool split_path(struct str path, bool whole, struct str *ret_repository,
                       struct str *ret_folder)
{
    size_t at = str_find(path, STR("_git/"), 0), behind;
    if (at != SIZE_MAX) {
        at = str_find_byte(path, '/', at + 5);
        behind = at == SIZE_MAX ? path.len : at + 1;
    } else if ((at = str_find(path, STR("//"), 0)) != SIZE_MAX) {
        behind = at + 2;
    } else if ((at = str_find(path, STR(".git"), 0)) != SIZE_MAX) {
        behind = at = at + 4;
    } else if (whole) {
        behind = at = path.len;
    } else {
        at = str_find_byte(path, '/', 0);
        if (at == SIZE_MAX)
            return false;
        at = str_find_byte(path, '/', at + 1);
        behind = at == SIZE_MAX ? path.len : at + 1;
    }
    *ret_repository = str_slice(path, 0, at);
    *ret_folder = str_skip(path, behind);
    return ret_repository->len > 0;
}

bool kustomize_remote_parse(struct arena *a, struct str text, struct kustomize_remote *ret)
{
    struct str rest = text, address, host, path, repository, folder;
    *ret = (struct kustomize_remote){
        .raw = text, .ref = STR(""), .timeout_ns = DEFAULT_TIMEOUT_S * NS_PER_S, .submodules = true
    };
    if (text.len == 0 || text.ptr[0] == '/')
        return false;
    (void)str_cut(&rest, '?', &address);
    if (rest.ptr)
        apply_query(a, rest, ret);
    if (!split_host(a, address, &host, &path) ||
        !split_path(path, str_is(host, "file://"), &repository, &folder))
        return false;
    ret->repository = str_concat(a, host, repository);
    folder = str_trim_prefix(folder, STR("/"));
    if (folder.len == 0) {
        ret->path = STR("");
        return true;
    }
    return tree_path_join(a, STR(""), folder, &ret->path);
}

struct str kustomize_remote_url(struct arena *a, const struct kustomize_remote *remote)
{
    struct str path = remote->repository, host;
    if (str_contains(path, STR("://")) || !str_cut(&path, ':', &host) || !path.ptr)
        return remote->repository;
    return str_printf(a, "ssh://%.*s%s%.*s", STR_ARG(host),
                      str_has_prefix(path, STR("/")) ? "" : "/", STR_ARG(path));
}
