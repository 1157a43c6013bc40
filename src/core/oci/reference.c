/* SPDX-License-Identifier: Apache-2.0 */
#include "core/oci/reference.h"

#include "core/gotmpl/quote.h"
#include "core/url/url.h"
#include "foreign/digest.h"

enum { TAG_BYTES_MAX = 128 };

static const struct {
    struct str name;
    enum digest_kind kind;
} algorithms[] = { { STR_INIT("sha256"), DIGEST_SHA256 },
                   { STR_INIT("sha384"), DIGEST_SHA384 },
                   { STR_INIT("sha512"), DIGEST_SHA512 } };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_small_word(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z');
}

static bool is_word(char c)
{
    return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_';
}

/* Between two words: one dot, one or two underscores, or any number of dashes. */
static bool is_separator(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] != '-')
            return str_is(s, ".") || str_is(s, "_") || str_is(s, "__");
    return s.len > 0;
}

static bool is_component(struct str s)
{
    size_t at = 0;

    while (at < s.len) {
        size_t word = at, end;

        while (word < s.len && is_small_word(s.ptr[word]))
            word++;
        if (word == at)
            return false;
        for (end = word; end < s.len && !is_small_word(s.ptr[end]); end++)
            ;
        if (end > word && (end == s.len || !is_separator(str_slice(s, word, end))))
            return false;
        at = end;
    }
    return s.len > 0;
}

static bool is_repository(struct str s)
{
    for (struct str part, rest = s; str_cut(&rest, '/', &part);)
        if (!is_component(part))
            return false;
    return true;
}

static bool is_registry(struct arena *a, struct str s)
{
    struct url u;

    return s.len > 0 && !url_parse(a, str_concat(a, STR("dummy://"), s), &u) && u.host.len > 0 &&
           str_eq(u.host, s);
}

bool oci_is_tag(struct str s)
{
    if (s.len == 0 || s.len > TAG_BYTES_MAX || !is_word(s.ptr[0]))
        return false;
    for (size_t i = 0; i < s.len; i++)
        if (!is_word(s.ptr[i]) && s.ptr[i] != '.' && s.ptr[i] != '-')
            return false;
    return true;
}

static bool split_digest(struct str s, enum digest_kind *ret_kind, struct str *ret_hex)
{
    struct str name;

    if (!str_cut(&s, ':', &name) || !s.ptr)
        return false;
    for (size_t i = 0; i < sizeof algorithms / sizeof *algorithms; i++) {
        if (!str_eq(algorithms[i].name, name))
            continue;
        *ret_kind = algorithms[i].kind;
        *ret_hex = s;
        return s.len == 2 * digest_size(algorithms[i].kind);
    }
    return false;
}

bool oci_is_digest(struct str s)
{
    enum digest_kind kind;
    struct str hex;

    if (!split_digest(s, &kind, &hex))
        return false;
    for (size_t i = 0; i < hex.len; i++)
        if (!is_digit(hex.ptr[i]) && !(hex.ptr[i] >= 'a' && hex.ptr[i] <= 'f'))
            return false;
    return true;
}

bool oci_digest_matches(struct str digest, struct str bytes)
{
    static const char digits[] = "0123456789abcdef";
    uint8_t own[DIGEST_BYTES_MAX];
    enum digest_kind kind;
    struct str hex;

    if (!split_digest(digest, &kind, &hex))
        return false;
    digest_bytes(kind, bytes, own);
    for (size_t i = 0; i < digest_size(kind); i++)
        if (hex.ptr[2 * i] != digits[own[i] >> 4] || hex.ptr[2 * i + 1] != digits[own[i] & 15])
            return false;
    return true;
}

static struct err *invalid(struct arena *a, const char *what, struct str value)
{
    return err_new(a, ERR_INVALID, "invalid reference: invalid %s %.*s", what,
                   STR_ARG(quote_go(a, value)));
}

struct err *oci_reference_parse(struct arena *a, struct str text, struct oci_reference *ret)
{
    struct str path = text, registry, repository;
    struct oci_reference r = { .reference = STR("") };
    size_t at, colon;

    (void)str_cut(&path, '/', &registry);
    if (!path.ptr)
        return err_new(a, ERR_INVALID, "invalid reference: missing registry or repository");
    at = str_find_byte(path, '@', 0);
    repository = str_slice(path, 0, at);
    colon = str_find_byte(repository, ':', 0);
    if (at != SIZE_MAX) {
        r.is_digest = true;
        r.reference = str_skip(path, at + 1);
    } else if (colon != SIZE_MAX) {
        r.reference = str_skip(path, colon + 1);
    }
    r.registry = registry;
    r.repository = str_slice(repository, 0, colon);
    if (!is_registry(a, r.registry))
        return invalid(a, "registry", r.registry);
    if (!is_repository(r.repository))
        return invalid(a, "repository", r.repository);
    if (r.reference.len == 0)
        r.is_digest = false;
    else if (r.is_digest && !oci_is_digest(r.reference))
        return invalid(a, "digest", r.reference);
    else if (!r.is_digest && !oci_is_tag(r.reference))
        return invalid(a, "tag", r.reference);
    *ret = r;
    return NULL;
}

struct str oci_reference_format(struct arena *a, const struct oci_reference *r)
{
    const char *mark = r->reference.len == 0 ? "" : r->is_digest ? "@" : ":";

    return str_printf(a, "%.*s/%.*s%s%.*s", STR_ARG(r->registry), STR_ARG(r->repository), mark,
                      STR_ARG(r->reference));
}

struct str oci_registry_host(struct str registry)
{
    return str_is(registry, "docker.io") ? STR("registry-1.docker.io") : registry;
}

struct str oci_url(struct arena *a, const struct oci_reference *r, bool plain_http,
                   const char *part, struct str name)
{
    return str_printf(a, "%s://%.*s/v2/%.*s/%s/%.*s", plain_http ? "http" : "https",
                      STR_ARG(oci_registry_host(r->registry)), STR_ARG(r->repository), part,
                      STR_ARG(name));
}
