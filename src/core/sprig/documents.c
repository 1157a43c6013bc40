/* SPDX-License-Identifier: Apache-2.0 */
/* JSON, YAML and TOML: Helm's functions put a message under "Error" where a text does not parse. */
#include "base/map.h"
#include "core/sprig/argument.h"
#include "core/sprig/implementations.h"
#include "core/sprig/json_fault.h"
#include "core/sprig/toml.h"
#include "core/sprig/yaml_numbers.h"
#include "foreign/yaml_events.h"
#include "value/json.h"
#include "value/yaml.h"

#define TEXT(i) (c->args[i].text)

static struct err *write_json(struct call *c, unsigned flags, struct go_value *ret)
{
    const struct val *v;
    struct buf out;
    struct err *e;

    if (TRY(&e, go_to_val(c->arena, &c->args[0], &v)))
        return e;
    call_text(c, &out);
    json_write(&out, v, flags); /* maps come sorted, structs in the order of their fields */
    return call_finish(c, &out, ret);
}

/* What cannot be marshalled gives an empty text. */
static struct err *or_empty(struct call *c, struct err *e, struct go_value *ret)
{
    (void)c;
    if (!e || e->code == ERR_TOO_LARGE)
        return e;
    *ret = go_string(STR(""));
    return NULL;
}

struct err *sprig_to_json(struct call *c, struct go_value *ret)
{
    return or_empty(c, write_json(c, JSON_ESCAPE_HTML, ret), ret);
}

struct err *sprig_must_to_json(struct call *c, struct go_value *ret)
{
    return write_json(c, JSON_ESCAPE_HTML, ret);
}

struct err *sprig_to_pretty_json(struct call *c, struct go_value *ret)
{
    return or_empty(c, write_json(c, JSON_ESCAPE_HTML | JSON_INDENT2, ret), ret);
}

struct err *sprig_must_to_pretty_json(struct call *c, struct go_value *ret)
{
    return write_json(c, JSON_ESCAPE_HTML | JSON_INDENT2, ret);
}

struct err *sprig_to_raw_json(struct call *c, struct go_value *ret)
{
    return write_json(c, JSON_COMPACT, ret);
}

/* The message of encoding/json for a text, or the value. */
static struct str read_json(struct call *c, struct go_value *ret)
{
    struct str fault = json_fault(c->arena, TEXT(0));
    const struct val *v = NULL;
    struct err *e;

    if (fault.len > 0)
        return fault;
    e = json_read(c->arena, TEXT(0), STR("json"),
                  JSON_READ_LAST_KEY_WINS | JSON_READ_BORROW | JSON_READ_GO, &v);
    if (e)
        return err_line(c->arena, e);
    *ret = go_from_val(c->arena, v);
    return STR("");
}

static const char *json_kind(const struct go_value *v)
{
    return go_is_map(v)           ? "object"
           : go_is_list(v)        ? "array"
           : v->type == GO_STRING ? "string"
           : v->type == GO_BOOL   ? "bool"
                                  : "number";
}

/* What is neither null nor of the type gives a message. A null gives the nil of the type, from YAML an empty one. */
static struct str check_type(struct call *c, const char *prefix, enum go_type type,
                             struct go_value *value)
{
    if (value->type <= GO_NIL) {
        bool is_nil = *prefix == '\0';

        if (type == GO_LIST)
            *value = is_nil ? go_list_over(c->arena, GO_LIST, NULL, 0)
                            : go_list_new(c->arena, GO_LIST, 0);
        else
            *value = go_map_new(c->arena, GO_MAP);
        if (type == GO_MAP && is_nil)
            value->map->arena = NULL;
    }
    if (value->type == type)
        return STR("");
    return str_printf(c->arena, "%sjson: cannot unmarshal %s into Go value of type %s", prefix,
                      json_kind(value),
                      type == GO_MAP ? "map[string]interface {}" : "[]interface {}");
}

static struct err *value_or_fault(struct call *c, enum go_type type, struct str fault,
                                  struct go_value value, struct go_value *ret)
{
    *ret = value;
    if (fault.len == 0)
        return NULL;
    if (type == GO_MAP) {
        *ret = go_map_new(c->arena, GO_MAP);
        go_map_set(ret->map, STR("Error"), go_string(fault));
    } else {
        *ret = go_list_new(c->arena, GO_LIST, 1);
        ret->list->items[0] = go_string(fault);
    }
    return NULL;
}

static struct err *from_json(struct call *c, enum go_type type, struct go_value *ret)
{
    struct go_value value = go_nil();
    struct str fault = read_json(c, &value);

    if (fault.len == 0)
        fault = check_type(c, "", type, &value);
    return value_or_fault(c, type, fault, value, ret);
}

struct err *sprig_from_json(struct call *c, struct go_value *ret)
{
    return from_json(c, GO_MAP, ret);
}

struct err *sprig_from_json_array(struct call *c, struct go_value *ret)
{
    return from_json(c, GO_LIST, ret);
}

struct err *sprig_must_from_json(struct call *c, struct go_value *ret)
{
    struct str fault;

    *ret = go_nil();
    fault = read_json(c, ret);
    return fault.len > 0 ? call_fail(c, "%.*s", STR_ARG(fault)) : NULL;
}

/* sigs.k8s.io/yaml reads the first document of a stream and does not look at the rest. */
static struct str first_document(struct str text)
{
    struct str rest = text, line;
    bool has_content = false;

