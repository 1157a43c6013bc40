/* SPDX-License-Identifier: Apache-2.0 */
/* Commands, operands and fields: text/template's eval functions. */
#include "base/limits.h"
#include "core/gotmpl/advice.h"
#include "core/gotmpl/quote.h"
#include "core/gotmpl/tracer.h"

static const struct go_value missing = { .type = GO_MISSING };

static struct str node_text(struct exec *x, const struct node *n)
{
    struct buf out;

    buf_init(&out, x->engine->arena, 0);
    node_put(&out, n);
    return buf_str(&out);
}

static struct err *not_a_function(struct exec *x, const struct call_site *site)
{
    if (site->count > 1 || site->final->type != GO_MISSING)
        return exec_fail(x, "can't give argument to non-function %.*s",
                         STR_ARG(node_text(x, site->operands[0])));
    return NULL;
}

struct names {
    const struct str *items;
    size_t count;
};

/* Names in turn; the last one may be a method with the arguments. */
static struct err *eval_names(struct exec *x, const struct go_value *dot, struct go_value receiver,
                              struct names names, const struct call_site *site,
                              struct go_value *ret)
{
    const struct call_site none = { .node = site->node, .final = &missing };
    struct err *e;

    for (size_t i = 0; i < names.count; i++) {
        struct go_value next;

        if (TRY(&e, eval_field(x, dot, names.items[i], &receiver,
                               i + 1 < names.count ? &none : site, &next))) {
            advice_note_nil(x, dot, site->node);
            return e;
        }
        receiver = next;
    }
    *ret = receiver;
    return NULL;
}

static struct err *eval_chain_node(struct exec *x, const struct go_value *dot,
                                   const struct call_site *site, struct go_value *ret)
{
    const struct node *n = site->node;
    struct go_value receiver;
    struct err *e;

    x->node = n;
    if (TRY(&e, eval_argument(x, dot, 0, n->operand, &receiver)))
        return e;
    return eval_names(x, dot, receiver, (struct names){ n->names, n->count }, site, ret);
}

static struct err *eval_variable_node(struct exec *x, const struct go_value *dot,
                                      const struct call_site *site, struct go_value *ret)
{
    const struct node *n = site->node;
    struct go_value value;
    struct err *e;

    x->node = n;
    if (TRY(&e, eval_variable(x, n->names[0], &value)))
        return e;
    if (n->count == 1) {
        *ret = value;
        return site->operands ? not_a_function(x, site) : NULL;
    }
    return eval_names(x, dot, value, (struct names){ n->names + 1, n->count - 1 }, site, ret);
}

/* The value of a number where no type is asked for: its syntax says which. */
static struct err *ideal_constant(struct exec *x, const struct node *n, struct go_value *ret)
{
    const struct node_number *number = n->number;
    struct str text = n->source;
    bool is_rune = text.ptr[0] == '\'';
    bool is_hex = text.len > 2 && text.ptr[0] == '0' && (text.ptr[1] | 0x20) == 'x' &&
                  str_find_byte(text, 'p', 0) == SIZE_MAX &&
                  str_find_byte(text, 'P', 0) == SIZE_MAX;
    bool has_point = false;

    x->node = n;
    for (size_t i = 0; i < text.len; i++)
        has_point = has_point || strchr(".eEpP", text.ptr[i]);
    if (number->is_complex)
        *ret = (struct go_value){ .type = GO_COMPLEX128, .complex = &number->complex };
    else if (number->is_float && !is_rune && !is_hex && has_point)
        *ret = go_float(number->real);
    else if (number->is_int)
        *ret = go_int(number->integer);
    else if (number->is_uint)
        return exec_fail(x, "%.*s overflows int", STR_ARG(text));
    else
        *ret = go_invalid();
    return NULL;
}

static struct err *eval_word(struct exec *x, const struct go_value *dot, const struct node *n,
                             struct go_value *ret)
{
    if (n->kind == NODE_BOOL)
        *ret = go_bool(n->truth);
    else if (n->kind == NODE_DOT)
        *ret = *dot;
    else if (n->kind == NODE_NIL)
        return exec_fail(x, "nil is not a command");
    else if (n->kind == NODE_NUMBER)
        return ideal_constant(x, n, ret);
    else
        *ret = go_string(n->text);
    return NULL;
}

