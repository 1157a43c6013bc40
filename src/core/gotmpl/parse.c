/* SPDX-License-Identifier: Apache-2.0 */
/* Actions and control structures; what stands in a pipeline is parse_pipeline.c's. */
#include "core/gotmpl/parse.h"

#include "base/limits.h"
#include "core/gotmpl/parser.h"
#include "core/gotmpl/quote.h"

static struct err *parse_items(struct parser *p, struct node **ret, struct node **ret_end);

struct node *parser_node(struct parser *p, enum node_kind kind, size_t pos)
{
    struct node *n = ARENA_NEW(p->arena, struct node);

    n->kind = (uint8_t)kind;
    n->pos = (uint32_t)pos;
    return n;
}

struct err *parser_fail(struct parser *p, const char *format, ...)
{
    va_list args;
    struct err *e;

    va_start(args, format);
    e = err_newv(p->arena, ERR_INVALID, format, args);
    va_end(args);
    return err_new(p->arena, ERR_INVALID, "template: %.*s:%u: %.*s", STR_ARG(p->name),
                   p->token[0].line, STR_ARG(e->msg));
}

struct token parser_next(struct parser *p)
{
    if (p->peeked > 0)
        p->peeked--;
    else
        p->token[0] = lexer_next(&p->lexer);
    return p->token[p->peeked];
}

void parser_back(struct parser *p)
{
    p->peeked++;
}

void parser_back2(struct parser *p, struct token t1)
{
    p->token[1] = t1;
    p->peeked = 2;
}

void parser_back3(struct parser *p, struct token t2, struct token t1)
{
    p->token[1] = t1;
    p->token[2] = t2;
    p->peeked = 3;
}

struct token parser_peek(struct parser *p)
{
    if (p->peeked == 0) {
        p->peeked = 1;
        p->token[0] = lexer_next(&p->lexer);
    }
    return p->token[p->peeked - 1];
}

struct token parser_next_word(struct parser *p)
{
    struct token t;

    do {
        t = parser_next(p);
    } while (t.kind == TOKEN_SPACE);
    return t;
}

struct token parser_peek_word(struct parser *p)
{
    struct token t = parser_next_word(p);

    parser_back(p);
    return t;
}

static struct str token_text(struct arena *a, const struct token *t)
{
    size_t runes = 0, at = 0;

    if (t->kind == TOKEN_EOF)
        return STR("EOF");
    if (t->kind == TOKEN_ERROR)
        return t->text;
    if (t->kind > TOKEN_KEYWORD)
        return str_printf(a, "<%.*s>", STR_ARG(t->text));
    if (t->text.len <= 10)
        return quote_go(a, t->text);
    while (at < t->text.len && (runes < 10 || ((uint8_t)t->text.ptr[at] & 0xC0) == 0x80)) {
        runes += ((uint8_t)t->text.ptr[at] & 0xC0) != 0x80;
        at++;
    }
    return str_printf(a, "%.*s...", STR_ARG(quote_go(a, str_slice(t->text, 0, at))));
}

struct err *parser_unexpected(struct parser *p, const struct token *t, const char *context)
{
    struct str text = token_text(p->arena, t), extra = STR("");

    if (t->kind != TOKEN_ERROR)
        return parser_fail(p, "unexpected %.*s in %s", STR_ARG(text), context);
    if (p->action_line != 0 && p->action_line != t->line)
        extra = str_printf(p->arena, "%s started at %.*s:%u",
                           str_has_suffix(text, STR(" action")) ? "" : " in action",
                           STR_ARG(p->name), p->action_line);
    return parser_fail(p, "%.*s%.*s", STR_ARG(text), STR_ARG(extra));
}

static struct err *expect(struct parser *p, enum token_kind kind, const char *context,
                          struct token *ret)
{
    *ret = parser_next_word(p);
    return ret->kind == kind ? NULL : parser_unexpected(p, ret, context);
}

static struct node *new_list(struct parser *p, size_t pos)
{
    return parser_node(p, NODE_LIST, pos);
}

