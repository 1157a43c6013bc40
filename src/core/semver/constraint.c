/* SPDX-License-Identifier: Apache-2.0 */
/* Constraints: their grammar is a few regular expressions in Masterminds' code, written out here as a scanner. */
#include "base/buf.h"
#include "base/vec.h"
#include "core/gotmpl/quote.h"
#include "core/semver/semver.h"

enum operation {
    OP_TILDE_OR_EQUAL,
    OP_NOT_EQUAL,
    OP_GREATER,
    OP_LESS,
    OP_GREATER_EQUAL,
    OP_LESS_EQUAL,
    OP_TILDE,
    OP_CARET
};

struct comparison {
    enum operation op;
    struct semver version;
    bool dirty; /* some part is a wildcard or missing */
    bool minor_dirty;
    bool patch_dirty;
};

struct group {
    VEC(struct comparison) items;
    bool has_pre;
};

struct semver_constraints {
    VEC(struct group) groups;
};

static const struct {
    const char *text;
    enum operation op;
} operations[] = {
    { "!=", OP_NOT_EQUAL },  { ">=", OP_GREATER_EQUAL }, { "=>", OP_GREATER_EQUAL },
    { "<=", OP_LESS_EQUAL }, { "=<", OP_LESS_EQUAL },    { "~>", OP_TILDE },
    { "~", OP_TILDE },       { "^", OP_CARET },          { ">", OP_GREATER },
    { "<", OP_LESS },        { "=", OP_TILDE_OR_EQUAL },
};

static void skip_space(struct str *s)
{
    while (s->len > 0 &&
           (s->ptr[0] == ' ' || (s->ptr[0] >= '\t' && s->ptr[0] <= '\r' && s->ptr[0] != '\v')))
        *s = str_skip(*s, 1);
}

static enum operation take_operation(struct str *s)
{
    for (size_t i = 0; i < sizeof operations / sizeof *operations; i++) {
        struct str text = str_from_cstr(operations[i].text);

        if (str_has_prefix(*s, text)) {
            *s = str_skip(*s, text.len);
            return operations[i].op;
        }
    }
    return OP_TILDE_OR_EQUAL;
}

static bool is_part_char(char c)
{
    return (c >= '0' && c <= '9') || c == 'x' || c == 'X' || c == '*' || c == '|';
}

static struct str take_part(struct str *s, size_t from)
{
    size_t n = from;
    struct str part;

    while (n < s->len && is_part_char(s->ptr[n]) &&
           !(s->ptr[n] == '|' && n + 1 < s->len && s->ptr[n + 1] == '|'))
        n++;
    part = str_slice(*s, from, n);
    if (part.len > 0)
        *s = str_skip(*s, n);
    return part;
}

static bool is_wildcard(struct str s)
{
    return s.len == 0 || str_is(s, "x") || str_is(s, "X") || str_is(s, "*");
}

static struct str take_suffix(struct str *s, char mark)
{
    size_t n = 1;
    struct str suffix;

    if (s->len < 2 || s->ptr[0] != mark)
        return STR("");
    while (n < s->len &&
           (s->ptr[n] == '.' || s->ptr[n] == '-' || (s->ptr[n] >= '0' && s->ptr[n] <= '9') ||
            ((s->ptr[n] | 0x20) >= 'a' && (s->ptr[n] | 0x20) <= 'z')))
        n++;
    if (s->ptr[n - 1] == '.')
        n--;
    if (n == 1)
        return STR("");
    suffix = str_slice(*s, 1, n);
    *s = str_skip(*s, n);
    return suffix;
}

/* [v]1.2.x[-pre][+meta]; false: no version begins here, or it does not parse. */
static bool take_version(struct arena *a, struct str *s, struct comparison *c)
{
    struct str parts[3] = { STR(""), STR(""), STR("") }, pre;
    struct buf text;

    if (s->len > 0 && s->ptr[0] == 'v')
        *s = str_skip(*s, 1);
    parts[0] = take_part(s, 0);
    if (parts[0].len == 0)
        return false;
    for (int i = 1; i < 3 && s->len > 1 && s->ptr[0] == '.'; i++)
        parts[i] = take_part(s, 1);
    pre = take_suffix(s, '-');
    (void)take_suffix(s, '+');
    buf_init(&text, a, 0);
    c->dirty = is_wildcard(parts[0]) || is_wildcard(parts[1]) || is_wildcard(parts[2]);
    c->minor_dirty = !is_wildcard(parts[0]) && is_wildcard(parts[1]);
    c->patch_dirty = !is_wildcard(parts[0]) && !is_wildcard(parts[1]) && is_wildcard(parts[2]);
    if (is_wildcard(parts[0]))
        buf_lit(&text, "0.0.0");
    else if (c->minor_dirty)
        buf_printf(&text, "%.*s.0.0", STR_ARG(parts[0]));
    else
        buf_printf(&text, "%.*s.%.*s.%.*s", STR_ARG(parts[0]), STR_ARG(parts[1]),
                   STR_ARG(c->patch_dirty ? STR("0") : parts[2]));
    if (pre.len > 0)
        buf_printf(&text, "-%.*s", STR_ARG(pre));
    return semver_parse(buf_str(&text), &c->version) == NULL;
}

/* "1.2 - 3" in a group means ">=1.2 <=3". */
static bool take_range(struct arena *a, struct str *s, struct group *g)
{
    struct str rest = *s;
    struct comparison low = { .op = OP_GREATER_EQUAL }, high = { .op = OP_LESS_EQUAL };
    size_t before;

    skip_space(&rest);
    if (!take_version(a, &rest, &low))
        return false;
    before = rest.len;
    skip_space(&rest);
    if (rest.len == before || rest.len < 2 || rest.ptr[0] != '-' ||
        (rest.ptr[1] != ' ' && rest.ptr[1] != '\t'))
        return false;
    rest = str_skip(rest, 1);
    skip_space(&rest);
    if (!take_version(a, &rest, &high))
        return false;
    *VEC_PUSH(a, &g->items) = low;
    *VEC_PUSH(a, &g->items) = high;
    g->has_pre = g->has_pre || low.version.pre.len > 0 || high.version.pre.len > 0;
    *s = rest;
    return true;
}

