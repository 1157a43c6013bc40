/* SPDX-License-Identifier: Apache-2.0 */
#include "core/apiserver/decode.h"

#include "base/limits.h"
#include "core/apiserver/crd.h"
#include "core/apiserver/decode_typed.h"
#include "core/kube/schema_zero.h"
#include "foreign/digest.h"
#include "value/json.h"
#include "value/yaml.h"

#define OBJECT_META STR("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta")

/* What a body is expected to be. */
struct expected {
    struct gvk gvk;
    const struct schema *type;
};

/* Types of subresources live in the package of their group: autoscaling/v1 Scale. */
static struct expected expected_of(struct arena *a, const struct decode_call *call)
{
    const struct api_resource *r = call->resource;
    const struct api_subresource *s = call->subresource.len
                                          ? api_resource_subresource(r, call->subresource)
                                          : NULL;
    struct expected e = { r->gvk, r->type };
    struct str package = STR("core");

    if (!s || str_eq(s->kind, r->gvk.kind))
        return e;
    e.gvk.kind = s->kind;
    if (s->version.len) {
        e.gvk.group = s->group;
        e.gvk.version = s->version;
    }
    if (e.gvk.group.len) {
        struct str rest = e.gvk.group;

        (void)str_cut(&rest, '.', &package);
    }
    e.type = schema_type_named(str_printf(a, "io.k8s.api.%.*s.%.*s.%.*s", STR_ARG(package),
                                          STR_ARG(e.gvk.version), STR_ARG(s->kind)));
    return e;
}

/* ---- reading bytes ---- */

struct str without_position(struct str text)
{
    size_t at = str_find(text, STR(": "), 0);

    if (!str_has_prefix(text, STR("yaml:")) && !str_has_prefix(text, STR("json:")))
        return text;
    return at < text.len ? str_skip(text, at + 2) : text;
}

static struct err *read_json(struct arena *a, struct str body, struct field_paths *ret_twice,
                             const struct val **ret)
{
    struct err *e = json_read(a, body, STR("json"), JSON_READ_DEFAULT, ret);

    if (!e)
        return NULL;
    if (TRY(&e, json_read(a, body, STR("json"), JSON_READ_LAST_KEY_WINS, ret)))
        return e;
    json_duplicates(a, body, ret_twice);
    return NULL;
}

/* ---- unknown and duplicate fields ---- */

struct strict_texts {
    struct str *items;
    size_t count;
    size_t cap;
};

static void texts_add(struct arena *a, struct strict_texts *out, const char *what,
                      const struct field_paths *paths)
{
    for (size_t i = 0; i < paths->count; i++)
        *VEC_PUSH(a, out) = str_printf(a, "%s field \"%.*s\"", what, STR_ARG(paths->items[i]));
}

/* Of a key given twice the last counts, and the strict reader's refusal is what there is to say. */
static struct err *read_yaml(struct arena *a, struct str body, struct strict_texts *texts,
                             const struct val **ret)
{
    struct err *strict = yaml_read(a, body, STR("yaml"), YAML_SIGS, ret);

    if (!strict || yaml_read(a, body, STR("yaml"), YAML_SIGS_LOOSE, ret))
        return strict;
    *VEC_PUSH(a, texts) = str_printf(a, "yaml: unmarshal errors: %.*s",
                                     STR_ARG(without_position(err_line(a, strict))));
    return NULL;
}

static struct err *read_body(struct arena *a, const struct decode_call *call, struct str body,
                             struct strict_texts *texts, const struct val **ret)
{
    struct field_paths twice = { 0 };
    struct err *e;

    switch (call->media) {
    case MEDIA_NONE:
    case MEDIA_JSON:
        if (TRY(&e, read_json(a, body, &twice, ret)))
            return e;
        texts_add(a, texts, "duplicate", &twice);
        return NULL;
    case MEDIA_YAML:
    case MEDIA_APPLY_YAML:
        return read_yaml(a, body, texts, ret);
    case MEDIA_PROTOBUF:
        if (call->resource->crd)
            return status_unsupported_media_type(a, false,
                                                 STR("application/json, application/yaml"));
        return protobuf_read(a, body, ret);
    case MEDIA_JSON_PATCH:
    case MEDIA_MERGE_PATCH:
    case MEDIA_STRATEGIC_PATCH:
    case MEDIA_APPLY_CBOR:
    case MEDIA_OTHER:
        break;
    }
    return status_unsupported_media_type(
        a, false, STR("application/json, application/yaml, application/vnd.kubernetes.protobuf"));
}

/* Warns, or gives the error of the strict mode. */
static struct err *strict_report(struct arena *a, const struct decode_call *call,
                                 const struct strict_texts *texts)
{
    if (!texts->count || call->validation == FIELD_VALIDATION_IGNORE)
        return NULL;
    if (call->validation == FIELD_VALIDATION_STRICT)
        return err_new(a, ERR_INVALID, "strict decoding error: %.*s",
                       STR_ARG(str_join(a, texts->items, texts->count, STR(", "))));
    for (size_t i = 0; i < texts->count && call->warnings; i++)
        *VEC_PUSH(a, call->warnings) = texts->items[i];
    return NULL;
}

