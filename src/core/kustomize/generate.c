/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kustomize/generate.h"

#include "core/kustomize/refold.h"
#include "foreign/digest.h"
#include "foreign/utf8.h"
#include "value/json.h"

/* Lines of 70 characters, each ending in a newline, when there is more than one. */
static struct str base64_lines(struct arena *a, struct str bytes)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t size = (bytes.len + 2) / 3 * 4;
    bool lines = size / 70 + 1 > 1;
    char *out = arena_alloc(a, size + size / 70 + 2);
    size_t len = 0, column = 0;
    for (size_t i = 0; i < bytes.len; i += 3) {
        size_t left = bytes.len - i;
        uint32_t n = 0;
        for (size_t j = 0; j < 3; j++)
            n = n << 8 | (j < left ? (unsigned char)bytes.ptr[i + j] : 0);
        for (size_t j = 0; j < 4; j++) {
            out[len++] = j <= left ? digits[n >> (18 - 6 * j) & 63] : '=';
            if (++column == 70 && lines) {
                out[len++] = '\n';
                column = 0;
            }
        }
    }
    if (lines && column > 0)
        out[len++] = '\n';
    return str_of(out, len);
}

/* Both maps, the local one winning. */
static const struct val *merged_map(struct arena *a, const struct val *local,
                                    const struct val *global)
{
    struct map_builder b;
    map_builder_from(&b, a, global);
    for (size_t i = 0; i < val_count(local); i++)
        map_builder_set(&b, local->fields[i].key, local->fields[i].value);
    return map_builder_done(&b, NULL);
}

struct options {
    const struct val *labels;
    const struct val *annotations;
    bool disable_hash;
    bool immutable;
};

static struct options merge_options(struct arena *a, const struct val *local,
                                    const struct val *global)
{
    return (struct options){
        .labels = merged_map(a, val_get(local, STR("labels")), val_get(global, STR("labels"))),
        .annotations = merged_map(a, val_get(local, STR("annotations")),
                                  val_get(global, STR("annotations"))),
        .disable_hash = val_at_bool(local, "disableNameSuffixHash", false) ||
                        val_at_bool(global, "disableNameSuffixHash", false),
        .immutable = val_at_bool(local, "immutable", false) ||
                     val_at_bool(global, "immutable", false),
    };
}

static struct err *make_data(struct kust_build *b, const struct kust_pairs *pairs,
                             enum kust_generator kind, struct map_builder *data,
                             struct map_builder *binary)
{
    for (size_t i = 0; i < pairs->count; i++) {
        const struct kust_pair *p = &pairs->items[i];
        bool text = kind == KUST_CONFIG_MAP && utf8_find_invalid(p->value) == SIZE_MAX;
        struct map_builder *into = kind == KUST_SECRET || text ? data : binary;
        struct str value = text ? p->value : base64_lines(b->arena, p->value);
        if (map_builder_get(data, p->key) || map_builder_get(binary, p->key))
            return err_new(b->arena, ERR_INVALID, "key \"%.*s\" is given more than once",
                           STR_ARG(p->key));
        if (text && str_find_byte(value, 0x7F, 0) != SIZE_MAX) /* the peer's writer leaves it so */
            return err_new(b->arena, ERR_INVALID,
                           "key \"%.*s\" holds the control character 0x7F, which YAML text may not",
                           STR_ARG(p->key));
        map_builder_set(into, p->key, val_string(b->arena, value));
    }
    return NULL;
}

static enum kust_behavior behavior_of(struct str s)
{
    if (str_is(s, "create"))
        return KUST_CREATE;
    if (str_is(s, "replace"))
        return KUST_REPLACE;
    return str_is(s, "merge") ? KUST_MERGE : KUST_UNSPECIFIED;
}

static const struct val *nonempty(const struct val *map)
{
    return val_count(map) > 0 ? map : NULL;
}

static const struct val *text_or_null(struct arena *a, struct str s)
{
    return s.len > 0 ? val_string(a, s) : NULL;
}

