/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON text. What is read and printed, in every layout, reads back as the same tree and prints the same again;
 * borrowing and the laxer rule for duplicate keys change nothing; and YAML, where it takes the text too, means the same.
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

static void check_layout(struct arena *a, const struct val *v, unsigned flags)
{
    struct str text = json_string(a, v, flags);
    const struct val *again = NULL;
    struct err *e = json_read(a, text, STR("printed"), JSON_READ_DEFAULT, &again);

    assert(e == NULL);
    assert(same_tree(v, again));
    assert(str_eq(text, json_string(a, again, flags)) || has_lossy_float(v));
}

/* Line breaks of YAML 1.1 that mean nothing to JSON fold inside quotes. */
static bool has_yaml_break(struct str text)
{
    return str_contains(text, STR("\xC2\x85")) || str_contains(text, STR("\xE2\x80\xA8")) ||
           str_contains(text, STR("\xE2\x80\xA9"));
}

static void check_yaml(struct arena *a, struct str text, const struct val *v,
                       enum yaml_dialect dialect)
{
    struct str printed = yaml_string(a, v, YAML_WRITE_DEFAULT);
    const struct val *same = NULL;
    struct err *e = yaml_read(a, text, STR("as-yaml"), dialect, &same);

    assert(e || has_yaml_break(text) || same_tree(v, same));
    if (str_contains(printed, STR("<<:"))) /* as a key Go prints it bare too, which then merges */
        return;
    e = yaml_read(a, printed, STR("printed"), dialect, &same);
    assert(e == NULL);
    assert(same_tree(v, same));
}

static void check_other_readers(struct arena *a, struct str text, const struct val *v)
{
    const struct val *same = NULL;
    struct err *e = json_read(a, text, STR("borrowed"), JSON_READ_BORROW, &same);

    assert(e == NULL);
    assert(val_eq(v, same));
    e = json_read(a, text, STR("last"), JSON_READ_LAST_KEY_WINS, &same);
    assert(e == NULL);
    assert(val_eq(v, same));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ARENA_AUTO struct arena *a = arena_new(512 * MIB);
    struct str text = str_of((const char *)data, size);
    const struct val *v = NULL;
    struct err *e = json_read(a, text, STR("input"), JSON_READ_DEFAULT, &v);

    if (e) {
        assert(err_line(a, e).len > 0);
        e = json_read(a, text, STR("input"), JSON_READ_LAST_KEY_WINS, &v);
        if (e)
            return 0;
    } else {
        check_other_readers(a, text, v);
        check_yaml(a, text, v, YAML_SIGS);
        check_yaml(a, text, v, YAML_KYAML);
    }
    check_layout(a, v, JSON_COMPACT);
    check_layout(a, v, JSON_SORTED | JSON_ESCAPE_HTML);
    check_layout(a, v, JSON_INDENT);
    check_layout(a, v, JSON_SORTED | JSON_INDENT2);
    assert(val_eq(v, val_sorted(a, v)));
    assert(val_eq(v, val_copy(a, v)));
    return 0;
}
