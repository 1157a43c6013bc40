/* SPDX-License-Identifier: Apache-2.0 */
/* Pipelines, commands and operands. */
#include "base/limits.h"
#include "core/gotmpl/parser.h"
#include "core/gotmpl/quote.h"

typedef VEC(struct node *) node_vec;

/* Names between dots; the text is ".a.b" or "$x.a". */
static void set_names(struct parser *p, struct node *n, struct str text)
{
    struct str *names, part;
    size_t count = 1;

    if (text.len > 0 && text.ptr[0] == '.')
        text = str_skip(text, 1);
    for (size_t i = 0; i < text.len; i++)
        count += text.ptr[i] == '.';
    names = ARENA_ARRAY(p->arena, count, struct str);
    n->names = names;
    n->count = 0;
    while (n->count < count && str_cut(&text, '.', &part))
        names[n->count++] = part;
}

static struct node *new_variable(struct parser *p, size_t pos, struct str text)
{
    struct node *n = parser_node(p, NODE_VARIABLE, pos);

    set_names(p, n, text);
    return n;
}

static struct err *use_variable(struct parser *p, const struct token *t, struct node **ret)
{
    *ret = new_variable(p, t->pos, t->text);
    for (size_t i = 0; i < p->variables.count; i++)
        if (str_eq(p->variables.items[i], (*ret)->names[0]))
            return NULL;
    return parser_fail(p, "undefined variable %.*s", STR_ARG(quote_go(p->arena, (*ret)->names[0])));
}

static struct err *parse_number(struct parser *p, const struct token *t, struct node **ret)
{
    struct node_number *number = ARENA_NEW(p->arena, struct node_number);
    struct err *e = number_parse(p->arena, t->text, t->kind == TOKEN_CONSTANT,
                                 t->kind == TOKEN_COMPLEX, number);

    if (e)
        return parser_fail(p, "%.*s", STR_ARG(e->msg));
    *ret = parser_node(p, NODE_NUMBER, t->pos);
    (*ret)->source = t->text;
    (*ret)->number = number;
    return NULL;
}

static struct err *parse_string(struct parser *p, const struct token *t, struct node **ret)
{
    struct str text;

    if (!quote_undo(p->arena, t->text, &text))
        return parser_fail(p, "invalid syntax");
    *ret = parser_node(p, NODE_STRING, t->pos);
    (*ret)->text = text;
    (*ret)->source = t->text;
    return NULL;
}

static struct err *parse_function(struct parser *p, const struct token *t, struct node **ret)
{
    const struct function *f = p->functions ? p->functions(t->text) : NULL;

    if (!f)
        f = function_search(gotmpl_builtins, gotmpl_builtin_count, t->text);
    if (!f)
        return parser_fail(p, "function %.*s not defined", STR_ARG(quote_go(p->arena, t->text)));
    *ret = parser_node(p, NODE_IDENTIFIER, t->pos);
    (*ret)->function = f;
    (*ret)->source = t->text;
    return NULL;
}

static struct err *parse_parenthesised(struct parser *p, struct node **ret)
{
    struct err *e;

    if (p->nesting++ >= LIMIT_TEMPLATE_NESTING)
        return parser_fail(p, "max expression depth exceeded");
    e = parser_pipeline(p, "parenthesized pipeline", TOKEN_RIGHT_PAREN, ret);
    p->nesting--;
    return e;
}

/* *ret NULL: no term begins here, and nothing was taken. */
static struct err *parse_term(struct parser *p, struct node **ret)
{
    struct token t = parser_next_word(p);

    *ret = NULL;
    if (t.kind == TOKEN_IDENTIFIER)
        return parse_function(p, &t, ret);
    if (t.kind == TOKEN_VARIABLE)
        return use_variable(p, &t, ret);
    if (t.kind == TOKEN_CONSTANT || t.kind == TOKEN_COMPLEX || t.kind == TOKEN_NUMBER)
        return parse_number(p, &t, ret);
    if (t.kind == TOKEN_LEFT_PAREN)
        return parse_parenthesised(p, ret);
    if (t.kind == TOKEN_STRING || t.kind == TOKEN_RAW_STRING)
        return parse_string(p, &t, ret);
    if (t.kind == TOKEN_DOT || t.kind == TOKEN_NIL) {
        *ret = parser_node(p, t.kind == TOKEN_DOT ? NODE_DOT : NODE_NIL, t.pos);
    } else if (t.kind == TOKEN_FIELD) {
        *ret = parser_node(p, NODE_FIELD, t.pos);
        set_names(p, *ret, t.text);
    } else if (t.kind == TOKEN_BOOL) {
        *ret = parser_node(p, NODE_BOOL, t.pos);
        (*ret)->truth = str_is(t.text, "true");
    } else {
        parser_back(p);
    }
    return NULL;
}

static void more_names(struct parser *p, struct node *n, size_t pos, struct str fields)
{
    struct buf text;

    buf_init(&text, p->arena, 0);
    node_put(&text, n);
    buf_put(&text, fields);
    n->pos = (uint32_t)pos;
    set_names(p, n, buf_str(&text));
}

/* A term with its ".Field"s; a literal has none. */
static struct err *parse_operand(struct parser *p, struct node **ret)
{
    struct node *chain;
    struct buf fields, text;
    size_t pos;
    struct err *e;

