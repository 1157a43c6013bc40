/* SPDX-License-Identifier: Apache-2.0 */
/*
 * foreign/yaml_events.h - libyaml's event stream of one document, made safe: arena-owned, typed errors, checked
 * structure. Scanning is libyaml's; meaning is value/yaml's.
 */
#ifndef FOREIGN_YAML_EVENTS_H
#define FOREIGN_YAML_EVENTS_H

#include "base/err.h"

struct yaml_events;

enum yaml_event_kind {
    YAML_EVENT_SCALAR,
    YAML_EVENT_ALIAS,
    YAML_EVENT_SEQ_START,
    YAML_EVENT_SEQ_END,
    YAML_EVENT_MAP_START,
    YAML_EVENT_MAP_END,
    YAML_EVENT_DOC_START,
    YAML_EVENT_DOC_END,
    YAML_EVENT_END, /* of the stream */
};

enum yaml_event_style {
    YAML_EVENT_PLAIN,
    YAML_EVENT_SINGLE,
    YAML_EVENT_DOUBLE,
    YAML_EVENT_LITERAL,
    YAML_EVENT_FOLDED
};

struct yaml_event {
    enum yaml_event_kind kind;
    enum yaml_event_style style; /* SCALAR */
    struct str value;  /* SCALAR: content; ALIAS: anchor's name. Valid until the next call */
    struct str anchor; /* "": none */
    struct str tag;    /* "": none given */
    bool in_flow;      /* inside [ ] or { } */
    size_t end_index;  /* characters of the text before the end of this event */
    uint32_t line;     /* 1-based, of the start */
    uint32_t column;   /* 1-based, in characters */
};

/*
 * Reads from `text`, which outlives the arena's use of it. Closed with the arena at the latest. flow_work: what the documents of a stream
 * have cost so far, 0 at the first; outlives the object.
 */
struct yaml_events *yaml_events_open(struct arena *a, struct str text, uint64_t *flow_work);

/* Gives libyaml's buffers back early (70 KiB); no event can be read any more. */
void yaml_events_close(struct yaml_events *y);

/* ERR_TOO_LARGE: LIMIT_FLOW_WORK. ERR_INVALID: not YAML; *ret's line and column tell the place (1-based) and the message is libyaml's problem text. */
MUST_CHECK struct err *yaml_events_next(struct yaml_events *y, struct arena *a,
                                        struct yaml_event *ret);

/* After such an error: what go-yaml prints for it, "line 2: did not find expected key"; no line where it is the first. */
struct str yaml_events_fault(const struct yaml_events *y, struct arena *a);

#endif
