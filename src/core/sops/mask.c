/* SPDX-License-Identifier: Apache-2.0 */
#include "core/sops/mask.h"

#include "foreign/base64.h"
#include "value/yaml.h"

#define MASK STR("**SOPS**")

/* How one map of a Secret is masked. */
struct masking {
    struct arena *arena;
    bool all;         /* the whole Secret is encrypted */
    bool encoded;     /* values are base64 */
    struct str whole; /* what stands for a value then */
    struct str file;  /* what stands for an encrypted file */
};

static bool holds_encrypted_file(struct str text)
{
    return str_find(text, STR("sops"), 0) != SIZE_MAX && str_find(text, STR("ENC["), 0) != SIZE_MAX;
}

/* flux writes the texts of stringData back without quotes, so that "1.5" becomes a number. */
static const struct val *unquoted(struct arena *a, const struct val *v)
{
    const struct val *plain;

    if (v->kind != VAL_STRING)
        return v;
    if (v->text.len == 0)
        return &val_null;
    if (yaml_plain_is_string(v->text, YAML_KYAML) ||
        yaml_read(a, v->text, STR("stringData"), YAML_KYAML, &plain) != NULL)
        return v;
    return plain;
}

static struct err *mask_map(const struct masking *m, const struct val *map, const struct val **ret)
{
    struct map_builder b;

    map_builder_from(&b, m->arena, map);
    for (size_t i = 0; i < val_count(map); i++) {
        struct str text = val_str(map->fields[i].value), plain = text;

        if (!m->all && m->encoded &&
            !base64_decode(m->arena, text, BASE64_SKIP_LINE_BREAKS, &plain))
            return err_new(m->arena, ERR_INVALID, "data of \"%.*s\" is no base64",
                           STR_ARG(map->fields[i].key));
        if (m->encoded && map->fields[i].value->kind == VAL_NULL)
            (void)map_builder_set(&b, map->fields[i].key, &val_empty_string);
        if (!m->encoded)
            (void)map_builder_set(&b, map->fields[i].key, unquoted(m->arena, map->fields[i].value));
        if (m->all || holds_encrypted_file(plain))
            (void)map_builder_set(&b, map->fields[i].key,
                                  val_string(m->arena, m->all ? m->whole : m->file));
    }
    *ret = map_builder_done(&b, map);
    return NULL;
}

static struct err *mask_field(const struct masking *m, const char *name, const struct val **object)
{
    struct str key = str_from_cstr(name);
    const struct val *map = val_get(*object, key), *masked;
    struct err *e;

    if (!map)
        return NULL;
    if (val_count(map) == 0 && !m->encoded)
        return NULL; /* flux writes stringData back only when there is some */
    if (val_count(map) == 0) {
        *object = val_without(m->arena, *object, key);
        return NULL;
    }
    if (TRY(&e, mask_map(m, map, &masked)))
        return e;
    *object = val_with(m->arena, *object, key, masked);
    return NULL;
}

/* By its text, as flux finds out. */
static bool is_encrypted(struct arena *a, const struct val *object)
{
    struct str text = yaml_string(a, object, YAML_WRITE_DEFAULT);

    return str_find(text, STR("sops:"), 0) != SIZE_MAX &&
           str_find(text, STR("mac: ENC["), 0) != SIZE_MAX;
}

static struct err *mask_secret(struct arena *a, const struct val *object, const struct val **ret)
{
    struct masking m = { .arena = a,
                         .all = is_encrypted(a, object),
                         .file = base64_encode(a, MASK) };
    bool docker = str_is(val_get_str(object, "type"), "kubernetes.io/dockerconfigjson");
    struct str plain = docker ? STR("{\"mask\":\"**SOPS**\"}") : MASK;
    struct err *e;

    if (m.all)
        object = val_without(a, object, STR("sops"));
    m.whole = base64_encode(a, plain);
    m.encoded = true;
    if (TRY(&e, mask_field(&m, "data", &object)))
        return e;
    m.whole = plain;
    m.encoded = false;
    if (TRY(&e, mask_field(&m, "stringData", &object)))
        return e;
    *ret = object;
    return NULL;
}

struct err *sops_mask(struct arena *a, const struct val *object, const struct val **ret)
{
    *ret = object;
    if (str_is(val_get_str(object, "kind"), "Secret"))
        return mask_secret(a, object, ret);
    if (val_get(object, STR("sops")))
        *ret = val_without(a, object, STR("sops"));
    return NULL;
}