void parser_take(struct parser *p, struct node *n, size_t base)
{
    size_t count = p->open.count - base;
    struct node **children = ARENA_ARRAY(p->arena, count, struct node *);

    if (count > 0)
        memcpy(children, p->open.items + base, count * sizeof *children);
    n->children = children;
    n->count = (uint32_t)count;
    p->open.count = base;
}

/* Joins the definitions of the text, as Go's Tree.add. */
static struct err *add_definition(struct parser *p, struct str name, const struct node *root)
{
    struct definition *d;

    for (size_t i = 0; i < p->definitions.count; i++) {
        struct definition *old = p->definitions.items[i];

        if (!str_eq(old->name, name))
            continue;
        if (node_is_empty(old->root))
            old->root = root;
        else if (!node_is_empty(root))
            return parser_fail(p, "template: multiple definition of template %.*s",
                               STR_ARG(quote_go(p->arena, name)));
        return NULL;
    }
    d = ARENA_NEW(p->arena, struct definition);
    *d = (struct definition){ .name = name, .parse_name = p->name, .text = p->text, .root = root };
    p->definitions.items = vec_grow(p->arena, p->definitions.items, p->definitions.count,
                                    &p->definitions.cap, sizeof *p->definitions.items);
    p->definitions.items[p->definitions.count++] = d;
    return NULL;
}

/* The body of a define or block: a scope of its own, up to its end. */
static struct err *parse_body(struct parser *p, struct str name, const char *context)
{
    struct parser saved = *p;
    struct node *list, *end;
    struct err *e;

    p->variables.count = 0;
    p->variables.items = NULL;
    p->variables.cap = 0;
    *VEC_PUSH(p->arena, &p->variables) = STR("$");
    p->range_depth = 0;
    p->action_line = 0;
    if (TRY(&e, parse_items(p, &list, &end)))
        return e;
    if (end->kind != NODE_END)
        return parser_fail(p, "unexpected {{else}} in %s", context);
    if (TRY(&e, add_definition(p, name, list)))
        return e;
    memcpy(&p->variables, &saved.variables, sizeof saved.variables);
    p->range_depth = saved.range_depth;
    p->action_line = saved.action_line;
    return NULL;
}

static struct err *parse_name(struct parser *p, const struct token *t, const char *context,
                              struct str *ret)
{
    if (t->kind != TOKEN_STRING && t->kind != TOKEN_RAW_STRING)
        return parser_unexpected(p, t, context);
    return quote_undo(p->arena, t->text, ret) ? NULL : parser_fail(p, "invalid syntax");
}

static struct err *parse_define(struct parser *p)
{
    struct token t = parser_next_word(p), ignored;
    struct str name;
    struct err *e;

    if (TRY(&e, parse_name(p, &t, "define clause", &name)) ||
        TRY(&e, expect(p, TOKEN_RIGHT_DELIM, "define clause", &ignored)))
        return e;
    return parse_body(p, name, "define clause");
}

static struct err *parse_loop_exit(struct parser *p, enum node_kind kind, const struct token *t,
                                   struct node **ret)
{
    const char *word = kind == NODE_BREAK ? "{{break}}" : "{{continue}}";
    struct token next = parser_next_word(p);

    if (next.kind != TOKEN_RIGHT_DELIM)
        return parser_unexpected(p, &next, word);
    if (p->range_depth == 0)
        return parser_fail(p, "%s outside {{range}}", word);
    *ret = parser_node(p, kind, t->pos);
    return NULL;
}

static struct err *parse_control(struct parser *p, enum node_kind kind, struct node **ret);

/* After an else: another if or with, whose end serves both, or a list. */
static struct err *parse_else(struct parser *p, enum node_kind kind, const struct node *at,
                              struct node **ret)
{
    enum token_kind next = parser_peek(p).kind;
    struct node *list, *inner, *end;
    struct err *e;

    if ((kind == NODE_IF && next == TOKEN_IF) || (kind == NODE_WITH && next == TOKEN_WITH)) {
        (void)parser_next(p);
        list = new_list(p, at->pos);
        if (TRY(&e, parse_control(p, kind, &inner)))
            return e;
        *VEC_PUSH(p->arena, &p->open) = inner;
        parser_take(p, list, p->open.count - 1);
        *ret = list;
        return NULL;
    }
    if (TRY(&e, parse_items(p, ret, &end)))
        return e;
    return end->kind == NODE_END ? NULL : parser_fail(p, "expected end; found {{else}}");
}

