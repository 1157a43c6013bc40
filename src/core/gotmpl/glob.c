/* SPDX-License-Identifier: Apache-2.0 */
#include "core/gotmpl/glob.h"

#include "foreign/utf8.h"

/* One rest of a pattern; after its end `next` goes on: the alternatives of braces are tried with what follows them. */
struct piece {
    struct str text;
    const struct piece *next;
};

struct state {
    unsigned steps;
    unsigned depth;
};

enum { DEPTH_MAX = 2000 };

static bool match(struct state *s, struct piece p, struct str text);

/* Position of the brace that closes the one at text[0], or SIZE_MAX. */
static size_t closing_brace(struct str text)
{
    int depth = 0;

    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\\')
            i++;
        else if (text.ptr[i] == '{')
            depth++;
        else if (text.ptr[i] == '}' && --depth == 0)
            return i;
    }
    return SIZE_MAX;
}

bool file_glob_is_valid(struct str pattern)
{
    for (size_t i = 0; i < pattern.len; i++) {
        char c = pattern.ptr[i];

        if (c == '\\') {
            i++;
        } else if (c == '[') {
            size_t end = str_find_byte(pattern, ']', i + 1);

            if (end == SIZE_MAX || end == i + 1)
                return false;
            i = end;
        } else if (c == '{' && closing_brace(str_skip(pattern, i)) == SIZE_MAX) {
            return false;
        }
    }
    return true;
}

/* Whether a rune is in "[...]"; the set is what stands between the brackets. */
static bool in_set(struct str set, uint32_t rune)
{
    bool negated = set.len > 0 && set.ptr[0] == '!', found = false;

    set = str_skip(set, negated ? 1 : 0);
    while (set.len > 0) {
        uint32_t low, high;

        set = str_skip(set, utf8_decode(set, &low));
        high = low;
        if (set.len >= 2 && set.ptr[0] == '-') {
            set = str_skip(set, 1);
            set = str_skip(set, utf8_decode(set, &high));
        }
        found = found || (rune >= low && rune <= high);
    }
    return found != negated;
}

static bool match_star(struct state *s, struct piece p, struct str text, bool crosses)
{
    for (size_t i = 0;; i++) {
        if (match(s, p, str_skip(text, i)))
            return true;
        if (i >= text.len || (!crosses && text.ptr[i] == '/') || s->steps > GLOB_STEPS_MAX)
            return false;
    }
}

static bool match_braces(struct state *s, struct piece p, struct str text)
{
    size_t close = closing_brace(p.text), begin = 1;
    struct piece rest = { str_skip(p.text, close + 1), p.next };
    int depth = 0;

    if (close == SIZE_MAX)
        return false;
    for (size_t i = 1; i <= close; i++) {
        char c = p.text.ptr[i];

        if (c == '\\') {
            i++;
        } else if (c == '{') {
            depth++;
        } else if ((c == ',' && depth == 0) || i == close) {
            if (match(s, (struct piece){ str_slice(p.text, begin, i), &rest }, text))
                return true;
            begin = i + 1;
        } else if (c == '}') {
            depth--;
        }
    }
    return false;
}

static bool match_here(struct state *s, struct piece p, struct str text)
{
    for (;;) {
        uint32_t rune;
        size_t width;
        char c;

        if (p.text.len == 0) {
            if (!p.next)
                return text.len == 0;
            p = *p.next;
            continue;
        }
        c = p.text.ptr[0];
        if (c == '*') {
            bool crosses = p.text.len > 1 && p.text.ptr[1] == '*';

            p.text = str_skip(p.text, crosses ? 2 : 1);
            return match_star(s, p, text, crosses);
        }
        if (c == '{')
            return match_braces(s, p, text);
        if (text.len == 0)
            return false;
        width = utf8_decode(text, &rune);
        if (c == '?') {
            if (rune == '/')
                return false;
            p.text = str_skip(p.text, 1);
        } else if (c == '[') {
            size_t end = str_find_byte(p.text, ']', 1);

            if (end == SIZE_MAX || !in_set(str_slice(p.text, 1, end), rune))
                return false;
            p.text = str_skip(p.text, end + 1);
        } else {
            if (c == '\\' && p.text.len > 1)
                p.text = str_skip(p.text, 1);
            if (!str_has_prefix(p.text, str_slice(text, 0, width)))
                return false;
            p.text = str_skip(p.text, width);
        }
        text = str_skip(text, width);
    }
}

static bool match(struct state *s, struct piece p, struct str text)
{
    bool found;

    if (++s->steps > GLOB_STEPS_MAX || s->depth >= DEPTH_MAX)
        return false;
    s->depth++;
    found = match_here(s, p, text);
    s->depth--;
    return found;
}

bool file_glob_match(struct str pattern, struct str text)
{
    struct state s = { 0 };

    return match(&s, (struct piece){ pattern, NULL }, text);
}
