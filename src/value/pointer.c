/* SPDX-License-Identifier: Apache-2.0 */
#include "value/pointer.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/vec.h"

static struct err *unescape(struct arena *a, struct str token, struct str *ret)
{
    char *text, *to;

    *ret = token;
    if (str_find_byte(token, '~', 0) == SIZE_MAX)
        return NULL;
    text = to = arena_alloc(a, token.len);
    for (size_t i = 0; i < token.len; i++) {
        char c = token.ptr[i];

        if (c == '~') {
            if (i + 1 == token.len || (token.ptr[i + 1] != '0' && token.ptr[i + 1] != '1'))
                return err_new(
                    a, ERR_INVALID,
                    "in a JSON pointer \"~\" must be followed by 0 or 1, in \"%.*s\" it is not",
                    STR_ARG(token));
            c = token.ptr[i + 1] == '0' ? '~' : '/';
            i++;
        }
        *to++ = c;
    }
    *ret = str_of(text, (size_t)(to - text));
    return NULL;
}

struct err *pointer_parse(struct arena *a, struct str text, struct pointer *ret)
{
    VEC(struct str) tokens = VEC_INIT;
    struct str rest = text, token;
    struct err *e;

    *ret = (struct pointer){ 0 };
    if (text.len == 0)
        return NULL;
    if (text.ptr[0] != '/')
        return err_new(a, ERR_INVALID,
                       "a JSON pointer must be empty or begin with \"/\", \"%.*s\" does not",
                       STR_ARG(text));
    rest = str_of(text.ptr + 1, text.len - 1);
    while (str_cut(&rest, '/', &token)) {
        struct str *last = VEC_PUSH(a, &tokens);

        if (tokens.count > LIMIT_TREE_DEPTH)
            return err_new(a, ERR_TOO_LARGE, "a JSON pointer of more than %u steps",
                           LIMIT_TREE_DEPTH);
        if (TRY(&e, unescape(a, token, last)))
            return e;
    }
    *ret = (struct pointer){ .tokens = tokens.items, .count = tokens.count };
    return NULL;
}

struct str pointer_format(struct arena *a, const struct pointer *p)
{
    struct buf out;

    buf_init(&out, a, 0);
    for (size_t i = 0; i < p->count; i++) {
        buf_put_byte(&out, '/');
        for (size_t j = 0; j < p->tokens[i].len; j++) {
            char c = p->tokens[i].ptr[j];

            if (c == '~' || c == '/') {
                buf_put_byte(&out, '~');
                c = c == '~' ? '0' : '1';
            }
            buf_put_byte(&out, c);
        }
    }
    return buf_str(&out);
}

/* Decimal without leading zeros, below `limit`. */
static bool parse_index(struct str token, size_t limit, size_t *ret)
{
    uint64_t n;

    if (!str_to_uint64(token, &n) || n >= limit || (token.len > 1 && token.ptr[0] == '0'))
        return false;
    *ret = (size_t)n;
    return true;
}

static const struct val *child(const struct val *v, struct str token)
{
    size_t index;

    if (val_is(v, VAL_SEQ))
        return parse_index(token, v->count, &index) ? v->items[index] : NULL;
    return val_get(v, token);
}

const struct val *pointer_get(const struct val *root, const struct pointer *p)
{
    for (size_t i = 0; i < p->count && root; i++)
        root = child(root, p->tokens[i]);
    return root;
}

static struct err *missing(struct arena *a, const struct pointer *p, size_t depth)
{
    struct pointer upto = { .tokens = p->tokens, .count = depth + 1 };

    return err_new(a, ERR_INVALID, "path \"%.*s\" does not exist",
                   STR_ARG(pointer_format(a, &upto)));
}

/* An edit on the way down; value NULL removes. */
struct edit {
    struct arena *arena;
    const struct pointer *path;
    const struct val *value;
};

static struct err *edit_at(const struct edit *d, const struct val *v, size_t depth,
                           const struct val **ret);

static const struct val *insert_item(struct arena *a, const struct val *seq, size_t at,
                                     const struct val *item)
{
    struct seq_builder b;

    seq_builder_init(&b, a);
    for (size_t i = 0; i < seq->count; i++) {
        if (i == at)
            seq_builder_add(&b, item);
        seq_builder_add(&b, seq->items[i]);
    }
    if (at == seq->count)
        seq_builder_add(&b, item);
    return seq_builder_done(&b, seq);
}

static const struct val *remove_item(struct arena *a, const struct val *seq, size_t at)
{
    struct seq_builder b;

    seq_builder_init(&b, a);
    for (size_t i = 0; i < seq->count; i++)
        if (i != at)
            seq_builder_add(&b, seq->items[i]);
    return seq_builder_done(&b, seq);
}

static struct err *edit_seq(const struct edit *d, const struct val *v, size_t depth,
                            const struct val **ret)
{
    struct str token = d->path->tokens[depth];
    bool last = depth + 1 == d->path->count;
    const struct val *item = NULL;
    size_t index;
    struct err *e;

    if (last && d->value) {
        if (str_is(token, "-"))
            index = v->count;
        else if (!parse_index(token, (size_t)v->count + 1, &index))
            return missing(d->arena, d->path, depth);
        *ret = insert_item(d->arena, v, index, d->value);
        return NULL;
    }
    if (!parse_index(token, v->count, &index))
        return missing(d->arena, d->path, depth);
    if (last) {
        *ret = remove_item(d->arena, v, index);
        return NULL;
    }
    if (TRY(&e, edit_at(d, v->items[index], depth + 1, &item)))
        return e;
    *ret = val_seq_replace(d->arena, v, index, item);
    return NULL;
}

static struct err *edit_map(const struct edit *d, const struct val *v, size_t depth,
                            const struct val **ret)
{
    struct str token = d->path->tokens[depth];
    bool last = depth + 1 == d->path->count;
    const struct val *field = val_get(v, token), *edited = NULL;
    struct err *e;

    if (last && d->value) {
        *ret = val_with(d->arena, v, token, d->value);
        return NULL;
    }
    if (!field)
        return missing(d->arena, d->path, depth);
    if (last) {
        *ret = val_without(d->arena, v, token);
        return NULL;
    }
    if (TRY(&e, edit_at(d, field, depth + 1, &edited)))
        return e;
    *ret = val_with(d->arena, v, token, edited);
    return NULL;
}

static struct err *edit_at(const struct edit *d, const struct val *v, size_t depth,
                           const struct val **ret)
{
    if (depth == d->path->count) {
        *ret = d->value;
        return NULL;
    }
    if (val_is(v, VAL_SEQ))
        return edit_seq(d, v, depth, ret);
    if (val_is(v, VAL_MAP))
        return edit_map(d, v, depth, ret);
    return missing(d->arena, d->path, depth);
}

struct err *pointer_set(struct arena *a, const struct val *root, const struct pointer *p,
                        const struct val *value, const struct val **ret)
{
    struct edit d = { .arena = a, .path = p, .value = value };

    return edit_at(&d, root, 0, ret);
}

struct err *pointer_remove(struct arena *a, const struct val *root, const struct pointer *p,
                           const struct val **ret)
{
    struct edit d = { .arena = a, .path = p };

    if (p->count == 0)
        return err_new(a, ERR_INVALID, "the root cannot be removed");
    return edit_at(&d, root, 0, ret);
}
