/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A YAML stream in each dialect. What is read and printed, in every layout, reads back as the same tree and prints the
 * same again; as JSON too; and the loose reader takes all that the strict one takes, with the same meaning.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/limits.h"
#include "fuzz/same_tree.h"
#include "value/json.h"
#include "value/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* False where aliases make the text longer than is worth reading. */
static bool print(struct arena *a, const struct val *v, unsigned flags, struct str *ret)
{
    struct buf out;

    buf_init(&out, a, 256 * KIB);
    yaml_write(&out, v, flags);
    *ret = buf_str(&out);
    return !out.overflowed;
}

static void check_layout(struct arena *a, const struct val *v, enum yaml_dialect dialect,
                         unsigned flags)
{
    const struct val *again = NULL;
    struct str text, second;
    struct err *e;

    /* "<<" as a key is printed bare, as Go does, and then merges. */
    if (!print(a, v, flags, &text) || str_contains(text, STR("<<:")))
        return;
    e = yaml_read(a, text, STR("printed"), dialect, &again);
    assert(e == NULL);
    assert(same_tree(v, again));
    assert(print(a, again, flags, &second));
    assert(str_eq(text, second));
}

static void check_json(struct arena *a, const struct val *v)
{
    const struct val *again = NULL;
    struct buf out;
    struct err *e;

    buf_init(&out, a, 256 * KIB);
    json_write(&out, v, JSON_COMPACT);
    if (out.overflowed)
        return;
    e = json_read(a, buf_str(&out), STR("json"), JSON_READ_DEFAULT, &again);
    assert(e == NULL);
    assert(same_tree(v, again));
}

static bool check_dialect(struct arena *a, struct str text, enum yaml_dialect dialect,
                          struct yaml_docs *ret)
{
    struct err *e = yaml_read_all(a, text, STR("input"), dialect, ret);

    if (e) {
        assert(err_line(a, e).len > 0);
        return false;
    }
    for (size_t i = 0; i < ret->count; i++) {
        check_layout(a, ret->items[i], dialect, YAML_WRITE_DEFAULT);
        check_layout(a, ret->items[i], dialect, YAML_KEEP_ORDER | YAML_SEQ_INDENT);
        check_json(a, ret->items[i]);
    }
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ARENA_AUTO struct arena *a = arena_new(512 * MIB);
    struct str text = str_of((const char *)data, size);
    struct yaml_docs strict, loose, kyaml;

    check_dialect(a, text, YAML_KYAML, &kyaml);
    if (!check_dialect(a, text, YAML_SIGS, &strict)) {
        check_dialect(a, text, YAML_SIGS_LOOSE, &loose);
        return 0;
    }
    assert(check_dialect(a, text, YAML_SIGS_LOOSE, &loose));
    assert(strict.count == loose.count);
    for (size_t i = 0; i < strict.count; i++)
        assert(val_eq(strict.items[i], loose.items[i]));
    return 0;
}
