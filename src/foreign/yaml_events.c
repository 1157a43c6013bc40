/* SPDX-License-Identifier: Apache-2.0 */
#include "foreign/yaml_events.h"

#include <yaml.h>

#include "base/arena.h"
#include "base/limits.h"

struct yaml_events {
    yaml_parser_t parser;
    yaml_event_t event; /* the last one, kept so that its strings stay valid */
    bool has_event;
    bool failed;
    bool closed;
    size_t flow_depth;   /* open [ and { */
    uint64_t *flow_work; /* of the stream: libyaml looks at each of them at every token */
};

void yaml_events_close(struct yaml_events *y)
{
    if (y->closed)
        return;
    y->closed = true;
    y->failed = true;
    if (y->has_event)
        yaml_event_delete(&y->event);
    yaml_parser_delete(&y->parser);
}

static void close_at_end(void *ptr)
{
    yaml_events_close(ptr);
}

struct yaml_events *yaml_events_open(struct arena *a, struct str text, uint64_t *flow_work)
{
    struct yaml_events *y = ARENA_NEW(a, struct yaml_events);

    y->flow_work = flow_work;

    if (!yaml_parser_initialize(&y->parser)) {
        y->failed = y->closed = true;
        return y;
    }
    arena_defer(a, close_at_end, y);
    yaml_parser_set_encoding(&y->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&y->parser, (const unsigned char *)(text.ptr ? text.ptr : ""),
                                 text.len);
    return y;
}

static struct err *parse_error(struct yaml_events *y, struct arena *a, struct yaml_event *ret)
{
    const yaml_parser_t *p = &y->parser;
    bool at_problem = p->problem_mark.line > 0 || p->problem_mark.column > 0;

    y->failed = true;
    ret->line = (uint32_t)(at_problem ? p->problem_mark.line : p->mark.line) + 1;
    ret->column = (uint32_t)(at_problem ? p->problem_mark.column : p->mark.column) + 1;
    if (p->context)
        return err_new(a, ERR_INVALID, "%s %s", p->context, p->problem ? p->problem : "");
    return err_new(a, ERR_INVALID, "%s", p->problem ? p->problem : "not readable as YAML");
}

static struct str from_yaml(const yaml_char_t *s)
{
    return str_from_cstr((const char *)s);
}

static void set_scalar(const yaml_event_t *e, struct yaml_event *ret)
{
    static const enum yaml_event_style styles[] = {
        [YAML_ANY_SCALAR_STYLE] = YAML_EVENT_PLAIN,
        [YAML_PLAIN_SCALAR_STYLE] = YAML_EVENT_PLAIN,
        [YAML_SINGLE_QUOTED_SCALAR_STYLE] = YAML_EVENT_SINGLE,
        [YAML_DOUBLE_QUOTED_SCALAR_STYLE] = YAML_EVENT_DOUBLE,
        [YAML_LITERAL_SCALAR_STYLE] = YAML_EVENT_LITERAL,
        [YAML_FOLDED_SCALAR_STYLE] = YAML_EVENT_FOLDED,
    };

    ret->kind = YAML_EVENT_SCALAR;
    ret->style = styles[e->data.scalar.style];
    ret->value = str_of((const char *)e->data.scalar.value, e->data.scalar.length);
    ret->anchor = from_yaml(e->data.scalar.anchor);
    ret->tag = from_yaml(e->data.scalar.tag);
}

static void set_event(const yaml_event_t *e, struct yaml_event *ret)
{
    switch (e->type) {
    case YAML_SCALAR_EVENT:
        set_scalar(e, ret);
        break;
    case YAML_ALIAS_EVENT:
        ret->kind = YAML_EVENT_ALIAS;
        ret->value = from_yaml(e->data.alias.anchor);
        break;
    case YAML_SEQUENCE_START_EVENT:
        ret->kind = YAML_EVENT_SEQ_START;
        ret->anchor = from_yaml(e->data.sequence_start.anchor);
        ret->tag = from_yaml(e->data.sequence_start.tag);
        break;
    case YAML_MAPPING_START_EVENT:
        ret->kind = YAML_EVENT_MAP_START;
        ret->anchor = from_yaml(e->data.mapping_start.anchor);
        ret->tag = from_yaml(e->data.mapping_start.tag);
        break;
    case YAML_SEQUENCE_END_EVENT:
        ret->kind = YAML_EVENT_SEQ_END;
        break;
    case YAML_MAPPING_END_EVENT:
        ret->kind = YAML_EVENT_MAP_END;
        break;
    case YAML_DOCUMENT_START_EVENT:
        ret->kind = YAML_EVENT_DOC_START;
        break;
    case YAML_DOCUMENT_END_EVENT:
        ret->kind = YAML_EVENT_DOC_END;
        break;
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_STREAM_END_EVENT:
        ret->kind = YAML_EVENT_END;
        break;
    }
}

/* Inside a flow collection every collection is one, so depth is all there is to know. */
static void track_flow(struct yaml_events *y)
{
    const yaml_event_t *e = &y->event;
    bool opens = e->type == YAML_SEQUENCE_START_EVENT || e->type == YAML_MAPPING_START_EVENT;
    bool closes = e->type == YAML_SEQUENCE_END_EVENT || e->type == YAML_MAPPING_END_EVENT;
    bool is_flow = (e->type == YAML_SEQUENCE_START_EVENT &&
                    e->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE) ||
                   (e->type == YAML_MAPPING_START_EVENT &&
                    e->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE);

    if (opens && (is_flow || y->flow_depth > 0))
        y->flow_depth++;
    else if (closes && y->flow_depth > 0)
        y->flow_depth--;
}

struct err *yaml_events_next(struct yaml_events *y, struct arena *a, struct yaml_event *ret)
{
    *ret = (struct yaml_event){ .kind = YAML_EVENT_END };
    if (y->failed)
        return err_new(a, ERR_INVALID, "not readable as YAML");
    do {
        if (y->has_event)
            yaml_event_delete(&y->event);
        y->has_event = yaml_parser_parse(&y->parser, &y->event) != 0;
        if (!y->has_event)
            return parse_error(y, a, ret);
    } while (y->event.type == YAML_STREAM_START_EVENT);
    ret->line = (uint32_t)y->event.start_mark.line + 1;
    ret->column = (uint32_t)y->event.start_mark.column + 1;
    ret->end_index = y->event.end_mark.index;
    ret->in_flow = y->flow_depth > 0;
    track_flow(y);
    *y->flow_work += y->flow_depth;
    if (*y->flow_work > LIMIT_FLOW_WORK) {
        y->failed = true;
        return err_new(a, ERR_TOO_LARGE,
                       "too much within [ ] and { }: every value counts once for each bracket that "
                       "is open around it, and %llu is the limit",
                       LIMIT_FLOW_WORK);
    }
    set_event(&y->event, ret);
    return NULL;
}

struct str yaml_events_fault(const struct yaml_events *y, struct arena *a)
{
    const yaml_parser_t *p = &y->parser;
    const char *problem = p->problem ? p->problem : "unknown problem parsing YAML content";
    size_t line = p->problem_mark.line;

    /* go-yaml 2 counts from 0 and adds one where its scanner is at fault. */
    if (line > 0)
        line += p->error == YAML_SCANNER_ERROR;
    else
        line = p->context_mark.line;
    return line == 0 ? str_printf(a, "%s", problem) : str_printf(a, "line %zu: %s", line, problem);
}
