/* SPDX-License-Identifier: Apache-2.0 */
#include "core/apiserver/selector.h"

#include "base/buf.h"
#include "core/apiserver/checks.h"
#include "core/apiserver/names.h"

/* ---- label selectors: text ---- */

enum token_kind {
    TOKEN_END,
    TOKEN_WORD,
    TOKEN_COMMA,
    TOKEN_OPEN,
    TOKEN_CLOSE,
    TOKEN_EQUAL,
    TOKEN_NOT_EQUAL,
    TOKEN_NOT,
    TOKEN_GREATER,
    TOKEN_LESS
};

struct token {
    enum token_kind kind;
    struct str text;
};

struct lexer {
    struct str text;
    size_t at;
};

static bool is_special(char c)
{
    return strchr("=!(),><", c) != NULL && c != '\0';
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct token symbol(struct lexer *x)
{
    static const struct {
        struct str text;
        enum token_kind kind;
    } symbols[] = {
        { STR_INIT("=="), TOKEN_EQUAL }, { STR_INIT("!="), TOKEN_NOT_EQUAL },
        { STR_INIT("="), TOKEN_EQUAL },  { STR_INIT("!"), TOKEN_NOT },
        { STR_INIT("("), TOKEN_OPEN },   { STR_INIT(")"), TOKEN_CLOSE },
        { STR_INIT(","), TOKEN_COMMA },  { STR_INIT(">"), TOKEN_GREATER },
        { STR_INIT("<"), TOKEN_LESS },
    };
    struct str rest = str_skip(x->text, x->at);

    for (size_t i = 0; i < sizeof symbols / sizeof symbols[0]; i++)
        if (str_has_prefix(rest, symbols[i].text)) {
            x->at += symbols[i].text.len;
            return (struct token){ symbols[i].kind, symbols[i].text };
        }
    return (struct token){ TOKEN_END, STR("") };
}

static struct token next(struct lexer *x)
{
    size_t start;

    while (x->at < x->text.len && is_space(x->text.ptr[x->at]))
        x->at++;
    if (x->at == x->text.len)
        return (struct token){ TOKEN_END, STR("") };
    if (is_special(x->text.ptr[x->at]))
        return symbol(x);
    start = x->at;
    while (x->at < x->text.len && !is_special(x->text.ptr[x->at]) && !is_space(x->text.ptr[x->at]))
        x->at++;
    return (struct token){ TOKEN_WORD, str_slice(x->text, start, x->at) };
}

static struct token peek(const struct lexer *x)
{
    struct lexer copy = *x;

    return next(&copy);
}

struct parse {
    struct arena *arena;
    struct lexer lexer;
    struct err *err;
    bool between; /* the error is not within a requirement */
    VEC(struct selector_term) terms;
};

static void fail(struct parse *p, const char *expected, struct token found)
{
    if (!p->err)
        p->err = err_new(p->arena, ERR_INVALID, "found '%.*s', expected: %s", STR_ARG(found.text),
                         expected);
}

static void add_value(struct parse *p, struct selector_term *t, struct str value)
{
    struct str *values = ARENA_ARRAY(p->arena, t->value_count + 1, struct str);
    struct str problem = label_value_problem(p->arena, value);

    if (problem.len && !p->err)
        p->err = err_new(p->arena, ERR_INVALID, "values[0][%.*s]: Invalid value: \"%.*s\": %.*s",
                         STR_ARG(t->key), STR_ARG(value), STR_ARG(problem));
    if (t->value_count)
        memcpy(values, t->values, t->value_count * sizeof values[0]);
    values[t->value_count++] = value;
    t->values = values;
}

static void parse_set(struct parse *p, struct selector_term *t)
{
    struct token k = next(&p->lexer);

    if (k.kind != TOKEN_OPEN) {
        if (!p->err)
            p->err = err_new(p->arena, ERR_INVALID, "found '%.*s' expected: '('", STR_ARG(k.text));
        return;
    }
    for (;;) {
        k = peek(&p->lexer);
        if (k.kind == TOKEN_WORD) {
            add_value(p, t, next(&p->lexer).text);
        } else if (k.kind == TOKEN_COMMA || k.kind == TOKEN_CLOSE) {
            add_value(p, t, STR(""));
        }
        k = next(&p->lexer);
        if (k.kind == TOKEN_CLOSE)
            return;
        if (k.kind != TOKEN_COMMA) {
            fail(p, "',' or ')'", k);
            return;
        }
    }
}

static void parse_number(struct parse *p, struct selector_term *t, enum selector_op op)
{
    struct token k = next(&p->lexer);
    int64_t n;

    t->op = op;
    if (k.kind != TOKEN_WORD)
        fail(p, "identifier", k);
    else if (!str_to_int64(k.text, &n) && !p->err)
        p->err = err_new(p->arena, ERR_INVALID,
                         "values[0]: Invalid value: \"%.*s\": for 'Gt', 'Lt' operators, the value "
                         "must be an integer",
                         STR_ARG(k.text));
    else
        add_value(p, t, k.text);
}

static void parse_key(struct parse *p, struct selector_term *t)
{
    struct token k = next(&p->lexer);
    struct str problem;

    if (k.kind == TOKEN_NOT) {
        t->op = SELECTOR_NOT_EXISTS;
        k = next(&p->lexer);
    }
    if (k.kind != TOKEN_WORD) {
        fail(p, "identifier", k);
        return;
    }
    t->key = k.text;
    problem = label_key_problem(p->arena, t->key);
    if (problem.len && !p->err)
        p->err = err_new(p->arena, ERR_INVALID, "<nil>: Invalid value: \"%.*s\": %.*s",
                         STR_ARG(t->key), STR_ARG(problem));
}

static void parse_term(struct parse *p)
{
    struct selector_term t = { .op = SELECTOR_EXISTS };
    struct token k;

    parse_key(p, &t);
    k = peek(&p->lexer);
    if (t.op == SELECTOR_NOT_EXISTS || k.kind == TOKEN_END || k.kind == TOKEN_COMMA) {
        *VEC_PUSH(p->arena, &p->terms) = t;
        return;
    }
    k = next(&p->lexer);
    if (k.kind == TOKEN_EQUAL || k.kind == TOKEN_NOT_EQUAL) {
        t.op = k.kind == TOKEN_EQUAL ? SELECTOR_IN : SELECTOR_NOT_IN;
        k = peek(&p->lexer);
        add_value(p, &t, k.kind == TOKEN_WORD ? next(&p->lexer).text : STR(""));
    } else if (k.kind == TOKEN_GREATER || k.kind == TOKEN_LESS) {
        parse_number(p, &t, k.kind == TOKEN_GREATER ? SELECTOR_GREATER : SELECTOR_LESS);
    } else if (k.kind == TOKEN_WORD && (str_is(k.text, "in") || str_is(k.text, "notin"))) {
        t.op = str_is(k.text, "in") ? SELECTOR_IN : SELECTOR_NOT_IN;
        parse_set(p, &t);
    } else {
        fail(p, "in, notin, =, ==, !=, gt, lt", k);
    }
    *VEC_PUSH(p->arena, &p->terms) = t;
}

struct err *label_selector_parse(struct arena *a, struct str text, struct selector *ret)
{
    struct parse p = { .arena = a, .lexer = { .text = text } };

    while (!p.err && peek(&p.lexer).kind != TOKEN_END) {
        struct token k = peek(&p.lexer);

        p.between = k.kind != TOKEN_WORD && k.kind != TOKEN_NOT;
        if (p.between) {
            fail(&p, "!, identifier, or 'end of string'", k);
            break;
        }
        parse_term(&p);
        k = next(&p.lexer);
        if (p.err || k.kind == TOKEN_END)
            break;
        p.between = true;
        if (k.kind != TOKEN_COMMA)
            fail(&p, "',' or 'end of string'", k);
        k = peek(&p.lexer);
        if (k.kind != TOKEN_WORD && k.kind != TOKEN_NOT)
            fail(&p, "identifier after ','", k);
    }
    if (p.err)
        return status_bad_request(
            a, "%s%.*s", p.between ? "" : "unable to parse requirement: ", STR_ARG(p.err->msg));
    *ret = (struct selector){ p.terms.items, p.terms.count };
    return NULL;
}

/* ---- label selectors: objects ---- */

static struct selector_term expression_term(struct arena *a, const struct val *e)
{
    struct str op = val_get_str(e, "operator");
    const struct val *list = val_get(e, STR("values"));
    struct str *values = ARENA_ARRAY(a, val_count(list), struct str);
    struct selector_term t = { .key = val_get_str(e, "key"),
                               .op = SELECTOR_NOT_EXISTS,
                               .values = values,
                               .value_count = val_count(list) };

    for (size_t i = 0; i < val_count(list); i++)
        values[i] = val_str(list->items[i]);
    if (str_is(op, "In"))
        t.op = SELECTOR_IN;
    else if (str_is(op, "NotIn"))
        t.op = SELECTOR_NOT_IN;
    else if (str_is(op, "Exists"))
        t.op = SELECTOR_EXISTS;
    return t;
}

struct err *label_selector_of(struct arena *a, const struct val *label_selector,
                              struct selector *ret)
{
    const struct val *labels = val_get(label_selector, STR("matchLabels"));
    const struct val *expressions = val_get(label_selector, STR("matchExpressions"));
    size_t count = val_count(labels) + val_count(expressions);
    struct selector_term *terms = ARENA_ARRAY(a, count + 1, struct selector_term);
    size_t n = 0;

    if (!label_selector) {
        /* No label has the empty key, so this holds for nothing. */
        terms[0] = (struct selector_term){ .op = SELECTOR_EXISTS };
        *ret = (struct selector){ terms, 1 };
        return NULL;
    }
    for (size_t i = 0; i < val_count(labels); i++) {
        struct str *value = ARENA_NEW(a, struct str);

        *value = val_str(labels->fields[i].value);
        terms[n++] = (struct selector_term){ labels->fields[i].key, SELECTOR_IN, value, 1 };
    }
    for (size_t i = 0; i < val_count(expressions); i++)
        terms[n++] = expression_term(a, expressions->items[i]);
    *ret = (struct selector){ terms, n };
    return NULL;
}

static void sort_terms(struct selector_term *terms, size_t count)
{
    for (size_t i = 1; i < count; i++)
        for (size_t j = i; j && str_cmp(terms[j].key, terms[j - 1].key) < 0; j--) {
            struct selector_term swap = terms[j];

            terms[j] = terms[j - 1];
            terms[j - 1] = swap;
        }
}

static void term_format(struct arena *a, struct buf *out, const struct selector_term *t, bool plain)
{
    struct str values = str_join(a, t->values, t->value_count, STR(","));

    if (t->op == SELECTOR_EXISTS)
        buf_put(out, t->key);
    else if (t->op == SELECTOR_NOT_EXISTS)
        buf_printf(out, "!%.*s", STR_ARG(t->key));
    else if (plain)
        buf_printf(out, "%.*s=%.*s", STR_ARG(t->key), STR_ARG(values));
    else
        buf_printf(out, "%.*s %s (%.*s)", STR_ARG(t->key), t->op == SELECTOR_IN ? "in" : "notin",
                   STR_ARG(values));
}

struct str label_selector_format(struct arena *a, const struct val *label_selector)
{
    size_t labels = val_count(val_get(label_selector, STR("matchLabels")));
    struct selector s = { 0 };
    struct selector_term *terms;
    struct buf out;

    buf_init(&out, a, 0);
    if (!label_selector || label_selector_of(a, label_selector, &s))
        return STR("");
    terms = ARENA_ARRAY(a, s.count, struct selector_term);
    if (s.count)
        memcpy(terms, s.terms, s.count * sizeof terms[0]);
    for (size_t i = 0; i < labels; i++)
        terms[i].op = SELECTOR_GREATER; /* marks "=" through the sort */
    sort_terms(terms, s.count);
    for (size_t i = 0; i < s.count; i++) {
        if (i)
            buf_put_byte(&out, ',');
        term_format(a, &out, &terms[i], terms[i].op == SELECTOR_GREATER);
    }
    return buf_str(&out);
}

/* ---- matching ---- */

static bool term_matches(const struct selector_term *t, const struct val *labels)
{
    const struct val *v = val_get(labels, t->key);
    int64_t have;
    int64_t want;

    switch (t->op) {
    case SELECTOR_EXISTS:
        return v != NULL;
    case SELECTOR_NOT_EXISTS:
        return v == NULL;
    case SELECTOR_IN:
    case SELECTOR_NOT_IN:
        for (size_t i = 0; v && i < t->value_count; i++)
            if (str_eq(val_str(v), t->values[i]))
                return t->op == SELECTOR_IN;
        return t->op == SELECTOR_NOT_IN;
    case SELECTOR_GREATER:
    case SELECTOR_LESS:
        break;
    }
    if (!v || !str_to_int64(val_str(v), &have) || !str_to_int64(t->values[0], &want))
        return false;
    return t->op == SELECTOR_GREATER ? have > want : have < want;
}

bool selector_matches_labels(const struct selector *s, const struct val *labels)
{
    for (size_t i = 0; i < s->count; i++)
        if (!term_matches(&s->terms[i], labels))
            return false;
    return true;
}

bool label_selector_matches(const struct selector *s, const struct val *object)
{
    return selector_matches_labels(s, val_at(object, "metadata.labels"));
}
