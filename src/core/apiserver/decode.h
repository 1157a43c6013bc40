/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/apiserver/decode.h - request bodies to objects, as kube-apiserver's codecs do.
 *
 * Media types: application/json, application/yaml, application/vnd.kubernetes.protobuf (built-in kinds, table-driven by
 * field number: tables/proto_table.c). Built-in objects come out typed: unknown fields dropped, nulls of known fields
 * dropped, numbers and strings checked; what fieldValidation says about unknown and duplicate fields becomes warnings
 * or 400. Custom resources are pruned by their schema (crd.h).
 */
#ifndef CORE_APISERVER_DECODE_H
#define CORE_APISERVER_DECODE_H

#include "core/apiserver/prepare.h"

enum media_type {
    MEDIA_NONE, /* header absent */
    MEDIA_JSON,
    MEDIA_YAML,
    MEDIA_PROTOBUF,
    MEDIA_JSON_PATCH,
    MEDIA_MERGE_PATCH,
    MEDIA_STRATEGIC_PATCH,
    MEDIA_APPLY_YAML,
    MEDIA_APPLY_CBOR,
    MEDIA_OTHER,
};

/* Of a Content-Type with parameters. */
enum media_type media_type_parse(struct str content_type);

/* What an Accept header asks for. */
enum output_format { OUTPUT_JSON, OUTPUT_YAML, OUTPUT_TABLE, OUTPUT_PARTIAL };
struct accept {
    enum output_format format;
    bool yaml; /* the encoding is YAML, whatever the format */
    bool pretty;
    struct str as_version;         /* TABLE, PARTIAL: "v1" or "v1beta1" */
    bool aggregated;               /* as=APIGroupDiscoveryList */
    struct str aggregated_version; /* "v2" */
};
/*
 * First acceptable clause of the header ("" is JSON). ERR 406 when no clause can be served; protobuf is refused unless
 * another clause follows. `is_list`: as=PartialObjectMetadataList or Table on collections.
 */
MUST_CHECK struct err *accept_parse(struct arena *a, struct str header, struct accept *ret);

/*
 * "", Ignore, Warn, Strict; the default is Warn. `options_kind` is CreateOptions, UpdateOptions or PatchOptions. ERR 422.
 */
MUST_CHECK struct err *field_validation_parse(struct arena *a, struct str text,
                                              struct str options_kind, enum field_validation *ret);

struct decode_call {
    const struct api_resource *resource; /* what the path serves */
    struct str subresource;
    enum media_type media;
    enum field_validation validation;
    struct warning_list *warnings; /* appended to */
};

/*
 * Body of POST and PUT. ERR 400: not an object, of another group, version or kind, wrong types; 415 for a media type
 * that is no encoding.
 */
MUST_CHECK struct err *decode_object(struct arena *a, const struct decode_call *call,
                                     struct str body, const struct val **ret);

/* Body of PATCH as a tree. JSON patch, merge, strategic: JSON; apply: YAML or JSON. */
MUST_CHECK struct err *decode_patch(struct arena *a, const struct decode_call *call,
                                    enum patch_type type, struct str body, const struct val **ret);

/* media type to patch type; ERR 415 naming the supported ones of this resource (no strategic for CRs). */
MUST_CHECK struct err *patch_type_of(struct arena *a, const struct api_resource *r,
                                     enum media_type media, struct str content_type,
                                     enum patch_type *ret);

/* Body of DELETE, may be empty; merged with the query's values by the app. */
MUST_CHECK struct err *decode_delete_options(struct arena *a, enum media_type media,
                                             struct str body, struct delete_options *ret);
/* ERR 422 DeleteOptions is invalid ... */
MUST_CHECK struct err *delete_options_check(struct arena *a, const struct delete_options *o);

/*
 * The same decoding of a tree that was made here (after a patch). `strict_extra` are texts reported before those found
 * now; may be NULL. ERR_INVALID without a status: the tree does not fit; with FIELD_VALIDATION_STRICT also unknown
 * fields, as "strict decoding error: ...".
 */
MUST_CHECK struct err *decode_tree(struct arena *a, const struct decode_call *call,
                                   const struct val *tree, const struct val **ret);

/*
 * Protobuf envelope ("k8s\0") of a built-in kind to a tree with its apiVersion and kind; of an unknown kind only these.
 * Borrows `body`. ERR_INVALID without a status: malformed.
 */
MUST_CHECK struct err *protobuf_read(struct arena *a, struct str body, const struct val **ret);

/* A reader's message, "yaml:1:5: text", without its position. */
struct str without_position(struct str text);

#endif
