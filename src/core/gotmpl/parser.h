/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/gotmpl/parser.h - the state of one parse, and what its two files give each other. Private to core/gotmpl.
 */
#ifndef CORE_GOTMPL_PARSER_H
#define CORE_GOTMPL_PARSER_H

#include "base/vec.h"
#include "core/gotmpl/lex.h"
#include "core/gotmpl/parse.h"

struct parser {
    struct arena *arena;
    struct str name;
    struct str text;
    const struct function *(*functions)(struct str name);
    struct lexer lexer;
    struct token token[3]; /* looked at ahead; [0] is the latest read */
    unsigned peeked;
    VEC(struct str) variables; /* in scope */
    /* Children of the nodes that are not complete; each takes its own off the end (parser_take). */
    VEC(struct node *) open;
    struct definitions definitions;
    uint32_t action_line; /* where the action began; 0: none */
    uint32_t range_depth;
    uint32_t nesting; /* control structures and parentheses */
};

/* The nodes on p->open from `base` on become the children of n, in an array of their size. */
void parser_take(struct parser *p, struct node *n, size_t base);

struct node *parser_node(struct parser *p, enum node_kind kind, size_t pos);
struct err *parser_fail(struct parser *p, const char *format, ...)
    __attribute__((format(printf, 2, 3), returns_nonnull));
struct err *parser_unexpected(struct parser *p, const struct token *t, const char *context)
    __attribute__((returns_nonnull));

/* Tokens, with those given back first; the _word forms leave spaces out. */
struct token parser_next(struct parser *p);
struct token parser_peek(struct parser *p);
struct token parser_next_word(struct parser *p);
struct token parser_peek_word(struct parser *p);
void parser_back(struct parser *p);
void parser_back2(struct parser *p, struct token t1);
void parser_back3(struct parser *p, struct token t2, struct token t1);

/* declarations? command ('|' command)*, up to `end`, which is taken. */
struct err *parser_pipeline(struct parser *p, const char *context, enum token_kind end,
                            struct node **ret);

#endif
