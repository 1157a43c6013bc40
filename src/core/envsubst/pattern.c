/* SPDX-License-Identifier: Apache-2.0 */
#include "core/envsubst/operator.h"
#include "foreign/utf8.h"

/* A rune of a class, possibly behind a backslash; false: the class is malformed. */
static bool take_class_rune(struct str *p, uint32_t *ret)
{
    size_t width;

    if (p->len == 0 || p->ptr[0] == '-' || p->ptr[0] == ']')
        return false;
    if (p->ptr[0] == '\\')
        *p = str_skip(*p, 1);
    width = utf8_decode(*p, ret);
    *p = str_skip(*p, width);
    return width > 0 && p->len > 0;
}

/* "[...]" at the front of *p against r. */
static bool match_class(struct str *p, uint32_t r, bool *bad)
{
    bool negated, hit = false;

    *p = str_skip(*p, 1);
    negated = str_has_prefix(*p, STR("^"));
    if (negated)
        *p = str_skip(*p, 1);
    for (size_t ranges = 0; !(ranges > 0 && str_has_prefix(*p, STR("]"))); ranges++) {
        uint32_t low, high;

        if (!take_class_rune(p, &low)) {
            *bad = true;
            return false;
        }
        high = low;
        if (p->ptr[0] == '-') {
            *p = str_skip(*p, 1);
            if (!take_class_rune(p, &high)) {
                *bad = true;
                return false;
            }
        }
        hit = hit || (low <= r && r <= high);
    }
    *p = str_skip(*p, 1);
    return hit != negated;
}

/* One element of the pattern against the front of *text; both move on when it fits. */
static bool match_one(struct str *p, struct str *text, bool *bad)
{
    uint32_t rune;
    size_t width = utf8_decode(*text, &rune);

    if (width == 0)
        return false;
    if (p->ptr[0] == '[') {
        if (!match_class(p, rune, bad))
            return false;
    } else if (p->ptr[0] == '?') {
        *p = str_skip(*p, 1);
    } else {
        if (p->ptr[0] == '\\') {
            *p = str_skip(*p, 1);
            if (p->len == 0) {
                *bad = true;
                return false;
            }
        }
        if (p->ptr[0] != text->ptr[0])
            return false;
        *p = str_skip(*p, 1);
        width = 1;
    }
    *text = str_skip(*text, width);
    return true;
}

/* The last star may stretch; each retry moves it forward, which bounds the work. */
bool pattern_match(struct str pattern, struct str text, bool *ret_bad)
{
    struct str star_pattern = STR_NONE, star_text = STR_NONE;
    bool starred = false;

    *ret_bad = false;
    for (;;) {
        struct str p = pattern, t = text;

        if (pattern.len > 0 && pattern.ptr[0] == '*') {
            pattern = str_skip(pattern, 1);
            starred = true;
            star_pattern = pattern;
            star_text = text;
            continue;
        }
        if (pattern.len == 0 && text.len == 0)
            return true;
        if (pattern.len > 0 && match_one(&p, &t, ret_bad)) {
            pattern = p;
            text = t;
            continue;
        }
        if (*ret_bad || !starred || star_text.len == 0)
            return false;
        star_text = str_skip(star_text, 1);
        pattern = star_pattern;
        text = star_text;
    }
}
