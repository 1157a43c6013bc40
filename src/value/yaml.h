/* SPDX-License-Identifier: Apache-2.0 */
/*
 * value/yaml.h - YAML text to tree and back, as Kubernetes tools read and print it.
 *
 * Scanning is libyaml's (foreign/yaml_events.h); what a plain scalar means is ours:
 *   YAML_SIGS   sigs.k8s.io/yaml 1.6.0 strict: YAML 1.1 booleans (yes, on, y), also as keys; 0777 and 0o17
 *               octal; keys become strings; merge keys are applied; duplicates are refused
 *   YAML_SIGS_LOOSE  the same, but of a key given twice the last one counts (sigs.k8s.io/yaml, not strict)
 *   YAML_KYAML  kustomize's kyaml 0.21 (go-yaml v3 rules): only true and false are booleans; yes and on
 *               stay text
 *   YAML_KYAML_LOOSE  the same, but of a key given twice the first one counts
 * Aliases are expanded by sharing; LIMIT_ALIAS_NODES bounds what that can mean. Multi-document streams are split
 * line by line before parsing, as apimachinery's YAMLReader does.
 */
#ifndef VALUE_YAML_H
#define VALUE_YAML_H

#include "base/buf.h"
#include "base/err.h"
#include "value/val.h"

enum yaml_dialect { YAML_SIGS, YAML_KYAML, YAML_SIGS_LOOSE, YAML_KYAML_LOOSE };

struct yaml_docs {
    const struct val **items; /* documents that are not null, in order */
    size_t count;
};

/*
 * Every document of a stream. `name` begins the messages: "name:line:col: ..."; lines count from the start of
 * `text`. ERR_INVALID: malformed, duplicate key, null key, .inf or .nan; ERR_TOO_LARGE as json_read.
 */
MUST_CHECK struct err *yaml_read_all(struct arena *a, struct str text, struct str name,
                                     enum yaml_dialect dialect, struct yaml_docs *ret);

/* Exactly one document; an empty text gives val_null. A second document is ERR_INVALID. */
MUST_CHECK struct err *yaml_read(struct arena *a, struct str text, struct str name,
                                 enum yaml_dialect dialect, const struct val **ret);

enum yaml_write_flags {
    YAML_WRITE_DEFAULT =
        0, /* byte for byte sigs.k8s.io/yaml.Marshal: keys sorted naturally, folded at 80 */
    YAML_KEEP_ORDER = 1, /* keys as they stand */
    YAML_GO_FLOATS = 4,  /* every float as Go prints it: 1e+06 */
    YAML_SEQ_INDENT = 2, /* "- " two columns deeper than its key, as flux and kyaml print */
};

/* One document, ending in a newline. */
void yaml_write(struct buf *out, const struct val *v, unsigned flags);
struct str yaml_string(struct arena *a, const struct val *v, unsigned flags);

/* The plain scalar `text` would be read as a string by the dialect. */
bool yaml_plain_is_string(struct str text, enum yaml_dialect dialect);

#endif