struct err *eval_command(struct exec *x, const struct go_value *dot, const struct node *command,
                         const struct go_value *final, struct go_value *ret)
{
    const struct node *first = command->children[0];
    struct call_site site = { first, command->children, command->count, final };
    struct err *e;

    x->engine->steps++;
    switch ((int)first->kind) {
    case NODE_FIELD:
        x->node = first;
        return eval_names(x, dot, *dot, (struct names){ first->names, first->count }, &site, ret);
    case NODE_CHAIN:
        return eval_chain_node(x, dot, &site, ret);
    case NODE_IDENTIFIER:
        x->node = first;
        site.node = command;
        return eval_call(x, dot, first->function, NULL, &site, ret);
    case NODE_PIPE:
        if (TRY(&e, not_a_function(x, &site)))
            return e;
        return eval_pipeline(x, dot, first, ret);
    case NODE_VARIABLE:
        return eval_variable_node(x, dot, &site, ret);
    default:
        x->node = first;
        if (TRY(&e, not_a_function(x, &site)))
            return e;
        return eval_word(x, dot, first, ret);
    }
}

/* A literal where the type is asked for. */
static struct err *eval_literal(struct exec *x, char letter, const struct node *n,
                                struct go_value *ret)
{
    const struct node_number *number = n->kind == NODE_NUMBER ? n->number : NULL;
    const char *wanted = NULL;

    if (letter == 'b' && n->kind == NODE_BOOL)
        *ret = go_bool(n->truth);
    else if (letter == 's' && n->kind == NODE_STRING)
        *ret = go_string(n->text);
    else if (letter == 'i' && number && number->is_int)
        *ret = go_int(number->integer);
    else if (letter == 'n' && number && number->is_int)
        *ret = go_int64(number->integer);
    else if ((letter == 'd' || letter == 'o' || letter == 'w') && number && number->is_int)
        *ret = go_number_of(letter == 'd'   ? GO_DURATION
                            : letter == 'o' ? GO_MONTH
                                            : GO_WEEKDAY,
                            number->integer);
    else if (letter == 'u' && number && number->is_uint)
        *ret = go_number_of(GO_UINT32, (uint32_t)number->natural);
    else if (letter == 'U' && number && number->is_uint)
        *ret = go_number_of(GO_UINT64, (int64_t)number->natural);
    else if (letter == 'f' && number && number->is_float)
        *ret = go_float(number->real);
    else
        wanted = letter == 'b'                    ? "bool"
                 : letter == 's'                  ? "string"
                 : strchr("indow", letter)        ? "integer"
                 : letter == 'u' || letter == 'U' ? "unsigned integer"
                 : letter == 'f'                  ? "float"
                                                  : "";
    if (!wanted)
        return NULL;
    if (*wanted)
        return exec_fail(x, "expected %s; found %.*s", wanted, STR_ARG(node_text(x, n)));
    return exec_fail(x, "can't handle %.*s for arg of type %s", STR_ARG(node_text(x, n)),
                     letter_type_name(letter));
}

static bool can_be_nil(char letter)
{
    return !letter || strchr("avmlSILMBVFKx", letter);
}

/* What an operand that is evaluated gives, before it is converted. */
static struct err *eval_operand(struct exec *x, const struct go_value *dot, const struct node *n,
                                struct go_value *ret)
{
    struct call_site site = { .node = n, .final = &missing };

    switch ((int)n->kind) {
    case NODE_FIELD:
        x->node = n;
        return eval_names(x, dot, *dot, (struct names){ n->names, n->count }, &site, ret);
    case NODE_VARIABLE:
        return eval_variable_node(x, dot, &site, ret);
    case NODE_PIPE:
        return eval_pipeline(x, dot, n, ret);
    case NODE_IDENTIFIER:
        return eval_call(x, dot, n->function, NULL, &site, ret);
    case NODE_CHAIN:
        return eval_chain_node(x, dot, &site, ret);
    default:
        *ret = *dot;
        return NULL;
    }
}

