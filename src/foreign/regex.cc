/* SPDX-License-Identifier: Apache-2.0 */
#include "foreign/regex.h"

#include <new>
#include <re2/re2.h>
#include <string>

extern "C" {
#include "base/arena.h"
#include "base/limits.h"
}

struct regex {
    re2::RE2 re;
    regex(const re2::StringPiece &pattern, const re2::RE2::Options &options) : re(pattern, options)
    {
    }
};

static void regex_destroy(void *ptr)
{
    static_cast<struct regex *>(ptr)->~regex();
}

/* Go's spelling of a pattern into RE2's; false for what Go does not know. */
static bool translate(struct str pattern, std::string *out)
{
    for (size_t i = 0; i < pattern.len; i++) {
        char c = pattern.ptr[i];
        if (c == '\\' && i + 1 < pattern.len) {
            if (pattern.ptr[i + 1] == 'C')
                return false;
            out->push_back(c);
            out->push_back(pattern.ptr[++i]);
            continue;
        }
        out->push_back(c);
        bool opens = c == '(' && i + 3 < pattern.len && pattern.ptr[i + 1] == '?' &&
                     pattern.ptr[i + 2] == '<' && pattern.ptr[i + 3] != '=' &&
                     pattern.ptr[i + 3] != '!';
        if (opens) {
            out->append("?P");
            i++; /* the "<" follows */
        }
    }
    return true;
}

extern "C" struct err *regex_compile(struct arena *a, struct str pattern, struct regex **ret)
{
    std::string text;
    if (!translate(pattern, &text))
        return err_new(a, ERR_INVALID, "pattern \"%.*s\": invalid escape sequence: \\C",
                       STR_ARG(pattern));
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(static_cast<int64_t>(LIMIT_REGEX_BYTES));
    struct regex *re = new (arena_alloc(a, sizeof(struct regex))) struct regex(text, options);
    arena_defer(a, regex_destroy, re);
    if (!re->re.ok())
        return err_new(a, ERR_INVALID, "pattern \"%.*s\": %s", STR_ARG(pattern),
                       re->re.error().c_str());
    *ret = re;
    return nullptr;
}

extern "C" bool regex_is_match(const struct regex *re, struct str text)
{
    re2::StringPiece piece(text.ptr ? text.ptr : "", text.len);
    return re->re.Match(piece, 0, text.len, re2::RE2::UNANCHORED, nullptr, 0);
}

extern "C" bool regex_find(const struct regex *re, struct str text, size_t from,
                           size_t *ret_offsets, size_t count)
{
    const char *base = text.ptr ? text.ptr : "";
    re2::StringPiece groups[32];
    size_t wanted = count > 32 ? 32 : count;
    if (from > text.len || !re->re.Match(re2::StringPiece(base, text.len), from, text.len,
                                         re2::RE2::UNANCHORED, groups, static_cast<int>(wanted)))
        return false;
    for (size_t i = 0; i < count; i++) {
        bool took_part = i < wanted && groups[i].data() != nullptr;
        size_t begin = took_part ? static_cast<size_t>(groups[i].data() - base) : SIZE_MAX;
        ret_offsets[2 * i] = begin;
        ret_offsets[2 * i + 1] = took_part ? begin + groups[i].size() : SIZE_MAX;
    }
    return true;
}

extern "C" size_t regex_group_count(const struct regex *re)
{
    return static_cast<size_t>(re->re.NumberOfCapturingGroups());
}

extern "C" size_t regex_group_named(const struct regex *re, struct str name)
{
    const auto &names = re->re.NamedCapturingGroups();
    auto found = names.find(std::string(name.ptr ? name.ptr : "", name.len));
    return found == names.end() ? 0 : static_cast<size_t>(found->second);
}
