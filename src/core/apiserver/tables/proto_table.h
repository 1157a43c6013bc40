/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/apiserver/tables/proto_table.h - how built-in kinds look in protobuf; only protobuf.c reads it.
 *
 * Names are offsets into one pool and messages are indices, so that the table needs no relocation.
 */
#ifndef CORE_APISERVER_TABLES_PROTO_TABLE_H
#define CORE_APISERVER_TABLES_PROTO_TABLE_H

#include <stddef.h>
#include <stdint.h>

enum proto_wire { PROTO_STRING, PROTO_BYTES, PROTO_INT, PROTO_BOOL, PROTO_DOUBLE, PROTO_MESSAGE };

enum proto_form {
    PROTO_ONE,
    PROTO_MANY,
    PROTO_MAP,    /* of strings to what the wire kind says */
    PROTO_INLINE, /* a message whose fields are those of its owner in JSON */
};

/* What a message is in JSON. */
enum proto_shape {
    PROTO_SHAPE_OBJECT,
    PROTO_SHAPE_ITEMS, /* a list: the only field of the message */
    PROTO_SHAPE_QUANTITY,
    PROTO_SHAPE_INT_OR_STRING,
    PROTO_SHAPE_RAW, /* JSON text */
    PROTO_SHAPE_TIME,
    PROTO_SHAPE_MICRO_TIME,
    PROTO_SHAPE_SCHEMA_OR_BOOL,
    PROTO_SHAPE_SCHEMA_OR_LIST,
};

struct proto_field {
    uint16_t number;
    uint16_t name;    /* of JSON, in proto_names */
    uint16_t message; /* in proto_messages, for PROTO_MESSAGE */
    uint8_t wire;     /* enum proto_wire */
    uint8_t form;     /* enum proto_form */
};

struct proto_message {
    uint16_t first; /* in proto_fields, sorted by number */
    uint16_t count;
    uint8_t shape; /* enum proto_shape */
};

struct proto_root {
    uint16_t name; /* "apps/v1/Deployment", "/DeleteOptions" */
    uint16_t message;
};

extern const struct proto_field proto_fields[];
extern const struct proto_message proto_messages[];
extern const struct proto_root proto_roots[]; /* sorted by name */
extern const size_t proto_root_count;
extern const char proto_names[];

#endif
