/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/helm/explain_reads.h - the lines below an explained field: what wrote it and what that read. Private to core/helm.
 */
#ifndef CORE_HELM_EXPLAIN_READS_H
#define CORE_HELM_EXPLAIN_READS_H

#include "core/gotmpl/value_path.h"
#include "core/helm/explain.h"

struct explained_field {
    struct value_part *parts; /* room for LIMIT_TREE_DEPTH + 2 */
    size_t count;
    const struct val *value;
};

/* "spec.ports[0].port" */
void explained_field_put(struct buf *out, const struct explained_field *f);

/* Goes down from f->value by a text; line and column become those of what was reached. ERR_NOT_FOUND with the part that is not there. */
MUST_CHECK struct err *explained_field_find(struct arena *a, struct str text,
                                            struct explained_field *f, unsigned *line,
                                            unsigned *column);

struct explain_context {
    struct arena *arena;
    struct go_map *root; /* of the release */
    const struct value_origins *origins;
    const struct explained_field *field;
    struct buf *out;
};

void explain_origins(const struct explain_context *c, const struct trace_origins *origins);

#endif
