/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/jsonschema/state.h - one validation in progress. Private to core/jsonschema.
 */
#ifndef CORE_JSONSCHEMA_STATE_H
#define CORE_JSONSCHEMA_STATE_H

#include "base/map.h"
#include "base/vec.h"
#include "core/jsonschema/jsonschema.h"

enum draft { DRAFT_4 = 4, DRAFT_6 = 6, DRAFT_7 = 7, DRAFT_2019 = 8, DRAFT_2020 = 9 };

/* Where in the instance a check stands. */
struct place {
    const struct place *parent; /* NULL: the root */
    struct str key;             /* of an object; ptr NULL: index counts */
    size_t index;
};

/* Which members of an object, or items of an array, some keyword has looked at: for unevaluated*. */
struct seen {
    bool *members; /* one for each */
    size_t count;
};

struct problem;

struct problems {
    const struct problem **items;
    size_t count;
    size_t cap;
};

/* Something that does not fit, and why. */
struct problem {
    struct str text;
    struct problems causes;
    bool is_group;     /* stands for several of one schema */
    bool is_reference; /* a $ref; shown only with other than one cause */
};

/* The schemas that look at one value, from the innermost out. */
struct scope {
    const struct scope *parent;
    const struct val *schema, *value;
    const struct place *at;
};

struct state {
    struct arena *arena;
    const struct val *root; /* of the schema document */
    enum draft draft;
    struct map ids;      /* absolute URI, or URI#anchor -> schema */
    struct map patterns; /* text -> struct regex */
    const struct scope *scope;
    uint64_t steps;
    unsigned depth;
    struct problems problems; /* of the innermost schema or group that collects */
    bool is_silent;           /* only whether it fits counts */
    struct err *fatal;        /* a limit, a broken schema: ends everything */
};

/* Whether the document is a schema; false: s->fatal tells why not. */
bool schema_compile(struct state *s);

/* One schema against one value. True: it fits; else problems were added or s->fatal is set. */
bool schema_check(struct state *s, const struct val *schema, const struct val *v,
                  const struct place *at, struct seen *seen);

/* The same without telling why. */
bool schema_fits(struct state *s, const struct val *schema, const struct val *v,
                 const struct place *at, struct seen *seen);

/* Keyword groups; each true when all of its keywords fit. type, const, enum and format: the first that does not. */
bool check_identity(struct state *s, const struct val *schema, const struct val *v,
                    const struct place *at);
bool check_scalar(struct state *s, const struct val *schema, const struct val *v,
                  const struct place *at);
bool check_array(struct state *s, const struct val *schema, const struct val *v,
                 const struct place *at, struct seen *seen);
bool check_object(struct state *s, const struct val *schema, const struct val *v,
                  const struct place *at, struct seen *seen);
bool check_unevaluated(struct state *s, const struct val *schema, const struct val *v,
                       const struct place *at, struct seen *seen);

/* minLength, maxItems and the like. */
bool check_size(struct state *s, const struct val *schema, const char *name, size_t size,
                const struct place *at);

/* format: true where the text has it, or the format is not known. */
bool format_fits(struct arena *a, struct str format, struct str text);

/* Adds a problem of the instance; always false. */
bool schema_problem(struct state *s, const struct place *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Ends everything with an error of the schema; always false. */
bool schema_broken(struct state *s, const struct val *where, const char *what);

/* A keyword, when the draft has it. */
const struct val *keyword(const struct state *s, const struct val *schema, const char *name,
                          enum draft since);

/* Whether a pattern matches; a broken one ends everything. */
bool pattern_matches(struct state *s, const struct val *where, struct str pattern, struct str text);

/* Collects $id and $anchor of the document; and what a reference names (NULL: s->fatal is set). */
void refs_collect(struct state *s);
const struct val *refs_find(struct state *s, const struct val *ref);

#endif
