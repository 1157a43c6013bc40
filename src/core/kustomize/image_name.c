/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kustomize/image_name.h"

#include "base/arena.h"
#include "foreign/regex.h"

struct image_matcher {
    struct str name;     /* plain, "." standing for any character */
    struct regex *regex; /* NULL: plain */
    bool broken;         /* no expression */
};

struct image_name image_name_split(struct str image)
{
    size_t slash = str_find_byte(image, '/', 0);
    size_t from = slash == SIZE_MAX || slash == 0 ? 0 : slash;
    size_t at = str_find_byte(image, '@', from);
    size_t colon = str_find_byte(image, ':', from);
    struct image_name n = { image, STR(""), STR("") };
    if (at != SIZE_MAX)
        n.digest = str_skip(image, at + 1);
    if (at != SIZE_MAX && at < colon) {
        n.name = str_slice(image, 0, at);
    } else if (colon != SIZE_MAX) {
        n.name = str_slice(image, 0, colon);
        n.tag = str_slice(image, colon + 1, at);
    }
    return n;
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
}

static bool is_plain(struct str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        if (!is_word(c) && c != '.' && c != '/' && c != ':' && c != '@')
            return false;
    }
    return true;
}

struct image_matcher *image_matcher_new(struct arena *a, struct str name)
{
    struct image_matcher *m = ARENA_NEW(a, struct image_matcher);
    m->name = name;
    if (is_plain(name))
        return m;
    struct str pattern = str_printf(a,
                                    "^%.*s(:[a-zA-Z0-9_.{}-]*)?"
                                    "(@[a-zA-Z0-9]+([.+_-][a-zA-Z0-9]+)*:[a-zA-Z0-9_.{}-]*)?$",
                                    STR_ARG(name));
    m->broken = regex_compile(a, pattern, &m->regex) != NULL;
    return m;
}

/* Position after a run of characters that tags and digests may have. */
static size_t skip_run(struct str s, size_t at)
{
    while (at < s.len &&
           (is_word(s.ptr[at]) || s.ptr[at] == '.' || s.ptr[at] == '{' || s.ptr[at] == '}'))
        at++;
    return at;
}

/* "@sha256:" or another algorithm at `at`: the position after its colon, else `at`. */
static size_t skip_algorithm(struct str s, size_t at)
{
    size_t i = at, letters = 0;
    if (i >= s.len || s.ptr[i] != '@')
        return at;
    for (i++; i < s.len && s.ptr[i] != ':'; i++) {
        char c = s.ptr[i];
        bool separator = c == '.' || c == '+' || c == '_' || c == '-';
        if (separator ? letters == 0 : !is_word(c))
            return at;
        letters = separator ? 0 : letters + 1;
    }
    return i < s.len && letters > 0 ? i + 1 : at;
}

bool image_matcher_matches(const struct image_matcher *m, struct str image)
{
    if (m->broken)
        return false;
    if (m->regex)
        return regex_is_match(m->regex, image);
    if (image.len < m->name.len)
        return false;
    for (size_t i = 0; i < m->name.len; i++) {
        bool any = m->name.ptr[i] == '.' && image.ptr[i] != '\n';
        if (!any && m->name.ptr[i] != image.ptr[i])
            return false;
    }
    size_t at = m->name.len;
    if (at < image.len && image.ptr[at] == ':')
        at = skip_run(image, at + 1);
    size_t digest = skip_algorithm(image, at);
    if (digest > at)
        at = skip_run(image, digest);
    return at == image.len;
}
