/* SPDX-License-Identifier: Apache-2.0 */
#include "core/gotmpl/node.h"

#include "core/gotmpl/quote.h"

static void put_names(struct buf *out, const struct node *n, bool leading_dot)
{
    for (uint32_t i = 0; i < n->count; i++) {
        if (i > 0 || leading_dot)
            buf_put_byte(out, '.');
        buf_put(out, n->names[i]);
    }
}

static void put_operand(struct buf *out, const struct node *n)
{
    if (n->kind == NODE_PIPE)
        buf_put_byte(out, '(');
    node_put(out, n);
    if (n->kind == NODE_PIPE)
        buf_put_byte(out, ')');
}

static void put_pipe(struct buf *out, const struct node *n)
{
    for (uint32_t i = 0; i < n->variable_count; i++) {
        if (i > 0)
            buf_lit(out, ", ");
        node_put(out, n->variables[i]);
    }
    if (n->variable_count > 0)
        buf_put(out, n->is_assign ? STR(" = ") : STR(" := "));
    for (uint32_t i = 0; i < n->count; i++) {
        if (i > 0)
            buf_lit(out, " | ");
        node_put(out, n->children[i]);
    }
}

static void put_branch(struct buf *out, const struct node *n)
{
    buf_put(out, n->kind == NODE_IF      ? STR("{{if ")
                 : n->kind == NODE_RANGE ? STR("{{range ")
                                         : STR("{{with "));
    node_put(out, n->pipe);
    buf_lit(out, "}}");
    node_put(out, n->list);
    if (n->else_list) {
        buf_lit(out, "{{else}}");
        node_put(out, n->else_list);
    }
    buf_lit(out, "{{end}}");
}

static void put_template(struct buf *out, const struct node *n)
{
    buf_lit(out, "{{template ");
    quote_put(out, n->source, '"', false);
    if (n->argument) {
        buf_put_byte(out, ' ');
        node_put(out, n->argument);
    }
    buf_lit(out, "}}");
}

static void put_all(struct buf *out, const struct node *n, bool operands)
{
    for (uint32_t i = 0; i < n->count; i++) {
        if (operands && i > 0)
            buf_put_byte(out, ' ');
        if (operands)
            put_operand(out, n->children[i]);
        else
            node_put(out, n->children[i]);
    }
}

void node_put(struct buf *out, const struct node *n)
{
    switch ((enum node_kind)n->kind) {
    case NODE_TEXT:
        buf_put(out, n->text);
        break;
    case NODE_ACTION:
        buf_lit(out, "{{");
        node_put(out, n->pipe);
        buf_lit(out, "}}");
        break;
    case NODE_IF:
    case NODE_RANGE:
    case NODE_WITH:
        put_branch(out, n);
        break;
    case NODE_TEMPLATE:
        put_template(out, n);
        break;
    case NODE_BREAK:
        buf_lit(out, "{{break}}");
        break;
    case NODE_CONTINUE:
        buf_lit(out, "{{continue}}");
        break;
    case NODE_ELSE:
        buf_lit(out, "{{else}}");
        break;
    case NODE_END:
        buf_lit(out, "{{end}}");
        break;
    case NODE_LIST:
        put_all(out, n, false);
        break;
    case NODE_PIPE:
        put_pipe(out, n);
        break;
    case NODE_COMMAND:
        put_all(out, n, true);
        break;
    case NODE_FIELD:
        put_names(out, n, true);
        break;
    case NODE_VARIABLE:
        put_names(out, n, false);
        break;
    case NODE_CHAIN:
        put_operand(out, n->operand);
        put_names(out, n, true);
        break;
    case NODE_DOT:
        buf_put_byte(out, '.');
        break;
    case NODE_NIL:
        buf_lit(out, "nil");
        break;
    case NODE_BOOL:
        buf_put(out, n->truth ? STR("true") : STR("false"));
        break;
    case NODE_IDENTIFIER:
    case NODE_NUMBER:
    case NODE_STRING:
        buf_put(out, n->source);
        break;
    }
}

bool node_is_empty(const struct node *n)
{
    if (!n)
        return true;
    if (n->kind == NODE_TEXT)
        return str_trim(n->text).len == 0;
    if (n->kind != NODE_LIST)
        return false;
    for (uint32_t i = 0; i < n->count; i++)
        if (!node_is_empty(n->children[i]))
            return false;
    return true;
}