static struct err *parse_control(struct parser *p, enum node_kind kind, struct node **ret)
{
    const char *context = kind == NODE_IF ? "if" : kind == NODE_RANGE ? "range" : "with";
    size_t variables = p->variables.count;
    struct node *pipe, *list, *else_list = NULL, *end;
    struct err *e;

    if (p->nesting++ >= LIMIT_TEMPLATE_NESTING)
        return err_new(
            p->arena, ERR_TOO_LARGE,
            "template: %.*s:%u: nested deeper than %u control structures and parentheses",
            STR_ARG(p->name), p->token[0].line, LIMIT_TEMPLATE_NESTING);
    if (TRY(&e, parser_pipeline(p, context, TOKEN_RIGHT_DELIM, &pipe)))
        return e;
    p->range_depth += kind == NODE_RANGE;
    if (TRY(&e, parse_items(p, &list, &end)))
        return e;
    p->range_depth -= kind == NODE_RANGE;
    if (end->kind == NODE_ELSE && TRY(&e, parse_else(p, kind, end, &else_list)))
        return e;
    p->nesting--;
    p->variables.count = variables;
    *ret = parser_node(p, kind, pipe->pos);
    (*ret)->line = pipe->line;
    (*ret)->pipe = pipe;
    (*ret)->list = list;
    (*ret)->else_list = else_list;
    return NULL;
}

static struct err *parse_block(struct parser *p, struct node **ret)
{
    struct token t = parser_next_word(p);
    struct node *pipe;
    struct str name;
    struct err *e;

    if (TRY(&e, parse_name(p, &t, "block clause", &name)) ||
        TRY(&e, parser_pipeline(p, "block clause", TOKEN_RIGHT_DELIM, &pipe)))
        return e;
    if (p->nesting++ >= LIMIT_TEMPLATE_NESTING)
        return err_new(p->arena, ERR_TOO_LARGE, "template: %.*s:%u: nested deeper than %u blocks",
                       STR_ARG(p->name), t.line, LIMIT_TEMPLATE_NESTING);
    if (TRY(&e, parse_body(p, name, "block clause")))
        return e;
    p->nesting--;
    *ret = parser_node(p, NODE_TEMPLATE, t.pos);
    (*ret)->source = name;
    (*ret)->argument = pipe;
    return NULL;
}

static struct err *parse_template(struct parser *p, struct node **ret)
{
    struct token t = parser_next_word(p);
    struct node *pipe = NULL;
    struct str name;
    struct err *e;

    if (TRY(&e, parse_name(p, &t, "template clause", &name)))
        return e;
    if (parser_next_word(p).kind != TOKEN_RIGHT_DELIM) {
        parser_back(p);
        if (TRY(&e, parser_pipeline(p, "template clause", TOKEN_RIGHT_DELIM, &pipe)))
            return e;
    }
    *ret = parser_node(p, NODE_TEMPLATE, t.pos);
    (*ret)->source = name;
    (*ret)->argument = pipe;
    return NULL;
}

static struct err *parse_else_mark(struct parser *p, struct node **ret)
{
    struct token t = parser_peek_word(p);
    struct err *e;

    if (t.kind != TOKEN_IF && t.kind != TOKEN_WITH &&
        TRY(&e, expect(p, TOKEN_RIGHT_DELIM, "else", &t)))
        return e;
    *ret = parser_node(p, NODE_ELSE, t.pos);
    return NULL;
}

static struct err *parse_end_mark(struct parser *p, struct node **ret)
{
    struct token t;
    struct err *e;

    if (TRY(&e, expect(p, TOKEN_RIGHT_DELIM, "end", &t)))
        return e;
    *ret = parser_node(p, NODE_END, t.pos);
    return NULL;
}

static struct err *parse_plain_action(struct parser *p, struct node **ret)
{
    struct token t;
    struct node *pipe;
    struct err *e;

    parser_back(p);
    t = parser_peek(p);
    if (TRY(&e, parser_pipeline(p, "command", TOKEN_RIGHT_DELIM, &pipe)))
        return e;
    *ret = parser_node(p, NODE_ACTION, t.pos);
    (*ret)->line = t.line;
    (*ret)->pipe = pipe;
    return NULL;
}

