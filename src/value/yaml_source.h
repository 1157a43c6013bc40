/* SPDX-License-Identifier: Apache-2.0 */
/*
 * value/yaml_source.h - private to value/: a stream cut into documents line by line, as apimachinery's YAMLReader does
 * before any YAML is parsed, with CRLF turned into LF; and the habits of go-yaml's scanner that libyaml lacks.
 */
#ifndef VALUE_YAML_SOURCE_H
#define VALUE_YAML_SOURCE_H

#include "base/err.h"

struct yaml_source {
    struct arena *arena;
    const char *file;
    struct str rest;
    uint32_t line; /* 0-based, of rest */
};

struct yaml_chunk {
    struct str text;
    uint32_t first_line; /* 0-based */
};

/* `file` and `text` are borrowed. */
void yaml_source_open(struct yaml_source *s, struct arena *a, struct str text, const char *file);

/* *ret_found false: the end. ERR_INVALID: text behind "---" on its line. */
MUST_CHECK struct err *yaml_source_next(struct yaml_source *s, struct yaml_chunk *ret,
                                        bool *ret_found);

#endif
