/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/gotmpl/lex.h - the tokens of a template's text, as text/template/parse of Go 1.26 cuts them.
 *
 * Private to core/gotmpl. Trim markers and comments end here: the parser never sees them.
 */
#ifndef CORE_GOTMPL_LEX_H
#define CORE_GOTMPL_LEX_H

#include "base/str.h"

enum token_kind {
    TOKEN_ERROR, /* text is the message */
    TOKEN_BOOL,
    TOKEN_CHAR,     /* printable ASCII character: grab bag for comma etc. */
    TOKEN_CONSTANT, /* character constant */
    TOKEN_COMPLEX,
    TOKEN_ASSIGN,
    TOKEN_DECLARE,
    TOKEN_EOF,
    TOKEN_FIELD,
    TOKEN_IDENTIFIER,
    TOKEN_LEFT_DELIM,
    TOKEN_LEFT_PAREN,
    TOKEN_NUMBER,
    TOKEN_PIPE,
    TOKEN_RAW_STRING,
    TOKEN_RIGHT_DELIM,
    TOKEN_RIGHT_PAREN,
    TOKEN_SPACE,
    TOKEN_STRING,
    TOKEN_TEXT,
    TOKEN_VARIABLE,
    TOKEN_KEYWORD, /* keywords follow */
    TOKEN_BLOCK,
    TOKEN_BREAK,
    TOKEN_CONTINUE,
    TOKEN_DOT,
    TOKEN_DEFINE,
    TOKEN_ELSE,
    TOKEN_END,
    TOKEN_IF,
    TOKEN_NIL,
    TOKEN_RANGE,
    TOKEN_TEMPLATE,
    TOKEN_WITH,
};

struct token {
    enum token_kind kind;
    size_t pos; /* bytes from the start of the text */
    struct str text;
    uint32_t line;
};

struct lexer {
    struct arena *arena; /* of messages */
    struct str input;
    size_t pos;
    size_t start;
    uint32_t line;
    uint32_t start_line;
    uint32_t paren_depth;
    bool at_eof;
    bool inside_action;
    bool failed;
};

void lexer_init(struct lexer *l, struct arena *a, struct str input);
struct token lexer_next(struct lexer *l);

#endif