static const struct val *make_object(struct kust_build *b, enum kust_generator kind,
                                     const struct val *args, const struct options *o,
                                     const struct val *data, const struct val *binary)
{
    struct arena *a = b->arena;
    bool secret = kind == KUST_SECRET;
    struct str type = val_get_str(args, "type");
    const struct val *metadata = val_map_of(
        a, "name", val_string(a, val_get_str(args, "name")), "namespace",
        text_or_null(a, val_get_str(args, "namespace")), "labels", nonempty(o->labels),
        "annotations", nonempty(o->annotations), (char *)NULL);
    return val_map_of(a, "apiVersion", val_cstring(a, "v1"), "kind",
                      val_cstring(a, secret ? "Secret" : "ConfigMap"), "metadata", metadata, "type",
                      secret ? val_string(a, type.len > 0 ? type : STR("Opaque")) : NULL, "data",
                      secret ? data : nonempty(data), "binaryData", nonempty(binary), "immutable",
                      o->immutable ? &val_true : NULL, (char *)NULL);
}

struct err *kust_generate(struct kust_build *b, const struct kust_dir *dir,
                          enum kust_generator kind, const struct val *args,
                          const struct val *options, struct kust_resource **ret)
{
    struct str name = val_get_str(args, "name");
    const char *field = kind == KUST_SECRET ? "secretGenerator" : "configMapGenerator";
    struct kust_pairs pairs = VEC_INIT;
    struct map_builder data, binary;
    struct err *e;
    if (name.len == 0)
        return err_new(b->arena, ERR_INVALID, "%.*s:%u:%u: %s: name is missing", STR_ARG(dir->file),
                       args->line, args->column, field);
    map_builder_init(&data, b->arena);
    map_builder_init(&binary, b->arena);
    if (TRY(&e, kust_pairs_load(b, dir, args, &pairs)) ||
        TRY(&e, make_data(b, &pairs, kind, &data, &binary)))
        return err_wrap(b->arena, e, "%.*s:%u:%u: %s \"%.*s\"", STR_ARG(dir->file), args->line,
                        (unsigned)args->column, field, STR_ARG(name));
    struct options o = merge_options(b->arena, val_get(args, STR("options")), options);
    struct kust_resource *r = kust_resource_new(b, make_object(b, kind, args, &o,
                                                               map_builder_done(&data, NULL),
                                                               map_builder_done(&binary, NULL)));
    r->behavior = behavior_of(val_get_str(args, "behavior"));
    r->needs_hash = !o.disable_hash;
    r->generated = true;
    *ret = r;
    return NULL;
}

/* A null, however it is written, is the empty text. */
static const struct val *data_text(struct arena *a, const struct val *v)
{
    return v->kind == VAL_NULL ? &val_empty_string : val_string(a, kust_text(a, v));
}

/* A map of strings: both, the second winning; every value as text. NULL when it comes out empty. */
static const struct val *merged_texts(struct arena *a, const struct val *first,
                                      const struct val *second)
{
    const struct val *sources[2] = { first, second };
    struct map_builder b;
    map_builder_init(&b, a);
    for (size_t s = 0; s < 2; s++)
        for (size_t i = 0; val_is(sources[s], VAL_MAP) && i < sources[s]->count; i++)
            map_builder_set(&b, sources[s]->fields[i].key,
                            data_text(a, sources[s]->fields[i].value));
    return nonempty(map_builder_done(&b, NULL));
}

static const struct val *with_or_without(struct arena *a, const struct val *map, struct str key,
                                         const struct val *value)
{
    return value ? val_with(a, map, key, value) : val_without(a, map, key);
}

static const struct val *merged_data(struct arena *a, const struct val *object,
                                     const struct val *old, struct str field)
{
    return with_or_without(a, object, field,
                           merged_texts(a, val_get(old, field), val_get(object, field)));
}

/* An old Secret's stringData counts as data, as the API server would have it. */
static const struct val *with_string_data(struct arena *a, const struct val *secret)
{
    const struct val *strings = val_get(secret, STR("stringData"));
    const struct val *data = val_get(secret, STR("data"));
    for (size_t i = 0; val_is(strings, VAL_MAP) && i < strings->count; i++) {
        struct str text = kust_text(a, strings->fields[i].value);
        data = val_with(a, data, strings->fields[i].key, val_string(a, base64_lines(a, text)));
    }
    return data ? val_with(a, secret, STR("data"), data) : secret;
}

