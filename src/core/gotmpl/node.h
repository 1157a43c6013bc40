/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/gotmpl/node.h - the parse tree of a template. Private to core/gotmpl.
 *
 * Nodes are those of text/template/parse, for errors print them; they are immutable once parsed, so a tree may be shared
 * by any number of sets.
 */
#ifndef CORE_GOTMPL_NODE_H
#define CORE_GOTMPL_NODE_H

#include "base/buf.h"
#include "core/gotmpl/function.h"

enum node_kind {
    NODE_TEXT,
    NODE_ACTION,
    NODE_IF,
    NODE_RANGE,
    NODE_WITH,
    NODE_TEMPLATE,
    NODE_BREAK,
    NODE_CONTINUE,
    NODE_ELSE, /* END and ELSE are seen by the parser alone */
    NODE_END,
    NODE_LIST,
    NODE_PIPE,
    NODE_COMMAND,
    NODE_IDENTIFIER,
    NODE_FIELD,
    NODE_VARIABLE,
    NODE_CHAIN,
    NODE_DOT,
    NODE_NIL,
    NODE_BOOL,
    NODE_NUMBER,
    NODE_STRING,
};

/* A number under each type that can hold it, as Go's ideal constants. */
struct node_number {
    bool is_int, is_uint, is_float, is_complex;
    int64_t integer;
    uint64_t natural;
    double real;
    struct go_complex complex;
};

struct node {
    uint8_t kind;   /* enum node_kind */
    bool is_assign; /* PIPE: "=", not ":=" */
    bool truth;     /* BOOL */
    uint32_t pos;   /* bytes from the start of the text */
    uint32_t line;
    uint32_t count; /* LIST, PIPE, COMMAND: children; FIELD, VARIABLE, CHAIN: names */
    union {
        struct str text;              /* TEXT; STRING: unquoted */
        struct node *const *children; /* LIST: nodes, PIPE: commands, COMMAND: operands */
        const struct str *
            names; /* FIELD, VARIABLE, CHAIN: without dots; of a VARIABLE the first with its dollar */
        const struct function *function; /* IDENTIFIER */
        const struct node_number *number;
        const struct node *list; /* IF, RANGE, WITH */
    };
    union {
        struct str source; /* STRING, NUMBER: as written; IDENTIFIER, TEMPLATE: name */
        struct {
            const struct node *pipe; /* ACTION, IF, RANGE, WITH */
            const struct node *else_list;
        };
        const struct node *operand; /* CHAIN */
        struct {
            struct node *const *variables; /* PIPE: declared or assigned */
            uint32_t variable_count;
        };
    };
    const struct node *argument; /* TEMPLATE: its pipeline, or NULL */
};

/* One definition: its nodes, and the text they are places in. */
struct definition {
    struct str name;       /* of the definition */
    struct str parse_name; /* of the text, for messages */
    struct str text;
    const struct node *root;
};

/* The node as Go prints it in messages: `include "x" .Values`. */
void node_put(struct buf *out, const struct node *n);

/* Nothing but white space: such a definition does not replace another one. */
bool node_is_empty(const struct node *n);

#endif