    if (TRY(&e, parse_term(p, ret)))
        return e;
    if (!*ret || parser_peek(p).kind != TOKEN_FIELD)
        return NULL;
    pos = parser_peek(p).pos;
    buf_init(&fields, p->arena, 0);
    while (parser_peek(p).kind == TOKEN_FIELD)
        buf_put(&fields, parser_next(p).text);
    switch ((int)(*ret)->kind) {
    case NODE_FIELD:
    case NODE_VARIABLE:
        more_names(p, *ret, pos, buf_str(&fields));
        return NULL;
    case NODE_IDENTIFIER:
    case NODE_PIPE:
        chain = parser_node(p, NODE_CHAIN, pos);
        chain->operand = *ret;
        set_names(p, chain, buf_str(&fields));
        *ret = chain;
        return NULL;
    default: /* literals */
        buf_init(&text, p->arena, 0);
        node_put(&text, *ret);
        return parser_fail(p, "unexpected . after term %.*s",
                           STR_ARG(quote_go(p->arena, buf_str(&text))));
    }
}

static struct err *parse_command(struct parser *p, struct node **ret)
{
    size_t base = p->open.count;
    struct node *command = parser_node(p, NODE_COMMAND, parser_peek_word(p).pos);
    struct token t;
    struct err *e;

    do {
        struct node *operand;

        (void)parser_peek_word(p);
        if (TRY(&e, parse_operand(p, &operand)))
            return e;
        if (operand)
            *VEC_PUSH(p->arena, &p->open) = operand;
        t = parser_next(p);
    } while (t.kind == TOKEN_SPACE);
    if (t.kind == TOKEN_RIGHT_DELIM || t.kind == TOKEN_RIGHT_PAREN)
        parser_back(p);
    else if (t.kind != TOKEN_PIPE)
        return parser_unexpected(p, &t, "operand");
    if (p->open.count == base)
        return parser_fail(p, "empty command");
    parser_take(p, command, base);
    *ret = command;
    return NULL;
}

static void declare(struct parser *p, node_vec *decls, const struct token *t)
{
    struct node *v = new_variable(p, t->pos, t->text);

    *VEC_PUSH(p->arena, decls) = v;
    *VEC_PUSH(p->arena, &p->variables) = t->text;
}

/* "$x :=", "$x =", "$i, $x :=" where they stand; otherwise nothing is taken. */
static struct err *parse_declarations(struct parser *p, const char *context, struct node *pipe,
                                      node_vec *decls)
{
    struct token v = parser_peek_word(p);

    while (v.kind == TOKEN_VARIABLE) {
        struct token after, next;
        enum token_kind second;

        (void)parser_next(p);
        after = parser_peek(p);
        next = parser_peek_word(p);
        if (next.kind == TOKEN_ASSIGN || next.kind == TOKEN_DECLARE) {
            pipe->is_assign = next.kind == TOKEN_ASSIGN;
            (void)parser_next_word(p);
            declare(p, decls, &v);
            return NULL;
        }
        if (next.kind != TOKEN_CHAR || !str_is(next.text, ",")) {
            if (after.kind == TOKEN_SPACE)
                parser_back3(p, v, after);
            else
                parser_back2(p, v);
            return NULL;
        }
        (void)parser_next_word(p);
        declare(p, decls, &v);
        if (strcmp(context, "range") != 0 || decls->count >= 2)
            return parser_fail(p, "too many declarations in %s", context);
        second = parser_peek_word(p).kind;
        if (second != TOKEN_VARIABLE && second != TOKEN_RIGHT_DELIM && second != TOKEN_RIGHT_PAREN)
            return parser_fail(p, "range can only initialize variables");
        v = parser_peek_word(p);
    }
    return NULL;
}

/* Only the first command may begin with what cannot be executed. */
static struct err *check_commands(struct parser *p, const struct node *pipe, const char *context)
{
    if (pipe->count == 0)
        return parser_fail(p, "missing value for %s", context);
    for (size_t i = 1; i < pipe->count; i++) {
        unsigned kind = pipe->children[i]->children[0]->kind;

        if (kind >= NODE_DOT)
            return parser_fail(p, "non executable command in pipeline stage %zu", i + 1);
    }
    return NULL;
}

static bool begins_operand(enum token_kind kind)
{
    return kind == TOKEN_BOOL || kind == TOKEN_CONSTANT || kind == TOKEN_COMPLEX ||
           kind == TOKEN_DOT || kind == TOKEN_FIELD || kind == TOKEN_IDENTIFIER ||
           kind == TOKEN_NUMBER || kind == TOKEN_NIL || kind == TOKEN_RAW_STRING ||
           kind == TOKEN_STRING || kind == TOKEN_VARIABLE || kind == TOKEN_LEFT_PAREN;
}

struct err *parser_pipeline(struct parser *p, const char *context, enum token_kind end,
                            struct node **ret)
{
    node_vec decls = VEC_INIT;
    size_t base = p->open.count;
    struct token first = parser_peek_word(p);
    struct node *pipe = parser_node(p, NODE_PIPE, first.pos);
    struct err *e;

    pipe->line = first.line;
    if (TRY(&e, parse_declarations(p, context, pipe, &decls)))
        return e;
    for (;;) {
        struct token t = parser_next_word(p);
        struct node *command = NULL;

        if (t.kind == end)
            break;
        if (!begins_operand(t.kind))
            return parser_unexpected(p, &t, context);
        parser_back(p);
        if (TRY(&e, parse_command(p, &command)))
            return e;
        *VEC_PUSH(p->arena, &p->open) = command;
    }
    parser_take(p, pipe, base);
    if (TRY(&e, check_commands(p, pipe, context)))
        return e;
    pipe->variables = decls.items;
    pipe->variable_count = (uint32_t)decls.count;
    *ret = pipe;
    return NULL;
}