void kust_generated_inherit(struct arena *a, const struct merge_schema *s, struct kust_resource *r,
                            const struct kust_resource *old)
{
    const struct val *object = r->object;
    const struct val *metadata = val_get(object, STR("metadata"));
    const struct val *theirs = val_get(old->object, STR("metadata"));
    metadata = with_or_without(
        a, metadata, STR("labels"),
        merged_texts(a, val_get(theirs, STR("labels")), val_get(metadata, STR("labels"))));
    metadata = with_or_without(a, metadata, STR("annotations"),
                               merged_texts(a, val_get(theirs, STR("annotations")),
                                            val_get(metadata, STR("annotations"))));
    metadata = val_with(a, metadata, STR("name"), val_string(a, old->id.name));
    metadata = with_or_without(a, metadata, STR("namespace"), text_or_null(a, old->id.ns));
    object = val_with(a, object, STR("metadata"), metadata);
    if (r->behavior == KUST_MERGE) {
        const struct val *source = old->object;
        if (str_is(r->id.kind, "Secret"))
            source = with_string_data(a, source);
        object = merged_data(a, object, source, STR("data"));
        object = merged_data(a, object, old->object, STR("binaryData"));
    }
    r->needs_hash = r->needs_hash && old->needs_hash;
    if (old->has_origin && r->behavior == KUST_MERGE) {
        r->has_origin = true;
        r->origin = old->origin;
    }
    r->transformations = old->transformations;
    r->behavior = old->behavior;
    r->past = old->past;
    r->prefixes = old->prefixes;
    r->suffixes = old->suffixes;
    r->vars = old->vars;
    kust_resource_set(a, s, r, object);
}

/* Vowels and digits that could spell words are swapped, as kubectl does for its hashes. */
static struct str encode_hash(struct arena *a, struct str hex)
{
    char *out = arena_alloc(a, 10);
    for (size_t i = 0; i < 10; i++) {
        char c = hex.ptr[i];
        out[i] = c == '0'   ? 'g'
                 : c == '1' ? 'h'
                 : c == '3' ? 'k'
                 : c == 'a' ? 'm'
                 : c == 'e' ? 't'
                            : c;
    }
    return str_of(out, 10);
}

/* A map as it is, the text of a scalar, "" for what is missing. */
static const struct val *hashed(struct arena *a, const struct val *object, const char *field)
{
    const struct val *v = val_get(object, str_from_cstr(field));
    const struct val *json = v;
    if (val_is(v, VAL_MAP))
        return kust_refold(a, v, &json) == NULL ? json : v;
    if (val_is(v, VAL_SEQ))
        return &val_null;
    return val_string(a, kust_text(a, v));
}

static const struct val *map_or_null(const struct val *object, const char *field)
{
    const struct val *v = val_get(object, str_from_cstr(field));
    return val_is(v, VAL_SEQ) ? &val_null : val_is(v, VAL_MAP) ? v : NULL;
}

struct err *kust_content_hash(struct arena *a, const struct kust_resource *r, struct str *ret)
{
    const struct val *o = r->object;
    bool secret = str_is(r->id.kind, "Secret");
    if (!secret && !str_is(r->id.kind, "ConfigMap"))
        return err_new(a, ERR_UNSUPPORTED,
                       "%.*s: name hashes exist for ConfigMaps and Secrets only",
                       STR_ARG(kust_id_format(a, &r->id)));
    /* The name was meant to take part; the peer looks it up where it never is. */
    const struct val *m = val_map_of(a, "kind", val_string(a, r->id.kind), "name",
                                     &val_empty_string, "data", hashed(a, o, "data"), "type",
                                     secret ? hashed(a, o, "type") : NULL, "stringData",
                                     secret ? map_or_null(o, "stringData") : NULL, "binaryData",
                                     secret ? NULL : map_or_null(o, "binaryData"), (char *)NULL);
    struct str text = json_string(a, m, JSON_SORTED | JSON_ESCAPE_HTML);
    *ret = encode_hash(a, digest_hex(a, DIGEST_SHA256, text));
    return NULL;
}
