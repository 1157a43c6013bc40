/* SPDX-License-Identifier: Apache-2.0 */
/* core/sprig/toml_reader.h - the state of one TOML text, and what its files give each other. Private to core/sprig. */
#ifndef CORE_SPRIG_TOML_READER_H
#define CORE_SPRIG_TOML_READER_H

#include "base/err.h"
#include "base/map.h"
#include "base/vec.h"
#include "core/gotmpl/value.h"

struct toml_reader {
    struct arena *arena;
    struct str text;
    size_t at;
    uint32_t line;
    struct go_map *table; /* where pairs go */
    struct map closed;    /* inline tables, which nothing may extend */
    struct map headed;    /* tables that a header has opened */
    uint32_t tables;
    bool in_header;
    struct str context;  /* dotted name of the table that a header has opened */
    struct str last_key; /* for messages */
};

struct toml_key {
    struct str *items;
    size_t count;
    size_t cap;
};

struct err *toml_fail(struct toml_reader *r, const char *format, ...)
    __attribute__((format(printf, 2, 3), returns_nonnull));
/* The character at hand, for messages: 'x'. */
const char *toml_here(const struct toml_reader *r);
bool toml_take(struct toml_reader *r, char c);
/* White space and comments, with line ends or without. */
void toml_skip_blank(struct toml_reader *r, bool lines);
void toml_close_table(struct toml_reader *r, struct go_map *m);

MUST_CHECK struct err *toml_read_key(struct toml_reader *r, struct toml_key *ret);
MUST_CHECK struct err *toml_read_value(struct toml_reader *r, unsigned depth, struct go_value *ret);
MUST_CHECK struct err *toml_read_string(struct toml_reader *r, struct go_value *ret);
MUST_CHECK struct err *toml_assign(struct toml_reader *r, struct go_map *m,
                                   const struct toml_key *key, struct go_value value);

#endif