struct err *eval_argument(struct exec *x, const struct go_value *dot, char letter,
                          const struct node *n, struct go_value *ret)
{
    struct go_value value;
    struct err *e;

    x->node = n;
    x->engine->steps++;
    switch ((int)n->kind) {
    case NODE_DOT:
    case NODE_FIELD:
    case NODE_VARIABLE:
    case NODE_PIPE:
    case NODE_IDENTIFIER:
    case NODE_CHAIN:
        if (TRY(&e, eval_operand(x, dot, n, &value)))
            return e;
        return eval_convert(x, &value, letter, ret);
    case NODE_NIL:
        if (!can_be_nil(letter))
            return exec_fail(x, "cannot assign nil to %s", letter_type_name(letter));
        value = go_invalid();
        return eval_convert(x, &value, letter, ret);
    default:
        break;
    }
    if (letter && letter != 'a' && letter != 'v')
        return eval_literal(x, letter, n, ret);
    return eval_word(x, dot, n, ret);
}

const char *letter_type_name(char letter)
{
    static const struct {
        char letter;
        const char *name;
    } names[] = {
        { 'a', "interface {}" },
        { 'v', "reflect.Value" },
        { 's', "string" },
        { 'i', "int" },
        { 'n', "int64" },
        { 'u', "uint32" },
        { 'U', "uint64" },
        { 'f', "float64" },
        { 'b', "bool" },
        { 'm', "map[string]interface {}" },
        { 'l', "[]interface {}" },
        { 'S', "[]string" },
        { 'I', "[]int" },
        { 'L', "[][]interface {}" },
        { 'M', "map[string]string" },
        { 't', "time.Time" },
        { 'd', "time.Duration" },
        { 'B', "[]uint8" },
        { 'c', "sprig.certificate" },
        { 'V', "*semver.Version" },
        { 'F', "engine.files" },
        { 'K', "common.Values" },
        { 'w', "time.Weekday" },
        { 'o', "time.Month" },
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].letter == letter)
            return names[i].name;
    return "object";
}

/* value.Type().AssignableTo(the letter's type) */
static bool assignable(const struct go_value *v, char letter)
{
    static const struct {
        char letter;
        uint8_t type;
    } exact[] = {
        { 's', GO_STRING },   { 'i', GO_INT },     { 'n', GO_INT64 }, { 'u', GO_UINT32 },
        { 'U', GO_UINT64 },   { 'f', GO_FLOAT64 }, { 'b', GO_BOOL },  { 'l', GO_LIST },
        { 'I', GO_INTS },     { 'L', GO_LISTS },   { 'M', GO_TEXTS }, { 't', GO_TIME },
        { 'd', GO_DURATION }, { 'B', GO_BYTES },   { 'F', GO_FILES }, { 'w', GO_WEEKDAY },
        { 'o', GO_MONTH },
    };

    if (letter == 'm' || letter == 'K')
        return v->type == GO_MAP || v->type == GO_VALUES || v->type == GO_VALUES3;
    if (letter == 'S')
        return v->type == GO_STRINGS || v->type == GO_VERSIONS;
    if (letter == 'c' || letter == 'V')
        return (v->type == GO_STRUCT || v->type == GO_POINTER) &&
               strcmp(v->object->class->name, letter_type_name(letter)) == 0;
    if (letter == 'x')
        return v->type == GO_STRUCT || v->type == GO_POINTER;
    for (size_t i = 0; i < sizeof exact / sizeof *exact; i++)
        if (exact[i].letter == letter)
            return exact[i].type == v->type;
    return true;
}

/* The nil of a type that has one. Its maps have no arena: `set` on them fails. */
static struct go_value nil_of(struct exec *x, char letter)
{
    struct arena *a = x->engine->arena;
    struct go_value v;

