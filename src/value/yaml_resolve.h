/* SPDX-License-Identifier: Apache-2.0 */
/*
 * value/yaml_resolve.h - private to value/: what a scalar without quotes means.
 *
 * Source of truth: go-yaml v2.4 and v3.0, the readers behind sigs.k8s.io/yaml and kyaml.
 */
#ifndef VALUE_YAML_RESOLVE_H
#define VALUE_YAML_RESOLVE_H

#include "value/yaml.h"

enum yaml_tag {
    YAML_TAG_NONE, /* not given: any type */
    YAML_TAG_NULL,
    YAML_TAG_BOOL,
    YAML_TAG_INT,
    YAML_TAG_FLOAT,
    YAML_TAG_STR,
    YAML_TAG_TIMESTAMP, /* read as text; printing must quote it */
    YAML_TAG_MERGE,     /* "<<" */
    YAML_TAG_BINARY,
    YAML_TAG_OTHER, /* of an application: content stays text */
};

struct yaml_meaning {
    enum yaml_tag tag;
    bool boolean;
    bool beyond_int64; /* INT that fits uint64 alone: `natural`, and `real` close to it */
    bool not_finite;   /* .inf, .nan */
    int64_t integer;
    uint64_t natural;
    double real;
};

/* `tag` NONE or an explicit one that restricts nothing here: the caller compares. */
struct yaml_meaning yaml_resolve(struct str text, enum yaml_dialect dialect);

/* "tag:yaml.org,2002:int" and so on; "" is NONE, "!" is STR. */
enum yaml_tag yaml_tag_parse(struct str tag);
const char *yaml_tag_name(enum yaml_tag tag); /* "!!int" */

#endif
