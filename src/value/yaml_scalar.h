/* SPDX-License-Identifier: Apache-2.0 */
/*
 * value/yaml_scalar.h - private to value/: how one string is printed as a YAML scalar.
 *
 * Source of truth: the emitter of go-yaml v2.4 (a port of libyaml's), block context only, width 80.
 */
#ifndef VALUE_YAML_SCALAR_H
#define VALUE_YAML_SCALAR_H

#include "base/buf.h"

/* The state of a line that is being written. */
struct yaml_line {
    struct buf *out;
    size_t column; /* characters since the line began */
    bool
        whitespace; /* the last thing written was white space or an indicator that brings its own */
    bool indention; /* nothing but indentation on this line so far */
};

void yaml_line_text(struct yaml_line *l, struct str text); /* without line breaks */
void yaml_line_break(struct yaml_line *l);
/* A new line, unless the present one is still empty up to `indent`, then spaces up to `indent`. */
void yaml_line_indent(struct yaml_line *l, size_t indent);
/* An indicator such as "-" or ":"; a space goes before it where `space` and none is there. */
void yaml_line_indicator(struct yaml_line *l, struct str text, bool space, bool whitespace,
                         bool indention);

enum yaml_scalar_context { YAML_SCALAR_VALUE, YAML_SCALAR_SIMPLE_KEY };

/* The key fits "key: value"; else it needs "? key". */
bool yaml_scalar_is_simple_key(struct str s);

/* Writes the string; continuation lines stand at `indent`. */
void yaml_scalar_write(struct yaml_line *l, struct str s, enum yaml_scalar_context context,
                       size_t indent);

#endif
