/* SPDX-License-Identifier: Apache-2.0 */
#include "core/helm/ignore.h"

#include "base/arena.h"
#include "base/vec.h"
#include "core/tree.h"
#include "foreign/utf8.h"

struct rule {
    struct str pattern;
    bool negated;
    bool folder_only;
    bool base_only; /* no slash in it: matched against the last part of a path */
};

struct helm_ignore {
    struct rule *items;
    size_t count;
    size_t cap;
};

/* One rune of a class, a backslash quoting; false at the end or at a bare "-" or "]". */
static bool class_rune(struct str *p, uint32_t *ret)
{
    if (p->len == 0 || p->ptr[0] == '-' || p->ptr[0] == ']')
        return false;
    if (p->ptr[0] == '\\')
        *p = str_skip(*p, 1);
    size_t width = utf8_decode(*p, ret);
    *p = str_skip(*p, width);
    return width > 0 && p->len > 0;
}

/* [abc], [^a-z]; *p stands behind the bracket and is moved behind the closing one. */
static enum path_match match_class(struct str *p, uint32_t rune)
{
    bool negated = p->len > 0 && p->ptr[0] == '^', found = false;
    if (negated)
        *p = str_skip(*p, 1);
    for (size_t ranges = 0;; ranges++) {
        uint32_t low, high;
        if (p->len > 0 && p->ptr[0] == ']' && ranges > 0)
            break;
        if (!class_rune(p, &low))
            return PATH_PATTERN_BAD;
        high = low;
        if (p->len > 0 && p->ptr[0] == '-') {
            *p = str_skip(*p, 1);
            if (!class_rune(p, &high))
                return PATH_PATTERN_BAD;
        }
        found = found || (low <= rune && rune <= high);
    }
    *p = str_skip(*p, 1);
    return found != negated ? PATH_MATCHES : PATH_DIFFERS;
}

/* One element of the pattern (not a star) against one rune; both are moved on. */
static enum path_match match_one(struct str *p, struct str *s)
{
    uint32_t rune = 0, wanted;
    size_t width = utf8_decode(*s, &rune);
    char c = p->ptr[0];
    *p = str_skip(*p, 1);
    if (c == '[') {
        enum path_match m = match_class(p, rune);
        *s = str_skip(*s, width);
        return m == PATH_MATCHES && width == 0 ? PATH_DIFFERS : m;
    }
    if (c == '?') {
        *s = str_skip(*s, width);
        return width > 0 && rune != '/' ? PATH_MATCHES : PATH_DIFFERS;
    }
    if (c == '\\') {
        if (p->len == 0)
            return PATH_PATTERN_BAD;
        c = p->ptr[0];
        *p = str_skip(*p, 1);
    }
    wanted = (unsigned char)c;
    bool same = s->len > 0 && (unsigned char)s->ptr[0] == wanted;
    *s = str_skip(*s, 1);
    return same ? PATH_MATCHES : PATH_DIFFERS;
}

/* Linear times the stars: the last star alone is ever tried again. */
enum path_match path_match(struct str pattern, struct str path)
{
    struct str p = pattern, s = path, behind_star = STR(""), again = STR("");
    bool starred = false;
    while (p.len > 0 || s.len > 0) {
        if (p.len > 0 && p.ptr[0] == '*') {
            p = str_skip(p, 1);
            behind_star = p;
            again = s;
            starred = true;
            continue;
        }
        enum path_match m = p.len > 0 ? match_one(&p, &s) : PATH_DIFFERS;
        if (m == PATH_MATCHES)
            continue;
        if (m == PATH_PATTERN_BAD || !starred || again.len == 0 || again.ptr[0] == '/')
            return m;
        again = str_skip(again, 1);
        s = again;
        p = behind_star;
    }
    return PATH_MATCHES;
}

static struct err *add_rule(struct arena *a, struct helm_ignore *rules, struct str line,
                            struct str name, unsigned number)
{
    struct rule rule = { .negated = false };
    line = str_trim(line);
    if (line.len == 0 || line.ptr[0] == '#')
        return NULL;
    if (str_contains(line, STR("**")))
        return err_new(a, ERR_INVALID, "%.*s:%u: double-star (**) syntax is not supported",
                       STR_ARG(name), number);
    if (path_match(line, STR("abc")) == PATH_PATTERN_BAD)
        return err_new(a, ERR_INVALID, "%.*s:%u: syntax error in pattern", STR_ARG(name), number);
    if (str_has_prefix(line, STR("!"))) {
        rule.negated = true;
        line = str_skip(line, 1);
    }
    if (str_has_suffix(line, STR("/"))) {
        rule.folder_only = true;
        line = str_trim_suffix(line, STR("/"));
    }
    rule.base_only = str_find_byte(line, '/', 0) == SIZE_MAX;
    rule.pattern = str_trim_prefix(line, STR("/"));
    *VEC_PUSH(a, rules) = rule;
    return NULL;
}

struct err *helm_ignore_parse(struct arena *a, struct str text, struct str name,
                              struct helm_ignore **ret)
{
    struct helm_ignore *rules = ARENA_NEW(a, struct helm_ignore);
    unsigned number = 0;
    struct err *e;
    text = str_trim_prefix(text, STR("\xEF\xBB\xBF"));
    for (struct str line, rest = text; text.len > 0 && str_cut(&rest, '\n', &line);)
        if (TRY(&e, add_rule(a, rules, line, name, ++number)))
            return e;
    if (TRY(&e, add_rule(a, rules, STR("templates/.?*"), name, 0)))
        return e;
    *ret = rules;
    return NULL;
}

bool helm_ignore_matches(const struct helm_ignore *rules, struct str path, bool is_folder)
{
    for (size_t i = 0; i < rules->count; i++) {
        const struct rule *r = &rules->items[i];
        struct str subject = r->base_only ? tree_path_base(path) : path;
        if (r->negated) {
            if ((r->folder_only && !is_folder) || path_match(r->pattern, subject) != PATH_MATCHES)
                return true;
            continue;
        }
        if ((!r->folder_only || is_folder) && path_match(r->pattern, subject) == PATH_MATCHES)
            return true;
    }
    return false;
}