static bool take_comparison(struct arena *a, struct str *s, struct group *g)
{
    struct comparison c = { 0 };

    skip_space(s);
    c.op = take_operation(s);
    skip_space(s);
    if (!take_version(a, s, &c))
        return false;
    g->has_pre = g->has_pre || c.version.pre.len > 0;
    *VEC_PUSH(a, &g->items) = c;
    return true;
}

/* Comparisons parted by spaces or commas. */
static bool parse_group(struct arena *a, struct str s, struct group *g)
{
    do {
        size_t before;

        if (!take_range(a, &s, g) && !take_comparison(a, &s, g))
            return false;
        before = s.len;
        skip_space(&s);
        if (s.len > 0 && s.ptr[0] == ',')
            s = str_skip(s, 1);
        else if (s.len > 0 && s.len == before)
            return false;
        else if (s.len == 0)
            return true;
    } while (true);
}

struct err *semver_constraints_parse(struct arena *a, struct str s, struct semver_constraints **ret)
{
    struct semver_constraints *c = ARENA_NEW(a, struct semver_constraints);

    if (s.len > SEMVER_CONSTRAINT_BYTES_MAX)
        return err_new(a, ERR_INVALID, "constraint string is too long (max %d bytes)",
                       SEMVER_CONSTRAINT_BYTES_MAX);
    for (;;) {
        size_t end = str_find(s, STR("||"), 0);
        struct str text = end == SIZE_MAX ? s : str_slice(s, 0, end);

        if (c->groups.count >= SEMVER_GROUPS_MAX)
            return err_new(a, ERR_INVALID, "too many constraint groups (max %d)",
                           SEMVER_GROUPS_MAX);
        if (!parse_group(a, text, VEC_PUSH(a, &c->groups)))
            return err_new(a, ERR_INVALID, "improper constraint: %.*s", STR_ARG(quote_go(a, text)));
        if (end == SIZE_MAX)
            break;
        s = str_skip(s, end + 2);
    }
    *ret = c;
    return NULL;
}

static bool not_equal(const struct comparison *c, const struct semver *v)
{
    if (c->dirty) {
        if (c->version.major != v->major || (c->version.minor != v->minor && !c->minor_dirty))
            return true;
        if (c->minor_dirty)
            return false;
        if (c->version.patch != v->patch && !c->patch_dirty)
            return true;
        if (c->patch_dirty) {
            struct semver x = { .pre = v->pre }, y = { .pre = c->version.pre };

            return (v->pre.len > 0 || c->version.pre.len > 0) && semver_compare(&x, &y) != 0;
        }
    }
    return semver_compare(v, &c->version) != 0;
}

static bool greater(const struct comparison *c, const struct semver *v)
{
    if (!c->dirty)
        return semver_compare(v, &c->version) > 0;
    if (v->major != c->version.major)
        return v->major > c->version.major;
    if (c->minor_dirty)
        return false;
    if (c->patch_dirty)
        return v->minor > c->version.minor;
    return semver_compare(v, &c->version) > 0;
}

static bool less_equal(const struct comparison *c, const struct semver *v)
{
    if (!c->dirty)
        return semver_compare(v, &c->version) <= 0;
    return v->major <= c->version.major &&
           !(v->major == c->version.major && v->minor > c->version.minor && !c->minor_dirty);
}

static bool tilde(const struct comparison *c, const struct semver *v)
{
    const struct semver *w = &c->version;

    if (semver_compare(v, w) < 0)
        return false;
    if (w->major == 0 && w->minor == 0 && w->patch == 0 && !c->minor_dirty && !c->patch_dirty)
        return true;
    return v->major == w->major && (v->minor == w->minor || c->minor_dirty);
}

static bool caret(const struct comparison *c, const struct semver *v)
{
    const struct semver *w = &c->version;

    if (semver_compare(v, w) < 0)
        return false;
    if (w->major > 0 || c->minor_dirty)
        return v->major == w->major;
    if (v->major > 0)
        return false;
    if (w->minor > 0 || c->patch_dirty)
        return v->minor == w->minor;
    return v->minor == 0 && w->patch == v->patch;
}

static bool check(const struct comparison *c, const struct semver *v, bool takes_pre)
{
    if (v->pre.len > 0 && !takes_pre)
        return false;
    switch (c->op) {
    case OP_TILDE_OR_EQUAL:
        return c->dirty ? tilde(c, v) : semver_compare(v, &c->version) == 0;
    case OP_NOT_EQUAL:
        return not_equal(c, v);
    case OP_GREATER:
        return greater(c, v);
    case OP_LESS:
        return semver_compare(v, &c->version) < 0;
    case OP_GREATER_EQUAL:
        return semver_compare(v, &c->version) >= 0;
    case OP_LESS_EQUAL:
        return less_equal(c, v);
    case OP_TILDE:
        return tilde(c, v);
    case OP_CARET:
        return caret(c, v);
    }
    return false;
}

bool semver_satisfies(const struct semver_constraints *c, const struct semver *v)
{
    for (size_t i = 0; i < c->groups.count; i++) {
        const struct group *g = &c->groups.items[i];
        bool all = true;

        for (size_t j = 0; j < g->items.count && all; j++)
            all = check(&g->items.items[j], v, g->has_pre);
        if (all)
            return true;
    }
    return false;
}
