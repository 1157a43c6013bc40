/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Strategic merge of a target and a patch. Input that begins with 'T' is two YAML texts with a line "===" between; all other bytes choose
 * two trees with the fields that pods have, so that lists merge by key, and with directives among them.
 *
 * True for every input: both stay as they were; the same result twice; the result can be packed and printed.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/limits.h"
#include "core/kustomize/merge.h"
#include "value/json.h"
#include "value/pack.h"
#include "value/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct source {
    const uint8_t *at, *end;
};

static unsigned next(struct source *s, unsigned below)
{
    unsigned n = s->at < s->end ? *s->at++ : 0;

    return n % below;
}

static const char *const keys[] = { "name",
                                    "containers",
                                    "initContainers",
                                    "ports",
                                    "containerPort",
                                    "protocol",
                                    "env",
                                    "value",
                                    "valueFrom",
                                    "volumes",
                                    "volumeMounts",
                                    "mountPath",
                                    "$patch",
                                    "$retainKeys",
                                    "imagePullSecrets",
                                    "tolerations",
                                    "hostAliases",
                                    "ip",
                                    "spec",
                                    "template",
                                    "metadata",
                                    "labels",
                                    "finalizers",
                                    "$deleteFromPrimitiveList/finalizers",
                                    "$setElementOrder/containers",
                                    "emptyDir",
                                    "secret",
                                    "args" },
                         *const texts[] = { "a", "b",  "delete", "replace", "merge",
                                            "",  "80", "TCP",    "a/b",     "true" };

static const struct val *tree(struct arena *a, struct source *s, unsigned depth);

static const struct val *map(struct arena *a, struct source *s, unsigned depth)
{
    struct map_builder b;

    map_builder_init(&b, a);
    for (unsigned left = next(s, 6); left > 0; left--) {
        const char *key = keys[next(s, sizeof keys / sizeof keys[0])];

        map_builder_set(&b, str_from_cstr(key), tree(a, s, depth + 1));
    }
    return map_builder_done(&b, NULL);
}

static const struct val *list(struct arena *a, struct source *s, unsigned depth)
{
    struct seq_builder b;

    seq_builder_init(&b, a);
    for (unsigned left = next(s, 5); left > 0; left--)
        seq_builder_add(&b, tree(a, s, depth + 1));
    return seq_builder_done(&b, NULL);
}

static const struct val *tree(struct arena *a, struct source *s, unsigned depth)
{
    switch (depth < 7 ? next(s, 8) : next(s, 3)) {
    case 0:
        return val_cstring(a, texts[next(s, sizeof texts / sizeof texts[0])]);
    case 1:
        return val_int(a, next(s, 3));
    case 2:
        return next(s, 4) ? &val_true : &val_null;
    case 3:
    case 4:
        return list(a, s, depth);
    default:
        return map(a, s, depth);
    }
}

static const struct val *object(struct arena *a, const struct val *spec)
{
    return val_map_of(a, "apiVersion", val_cstring(a, "v1"), "kind", val_cstring(a, "Pod"),
                      "metadata", val_map_of(a, "name", val_cstring(a, "p"), NULL), "spec", spec,
                      NULL);
}

static bool read_texts(struct arena *a, struct str text, const struct val **target,
                       const struct val **patch)
{
    size_t cut = str_find(text, STR("\n===\n"), 0);

    return cut != SIZE_MAX &&
           !yaml_read(a, str_slice(text, 0, cut), STR("target"), YAML_KYAML, target) &&
           !yaml_read(a, str_skip(text, cut + 5), STR("patch"), YAML_KYAML, patch);
}

static struct str merge(struct arena *a, const struct val *target, const struct val *patch,
                        const struct val **ret)
{
    struct merge_schema schema = merge_schema_builtin();
    size_t steps = LIMIT_MERGE_STEPS;
    struct err *e = kust_merge(a, &schema, target, patch, &steps, ret);

    if (e)
        *ret = NULL;
    return e ? err_line(a, e) : *ret ? yaml_string(a, *ret, YAML_WRITE_DEFAULT) : STR("deleted");
}

static void check(struct arena *a, const struct val *target, const struct val *patch)
{
    struct str target_before = json_string(a, target, JSON_COMPACT),
               patch_before = json_string(a, patch, JSON_COMPACT);
    const struct val *merged, *again;
    struct buf packed;
    struct unpack u = { .arena = a };

    struct str text = merge(a, target, patch, &merged);
    assert(str_eq(text, merge(a, target, patch, &again)));
    assert(str_eq(target_before, json_string(a, target, JSON_COMPACT)));
    assert(str_eq(patch_before, json_string(a, patch, JSON_COMPACT)));
    if (!merged)
        return;
    buf_init(&packed, a, 0);
    pack_val(&packed, merged);
    u.rest = buf_str(&packed);
    assert(val_eq(unpack_val(&u), merged) && !u.bad);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ARENA_AUTO struct arena *a = arena_new(512 * MIB);
    struct source s = { data, data + size };
    const struct val *target, *patch;

    if (size > 0 && data[0] == 'T') {
        if (!read_texts(a, str_of((const char *)data + 1, size - 1), &target, &patch))
            return 0;
    } else {
        target = object(a, map(a, &s, 0));
        patch = object(a, map(a, &s, 0));
    }
    check(a, target, patch);
    return 0;
}