/* ---- decoding ---- */

/* Kubernetes reports those of custom objects in order of their text. */
static void paths_sort(struct field_paths *paths)
{
    for (size_t i = 1; i < paths->count; i++)
        for (size_t j = i; j && str_cmp(paths->items[j], paths->items[j - 1]) < 0; j--) {
            struct str swap = paths->items[j];

            paths->items[j] = paths->items[j - 1];
            paths->items[j - 1] = swap;
        }
}

static struct err *decode_custom(struct arena *a, const struct api_resource *r,
                                 const struct val *tree, struct field_paths *unknown,
                                 const struct val **ret)
{
    const struct val *meta = val_get(tree, STR("metadata"));
    struct field_paths in_meta = { 0 };
    struct err *e;

    *ret = crd_prune(a, r->crd, tree, unknown);
    paths_sort(unknown);
    if (!meta)
        return NULL;
    if (TRY(&e, typed_decode(a, schema_type_named(OBJECT_META), meta, STR("metadata"), &in_meta,
                             &meta)))
        return e;
    for (size_t i = 0; i < in_meta.count; i++)
        *VEC_PUSH(a, unknown) = in_meta.items[i];
    if (!val_count(val_get(meta, STR("managedFields"))))
        meta = val_without(a, meta, STR("managedFields"));
    paths_sort(unknown);
    *ret = val_with(a, *ret, STR("metadata"), meta);
    return NULL;
}

static struct err *decode_expected(struct arena *a, const struct decode_call *call,
                                   const struct expected *x, const struct val *tree,
                                   struct strict_texts *texts, const struct val **ret)
{
    struct field_paths unknown = { 0 };
    struct err *e;

    if (call->resource->crd && x->type == call->resource->type)
        e = decode_custom(a, call->resource, tree, &unknown, ret);
    else
        e = typed_decode(a, x->type, tree, STR(""), &unknown, ret);
    if (e)
        return e;
    /* Empty, yet not nothing: the writer asks to forget all managers. */
    if (!call->resource->crd && val_is(val_at(tree, "metadata.managedFields"), VAL_SEQ) &&
        !val_count(val_at(tree, "metadata.managedFields")))
        *ret = val_with_at(a, *ret, "metadata.managedFields", &val_empty_seq);
    texts_add(a, texts, "unknown", &unknown);
    return NULL;
}

struct err *decode_tree(struct arena *a, const struct decode_call *call, const struct val *tree,
                        const struct val **ret)
{
    struct expected x = expected_of(a, call);
    struct strict_texts texts = { 0 };
    struct err *e;

    if (TRY(&e, decode_expected(a, call, &x, tree, &texts, ret)))
        return e;
    return strict_report(a, call, &texts);
}

static bool is_registered(struct str api_version, struct str kind)
{
    struct str group = STR("");
    struct str version = STR("");

    (void)api_version_parse(api_version, &group, &version);
    return schema_builtin(group, version, kind) != NULL;
}

static struct str version_of(struct str api_version)
{
    struct str group;
    struct str version = STR("");

    (void)api_version_parse(api_version, &group, &version);
    return version;
}

/* Go's package of the internal types of a group. */
static struct str package_of(struct str group)
{
    struct str first = STR("core");

    if (group.len)
        (void)str_cut(&group, '.', &first);
    return first;
}

/* Group, version and kind as in the body, or those expected where it says nothing. */
static struct err *check_kind(struct arena *a, const struct expected *x, const struct val *tree,
                              const struct val **ret)
{
    struct str api_version = val_get_str(tree, "apiVersion");
    struct str kind = val_get_str(tree, "kind");
    struct str want = api_version_format(a, x->gvk.group, x->gvk.version);

    if (!api_version.len)
        tree = val_with(a, tree, STR("apiVersion"), val_string(a, want));
    if (!kind.len)
        tree = val_with(a, tree, STR("kind"), val_string(a, x->gvk.kind));
    *ret = tree;
    if (str_eq(val_get_str(tree, "apiVersion"), want) &&
        str_eq(val_get_str(tree, "kind"), x->gvk.kind))
        return NULL;
    api_version = val_get_str(tree, "apiVersion");
    kind = val_get_str(tree, "kind");
    if (!is_registered(api_version, kind))
        return status_bad_request(a,
                                  "%.*s in version \"%.*s\" cannot be handled as a %.*s: no kind "
                                  "\"%.*s\" is registered for version \"%.*s\" in scheme "
                                  "\"pkg/runtime/scheme.go:111\"",
                                  STR_ARG(kind), STR_ARG(version_of(api_version)),
                                  STR_ARG(x->gvk.kind), STR_ARG(kind), STR_ARG(api_version));
    if (!str_eq(kind, x->gvk.kind))
        return status_bad_request(
            a,
            "%.*s in version \"%.*s\" cannot be handled as a %.*s: converting (%.*s.%.*s) to "
            "(%.*s.%.*s): unknown conversion",
            STR_ARG(kind), STR_ARG(version_of(api_version)), STR_ARG(x->gvk.kind),
            STR_ARG(version_of(api_version)), STR_ARG(kind), STR_ARG(package_of(x->gvk.group)),
            STR_ARG(x->gvk.kind));
    return status_bad_request(
        a, "the API version in the data (%.*s) does not match the expected API version (%.*s)",
        STR_ARG(api_version), STR_ARG(want));
}