static struct err *parse_action(struct parser *p, struct node **ret)
{
    struct token t = parser_next_word(p);

    if (t.kind == TOKEN_BLOCK)
        return parse_block(p, ret);
    if (t.kind == TOKEN_BREAK || t.kind == TOKEN_CONTINUE)
        return parse_loop_exit(p, t.kind == TOKEN_BREAK ? NODE_BREAK : NODE_CONTINUE, &t, ret);
    if (t.kind == TOKEN_ELSE)
        return parse_else_mark(p, ret);
    if (t.kind == TOKEN_END)
        return parse_end_mark(p, ret);
    if (t.kind == TOKEN_IF)
        return parse_control(p, NODE_IF, ret);
    if (t.kind == TOKEN_RANGE)
        return parse_control(p, NODE_RANGE, ret);
    if (t.kind == TOKEN_TEMPLATE)
        return parse_template(p, ret);
    if (t.kind == TOKEN_WITH)
        return parse_control(p, NODE_WITH, ret);
    return parse_plain_action(p, ret);
}

static struct err *parse_text_or_action(struct parser *p, struct node **ret)
{
    struct token t = parser_next_word(p);
    struct err *e;

    if (t.kind == TOKEN_TEXT) {
        *ret = parser_node(p, NODE_TEXT, t.pos);
        (*ret)->text = t.text;
        return NULL;
    }
    if (t.kind != TOKEN_LEFT_DELIM)
        return parser_unexpected(p, &t, "input");
    p->action_line = t.line;
    e = parse_action(p, ret);
    p->action_line = 0;
    return e;
}

/* Up to an {{end}} or {{else}}, which is given too. */
static struct err *parse_items(struct parser *p, struct node **ret, struct node **ret_end)
{
    struct node *list = new_list(p, parser_peek_word(p).pos);
    size_t base = p->open.count;
    struct err *e;

    while (parser_peek_word(p).kind != TOKEN_EOF) {
        struct node *n;

        if (TRY(&e, parse_text_or_action(p, &n)))
            return e;
        if (n->kind == NODE_END || n->kind == NODE_ELSE) {
            parser_take(p, list, base);
            *ret = list;
            *ret_end = n;
            return NULL;
        }
        *VEC_PUSH(p->arena, &p->open) = n;
    }
    return parser_fail(p, "unexpected EOF");
}

static struct err *parse_all(struct parser *p)
{
    struct node *list = new_list(p, parser_peek(p).pos);
    size_t base = p->open.count;
    struct err *e;

    while (parser_peek(p).kind != TOKEN_EOF) {
        struct node *n;

        if (parser_peek(p).kind == TOKEN_LEFT_DELIM) {
            struct token delim = parser_next(p);

            if (parser_next_word(p).kind == TOKEN_DEFINE) {
                if (TRY(&e, parse_define(p)))
                    return e;
                continue;
            }
            parser_back2(p, delim);
        }
        if (TRY(&e, parse_text_or_action(p, &n)))
            return e;
        if (n->kind == NODE_END || n->kind == NODE_ELSE)
            return parser_fail(p, "unexpected %s", n->kind == NODE_END ? "{{end}}" : "{{else}}");
        *VEC_PUSH(p->arena, &p->open) = n;
    }
    parser_take(p, list, base);
    return add_definition(p, p->name, list);
}

struct err *template_parse(struct arena *a, struct str name, struct str text,
                           const struct function *(*functions)(struct str name),
                           struct definitions *ret)
{
    struct parser p = { .arena = a, .name = name, .text = text, .functions = functions };
    struct err *e;

    if (text.len > LIMIT_TEMPLATE_TEXT_BYTES)
        return err_new(a, ERR_TOO_LARGE, "template: %.*s: larger than %llu bytes", STR_ARG(name),
                       LIMIT_TEMPLATE_TEXT_BYTES);
    lexer_init(&p.lexer, a, text);
    *VEC_PUSH(a, &p.variables) = STR("$");
    if (TRY(&e, parse_all(&p)))
        return e;
    *ret = p.definitions;
    return NULL;
}
