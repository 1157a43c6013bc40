/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kustomize/label_selector.h"

#include "base/vec.h"
#include "core/kustomize/resource.h"

struct scan {
    struct arena *arena;
    struct str text;
    size_t at;
};

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_special(char c)
{
    return c == '=' || c == '!' || c == '(' || c == ')' || c == ',' || c == '>' || c == '<';
}

/* Next word or operator; "" at the end. */
static struct str next_token(struct scan *s)
{
    while (s->at < s->text.len && is_space(s->text.ptr[s->at]))
        s->at++;
    size_t from = s->at;
    if (from >= s->text.len)
        return STR("");
    if (!is_special(s->text.ptr[from])) {
        while (s->at < s->text.len && !is_special(s->text.ptr[s->at]) &&
               !is_space(s->text.ptr[s->at]))
            s->at++;
        return str_slice(s->text, from, s->at);
    }
    s->at++;
    bool equals = s->at < s->text.len && s->text.ptr[s->at] == '=';
    char c = s->text.ptr[from];
    if (equals && (c == '=' || c == '!'))
        s->at++;
    return str_slice(s->text, from, s->at);
}

static struct str peek_token(const struct scan *s)
{
    struct scan copy = *s;
    return next_token(&copy);
}

static bool is_word(struct str token)
{
    return token.len > 0 && !is_special(token.ptr[0]);
}

static struct err *unexpected(const struct scan *s, struct str token, const char *want)
{
    return err_new(s->arena, ERR_INVALID, "selector \"%.*s\": found \"%.*s\", expected %s",
                   STR_ARG(s->text), STR_ARG(token), want);
}

/* "(a, b)"; an empty value between commas is allowed. */
static struct err *read_set(struct scan *s, struct kust_label_rule *rule)
{
    struct kust_strs values = VEC_INIT;
    struct str token = next_token(s);
    if (!str_is(token, "("))
        return unexpected(s, token, "\"(\"");
    for (bool more = true; more;) {
        struct str value = STR("");
        if (is_word(peek_token(s)))
            value = next_token(s);
        *VEC_PUSH(s->arena, &values) = value;
        token = next_token(s);
        more = str_is(token, ",");
        if (!more && !str_is(token, ")"))
            return unexpected(s, token, "\",\" or \")\"");
    }
    rule->values = values.items;
    rule->value_count = values.count;
    return NULL;
}

static void read_value(struct scan *s, struct kust_label_rule *rule)
{
    struct str *value = ARENA_NEW(s->arena, struct str);
    if (is_word(peek_token(s)))
        *value = next_token(s);
    rule->values = value;
    rule->value_count = 1;
}

static struct err *read_rule(struct scan *s, struct kust_label_rule *rule)
{
    struct str token = next_token(s);
    rule->op = str_is(token, "!") ? LABEL_ABSENT : LABEL_EXISTS;
    if (rule->op == LABEL_ABSENT)
        token = next_token(s);
    if (!is_word(token))
        return unexpected(s, token, "a key");
    rule->key = token;
    token = peek_token(s);
    if (rule->op == LABEL_ABSENT || token.len == 0 || str_is(token, ","))
        return NULL;
    next_token(s);
    if (str_is(token, "in") || str_is(token, "notin")) {
        rule->op = str_is(token, "in") ? LABEL_IN : LABEL_NOT_IN;
        return read_set(s, rule);
    }
    if (str_is(token, "=") || str_is(token, "=="))
        rule->op = LABEL_IN;
    else if (str_is(token, "!="))
        rule->op = LABEL_NOT_IN;
    else if (str_is(token, ">") || str_is(token, "<"))
        rule->op = str_is(token, ">") ? LABEL_GREATER : LABEL_LESS;
    else
        return unexpected(s, token, "an operator");
    read_value(s, rule);
    int64_t n;
    if (rule->op >= LABEL_GREATER && !str_to_int64(rule->values[0], &n))
        return unexpected(s, rule->values[0], "an integer");
    return NULL;
}

struct err *kust_labels_parse(struct arena *a, struct str text, struct kust_labels *ret)
{
    struct scan s = { a, text, 0 };
    *ret = (struct kust_labels)VEC_INIT;
    if (peek_token(&s).len == 0)
        return NULL;
    for (;;) {
        struct err *e;
        struct kust_label_rule *rule = VEC_PUSH(a, ret);
        if (TRY(&e, read_rule(&s, rule)))
            return e;
        struct str token = next_token(&s);
        if (token.len == 0)
            return NULL;
        if (!str_is(token, ","))
            return unexpected(&s, token, "\",\"");
    }
}

static bool matches(struct arena *a, const struct kust_label_rule *rule, const struct val *map)
{
    const struct val *v = val_get(map, rule->key);
    struct str text = kust_text(a, v);
    int64_t have, limit;
    if (rule->op == LABEL_EXISTS || rule->op == LABEL_ABSENT)
        return (v != NULL) == (rule->op == LABEL_EXISTS);
    if (rule->op == LABEL_GREATER || rule->op == LABEL_LESS) {
        if (!v || !str_to_int64(text, &have) || !str_to_int64(rule->values[0], &limit))
            return false;
        return rule->op == LABEL_GREATER ? have > limit : have < limit;
    }
    bool listed = false;
    for (size_t i = 0; i < rule->value_count; i++)
        listed = listed || str_eq(text, rule->values[i]);
    return rule->op == LABEL_IN ? v && listed : !v || !listed;
}

bool kust_labels_match(struct arena *a, const struct kust_labels *rules, const struct val *map)
{
    for (size_t i = 0; i < rules->count; i++)
        if (!matches(a, &rules->items[i], map))
            return false;
    return true;
}