    while (str_cut(&rest, '\n', &line)) {
        struct str plain = str_trim(line);
        bool begins = str_has_prefix(line, STR("---")) &&
                      (line.len == 3 || strchr(" \t\r", line.ptr[3]));

        if ((begins || str_is(plain, "...")) && has_content)
            return str_slice(text, 0, (size_t)(line.ptr - text.ptr));
        has_content = has_content || begins || (plain.len > 0 && plain.ptr[0] != '#');
    }
    return text;
}

/* The message of go-yaml for a text that did not parse: found by scanning it again. */
static struct str yaml_fault(struct call *c, struct str text, const struct err *e)
{
    uint64_t flow_work = 0;
    struct yaml_events *events = yaml_events_open(c->arena, text, &flow_work);
    struct str line = err_line(c->arena, e), name, number, column, fault = STR("");
    struct yaml_event event = { .kind = YAML_EVENT_SCALAR };
    struct map anchors;

    map_init(&anchors, c->arena);
    while (fault.len == 0 && event.kind != YAML_EVENT_END) {
        if (yaml_events_next(events, c->arena, &event) != NULL)
            fault = yaml_events_fault(events, c->arena);
        else if (event.kind == YAML_EVENT_ALIAS && !map_get(&anchors, event.value))
            fault = str_printf(c->arena, "unknown anchor '%.*s' referenced", STR_ARG(event.value));
        else if (event.anchor.len > 0 && event.kind != YAML_EVENT_ALIAS)
            (void)map_set(&anchors, str_dup(c->arena, event.anchor), c);
    }
    yaml_events_close(events);
    if (fault.len == 0 && str_cut(&line, ':', &name) && str_cut(&line, ':', &number) &&
        str_cut(&line, ':', &column))
        fault = str_trim(line);
    return str_printf(c->arena, "error converting YAML to JSON: yaml: %.*s", STR_ARG(fault));
}

static struct err *from_yaml(struct call *c, enum go_type type, struct go_value *ret)
{
    struct go_value value = go_nil();
    const struct val *v = NULL;
    struct str fault = STR("");
    struct str text = first_document(TEXT(0));
    struct err *e = yaml_read(c->arena, text, STR("yaml"), YAML_SIGS_LOOSE, &v);

    if (e && e->code == ERR_TOO_LARGE)
        return e;
    if (e) {
        fault = yaml_fault(c, text, e);
    } else {
        value = go_from_val(c->arena, v);
        fault = check_type(c, "error unmarshaling JSON: while decoding JSON: ", type, &value);
    }
    return value_or_fault(c, type, fault, value, ret);
}

struct err *sprig_from_yaml(struct call *c, struct go_value *ret)
{
    return from_yaml(c, GO_MAP, ret);
}

struct err *sprig_from_yaml_array(struct call *c, struct go_value *ret)
{
    return from_yaml(c, GO_LIST, ret);
}

static struct err *write_yaml(struct call *c, unsigned flags, struct go_value *ret)
{
    bool has_struct = false;
    const struct val *v;
    struct buf out;
    struct err *e;

    e = flags & YAML_GO_FLOATS ? go_to_val_as_yaml(c->arena, &c->args[0], &v, &has_struct)
                               : go_to_val(c->arena, &c->args[0], &v);
    if (e)
        return err_wrap(c->arena, e, "error marshaling into JSON");
    flags |= has_struct ? (unsigned)YAML_KEEP_ORDER : 0u;
    call_text(c, &out);
    yaml_write(&out, yaml_numbers(c->arena, v, (flags & YAML_GO_FLOATS) != 0), flags);
    if (TRY(&e, call_finish(c, &out, ret)))
        return e;
    ret->text = str_trim_suffix(ret->text, STR("\n"));
    return NULL;
}

struct err *sprig_to_yaml(struct call *c, struct go_value *ret)
{
    return or_empty(c, write_yaml(c, YAML_WRITE_DEFAULT, ret), ret);
}

struct err *sprig_must_to_yaml(struct call *c, struct go_value *ret)
{
    return write_yaml(c, YAML_WRITE_DEFAULT, ret);
}

struct err *sprig_to_yaml_pretty(struct call *c, struct go_value *ret)
{
    if (c->args[0].type == GO_COMPLEX128)
        return call_fail(c, "cannot marshal type: complex128");
    return or_empty(c, write_yaml(c, YAML_SEQ_INDENT | YAML_GO_FLOATS, ret), ret);
}

struct err *sprig_to_toml(struct call *c, struct go_value *ret)
{
    struct buf out;
    struct err *e;

    if (c->args[0].type <= GO_NIL)
        return call_fail(c, "reflect: call of reflect.Value.Type on zero Value");
    call_text(c, &out);
    e = toml_write(&out, &c->args[0]);
    if (e) {
        *ret = go_string(err_line(c->arena, e));
        return e->code == ERR_TOO_LARGE ? e : NULL;
    }
    return call_finish(c, &out, ret);
}

struct err *sprig_must_to_toml(struct call *c, struct go_value *ret)
{
    struct buf out;
    struct err *e;

    if (c->args[0].type <= GO_NIL)
        return call_fail(c, "reflect: call of reflect.Value.Type on zero Value");
    call_text(c, &out);
    if (TRY(&e, toml_write(&out, &c->args[0])))
        return e;
    return call_finish(c, &out, ret);
}

struct err *sprig_from_toml(struct call *c, struct go_value *ret)
{
    struct err *e = toml_read(c->arena, TEXT(0), ret);

    if (!e)
        return NULL;
    *ret = go_map_new(c->arena, GO_MAP);
    go_map_set(ret->map, STR("Error"), go_string(err_line(c->arena, e)));
    return NULL;
}