/* The first bytes of a body for a message: JSON as it stands, anything else in hexadecimal. */
static struct str beginning_of(struct arena *a, struct str body)
{
    enum { SHOWN_BYTES = 30 };
    struct str start = str_slice(body, 0, SHOWN_BYTES);

    if (!body.len)
        return STR("<empty>");
    if (body.ptr[0] != '{')
        start = hex_encode(a, (const uint8_t *)start.ptr, start.len);
    return str_printf(a, "%.*s%s", STR_ARG(start), body.len > SHOWN_BYTES ? " ..." : "");
}

/* What Go says of a body that is no object. */
static struct str not_an_object(struct arena *a, const struct val *tree)
{
    const char *kind = tree->kind == VAL_SEQ                              ? "array"
                       : tree->kind == VAL_INT || tree->kind == VAL_FLOAT ? "number"
                       : tree->kind == VAL_BOOL                           ? "bool"
                                                                          : "string";

    return str_printf(a,
                      "json: cannot unmarshal %s into Go value of type struct { APIVersion string "
                      "\"json:\\\"apiVersion,omitempty\\\"\"; Kind string "
                      "\"json:\\\"kind,omitempty\\\"\" }",
                      kind);
}

struct err *decode_object(struct arena *a, const struct decode_call *call, struct str body,
                          const struct val **ret)
{
    struct expected x = expected_of(a, call);
    struct strict_texts texts = { 0 };
    const struct val *tree = NULL;
    struct err *e = read_body(a, call, body, &texts, &tree);

    if (e && e->status)
        return e;
    if (val_is(tree, VAL_NULL))
        tree = &val_empty_map;
    if (e || !val_is(tree, VAL_MAP))
        return status_bad_request(
            a, "the object provided is unrecognized (must be of type %.*s): %s%.*s (%.*s)",
            STR_ARG(x.gvk.kind),
            call->media == MEDIA_YAML ? "yaml: " : "couldn't get version/kind; json parse error: ",
            STR_ARG(e ? without_position(err_line(a, e)) : not_an_object(a, tree)),
            STR_ARG(beginning_of(a, body)));
    if (!x.type)
        return status_not_implemented(a, "%.*s is not built", STR_ARG(x.gvk.kind));
    if (TRY(&e, check_kind(a, &x, tree, &tree)))
        return e;
    e = decode_expected(a, call, &x, tree, &texts, ret);
    if (!e)
        e = strict_report(a, call, &texts);
    if (e)
        return status_bad_request(a, "%.*s in version \"%.*s\" cannot be handled as a %.*s: %.*s",
                                  STR_ARG(x.gvk.kind), STR_ARG(x.gvk.version), STR_ARG(x.gvk.kind),
                                  STR_ARG(err_line(a, e)));
    return NULL;
}

struct err *decode_patch(struct arena *a, const struct decode_call *call, enum patch_type type,
                         struct str body, const struct val **ret)
{
    struct field_paths twice = { 0 };
    struct strict_texts texts = { 0 };
    struct err *e;

    if (type == PATCH_APPLY) {
        if (TRY(&e, read_yaml(a, body, &texts, ret)))
            return status_bad_request(
                a, "error decoding YAML: error converting YAML to JSON: yaml: %.*s",
                STR_ARG(without_position(err_line(a, e))));
        if (val_is(*ret, VAL_NULL))
            *ret = &val_empty_map;
        if (!val_is(*ret, VAL_MAP))
            return status_bad_request(a, "error decoding YAML: the configuration is no object");
        e = strict_report(a, call, &texts);
        return e ? status_bad_request(a, "error strict decoding YAML: %.*s", STR_ARG(e->msg))
                 : NULL;
    }
    if (TRY(&e, read_json(a, body, &twice, ret)))
        return status_bad_request(a, "error decoding patch: %.*s", STR_ARG(err_line(a, e)));
    if (type == PATCH_JSON ? !val_is(*ret, VAL_SEQ) : !val_is(*ret, VAL_MAP))
        return status_bad_request(
            a,
            "error decoding patch: json: cannot unmarshal %s into Go value of "
            "type %s",
            val_kind_name(*ret),
            type == PATCH_JSON ? "[]handlers.jsonPatchOp" : "map[string]interface {}");
    if (type == PATCH_JSON && (*ret)->count > LIMIT_JSON_PATCH_OPS) {
        e = status_too_large_body(a, 0);
        e->msg = str_printf(a,
                            "Request entity too large: The allowed maximum operations in a JSON "
                            "patch is %u, got %u",
                            LIMIT_JSON_PATCH_OPS, (*ret)->count);
        return e;
    }
    texts_add(a, &texts, type == PATCH_JSON ? "json patch duplicate" : "duplicate", &twice);
    e = strict_report(a, call, &texts);
    return e ? status_bad_request(a, "%.*s", STR_ARG(e->msg)) : NULL;
}
