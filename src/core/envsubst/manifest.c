/* SPDX-License-Identifier: Apache-2.0 */
#include "core/envsubst/manifest.h"

#include "base/arena.h"
#include "base/limits.h"
#include "base/vec.h"
#include "core/kube/obj_ref.h"
#include "value/yaml.h"

#define SWITCH STR("kustomize.toolkit.fluxcd.io/substitute")

void substitution_init(struct substitution *s, struct arena *a)
{
    *s = (struct substitution){ .arena = a, .strict = true };
    map_init(&s->values, a);
}

void substitution_set(struct substitution *s, struct str name, struct str value, bool is_secret)
{
    struct str *kept = ARENA_NEW(s->arena, struct str), line;
    struct buf out;

    buf_init(&out, s->arena, 0);
    while (str_cut(&value, '\n', &line))
        buf_put(&out, line);
    *kept = out.len ? buf_str(&out) : STR("");
    map_set(&s->values, str_dup(s->arena, name), kept);
    if (!is_secret || kept->len == 0)
        return;
    s->secrets = vec_grow(s->arena, s->secrets, s->secret_count, &s->secret_cap,
                          sizeof *s->secrets);
    s->secrets[s->secret_count++] = *kept;
}

struct err *substitution_check(const struct substitution *s)
{
    for (size_t i = 0; i < s->values.entry_count; i++)
        if (!envsubst_name_is_valid(s->values.entries[i].key))
            return err_new(
                s->arena, ERR_INVALID,
                "'%.*s' var name is invalid, must match '^[_[:alpha:]][_[:alpha:][:digit:]]*$'",
                STR_ARG(s->values.entries[i].key));
    return NULL;
}

static bool find_value(void *self, struct str name, struct str *ret)
{
    const struct substitution *s = self;
    const struct str *value = map_get(&s->values, name);

    *ret = value ? *value : STR("");
    return value != NULL;
}

static bool is_disabled(const struct val *object)
{
    return str_is(val_str(val_get(val_at(object, "metadata.labels"), SWITCH)), "disabled") ||
           str_is(val_str(val_get(val_at(object, "metadata.annotations"), SWITCH)), "disabled");
}

struct err *substitution_apply(const struct substitution *s, struct arena *a,
                               const struct val *object, const struct val **ret)
{
    /* The callback only reads. */
    struct envsubst_vars vars = { .find = find_value,
                                  .self = (void *)(uintptr_t)s,
                                  .strict = s->strict };
    struct obj_ref ref = obj_ref_of(object);
    struct buf out;
    struct err *e;

    *ret = object;
    if (is_disabled(object) || (s->values.count == 0 && !s->always))
        return NULL;
    buf_init(&out, a, LIMIT_EXPANDED_BYTES);
    e = envsubst_expand(a, yaml_string(a, object, YAML_WRITE_DEFAULT), &vars, &out);
    if (e)
        return err_wrap(
            a, e,
            "var substitution failed for '%.*s': envsubst error: variable substitution failed",
            STR_ARG(obj_ref_format(a, &ref)));
    if (out.overflowed)
        return err_new(
            a, ERR_TOO_LARGE,
            "var substitution failed for '%.*s': with its variables the object has more than %llu MiB",
            STR_ARG(obj_ref_format(a, &ref)), LIMIT_EXPANDED_BYTES / MIB);
    if (TRY(&e, yaml_read(a, buf_str(&out), obj_ref_format(a, &ref), YAML_SIGS_LOOSE, ret)))
        return err_wrap(a, e, "var substitution failed for '%.*s': envsubst error: YAMLToJSON",
                        STR_ARG(obj_ref_format(a, &ref)));
    return NULL;
}

struct str substitution_mask(const struct substitution *s, struct arena *a, struct str text)
{
    for (size_t i = 0; i < s->secret_count; i++) {
        struct buf out;
        size_t at = 0, hit;

        buf_init(&out, a, 0);
        while ((hit = str_find(text, s->secrets[i], at)) != SIZE_MAX) {
            buf_put(&out, str_slice(text, at, hit));
            buf_lit(&out, "*****");
            at = hit + s->secrets[i].len;
        }
        buf_put(&out, str_skip(text, at));
        text = out.len ? buf_str(&out) : STR("");
    }
    return text;
}