    switch (letter) {
    case 'a':
        return go_nil();
    case 'l':
        return go_list_over(a, GO_LIST, NULL, 0);
    case 'S':
        return go_list_over(a, GO_STRINGS, NULL, 0);
    case 'I':
        return go_list_over(a, GO_INTS, NULL, 0);
    case 'L':
        return go_list_over(a, GO_LISTS, NULL, 0);
    case 'B':
        return go_bytes(STR(""));
    case 'm':
    case 'K':
    case 'M':
    case 'F':
        v = go_map_new(a, letter == 'M' ? GO_TEXTS : letter == 'F' ? GO_FILES : GO_MAP);
        v.map->arena = NULL;
        return v;
    default:
        return go_invalid();
    }
}

struct err *eval_convert(struct exec *x, const struct go_value *value, char letter,
                         struct go_value *ret)
{
    *ret = *value;
    if (!letter || letter == 'v')
        return NULL;
    if (value->type <= GO_INVALID) {
        if (!can_be_nil(letter))
            return exec_fail(x, "invalid value; expected %s", letter_type_name(letter));
        *ret = nil_of(x, letter);
        return NULL;
    }
    if (letter == 'a')
        return NULL;
    ret->boxed = false;
    if (value->type == GO_NIL || !assignable(value, letter))
        return exec_fail(x, "wrong type for value; expected %s; got %s", letter_type_name(letter),
                         value->type == GO_NIL ? "interface {}" : go_type_name(value));
    return NULL;
}

/* A field of an object, or "can't evaluate". */
static struct err *object_field(struct exec *x, struct str name, const struct go_value *receiver,
                                bool has_arguments, struct go_value *ret)
{
    const struct go_class *class = receiver->object->class;

    for (size_t i = 0; class->fields[i]; i++) {
        if (!str_eq(name, str_from_cstr(class->fields[i])))
            continue;
        if (class->fields[i][0] >= 'a' && class->fields[i][0] <= 'z')
            return exec_fail(x, "%.*s is an unexported field of struct type %s", STR_ARG(name),
                             go_static_name(receiver));
        if (has_arguments)
            return exec_fail(x, "%.*s has arguments but cannot be invoked as function",
                             STR_ARG(name));
        *ret = receiver->object->fields[i];
        return NULL;
    }
    return exec_fail(x, "can't evaluate field %.*s in type %s", STR_ARG(name),
                     go_static_name(receiver));
}

static struct err *map_field(struct exec *x, struct str name, const struct go_value *receiver,
                             bool has_arguments, struct go_value *ret)
{
    if (has_arguments)
        return exec_fail(x, "%.*s is not a method but has arguments", STR_ARG(name));
    if (go_map_find(receiver->map, (enum go_type)receiver->type, name, ret)) {
        exec_note_read(x, receiver->map, name, ret);
        return NULL;
    }
    exec_note_read(x, receiver->map, name, NULL);
    if (x->engine->options.strict)
        return exec_fail(x, "map has no entry for key %.*s",
                         STR_ARG(quote_go(x->engine->arena, name)));
    *ret = receiver->type == GO_TEXTS   ? go_string(STR(""))
           : receiver->type == GO_FILES ? go_bytes((struct str){ NULL, 0 })
                                        : go_nil();
    return NULL;
}

struct err *eval_field(struct exec *x, const struct go_value *dot, struct str name,
                       const struct go_value *receiver, const struct call_site *site,
                       struct go_value *ret)
{
    bool has_arguments = site->count > 1 || site->final->type != GO_MISSING;
    const struct function *method;

    if (receiver->type <= GO_INVALID) {
        if (x->engine->options.strict)
            return exec_fail(x, "nil data; no entry for key %.*s",
                             STR_ARG(quote_go(x->engine->arena, name)));
        *ret = go_invalid();
        return NULL;
    }
    if (receiver->type == GO_NIL)
        return exec_fail(x, "nil pointer evaluating interface {}.%.*s", STR_ARG(name));
    method = receiver->type == GO_MAP ? NULL : method_find(receiver, name);
    if (method)
        return eval_call(x, dot, method, receiver, site, ret);
    if (go_is_map(receiver))
        return map_field(x, name, receiver, has_arguments, ret);
    if (receiver->type == GO_STRUCT || receiver->type == GO_POINTER)
        return object_field(x, name, receiver, has_arguments, ret);
    return exec_fail(x, "can't evaluate field %.*s in type %s", STR_ARG(name),
                     go_static_name(receiver));
}
